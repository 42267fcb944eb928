// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/warning.h"
#include "core/data/image.h"
#include "core/model/classifier.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace brink {

enum class CheckState { Good, Caution, Alarm };

/// One sanity chip: what was tested, what came out, and what to do when it is not green.
struct ModelCheck {
    std::string code;   ///< "logits", "repeatable", "batch-invariant", "gradients", "range", "shape", "frozen"; "bpda" where it is on
    CheckState state = CheckState::Good;
    std::string finding; ///< one plain sentence with the measured number
    std::string remedy;  ///< empty when good
};

/// Result of `brink card`: facts and checks of a loaded model.
struct ModelReport {
    std::vector<ModelCheck> checks;
    double forwardSecondsPerImage = 0;  ///< at bestBatch()
    double gradientSecondsPerImage = 0; ///< forward plus input gradient, at bestBatch()
    double zeroGradientShare = 0;       ///< of probe images whose input gradient of the margin is exactly zero
};

/// Probes with the given images (model-input size, [0,1]) or, without any, seeded smooth random ones.
[[nodiscard]] ModelReport checkModel(std::shared_ptr<const Classifier> classifier, std::span<const Image> images = {});
[[nodiscard]] Json toJson(const ModelReport& report, const Classifier& classifier);

} // namespace brink
