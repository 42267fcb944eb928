// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/data/dataset.h"
#include "core/model/classifier.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace brink {

/// What a model says about one image of a set, by a forward alone.
struct ImagePrediction {
    enum class State : std::uint8_t {
        Open,    ///< not computed yet
        Known,
        Refused, ///< the file is bad, the size does not fit, or the logits are not finite
    };
    State state = State::Open;
    std::int32_t label = -1;     ///< of the set; -1: none
    std::int32_t predicted = -1; ///< Known only
    float margin = 0;            ///< largest logit minus the second largest; of log-probabilities where the model gives those
    float confidence = 0;        ///< largest softmax probability

    [[nodiscard]] bool isRight() const { return state == State::Known && label >= 0 && label == predicted; }
    [[nodiscard]] bool isWrong() const { return state == State::Known && label >= 0 && label != predicted; }
    bool operator==(const ImagePrediction&) const = default;
};

/// One entry an image, in the order of the set.
using Predictions = std::vector<ImagePrediction>;
using PredictionsPublish = std::function<void(std::shared_ptr<const Predictions>)>;

/// Predicts every image of the set that `known` (empty, or one entry an image) leaves open. Forwards only, in blocks that
/// take about a tenth of a second, so that a stop is felt at once; several times a second what is there is published.
/// Stopped, it returns what it has.
[[nodiscard]] Predictions predictSet(const std::shared_ptr<const Classifier>& model, const Dataset& dataset, Predictions known,
    Monitor& monitor, const PredictionsPublish& publish = {});

/// Clean accuracy with what it was counted from.
struct Accuracy {
    std::int64_t right = 0;
    std::int64_t labelled = 0; ///< predicted images with a label
    std::int64_t done = 0;     ///< predicted or refused
    std::int64_t refused = 0;
    std::int64_t images = 0;   ///< of the set

    [[nodiscard]] bool isComplete() const { return done == images; }
    [[nodiscard]] double share() const { return labelled == 0 ? 0.0 : double(right) / double(labelled); }
    bool operator==(const Accuracy&) const = default;
};
[[nodiscard]] Accuracy accuracyOf(const Predictions& predictions);

} // namespace brink
