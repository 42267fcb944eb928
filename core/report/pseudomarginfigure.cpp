// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/pseudomarginfigure.h"

#include "core/report/figureparts.h"
#include "core/report/marginparts.h"
#include "core/report/studyparts.h"

#include <algorithm>
#include <numeric>

namespace brink::report {

namespace {

ScatterLayer pointsOf(const StudyResults& results, const StudyPseudoMargin& learned, bool isHeldOut)
{
    std::vector<double> x, y;
    ScatterLayer points;
    for (std::size_t i = 0; i < learned.images.size(); ++i) {
        if (learned.result.isHeldOut[i] != isHeldOut)
            continue;
        x.push_back(learned.margins[i]);
        y.push_back(learned.result.pseudoMargins[i]);
        points.tips.push_back("image " + std::to_string(results.images[std::size_t(learned.images[i])].index) + ": input margin " + threeDigits(x.back())
            + ", learned " + threeDigits(y.back()));
        points.refs.push_back({imageRefKind, std::to_string(learned.model) + "," + std::to_string(learned.images[i])});
    }
    points.id = isHeldOut ? "held out" : "training";
    points.name = isHeldOut ? "held-out images" : "training images";
    points.role = isHeldOut ? ColourRole::Series6 : ColourRole::Muted;
    points.isOpen = !isHeldOut;
    points.sizePt = 2.6;
    points.x = makeColumn(std::move(x));
    points.y = makeColumn(std::move(y));
    return points;
}

LineLayer lossLine(const char* name, const std::vector<double>& losses, ColourRole role, Dash dash)
{
    std::vector<double> epochs(losses.size());
    std::iota(epochs.begin(), epochs.end(), 1);
    LineLayer line{name, name, makeColumn(std::move(epochs)), makeColumn(losses), role};
    line.dash = dash;
    return line;
}

std::string qualityText(const ScoreQuality& quality)
{
    std::string text = "tau-b " + tauText(quality.consistency);
    if (!quality.detection.empty() && quality.detection.front().auroc)
        text += ", AUROC " + threeDigits(*quality.detection.front().auroc) + ", FPR at 95 % found " + percentText(*quality.detection.front().fpr95);
    return text;
}

} // namespace

std::string pseudoMarginSentence(const StudyPseudoMargin& learned)
{
    const auto heldOut = std::count(learned.result.isHeldOut.begin(), learned.result.isHeldOut.end(), true);
    return std::to_string(heldOut) + " held-out images at ε = " + epsText(epsOf(learned.query), learned.query.norm) + ": logit margin "
        + qualityText(learned.result.before) + "; pseudo-margin " + qualityText(learned.result.after) + ".";
}

std::optional<Figure> pseudoMarginFigure(const StudyResults& results, const StudyPseudoMargin& learned)
{
    if (learned.result.epochs == 0)
        return std::nullopt;
    const std::string& name = results.study.models[std::size_t(learned.model)].name;
    Panel scatter;
    scatter.id = "pseudo-margin";
    scatter.title = "Learned";
    scatter.legend = LegendPlace::TopLeft;
    scatter.x.label = marginAxis(learned.query.norm);
    scatter.y.label = "pseudo-margin";
    scatter.x.includesZero = scatter.y.includesZero = true;
    const double end = *std::ranges::max_element(learned.margins);
    scatter.layers.emplace_back(LineLayer{"equal", {}, makeColumn({0, end}), makeColumn({0, end}), ColourRole::Muted, Dash::Dotted});
    scatter.layers.emplace_back(pointsOf(results, learned, false));
    scatter.layers.emplace_back(pointsOf(results, learned, true));
    Panel losses;
    losses.id = "loss";
    losses.title = "Loss";
    losses.column = 1;
    losses.columnStretch = 0.8;
    losses.legend = LegendPlace::TopRight;
    losses.x.label = "epochs";
    losses.y.label = "mean squared error of √margin";
    losses.y.isLogarithmic = true;
    losses.layers.emplace_back(lossLine("training", learned.result.trainingLoss, ColourRole::Muted, Dash::Dashed));
    losses.layers.emplace_back(lossLine("held out", learned.result.heldOutLoss, ColourRole::Series6, Dash::Solid));
    Figure figure;
    figure.name = "pseudo-margin";
    figure.caption = "Input margin learned from the " + (learned.layer.empty() ? std::string("logits") : "features before the " + learned.layer) + " of " + name
        + " (Ngnawé et al. 2024), " + std::to_string(learned.result.epochs) + " epochs. " + pseudoMarginSentence(learned) + " "
        + marginSentence(results, learned.query) + " " + studySentence(results);
    figure.aspect = 0.5;
    figure.panels = {std::move(scatter), std::move(losses)};
    figure.warnings = learned.result.warnings;
    StudySelection selection;
    selection.margins = learned.query;
    selection.models = {learned.model};
    figure.provenance = studyProvenance(results, selection);
    figure.provenance["pseudoMargin"] = {{"model", name}, {"input", pseudoMarginInputName(learned.result.input)}, {"epochs", learned.result.epochs}};
    return figure;
}

} // namespace brink::report
