// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/curvaturepanel.h"

#include "app/boundarytools.h"
#include "app/curveddirection.h"
#include "app/figurepane.h"
#include "app/qtext.h"
#include "app/stackedpanes.h"
#include "core/report/boundaryfigures.h"
#include "widgets/plot/figureview.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace brink {

CurvaturePanel::CurvaturePanel(QWidget* parent)
    : QWidget(parent), m_measure(new QPushButton(tr("Measure"), this)), m_stop(new QPushButton(tr("Stop"), this)), m_state(new StatusBadge(this)),
      m_directions(new QComboBox(this)), m_against(new QComboBox(this))
{
    m_measure->setProperty("primary", true);
    m_measure->setAccessibleName(tr("Measure the curvature"));
    m_measure->setToolTip(tr("Principal curvatures of the boundary where it is nearest to the image (Fawzi et al. 2017)"));
    m_stop->setAccessibleName(tr("Stop measuring the curvature"));
    m_stop->setToolTip(tr("End the measurement"));
    m_directions->setAccessibleName(tr("Direction of the slice"));
    m_directions->setToolTip(tr("Lays the slice through the boundary point, along this principal direction against the normal: the boundary is seen to bend"));
    m_directions->setPlaceholderText(tr("choose a direction"));
    m_against->setAccessibleName(tr("Other direction of the slice"));
    m_against->setToolTip(tr("The second axis of the slice: the normal of the boundary, or another principal direction"));
    for (QComboBox* box : {m_directions, m_against})
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    const QString empty = tr("How the boundary bends where it is nearest: principal curvatures, one over a radius, and their directions as pictures.");
    for (const char* name : {"curvature-directions", "curvature-profile"}) {
        auto* pane = new FigurePane(name, tr("Curvature of the boundary"), empty, this);
        pane->view()->setEmptyText(empty, tr("Measure"));
        connect(pane->view(), &FigureView::emptyActionTriggered, this, &CurvaturePanel::curvatureWanted);
        m_panes.push_back(pane);
    }
    auto* row = new QHBoxLayout;
    row->setContentsMargins(16, 6, 8, 0);
    row->setSpacing(8);
    row->addWidget(m_measure);
    row->addWidget(m_stop);
    row->addWidget(m_state);
    row->addStretch(1);
    auto* slice = new QHBoxLayout;
    slice->setContentsMargins(16, 6, 8, 0);
    slice->setSpacing(8);
    slice->addWidget(quietLabel(tr("Slice along"), m_directions, this));
    slice->addWidget(m_directions, 1);
    slice->addWidget(quietLabel(tr("and"), m_against, this));
    slice->addWidget(m_against, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addLayout(slice);
    layout->addWidget(new StackedPanes(m_panes, {tr("Directions"), tr("Profile")}, QWIDGETSIZE_MAX, this), 1);
    connect(m_measure, &QPushButton::clicked, this, &CurvaturePanel::curvatureWanted);
    connect(m_stop, &QPushButton::clicked, this, &CurvaturePanel::stopWanted);
    connect(m_directions, &QComboBox::activated, this, &CurvaturePanel::directionPicked);
    connect(m_against, &QComboBox::activated, this, [this](int place) { Q_EMIT againstPicked(place - 1); });
}

void CurvaturePanel::showChoices(const BoundaryChoices& choices)
{
    m_choices = choices;
    const QSignalBlocker directions(m_directions);
    const QSignalBlocker against(m_against);
    m_against->setCurrentIndex(std::clamp(choices.against + 1, 0, std::max(0, m_against->count() - 1)));
    m_directions->setCurrentIndex(choices.plane == PlaneKind::Directions && choices.direction < m_directions->count() ? choices.direction : -1);
}

void CurvaturePanel::showCurvature(const BoundaryDesk& desk)
{
    const bool isRunning = desk.curvatureState() == ViewState::Running;
    const auto& survey = desk.curvature();
    m_measure->setEnabled(!isRunning);
    m_stop->setVisible(isRunning);
    m_state->setState(desk.curvatureState(), desk.curvatureFailure());
    m_state->setVisible(desk.curvatureState() != ViewState::Empty);
    m_directions->setEnabled(survey != nullptr);
    m_against->setEnabled(survey != nullptr);
    {
        const QSignalBlocker directions(m_directions), against(m_against);
        m_directions->clear();
        m_against->clear();
        m_against->addItem(tr("the normal"));
        for (QComboBox* box : {m_directions, m_against})
            if (survey)
                box->addItems(curvedDirectionNames(*survey));
    }
    showChoices(m_choices);
    for (FigurePane* pane : m_panes) {
        pane->setViewState(desk.curvatureState());
        pane->setSubtitle(survey ? curvatureSummary(*survey) : desk.curvatureFailure());
        const auto info = std::ranges::find(curvatureFigureInfos(), pane->name(), &CurvatureFigureInfo::name);
        pane->setFigure(survey ? info->make(*survey, {}) : std::nullopt);
    }
}

} // namespace brink
