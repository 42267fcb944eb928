// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/report/transferrates.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace brink {

using namespace report;

namespace {

constexpr int scaleSteps = 100; // one a percent
constexpr double scaleHeightEm = 3.9;
constexpr double summaryHeightEm = 2.7;
constexpr double barWidth = 0.72; // of a cell
constexpr double foot = 0.85;     // of the dendrogram, of its first merge

/// The heatmap with all that stands at its edges, in one panel whose unit is a cell: marks of the families before the names,
/// means as bars at the right and on top, the dendrogram behind the bars.
class TransferPanel {
public:
    TransferPanel(const StudyResults& results, const TransferRates& rates)
        : m_results(results), m_rates(rates), m_names(shortNames(results)), m_cells(double(rates.size())),
          m_strip(std::min(1.0, 0.08 + 0.06 * m_cells)), m_gap(0.1 + 0.02 * m_cells), m_bar(0.2 + 0.1 * m_cells)
    {
    }

    Panel make()
    {
        m_panel.id = transferPanel;
        m_panel.keepsAspect = true;
        m_panel.legend = LegendPlace::None;
        m_panel.x.label = "target (tested on)";
        m_panel.y.label = "source (made on)";
        m_panel.x.hasLine = m_panel.y.hasLine = false;
        m_panel.x.tickAngle = m_cells > 8 ? 90 : 60;
        addNames();
        addMatrix();
        addMarks();
        addBars(Orientation::Horizontal, "source-strength", "as source", m_rates.sourceStrength);
        addBars(Orientation::Vertical, "target-vulnerability", "as target", m_rates.targetVulnerability);
        const double top = barsFrom() + m_bar + std::min(1.0, 0.1 + 0.05 * m_cells);
        double right = barsFrom() + m_bar + std::min(1.6, 0.1 + 0.08 * m_cells); // room for the numbers
        if (m_rates.tree && !m_rates.tree->merges.empty())
            right = addTree(right);
        m_panel.x.range = std::array{-m_strip, right};
        m_panel.y.range = std::array{-m_strip, top};
        addBarTitle(right, top);
        return std::move(m_panel);
    }

private:
    [[nodiscard]] double barsFrom() const { return m_cells + m_gap; }
    [[nodiscard]] const std::string& shown(std::size_t i) const { return m_names[std::size_t(m_rates.models[i])]; }
    [[nodiscard]] const std::string& name(std::size_t i) const { return m_results.study.models[std::size_t(m_rates.models[i])].name; }
    [[nodiscard]] double rowAt(std::size_t i) const { return m_cells - double(i) - 0.5; }
    [[nodiscard]] static double columnAt(std::size_t i) { return double(i) + 0.5; }

    void addNames()
    {
        for (std::size_t i = 0; i < m_rates.size(); ++i) {
            m_panel.x.ticks.emplace_back(columnAt(i), shown(i));
            m_panel.y.ticks.emplace_back(rowAt(i), shown(i));
        }
    }

    [[nodiscard]] std::string tip(std::size_t row, std::size_t column) const
    {
        const std::string pair = name(row) + " → " + name(column) + ": ";
        if (const auto refused = m_results.refusedPairs.find({m_rates.models[row], m_rates.models[column]}); refused != m_results.refusedPairs.end())
            return pair + "refused. " + refused->second;
        const std::optional<TransferCount>& count = m_rates.count(row, column);
        if (!count)
            return pair + "not computed yet";
        return pair + countText(count->hits) + " of " + countText(count->total) + (count->total > 0 ? " = " + rateText(count->hits, count->total) : "")
            + (row == column ? ", the attack's own success" : "");
    }

