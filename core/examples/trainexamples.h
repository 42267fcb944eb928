// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace brink {

/// How much work goes into the example models. The defaults made the files that come with Brink.
struct TrainingEffort {
    int trainingImages = 12000;
    int testImages = 2000; ///< to measure the accuracy, none of them in training
    int epochs = 8;
    std::vector<std::string> only; ///< names of the nets to train; empty: all
};

struct TrainedExample {
    std::string name;         ///< file name without ending: "mlp", "cnn", "cnn-distilled", "cnn-brelu", "cnn-pgd", "cnn-smooth"
    std::string path;         ///< of the TorchScript file
    double accuracy = 0;      ///< share of testImages that is classified correctly
    std::int64_t testImages = 0;
    std::int64_t storedImages = 0;  ///< the first of the test images, written beside the models
    std::int64_t storedCorrect = 0; ///< how many of these are classified correctly
};

/// Trains the nets of the CLEVER paper in miniature on glyphs of our own and writes into `folder`, for each, NAME.pt
/// (TorchScript: 1 x 28 x 28 in [0,1] -> 10 logits) and NAME.card.json; and 100 test images with labels as IDX and classes.txt.
///   mlp            784-128-64-10, ReLU
///   cnn            two convolutions with max-pooling and two linear layers, ReLU
///   cnn-distilled  the same after defensive distillation at T = 100 (Papernot et al. 2016); the file gives the logits at T = 1
///   cnn-brelu      the same with min(max(x,0),1) for ReLU (Zantedeschi et al. 2017)
///   cnn-pgd        the same trained on PGD examples, Linf 0.1, 5 steps (Madry et al. 2018)
///   cnn-smooth     the same with softplus and average-pooling, so that second derivatives exist
/// The same seed gives the same files with the same LibTorch, processor kind and number of inner threads.
/// When the monitor asks to stop, the finished nets are returned and the unfinished one is not written.
/// @throws Error(Io) when the folder cannot be written, Error(Domain) for an effort below one image or epoch,
/// Error(Usage) for an unknown name in `only`.
std::vector<TrainedExample> trainExamples(const std::string& folder, std::uint64_t seed, Monitor& monitor,
    const TrainingEffort& effort = {});

} // namespace brink
