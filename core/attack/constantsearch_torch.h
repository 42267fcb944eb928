// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack_torch.h"

#include <cstdint>
#include <vector>

namespace brink {

/// How C&W and EAD look for the constant c that weighs the classification loss against the distance.
struct ConstantSchedule {
    double initial = 1e-3;
    int rounds = 9;           ///< optimisations per image, each with its own c
    int steps = 1000;         ///< of one round, at most
    bool abortsEarly = true;  ///< a round ends when a tenth of its steps did not lower the loss
};

/// The parameters of the two attacks that have this search, and what they say.
[[nodiscard]] ParamSpecs constantSearchParameters(bool abortsEarly);
[[nodiscard]] ConstantSchedule constantSchedule(const Params& parameters);

/// Rounds and constants of a batch of images, each image with its own clock: one that ends a round early starts the next
/// while the others go on, so nothing depends on batch mates and the batch stays full.
/// c grows tenfold until a round ends with adversarials, then the bracket is halved (Carlini and Wagner 2017, section VI.D,
/// and the authors' code). Deviation: only the last tenth of a round decides about c. The authors count any iterate, but
/// where a single step is longer than the distance the first one crosses by itself, for every c, and c falls to where
/// nothing holds the iterate near the boundary (sigmoid net of the golden table: median L2 0.21, so 0.13). Rows are the images still worked on; keep() drops the others.
class ConstantSearch {
public:
    ConstantSearch(std::int64_t images, const ConstantSchedule& schedule, const at::TensorOptions& options);

    [[nodiscard]] const at::Tensor& constants() const { return m_constants; } ///< [rows] float32
    /// c * max(margin + lead, 0). @param lead [rows]
    [[nodiscard]] LogitLoss hinge(const LogitLoss& margin, const at::Tensor& lead) const;
    [[nodiscard]] const at::Tensor& steps() const { return m_stepTensor; } ///< [rows] int64, steps done in the round
    [[nodiscard]] std::int64_t rows() const { return std::int64_t(m_clocks.size()); }

    /// What one step changed; both lists hold row numbers.
    struct Ended {
        std::vector<std::int64_t> restarted; ///< rows that begin a new round: the caller resets their variables
        std::vector<std::int64_t> finished;  ///< rows whose last round ended: the caller drops them with keep()
    };
    /// Books one optimisation step. @param loss [rows], @param isAdversarial [rows] bool of this step's iterate.
    /// Looks at tensor values only at the end of a tenth of a round.
    [[nodiscard]] Ended advance(const at::Tensor& loss, const at::Tensor& isAdversarial);
    /// Keeps these rows [m] int64, in this order.
    void keep(const at::Tensor& rows);
    /// So many more images, behind the rows that are there.
    void append(std::int64_t images);
    /// Optimisation steps that the images still worked on have behind them; steps left out by early aborts count.
    [[nodiscard]] std::int64_t stepsBehind() const;

private:
    struct Clock {
        int round = 0;
        int step = 0;
        double constant = 0;
        double lower = 0;
        double upper = 0; ///< 0: none found yet
        double lastBest = 0;
    };
    [[nodiscard]] bool isWindowEnd(const Clock& clock) const;
    [[nodiscard]] bool nextRound(Clock& clock, bool found) const;
    [[nodiscard]] Ended look();
    void refreshTensors();

    ConstantSchedule m_schedule;
    std::vector<Clock> m_clocks;
    at::Tensor m_constants;
    at::Tensor m_stepTensor;
    at::Tensor m_found;      ///< [rows] bool, an adversarial was seen since the last look
    at::Tensor m_windowBest; ///< [rows] smallest loss since the last look
};

/// The loop of C&W and EAD. `Variables` are the attack's own tensors: made from the clean images [n,...] and the schedule, put back to the
/// start for some rows by restart(rows), reduced to some rows by keep(rows), extended by append(those of more images).
/// @param optimise one step of all rows: (search, variables) -> what ConstantSearch::advance returned.
template <typename Variables, typename Optimise>
void runConstantSearch(AttackSession& session, const ConstantSchedule& schedule, Optimise optimise)
{
    Variables variables(session.x0(), schedule);
    ConstantSearch search(session.rows(), schedule, session.x0().options());
    const std::int64_t stepsEach = std::int64_t(schedule.rounds) * schedule.steps;
    const std::int64_t total = stepsEach * session.images();
    std::int64_t ofFinished = 0;
    while (session.rows() > 0 && !session.stopRequested()) {
        const ConstantSearch::Ended ended = optimise(search, variables);
        if (!ended.restarted.empty())
            variables.restart(at::tensor(ended.restarted, at::kLong).to(session.x0().device()));
        if (!ended.finished.empty()) {
            at::Tensor isDone = at::zeros({session.rows()}, session.x0().options().dtype(at::kBool));
            session.retire(isDone.index_fill(0, at::tensor(ended.finished, at::kLong).to(isDone.device()), true));
            const at::Tensor rows = *session.compact();
            variables.keep(rows);
            search.keep(rows);
            ofFinished += stepsEach * std::int64_t(ended.finished.size());
            if (const std::int64_t admitted = session.admit(); admitted > 0) {
                variables.append(Variables(session.x0().narrow(0, session.rows() - admitted, admitted), schedule));
                search.append(admitted);
            }
        }
        session.progress(ofFinished + search.stepsBehind(), total);
    }
}

} // namespace brink
