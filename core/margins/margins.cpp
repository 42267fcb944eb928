// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/margins/margins.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <limits>
#include <array>
#include <cmath>
#include <map>

namespace brink {

namespace {

struct ScoreWord {
    MarginScore score;
    const char* name;
    const char* label;
    float OutputScores::*value;
};

constexpr std::array words{
    ScoreWord{MarginScore::LogitMargin, "logit-margin", "logit margin", &OutputScores::logitMargin},
    ScoreWord{MarginScore::ProbabilityMargin, "probability-margin", "probability margin", &OutputScores::probabilityMargin},
    ScoreWord{MarginScore::MaxProbability, "max-probability", "largest probability", &OutputScores::maxProbability},
    ScoreWord{MarginScore::LabelProbability, "label-probability", "probability of the label", &OutputScores::labelProbability},
    ScoreWord{MarginScore::OutputDistance, "output-distance", "output distance", &OutputScores::outputDistance},
};

const ScoreWord& wordOf(MarginScore score) { return *std::ranges::find(words, score, &ScoreWord::score); }

/// Attacks whose distances count.
std::vector<int> attacksOf(const Study& study, const MarginQuery& query)
{
    std::vector<int> attacks;
    std::vector<std::string> known;
    for (int a = 0; a < int(study.analyses.size()); ++a) {
        const StudyAnalysis& analysis = study.analyses[std::size_t(a)];
        if (analysis.kind != AnalysisKind::Attack)
            continue;
        known.push_back(analysis.id);
        if (query.analyses.empty() || std::ranges::find(query.analyses, analysis.id) != query.analyses.end())
            attacks.push_back(a);
    }
    for (const std::string& wanted : query.analyses)
        if (std::ranges::find(known, wanted) == known.end())
            throw Error(ErrorCode::Usage, unknownName("attack of the study", wanted, known));
    return attacks;
}

} // namespace

const std::vector<MarginScore>& marginScores()
{
    static const std::vector<MarginScore> all = [] {
        std::vector<MarginScore> scores;
        for (const ScoreWord& word : words)
            scores.push_back(word.score);
        return scores;
    }();
    return all;
}

std::string marginScoreName(MarginScore score) { return wordOf(score).name; }
std::string marginScoreLabel(MarginScore score) { return wordOf(score).label; }

MarginScore marginScoreFromName(std::string_view name)
{
    std::vector<std::string> known;
    for (const ScoreWord& word : words) {
        if (name == word.name)
            return word.score;
        known.emplace_back(word.name);
    }
    throw Error(ErrorCode::Usage, unknownName("score", std::string(name), known));
}

Norm minimisedNorm(const Study& study, Norm wanted)
{
    std::optional<Norm> first;
    for (const StudyAnalysis& analysis : study.analyses) {
        if (analysis.kind != AnalysisKind::Attack)
            continue;
        if (analysis.attack.norm == wanted)
            return wanted;
        if (!first)
            first = analysis.attack.norm;
    }
    return first.value_or(wanted);
}

double customaryEps(Norm norm)
{
    switch (norm) {
    case Norm::Linf: return 8.0 / 255;
    case Norm::L2: return 0.5;
    case Norm::L1: return 12;
    case Norm::L0: return 10;
    }
    return 0;
}

ModelMargins marginsOf(const StudyResults& results, int model, const MarginQuery& query)
{
    ModelMargins margins;
    margins.model = model;
    margins.norm = query.norm;
    std::map<std::int32_t, MarginRow> rows;
    for (const int attack : attacksOf(results.study, query)) {
        for (const StudyAttackRow& found : results.cell(attack, model).attack) {
            MarginRow& row = rows[found.image];
            row.image = found.image;
            row.forwards += found.forwards;
            row.backwards += found.backwards;
            const double distance = found.distance.in(query.norm);
            if (found.success && (!row.margin || distance < *row.margin)) {
                row.margin = distance;
                row.foundBy = attack;
            }
        }
    }
    for (auto& [image, row] : rows) {
        row.isCorrect = results.isCorrect(model, image);
        if (query.correctOnly && !row.isCorrect)
            continue;
        row.scores = results.outputScores(model, image);
        margins.unbroken += row.margin ? 0 : 1;
        margins.rows.push_back(row);
    }
    return margins;
}

double scoreOf(const OutputScores& scores, MarginScore score) { return double(scores.*wordOf(score).value); }

std::vector<ScoredMargin> scoredMargins(const ModelMargins& margins, MarginScore score, std::vector<std::size_t>* rows)
{
    std::vector<ScoredMargin> scored;
    for (std::size_t i = 0; i < margins.rows.size(); ++i) {
        const MarginRow& row = margins.rows[i];
        const double value = scoreOf(row.scores, score);
        if (!std::isfinite(value))
            continue;
        scored.push_back({value, row.margin.value_or(std::numeric_limits<double>::infinity())});
        if (rows)
            rows->push_back(i);
    }
    return scored;
}

std::optional<double> robustAccuracyAt(const StudyResults& results, const ModelMargins& margins, double eps)
{
    std::int64_t known = 0, correct = 0, attacked = 0, safe = 0;
    for (std::size_t image = 0; image < results.images.size(); ++image) {
        if (results.predicted[std::size_t(margins.model)][image] < 0 && !results.isCorrect(margins.model, int(image)))
            continue;
        ++known;
        correct += results.isCorrect(margins.model, int(image)) ? 1 : 0;
    }
    for (const MarginRow& row : margins.rows) {
        attacked += row.isCorrect ? 1 : 0;
        safe += row.isCorrect && (!row.margin || *row.margin > eps) ? 1 : 0;
    }
    if (known == 0 || (attacked == 0 && correct > 0))
        return std::nullopt;
    return correct == 0 ? 0.0 : double(correct) / double(known) * double(safe) / double(attacked);
}

std::optional<RobustAccuracyEstimate> estimatedRobustAccuracyAt(
    const StudyResults& results, const ModelMargins& margins, MarginScore score, double eps)
{
    std::map<std::int32_t, double> measured;
    for (const MarginRow& row : margins.rows)
        measured.emplace(row.image, row.margin.value_or(std::numeric_limits<double>::infinity()));
    std::vector<ScoredImage> images;
    bool hasOthers = false;
    for (int image = 0; image < int(results.images.size()); ++image) {
        const double value = scoreOf(results.outputScores(margins.model, image), score);
        if (!std::isfinite(value))
            continue;
        const auto margin = measured.find(image);
        const bool isMeasured = margin != measured.end(), isCorrect = results.isCorrect(margins.model, image);
        hasOthers = hasOthers || (isCorrect && !isMeasured);
        images.push_back({value, isCorrect, isMeasured ? std::optional(margin->second) : std::nullopt});
    }
    if (!hasOthers || std::ranges::none_of(images, [](const ScoredImage& image) { return image.margin.has_value(); }))
        return std::nullopt;
    return estimateRobustAccuracy(images, eps, results.study.seed);
}

} // namespace brink
