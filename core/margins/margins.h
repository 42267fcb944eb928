// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/margins/consistency.h"
#include "core/margins/robustestimate.h"
#include "core/study/studyresults.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// What is compared with the input margin.
enum class MarginScore { LogitMargin, ProbabilityMargin, MaxProbability, LabelProbability, OutputDistance };
[[nodiscard]] const std::vector<MarginScore>& marginScores();
[[nodiscard]] std::string marginScoreName(MarginScore score);  ///< "logit-margin"
[[nodiscard]] std::string marginScoreLabel(MarginScore score); ///< "logit margin"
/// @throws Error(Usage) naming the nearest.
[[nodiscard]] MarginScore marginScoreFromName(std::string_view name);

/// Which margins of a study are looked at.
struct MarginQuery {
    Norm norm = Norm::Linf;
    /// Ids of the attacks whose smallest distance counts; empty: all of the study, whatever norm they minimise.
    std::vector<std::string> analyses{};
    MarginScore score = MarginScore::LogitMargin;
    bool correctOnly = false;                  ///< only images that the model classifies correctly
    std::optional<double> eps{};               ///< budget up to which an image is brittle, pixel units; absent: customaryEps()
    std::optional<double> threshold{};         ///< of the score; absent: the one of largest balanced accuracy
    bool operator==(const MarginQuery&) const = default;
};

/// The budget at which a norm's margins are customarily cut: Linf 8/255, L2 0.5, L1 12 (RobustBench), L0 10.
[[nodiscard]] double customaryEps(Norm norm);
[[nodiscard]] inline double epsOf(const MarginQuery& query) { return query.eps.value_or(customaryEps(query.norm)); }

/// The wanted norm where an attack of the study minimises it, else the norm of the first attack: distances that nobody
/// minimised are far from a margin.
[[nodiscard]] Norm minimisedNorm(const Study& study, Norm wanted);

/// One image: its input margin is the distance to the nearest image of another class that any attack found, an upper bound.
struct MarginRow {
    std::int32_t image = 0;             ///< place in StudyResults::images
    bool isCorrect = false;
    std::optional<double> margin;       ///< absent: no attack found another class
    int foundBy = -1;                   ///< analysis
    std::int64_t forwards = 0, backwards = 0; ///< of all attacks together
    OutputScores scores;
};

/// Input margins of one model.
struct ModelMargins {
    int model = 0;
    Norm norm = Norm::Linf;
    std::vector<MarginRow> rows;        ///< ascending by image; images that no attack has looked at are left out
    std::int64_t unbroken = 0;          ///< rows without a margin
};

/// @throws Error(Usage) for an analysis that the study has not.
[[nodiscard]] ModelMargins marginsOf(const StudyResults& results, int model, const MarginQuery& query);

[[nodiscard]] double scoreOf(const OutputScores& scores, MarginScore score);
/// Score beside margin, those rows whose score is known, in their order. @param rows receives their places in `margins.rows`.
[[nodiscard]] std::vector<ScoredMargin> scoredMargins(const ModelMargins& margins, MarginScore score, std::vector<std::size_t>* rows = nullptr);

/// Share of the images still right when they may be moved by eps: correct and with a larger margin. An upper bound like the margins.
/// Over all images predicted where only the correct ones were attacked.
[[nodiscard]] std::optional<double> robustAccuracyAt(const StudyResults& results, const ModelMargins& margins, double eps);

/// The same for all images where margins are known of some only, by the score of the others; absent where every correct image with
/// a score has a margin, or none has.
[[nodiscard]] std::optional<RobustAccuracyEstimate> estimatedRobustAccuracyAt(
    const StudyResults& results, const ModelMargins& margins, MarginScore score, double eps);

} // namespace brink
