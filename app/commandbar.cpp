// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandbar.h"

#include "app/qtext.h"
#include "widgets/controls/segmented.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>

#include <algorithm>
#include <array>

namespace brink {

namespace {

constexpr std::array normOrder{Norm::L1, Norm::L2, Norm::Linf};

} // namespace

CommandBar::CommandBar(QAction* run, QAction* stop, QWidget* parent) : QWidget(parent), m_target(new QComboBox(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 2, 8, 2);
    layout->setSpacing(8);
    QPushButton* runButton = makeButton(tr("Run  F5"), run);
    runButton->setProperty("primary", true);
    m_target->setAccessibleName(tr("Target class of the attacks"));
    m_target->setMinimumContentsLength(14);
    m_norm = new Segmented({qtext(normLabel(Norm::L1)), qtext(normLabel(Norm::L2)), qtext(normLabel(Norm::Linf))},
        {tr("L1: sum of absolute changes"), tr("L2: Euclidean length of the change"), tr("L∞: largest change of any pixel")}, this);
    m_norm->setAccessibleName(tr("Norm"));
    layout->addWidget(runButton);
    layout->addWidget(makeButton(tr("Stop  Esc"), stop));
    layout->addSpacing(8);
    layout->addWidget(m_target);
    layout->addWidget(m_norm);
    setTargetReason({});
    connect(m_norm, &Segmented::picked, this, [this](int index) { Q_EMIT normPicked(normOrder[std::size_t(index)]); });
    connect(m_target, &QComboBox::activated, this, [this](int index) {
        Q_EMIT targetPicked(index == 0 ? std::nullopt : std::optional<std::int64_t>(m_target->itemData(index).toLongLong()));
    });
}

void CommandBar::setNorm(Norm norm) { m_norm->setCurrent(int(std::ranges::find(normOrder, norm) - normOrder.begin())); }

void CommandBar::setTargets(const QStringList& classNames, std::optional<std::int64_t> target)
{
    const QSignalBlocker blocker(m_target);
    m_target->clear();
    m_target->addItem(tr("any other class"));
    for (qsizetype i = 0; i < classNames.size(); ++i)
        m_target->addItem(tr("class %1").arg(classNames[i]), qlonglong(i));
    m_target->setCurrentIndex(target ? m_target->findData(qlonglong(*target)) : 0);
}

void CommandBar::setTargetReason(const QString& reason)
{
    m_target->setEnabled(reason.isEmpty());
    m_target->setToolTip(reason.isEmpty() ? tr("Which class the attacks search: the nearest other class, or one of your choice") : reason);
}

void CommandBar::setNormReason(const QString& reason)
{
    m_norm->setEnabled(reason.isEmpty());
    m_norm->setToolTip(reason);
}

QPushButton* CommandBar::makeButton(const QString& text, QAction* action)
{
    auto* button = new QPushButton(text, this);
    button->setToolTip(action->toolTip());
    button->setAccessibleName(action->text());
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::enabledChanged, button, &QPushButton::setEnabled);
    connect(action, &QAction::changed, button, [button, action] { button->setToolTip(action->toolTip()); });
    return button;
}

} // namespace brink
