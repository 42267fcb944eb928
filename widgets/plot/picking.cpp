// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/picking.h"

#include "core/base/text.h"
#include "widgets/plot/layerrenderers_qcp.h"

#include <QLocale>
#include <QRectF>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr int readOutDigits = 4;
constexpr int longestName = 24; ///< of an axis in the read-out

QString rasterText(const RasterLayer& layer, double x, double y, const QLocale& locale)
{
    const int column = int(std::floor(x));
    const int row = layer.height - 1 - int(std::floor(y));
    if (column < 0 || column >= layer.width || row < 0 || row >= layer.height)
        return {};
    const int channels = layer.values ? layer.valueChannels : layer.channels;
    QString text = QStringLiteral("x %1  y %2 ").arg(column).arg(row);
    for (int c = 0; c < channels; ++c) {
        const std::size_t at = (std::size_t(row) * std::size_t(layer.width) + std::size_t(column)) * std::size_t(channels) + std::size_t(c);
        text += QLatin1Char(' ') + (layer.values ? locale.toString((*layer.values)[at], 'f', 3) : QString::number((*layer.pixels)[at]));
    }
    return text;
}

QString tipOf(const std::vector<std::string>& tips, std::size_t i)
{
    return i < tips.size() ? QString::fromStdString(plainText(tips[i])) : QString();
}

/// The nearest point of the layer, if it is nearer than what was found before.
void pickPoint(const ScatterLayer& layer, const FigureAxisRect& rect, QPointF position, std::optional<Pick>& nearest, double& nearestDistance)
{
    if (!layer.x || !layer.y)
        return;
    for (std::size_t i = 0; i < std::min(layer.x->size(), layer.refs.size()); ++i) {
        const QPointF at = rect.pixelOf((*layer.x)[i], (*layer.y)[i]);
        const double distance = std::hypot(at.x() - position.x(), at.y() - position.y());
        if (distance > nearestDistance)
            continue;
        nearestDistance = distance;
        nearest = Pick{layer.refs[i], tipOf(layer.tips.empty() ? layer.labels : layer.tips, i), (*layer.x)[i], (*layer.y)[i]};
    }
}

std::optional<Pick> pickCell(const HeatmapLayer& layer, double x, double y)
{
    const int column = int(std::floor(x));
    const int row = layer.rows - 1 - int(std::floor(y));
    if (column < 0 || column >= layer.columns || row < 0 || row >= layer.rows)
        return std::nullopt;
    const auto index = std::size_t(row * layer.columns + column);
    if (index >= layer.refs.size())
        return std::nullopt;
    return Pick{layer.refs[index], tipOf(layer.tips, index), column + 0.5, layer.rows - row - 0.5};
}

/// The cell of a class region; its point is picked by coordinates.
std::optional<Pick> pickRegion(const RegionLayer& layer, double x, double y)
{
    const auto [left, right, bottom, top] = layer.frame;
    const int column = int(std::floor((x - left) / (right - left) * layer.columns));
    const int row = int(std::floor((top - y) / (top - bottom) * layer.rows));
    const auto cell = std::size_t(row) * std::size_t(layer.columns) + std::size_t(column);
    if (column < 0 || column >= layer.columns || row < 0 || row >= layer.rows || !layer.labels || cell >= layer.labels->size())
        return std::nullopt;
    const RegionLayer::Class* named = regionClass(layer, (*layer.labels)[cell]);
    QString label = named ? QString::fromStdString(plainText(named->name)) : QString::number((*layer.labels)[cell]);
    const QLocale locale;
    if (layer.confidences && cell < layer.confidences->size())
        label += QStringLiteral(" · confidence %1").arg(locale.toString((*layer.confidences)[cell], 'f', 3));
    if (layer.margins && cell < layer.margins->size())
        label += QStringLiteral(" · margin %1").arg(locale.toString((*layer.margins)[cell], 'g', 3));
    if (layer.isComputed && cell < layer.isComputed->size() && !(*layer.isComputed)[cell])
        label += QStringLiteral(" (interpolated)");
    return Pick{{"point", formatReal(x, 9) + "," + formatReal(y, 9)}, label, x, y};
}

