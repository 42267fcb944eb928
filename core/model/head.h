// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/monitor.h"
#include "core/data/image.h"
#include "core/model/classifier.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace brink {

/// The last layer of a classifier: logits = weights * features + bias. K classes, D features (the penultimate layer).
/// The feature-space distance of an image to the boundary between two classes i and j is then (f_i - f_j) / |w_i - w_j|_q,
/// which is why equally distant rows make the logit margin a measure of it (Ngnawe et al. 2024, methods 5.1).
struct ClassifierHead {
    int classes = 0;            ///< K
    int features = 0;           ///< D
    std::vector<float> weights; ///< [K,D] row by row
    std::vector<float> bias;    ///< [K]
    std::string layer;          ///< "linear layer", "1x1 convolution", ...
    /// A (log-)softmax follows: weights * features + bias are the logits but for one number an image, so no margin differs.
    bool isUpToConstant = false;
    /// Pixels -> features: what an Evaluator calls its logits [N,D] are the features, batch by batch, with the same bits
    /// alone and in any batch as the classifier's own.
    std::shared_ptr<const Classifier> encoder;

    [[nodiscard]] std::span<const float> row(std::int64_t k) const
    {
        return std::span(weights).subspan(std::size_t(k * features), std::size_t(features));
    }
};

/// The head, or one plain sentence that says why there is none.
struct HeadSearch {
    std::optional<ClassifierHead> head;
    std::string refusal; ///< empty when there is a head
};

/// Looks for the last affine layer in the frozen graph: linear, addmm, matrix product and sum, or a convolution that sees
/// each of its inputs once, followed by nothing but reshaping, pooling of means, constant factors and summands, and softmax.
/// What is found is tried on probe images and refused where it does not give the logits.
[[nodiscard]] HeadSearch classifierHead(const Classifier& classifier);

/// Features [N,D] of images of the model's size, row by row. A stop leaves out the rest: the rows done so far come back.
[[nodiscard]] std::vector<float> penultimateFeatures(const ClassifierHead& head, std::span<const Image> images, Monitor& monitor);

/// Order statistics of a length over all pairs of classes (quantiles of type 7).
struct PairLengths {
    double minimum = 0, lowerQuartile = 0, median = 0, upperQuartile = 0, maximum = 0;
    /// Largest over smallest: 1 when all classes are equally far apart. Absent when two classes have the same row.
    [[nodiscard]] std::optional<double> ratio() const
    {
        return minimum > 0 ? std::optional(maximum / minimum) : std::nullopt;
    }
    bool operator==(const PairLengths&) const = default;
};

/// How equally far apart the rows of the last layer are: |w_i - w_j| of all pairs of classes.
struct HeadSummary {
    int classes = 0;
    int features = 0;
    std::string layer;
    PairLengths l1; ///< dual to a change of features in Linf; the box plot of the paper's repository
    PairLengths l2;
    bool operator==(const HeadSummary&) const = default;
};
[[nodiscard]] HeadSummary summaryOf(const ClassifierHead& head);
[[nodiscard]] Json toJson(const HeadSummary& summary);
/// @throws Json::exception for what is no summary.
[[nodiscard]] HeadSummary headSummaryFrom(const Json& json);

/// Scores of one image that need the last layer, beside the logit margin they divide.
struct HeadScores {
    std::int64_t top = 0;            ///< class of the largest logit, the smaller index of equals
    std::int64_t runnerUp = 0;
    double logitMargin = 0;          ///< f_1 - f_2
    double outputDistance = 0;       ///< (f_1 - f_2) / |w_1 - w_2|_1, to the runner-up; infinite for equal rows
    double nearestBoundary = 0;      ///< the smallest (f_1 - f_j) / |w_1 - w_j|_1 of all classes j
};
/// @param logits [K] of the image. @throws Error(Shape) for another count than the head's.
[[nodiscard]] HeadScores headScores(const ClassifierHead& head, std::span<const double> logits);

} // namespace brink
