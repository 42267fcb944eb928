// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/stackedpanes.h"

#include "app/figurepane.h"
#include "widgets/controls/segmented.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace brink {

StackedPanes::StackedPanes(FigurePane* first, FigurePane* second, const QStringList& labels, int heightForBoth, QWidget* parent)
    : QWidget(parent), m_panes{first, second}, m_heightForBoth(heightForBoth)
{
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    for (int i = 0; i < 2; ++i) {
        m_switches[i] = new Segmented(labels, {}, this);
        m_panes[i]->setTitleSwitch(m_switches[i]);
        splitter->addWidget(m_panes[i]);
        connect(m_switches[i], &Segmented::picked, this, &StackedPanes::pick);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    arrange();
}

void StackedPanes::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void StackedPanes::arrange()
{
    const bool showsBoth = height() >= m_heightForBoth;
    for (int i = 0; i < 2; ++i) {
        m_panes[i]->setVisible(showsBoth || i == m_shown);
        m_panes[i]->showTitleSwitch(!showsBoth);
        m_switches[i]->setCurrent(m_shown);
    }
}

void StackedPanes::pick(int index)
{
    m_shown = index;
    arrange();
    m_switches[index]->setFocus();
}

} // namespace brink
