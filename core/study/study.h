// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack.h"
#include "core/clever/clever.h"
#include "core/study/targetrule.h"

#include <cstdint>
#include <string>
#include <vector>

namespace brink {

/// One classifier of a study.
struct StudyModel {
    std::string path;
    std::string name;      ///< unique in the study; the card's name, or the file's
    std::string family;    ///< architecture family: colour, marker and grouping; the card's unless given; may be empty
    Json card = Json::object(); ///< overrides of the card beside the file
    /// Class of the data set plus this is the class of the model: 1 for ImageNet models with a background class first.
    int classOffset = 0;
    bool operator==(const StudyModel&) const = default;
};

/// Which images of a data set a study looks at.
struct StudyImages {
    std::string path;
    std::string range;     ///< text after '#'; empty: all
    std::string labels;    ///< label file; empty: labels of the source
    bool operator==(const StudyImages&) const = default;
};

/// Which of these images an analysis of a model works on.
enum class EntryRule {
    Correct,      ///< those that this model classifies correctly (the survey's main sets)
    CorrectOnAll, ///< those that every model classifies correctly (the survey's common set)
    All,
};
[[nodiscard]] std::string entryRuleName(EntryRule rule); ///< "correct", "correct-on-all", "all"

/// Those after CLEVER look at all images of a model together (core/study/boundaryanalysis.h).
enum class AnalysisKind { Attack, Clever, Curvature, Detection, Regions, Certified };
[[nodiscard]] inline bool isOfBoundary(AnalysisKind kind) { return kind != AnalysisKind::Attack && kind != AnalysisKind::Clever; }

/// One thing done to every model: an attack with its parameters and one rule for targets, CLEVER, or a survey of its decision boundary.
struct StudyAnalysis {
    std::string id;        ///< unique in the study, made of what differs: "bim-linf-steps30-eps0.03-random"
    std::string label;     ///< for people: "I-FGSM, 30 steps, eps 0.03, random target"
    AnalysisKind kind = AnalysisKind::Attack;
    TargetRule target;     ///< CLEVER: untargeted is the minimum over targets
    AttackRequest attack;  ///< Attack only
    CleverRequest clever;  ///< Clever only
    Json cleverParameters = Json::object(); ///< Clever only: as written, complete
    Params boundary;       ///< of those that look at all images of a model together
    std::int64_t images = 0; ///< only the first so many entering images of each model; 0: all
    bool transfers = false;  ///< the adversarial images are shown to every other model

    /// Surveys of the boundary are in L2, certified radii in the norm that is a parameter of theirs.
    [[nodiscard]] Norm norm() const;
};

/// Models x images x analyses with a seed. A value: equal studies give equal results.
/// Source of the protocol: Su et al. 2018 (arXiv 1808.01688), section 3.
struct Study {
    std::string name;
    std::uint64_t seed = 1;
    std::vector<StudyModel> models;
    StudyImages images;
    EntryRule entry = EntryRule::Correct;
    std::vector<StudyAnalysis> analyses;
    /// Adversarial images stay in the result file; otherwise they leave it once every model has seen them.
    bool keepsAdversarials = true;
    /// Images of one unit of an attack, the least that is ever computed again; 0: by what the attack costs, from 10 for C&W with
    /// thousands of steps to 200 for a handful.
    int block = 0;
};

/// A study as a person writes it. Lists in "set", "target" and "norm" stand for every combination; a model may be a pattern
/// ("models/cifar10_*.pt"). Relative paths start at `folder`.
/// @throws Error(Format|Usage|Domain|Io) naming the key and what would be right.
[[nodiscard]] Study studyFromJson(const Json& json, const std::string& folder);
/// One entry per analysis, every parameter written out; studyFromJson gives the same study back.
[[nodiscard]] Json toJson(const Study& study);

} // namespace brink
