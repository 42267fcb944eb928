// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/emptiestcorner.h"

#include "widgets/plot/autorange.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace brink {

namespace {

/// About the share of a panel that a legend takes.
constexpr double legendWidth = 0.45;
constexpr double legendHeight = 0.35;

/// Counts data in the four corners of the unit square; bars count along their whole length.
class CornerCount {
public:
    explicit CornerCount(const Panel& panel) : m_panel(panel), m_x(xRange(panel)), m_y(yRange(panel)) {}

    [[nodiscard]] double in(LegendPlace place) const { return m_counts[std::size_t(place)]; }

    void operator()(const LineLayer& layer) { addCurve(layer.x, layer.y); }
    void operator()(const BandLayer& layer)
    {
        addCurve(layer.x, layer.low);
        addCurve(layer.x, layer.high);
    }
    void operator()(const ScatterLayer& layer) { addCurve(layer.x, layer.y); }
    void operator()(const BarLayer& layer)
    {
        if (!layer.position || !layer.height)
            return;
        const bool isVertical = layer.orientation == Orientation::Vertical;
        for (std::size_t i = 0; i < layer.position->size(); ++i) {
            const double at = (*layer.position)[i] + layer.offset;
            const double height = (*layer.height)[i];
            for (double share = 0.1; share <= 1; share += 0.1)
                isVertical ? add(at, layer.base + share * height, layer.position->size() * 10)
                           : add(layer.base + share * height, at, layer.position->size() * 10);
        }
    }
    void operator()(const TextLayer& layer) { addFraction(layer.x, layer.y, 0.5); }
    void operator()(const RuleLayer&) {}
    void operator()(const SpanLayer&) {}
    void operator()(const RasterLayer&) {}
    void operator()(const HeatmapLayer&) {}
    void operator()(const RegionLayer&) {}
    void operator()(const KeyLayer&) {}

private:
    void addCurve(const Column& x, const Column& y)
    {
        if (x && y)
            for (std::size_t i = 0; i < std::min(x->size(), y->size()); ++i)
                add((*x)[i], (*y)[i], x->size());
    }

    static double fraction(double value, const std::array<double, 2>& range, const Axis& axis)
    {
        const double share = axis.isLogarithmic ? std::log(value / range[0]) / std::log(range[1] / range[0])
                                                : (value - range[0]) / (range[1] - range[0]);
        return axis.isReversed ? 1 - share : share;
    }

    void add(double x, double y, std::size_t of) { addFraction(fraction(x, m_x, m_panel.x), fraction(y, m_y, m_panel.y), 1.0 / double(of)); }

    void addFraction(double x, double y, double weight)
    {
        const bool isLeft = x < legendWidth;
        const bool isRight = x > 1 - legendWidth;
        if (y > 1 - legendHeight) {
            m_counts[std::size_t(LegendPlace::TopLeft)] += isLeft ? weight : 0;
            m_counts[std::size_t(LegendPlace::TopRight)] += isRight ? weight : 0;
        }
        if (y < legendHeight) {
            m_counts[std::size_t(LegendPlace::BottomLeft)] += isLeft ? weight : 0;
            m_counts[std::size_t(LegendPlace::BottomRight)] += isRight ? weight : 0;
        }
    }

    const Panel& m_panel;
    std::array<double, 2> m_x, m_y;
    std::array<double, 6> m_counts{};
};

} // namespace

LegendPlace emptiestCorner(const Panel& panel)
{
    CornerCount count(panel);
    for (const Layer& layer : panel.layers)
        std::visit(count, layer);
    LegendPlace best = LegendPlace::TopRight;
    for (const LegendPlace place : {LegendPlace::TopLeft, LegendPlace::BottomRight, LegendPlace::BottomLeft})
        if (count.in(place) < count.in(best))
            best = place;
    return best;
}

} // namespace brink
