// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/stackedpanes.h"

#include "app/figurepane.h"
#include "widgets/controls/segmented.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace brink {

StackedPanes::StackedPanes(std::vector<FigurePane*> panes, const QStringList& labels, int heightForAll, QWidget* parent)
    : QWidget(parent), m_panes(std::move(panes)), m_heightForAll(heightForAll)
{
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    for (FigurePane* pane : m_panes) {
        auto* choice = new Segmented(labels, {}, this);
        pane->setTitleSwitch(choice);
        splitter->addWidget(pane);
        m_switches.push_back(choice);
        connect(choice, &Segmented::picked, this, [this](int index) {
            show(index);
            m_switches[std::size_t(index)]->setFocus();
        });
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
    const bool showsAll = height() >= m_heightForAll;
    for (std::size_t i = 0; i < m_panes.size(); ++i) {
        m_panes[i]->setVisible(showsAll || int(i) == m_shown);
        m_panes[i]->showTitleSwitch(!showsAll);
        m_switches[i]->setCurrent(m_shown);
    }
}

void StackedPanes::show(int index)
{
    m_shown = index;
    arrange();
}

} // namespace brink
