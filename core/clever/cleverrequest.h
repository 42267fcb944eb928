// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clever/clever.h"

#include <cstdint>
#include <vector>

namespace brink {

/// What a stream of random numbers is for; the first word after the image's seed.
enum class CleverStream : std::uint64_t { Samples = 1, InnerSamples, RandomTarget, CurvatureSamples, CurvatureStarts };
[[nodiscard]] std::uint64_t streamSeed(std::uint64_t seed, CleverStream stream, std::uint64_t part = 0);

/// @throws Error(Domain|Shape|Unsupported) for absurd numbers, classes that do not exist, a foreign image size, or second
/// order on a model with kinks.
void checkCleverRequest(const CleverRequest& request, const Classifier& classifier, const Image& image);

/// Classes by descending logit; ties by class number.
[[nodiscard]] std::vector<std::int64_t> ranking(const std::vector<double>& logits);

/// The target classes of a checked request. @throws Error(Domain) when the predicted class is among them.
[[nodiscard]] std::vector<std::int64_t> chooseTargets(const CleverRequest& request, const std::vector<double>& logits);

} // namespace brink
