// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/figure/figure.h"

#include <algorithm>
#include <map>
#include <utility>

namespace brink {

namespace {

/// Sum over rows of the tallest row stretch: the height of the panels in stretch units.
double totalRowStretch(const std::vector<Panel>& panels)
{
    std::map<int, double> rows;
    for (const Panel& panel : panels)
        rows[panel.row] = std::max(rows[panel.row], panel.heightEm > 0 ? 0 : panel.rowStretch);
    double total = 0;
    for (const auto& [row, stretch] : rows)
        total += stretch;
    return total;
}

} // namespace

Column makeColumn(std::vector<double> values) { return std::make_shared<const std::vector<double>>(std::move(values)); }

ColourRole seriesRole(int n) { return ColourRole(int(ColourRole::Series1) + n % 8); }

const std::string& layerId(const Layer& layer)
{
    return std::visit([](const auto& value) -> const std::string& { return value.id; }, layer);
}

const RegionLayer::Class* regionClass(const RegionLayer& layer, int label)
{
    const auto found = std::ranges::find(layer.classes, label, &RegionLayer::Class::label);
    return found == layer.classes.end() ? nullptr : &*found;
}

std::vector<std::uint8_t> cellsInBounds(const RegionLayer& layer)
{
    std::vector<std::uint8_t> inside(std::size_t(layer.rows) * std::size_t(layer.columns), layer.boundsX ? 0 : 1);
    if (!layer.boundsX || !layer.boundsY)
        return inside;
    const std::size_t corners = std::min(layer.boundsX->size(), layer.boundsY->size());
    const auto [left, right, bottom, top] = layer.frame;
    for (int row = 0; row < layer.rows; ++row) {
        const double y = top - (top - bottom) * (row + 0.5) / layer.rows;
        // Cells between the first and the second crossing, the third and the fourth and so on are inside.
        std::vector<double> crossings;
        for (std::size_t i = 0; i < corners; ++i) {
            const double x1 = (*layer.boundsX)[i], y1 = (*layer.boundsY)[i];
            const double x2 = (*layer.boundsX)[(i + 1) % corners], y2 = (*layer.boundsY)[(i + 1) % corners];
            if ((y1 <= y) != (y2 <= y))
                crossings.push_back(x1 + (y - y1) / (y2 - y1) * (x2 - x1));
        }
        std::ranges::sort(crossings);
        for (int column = 0; column < layer.columns; ++column) {
            const double x = left + (right - left) * (column + 0.5) / layer.columns;
            const auto before = std::ranges::lower_bound(crossings, x) - crossings.begin();
            inside[std::size_t(row) * std::size_t(layer.columns) + std::size_t(column)] = before % 2 == 1;
        }
    }
    return inside;
}

Figure withPanels(const Figure& figure, std::span<const std::string> ids)
{
    Figure chosen = figure;
    std::erase_if(chosen.panels, [&](const Panel& panel) { return std::ranges::find(ids, panel.id) == ids.end(); });
    const double before = totalRowStretch(figure.panels);
    const double after = totalRowStretch(chosen.panels);
    if (before > 0 && after > 0)
        chosen.aspect = figure.aspect * after / before;
    return chosen;
}

double fixedHeightEm(const Figure& figure)
{
    std::map<int, double> rows;
    for (const Panel& panel : figure.panels)
        rows[panel.row] = std::max(rows[panel.row], panel.heightEm);
    double total = 0;
    for (const auto& [row, height] : rows)
        total += height;
    return total;
}

std::string plainText(std::string_view text)
{
    std::string plain;
    bool isSubscript = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 2) == "_{") {
            plain += '_';
            isSubscript = true;
            ++i;
        } else if (isSubscript && text[i] == '}') {
            isSubscript = false;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

} // namespace brink
