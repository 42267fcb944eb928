// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/stackedpanes.h"

#include "app/figurepane.h"
#include "widgets/controls/segmented.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace brink {

StackedPanes::StackedPanes(std::vector<FigurePane*> panes, const QStringList& labels, int heightForAll, QWidget* parent)
    : QWidget(parent), m_panes(std::move(panes)), m_heightForAll(heightForAll), m_firstSharing(int(m_panes.size()))
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

void StackedPanes::setSharing(int first)
{
    m_firstSharing = m_shownSharing = first;
    arrange();
}

void StackedPanes::arrange()
{
    const bool isRoomy = height() >= m_heightForAll;
    for (int i = 0; i < int(m_panes.size()); ++i) {
        const bool isAlone = isRoomy && i < m_firstSharing;
        Segmented* choice = m_switches[std::size_t(i)];
        for (int k = 0; k < int(m_panes.size()); ++k)
            choice->setOffered(k, !isRoomy || k >= m_firstSharing);
        choice->setCurrent(isRoomy ? m_shownSharing : m_shown);
        m_panes[std::size_t(i)]->showTitleSwitch(!isAlone);
        m_panes[std::size_t(i)]->setVisible(isAlone || i == choice->current());
    }
}

void StackedPanes::show(int index)
{
    m_shown = index;
    if (index >= m_firstSharing)
        m_shownSharing = index;
    arrange();
}

} // namespace brink
