// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/figureparts.h"
#include "core/report/paretodata.h"
#include "core/report/studyparts.h"

#include <algorithm>
#include <cmath>

namespace brink {

using namespace report;

namespace {

constexpr int gridPoints = 41;
constexpr double smallestMarkerPt = 3.2;
constexpr double largestMarkerPt = 8.5;
constexpr double headroom = 1.12; // for the labels of the best
/// A success rate under this is written beside the model: a mean over successes alone is biased low.
constexpr double completeSuccess = 0.995;

/// Where a model stands on the horizontal axis: its error on a logarithmic axis, or its accuracy.
class AccuracyAxis {
public:
    explicit AccuracyAxis(bool showsError) : m_showsError(showsError) {}

    [[nodiscard]] Axis axis() const
    {
        Axis axis;
        axis.label = m_showsError ? "classification error, % (better to the right)" : "accuracy, %";
        axis.isLogarithmic = axis.isReversed = m_showsError; // better to the right
        return axis;
    }
    /// @param floor error to draw where there is none: half an image.
    [[nodiscard]] double at(double accuracy, double floor) const { return m_showsError ? 100 * std::max(1 - accuracy, floor) : 100 * accuracy; }
    [[nodiscard]] double atLogError(double logError) const { return m_showsError ? 100 * std::exp(logError) : 100 * (1 - std::exp(logError)); }
    /// An error in the other direction is a lower bound of the accuracy.
    [[nodiscard]] bool isReversed() const { return m_showsError; }

private:
    bool m_showsError;
};

class ParetoPanel {
public:
    ParetoPanel(const StudyResults& results, const StudySelection& selection, const ParetoData& data)
        : m_results(results), m_selection(selection), m_data(data), m_names(shortNames(results)), m_axis(selection.logError)
    {
    }

    Panel make()
    {
        m_panel.id = "pareto";
        m_panel.legend = LegendPlace::None;
        m_panel.x = m_axis.axis();
        m_panel.y.label = m_data.axisLabel;
        m_panel.y.range = std::array{footroom(), headroom * highest()};
        addBand("all", m_data.bootstrap.all, ColourRole::Muted);
        addBand("frontier", m_data.bootstrap.frontier, ColourRole::Text);
        addLine("all", m_data.fits.all, ColourRole::Muted, Dash::Dashed);
        addLine("frontier", m_data.fits.frontier, ColourRole::Text, Dash::Solid);
        addFrontier();
        addModels();
        addCoefficients();
        return std::move(m_panel);
    }

private:
    void addBand(const std::string& which, const std::optional<LineIntervals>& intervals, ColourRole role)
    {
        if (intervals)
            m_panel.layers.emplace_back(
                BandLayer{"band-" + which, {}, gridColumn(), alongAxis(intervals->low), alongAxis(intervals->high), role});
    }

    void addLine(const std::string& which, const std::optional<LineFit>& fit, ColourRole role, Dash dash)
    {
        if (!fit)
            return;
        std::vector<double> y;
        for (const double logError : m_data.grid)
            y.push_back(fit->at(logError));
        LineLayer line;
        line.id = "fit-" + which;
        line.x = gridColumn();
        line.y = alongAxis(std::move(y));
        line.role = role;
        line.dash = dash;
        m_panel.layers.emplace_back(std::move(line));
    }

    /// The largest value that a mark or its interval shows; the bands, which reach below zero, are cut to the plot.
    [[nodiscard]] double highest() const
    {
        double value = 1e-12;
        for (std::size_t i = 0; i < m_data.models.size(); ++i) {
            if (!m_data.points[i].isComplete())
                continue;
            const auto& interval = m_data.bootstrap.robustness[i];
            value = std::max({value, *m_data.points[i].robustness, interval ? (*interval)[1] : 0.0});
        }
        return value;
    }

