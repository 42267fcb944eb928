// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/certify/certify.h"
#include "core/model/classifier_torch.h"
#include "core/threat/criterion.h"

namespace brink::certify {

/// Where the straight line from an image to a point, cut to the pixel box, first leaves the class, by bisection; judged by the classifier
/// itself, not by the network read from it. Where the class still holds at the point, a short descent of the margin from there is tried first.
/// @param point [1,C,H,W]. @return absent where the classifier keeps the class.
[[nodiscard]] std::optional<Counterexample> counterexampleTowards(Evaluator& evaluator, const Image& image, const at::Tensor& point, const Criterion& criterion, Norm norm);

} // namespace brink::certify
