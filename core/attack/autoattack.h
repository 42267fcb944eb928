// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// Which attacks follow one another, as released by the authors.
enum class AutoAttackVersion {
    Standard, ///< APGD-CE, APGD-T, FAB-T, Square
    Plus,     ///< APGD-CE, APGD-DLR and FAB with five starts, Square, APGD-T, FAB-T
    Rand,     ///< APGD-CE and APGD-DLR with gradients as means of 20 passes, for models that answer at random
};
/// @throws Error(Usage) for anything but "standard", "plus" and "rand".
[[nodiscard]] AutoAttackVersion autoAttackVersionFromName(std::string_view name);
[[nodiscard]] std::string autoAttackVersionName(AutoAttackVersion version);

struct AutoAttackRequest {
    Norm norm = Norm::Linf;
    std::vector<double> eps{8.0 / 255}; ///< pixel units, each above 0; run from the smallest to the largest
    AutoAttackVersion version = AutoAttackVersion::Standard;
    std::uint64_t seed = 1;
};

/// One attack of the cascade: its name in AutoAttack, and what it is here.
struct AutoAttackStage {
    std::string name; ///< "apgd-ce", "apgd-dlr", "apgd-t", "fab", "fab-t", "square"
    AttackRequest attack;
};

/// The stages at one budget, in order. Parameters are those of the authors' code; FAB looks for no nearer point once it is inside
/// the budget. Deviation: L1 has no Square stage, as Square here knows L2 and Linf.
/// @throws Error(Usage) for L0.
[[nodiscard]] std::vector<AutoAttackStage> autoAttackStages(AutoAttackVersion version, Norm norm, double eps, int classes);

/// What one stage did to the images that all before it had left.
struct AutoAttackStageResult {
    std::string name;
    std::int64_t attacked = 0;
    std::int64_t fooled = 0;
    double robustAccuracy = 0; ///< after it, of all images
    std::int64_t zeroGradients = 0; ///< images whose first gradient was exactly zero
    EvaluationCounts counts{};
    double seconds = 0; ///< of all threads together
};

struct AutoAttackLevel {
    double eps = 0;
    std::int64_t fooledBefore = 0; ///< at a smaller budget: not attacked again
    std::vector<AutoAttackStageResult> stages{}; ///< those that ran; fewer where nothing was left
    double robustAccuracy = 0;
    bool isComplete = true; ///< off after a stop: robustAccuracy is too high then
};

/// One image of the cascade.
struct AutoAttackImage {
    bool isCorrect = false;            ///< without an attack
    std::optional<double> fooledAt;    ///< smallest budget of the run at which it was fooled
    std::string stage;                 ///< by which stage
    std::optional<AttackOutcome> fool; ///< how: a confirmed success inside that budget
};

struct AutoAttackResult {
    Norm norm = Norm::Linf;
    AutoAttackVersion version = AutoAttackVersion::Standard;
    std::uint64_t seed = 1;
    double cleanAccuracy = 0;
    std::vector<AutoAttackLevel> levels; ///< ascending in eps
    std::vector<AutoAttackImage> images; ///< in the order given
    EvaluationCounts counts;
    double seconds = 0;
    bool stopped = false;
    Warnings warnings;
};

/// One image and its true class.
struct AutoAttackItem {
    const Image* image = nullptr;
    std::int64_t label = 0;
    std::uint64_t index = 0; ///< what its random numbers are made from, with the seed
};

/// Robust accuracy by the AutoAttack cascade: each stage attacks what all before it have left. At one budget it is AutoAttack;
/// with several, an image fooled at a smaller budget is fooled at a larger one, too, and is not attacked there again: accuracies
/// never rise with eps and are at most those of separate runs. Chunks of images run beside each other where the monitor lends
/// threads; the result does not depend on how many. Warnings are AutoAttack's checks (randomised model, probabilities, zero
/// gradients, too few classes, Square better than the white-box attacks by more than 0.2 %); its check of optimisation at
/// inference has no counterpart for TorchScript.
/// Source: Croce and Hein 2020, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free
/// attacks", arXiv 2003.01690; constants of the authors' code.
/// @throws Error(Usage|Domain|Shape) before any work when the request is wrong.
[[nodiscard]] AutoAttackResult runAutoAttack(std::shared_ptr<const Classifier> classifier, const AutoAttackRequest& request,
    std::span<const AutoAttackItem> items, Monitor& monitor);

[[nodiscard]] Json toJson(const AutoAttackResult& result);

} // namespace brink
