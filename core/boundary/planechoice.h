// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/boundary/plane.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// An image with the name it has in a figure.
struct NamedImage {
    std::string name;
    Image image;
};

/// Which plane, and what is known already.
struct PlaneRequest {
    std::shared_ptr<const Classifier> model;
    Image image;                     ///< model-input size, [0,1]
    PlaneKind kind = PlaneKind::Gradient;
    Norm norm = Norm::L2;
    /// Images: the two others. Adversarials: those found before, nearest first; fewer than two are looked for by the attacks
    /// recommended for the norm, in their preview settings.
    std::vector<NamedImage> others;
    /// Directions: the two, and what they are called.
    std::array<std::vector<float>, 2> directions;
    std::array<std::string, 2> names;
    double turn = 0;                 ///< radians around the first direction
    std::uint64_t seed = 1;
};

/// Finds the plane. Absent when stopped.
/// @throws Error(Domain) where there is none: no adversarial image, no boundary, images that are the same.
[[nodiscard]] std::optional<Plane> findPlane(const PlaneRequest& request, Monitor& monitor);

} // namespace brink
