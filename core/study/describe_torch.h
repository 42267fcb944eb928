// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/classifier_torch.h"
#include "core/study/inspect.h"

namespace brink {

/// Logits of one model-input image, [K], double.
[[nodiscard]] std::vector<double> logitsOf(Evaluator& evaluator, const Image& image);

/// The part of a result that every analysis starts from: the converted image, its logits and predicted class, and
/// warnings about the input. Reads model, source, index, label, norm and seed of the request.
/// @throws Error(Domain) for a label outside the classes or logits that are not finite, Error(Shape) for a refused size.
[[nodiscard]] InspectResult describeImage(const InspectRequest& request, Evaluator& evaluator);

/// Random streams of one image, from the study's seed and the image's index alone.
struct ImageSeeds {
    std::uint64_t clever = 0, directions = 0, attacks = 0, target = 0;
};
[[nodiscard]] ImageSeeds imageSeeds(std::uint64_t studySeed, std::int64_t index);

/// Points `best` at the successful attack with the smallest distance in the result's norm.
void findBest(InspectResult& result);

} // namespace brink
