// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/base/norm.h"
#include "core/data/image.h"
#include "core/model/classifier.h"
#include "core/threat/criterion.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace brink {

/// Distance in `norm` at which each random direction from the image first meets the criterion, absent where it never does
/// inside the box. A direction is followed along clip(x0 + t u): values that reach a face stay there. The first crossing is
/// bracketed on a coarse grid and bisected, so a thinner region nearer by can be missed. Gradient-free. The smallest is the
/// distance of attack "random-directions" with the same seed. Directions: L2 normal, Linf uniform in the cube, L1 uniform
/// on the cross-polytope. Stopping returns those done. An image that meets the criterion already gives none.
/// @param counts is added to. @throws Error(Usage) for L0, Error(Domain|Shape) as runAttack.
[[nodiscard]] std::vector<std::optional<double>> crossingDistances(std::shared_ptr<const Classifier> classifier, const Image& image,
    const Criterion& criterion, Norm norm, int directions, std::uint64_t seed, Monitor& monitor, EvaluationCounts& counts);

} // namespace brink
