// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/rasters.h"

#include "core/figure/signedcolours.h"

#include <algorithm>
#include <cmath>

namespace brink::report {

std::vector<double> interleaved(int channels, int height, int width, std::span<const float> values)
{
    const std::size_t plane = std::size_t(height) * std::size_t(width);
    std::vector<double> ordered;
    ordered.reserve(values.size());
    for (std::size_t i = 0; i < plane; ++i)
        for (int c = 0; c < channels; ++c)
            ordered.push_back(double(values[std::size_t(c) * plane + i]));
    return ordered;
}

RasterLayer imageRaster(std::string id, const Image& image)
{
    RasterLayer layer;
    layer.id = std::move(id);
    layer.width = image.width;
    layer.height = image.height;
    layer.channels = image.channels;
    std::vector<double> values = interleaved(image.channels, image.height, image.width, image.pixels);
    std::vector<std::uint8_t> bytes;
    bytes.reserve(values.size());
    for (const double value : values)
        bytes.push_back(std::uint8_t(std::lround(255 * std::clamp(value, 0.0, 1.0))));
    layer.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
    layer.values = makeColumn(std::move(values));
    layer.valueChannels = image.channels;
    return layer;
}

RasterLayer signedRaster(std::string id, int channels, int height, int width, std::vector<double> values, double amplified)
{
    RasterLayer layer;
    layer.id = std::move(id);
    layer.width = width;
    layer.height = height;
    std::vector<std::uint8_t> bytes;
    const auto count = std::size_t(channels);
    for (std::size_t i = 0; i + count <= values.size(); i += count) {
        double strongest = 0;
        for (std::size_t c = 0; c < count; ++c)
            if (std::abs(values[i + c]) > std::abs(strongest))
                strongest = values[i + c];
        for (const std::uint8_t byte : signedChangeColour(strongest * amplified))
            bytes.push_back(byte);
    }
    layer.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
    layer.values = makeColumn(std::move(values));
    layer.valueChannels = channels;
    return layer;
}

Panel imagePanel(std::string title, RasterLayer layer, int row, int column)
{
    Panel panel;
    panel.id = layer.id;
    panel.title = std::move(title);
    panel.row = row;
    panel.column = column;
    panel.keepsAspect = true;
    panel.legend = LegendPlace::None;
    panel.x.isVisible = false;
    panel.y.isVisible = false;
    panel.layers.emplace_back(std::move(layer));
    return panel;
}

Panel signedScalePanel(const std::string& label, int row)
{
    constexpr int cells = 128;
    std::vector<double> values;
    for (int i = 0; i < cells; ++i)
        values.push_back(2 * (i + 0.5) / cells - 1);
    RasterLayer bar = signedRaster("scale", 1, 1, cells, values, 1);
    Panel panel;
    panel.id = "scale";
    panel.row = row;
    panel.legend = LegendPlace::None;
    panel.heightEm = 4;
    panel.x.label = label;
    panel.x.range = std::array{0.0, double(cells)};
    panel.x.ticks = {{6, "−max"}, {cells / 2.0, "0"}, {cells - 6, "max"}};
    panel.x.hasLine = false;
    panel.y.isVisible = false;
    panel.y.range = std::array{0.0, 1.0};
    panel.layers.emplace_back(std::move(bar));
    return panel;
}

} // namespace brink::report
