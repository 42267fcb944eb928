// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/report/figureparts.h"
#include "core/study/proofoutcome.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

using namespace report;

namespace {

/// All marks stand on one line low in the panel; the room above is for their labels.
constexpr double markHeight = 0.14;
constexpr std::array<double, 2> spanExtent{0.06, 0.22};
/// Random directions further away than this many times all else, attacks further than this many times the estimate, the
/// linearised distance and the best attack, and a linearised distance as far beyond the estimate and the best attack, are named at
/// the edge, not drawn: the others would lie on one spot.
constexpr double farFactor = 2.5;
constexpr double farAttackFactor = 4;
/// The furthest marks are often the most crowded: their labels need room on both sides.
constexpr double spareAtEnd = 1.18;
/// A mark at 0 is drawn whole.
constexpr double roomAtStart = 0.012;

const CleverResult* cleverIn(const InspectResult& result, Norm norm)
{
    if (!result.clever)
        return nullptr;
    if (result.clever->norm == norm)
        return &*result.clever;
    const auto found = std::ranges::find(result.clever->otherNorms, norm, &CleverResult::norm);
    return found == result.clever->otherNorms.end() ? nullptr : &*found;
}

/// In the norm of the result every success counts; in another only those of attacks that minimised it.
bool belongsTo(const AttackOutcome& outcome, Norm norm, const InspectResult& result)
{
    return norm == result.norm || outcome.norm == norm;
}

std::vector<Norm> norms(const InspectResult& result)
{
    std::vector<Norm> list{result.norm};
    for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf, Norm::L0}) {
        const CleverResult* clever = cleverIn(result, norm);
        const bool hasAttack = std::ranges::any_of(result.attacks, [&](const AttackOutcome& outcome) { return outcome.norm == norm && outcome.distance; });
        if (norm != result.norm && ((clever && clever->score) || hasAttack))
            list.push_back(norm);
    }
    return list;
}

/// Makes the row of one norm and remembers how far its marks go.
class Rung {
public:
    Rung(const InspectResult& result, Norm norm) : m_result(result), m_norm(norm)
    {
        m_panel.id = normName(norm);
        m_panel.legend = LegendPlace::None;
        m_panel.x.label = distanceAxis(norm);
        m_panel.y.isVisible = false;
        m_panel.y.range = std::array{0.0, 1.0};
    }

    Panel finish()
    {
        addCertified();
        addClever();
        addLinearised(bestDistance());
        addAttacks();
        addRandomDirections();
        if (!m_offAxis.empty())
            m_panel.layers.push_back(TextLayer{.id = "off-axis", .text = m_offAxis + ", off axis", .x = 0});
        const double end = m_end > 0 ? spareAtEnd * m_end : 1.0;
        m_panel.x.range = std::array{m_nearest < roomAtStart * end ? -roomAtStart * end : 0.0, end};
        return std::move(m_panel);
    }

private:
    ScatterLayer mark(const std::string& id, double at, ColourRole role, Marker marker, std::string label)
    {
        m_end = std::max(m_end, at);
        m_nearest = std::min(m_nearest, at);
        ScatterLayer layer;
        layer.id = id;
        layer.x = makeColumn({at});
        layer.y = makeColumn({markHeight});
        layer.role = role;
        layer.marker = marker;
        layer.sizePt = 5;
        layer.labels = {std::move(label)};
        return layer;
    }

    /// The left end: nothing of another class lies nearer.
    void addCertified()
    {
        if (m_norm != m_result.norm)
            return;
        if (!m_result.uncertified.empty())
            m_panel.layers.push_back(TextLayer{.id = "uncertified", .text = "certified bound: not available", .x = 0});
        if (!m_result.certified || !m_result.certified->radius)
            return;
        const double radius = *m_result.certified->radius;
        const std::string proof = radius > 0 ? threeDigits(radius) + " (" + certifyMethodLabel(m_result.certified->method) + ")" : "0, nothing proved";
        ScatterLayer layer = mark("certified", radius, ColourRole::Good, Marker::TriangleDown, "certified bound\n" + proof);
        layer.isOpen = radius <= 0;
        if (radius > 0)
            m_panel.layers.push_back(SpanLayer{.id = "certified-ball", .from = 0, .to = radius, .role = ColourRole::Good, .extent = spanExtent});
        m_panel.layers.push_back(std::move(layer));
    }