    void addMatrix()
    {
        HeatmapLayer layer;
        layer.id = "rates";
        layer.rows = layer.columns = int(m_rates.size());
        layer.range = {0, 100};
        std::vector<double> values;
        for (std::size_t row = 0; row < m_rates.size(); ++row) {
            for (std::size_t column = 0; column < m_rates.size(); ++column) {
                const double rate = m_rates.rates.at(row, column);
                values.push_back(100 * rate);
                layer.texts.push_back(std::isfinite(rate) ? std::to_string(std::lround(100 * rate)) : std::string());
                layer.tips.push_back(tip(row, column));
                layer.refs.push_back({"cell", std::to_string(m_rates.models[row]) + "," + std::to_string(m_rates.models[column])});
            }
            layer.rowNames.push_back(name(row));
            layer.columnNames.push_back(name(row));
        }
        layer.values = makeColumn(std::move(values));
        m_panel.layers.emplace_back(std::move(layer));
    }

    void addMarks()
    {
        for (const FamilyLook& look : familyLooks(m_results, m_rates.models)) {
            ScatterLayer marks;
            marks.id = "family " + look.name;
            marks.role = look.role;
            marks.marker = look.marker;
            std::vector<double> x;
            std::vector<double> y;
            for (std::size_t i = 0; i < m_rates.size(); ++i) {
                if (familyLook(m_results, m_rates.models[i]).index != look.index)
                    continue;
                x.insert(x.end(), {-m_strip / 2, columnAt(i)});
                y.insert(y.end(), {rowAt(i), -m_strip / 2});
                marks.tips.insert(marks.tips.end(), 2, name(i) + ", family " + look.name);
                marks.refs.insert(marks.refs.end(), 2, {modelRefKind, name(i)});
            }
            marks.x = makeColumn(std::move(x));
            marks.y = makeColumn(std::move(y));
            m_panel.layers.emplace_back(std::move(marks));
        }
    }

    void addBars(Orientation orientation, const std::string& id, const std::string& words, const std::vector<std::optional<double>>& means)
    {
        double longest = 1e-9;
        for (const auto& mean : means)
            longest = std::max(longest, mean.value_or(0));
        for (const FamilyLook& look : familyLooks(m_results, m_rates.models)) {
            BarLayer bars;
            bars.id = id + " " + look.name;
            bars.orientation = orientation;
            bars.role = look.role;
            bars.width = barWidth;
            bars.base = barsFrom();
            std::vector<double> position;
            std::vector<double> length;
            std::vector<double> percent;
            for (std::size_t i = 0; i < m_rates.size(); ++i) {
                if (!means[i] || familyLook(m_results, m_rates.models[i]).index != look.index)
                    continue;
                position.push_back(orientation == Orientation::Horizontal ? rowAt(i) : columnAt(i));
                length.push_back(m_bar * *means[i] / longest);
                percent.push_back(100 * *means[i]);
                bars.texts.push_back(std::to_string(std::lround(percent.back())));
                bars.tips.push_back(name(i) + " " + words + ": mean " + percentText(*means[i]) + " over the other models");
                bars.refs.push_back({modelRefKind, name(i)});
            }
            bars.position = makeColumn(std::move(position));
            bars.height = makeColumn(std::move(length));
            bars.values = makeColumn(std::move(percent));
            m_panel.layers.emplace_back(std::move(bars));
        }
    }

    /// In the corner between the bars that it names.
    void addBarTitle(double right, double top)
    {
        const auto share = [&](double at, double end) { return (at + m_strip) / (end + m_strip); };
        m_panel.layers.emplace_back(
            TextLayer{"bars", "mean, %", share(barsFrom(), right), share(m_cells + 0.3 * m_gap, top), false, false});
    }

