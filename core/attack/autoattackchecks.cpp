// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/autoattackchecks_torch.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr int passes = 5;
constexpr double mostDifference = 1e-4; ///< between normalised logits of two passes
constexpr double squareLead = 0.002;    ///< of accuracy

bool isTargetedRatio(const AutoAttackStage& stage)
{
    return stage.attack.name == "apgd" && stage.attack.parameters.text("loss") == "dlr-targeted";
}

bool isRatio(const AutoAttackStage& stage) { return stage.attack.name == "apgd" && stage.attack.parameters.text("loss") != "cross-entropy"; }

} // namespace

bool answersAtRandom(Evaluator& evaluator, const at::Tensor& images)
{
    std::vector<at::Tensor> outputs;
    for (int pass = 0; pass < passes; ++pass) {
        const at::Tensor logits = evaluator.logits(images);
        outputs.push_back(logits / at::linalg_vector_norm(logits, 2, at::IntArrayRef{1}, true).add(1e-10));
    }
    for (std::size_t i = 0; i < outputs.size(); ++i)
        for (std::size_t j = i + 1; j < outputs.size(); ++j)
            if (!outputs[i].argmax(1).equal(outputs[j].argmax(1))
                || at::linalg_vector_norm(outputs[i] - outputs[j], 2, at::IntArrayRef{1}).max().item<double>() > mostDifference)
                return true;
    return false;
}

Warnings modelWarnings(const Classifier& classifier, AutoAttackVersion version, bool isRandom)
{
    Warnings warnings;
    if (isRandom && version != AutoAttackVersion::Rand)
        warnings.push_back({"random-model", "The model gives other outputs for the same images: use version rand, which attacks the mean of many passes."});
    if (!isRandom && version == AutoAttackVersion::Rand)
        warnings.push_back({"repeatable-model", "The model gives the same outputs again: version standard attacks it harder than rand."});
    if (classifier.givesProbabilities())
        warnings.push_back({"probabilities", "The model gives probabilities; their logarithms are taken as logits, which may hide gradients."});
    return warnings;
}

Warnings classWarnings(int classes, std::span<const AutoAttackStage> stages)
{
    Warnings warnings;
    const bool isMissing = classes < 3 ? std::ranges::any_of(stages, isRatio) : classes < 4 && std::ranges::any_of(stages, isTargetedRatio);
    if (isMissing)
        warnings.push_back({"few-classes",
            "With " + std::to_string(classes) + " classes there is no difference of logits ratio" + (classes == 3 ? " towards a class" : "")
                + "; the margin is driven instead, so the run is not quite AutoAttack."});
    for (const AutoAttackStage& stage : stages)
        if (stage.attack.parameters.contains("targets") && stage.attack.parameters.integer("targets") >= classes) {
            warnings.push_back({"few-targets", "Only " + std::to_string(classes - 1) + " other classes are there for " + stage.name + "."});
            break;
        }
    return warnings;
}

Warnings runWarnings(const AutoAttackLevel& level)
{
    Warnings warnings;
    const std::string where = " (eps " + formatReal(level.eps, 6) + ")";
    double whiteBox = 1;
    std::int64_t zeroGradients = 0;
    for (const AutoAttackStageResult& stage : level.stages) {
        zeroGradients = std::max(zeroGradients, stage.zeroGradients);
        if (stage.name == "square" && stage.robustAccuracy < whiteBox - squareLead)
            warnings.push_back({"square-better",
                "Square lowered the robust accuracy from " + formatReal(100 * whiteBox, 3) + " to " + formatReal(100 * stage.robustAccuracy, 3)
                    + " % after the gradient attacks" + where + ": gradients may be masked; the robustness is probably lower still."});
        whiteBox = std::min(whiteBox, stage.robustAccuracy);
    }
    if (zeroGradients > 0)
        warnings.push_back({"zero-gradients",
            "The first gradient of " + std::to_string(zeroGradients) + " images was exactly zero" + where
                + ": gradient attacks cannot move there, so the robust accuracy may be too high."});
    return warnings;
}

} // namespace brink