    /// Zero, or a little less where a mark stands on it.
    [[nodiscard]] double footroom() const
    {
        const double spare = 0.04 * highest();
        const auto isLow = [&](const ModelPoint& point) { return point.isComplete() && *point.robustness < spare; };
        return std::ranges::any_of(m_data.points, isLow) ? -spare : 0.0;
    }

    [[nodiscard]] Column gridColumn() const
    {
        std::vector<double> x;
        for (const double logError : m_data.grid)
            x.push_back(m_axis.atLogError(logError));
        return alongAxis(std::move(x));
    }

    /// Grid values in the order in which the axis rises: errors as they are, accuracies the other way round.
    [[nodiscard]] Column alongAxis(std::vector<double> values) const
    {
        if (!m_axis.isReversed())
            std::ranges::reverse(values);
        return makeColumn(std::move(values));
    }

    [[nodiscard]] double xOf(std::size_t i) const { return m_axis.at(*m_data.points[i].accuracy, m_data.errorFloor); }

    /// Down at each model, then on to the next one of higher accuracy: what is reached by some model lies below.
    void addFrontier()
    {
        std::vector<std::size_t> on;
        for (std::size_t i = 0; i < m_data.models.size(); ++i)
            if (m_data.fits.isOnFrontier[i])
                on.push_back(i);
        if (on.size() < 2)
            return;
        std::ranges::sort(on, {}, [&](std::size_t i) { return *m_data.points[i].accuracy; });
        std::vector<double> x;
        std::vector<double> y;
        for (std::size_t k = 0; k < on.size(); ++k) {
            if (k > 0) {
                x.push_back(x.back());
                y.push_back(*m_data.points[on[k]].robustness);
            }
            x.push_back(xOf(on[k]));
            y.push_back(*m_data.points[on[k]].robustness);
        }
        if (m_axis.isReversed()) {
            std::ranges::reverse(x);
            std::ranges::reverse(y);
        }
        LineLayer line;
        line.id = "frontier";
        line.x = makeColumn(std::move(x));
        line.y = makeColumn(std::move(y));
        line.role = ColourRole::Accent;
        line.dash = Dash::Dotted;
        m_panel.layers.emplace_back(std::move(line));
    }

    [[nodiscard]] bool isCensored(std::size_t i) const { return m_data.isCapped[i]; }

    /// Marker area follows the logarithm of the number of parameters over the range in the study.
    [[nodiscard]] double markerSize(std::size_t i) const
    {
        double low = INFINITY;
        double high = 0;
        for (const int model : m_data.models) {
            const auto parameters = double(m_results.models[std::size_t(model)].parameters);
            low = std::min(low, std::max(1.0, parameters));
            high = std::max(high, parameters);
        }
        const auto own = std::max(1.0, double(m_results.models[std::size_t(m_data.models[i])].parameters));
        const double share = high > low ? std::log(own / low) / std::log(high / low) : 0.3;
        return std::sqrt(std::lerp(smallestMarkerPt * smallestMarkerPt, largestMarkerPt * largestMarkerPt, share));
    }

    [[nodiscard]] std::string label(std::size_t i) const
    {
        std::string text = m_names[std::size_t(m_data.models[i])];
        if (!m_data.isFixedBudget && m_data.success[i] && *m_data.success[i] < completeSuccess)
            text += " (" + std::to_string(std::lround(std::floor(100 * *m_data.success[i]))) + " %)";
        return text;
    }

    [[nodiscard]] std::string tip(std::size_t i) const
    {
        const ModelSummary& summary = m_data.summaries[i];
        std::string text = m_results.study.models[std::size_t(m_data.models[i])].name + ": accuracy " + rateText(summary.correct, summary.images) + ", "
            + (m_data.isFixedBudget ? "withstanding, %: " : summary.clever ? "CLEVER " : "distance ") + (m_data.isCapped[i] ? "at least " : "") + threeDigits(*m_data.points[i].robustness);
        if (const auto& interval = m_data.bootstrap.robustness[i])
            text += " " + intervalText(*interval);
        if (summary.success)
            text += ", success " + rateText(summary.successes, summary.entered);
        if (summary.capped > 0)
            text += ", " + countText(summary.capped) + " of " + countText(summary.entered) + " capped";
        return text + ", on the frontier in " + percentText(m_data.bootstrap.frontierShare[i]) + " of the resamples, "
            + countText(m_results.models[std::size_t(m_data.models[i])].parameters) + " parameters";
    }

