// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack.h"
#include "core/study/verifyproof.h"
#include "core/study/verifytable.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace brink {

/// A stored counterexample, looked at again.
struct WitnessOutcome {
    bool isInBall = false;      ///< Linf distance at most eps + witnessSlack, pixels in [0,1]
    bool isAdversarial = false; ///< meets the criterion in a forward of ours
    double distance = 0;        ///< Linf, pixel units
    double margin = 0;          ///< lead of the class that must not win; positive: it does
    [[nodiscard]] bool holds() const { return isInBall && isAdversarial; }
};

/// Witnesses are stored in single precision by other programs; what attacks find gets no slack.
constexpr double witnessSlack = 1e-6;

/// What the attacks found in one ball. A find is moved into the ball and into [0,1], float by float, rounded inwards, and counts only when a
/// fresh forward on exactly that image meets the criterion.
struct VerifyOutcome {
    bool isFound = false;
    std::string foundBy;                ///< attack, or the method of a proof; "clean image" when that meets the criterion already
    double distance = 0;                ///< Linf of the find; at most eps
    double margin = 0;                  ///< of the find, as of a witness
    std::optional<double> nearest;      ///< smallest Linf distance of any success of an attack that minimises it, or that a proof met
    std::string nearestBy;
    std::optional<WitnessOutcome> witness;
    std::vector<VerifyProof> proofs;    ///< in the order of the methods
    EvaluationCounts counts;            ///< of attacks, shared evenly with the other balls around the same image
    bool isComplete = false;            ///< found, or every attack has run to its end, or else a method of proof that looks for images of other classes
};

/// The balls of one model that are checked together.
struct VerifyItem {
    VerifyInstance instance;
    Image image; ///< model-input size
    std::optional<Image> witness;
};
struct VerifyRequest {
    std::shared_ptr<const Classifier> model;
    std::vector<VerifyItem> items;
    std::vector<AttackRequest> attacks; ///< in Linf; the eps of those with a budget is each ball's own
    std::uint64_t seed = 1;
    VerifyProving proving = {};
};

/// The `best` set: what is recommended for the smallest distance, then every attack with a budget, with each of its losses; PGD from ten
/// starts.
[[nodiscard]] std::vector<AttackRequest> verifyAttacks(Preset preset = Preset::Paper);

/// One outcome an item, in order. Each attack works on those balls that no earlier one has found something in; an attack that minimises the
/// distance works once on an image for all its balls. Proofs come after the attacks, of every ball: what they meet counts as found, too. A stop
/// keeps what was found. @throws Error(Shape|Usage|Domain) before any work.
[[nodiscard]] std::vector<VerifyOutcome> runVerifyCheck(const VerifyRequest& request, Monitor& monitor);

/// Both counts, of one model or of all.
struct VerifyCounts {
    std::int64_t robust = 0, broken = 0;  ///< balls verified robust that were checked to the end or broken, and those broken: must be 0
    std::int64_t violated = 0, found = 0; ///< likewise violated balls, and those in which something was found
    std::int64_t witnesses = 0, failedWitnesses = 0;
    std::int64_t open = 0;                ///< not checked to the end
    std::vector<VerifyProofCounts> proofs = {};

    [[nodiscard]] bool isContradicted() const;
    void add(const VerifyInstance& instance, const std::optional<VerifyOutcome>& outcome);
    bool operator==(const VerifyCounts&) const = default;
};

[[nodiscard]] Json toJson(const VerifyCounts& counts);
[[nodiscard]] Json toJson(const VerifyInstance& instance, const VerifyOutcome& outcome);

} // namespace brink
