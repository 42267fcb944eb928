// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/theming.h"

#include "widgets/controls/uitheme.h"

#include <QApplication>
#include <QStyleFactory>
#include <QStyleHints>

namespace brink {

Theming::Theming(QApplication& application, QObject* parent)
    : QObject(parent), m_application(application), m_wasDarkAtStart(isDark(QApplication::palette()))
{
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, &Theming::apply);
#endif
    apply();
}

void Theming::setChoice(ThemeChoice choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    apply();
}

void Theming::apply()
{
    const bool dark = m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && isSystemDark());
    QApplication::setPalette(uiPalette(dark));
    m_application.setStyleSheet(uiStyleSheet(dark));
}

/// Before Qt 6.5 the system's scheme shows only in the palette the program starts with.
bool Theming::isSystemDark() const
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    if (QGuiApplication::styleHints()->colorScheme() != Qt::ColorScheme::Unknown)
        return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#endif
    return m_wasDarkAtStart;
}

} // namespace brink