    void addClever()
    {
        const CleverResult* clever = cleverIn(m_result, m_norm);
        if (!clever || !clever->score)
            return;
        std::string label = std::string("CLEVER estimate\n") + (clever->capped ? "≥ " : "") + threeDigits(*clever->score);
        if (clever->interval && !clever->capped)
            label.append(" ").append(intervalText(*clever->interval));
        ScatterLayer layer = mark("clever", *clever->score, ColourRole::Series1, Marker::Circle, std::move(label));
        layer.isOpen = clever->capped;
        layer.arrow = clever->capped ? Arrow::Right : Arrow::None;
        if (clever->interval && !clever->capped) {
            layer.xLow = makeColumn({(*clever->interval)[0]});
            layer.xHigh = makeColumn({(*clever->interval)[1]});
            m_end = std::max(m_end, (*clever->interval)[1]);
        }
        if (clever->target)
            layer.refs = {{"target", std::to_string(*clever->target)}};
        m_panel.layers.push_back(std::move(layer));
    }

    /// Infinity without a success.
    [[nodiscard]] double bestDistance() const
    {
        double best = std::numeric_limits<double>::infinity();
        for (const AttackOutcome& outcome : m_result.attacks)
            if (isShown(outcome))
                best = std::min(best, outcome.distance->in(m_norm));
        return best;
    }

    void nameOffAxis(const std::string& label) { m_offAxis.append(m_offAxis.empty() ? "" : ", ").append(label); }

    void addLinearised(double best)
    {
        if (m_norm != m_result.norm || !m_result.linearisedDistance || !std::isfinite(*m_result.linearisedDistance))
            return;
        const double distance = *m_result.linearisedDistance;
        const std::string label = std::string("g/‖∇g‖ ") + threeDigits(distance);
        if (distance > farAttackFactor * std::max(m_end, best))
            return nameOffAxis(label);
        ScatterLayer layer = mark("linearised", distance, ColourRole::Muted, Marker::Diamond, label);
        layer.isOpen = true;
        m_panel.layers.push_back(std::move(layer));
    }

    void addAttacks()
    {
        const double far = farAttackFactor * std::max(m_end, bestDistance());
        for (std::size_t i = 0; i < m_result.attacks.size(); ++i) {
            const AttackOutcome& outcome = m_result.attacks[i];
            if (isShown(outcome))
                addAttack(outcome, i, far);
        }
    }

    [[nodiscard]] bool isShown(const AttackOutcome& outcome) const
    {
        return outcome.success && outcome.distance && belongsTo(outcome, m_norm, m_result);
    }

    void addAttack(const AttackOutcome& outcome, std::size_t place, double far)
    {
        const double distance = outcome.distance->in(m_norm);
        std::string label = attackLabel(outcome.name);
        if (outcome.norm != m_norm)
            label.append(" (").append(normLabel(outcome.norm)).append(")");
        label.append(" ").append(threeDigits(distance));
        if (distance > far)
            return nameOffAxis(label);
        ScatterLayer layer
            = mark(std::string("attack-") + std::to_string(place) + "-" + outcome.name, distance, attackRole(outcome.name), attackMarker(outcome.name), std::move(label));
        layer.refs = {{"attack", outcome.name}};
        m_panel.layers.push_back(std::move(layer));
    }

    void addRandomDirections()
    {
        const auto& random = m_result.randomDirections;
        if (!random || random->norm != m_norm || !random->q05)
            return;
        const std::string range = threeDigits(*random->q05) + (random->q95 ? std::string("–") + threeDigits(*random->q95) : std::string(" and more"));
        if (m_end > 0 && *random->q05 > farFactor * m_end)
            return nameOffAxis("random directions 5–95 %: " + range);
        // Directions that never leave the class have no crossing; the span then runs to the edge of the picture.
        const double end = random->q95.value_or(1.15 * std::max(m_end, *random->q05));
        m_end = std::max(m_end, end);
        m_panel.layers.insert(m_panel.layers.begin(),
            SpanLayer{.id = "random-directions",
                .label = std::string("random directions 5–95 %\n") + range,
                .from = *random->q05,
                .to = end,
                .role = ColourRole::Muted,
                .extent = spanExtent});
    }

    const InspectResult& m_result;
    Norm m_norm;
    Panel m_panel;
    double m_end = 0;
    double m_nearest = std::numeric_limits<double>::infinity(); ///< of all marks
    std::string m_offAxis; ///< what lies too far away to be drawn
};

