// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/data/preprocessing.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// Everything needed to feed a model and read its answer. From NAME.card.json beside the model, from options,
/// or found by probing; `origin` says which.
struct ModelCard {
    std::string name;
    std::string family;                        ///< "CNN", "MLP", "ResNet" ...; free text, may be empty
    std::optional<std::array<int, 3>> input;   ///< [C,H,W]; absent until probed
    std::array<double, 2> range{0.0, 1.0};     ///< value range the model expects for pixel 0 and 1 before mean/std
    std::vector<double> mean;                  ///< per channel, in units of `range`; empty: none
    std::vector<double> standardDeviation;     ///< per channel; empty: none
    std::string channelOrder = "rgb";          ///< "rgb" or "bgr"
    std::vector<std::string> classNames;       ///< empty: numbers
    ResizeRule resizeRule = ResizeRule::CropCentre;
    bool usesBpda = false;                     ///< identity backward through steps without a gradient, such as rounding; forward as in the file
    bool isTrusted = false;                    ///< `--trust-model`: file and process access in the graph is allowed
    std::string origin = "defaults";           ///< "defaults", "card file", "options", "probed" (joined by " + ")
};

/// Keys: name, family, input [C,H,W], range [black,white], mean, std (one number or one a channel), channelOrder, resize,
/// classes, bpda; `origin` is read over. Trust is never taken from a card, only from an option.
/// @throws Error(Format|Shape|Usage) naming the key, for an unknown key also the nearest.
[[nodiscard]] ModelCard modelCardFromJson(const Json& json);
/// Sets only the keys present, as options do. @throws as modelCardFromJson.
void applyToCard(ModelCard& card, const Json& json);
[[nodiscard]] Json toJson(const ModelCard& card);
/// The card beside the model (`x.card.json` for `x.pt`) or defaults with the file's name.
/// @throws Error(Io|Format) when a card exists and cannot be read.
[[nodiscard]] ModelCard loadModelCard(const std::string& modelPath);

} // namespace brink
