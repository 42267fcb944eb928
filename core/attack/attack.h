// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attackoutcome.h"
#include "core/base/monitor.h"
#include "core/threat/criterion.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

enum class AttackKind { FixedBudget, MinimumNorm };

/// An attack as data: what `brink list attacks`, the forms and the documentation show.
struct AttackInfo {
    std::string name;          ///< "cw"
    std::string label;         ///< "C&W L2"
    std::string summary;       ///< one sentence
    std::string source;        ///< "Carlini and Wagner 2017, arXiv 1608.04644, section VI"
    AttackKind kind = AttackKind::MinimumNorm;
    std::vector<Norm> norms;   ///< first is the default
    bool canTarget = true;
    /// Images of a batch end at different times, and waiting ones take the places of those that have.
    bool refillsBatch = false;
    ParamSpecs parameters;     ///< fixed-budget attacks have "eps"
};

/// One image of a batch.
struct AttackItem {
    const Image* image = nullptr; ///< model-input size, [0,1]
    Criterion criterion;
    std::uint64_t seed = 0;       ///< of this image: hash(study seed, index); never depends on batch mates
    /// Attacks with target classes lead this item only to the clean image's strongest other class number `rival` (0 the
    /// strongest), not to one after the other. Leaving the reference is the success all the same.
    std::optional<int> rival{};
};

struct AttackRequest {
    std::string name;
    Norm norm = Norm::L2;
    Params parameters;
    bool keepTrace = true;
    /// Memory for the iterates of one image: all are kept while they fit, else every second, fourth ...; 0: none.
    std::size_t iterateBytes = 0;
};

/// All attacks built in, in the order of attacks.def.
[[nodiscard]] const std::vector<AttackInfo>& attackInfos();
/// @throws Error(Usage) naming the nearest.
[[nodiscard]] const AttackInfo& attackInfo(std::string_view name);

/// Runs one attack on many images (any number; it batches itself) and returns one outcome an image, in order.
/// Every success is confirmed by a fresh forward on the clipped image. An image alone and in any batch gives the same.
/// Stopping returns the best so far, marked. @throws Error(Usage|Domain|Shape) before any work when the request is wrong.
[[nodiscard]] std::vector<AttackOutcome> runAttack(std::shared_ptr<const Classifier> classifier, const AttackRequest& request,
    std::span<const AttackItem> items, Monitor& monitor);

/// Attack requests that together give a dependable distance (several, take the best): Inspect's default.
[[nodiscard]] std::vector<AttackRequest> recommendedAttacks(Norm norm, Preset preset);

} // namespace brink
