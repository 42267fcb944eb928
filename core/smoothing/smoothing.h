// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/monitor.h"
#include "core/base/warning.h"
#include "core/data/image.h"
#include "core/model/classifier.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace brink {

/// Said wherever a radius is shown.
inline constexpr const char* smoothingNote
    = "The radius is a certificate of the smoothed classifier, which answers by the majority over noise; it says nothing about the model itself.";

/// The smoothed classifier g of a model f: the class that f gives most often to x + e, e ~ N(0, sigma^2 I). The noise is not clipped to
/// the pixel box. Source: Cohen, Rosenfeld and Kolter 2019 (arXiv 1902.02918), algorithms in section 3.
struct SmoothingRequest {
    double sigma = 0.25;            ///< L2, pixel range [0,1]
    std::int64_t selection = 100;   ///< n0: samples that choose the class
    std::int64_t samples = 10'000;  ///< n: fresh ones that count for it
    double alpha = 0.001;           ///< the certificate fails with at most this probability
    std::uint64_t seed = 1;
};

/// The largest radius that so many samples can certify at all: all of them agreed.
[[nodiscard]] double largestCertifiableRadius(const SmoothingRequest& request);

/// What g says of one image, and within which L2 distance it says nothing else (with probability 1 - alpha).
struct SmoothedImage {
    std::int64_t index = 0;
    std::optional<std::int64_t> label;
    std::string source, sha256;
    std::int64_t base = 0;          ///< class of f, without noise
    std::int64_t top = 0;           ///< the class chosen
    bool abstains = true;           ///< it is not certain to be the majority
    std::int64_t votes = 0;         ///< for it, of the fresh samples
    double probability = 0;         ///< lower confidence limit of its share, Clopper and Pearson
    double radius = 0;              ///< L2, pixel range [0,1]; 0 where it abstains
    EvaluationCounts counts;
};
/// CERTIFY of the paper. Absent when stopped. @throws Error(Shape|Domain) for what does not fit the model, or absurd numbers.
[[nodiscard]] std::optional<SmoothedImage> certifySmoothed(
    const std::shared_ptr<const Classifier>& model, const Image& image, const SmoothingRequest& request, Monitor& monitor);

/// PREDICT of the paper: the majority over `samples`, or nothing where it is not certain (a two-sided test of the first two classes).
struct SmoothedPrediction {
    std::optional<std::int64_t> predicted; ///< absent: g abstains
    std::int64_t votes = 0, runnerUpVotes = 0;
    EvaluationCounts counts;
};
/// Absent when stopped. @throws as certifySmoothed().
[[nodiscard]] std::optional<SmoothedPrediction> predictSmoothed(
    const std::shared_ptr<const Classifier>& model, const Image& image, const SmoothingRequest& request, Monitor& monitor);

/// Many images of one model at one sigma. A value: what figures and files are made of.
struct SmoothingSurvey {
    std::string modelName, modelSha256, imagesSource;
    SmoothingRequest request;
    std::vector<SmoothedImage> images;
    bool partial = false;
    EvaluationCounts counts;
    double seconds = 0;
};

/// Certified accuracy of g: the share of images that it labels right with a radius of at least r. An image without a label counts by
/// the model's own class.
struct CertifiedCurve {
    std::vector<double> radius;   ///< ascending from 0; the curve falls behind each
    std::vector<double> accuracy; ///< at that radius, 0 to 1
    std::int64_t images = 0, abstained = 0, wrong = 0;
    double baseAccuracy = 0;      ///< of f without noise
};
/// @throws Error(Domain) without images.
[[nodiscard]] CertifiedCurve certifiedCurve(const SmoothingSurvey& survey);
[[nodiscard]] double certifiedAccuracyAt(const SmoothingSurvey& survey, double radius);

[[nodiscard]] Json toJson(const SmoothedImage& image);
[[nodiscard]] Json toJson(const SmoothingRequest& request);
/// Curve, ceiling and note.
[[nodiscard]] Json summaryJson(const SmoothingSurvey& survey);

} // namespace brink