    /// One line that walks around the tree, so that it stays one layer. @return where it ends.
    double addTree(double from)
    {
        const std::vector<ClusterMerge>& merges = m_rates.tree->merges;
        const double depth = 0.2 + 0.12 * m_cells;
        // Leaves start a little below the first merge: where all are far apart, the tree would else be a comb.
        const double lowest = foot * merges.front().height;
        const double highest = std::max(lowest + 1e-9, merges.back().height);
        std::vector<double> x;
        std::vector<double> y;
        const auto to = [&](double height, double row) {
            x.push_back(from + depth * std::max(0.0, height - lowest) / (highest - lowest));
            y.push_back(row);
        };
        const auto isLeaf = [&](int node) { return std::size_t(node) < m_rates.size(); };
        const auto merge = [&](int node) { return merges[std::size_t(node) - m_rates.size()]; };
        const auto height = [&](int node) { return isLeaf(node) ? 0.0 : merge(node).height; };
        const auto row = [&](int node, const auto& self) -> double {
            return isLeaf(node) ? rowAt(std::size_t(node)) : (self(merge(node).left, self) + self(merge(node).right, self)) / 2;
        };
        const auto walk = [&](int node, const auto& self) -> void {
            to(height(node), row(node, row));
            if (isLeaf(node))
                return;
            for (const int child : {merge(node).left, merge(node).right}) {
                to(height(node), row(child, row));
                self(child, self);
                to(height(child), row(child, row));
                to(height(node), row(child, row));
            }
            to(height(node), row(node, row));
        };
        walk(int(m_rates.size() + merges.size()) - 1, walk);
        LineLayer line;
        line.id = "dendrogram";
        line.x = makeColumn(std::move(x));
        line.y = makeColumn(std::move(y));
        line.role = ColourRole::Muted;
        line.widthPt = 0.75;
        m_panel.layers.emplace_back(std::move(line));
        return from + depth + 0.02 * m_cells;
    }

