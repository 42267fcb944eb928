// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/autorange.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

namespace {

constexpr double margin = 0.04;

/// Collects the extent of layers along one axis.
class Extent {
public:
    Extent(bool isX, bool isLogarithmic) : m_isX(isX), m_isLogarithmic(isLogarithmic) {}

    [[nodiscard]] bool isEmpty() const { return !(m_low <= m_high); }
    [[nodiscard]] double low() const { return m_low; }
    [[nodiscard]] double high() const { return m_high; }
    [[nodiscard]] bool isTight() const { return m_isTight; }

    void operator()(const LineLayer& layer) { add(m_isX ? layer.x : layer.y); }
    void operator()(const BandLayer& layer)
    {
        if (m_isX) {
            add(layer.x);
        } else {
            add(layer.low);
            add(layer.high);
        }
    }
    void operator()(const BarLayer& layer)
    {
        const bool isAlongPosition = m_isX == (layer.orientation == Orientation::Vertical);
        if (!isAlongPosition) {
            if (layer.height)
                for (const double height : *layer.height)
                    add(layer.base + height);
            add(layer.base);
            return;
        }
        if (!layer.position)
            return;
        for (const double position : *layer.position) {
            add(position + layer.offset - layer.width / 2);
            add(position + layer.offset + layer.width / 2);
        }
    }
    void operator()(const ScatterLayer& layer)
    {
        add(m_isX ? layer.x : layer.y);
        add(m_isX ? layer.xLow : layer.yLow);
        add(m_isX ? layer.xHigh : layer.yHigh);
    }
    void operator()(const RuleLayer& layer)
    {
        if (m_isX == (layer.orientation == Orientation::Vertical))
            add(layer.at);
    }
    void operator()(const SpanLayer& layer)
    {
        if (m_isX != (layer.orientation == Orientation::Vertical))
            return;
        add(layer.from);
        add(layer.to);
    }
    void operator()(const TextLayer&) {}
    void operator()(const RasterLayer& layer)
    {
        add(0.0);
        add(double(m_isX ? layer.width : layer.height));
        m_isTight = true;
    }
    void operator()(const HeatmapLayer& layer)
    {
        add(0.0);
        add(double(m_isX ? layer.columns : layer.rows));
        m_isTight = true;
    }
    void operator()(const RegionLayer& layer)
    {
        add(layer.frame[m_isX ? 0 : 2]);
        add(layer.frame[m_isX ? 1 : 3]);
        m_isTight = true;
    }
    void operator()(const KeyLayer&) {}
    void add(double value)
    {
        if (!std::isfinite(value) || (m_isLogarithmic && value <= 0))
            return;
        m_low = std::min(m_low, value);
        m_high = std::max(m_high, value);
    }

private:
    void add(const Column& column)
    {
        if (column)
            for (const double value : *column)
                add(value);
    }

    bool m_isX;
    bool m_isLogarithmic;
    bool m_isTight = false;
    double m_low = std::numeric_limits<double>::infinity();
    double m_high = -std::numeric_limits<double>::infinity();
};

std::array<double, 2> logarithmicRange(double low, double high)
{
    if (low == high)
        return {low / 2, high * 2};
    const double factor = std::pow(high / low, margin);
    return {low / factor, high * factor};
}

std::array<double, 2> range(const Panel& panel, bool isX)
{
    const Axis& axis = isX ? panel.x : panel.y;
    if (axis.range)
        return *axis.range;
    Extent extent(isX, axis.isLogarithmic);
    for (const Layer& layer : panel.layers)
        std::visit(extent, layer);
    if (axis.includesZero && !axis.isLogarithmic)
        extent.add(0.0);
    if (extent.isEmpty())
        return axis.isLogarithmic ? std::array{1.0, 10.0} : std::array{0.0, 1.0};
    if (axis.isLogarithmic)
        return logarithmicRange(extent.low(), extent.high());
    double low = extent.low();
    double high = extent.high();
    if (low == high)
        return low == 0 ? std::array{0.0, 1.0} : std::array{low - std::abs(low) / 2, high + std::abs(high) / 2};
    if (extent.isTight())
        return {low, high};
    const double spare = margin * (high - low);
    low = axis.includesZero && low == 0 ? 0 : low - spare;
    high = axis.includesZero && high == 0 ? 0 : high + spare;
    return {low, high};
}

} // namespace

std::array<double, 2> xRange(const Panel& panel) { return range(panel, true); }

std::array<double, 2> yRange(const Panel& panel) { return range(panel, false); }

} // namespace brink
