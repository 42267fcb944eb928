// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/figure/contours.h"
#include "core/report/figureparts.h"
#include "core/report/marginparts.h"
#include "core/stats/density.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace brink {

using namespace report;

namespace {

constexpr std::size_t mostPanels = 4;
constexpr int bins = 12;
/// Axes end here; single far images would press all others to the left. Those beyond stand at the edge with an arrow.
constexpr double shownQuantile = 0.98;
constexpr double edge = 0.98; ///< of the axis, where they stand
/// From so many points on they hide one another, so that lines around most of them say where they lie.
constexpr std::size_t crowd = 200;

std::string imageTip(const StudyResults& results, const MarginsOfModel& model, std::size_t i, const MarginQuery& query)
{
    const MarginRow& row = model.margins.rows[model.rows[i]];
    const StudyImageFacts& image = results.images[std::size_t(row.image)];
    std::string tip = "image " + std::to_string(image.index) + ": ";
    if (row.margin)
        tip += "input margin " + formatReal(*row.margin) + " " + normLabel(query.norm) + " ("
            + analysisLabel(results.study.analyses[std::size_t(row.foundBy)]) + ")";
    else
        tip += "no attack found another class";
    tip += ", " + marginScoreLabel(query.score) + " " + formatReal(model.scored[i].score);
    return tip + (row.isCorrect ? "" : ", misclassified");
}

/// The points of one kind.
class Points {
public:
    Points(std::string id, std::string name, ColourRole role, Marker marker, bool isOpen, double sizePt)
    {
        m_layer.id = std::move(id);
        m_layer.name = std::move(name);
        m_layer.role = role;
        m_layer.marker = marker;
        m_layer.isOpen = isOpen;
        m_layer.sizePt = sizePt;
    }
    void add(double x, double y, std::string tip, DataRef ref)
    {
        m_x.push_back(x);
        m_y.push_back(y);
        m_layer.tips.push_back(std::move(tip));
        m_layer.refs.push_back(std::move(ref));
    }
    void addTo(Panel& panel, Arrow arrow = Arrow::None)
    {
        if (m_x.empty())
            return;
        m_layer.arrow = arrow;
        m_layer.x = makeColumn(std::move(m_x));
        m_layer.y = makeColumn(std::move(m_y));
        panel.layers.emplace_back(std::move(m_layer));
    }

private:
    ScatterLayer m_layer;
    std::vector<double> m_x, m_y;
};

/// Quartiles of the score in bins of the input margin, as a band below the points, and the line of medians that lies above them.
std::optional<LineLayer> addQuartiles(Panel& panel, const MarginsOfModel& model, double end)
{
    std::vector<double> x, median, low, high;
    for (const MarginBin& bin : marginBins(model.scored, end, bins)) {
        if (bin.images < 3)
            continue;
        x.push_back((bin.low + bin.high) / 2);
        median.push_back(bin.median);
        low.push_back(bin.lowerQuartile);
        high.push_back(bin.upperQuartile);
    }
    if (x.size() < 2)
        return std::nullopt;
    const Column at = makeColumn(std::move(x));
    panel.layers.emplace_back(BandLayer{"quartiles", "quartiles of bins", at, makeColumn(std::move(low)), makeColumn(std::move(high)), ColourRole::Muted});
    LineLayer line{"medians", "medians of bins", at, makeColumn(std::move(median)), ColourRole::Text};
    line.widthPt = 1.4;
    return line;
}

void addPoints(Panel& panel, const StudyResults& results, const MarginsOfModel& model, const MarginQuery& query, double end)
{
    const double eps = epsOf(query);
    const double size = model.scored.size() < 5 * crowd ? 2.6 : 1.8;
    Points robust("robust", "farther than ε", ColourRole::Series1, Marker::Circle, true, size);
    Points brittle("brittle", "brittle: within ε", ColourRole::Series6, Marker::Circle, false, size);
    Points wrong("misclassified", "misclassified", ColourRole::Muted, Marker::Cross, false, size);
    Points beyond("beyond", "beyond the axis", ColourRole::Series1, Marker::Diamond, true, size);
    for (std::size_t i = 0; i < model.scored.size(); ++i) {
        const ScoredMargin& point = model.scored[i];
        const MarginRow& row = model.margins.rows[model.rows[i]];
        const bool isFar = point.margin > end;
        Points& kind = isFar ? beyond : !row.isCorrect ? wrong : point.margin <= eps ? brittle : robust;
        kind.add(isFar ? edge * end : point.margin, point.score, imageTip(results, model, i, query),
            {imageRefKind, std::to_string(model.margins.model) + "," + std::to_string(row.image)});
    }
    robust.addTo(panel);
    brittle.addTo(panel);
    wrong.addTo(panel);
    beyond.addTo(panel, Arrow::Right);
}

/// The smallest regions that hold half and nine tenths of the images that are right and on the axes.
void addCrowd(Panel& panel, const MarginsOfModel& model, double end, double top)
{
    std::vector<double> x, y;
    for (std::size_t i = 0; i < model.scored.size(); ++i)
        if (model.scored[i].margin <= end && model.margins.rows[model.rows[i]].isCorrect) {
            x.push_back(model.scored[i].margin);
            y.push_back(model.scored[i].score);
        }
    if (x.size() < crowd)
        return;
    constexpr int cells = 80;
    const DensityGrid density = densityOver(x, y, {0, end, 0, top}, cells, cells);
    const std::vector<std::int16_t> everywhere(density.values.size(), 0);
    for (const auto& [share, name, width] : {std::tuple{0.5, "50 % of the images", 1.3}, std::tuple{0.9, "90 % of the images", 0.7}}) {
        int number = 0;
        for (const GridLine& line : isoLines(density.values, everywhere, cells, cells, levelHolding(density, share))) {
            std::vector<double> lineX, lineY;
            for (const auto& [column, row] : line) {
                lineX.push_back(column / cells * end);
                lineY.push_back((1 - row / cells) * top);
            }
            LineLayer edgeLine{"crowd " + std::to_string(int(100 * share)) + " " + std::to_string(++number), number == 1 ? name : ""};
            edgeLine.x = makeColumn(std::move(lineX));
            edgeLine.y = makeColumn(std::move(lineY));
            edgeLine.role = ColourRole::Series2;
            edgeLine.widthPt = width;
            panel.layers.emplace_back(std::move(edgeLine));
        }
    }
}

/// What the threshold finds, for the caption.
std::string countsSentence(const MarginsOfModel& model, const MarginQuery& query)
{
    if (!model.threshold)
        return {};
    const ThresholdCounts counts = countsAt(model.scored, epsOf(query), *model.threshold);
    return "; a " + marginScoreLabel(query.score) + " of at most " + formatReal(*model.threshold) + " finds " + std::to_string(counts.found) + " of "
        + std::to_string(counts.found + counts.missed) + " brittle images with " + std::to_string(counts.falseAlarms) + " of "
        + std::to_string(counts.falseAlarms + counts.passed) + " others as false alarms";
}

double endOf(const std::vector<MarginsOfModel>& models, double eps)
{
    std::vector<double> margins;
    for (const MarginsOfModel& model : models)
        for (const ScoredMargin& point : model.scored)
            if (std::isfinite(point.margin))
                margins.push_back(point.margin);
    return margins.empty() ? 2 * eps : std::max(1.3 * eps, 1.05 * quantile(margins, shownQuantile));
}

Panel panelOf(const StudyResults& results, const MarginsOfModel& model, const StudySelection& selection, double end)
{
    const MarginQuery& query = selection.margins;
    Panel panel;
    panel.id = "model " + std::to_string(model.margins.model);
    panel.title = shortNames(results)[std::size_t(model.margins.model)];
    if (model.consistency)
        panel.title += ", τ_{b} " + threeDigits(model.consistency->tau);
    panel.keepsTitle = true;
    panel.x.label = marginAxis(query.norm);
    panel.x.range = std::array{0.0, end};
    panel.y.label = marginScoreLabel(query.score);
    double largest = 0;
    for (const ScoredMargin& point : model.scored)
        largest = std::max(largest, point.score);
    constexpr double headroom = 1.05;
    const double top = headroom * largest + 1e-9;
    panel.y.range = std::array{0.0, top};
    panel.legend = LegendPlace::None;
    std::optional<LineLayer> medians = addQuartiles(panel, model, end);
    addPoints(panel, results, model, query, end);
    if (medians)
        panel.layers.emplace_back(std::move(*medians));
    addCrowd(panel, model, end, top);
    RuleLayer budget{"eps", {}};
    budget.at = epsOf(query);
    budget.dash = Dash::Dashed;
    budget.role = ColourRole::Text;
    panel.layers.emplace_back(std::move(budget));
    if (model.threshold) {
        RuleLayer threshold{"threshold", {}, Orientation::Horizontal, *model.threshold, ColourRole::Text, Dash::Dotted};
        panel.layers.emplace_back(std::move(threshold));
    }
    return panel;
}

Panel keyPanel(const Panel& shown, const MarginQuery& query, int row)
{
    KeyLayer key;
    key.id = "key";
    for (const Layer& layer : shown.layers) {
        if (const auto* points = std::get_if<ScatterLayer>(&layer))
            key.entries.push_back({points->name, points->role, points->marker, points->isOpen});
        else if (const auto* line = std::get_if<LineLayer>(&layer); line && !line->name.empty())
            key.entries.push_back({line->name, line->role, std::nullopt, false, line->dash, line->widthPt});
    }
    key.entries.push_back({"ε = " + epsText(epsOf(query), query.norm), ColourRole::Text, std::nullopt, false, Dash::Dashed, 1});
    key.entries.push_back({"threshold of the score", ColourRole::Text, std::nullopt, false, Dash::Dotted, 1});
    Panel panel;
    panel.id = "key";
    panel.row = row;
    panel.legend = LegendPlace::None;
    panel.x.isVisible = panel.y.isVisible = false;
    panel.heightEm = 1.4 * std::ceil(double(key.entries.size()) / 3);
    panel.layers.emplace_back(std::move(key));
    return panel;
}

std::string caption(const StudyResults& results, const StudySelection& selection, const std::vector<MarginsOfModel>& models, std::size_t all)
{
    const MarginQuery& query = selection.margins;
    std::string text = "How far each image is from another class against what the model's output says (" + marginScoreLabel(query.score)
        + "; Ngnawé et al. 2024). " + marginSentence(results, query) + " ";
    for (const MarginsOfModel& model : models) {
        text += results.study.models[std::size_t(model.margins.model)].name + ": " + countText(std::ssize(model.scored)) + " images";
        if (model.margins.unbroken > 0)
            text += ", on " + std::to_string(model.margins.unbroken) + " no attack succeeded";
        text += ", Kendall's tau-b " + tauText(model.consistency) + countsSentence(model, query) + ". ";
    }
    text += "Images within ε = " + epsText(epsOf(query), query.norm) + " are called brittle; the dotted line is "
        + (query.threshold ? "the chosen threshold" : "the threshold of largest balanced accuracy") + " of the score. ";
    if (std::ranges::any_of(models, [](const MarginsOfModel& model) { return model.scored.size() >= crowd; }))
        text += "Where points are many, lines surround the smallest regions with half and with 90 % of the images that are classified right (kernel density). ";
    if (all > models.size())
        text += "The first " + std::to_string(models.size()) + " of " + std::to_string(all) + " models; choose others by name. ";
    return text + studySentence(results) + leftOutSentence(results);
}

std::optional<Figure> makeMargins(const StudyResults& results, const StudySelection& selection)
{
    std::vector<MarginsOfModel> models = marginsOfModels(results, selection);
    const std::size_t all = models.size();
    if (models.empty())
        return std::nullopt;
    models.resize(std::min(models.size(), mostPanels));
    const double end = endOf(models, epsOf(selection.margins));
    Figure figure;
    figure.name = "margins";
    figure.caption = caption(results, selection, models, all);
    for (std::size_t i = 0; i < models.size(); ++i) {
        Panel panel = panelOf(results, models[i], selection, end);
        panel.row = int(i) / 2;
        panel.column = int(i) % 2;
        figure.panels.push_back(std::move(panel));
    }
    const int rows = (int(models.size()) + 1) / 2;
    const Panel widest = *std::ranges::max_element(figure.panels, {}, [](const Panel& panel) { return panel.layers.size(); });
    figure.panels.push_back(keyPanel(widest, selection.margins, rows));
    figure.aspect = models.size() == 1 ? 0.72 : models.size() == 2 ? 0.5 : 0.95;
    return figure;
}

} // namespace

StudyFigureInfo marginsStudyFigure()
{
    return {"margins", "Margins", "Input margin of every image against the margin of the logits, with the images that a budget breaks",
        withStudyProvenance<makeMargins>};
}

} // namespace brink