    const StudyResults& m_results;
    const TransferRates& m_rates;
    std::vector<std::string> m_names; ///< one a model of the study
    double m_cells, m_strip, m_gap, m_bar;
    Panel m_panel;
};

bool isTargeted(const StudyAnalysis& analysis) { return analysis.target.kind != TargetRule::Kind::Untargeted; }

Panel scalePanel(const StudyAnalysis& analysis, int row)
{
    Panel panel;
    panel.id = "scale";
    panel.row = row;
    panel.heightEm = scaleHeightEm;
    panel.legend = LegendPlace::None;
    panel.x.label = isTargeted(analysis) ? "match rate, % of the images that count" : "error rate, % of the images that count";
    panel.x.hasLine = false;
    panel.x.range = std::array{0.0, double(scaleSteps)};
    panel.y.isVisible = false;
    HeatmapLayer scale;
    scale.id = "colours";
    scale.rows = 1;
    scale.columns = scaleSteps;
    scale.range = {0, 100};
    std::vector<double> values;
    for (int i = 0; i < scaleSteps; ++i)
        values.push_back(i + 0.5);
    scale.values = makeColumn(std::move(values));
    panel.layers.emplace_back(std::move(scale));
    return panel;
}

std::string pText(double p) { return p < 0.001 ? "p\u00a0<\u00a00.001" : "p\u00a0=\u00a0" + threeDigits(p); }

std::string summaryText(const StudyResults& results, const TransferRates& rates)
{
    std::string text;
    if (const auto family = familyTransfer(results, rates))
        text = "Within families " + percentText(family->means.within) + ", between " + percentText(family->means.between) + "; permutation "
            + pText(family->p) + "; ";
    const auto skew = asymmetry(rates.rates);
    return skew ? text + "asymmetry " + threeDigits(*skew) : text;
}

Panel summaryPanel(const std::string& text, int row)
{
    Panel panel;
    panel.id = "summary";
    panel.row = row;
    panel.heightEm = summaryHeightEm;
    panel.legend = LegendPlace::None;
    panel.x.isVisible = panel.y.isVisible = false;
    panel.layers.emplace_back(TextLayer{"summary", text, 0, 1, false, true, ColourRole::Text});
    return panel;
}

std::string ruleSentence(TransferRule rule)
{
    switch (rule) {
    case TransferRule::All: return "All images count.";
    case TransferRule::CorrectOnTarget: return "Images count whose unperturbed version the target classifies correctly.";
    case TransferRule::CorrectOnBoth: return "Images count whose unperturbed version both models classify correctly.";
    case TransferRule::FooledSource: return "Images count that fool the model they were made on.";
    }
    return {};
}

/// Which pairs need images of another size, in one sentence.
std::string resamplingSentence(const StudyResults& results, int analysis, const TransferRates& rates)
{
    std::set<std::string> ways;
    int pairs = 0;
    for (const auto& [pair, transfer] : results.transfers[std::size_t(analysis)]) {
        if (std::ranges::find(rates.models, pair.first) == rates.models.end() || transfer->conversions.empty())
            continue;
        ++pairs;
        ways.insert(transfer->conversions.begin(), transfer->conversions.end());
    }
    if (pairs == 0)
        return {};
    std::string text = " In " + countText(pairs) + " pairs the images are converted before the target sees them: ";
    bool isFirst = true;
    for (const std::string& way : ways) {
        text += (isFirst ? "" : "; ") + way;
        isFirst = false;
    }
    return text + ".";
}

std::string missingSentence(const StudyResults& results)
{
    if (results.refusedPairs.empty())
        return {};
    std::string text = " Hatched cells are refused or not computed: ";
    bool isFirst = true;
    for (const auto& [pair, reason] : results.refusedPairs) {
        text += (isFirst ? "" : " ") + results.study.models[std::size_t(pair.first)].name + " → " + results.study.models[std::size_t(pair.second)].name
            + ": " + reason;
        isFirst = false;
    }
    return text;
}

std::string caption(const StudyResults& results, int index, const StudySelection& selection, const TransferRates& rates)
{
    const StudyAnalysis& analysis = results.study.analyses[std::size_t(index)];
    std::string text = "Transfer of " + labelWithGoal(analysis) + ": share of the images made on the row's model that "
        + (isTargeted(analysis) ? "the column's model puts into the attack's target class. " : "the column's model misclassifies. ")
        + ruleSentence(selection.rule) + (selection.commonSet ? " Only images that all models classify correctly." : "")
        + " On the diagonal the attack's own success. Bars: means of row (source strength) and column (target vulnerability) without the diagonal.";
    if (rates.tree)
        text += " Order: average linkage on 1 - (T_{ij} + T_{ji}) / 2, leaves ordered so that neighbours are alike.";
    if (const auto family = familyTransfer(results, rates))
        text += " Within families " + percentText(family->means.within) + " over " + countText(family->means.withinCells) + " cells, between "
            + percentText(family->means.between) + " over " + countText(family->means.betweenCells) + ", one-sided permutation test over families "
            + pText(family->p) + ".";
    return text + resamplingSentence(results, index, rates) + missingSentence(results) + leftOutSentence(results) + " " + studySentence(results);
}

std::optional<Figure> makeTransfer(const StudyResults& results, const StudySelection& selection)
{
    const auto isWanted = [&](int a) {
        return results.study.analyses[std::size_t(a)].kind == AnalysisKind::Attack && !results.transfers[std::size_t(a)].empty();
    };
    const std::optional<int> index = chosenAnalysis(results, selection, isWanted);
    if (!index)
        return std::nullopt;
    const StudyAnalysis& analysis = results.study.analyses[std::size_t(*index)];
    const TransferRates rates = transferRates(results, *index, selection);
    if (rates.size() == 0)
        return std::nullopt;
    Figure figure;
    figure.name = "transfer";
    figure.caption = caption(results, *index, selection, rates);
    figure.aspect = rates.tree ? 0.92 : 1.0;
    figure.panels.push_back(TransferPanel(results, rates).make());
    if (auto key = familyKey(results, rates.models, 1))
        figure.panels.push_back(std::move(*key));
    figure.panels.push_back(scalePanel(analysis, 2));
    if (const std::string text = summaryText(results, rates); !text.empty())
        figure.panels.push_back(summaryPanel(text, 3));
    return figure;
}

} // namespace

StudyFigureInfo transferStudyFigure()
{
    return {"transfer", "Transferability", "How many adversarial images of each model fool each other one", withStudyProvenance<makeTransfer>};
}

} // namespace brink
