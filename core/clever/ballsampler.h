// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/norm.h"
#include "core/base/rng.h"
#include "core/data/image.h"

#include <span>

namespace brink {

/// How far from the centre points lie.
enum class RadialLaw {
    Uniform,      ///< uniform by volume in the ball (the paper); in high dimension nearly all mass is at the radius
    ReleasedCode, ///< the authors' code: L2 a volume-uniform point times U(0,1), L1 on the sphere times U(0,1), Linf the cube
};

/// Draws points of the l_p ball around an image and clips them to the pixel box [0,1]. Clipped points are no longer
/// uniform in the ball and lie nearer than the radius: meanDistance() says how near.
/// Recipes: Weng et al. 2018 and their code; L2 direction times R U^(1/d), L1 by exponential spacings, Linf by coordinates.
class BallSampler {
public:
    /// @param norm L1, L2 or Linf. @param radius > 0, pixel units. Keeps a reference to `centre`.
    BallSampler(const Image& centre, Norm norm, double radius, RadialLaw law);

    /// Fills one point of centre.size() values. The numbers drawn depend on the generator only.
    /// @return the distance before clipping as a part of the radius, in [0,1]; 1 for Linf.
    double draw(Rng& rng, std::span<float> point);

    /// Mean distance in `norm` of the clipped points drawn so far; 0 before the first.
    [[nodiscard]] double meanDistance() const { return m_points > 0 ? m_distanceSum / double(m_points) : 0; }

private:
    struct Offset {
        double scale;    ///< of the raw numbers
        double fraction; ///< distance as a part of the radius
    };
    [[nodiscard]] Offset drawL2(Rng& rng, std::span<float> point) const;
    [[nodiscard]] Offset drawL1(Rng& rng, std::span<float> point) const;

    const Image& m_centre;
    Norm m_norm;
    double m_radius;
    RadialLaw m_law;
    double m_distanceSum = 0;
    std::int64_t m_points = 0;
};

} // namespace brink
