// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/norm.h"
#include "core/base/warning.h"
#include "core/data/image.h"
#include "core/model/classifier.h"
#include "core/params/params.h"
#include "core/threat/distances.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// One step of an attack on one image. Margin: reference logit minus best other (untargeted), or best other minus
/// target logit (targeted); negative means adversarial. Distance: of this iterate, in the attack's norm.
struct TraceStep {
    int step = 0;
    float loss = 0;
    float margin = 0;
    float distance = 0;
    std::int32_t predicted = 0;
};

/// One iterate that was kept, for looking at.
struct AttackIterate {
    int step = 0; ///< as TraceStep::step
    Image image;
};

/// Quality at which adversarial images are tested for surviving JPEG.
constexpr int survivalJpegQuality = 75;

/// What an attack did to one image. Failure is a value: `success` false, `adversarial`, `distance` and
/// `adversarialClass` absent; never an all-zero image, never distance 0.
struct AttackOutcome {
    std::string name;                       ///< registry name, e.g. "ddn"
    Norm norm = Norm::L2;                   ///< the norm the attack minimised or was bounded in
    std::optional<double> eps;              ///< budget of fixed-budget attacks
    std::int64_t reference = 0;
    std::optional<std::int64_t> target;     ///< absent: untargeted
    bool success = false;                   ///< confirmed by a fresh forward on the clipped image
    bool wasMisclassified = false;          ///< clean image already satisfied the criterion; then distance is absent
    std::optional<std::int64_t> adversarialClass;
    std::optional<Image> adversarial;       ///< best perturbed image, clipped to [0,1]
    /// Where a fixed-budget attack failed: its last perturbed image, which may still fool another model.
    std::optional<Image> attempt;
    std::optional<Distances> distance;
    std::optional<bool> survives8bit;       ///< still adversarial after rounding to k/255
    std::optional<bool> survivesJpeg;       ///< still adversarial after JPEG of survivalJpegQuality and back
    std::string failure;                    ///< why not, one sentence; empty on success
    bool stopped = false;                   ///< interrupted; best so far
    int steps = 0;                          ///< iterations in which this image was still worked on
    EvaluationCounts counts;                ///< exact, for this image
    double seconds = 0;                     ///< wall time of the batch divided by its images
    Json parameters;                        ///< as run
    std::vector<TraceStep> trace;
    /// Ascending; null unless asked for (AttackRequest::iterateBytes); thinned evenly to fit.
    std::shared_ptr<const std::vector<AttackIterate>> iterates;
    Warnings warnings;
};

[[nodiscard]] Json toJson(const AttackOutcome& outcome);

} // namespace brink
