// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/theming.h"

#include "widgets/controls/uitheme.h"

#include <QApplication>
#include <QEvent>
#include <QScopedValueRollback>
#include <QStyleFactory>
#include <QStyleHints>

namespace brink {

Theming::Theming(QApplication& application, QObject* parent) : QObject(parent), m_application(application), m_isSystemDark(isSystemDark())
{
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, &Theming::followSystem);
#else
    application.installEventFilter(this);
#endif
    apply();
}

void Theming::setChoice(ThemeChoice choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    if (choice == ThemeChoice::System)
        followSystem(); // it may have changed meanwhile
    else
        apply();
}

/// Before Qt 6.5 the system's scheme shows only in the palette that an application without one of its own has: ours is
/// taken away for the look.
void Theming::followSystem()
{
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
    const QScopedValueRollback guard(m_isLooking, true);
    QApplication::setPalette(QPalette());
#endif
    m_isSystemDark = isSystemDark();
    apply();
}

/// Every window is told of a change of the system's theme; one look serves all.
bool Theming::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ThemeChange && !m_isLooking && m_choice == ThemeChoice::System)
        QMetaObject::invokeMethod(this, &Theming::followSystem, Qt::QueuedConnection);
    return QObject::eventFilter(watched, event);
}

void Theming::apply()
{
    const bool dark = m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && m_isSystemDark);
    QApplication::setPalette(uiPalette(dark));
    m_application.setStyleSheet(uiStyleSheet(dark));
}

bool Theming::isSystemDark()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    if (QGuiApplication::styleHints()->colorScheme() != Qt::ColorScheme::Unknown)
        return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#endif
    return isDark(QApplication::palette());
}

} // namespace brink
