// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/checkchips.h"

#include "widgets/controls/uitheme.h"

#include <QEvent>
#include <QGridLayout>
#include <QToolButton>
#include <QWhatsThis>

namespace brink {

namespace {

constexpr int columns = 3;

std::pair<QString, QColor> lookOf(StatusBadge::Grade grade, const UiColours& colours)
{
    switch (grade) {
    case StatusBadge::Grade::Good:
        return {QStringLiteral("good"), colours.good};
    case StatusBadge::Grade::Caution:
        return {QStringLiteral("caution"), colours.caution};
    case StatusBadge::Grade::Alarm:
        return {QStringLiteral("alarm"), colours.alarm};
    case StatusBadge::Grade::Neutral:
        break;
    }
    return {QStringLiteral("running"), colours.muted};
}

QString gradeWord(StatusBadge::Grade grade)
{
    switch (grade) {
    case StatusBadge::Grade::Good:
        return CheckChips::tr("good");
    case StatusBadge::Grade::Caution:
        return CheckChips::tr("caution");
    case StatusBadge::Grade::Alarm:
        return CheckChips::tr("alarm");
    case StatusBadge::Grade::Neutral:
        break;
    }
    return CheckChips::tr("running");
}

} // namespace

CheckChips::CheckChips(QWidget* parent) : QWidget(parent), m_layout(new QGridLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    setAccessibleName(tr("Sanity checks of the model"));
}

void CheckChips::setChips(const QList<CheckChip>& chips)
{
    if (chips == m_chips)
        return;
    m_chips = chips;
    while (m_buttons.size() > chips.size())
        delete m_buttons.takeLast();
    while (m_buttons.size() < chips.size())
        m_buttons << makeButton(int(m_buttons.size()));
    for (qsizetype i = 0; i < chips.size(); ++i) {
        const CheckChip& chip = chips[i];
        m_buttons[i]->setText(QLatin1Char(' ') + chip.name); // clear of the icon
        m_buttons[i]->setToolTip(chip.finding);
        m_buttons[i]->setWhatsThis(chip.help);
        m_buttons[i]->setAccessibleName(QStringLiteral("%1: %2").arg(chip.name, gradeWord(chip.grade)));
        m_buttons[i]->setAccessibleDescription(chip.finding);
    }
    retint();
    setCorner(m_corner);
}

void CheckChips::setCorner(QWidget* button)
{
    m_corner = button;
    if (!button)
        return;
    const int place = int(m_buttons.size());
    m_layout->removeWidget(button);
    m_layout->addWidget(button, place / columns, place % columns, 1, columns - place % columns, Qt::AlignRight);
}

QToolButton* CheckChips::makeButton(int place)
{
    auto* button = new QToolButton(this);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setIconSize(QSize(11, 11));
    button->setAutoRaise(true);
    button->setProperty("chip", true);
    button->setFocusPolicy(Qt::StrongFocus);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.82);
    button->setFont(small);
    m_layout->addWidget(button, place / columns, place % columns, Qt::AlignLeft);
    connect(button, &QToolButton::clicked, button,
        [button] { QWhatsThis::showText(button->mapToGlobal(QPoint(0, button->height())), button->whatsThis(), button); });
    return button;
}

void CheckChips::retint()
{
    const UiColours& colours = uiColours(palette());
    for (qsizetype i = 0; i < m_buttons.size(); ++i) {
        const auto [icon, colour] = lookOf(m_chips[i].grade, colours);
        m_buttons[i]->setIcon(tintedIcon(icon, colour));
    }
}

void CheckChips::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        retint();
    QWidget::changeEvent(event);
}

} // namespace brink
