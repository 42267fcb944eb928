// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/norm.h"
#include "core/base/warning.h"
#include "core/data/image.h"
#include "core/model/classifier.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// What a plane through input space is spanned by.
enum class PlaneKind {
    Gradient,    ///< against the gradient of the margin, and a random direction orthogonal to it
    Sign,        ///< the same with the gradient's sign, the steepest way in L∞
    Adversarials,///< the image, its nearest adversarial image and a second one
    Images,      ///< three images (Somepalli et al. 2022, arXiv 2203.08124)
    Tangent,     ///< two random directions in the tangent space of the boundary
    Directions,  ///< any two directions
};

/// "gradient", "sign", "adversarials", "images", "tangent", "directions": the spelling of command line and JSON.
[[nodiscard]] std::string planeName(PlaneKind kind);
/// @throws Error(Usage) naming the nearest spelling.
[[nodiscard]] PlaneKind planeFromName(std::string_view name);

enum class PlaneMarkerKind { Original, Adversarial, Iterate, Image, BoundaryPoint };

/// Where an image lies in the plane's own coordinates.
struct PlanePoint {
    double a = 0, b = 0; ///< in units of the plane's norm along its two directions
    double residual = 0; ///< distance to the plane at (a, b), in that norm
};

/// An image shown in a plane; off the plane it says how far.
struct PlaneMarker {
    PlaneMarkerKind kind = PlaneMarkerKind::Original;
    std::string name;    ///< "original", "DDN", "step 12"
    PlanePoint at;
    std::shared_ptr<const Image> image;
};

/// A two-dimensional cut through input space: origin + a * unit[0] * directions[0] + b * unit[1] * directions[1]. The
/// directions are orthonormal in L2; a and b are lengths in `norm`, so that a step of 1 along either has length 1 there.
struct Plane {
    PlaneKind kind = PlaneKind::Gradient;
    Norm norm = Norm::L2;
    Image origin;
    std::array<std::vector<float>, 2> directions; ///< [C*H*W] each
    std::array<double, 2> unit{1, 1};             ///< L2 length of a step of 1
    std::array<std::string, 2> names;             ///< where the axes lead: "against the margin gradient"
    std::vector<PlaneMarker> markers;             ///< the first is the origin's
    /// How far one would look from the origin when nothing else is marked; 0: not known.
    double reach = 0;
    std::uint64_t seed = 0;                       ///< of random directions
    EvaluationCounts counts;                      ///< of finding it
    Warnings warnings;
};

/// A rectangle of a plane, in its coordinates.
struct SliceFrame {
    double left = -1, right = 1, bottom = -1, top = 1;

    [[nodiscard]] double width() const { return right - left; }
    [[nodiscard]] double height() const { return top - bottom; }
    bool operator==(const SliceFrame&) const = default;
};

/// A plane through the origin; the second direction is made orthogonal to the first, both get length 1.
/// @throws Error(Shape) where sizes differ, Error(Domain) for a direction of length 0, for two that are parallel, and for L0.
[[nodiscard]] Plane makePlane(PlaneKind kind, Norm norm, const Image& origin, std::array<std::vector<float>, 2> directions,
    std::array<std::string, 2> names);

/// A random direction orthogonal to `first`: Gaussian, or Rademacher (signs) in L∞. Same seed, same direction.
[[nodiscard]] std::vector<float> randomOrthogonal(const std::vector<float>& first, Norm norm, std::uint64_t seed);

/// All classes at an image, the largest logit first; counts are added.
[[nodiscard]] std::vector<std::int64_t> rankedClasses(const std::shared_ptr<const Classifier>& model, const Image& image, EvaluationCounts& counts);

/// The gradient of the margin of the predicted class over its strongest rival, at an image.
struct MarginGradient {
    std::int64_t predicted = 0;
    std::int64_t rival = 0;
    double margin = 0;             ///< logits
    std::vector<float> gradient;   ///< [C*H*W] in pixel units
    EvaluationCounts counts;
};
[[nodiscard]] MarginGradient marginGradient(const std::shared_ptr<const Classifier>& model, const Image& image);

/// Against the gradient of the margin (or its sign) and a random direction: the plane in which the boundary of a linear
/// model is a straight line across the first axis. Where there is no gradient, a second random direction and a warning.
[[nodiscard]] Plane gradientPlane(
    const std::shared_ptr<const Classifier>& model, const Image& image, Norm norm, bool isSign, std::uint64_t seed);

/// Through an image and two others, e.g. its adversarial images of two attacks or two restarts. Where the three lie on a line,
/// the second direction is random and a warning says so.
[[nodiscard]] Plane planeThrough(PlaneKind kind, Norm norm, const PlaneMarker& origin, const PlaneMarker& first, const PlaneMarker& second,
    std::uint64_t seed);

/// Two random directions tangent to the boundary at a point of it. @param normal of the boundary there, any length.
[[nodiscard]] Plane tangentPlane(const Image& boundaryPoint, const std::vector<float>& normal, Norm norm, std::uint64_t seed);

/// The same plane through another image of the same size; markers keep their images and get new places.
[[nodiscard]] Plane movedTo(const Plane& plane, const Image& origin, std::string name);

/// Turned around its first direction by an angle in radians: the second turns towards a random direction that is orthogonal
/// to both, the same for every angle of one seed.
[[nodiscard]] Plane turned(const Plane& plane, double angle, std::uint64_t seed);

/// Length in the plane's norm of the way from the origin to (a, b).
[[nodiscard]] double lengthInPlane(const Plane& plane, double a, double b);

/// The image at a point; values may leave [0,1] unless clipped.
[[nodiscard]] Image imageAt(const Plane& plane, double a, double b, bool clips = false);

/// The nearest point of the plane (in L2), and how far off the image lies.
[[nodiscard]] PlanePoint placeIn(const Plane& plane, const Image& image);
void addMarker(Plane& plane, PlaneMarkerKind kind, std::string name, const Image& image);

/// A square frame that holds all markers with a tenth of their range around (dbViz), or three reaches around the origin.
[[nodiscard]] SliceFrame suggestedFrame(const Plane& plane);

/// Corners of the part of the frame where every pixel value lies in [0,1], in order; empty where there is none.
[[nodiscard]] std::vector<std::array<double, 2>> boxOutline(const Plane& plane, const SliceFrame& frame);

/// Points on the sphere of radius eps around the origin, in the plane's norm; closed, the first is not repeated.
[[nodiscard]] std::vector<std::array<double, 2>> ballOutline(const Plane& plane, double eps, int points = 180);

/// "distance against the margin gradient, L2 (pixel range [0,1])".
[[nodiscard]] std::string axisLabel(const Plane& plane, int axis);

[[nodiscard]] Json toJson(const Plane& plane);

} // namespace brink
