// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/segmented.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>

namespace brink {

Segmented::Segmented(const QStringList& labels, const QStringList& toolTips, QWidget* parent)
    : QWidget(parent), m_group(new QButtonGroup(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (int i = 0; i < labels.size(); ++i) {
        auto* button = new QToolButton(this);
        button->setText(labels[i]);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setProperty("segment", true);
        button->setToolTip(toolTips.value(i, labels[i]));
        button->setAccessibleName(labels[i]);
        m_group->addButton(button, i);
        layout->addWidget(button);
    }
    setPlaces();
    setCurrent(0);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(m_group, &QButtonGroup::idClicked, this, &Segmented::picked);
}

int Segmented::current() const { return m_group->checkedId(); }

void Segmented::setLabel(int index, const QString& label)
{
    QAbstractButton* button = m_group->button(index);
    if (!button || button->text() == label)
        return;
    button->setText(label);
    button->setAccessibleName(label);
    layout()->activate();
    updateGeometry();
}

void Segmented::setOffered(int index, bool isOffered)
{
    QAbstractButton* button = m_group->button(index);
    if (!button || button->isHidden() != isOffered)
        return;
    button->setVisible(isOffered);
    setPlaces();
    layout()->activate();
    updateGeometry();
}

/// The ends of the row are round.
void Segmented::setPlaces()
{
    QList<QAbstractButton*> offered = m_group->buttons();
    offered.removeIf([](const QAbstractButton* button) { return button->isHidden(); });
    for (QAbstractButton* button : offered) {
        button->setProperty("place",
            button == offered.first() ? QStringLiteral("first") : button == offered.last() ? QStringLiteral("last") : QStringLiteral("inner"));
        button->style()->unpolish(button);
        button->style()->polish(button);
    }
}

void Segmented::setCurrent(int index)
{
    const QSignalBlocker blocker(m_group);
    if (QAbstractButton* button = m_group->button(index))
        button->setChecked(true);
}

} // namespace brink
