// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/monitor.h"
#include "core/base/warning.h"
#include "core/margins/consistency.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// What the pseudo-margin is learned from. The paper speaks of the features, its notebook feeds the logits. Both take thousands of images; the leads of the
/// largest logit over all others, smallest first, are the same for every order of classes and take hundreds.
enum class PseudoMarginInput { Features, Logits, Leads };
[[nodiscard]] const std::vector<PseudoMarginInput>& pseudoMarginInputs();
[[nodiscard]] std::string pseudoMarginInputName(PseudoMarginInput input); ///< "features", "logits", "leads"
/// @throws Error(Usage) naming the nearest.
[[nodiscard]] PseudoMarginInput pseudoMarginInputFromName(const std::string& name);

/// [N,K] logits row by row to [N,K-1]: what the largest of a row is ahead of the others, smallest lead first.
[[nodiscard]] std::vector<float> leadsOf(const std::vector<float>& logits, std::int64_t classes);

/// N images of a model: what the learner sees of each, its input margin, and the logit margin it is to beat.
struct PseudoMarginRequest {
    PseudoMarginInput input = PseudoMarginInput::Features;
    std::int64_t width = 0;           ///< D numbers an image
    std::vector<float> inputs;        ///< [N,D] row by row, as penultimateFeatures gives them
    std::vector<double> margins;      ///< [N] input margins, pixel units; finite, so without images that no attack broke
    std::vector<double> logitMargins; ///< [N]
    std::vector<double> eps;          ///< budgets at which brittle images are to be detected
    double trainingShare = 0.8;       ///< the others are held out; which ones, the seed decides
    int epochs = 500;
    double learningRate = 1e-4;
    int batch = 5000;                 ///< rows a step; the notebook's 4,000 training rows are one batch
    int hidden = 512;
    std::uint64_t seed = 1;
};

/// How well a score stands for the input margin on some images.
struct ScoreQuality {
    std::optional<ConsistencyEstimate> consistency; ///< absent where one side has one value only
    std::vector<Detectability> detection;           ///< for each eps asked for
};

struct PseudoMarginResult {
    PseudoMarginInput input = PseudoMarginInput::Features;
    int epochs = 0;                    ///< done
    bool stopped = false;              ///< before all were
    std::vector<double> trainingLoss;  ///< [epochs] mean squared error of sqrt(margin / scale), as the steps saw it
    std::vector<double> heldOutLoss;   ///< [epochs] after each epoch
    double scale = 1;                  ///< the largest training margin, at least 1: what an output of 1 stands for
    std::vector<double> pseudoMargins; ///< [N] pixel units
    std::vector<bool> isHeldOut;       ///< [N]
    ScoreQuality before;               ///< logit margin, held-out images
    ScoreQuality after;                ///< pseudo-margin, held-out images
    ScoreQuality training;             ///< pseudo-margin, training images: what it could learn by heart
    Warnings warnings;
};

/// Learns sqrt(margin) from what the model makes of an image: D -> hidden (linear) -> hidden (ReLU) -> hidden (ReLU) -> 1 -> sigmoid, mean
/// squared error, Adam (Ngnawé et al. 2024, notebook). Deviations: each input is standardised by its mean and deviation on the training
/// images, since features have any scale; margins above 1 (L2, L1) are divided by the largest of them, since a sigmoid ends at 1.
/// The net is that of the last finished epoch: to choose one by its held-out loss would flatter the held-out figures. A stop keeps it so far.
/// The same request gives the same bits with the same number of LibTorch's threads.
/// @throws Error(Shape|Domain) for sizes that do not fit, numbers that are not finite, margins below 0, or fewer than ten images on either side.
[[nodiscard]] PseudoMarginResult learnPseudoMargin(const PseudoMarginRequest& request, Monitor& monitor);

[[nodiscard]] Json toJson(const ScoreQuality& quality);
[[nodiscard]] Json toJson(const PseudoMarginResult& result);

} // namespace brink
