// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/emptypage.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace brink {

namespace {

constexpr int textWidth = 520;

QPushButton* makeButton(QAction* action, bool isPrimary, QWidget* parent)
{
    auto* button = new QPushButton(action->text(), parent);
    button->setProperty("primary", isPrimary);
    button->setAccessibleName(action->text());
    button->setToolTip(action->toolTip());
    button->setEnabled(action->isEnabled());
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    QObject::connect(action, &QAction::enabledChanged, button, &QPushButton::setEnabled);
    return button;
}

} // namespace

EmptyPage::EmptyPage(const QString& title, const QString& text, const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent), m_text(new QLabel(text, this))
{
    auto* heading = new QLabel(title, this);
    heading->setProperty("role", QStringLiteral("heading"));
    heading->setAlignment(Qt::AlignHCenter);
    m_text->setProperty("role", QStringLiteral("muted"));
    m_text->setAlignment(Qt::AlignHCenter);
    m_text->setWordWrap(true);
    m_text->setFixedWidth(textWidth);
    auto* middle = new QHBoxLayout; // an alignment would take the lines from the height
    middle->addStretch(1);
    middle->addWidget(m_text);
    middle->addStretch(1);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch(1);
    for (QAction* action : actions)
        row->addWidget(makeButton(action, action == actions.first(), this));
    row->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addStretch(2);
    layout->addWidget(heading);
    layout->addLayout(middle);
    layout->addLayout(row);
    layout->addStretch(3);
}

void EmptyPage::setText(const QString& text) { m_text->setText(text); }

} // namespace brink
