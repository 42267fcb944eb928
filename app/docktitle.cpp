// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/docktitle.h"

#include "widgets/controls/joblist.h"
#include "widgets/controls/uitheme.h"

#include <QDockWidget>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

namespace brink {

namespace {

constexpr int titleHeight = 36; // with and without a button
constexpr int buttonSide = 22;
constexpr int border = 2; ///< of a row in the jobs strip

QToolButton* makeButton(const QString& name, const QString& toolTip, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setAutoRaise(true);
    button->setFixedSize(buttonSide, buttonSide);
    button->setIconSize(QSize(13, 13));
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAccessibleName(name);
    button->setToolTip(toolTip);
    return button;
}

QLabel* makeTitle(const QString& title, QWidget* parent)
{
    auto* label = new QLabel(title.toUpper(), parent);
    label->setProperty("role", QStringLiteral("caps"));
    return label;
}

void tint(QToolButton* floating, QToolButton* close, const QPalette& palette)
{
    const QColor colour = uiColours(palette).muted;
    floating->setIcon(tintedIcon(QStringLiteral("float"), colour));
    close->setIcon(tintedIcon(QStringLiteral("close"), colour));
}

} // namespace

QToolButton* makeFloatButton(QDockWidget* dock, QWidget* parent)
{
    const QString title = dock->windowTitle();
    auto* button = makeButton(DockTitle::tr("Float %1").arg(title), DockTitle::tr("Make %1 a window of its own, or put it back").arg(title), parent);
    QObject::connect(button, &QToolButton::clicked, dock, [dock] { dock->setFloating(!dock->isFloating()); });
    return button;
}

QToolButton* makeCloseButton(QDockWidget* dock, QWidget* parent)
{
    const QString title = dock->windowTitle();
    auto* button = makeButton(DockTitle::tr("Close %1").arg(title), DockTitle::tr("Close %1; View > %1 brings it back").arg(title), parent);
    QObject::connect(button, &QToolButton::clicked, dock, &QWidget::close);
    return button;
}

DockTitle::DockTitle(QDockWidget* dock, QToolButton* button)
    : QWidget(dock), m_float(makeFloatButton(dock, this)), m_close(makeCloseButton(dock, this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 4);
    layout->setSpacing(2);
    setFixedHeight(titleHeight);
    layout->addWidget(makeTitle(dock->windowTitle(), this), 1);
    if (button)
        layout->addWidget(button);
    layout->addWidget(m_float);
    layout->addWidget(m_close);
    retint();
}

void DockTitle::retint() { tint(m_float, m_close, palette()); }

void DockTitle::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        retint();
    QWidget::changeEvent(event);
}

JobsStrip::JobsStrip(QDockWidget* dock, JobList* jobs)
    : QWidget(dock), m_float(makeFloatButton(dock, this)), m_close(makeCloseButton(dock, this)), m_settle(new QTimer(this))
{
    constexpr int settleMs = 700;
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 2, 8, 2);
    layout->setSpacing(2);
    QLabel* title = makeTitle(dock->windowTitle(), this);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus); // the buttons in it have the focus
    scroll->setWidget(jobs);
    layout->addWidget(title, 0, Qt::AlignTop);
    layout->addWidget(scroll, 1);
    layout->addWidget(m_float, 0, Qt::AlignTop);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    title->setFixedHeight(JobList::rowHeight + 2 * border);
    for (QToolButton* button : {m_float, m_close})
        button->setFixedHeight(title->height()); // in line with the first row
    m_settle->setSingleShot(true);
    m_settle->setInterval(settleMs);
    connect(m_settle, &QTimer::timeout, this, &JobsStrip::fit);
    connect(jobs, &JobList::countChanged, this, [this](int rows) {
        m_rows = rows;
        m_settle->start();
    });
    fit();
    retint();
}

void JobsStrip::fit() { setFixedHeight((JobList::rowHeight + 2 * border) * std::clamp(m_rows, 1, 4) + 3 * border); }

void JobsStrip::retint() { tint(m_float, m_close, palette()); }

void JobsStrip::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        retint();
    QWidget::changeEvent(event);
}

} // namespace brink
