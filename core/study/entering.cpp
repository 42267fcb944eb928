// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/entering.h"

#include "core/base/error.h"
#include "core/study/predictions.h"

#include <algorithm>

namespace brink {

namespace {

/// Predictions are asked for in parts: the first few hundred images may be all that is wanted.
constexpr std::size_t part = 512;

} // namespace

std::vector<std::int64_t> enteringImages(const std::shared_ptr<const Classifier>& model, const Dataset& dataset, const std::vector<std::int64_t>& indices, bool onlyRight,
    std::size_t wanted, Monitor& monitor)
{
    std::vector<std::int64_t> entering;
    for (std::size_t begin = 0; begin < indices.size() && entering.size() < wanted && !monitor.stopRequested(); begin += part) {
        const std::size_t end = std::min(begin + part, indices.size());
        // What is not asked about counts as known.
        Predictions predictions(std::size_t(dataset.size()), ImagePrediction{ImagePrediction::State::Refused});
        for (std::size_t i = begin; i < end; ++i)
            predictions[std::size_t(indices[i])] = {};
        predictions = predictSet(model, dataset, std::move(predictions), monitor);
        for (std::size_t i = begin; i < end && entering.size() < wanted; ++i) {
            const ImagePrediction& prediction = predictions[std::size_t(indices[i])];
            if (prediction.state == ImagePrediction::State::Known && (!onlyRight || !prediction.isWrong()))
                entering.push_back(indices[i]);
        }
    }
    if (entering.empty() && !monitor.stopRequested())
        throw Error(ErrorCode::Domain, "No image enters: " + model->card().name + " classifies none of the chosen ones correctly; let wrong ones enter, too.");
    return entering;
}

} // namespace brink
