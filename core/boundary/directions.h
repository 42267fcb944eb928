// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/curvature.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace brink {

/// Orthonormal directions of the space of images, d pixel values each.
struct DirectionBasis {
    std::int64_t dimension = 0; ///< d
    std::vector<float> rows;    ///< [count, d]

    [[nodiscard]] std::int64_t count() const { return dimension > 0 ? std::int64_t(rows.size()) / dimension : 0; }
    [[nodiscard]] std::span<const float> row(std::int64_t i) const { return {rows.data() + i * dimension, std::size_t(dimension)}; }
};

struct SharedDirectionsRequest {
    int each = 5;      ///< m: the most curved principal directions of each image, by magnitude
    int subspace = 10; ///< p: leading directions kept
    std::uint64_t seed = 1;
};

/// The subspace in which the boundary is curved at many images, and two to compare it with. Fawzi et al. 2017, section on
/// shared directions, as the handbook (4.3) has it.
struct SharedDirections {
    int images = 0;
    int stacked = 0;                     ///< directions stacked as columns of M
    std::vector<double> singularValues;  ///< of M, descending, as many as directions are kept; sqrt(images) when all share it
    DirectionBasis curved;               ///< leading left singular vectors of M
    DirectionBasis flat;                 ///< as many random directions orthogonal to all of M (to its leading half of R^d at most)
    DirectionBasis random;               ///< as many random directions
};
/// @param results of one model; those without principal directions are passed over. @throws Error(Domain) when fewer directions
/// are there than are to be kept.
[[nodiscard]] SharedDirections shareDirections(std::span<const CurvatureResult* const> results, const SharedDirectionsRequest& request);

/// How curved the boundary of an image is along given directions: rho = |v^T G v| over its mean along random tangents.
/// Far above 1 on images that had no part in choosing the directions: the directions are shared.
struct Generalisation {
    std::vector<double> rho;        ///< of the shared directions
    std::vector<double> controlRho; ///< of the random ones
    std::vector<double> curvature;  ///< v^T G v of the shared ones, 1/pixel unit
    EvaluationCounts counts;
};
/// At the point and the scale of a result. Absent when stopped. @throws Error(Domain) for a result without random tangents.
[[nodiscard]] std::optional<Generalisation> generalise(std::shared_ptr<const Classifier> classifier, const CurvatureResult& at,
    const SharedDirections& shared, Monitor& monitor);

/// Where noise is drawn: uniform in direction within all of R^d, or within p directions.
enum class NoiseKind { Full, Random, Flat, Curved };
constexpr std::array noiseKinds{NoiseKind::Full, NoiseKind::Random, NoiseKind::Flat, NoiseKind::Curved};
[[nodiscard]] std::string noiseKindName(NoiseKind kind);  ///< "full", "random", "flat", "curved"
[[nodiscard]] std::string noiseKindLabel(NoiseKind kind); ///< "random subspace"

struct NoiseRequest {
    std::vector<double> norms; ///< L2, pixel units, ascending
    int draws = 10;            ///< directions an image and kind, the same ones at every norm
    std::uint64_t seed = 1;
};

/// Share of the draws that changed the class of one image, [kinds][norms]. The noise is not clipped to the pixel box: that would
/// change its norm and lead out of the subspace.
struct NoiseResponse {
    std::array<std::vector<double>, noiseKinds.size()> fooled;
    EvaluationCounts counts;
};
/// @param own the class of the image. Absent when stopped. @throws Error(Domain) for norms that are not ascending and positive.
[[nodiscard]] std::optional<NoiseResponse> noiseResponse(std::shared_ptr<const Classifier> classifier, const Image& image, std::int64_t own,
    const SharedDirections& shared, const NoiseRequest& request, Monitor& monitor);

/// Half to 32 times a length, each 1.41 times the one before: what the norms are when none are given.
[[nodiscard]] std::vector<double> standardNoiseNorms(double medianDistance);

} // namespace brink
