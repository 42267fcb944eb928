// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundarydesk.h"
#include "app/latestjob.h"
#include "app/session.h"
#include "core/base/mailbox.h"
#include "core/jobs/scheduler.h"

#include <QObject>

#include <optional>
#include <string>
#include <vector>

namespace brink {

/// Starts the work of the Boundary workspace and brings the outcome to its desk: the slice from coarse to fine, the point
/// looked at, a path. A newer wish stops the older work.
class BoundaryJobs : public QObject {
    Q_OBJECT
public:
    /// @param scheduler destroyed before this.
    BoundaryJobs(const Session& session, Scheduler& scheduler, BoundaryDesk& desk, QObject* parent = nullptr);

    /// The slice of the desk's choices.
    void startSlice();
    /// Newest picture of the running slice, if one arrived since the last call.
    void takeSlice();
    void stopSlice();
    [[nodiscard]] std::optional<JobId> sliceJob() const { return m_sliceJob; }
    /// Asks the model about the desk's place.
    void lookThere();
    /// From the session's image to the partner.
    void startPath();
    void stopPath();
    /// How the boundary bends near the session's image.
    void startCurvature();
    void stopCurvature();

    [[nodiscard]] bool canStart() const;
    /// The newest slice would not be this one if it were asked for now.
    [[nodiscard]] bool isOutdated() const { return m_planeKey && canStart() && planeKey() != *m_planeKey; }
    /// Nothing is being computed.
    [[nodiscard]] bool isIdle() const { return !m_sliceJob && !m_pathJob && !m_curvatureJob && !m_pointJob.isBusy(); }

private:
    struct PathOutcome;
    /// What the base plane depends on; the frame, the turn and clipping do not change it.
    struct PlaneKey {
        const Classifier* model = nullptr;
        std::string image;
        PlaneKind kind = PlaneKind::Gradient;
        Norm norm = Norm::L2;
        std::uint64_t seed = 0;
        const NamedImage* centre = nullptr;
        std::size_t known = 0; ///< adversarial images of the session's result
        WhatIf whatIf;
        const CurvatureSurvey* curvature = nullptr; ///< of PlaneKind::Directions
        int direction = 0, against = -1;
        std::array<std::int64_t, 2> images{-1, -1}; ///< of PlaneKind::Images
        const void* steps = nullptr;                ///< iterates that are marked
        bool operator==(const PlaneKey&) const = default;
    };

    [[nodiscard]] PlaneKey planeKey() const;
    [[nodiscard]] std::vector<NamedImage> knownAdversarials() const;
    /// The outcome whose steps are marked; null: none are wanted, or there are none.
    [[nodiscard]] const AttackOutcome* markedAttack() const;
    [[nodiscard]] std::vector<std::string> classNames() const;
    void endSlice(const JobSnapshot& job, const std::shared_ptr<const SliceResult>& result);

    const Session& m_session;
    Scheduler& m_scheduler;
    BoundaryDesk& m_desk;
    std::optional<JobId> m_sliceJob, m_pathJob, m_curvatureJob;
    std::shared_ptr<Mailbox<SliceResult>> m_pictures;
    std::optional<PlaneKey> m_planeKey;
    std::shared_ptr<const Plane> m_plane; ///< of m_planeKey, not turned
    LatestJob<std::shared_ptr<const SlicePoint>> m_pointJob;
};

} // namespace brink
