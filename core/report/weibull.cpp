// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/figureparts.h"
#include "core/stats/weibull.h"

#include <algorithm>
#include <cmath>

namespace brink {

using namespace report;

namespace {

constexpr int curvePoints = 200;
constexpr int fewestBins = 5;
constexpr int mostBins = 40;
/// An end point further away than this many ranges of the data is named, not drawn: it would squeeze the histogram.
constexpr double drawnRanges = 1.2;

/// "‖∇(f_c − f_j)‖₂ (1 per pixel unit)", the dual norm of the perturbation's.
std::string gradientAxis(Norm norm)
{
    const char* dual = norm == Norm::L1 ? "∞" : norm == Norm::Linf ? "₁" : "₂";
    // There is no subscript infinity of its own.
    const std::string subscript = norm == Norm::L1 ? std::string("_{") + dual + "}" : std::string(dual);
    return std::string("‖∇(f_{c} − f_{j})‖") + subscript + " (1 per pixel unit)";
}

struct Span {
    double low = 0;
    double high = 0;
    [[nodiscard]] double size() const { return high - low; }
};

/// Freedman-Diaconis, within limits; one bin when all values agree.
int binCount(const std::vector<double>& sorted)
{
    const double range = sorted.back() - sorted.front();
    if (range <= 0)
        return 1;
    const auto quantile = [&](double share) { return sorted[std::size_t(share * double(sorted.size() - 1))]; };
    const double width = 2 * (quantile(0.75) - quantile(0.25)) / std::cbrt(double(sorted.size()));
    return width > 0 ? std::clamp(int(std::ceil(range / width)), fewestBins, mostBins) : fewestBins;
}

BarLayer histogram(const std::vector<double>& sorted)
{
    const int bins = binCount(sorted);
    const double range = sorted.back() - sorted.front();
    const double width = range > 0 ? range / bins : std::max(1e-6, std::abs(sorted.front()) * 0.02);
    std::vector<double> density(std::size_t(bins), 0.0);
    std::vector<double> position;
    for (const double value : sorted)
        density[std::min(std::size_t(bins) - 1, std::size_t(std::max(0.0, (value - sorted.front()) / width)))] += 1 / (double(sorted.size()) * width);
    for (int i = 0; i < bins; ++i)
        position.push_back(range > 0 ? sorted.front() + (i + 0.5) * width : sorted.front());
    BarLayer bars;
    bars.id = "maxima";
    bars.name = "maxima";
    bars.position = makeColumn(std::move(position));
    bars.height = makeColumn(std::move(density));
    bars.width = width;
    bars.role = ColourRole::Series6;
    bars.isOpen = true;
    return bars;
}

/// Where the horizontal axis goes: the data and, when it is near enough, the end point with its interval.
Span drawnSpan(const std::vector<double>& sorted, const WeibullFit& fit)
{
    Span span{sorted.front(), sorted.back()};
    if (span.size() <= 0)
        return {span.low * 0.8, span.high * 1.2};
    const double limit = span.high + drawnRanges * span.size();
    if (fit.status == WeibullStatus::Ok && fit.location < limit)
        span.high = std::max(span.high, fit.locationInterval ? std::min(limit, (*fit.locationInterval)[1]) : fit.location);
    const double spare = 0.06 * span.size();
    return {span.low - spare, span.high + spare};
}

LineLayer curve(const std::string& name, const WeibullFit& fit, const Span& span, double (*function)(const WeibullFit&, double))
{
    std::vector<double> x;
    std::vector<double> y;
    const double high = std::min(span.high, fit.location);
    for (int i = 0; i <= curvePoints; ++i) {
        x.push_back(std::lerp(span.low, high, double(i) / curvePoints));
        const double value = function(fit, x.back());
        y.push_back(std::isfinite(value) ? value : NAN);
    }
    LineLayer line;
    line.id = "fit";
    line.name = name;
    line.x = makeColumn(std::move(x));
    line.y = makeColumn(std::move(y));
    line.role = ColourRole::Series1;
    return line;
}

/// The end point as a rule with its interval, or in words when it lies outside.
void addEndPoint(Panel& panel, const WeibullFit& fit, const Span& span)
{
    std::string label = std::string("end point ") + threeDigits(fit.location);
    if (fit.locationInterval)
        label.append("\n").append(intervalText(*fit.locationInterval));
    if (fit.location > span.high) {
        panel.layers.push_back(TextLayer{
            .id = "end-point", .text = label + " →", .x = 0.99, .y = 0.98, .alignsRight = true, .role = ColourRole::Series4});
        return;
    }
    if (fit.locationInterval)
        panel.layers.push_back(SpanLayer{.id = "end-point-interval",
            .from = (*fit.locationInterval)[0],
            .to = std::min(span.high, (*fit.locationInterval)[1]),
            .role = ColourRole::Series4});
    panel.layers.push_back(RuleLayer{.id = "end-point", .label = label, .at = fit.location, .role = ColourRole::Series4});
}

std::string fitText(const WeibullFit& fit)
{
    switch (fit.status) {
    case WeibullStatus::Ok:
        return std::string("shape ") + threeDigits(fit.shape) + "  scale " + threeDigits(fit.scale) + "\nKS " + threeDigits(fit.ks) + "  p " + threeDigits(fit.p)
            + "\n(fitted, optimistic)";
    case WeibullStatus::Degenerate: return "all maxima equal:\nthe end point is exact";
    case WeibullStatus::Fallback: return std::string("no fit: ") + fit.reason + "\nsample maximum " + threeDigits(fit.sampleMaximum);
    }
    return {};
}

Panel densityPanel(const std::vector<double>& sorted, const WeibullFit& fit, const Span& span, const std::string& axis)
{
    Panel panel;
    panel.id = "density";
    panel.title = "Density";
    panel.rowStretch = 1.25;
    panel.legend = LegendPlace::None;
    panel.x.label = axis;
    panel.x.range = std::array{span.low, span.high};
    panel.y.label = "density";
    panel.y.includesZero = true;
    const BarLayer bars = histogram(sorted);
    double top = *std::ranges::max_element(*bars.height);
    const bool hasLaw = fit.status == WeibullStatus::Ok;
    if (hasLaw)
        addEndPoint(panel, fit, span);
    panel.layers.emplace_back(bars);
    if (hasLaw) {
        const LineLayer line = curve("fitted law", fit, span, reverseWeibullDensity);
        // A shape below one makes the density infinite at the end point; the histogram sets the scale then.
        double highest = 0;
        for (const double value : *line.y)
            highest = std::isfinite(value) ? std::max(highest, value) : highest;
        top = std::clamp(highest, top, 2 * top);
        panel.layers.emplace_back(line);
    }
    // Room above the curve for the words.
    panel.y.range = std::array{0.0, 1.55 * top};
    panel.layers.push_back(TextLayer{.id = "fit-text", .text = fitText(fit)});
    return panel;
}

Panel cdfPanel(const std::vector<double>& sorted, const WeibullFit& fit, const Span& span, const std::string& axis)
{
    Panel panel;
    panel.id = "cdf";
    panel.title = "CDF";
    panel.row = 1;
    panel.legend = LegendPlace::TopLeft;
    panel.x.label = axis;
    panel.x.range = std::array{span.low, span.high};
    panel.y.label = "CDF";
    panel.y.range = std::array{0.0, 1.55};
    panel.y.ticks = {{0, "0"}, {0.25, "0.25"}, {0.5, "0.5"}, {0.75, "0.75"}, {1, "1"}};
    std::vector<double> x{span.low};
    std::vector<double> y{0};
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        x.push_back(sorted[i]);
        y.push_back(double(i + 1) / double(sorted.size()));
    }
    x.push_back(span.high);
    y.push_back(1);
    panel.layers.push_back(LineLayer{
        .id = "maxima", .name = "maxima", .x = makeColumn(std::move(x)), .y = makeColumn(std::move(y)), .role = ColourRole::Text, .isStep = true});
    if (fit.status == WeibullStatus::Ok) {
        LineLayer line = curve("fitted law", fit, span, reverseWeibullCdf);
        line.dash = Dash::Dashed;
        panel.layers.emplace_back(std::move(line));
    }
    return panel;
}

Panel quantilePanel(const std::vector<double>& sorted, const WeibullFit& fit)
{
    Panel panel;
    panel.id = "qq";
    panel.title = "Q-Q";
    panel.row = 1;
    panel.column = 1;
    panel.legend = LegendPlace::None;
    panel.x.label = "fitted quantile";
    panel.y.label = "maximum";
    std::vector<double> fitted;
    for (std::size_t i = 0; i < sorted.size(); ++i)
        fitted.push_back(reverseWeibullQuantile(fit, (double(i) + 0.5) / double(sorted.size())));
    const double low = std::min(fitted.front(), sorted.front());
    const double high = std::max(fitted.back(), sorted.back());
    panel.layers.push_back(LineLayer{.id = "diagonal",
        .x = makeColumn({low, high}),
        .y = makeColumn({low, high}),
        .role = ColourRole::Muted,
        .dash = Dash::Dotted,
        .widthPt = 0.8});
    ScatterLayer points;
    points.id = "maxima";
    points.x = makeColumn(std::move(fitted));
    points.y = makeColumn(sorted);
    points.sizePt = 2.5;
    panel.layers.emplace_back(std::move(points));
    return panel;
}

/// What the interval of the end point rests on: where the curve passes below the level, 95 % of laws stay.
std::optional<Panel> profilePanel(const std::vector<double>& sorted, const WeibullFit& fit, const WeibullOptions& options, const std::string& axis)
{
    constexpr double level = 1.92; // half the 95 % quantile of chi squared with one degree of freedom
    constexpr double drawnTo = 3.2 * level;
    const auto profile = reverseWeibullProfile(sorted, options);
    if (fit.status != WeibullStatus::Ok || profile.empty())
        return std::nullopt;
    double least = HUGE_VAL;
    for (const auto& [location, value] : profile)
        least = std::min(least, value);
    std::vector<double> x, y;
    for (const auto& [location, value] : profile)
        if (value - least <= drawnTo) {
            x.push_back(location);
            y.push_back(value - least);
        }
    Panel panel;
    panel.id = "profile";
    panel.title = "Profile likelihood";
    panel.row = 2;
    panel.rowStretch = 0.8;
    panel.legend = LegendPlace::None;
    panel.x.label = std::string("end point of ") + axis;
    panel.y.label = "−log likelihood, above least";
    panel.y.range = std::array{0.0, drawnTo};
    if (fit.locationInterval)
        panel.layers.push_back(SpanLayer{
            .id = "end-point-interval", .from = (*fit.locationInterval)[0], .to = (*fit.locationInterval)[1], .role = ColourRole::Series4});
    panel.layers.push_back(RuleLayer{
        .id = "level", .label = "95 %", .orientation = Orientation::Horizontal, .at = level, .role = ColourRole::Muted, .dash = Dash::Dashed});
    panel.layers.push_back(RuleLayer{.id = "end-point", .label = threeDigits(fit.location), .at = fit.location, .role = ColourRole::Series4});
    panel.layers.push_back(LineLayer{.id = "profile", .x = makeColumn(std::move(x)), .y = makeColumn(std::move(y))});
    return panel;
}

/// The fit of the score, or another of the same maxima without the penalty on the shape.
WeibullFit shownFit(const CleverTargetResult& target, WeibullOptions& options, bool isUnpenalised)
{
    if (!isUnpenalised || options.shapePenalty == 0)
        return target.fit;
    options.shapePenalty = 0;
    return fitReverseWeibull(target.maxima, options);
}

std::optional<Figure> makeWeibull(const InspectResult& result, const FigureSelection& selection)
{
    const CleverTargetResult* target = chosenTarget(result, selection);
    if (!target || target->maxima.empty())
        return std::nullopt;
    std::vector<double> sorted = target->maxima;
    std::ranges::sort(sorted);
    WeibullOptions options = result.clever->fitOptions;
    const WeibullFit fit = shownFit(*target, options, selection.isUnpenalised);
    const Span span = drawnSpan(sorted, fit);
    const std::string axis = gradientAxis(result.clever->norm);
    Figure figure;
    figure.name = "weibull";
    figure.aspect = 1.1;
    figure.panels.push_back(densityPanel(sorted, fit, span, axis));
    figure.panels.push_back(cdfPanel(sorted, fit, span, axis));
    figure.caption = std::string("Maxima of the gradient norm of f_{c} − f_{j} for c = ") + className(result, result.clever->reference) + " and j = "
        + className(result, target->target) + ": histogram";
    if (fit.status == WeibullStatus::Ok) {
        figure.panels.push_back(quantilePanel(sorted, fit));
        figure.caption += " with the fitted reverse Weibull density, its end point and 95 % interval; empirical and fitted distribution; quantiles.";
        if (std::optional<Panel> profile = profilePanel(sorted, fit, options, axis)) {
            figure.aspect = 1.45;
            figure.panels.push_back(*std::move(profile));
            figure.caption += " Below: the profile likelihood that the interval comes from.";
        }
    } else {
        figure.aspect = 0.95;
        figure.caption += " and empirical distribution; no reverse Weibull law is drawn.";
    }
    if (selection.isUnpenalised && result.clever->fitOptions.shapePenalty > 0)
        figure.caption += " Fitted without the shape penalty that the estimate uses.";
    figure.caption += std::string(" CLEVER estimate ") + threeDigits(target->score) + (target->capped ? " (capped at the radius)" : "") + ". "
        + cleverSettings(result) + " " + ruledOutSentence(*target) + "The parameters of the KS test are fitted to the same data, so its p value is optimistic. "
        + subjectSentence(result);
    return figure;
}

} // namespace

FigureInfo weibullFigure()
{
    return {"weibull", "Weibull fit", "Gradient-norm maxima with the fitted reverse Weibull law: density, CDF, Q-Q, profile likelihood", withProvenance<makeWeibull>};
}

} // namespace brink
