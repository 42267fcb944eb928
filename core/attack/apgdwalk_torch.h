// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/common_torch.h"

#include <string>

namespace brink {

struct ApgdSettings {
    std::string loss;           ///< "cross-entropy", "dlr" or "dlr-targeted"
    double rho = 0.75;          ///< share of improving steps below which the steps are halved
    long long samples = 1;      ///< passes of a gradient
    bool stopsAtSuccess = true; ///< images leave once they are fooled
    bool beginsSparse = false;  ///< L1: the start's own sparsity decides how many values a step moves
};

/// Runs of each active image, each run in one budget an image. The loss is driven down, so "improved" means smaller.
class ApgdWalk {
public:
    ApgdWalk(AttackSession& session, const ApgdSettings& settings, const at::Tensor& wanted)
        : m_session(session), m_settings(settings), m_wanted(wanted)
    {
    }

    /// `steps` steps from `start`, which lies in the budget. @param eps [n]; @param isRecorded off: a wider budget, where nothing
    /// counts.
    void run(const at::Tensor& start, const at::Tensor& eps, long long steps, bool isRecorded);
    [[nodiscard]] const at::Tensor& best() const { return m_best; }         ///< [n,...] least loss of the run
    [[nodiscard]] const at::Tensor& wasFooled() const { return m_wasFooled; } ///< [n] bool, in the run
    /// For the session's progress: steps made before this walk, and in all.
    void onProgress(long long before, long long inAll);

private:
    [[nodiscard]] LossAt look(const at::Tensor& x, bool wantsGradient) const;
    void begin(const at::Tensor& start, const at::Tensor& eps, long long steps);
    void step(bool isFirst);
    [[nodiscard]] at::Tensor stepByRow(bool isFirst) const;
    /// L1: x after the step, before the projection; the latter for the CPU, one image after another.
    [[nodiscard]] at::Tensor sparseStep() const;
    [[nodiscard]] at::Tensor sparseStepByRow(const at::Tensor& kept) const;
    [[nodiscard]] at::Tensor intoBudget(const at::Tensor& x) const;
    void compare(const LossAt& here);
    void checkProgress();
    void checkSparsity();
    void record(const LossAt& here, bool isLast);
    void leave();

    AttackSession& m_session;
    const ApgdSettings& m_settings;
    long long m_stepsBefore = 0, m_stepsInAll = 0;
    long long m_sinceCheck = 0, m_untilCheck = 0, m_shortest = 0, m_shrink = 0;

    // Of the active rows.
    at::Tensor m_eps;    ///< [n]
    at::Tensor m_wanted; ///< [n] class that dlr-targeted leads to
    at::Tensor m_x, m_previous, m_gradient, m_best, m_bestGradient;
    at::Tensor m_low, m_high;                              ///< Linf: ball and box together
    at::Tensor m_loss, m_bestLoss, m_checkedLoss;          ///< [n] newest, least, least at the last check
    at::Tensor m_stepSize, m_improvements, m_wasShortened; ///< [n]
    at::Tensor m_wasFooled;                                ///< [n] bool
    at::Tensor m_share, m_sparsity;                        ///< [n] L1: share of the values that a step moves, values moved so far
};

} // namespace brink
