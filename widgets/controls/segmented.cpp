// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/segmented.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QSignalBlocker>
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
        button->setProperty("place",
            i == 0 ? QStringLiteral("first") : i + 1 == labels.size() ? QStringLiteral("last") : QStringLiteral("inner"));
        button->setToolTip(toolTips.value(i, labels[i]));
        button->setAccessibleName(labels[i]);
        m_group->addButton(button, i);
        layout->addWidget(button);
    }
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

void Segmented::setCurrent(int index)
{
    const QSignalBlocker blocker(m_group);
    if (QAbstractButton* button = m_group->button(index))
        button->setChecked(true);
}

} // namespace brink