    /// One layer for each family and kind of marker; models that are not emphasised stand back.
    void addModels()
    {
        for (const FamilyLook& look : familyLooks(m_results, m_data.models))
            for (const bool isOpen : {false, true})
                for (const bool isBack : {true, false})
                    addGroup(look, isOpen, isBack);
    }

    void addGroup(const FamilyLook& look, bool isOpen, bool isBack)
    {
        ScatterLayer layer;
        layer.id = "models " + look.name + (isOpen ? " at least" : "") + (isBack ? " others" : "");
        layer.role = isBack ? ColourRole::Muted : look.role;
        layer.marker = look.marker;
        layer.isOpen = isOpen;
        layer.arrow = isOpen ? Arrow::Up : Arrow::None;
        std::vector<double> x, y, size, xLow, xHigh, yLow, yHigh;
        for (std::size_t i = 0; i < m_data.models.size(); ++i) {
            const ModelPoint& point = m_data.points[i];
            const bool belongs = point.isComplete() && familyLook(m_results, m_data.models[i]).index == look.index && isCensored(i) == isOpen
                && isEmphasised(m_selection, m_data.models[i]) != isBack;
            if (!belongs)
                continue;
            x.push_back(xOf(i));
            y.push_back(*point.robustness);
            size.push_back(markerSize(i));
            const auto accuracy = m_data.summaries[i].accuracy->interval.value_or(std::array{*point.accuracy, *point.accuracy});
            xLow.push_back(m_axis.at(accuracy[m_axis.isReversed() ? 1 : 0], m_data.errorFloor));
            xHigh.push_back(m_axis.at(accuracy[m_axis.isReversed() ? 0 : 1], m_data.errorFloor));
            const auto interval = m_data.bootstrap.robustness[i].value_or(std::array{*point.robustness, *point.robustness});
            yLow.push_back(interval[0]);
            yHigh.push_back(interval[1]);
            layer.labels.push_back(isBack ? std::string() : label(i));
            layer.tips.push_back(tip(i));
            layer.refs.push_back({modelRefKind, m_results.study.models[std::size_t(m_data.models[i])].name});
        }
        if (x.empty())
            return;
        layer.x = makeColumn(std::move(x));
        layer.y = makeColumn(std::move(y));
        layer.sizesPt = makeColumn(std::move(size));
        layer.xLow = makeColumn(std::move(xLow));
        layer.xHigh = makeColumn(std::move(xHigh));
        layer.yLow = makeColumn(std::move(yLow));
        layer.yHigh = makeColumn(std::move(yHigh));
        m_panel.layers.emplace_back(std::move(layer));
    }

    static std::string formula(const LineFit& fit)
    {
        return threeDigits(fit.intercept) + (fit.slope < 0 ? " − " : " + ") + threeDigits(std::abs(fit.slope)) + " ln(error)";
    }

    void addCoefficients()
    {
        std::string text;
        if (m_data.fits.frontier)
            text += "frontier: " + formula(*m_data.fits.frontier);
        if (m_data.fits.all)
            text += (text.empty() ? "" : "\n") + ("all: " + formula(*m_data.fits.all));
        if (!text.empty())
            m_panel.layers.emplace_back(TextLayer{"coefficients", text, 0.98, 0.98, true, true, ColourRole::Muted});
    }

