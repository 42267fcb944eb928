// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/boundarydesk.h"

#include <utility>

namespace brink {

void BoundaryDesk::setChoices(const BoundaryChoices& choices)
{
    if (choices == m_choices)
        return;
    m_choices = choices;
    Q_EMIT choicesChanged();
}

void BoundaryDesk::setSlice(std::shared_ptr<const SliceResult> slice, ViewState state)
{
    m_slice = std::move(slice);
    m_state = state;
    m_failure.clear();
    Q_EMIT sliceChanged();
}

void BoundaryDesk::setState(ViewState state, const QString& failure)
{
    if (state == m_state && failure == m_failure)
        return;
    m_state = state;
    m_failure = failure;
    Q_EMIT sliceChanged();
}

void BoundaryDesk::clear()
{
    m_hovered.reset();
    m_pinned.reset();
    m_point.reset();
    Q_EMIT placeChanged();
    setSlice(nullptr, ViewState::Empty);
    setPath(nullptr, ViewState::Empty);
    setCurvature(nullptr, ViewState::Empty);
}

void BoundaryDesk::hover(const std::optional<BoundaryPlace>& place)
{
    if (place == m_hovered)
        return;
    m_hovered = place;
    Q_EMIT placeChanged();
}

void BoundaryDesk::pin(const std::optional<BoundaryPlace>& place)
{
    if (place == m_pinned)
        return;
    m_pinned = place;
    Q_EMIT placeChanged();
}

void BoundaryDesk::setPoint(std::shared_ptr<const SlicePoint> point)
{
    m_point = std::move(point);
    Q_EMIT pointChanged();
}

void BoundaryDesk::setPath(std::shared_ptr<const RegionPath> path, ViewState state, const QString& failure)
{
    if (path == m_path && state == m_pathState && failure == m_pathFailure)
        return;
    m_path = std::move(path);
    m_pathState = state;
    m_pathFailure = failure;
    Q_EMIT pathChanged();
}

void BoundaryDesk::setCurvature(std::shared_ptr<const CurvatureSurvey> curvature, ViewState state, const QString& failure)
{
    if (curvature == m_curvature && state == m_curvatureState && failure == m_curvatureFailure)
        return;
    m_curvature = std::move(curvature);
    m_curvatureState = state;
    m_curvatureFailure = failure;
    Q_EMIT curvatureChanged();
}

} // namespace brink
