// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/studyfigures.h"
#include "core/report/studytables.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace brink::report {

/// Words and choices that the figures and tables of a study share.

/// Index of the selected analysis if it is one of those wanted, else of the first that is; absent without one.
[[nodiscard]] std::optional<int> chosenAnalysis(const StudyResults& results, const StudySelection& selection,
    const std::function<bool(int)>& isWanted);

/// Models that could be opened and give numbers, as in the study.
[[nodiscard]] std::vector<int> workingModels(const StudyResults& results);
/// Models whose clean predictions are there (at least one image) sorted; clustering falls back to families.
[[nodiscard]] std::vector<int> orderedModels(const StudyResults& results, ModelOrder order);

/// Clean predictions of a model over the study's images.
struct CleanCount {
    std::int64_t correct = 0, known = 0;
    [[nodiscard]] std::optional<double> accuracy() const { return known == 0 ? std::nullopt : std::optional(double(correct) / double(known)); }
};
[[nodiscard]] CleanCount cleanCount(const StudyResults& results, int model);
/// Whether the selection leaves the image in.
[[nodiscard]] bool isShown(const StudyResults& results, const StudySelection& selection, int image);
/// Whether the model is among the emphasised ones.
[[nodiscard]] bool isEmphasised(const StudySelection& selection, int model);

/// Names for figures, one a model of the study: without the beginning that all share up to a '_', '-', '/' or space.
[[nodiscard]] std::vector<std::string> shortNames(const StudyResults& results);

/// How a family looks in every figure of the study, by its first appearance there.
struct FamilyLook {
    int index = -1;            ///< -1: the model has no family
    std::string name;          ///< "no family" without one
    ColourRole role = ColourRole::Muted;
    Marker marker = Marker::Circle;
};
[[nodiscard]] FamilyLook familyLook(const StudyResults& results, int model);
/// Those of the models given, in their order in the study, each once.
[[nodiscard]] std::vector<FamilyLook> familyLooks(const StudyResults& results, const std::vector<int>& models);
/// The families, where there are several, and what else has to be named as a panel below a figure; absent without any.
[[nodiscard]] std::optional<Panel> familyKey(const StudyResults& results, const std::vector<int>& models, int row,
    const std::vector<KeyLayer::Entry>& others = {});

/// "I-FGSM, 10 steps, eps 0.03", or the id.
[[nodiscard]] std::string analysisLabel(const StudyAnalysis& analysis);
/// The same with the goal, where a label that a person gave leaves it out.
[[nodiscard]] std::string labelWithGoal(const StudyAnalysis& analysis);
[[nodiscard]] std::string goalText(const TargetRule& rule); ///< "untargeted", "random target"
/// "12.3 %", without decimals from 10 on.
[[nodiscard]] std::string percentText(double share);
/// "55.4 % [44.1, 66.2]", Wilson interval.
[[nodiscard]] std::string rateText(std::int64_t hits, std::int64_t total);
/// What the cards of these models state in a norm, as sentences for a caption; empty without any.
[[nodiscard]] std::string publishedSentence(const StudyResults& results, const std::vector<int>& models, Norm norm);
/// "AutoAttack 57.0 % at ε = 8/255, published (RobustBench)".
[[nodiscard]] std::string publishedText(const PublishedAccuracy& published);

/// "Study cifar16: 16 models, 100 images of test_batch.bin, seed 7." and how far it is; the end of every caption.
[[nodiscard]] std::string studySentence(const StudyResults& results);
/// Models left out and why; empty when all work.
[[nodiscard]] std::string leftOutSentence(const StudyResults& results);

/// Study, hashes of models and images, versions and progress: what every figure and table of the study carries.
[[nodiscard]] Json studyProvenance(const StudyResults& results, const StudySelection& selection);

/// The figure of `make` with warnings and provenance.
template <std::optional<Figure> (*make)(const StudyResults&, const StudySelection&)>
std::optional<Figure> withStudyProvenance(const StudyResults& results, const StudySelection& selection)
{
    std::optional<Figure> figure = make(results, selection);
    if (figure) {
        figure->warnings = results.warnings;
        figure->provenance = studyProvenance(results, selection);
    }
    return figure;
}

} // namespace brink::report
