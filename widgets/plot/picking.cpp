// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/picking.h"

#include "widgets/plot/layerrenderers_qcp.h"

#include <QLocale>
#include <QRectF>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr int readOutDigits = 4;

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

} // namespace

std::optional<Pick> pickAt(const PanelPlot& panel, QPointF position, double reachPixels)
{
    std::optional<Pick> nearest;
    double nearestDistance = reachPixels;
    for (const Layer& layer : panel.panel->layers) {
        const auto* scatter = std::get_if<ScatterLayer>(&layer);
        if (!scatter || !scatter->x || !scatter->y)
            continue;
        for (std::size_t i = 0; i < std::min(scatter->x->size(), scatter->refs.size()); ++i) {
            const QPointF at = panel.rect->pixelOf((*scatter->x)[i], (*scatter->y)[i]);
            const double distance = std::hypot(at.x() - position.x(), at.y() - position.y());
            if (distance > nearestDistance)
                continue;
            nearestDistance = distance;
            const QString label = i < scatter->labels.size() ? QString::fromStdString(plainText(scatter->labels[i])) : QString();
            nearest = Pick{scatter->refs[i], label, (*scatter->x)[i], (*scatter->y)[i]};
        }
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
    const auto part = [&](const Axis& axis, double value) {
        const QString label = QString::fromStdString(plainText(axis.label));
        return (label.isEmpty() ? QString() : label + QLatin1Char(' ')) + locale.toString(value, 'g', readOutDigits);
    };
    QStringList parts;
    if (panel.panel->x.isVisible)
        parts << part(panel.panel->x, x);
    if (panel.panel->y.isVisible && panel.panel->y.ticks.empty())
        parts << part(panel.panel->y, y);
    if (const auto pick = pickAt(panel, position); pick && !pick->label.isEmpty())
        parts << QString(pick->label).replace(QLatin1Char('\n'), QLatin1Char(' '));
    return parts.join(QStringLiteral("   "));
}

} // namespace brink
