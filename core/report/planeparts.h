// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/warning.h"
#include "core/data/image.h"
#include "core/figure/figure.h"
#include "core/model/classifier.h"

#include <cstdint>
#include <string>

namespace brink::report {

/// What the figures of planes and paths share.

/// Where a result comes from.
struct PlaneSource {
    std::string modelName, modelSha256;
    const Image* image = nullptr; ///< null: of many images
    std::int64_t index = 0;
    std::uint64_t seed = 0;
    EvaluationCounts counts{};
    double seconds = 0;
    bool partial = false;
};

/// The block embedded in every exported figure. @param parameters of the analysis, as run.
[[nodiscard]] Json planeProvenance(const PlaneSource& source, Json parameters, const Warnings& warnings);

/// A class keeps its colour in every figure: by its index, the eight categories first, then the same colours with one of three
/// hatches, then from the start again.
[[nodiscard]] ColourRole classRole(std::int64_t label);
[[nodiscard]] int classHatch(std::int64_t label);

/// A round step that gives about so many levels up to `most`: 1, 2 or 5 times a power of ten.
[[nodiscard]] double roundStep(double most, int levels);

} // namespace brink::report
