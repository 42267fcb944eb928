// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/warning.h"
#include "core/boundary/boundarypoint.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// How second derivatives are had. Auto: double backward where every operator of the model is twice differentiable, else
/// differences of the gradient, as the Hessian of a piecewise linear model is zero almost everywhere.
enum class CurvatureMethod { Auto, Difference, DoubleBackward };
[[nodiscard]] std::string curvatureMethodName(CurvatureMethod method); ///< "auto", "difference", "double-backward"
/// @throws Error(Usage) naming the nearest.
[[nodiscard]] CurvatureMethod curvatureMethodFromName(std::string_view name);

enum class CurvatureSpectrum { Extremes, Full };
[[nodiscard]] std::string curvatureSpectrumName(CurvatureSpectrum spectrum); ///< "extremes", "full"
[[nodiscard]] CurvatureSpectrum curvatureSpectrumFromName(std::string_view name);

/// Largest dimension of a full spectrum: a dense matrix and its eigenvalues.
constexpr std::int64_t mostFullSpectrum = 4096;

/// What to compute at a boundary point. Source: Fawzi et al. 2017 (arXiv 1705.09552); the choice of scale is ours.
struct CurvatureRequest {
    CurvatureMethod method = CurvatureMethod::Auto;
    CurvatureSpectrum spectrum = CurvatureSpectrum::Extremes;
    /// h as a part of |r|, the image's distance to the boundary: a curvature is that of the boundary seen at this scale. Half
    /// the distance is large enough to average over the kinks of a ReLU net and small enough to be about the nearest
    /// piece of boundary; CurvatureResult::scales shows what other choices would give.
    double step = 0.5;
    int directions = 5;      ///< principal directions at each end
    int lanczosSteps = 60;   ///< products at most
    double tolerance = 1e-3; ///< of a principal direction's residual, relative to the largest curvature
    int probes = 20;         ///< random tangents for the mean
    std::vector<double> scales{0.1, 0.5, 1}; ///< parts of |r| for the table of sensitivity
    std::uint64_t seed = 1;
};

/// A principal direction of the boundary.
struct PrincipalDirection {
    double curvature = 0;      ///< v^T G v, measured along v itself, 1/pixel unit
    double eigenvalue = 0;     ///< as the solver has it; differs where G is no linear map: a ReLU net seen at a scale
    double residual = 0;       ///< |G v - curvature v|, 1/pixel unit
    std::vector<float> vector; ///< v, [d], length 1, tangential
};

/// Curvatures at another scale, along the same random tangents and the same two principal directions, by differences.
struct CurvatureScale {
    double step = 0;  ///< h / |r|
    double mean = 0;
    double lowest = 0;
    double highest = 0;
};

/// Curvature of the decision boundary at a point z, in 1/pixel unit: G = P H P / |grad F| on the tangent space, P = I - n n^T,
/// H the Hessian of F = f_own - f_other. Negative: the boundary bends towards the image (the own region is convex
/// along v); positive: it bends away. -1/R on a sphere around the image.
struct CurvatureResult {
    BoundaryPoint point;
    CurvatureMethod method = CurvatureMethod::Difference; ///< never Auto
    std::string methodReason;                   ///< one sentence
    double step = 0;                            ///< h / |r|
    double reach = 0;                           ///< h, pixel units
    std::vector<PrincipalDirection> lowest;     ///< most negative first
    std::vector<PrincipalDirection> highest;    ///< most positive first
    int lanczosSteps = 0;
    bool isConverged = false;                   ///< all residual bounds of Lanczos met the tolerance
    /// Full: all d - 1 principal curvatures, descending.
    std::vector<double> profile;
    std::optional<double> matrixAsymmetry;      ///< Full: |G - G^T| / |G| (Frobenius) before it was symmetrised
    double mean = 0;                            ///< v^T G v over random tangents
    double meanError = 0;                       ///< its standard error
    double meanMagnitude = 0;                   ///< |v^T G v| over random tangents
    double rootMeanSquare = 0;                  ///< of all d - 1 principal curvatures, from |G v| of the random tangents
    int probes = 0;
    std::vector<CurvatureScale> scales;
    bool partial = false;
    EvaluationCounts counts;                    ///< with those of the boundary point where it was found for this
    double seconds = 0;
    Warnings warnings;
};

/// Sum of |curvature| and share of it that is negative.
struct TailAsymmetry {
    double negative = 0;      ///< sum of |negative| curvatures
    double positive = 0;      ///< sum of positive ones
    double negativeShare = 0; ///< negative / (negative + positive); 0.5 where both are 0
    std::int64_t negativeCount = 0, positiveCount = 0;
};
/// Of the full profile where there is one, else of the principal directions found.
[[nodiscard]] TailAsymmetry tailAsymmetry(const CurvatureResult& result);

/// Curvature at a point that is known. A stopped run returns what it has, marked.
/// @throws Error(Domain|Resource) for absurd numbers or a full spectrum of too many pixels, before any work.
[[nodiscard]] CurvatureResult computeCurvature(std::shared_ptr<const Classifier> classifier, const BoundaryPoint& point,
    const CurvatureRequest& request, Monitor& monitor);

/// One image of a run over many: its boundary point is found, then measured.
struct CurvatureOutcome {
    std::optional<CurvatureResult> result;
    std::string failure; ///< why there is none
};
[[nodiscard]] CurvatureOutcome curvatureOfImage(std::shared_ptr<const Classifier> classifier, const Image& image,
    const BoundaryPointRequest& where, const CurvatureRequest& request, Monitor& monitor);

[[nodiscard]] Json toJson(const CurvatureRequest& request);
/// Without vectors, which are as large as images.
[[nodiscard]] Json toJson(const CurvatureResult& result);

} // namespace brink
