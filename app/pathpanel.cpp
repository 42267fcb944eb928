// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pathpanel.h"

#include "app/boundarytext.h"
#include "app/boundarytools.h"
#include "app/figurepane.h"
#include "core/report/pathfigure.h"
#include "widgets/plot/figureview.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

namespace brink {

PathPanel::PathPanel(QWidget* parent)
    : QWidget(parent), m_partner(new QSpinBox(this)), m_find(new QPushButton(tr("Find path"), this)), m_stop(new QPushButton(tr("Stop"), this)),
      m_state(new StatusBadge(this)), m_pane(new FigurePane("path", tr("Path inside the region"), {}, this))
{
    m_partner->setRange(-1, 1'000'000'000);
    m_partner->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_partner->setSpecialValueText(tr("next alike"));
    m_partner->setAccessibleName(tr("Image to connect with"));
    m_partner->setToolTip(tr("Index of the image a path shall lead to; “next alike” takes the next one that the model classifies alike"));
    m_find->setProperty("primary", true);
    m_find->setToolTip(tr("Is there a way between the two images that stays in their class? (Fawzi et al. 2017)"));
    m_stop->setAccessibleName(tr("Stop the path"));
    m_stop->setToolTip(tr("End the search for a path"));
    connect(m_pane->view(), &FigureView::emptyActionTriggered, this, &PathPanel::pathWanted);
    m_pane->view()->setEmptyText(tr("The straight line to another image of the class and, where it leaves the class, a path that stays inside: classes passed and margin along the way."), tr("Find path"));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(16, 6, 8, 0);
    row->setSpacing(8);
    row->addWidget(quietLabel(tr("To image"), m_partner, this));
    row->addWidget(m_partner);
    row->addWidget(m_find);
    row->addWidget(m_stop);
    row->addWidget(m_state);
    row->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_pane, 1);
    connect(m_partner, &QSpinBox::valueChanged, this, &PathPanel::partnerEdited);
    connect(m_find, &QPushButton::clicked, this, &PathPanel::pathWanted);
    connect(m_stop, &QPushButton::clicked, this, &PathPanel::stopWanted);
}

void PathPanel::showChoices(const BoundaryChoices& choices)
{
    const QSignalBlocker partner(m_partner);
    m_partner->setValue(int(choices.partner));
}

void PathPanel::showPath(const BoundaryDesk& desk, const std::vector<std::string>& classNames)
{
    const bool isRunning = desk.pathState() == ViewState::Running;
    m_find->setEnabled(!isRunning);
    m_stop->setVisible(isRunning);
    m_state->setState(desk.pathState(), desk.pathFailure());
    m_state->setVisible(desk.pathState() != ViewState::Empty);
    m_pane->setViewState(desk.pathState());
    const auto& path = desk.path();
    if (!path) {
        m_pane->setSubtitle(desk.pathFailure());
        m_pane->clearFinding();
        return m_pane->setFigure(std::nullopt);
    }
    m_pane->setSubtitle(pathSummary(*path));
    m_pane->setFinding(path->isFound ? StatusBadge::Grade::Good : StatusBadge::Grade::Caution, path->isFound ? tr("found") : tr("not found"), m_pane->toolTip());
    m_pane->setFigure(pathFigure(*path, classNames));
}

} // namespace brink
