// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/surveydesk.h"
#include "core/boundary/curvaturesurvey.h"
#include "core/boundary/planechoice.h"
#include "core/boundary/regionpath.h"
#include "core/boundary/slice.h"
#include "widgets/controls/statusbadge.h"

#include <QObject>
#include <QString>

#include <array>
#include <memory>
#include <optional>

namespace brink {

/// What the user chose to see of the decision boundary; can be taken back.
struct BoundaryChoices {
    PlaneKind plane = PlaneKind::Gradient;
    double turn = 0;                      ///< degrees around the first axis
    bool clips = false;                   ///< points outside of the pixel box are clipped before the model sees them
    int resolution = 256;
    double eps = 0;                       ///< radius of the ball drawn; 0: none
    std::optional<SliceFrame> frame;      ///< absent: what the plane's images need
    std::shared_ptr<const NamedImage> centre; ///< null: the session's image
    int direction = 0;                    ///< principal direction of PlaneKind::Directions: counted as by curvedDirection()
    int against = -1;                     ///< the other direction of such a plane, counted alike; -1: the boundary's normal
    std::array<std::int64_t, 2> images{-1, -1}; ///< second and third image of PlaneKind::Images; -1: the next one of the set that is free
    bool showsSteps = false;              ///< the steps of the attack chosen in Inspect are marked
    std::int64_t partner = -1;            ///< image a path leads to; -1: the next one that the model classifies alike
    SurveyChoices survey;                 ///< of many images

    bool operator==(const BoundaryChoices&) const = default;
};

/// A place of the plane that is looked at.
struct BoundaryPlace {
    double a = 0, b = 0;
    bool operator==(const BoundaryPlace&) const = default;
};

/// The single truth of the Boundary workspace: choices, the newest slice, the point looked at, the path, the curvature. Setting what is
/// already set emits nothing.
class BoundaryDesk : public QObject {
    Q_OBJECT
public:
    explicit BoundaryDesk(QObject* parent = nullptr) : QObject(parent) {}

    [[nodiscard]] const BoundaryChoices& choices() const { return m_choices; }
    void setChoices(const BoundaryChoices& choices);

    /// Null until the first picture.
    [[nodiscard]] const std::shared_ptr<const SliceResult>& slice() const { return m_slice; }
    [[nodiscard]] ViewState state() const { return m_state; }
    [[nodiscard]] const QString& failure() const { return m_failure; }
    void setSlice(std::shared_ptr<const SliceResult> slice, ViewState state);
    /// The picture stays in sight until the next one. @param failure why, of ViewState::Failed.
    void setState(ViewState state, const QString& failure = {});
    void clear();

    /// Under the pointer, else the place clicked last.
    [[nodiscard]] std::optional<BoundaryPlace> place() const { return m_hovered ? m_hovered : m_pinned; }
    [[nodiscard]] const std::optional<BoundaryPlace>& pinned() const { return m_pinned; }
    void hover(const std::optional<BoundaryPlace>& place);
    void pin(const std::optional<BoundaryPlace>& place);
    /// What the model says there; null: not known yet.
    [[nodiscard]] const std::shared_ptr<const SlicePoint>& point() const { return m_point; }
    void setPoint(std::shared_ptr<const SlicePoint> point);

    [[nodiscard]] const std::shared_ptr<const RegionPath>& path() const { return m_path; }
    [[nodiscard]] ViewState pathState() const { return m_pathState; }
    [[nodiscard]] const QString& pathFailure() const { return m_pathFailure; }
    void setPath(std::shared_ptr<const RegionPath> path, ViewState state, const QString& failure = {});

    /// Of the image alone; null: not measured.
    [[nodiscard]] const std::shared_ptr<const CurvatureSurvey>& curvature() const { return m_curvature; }
    [[nodiscard]] ViewState curvatureState() const { return m_curvatureState; }
    [[nodiscard]] const QString& curvatureFailure() const { return m_curvatureFailure; }
    void setCurvature(std::shared_ptr<const CurvatureSurvey> curvature, ViewState state, const QString& failure = {});

Q_SIGNALS:
    void choicesChanged();
    void sliceChanged();
    void placeChanged();
    void pointChanged();
    void pathChanged();
    void curvatureChanged();

private:
    BoundaryChoices m_choices;
    std::shared_ptr<const SliceResult> m_slice;
    ViewState m_state = ViewState::Empty;
    QString m_failure;
    std::optional<BoundaryPlace> m_hovered, m_pinned;
    std::shared_ptr<const SlicePoint> m_point;
    std::shared_ptr<const RegionPath> m_path;
    ViewState m_pathState = ViewState::Empty;
    QString m_pathFailure;
    std::shared_ptr<const CurvatureSurvey> m_curvature;
    ViewState m_curvatureState = ViewState::Empty;
    QString m_curvatureFailure;
};

} // namespace brink
