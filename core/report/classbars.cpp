// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/figureparts.h"

#include <algorithm>
#include <numeric>

namespace brink {

using namespace report;

namespace {

/// Up to this many classes all are shown, in their order; of more only the most probable.
constexpr std::size_t shownWhole = 12;
constexpr std::size_t shownOfMany = 10;

std::vector<std::size_t> shownClasses(const std::vector<double>& before, const std::vector<double>& after)
{
    std::vector<std::size_t> classes(before.size());
    std::iota(classes.begin(), classes.end(), std::size_t(0));
    if (classes.size() <= shownWhole)
        return classes;
    const auto larger = [&](std::size_t i) { return after.empty() ? before[i] : std::max(before[i], after[i]); };
    std::ranges::stable_sort(classes, std::greater{}, larger);
    classes.resize(shownOfMany);
    return classes;
}

BarLayer bars(const char* id, const char* name, const std::vector<double>& all, const std::vector<std::size_t>& classes, double offset)
{
    std::vector<double> position;
    std::vector<double> height;
    for (std::size_t row = 0; row < classes.size(); ++row) {
        position.push_back(double(row));
        height.push_back(all[classes[row]]);
    }
    BarLayer layer;
    layer.id = id;
    layer.name = name;
    layer.position = makeColumn(std::move(position));
    layer.height = makeColumn(std::move(height));
    layer.orientation = Orientation::Horizontal;
    layer.offset = offset;
    layer.width = 0.4;
    return layer;
}

std::optional<Figure> makeClassBars(const InspectResult& result, const FigureSelection&)
{
    if (result.logits.empty())
        return std::nullopt;
    const std::vector<double> before = probabilities(result.logits);
    const std::vector<double> after = probabilities(result.adversarialLogits);
    if (!after.empty() && after.size() != before.size())
        return std::nullopt;
    const std::vector<std::size_t> classes = shownClasses(before, after);
    Panel panel;
    panel.id = "classes";
    panel.title = "Class probabilities";
    panel.legend = after.empty() ? LegendPlace::None : LegendPlace::Inside;
    panel.x.label = "probability";
    panel.x.range = std::array{0.0, 1.0};
    panel.y.label = "class";
    panel.y.isReversed = true;
    panel.y.range = std::array{-0.6, double(classes.size()) - 0.4};
    for (std::size_t row = 0; row < classes.size(); ++row)
        panel.y.ticks.emplace_back(double(row), className(result, std::int64_t(classes[row])));
    BarLayer original = bars("original", "original", before, classes, after.empty() ? 0 : -0.2);
    original.role = ColourRole::Muted;
    original.isOpen = true;
    panel.layers.push_back(std::move(original));
    if (!after.empty()) {
        BarLayer adversarial = bars("adversarial", "adversarial", after, classes, 0.2);
        adversarial.role = ColourRole::Series1;
        panel.layers.push_back(std::move(adversarial));
    }
    Figure figure;
    figure.name = "classes";
    figure.aspect = std::clamp(0.3 + 0.055 * double(classes.size()), 0.4, 0.9);
    figure.panels = {std::move(panel)};
    figure.caption = after.empty() ? "Class probabilities (softmax of the logits) of the image."
                                   : "Class probabilities (softmax of the logits) of the image and of the nearest adversarial image found.";
    if (before.size() > classes.size())
        figure.caption.append(" The ").append(std::to_string(classes.size())).append(" most probable of ").append(countText(std::int64_t(before.size()))).append(" classes.");
    figure.caption += std::string(" ") + subjectSentence(result);
    return figure;
}

} // namespace

FigureInfo classbarsFigure()
{
    return {"classes", "Class bars", "Class probabilities of the image and of its nearest adversarial image", withProvenance<makeClassBars>};
}

} // namespace brink
