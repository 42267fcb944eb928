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