    const StudyResults& m_results;
    const StudySelection& m_selection;
    const ParetoData& m_data;
    std::vector<std::string> m_names; ///< one a model of the study
    AccuracyAxis m_axis;
    Panel m_panel;
};

std::string coefficientsSentence(const std::string& which, const std::optional<LineFit>& fit, const std::optional<LineIntervals>& intervals)
{
    if (!fit)
        return {};
    const auto with = [](double value, const std::array<double, 2>* interval) {
        return threeDigits(value) + (interval ? " " + intervalText(*interval) : std::string());
    };
    return " Over " + which + " a = " + with(fit->intercept, intervals ? &intervals->intercept : nullptr)
        + ", b = " + with(fit->slope, intervals ? &intervals->slope : nullptr) + ".";
}

std::string caption(const StudyResults& results, const StudySelection& selection, const ParetoData& data)
{
    const StudyAnalysis& analysis = results.study.analyses[std::size_t(data.analysis)];
    const bool isAttack = analysis.kind == AnalysisKind::Attack;
    std::string text = "Accuracy against the " + data.statisticName + (data.isFixedBudget ? " " : " of ") + labelWithGoal(analysis)
        + "; one mark a model, its area by the logarithm of the number of parameters.";
    if (data.isFixedBudget)
        text += " The attack spends a fixed budget, so that its distances say nothing; of the images that the model classifies correctly the share is "
                "shown that stays so.";
    else if (isAttack)
        text += " Distances are over successful attacks only; a success rate below 100 % stands beside the model, where the value is biased low. An open "
                "mark with an arrow: fewer than half of the images were fooled, so that the true value lies above.";
    else
        text += " Capped scores enter as the radius; an open mark with an arrow says that the true value is at least that.";
    if (selection.commonSet)
        text += " Distances are of the images that all models classify correctly, accuracies of all images.";
    text += " Dotted: frontier. Lines: least squares, a + b ln(error), with 95 % bootstrap bands over images (" + countText(paretoResamples)
        + " resamples, the frontier chosen anew in each).";
    text += coefficientsSentence("the frontier", data.fits.frontier, data.bootstrap.frontier)
        + coefficientsSentence("all models", data.fits.all, data.bootstrap.all);
    if (data.withoutErrors > 0)
        text += " " + countText(data.withoutErrors) + (data.withoutErrors == 1 ? " model without errors is" : " models without errors are")
            + " drawn at half an image and left out of the lines.";
    return text + " Bars: 95 % intervals (Wilson, bootstrap)." + leftOutSentence(results) + " " + studySentence(results);
}

/// What the lines are.
std::vector<KeyLayer::Entry> lineEntries(const ParetoData& data)
{
    std::vector<KeyLayer::Entry> entries;
    if (std::ranges::count(data.fits.isOnFrontier, true) > 1)
        entries.push_back({"frontier", ColourRole::Accent, std::nullopt, false, Dash::Dotted, 1});
    if (data.fits.frontier)
        entries.push_back({"fit over frontier", ColourRole::Text, std::nullopt, false, Dash::Solid, 1});
    if (data.fits.all)
        entries.push_back({"fit over all", ColourRole::Muted, std::nullopt, false, Dash::Dashed, 1});
    return entries;
}

std::optional<Figure> makePareto(const StudyResults& results, const StudySelection& selection)
{
    const std::optional<ParetoData> data = paretoData(results, selection, gridPoints);
    if (!data)
        return std::nullopt;
    Figure figure;
    figure.name = "pareto";
    figure.caption = caption(results, selection, *data);
    figure.aspect = 0.78;
    figure.panels.push_back(ParetoPanel(results, selection, *data).make());
    if (auto key = familyKey(results, data->models, 1, lineEntries(*data)))
        figure.panels.push_back(std::move(*key));
    return figure;
}

} // namespace

StudyFigureInfo paretoStudyFigure()
{
    return {"pareto", "Accuracy and robustness", "Accuracy against distance or CLEVER with frontier and fit", withStudyProvenance<makePareto>};
}

} // namespace brink
