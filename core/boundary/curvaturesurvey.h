// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/directions.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// One image of a survey.
struct SurveyImage {
    std::int64_t index = 0;
    std::optional<std::int64_t> label;
    std::string source;
    std::string sha256;
    std::optional<CurvatureResult> result;
    std::string failure;                     ///< why there is no result
    bool isHeldOut = false;                  ///< had no part in choosing the shared directions
    std::optional<Generalisation> generalisation;
    std::optional<NoiseResponse> noise;
};

/// Curvature of a model's decision boundary at many images. A value: what figures, claims and files are made of.
struct CurvatureSurvey {
    std::string modelName, modelSha256;
    int channels = 0, height = 0, width = 0;
    std::string imagesSource;                ///< the data set
    std::uint64_t seed = 1;
    CurvatureRequest request;
    SharedDirectionsRequest sharedRequest;
    std::vector<SurveyImage> images;
    std::optional<SharedDirections> shared;
    std::vector<double> noiseNorms;
    int noiseDraws = 0;
    bool partial = false;                    ///< stopped: fewer images than asked for
    EvaluationCounts counts;
    double seconds = 0;
    Warnings warnings;

    [[nodiscard]] std::int64_t dimension() const { return std::int64_t(channels) * height * width; }
};

/// A value over images with its spread.
struct SurveyBand {
    double value = 0, low = 0, high = 0;
};

/// The sorted principal curvatures, each averaged over the images that have it; low and high are the 10 % and 90 % quantiles.
struct CurvatureProfile {
    std::string model;
    bool isFull = false;                     ///< all ranks; otherwise only those at both ends
    std::int64_t ranks = 0;                  ///< d - 1
    int images = 0;
    double step = 0;                         ///< h / |r|
    CurvatureMethod method = CurvatureMethod::Difference;
    std::vector<std::int64_t> rank;          ///< from 1, most positive, to d - 1, most negative
    std::vector<SurveyBand> curvature;       ///< 1/pixel unit
};
/// Absent without images.
[[nodiscard]] std::optional<CurvatureProfile> curvatureProfile(const CurvatureSurvey& survey);

/// Median over images with a 95 % bootstrap interval of it. @throws Error(Domain) for no values.
[[nodiscard]] SurveyBand medianWithInterval(std::vector<double> values, std::uint64_t seed);
/// The same of the mean.
[[nodiscard]] SurveyBand meanWithInterval(std::vector<double> values, std::uint64_t seed);

/// Share of the absolute curvature that is negative, one an image.
[[nodiscard]] std::vector<double> negativeShares(const CurvatureSurvey& survey);
/// Share of the principal curvatures at most a tenth of the largest in magnitude, one an image; from full profiles only.
[[nodiscard]] std::vector<double> flatShares(const CurvatureSurvey& survey);
/// Images whose boundary bends by more than 1/|r| towards them (beyond 5 %): then z is not their nearest boundary point, as the boundary
/// would pass nearer along that direction. At nearest points no curvature lies below -1/|r|.
[[nodiscard]] std::int64_t imagesWithNearerBoundary(const CurvatureSurvey& survey);
/// rho of the i-th shared direction (or of the i-th random one) over the held-out images.
[[nodiscard]] std::vector<double> rhoOf(const CurvatureSurvey& survey, std::int64_t direction, bool isControl = false);
/// Share of misclassified draws of each image at one norm.
[[nodiscard]] std::vector<double> fooledShares(const CurvatureSurvey& survey, NoiseKind kind, std::size_t norm);
/// The smallest norm at which half of the draws over all images are misclassified, interpolated on the logarithm of the norm; absent
/// when none of the norms reaches that. The interval is from 400 bootstrap samples of the images (those that reach it).
struct HalfNorm {
    std::optional<SurveyBand> norm;
    double largestShare = 0; ///< of misclassified draws at the largest norm
};
[[nodiscard]] HalfNorm halfNorm(const CurvatureSurvey& survey, NoiseKind kind);

/// Parts of a result file: one item an image, and what is said over all images.
[[nodiscard]] Json itemJson(const SurveyImage& image);
[[nodiscard]] Json summaryJson(const CurvatureSurvey& survey);
[[nodiscard]] Json toJson(const CurvatureProfile& profile);
/// @throws Error(Format) for what is no profile.
[[nodiscard]] CurvatureProfile profileFromJson(const Json& json);

} // namespace brink