std::optional<Pick> pickBar(const BarLayer& layer, double x, double y)
{
    if (!layer.position || !layer.height)
        return std::nullopt;
    const bool isVertical = layer.orientation == Orientation::Vertical;
    const double along = isVertical ? x : y;
    const double across = isVertical ? y : x;
    for (std::size_t i = 0; i < std::min(layer.position->size(), layer.refs.size()); ++i) {
        const double centre = (*layer.position)[i] + layer.offset;
        const double end = layer.base + (*layer.height)[i];
        if (std::abs(along - centre) <= layer.width / 2 && across >= std::min(layer.base, end) && across <= std::max(layer.base, end))
            return Pick{layer.refs[i], tipOf(layer.tips, i), x, y};
    }
    return std::nullopt;
}

} // namespace

std::optional<Pick> pickAt(const PanelPlot& panel, QPointF position, double reachPixels)
{
    const double x = panel.rect->xAxis()->pixelToCoord(position.x());
    const double y = panel.rect->yAxis()->pixelToCoord(position.y());
    std::optional<Pick> nearest;
    double nearestDistance = reachPixels;
    // Points lie over areas.
    for (const Layer& layer : panel.panel->layers)
        if (const auto* scatter = std::get_if<ScatterLayer>(&layer))
            pickPoint(*scatter, *panel.rect, position, nearest, nearestDistance);
    for (const Layer& layer : panel.panel->layers) {
        if (nearest)
            break;
        if (const auto* heatmap = std::get_if<HeatmapLayer>(&layer))
            nearest = pickCell(*heatmap, x, y);
        else if (const auto* regions = std::get_if<RegionLayer>(&layer))
            nearest = pickRegion(*regions, x, y);
        else if (const auto* bars = std::get_if<BarLayer>(&layer))
            nearest = pickBar(*bars, x, y);
    }
    return nearest;
}

std::vector<DataRef> refsIn(const PanelPlot& panel, const QRectF& area)
{
    std::vector<DataRef> refs;
    for (const Layer& layer : panel.panel->layers) {
        const auto* scatter = std::get_if<ScatterLayer>(&layer);
        if (!scatter || !scatter->x || !scatter->y)
            continue;
        for (std::size_t i = 0; i < std::min(scatter->x->size(), scatter->refs.size()); ++i) {
            const bool isInside = area.contains(panel.rect->pixelOf((*scatter->x)[i], (*scatter->y)[i]));
            if (isInside && std::ranges::find(refs, scatter->refs[i]) == refs.end())
                refs.push_back(scatter->refs[i]);
        }
    }
    return refs;
}

QString cursorText(const PanelPlot& panel, QPointF position, const QLocale& locale)
{
    const double x = panel.rect->xAxis()->pixelToCoord(position.x());
    const double y = panel.rect->yAxis()->pixelToCoord(position.y());
    for (const Layer& layer : panel.panel->layers)
        if (const auto* raster = std::get_if<RasterLayer>(&layer))
            return rasterText(*raster, x, y, locale);
    const auto pick = pickAt(panel, position);
    const QString named = pick ? QString(pick->label).replace(QLatin1Char('\n'), QLatin1Char(' ')) : QString();
    const auto isHeatmap = [](const Layer& layer) { return std::holds_alternative<HeatmapLayer>(layer); };
    if (std::ranges::any_of(panel.panel->layers, isHeatmap))
        return named; // rows and columns of names have no coordinates
    // What is under the pointer first, and long names of axes as letters: the status bar has little room.
    const auto part = [&](const Axis& axis, const QString& letter, double value) {
        const QString label = QString::fromStdString(plainText(axis.label)).section(QLatin1Char('('), 0, 0).trimmed(), number = locale.toString(value, 'g', readOutDigits);
        if (label.size() > longestName)
            return QStringLiteral("%1 %2 %3").arg(letter, number, label.section(QLatin1Char(','), 1).trimmed()).trimmed();
        return (label.isEmpty() ? QString() : label + QLatin1Char(' ')) + number;
    };
    QStringList parts;
    if (!named.isEmpty())
        parts << named;
    if (panel.panel->x.isVisible && panel.panel->x.ticks.empty())
        parts << part(panel.panel->x, QStringLiteral("x"), x);
    if (panel.panel->y.isVisible && panel.panel->y.ticks.empty())
        parts << part(panel.panel->y, QStringLiteral("y"), y);
    return parts.join(QStringLiteral("   "));
}

} // namespace brink
