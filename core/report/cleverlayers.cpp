// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/cleverlayers.h"

#include <algorithm>

namespace brink::report {

namespace {

ScatterLayer markers(const char* id, std::vector<double> x, std::vector<double> y)
{
    ScatterLayer layer;
    layer.id = id;
    layer.x = makeColumn(std::move(x));
    layer.y = makeColumn(std::move(y));
    return layer;
}

} // namespace

void addCleverCurve(Panel& panel, const std::vector<CleverCurvePoint>& points)
{
    std::vector<double> x, y, low, high, bandX, cappedX, cappedY, plainX, plainY;
    for (const CleverCurvePoint& point : points) {
        x.push_back(point.at);
        y.push_back(point.score);
        if (point.interval) {
            bandX.push_back(point.at);
            low.push_back((*point.interval)[0]);
            high.push_back((*point.interval)[1]);
        }
        (point.capped ? cappedX : plainX).push_back(point.at);
        (point.capped ? cappedY : plainY).push_back(point.score);
    }
    if (!bandX.empty()) {
        const Column shared = makeColumn(std::move(bandX));
        panel.layers.push_back(BandLayer{.id = "interval", .name = "95 % interval", .x = shared, .low = makeColumn(std::move(low)), .high = makeColumn(std::move(high))});
    }
    panel.layers.push_back(LineLayer{.id = "score", .name = "CLEVER estimate", .x = makeColumn(std::move(x)), .y = makeColumn(std::move(y))});
    if (!plainX.empty())
        panel.layers.push_back(markers("score-points", std::move(plainX), std::move(plainY)));
    if (!cappedX.empty()) {
        ScatterLayer capped = markers("capped", std::move(cappedX), std::move(cappedY));
        capped.name = "capped";
        capped.isOpen = true;
        capped.arrow = Arrow::Up;
        panel.layers.push_back(std::move(capped));
    }
}

} // namespace brink::report