/// The verdict, as far as there is one: a snapshot of a running study, or a result without an estimate or without a successful attack,
/// has no order to check.
std::optional<TextLayer> verdict(const InspectResult& result)
{
    TextLayer text;
    text.id = "verdict";
    text.x = 0;
    text.role = ColourRole::Alarm;
    for (const LadderAlarm alarm : result.alarms) {
        const char* sentence = alarm == LadderAlarm::AttackBelowCertificate ? "✕ attack below a certified bound: a bug"
            : alarm == LadderAlarm::AttackBelowClever                      ? "⚠ attack below the CLEVER estimate: too few samples or masked gradients"
            : alarm == LadderAlarm::GradientFreeBest                       ? "⚠ gradient-free best: masked gradients or too few steps"
                                                                           : nullptr;
        if (sentence)
            text.text.append(text.text.empty() ? "" : "\n").append(sentence);
    }
    if (!text.text.empty())
        return text;
    if (const auto bracket = distanceBracket(result); bracket && bracket->isTight() && !result.partial) {
        text.role = ColourRole::Good;
        text.text = "✓ distance known within " + formatReal(100 * bracket->width(), 2) + " %: proved up to " + formatReal(bracket->proved, 4) + ", found at " + formatReal(bracket->found, 4);
        return text;
    }
    const bool hasProof = result.certified && result.certified->radius && *result.certified->radius > 0;
    const bool canCheck = !result.partial && result.best && result.clever && result.clever->score && result.clever->norm == result.norm;
    if (!canCheck)
        return std::nullopt;
    if (*result.clever->score > result.attacks[*result.best].distance->in(result.norm)) {
        text.role = ColourRole::Caution;
        text.text = "⚠ estimate above the best attack, within its interval";
        return text;
    }
    text.text = hasProof ? "✓ order holds: bound, estimate ≤ attacks" : "✓ order holds: estimate ≤ attacks";
    text.role = ColourRole::Good;
    return text;
}

std::string failedAttacks(const InspectResult& result)
{
    std::string list;
    for (const AttackOutcome& outcome : result.attacks) {
        if (outcome.success || outcome.wasMisclassified)
            continue;
        list.append(list.empty() ? "failed: " : ", ").append(attackLabel(outcome.name));
        if (outcome.eps)
            list.append(" (ε ").append(formatReal(*outcome.eps)).append(")");
    }
    return list;
}

/// The verdict above all other words.
void addWords(Panel& panel, const InspectResult& result)
{
    const std::string failed = failedAttacks(result);
    if (!failed.empty())
        panel.layers.push_back(TextLayer{.id = "failed", .text = failed, .x = 0});
    if (const auto text = verdict(result))
        panel.layers.insert(panel.layers.begin(), *text);
}

/// Height by width of one rung: each line of words, and each label more than fit side by side, needs a line.
double rungAspect(const Panel& panel)
{
    constexpr double plain = 0.4;
    constexpr double lineHeight = 0.06;
    constexpr int labelsSideBySide = 5;
    int lines = 0;
    int labels = 0;
    for (const Layer& layer : panel.layers) {
        lines += std::holds_alternative<TextLayer>(layer);
        labels += std::holds_alternative<ScatterLayer>(layer);
    }
    return plain + lineHeight * (lines + std::max(0, labels - labelsSideBySide));
}

std::optional<Figure> makeLadder(const InspectResult& result, const FigureSelection&)
{
    Figure figure;
    figure.name = "ladder";
    for (const Norm norm : norms(result)) {
        Panel panel = Rung(result, norm).finish();
        if (panel.layers.empty())
            continue;
        panel.row = int(figure.panels.size());
        figure.panels.push_back(std::move(panel));
    }
    if (figure.panels.empty())
        return std::nullopt;
    addWords(figure.panels.front(), result);
    figure.aspect = 0;
    for (const Panel& panel : figure.panels)
        figure.aspect += rungAspect(panel);
    figure.caption = std::string("Distance ladder in ") + normLabel(result.norm) + ", pixel range [0,1]";
    if (result.certified && result.certified->radius)
        figure.caption += ": certified bound, a radius within which " + certifyMethodLabel(result.certified->method) + " proves that nothing is of another class (triangle, green to its left)"
            + (result.certified->isPartial ? ", stopped before it was as large as it can be;" : ";");
    else if (!result.uncertified.empty())
        figure.caption += ": no certified bound (" + result.uncertified.substr(0, result.uncertified.find_last_not_of('.') + 1) + ");";
    if (result.clever && result.clever->score)
        figure.caption += std::string(figure.caption.back() == ';' ? " " : ": ") + std::string("CLEVER estimate with 95 % interval (circle") + (result.clever->capped ? ", open: capped at the radius" : "") + ")";
    const bool hasMet = std::ranges::any_of(result.attacks, isOfProof);
    figure.caption += std::string("; the other marks with names are the best distances of attacks") + (hasMet ? " and of what the proof met" : "") + ", each confirmed by a fresh forward";
    if (result.linearisedDistance)
        figure.caption += "; the open diamond is the linearised distance g/‖∇g‖";
    if (result.randomDirections)
        figure.caption += std::string("; the grey span is where ") + countText(result.randomDirections->directions) + " random directions leave the class ("
            + countText(result.randomDirections->crossings) + " did)";
    figure.caption += ". ";
    if (result.clever)
        figure.caption += cleverSettings(result) + " ";
    figure.caption += subjectSentence(result);
    return figure;
}

} // namespace

FigureInfo ladderFigure()
{
    return {"ladder", "Distance ladder", "All distances on one axis a norm: certified bound, CLEVER estimate, attacks, linearised, random directions", withProvenance<makeLadder>};
}

} // namespace brink
