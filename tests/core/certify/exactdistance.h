// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/norm.h"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace brink::test {

/// out x in, row by row; a relu follows all layers but the last.
struct ExactLayer {
    int out = 0, in = 0;
    std::vector<double> weights, bias;
};

/// slope . x <= limit in the plane.
struct HalfPlane {
    std::array<double, 2> slope{};
    double limit = 0;
};

using Point = std::array<double, 2>;

inline double lengthOf(const Point& v, Norm norm)
{
    const double a = std::abs(v[0]), b = std::abs(v[1]);
    return norm == Norm::L1 ? a + b : norm == Norm::L2 ? std::hypot(a, b) : std::max(a, b);
}

inline bool contains(const std::vector<HalfPlane>& polygon, const Point& x)
{
    constexpr double slack = 1e-9;
    for (const HalfPlane& each : polygon)
        if (each.slope[0] * x[0] + each.slope[1] * x[1] > each.limit + slack)
            return false;
    return true;
}

/// Distance from x to a polygon: its nearest point is x, a corner, or where an edge is nearest to x. In L1 and Linf the nearest point of a
/// line is one on a ray from x along an axis, or a diagonal.
inline double distanceTo(const std::vector<HalfPlane>& polygon, const Point& x, Norm norm)
{
    double best = contains(polygon, x) ? 0.0 : std::numeric_limits<double>::infinity();
    const auto consider = [&](const Point& y) {
        const double length = lengthOf({y[0] - x[0], y[1] - x[1]}, norm);
        if (length < best && contains(polygon, y))
            best = length;
    };
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const HalfPlane& a = polygon[i];
        std::vector<Point> directions{a.slope};
        if (norm == Norm::L1)
            directions = {{1, 0}, {0, 1}};
        if (norm == Norm::Linf)
            directions = {{1, 1}, {1, -1}};
        for (const Point& d : directions) {
            const double rate = a.slope[0] * d[0] + a.slope[1] * d[1];
            const double t = (a.limit - a.slope[0] * x[0] - a.slope[1] * x[1]) / rate;
            if (std::isfinite(t))
                consider({x[0] + t * d[0], x[1] + t * d[1]});
        }
        for (std::size_t j = 0; j < i; ++j) {
            const HalfPlane& b = polygon[j];
            const double determinant = a.slope[0] * b.slope[1] - a.slope[1] * b.slope[0];
            if (std::abs(determinant) > 1e-12)
                consider({(a.limit * b.slope[1] - b.limit * a.slope[1]) / determinant, (a.slope[0] * b.limit - b.slope[0] * a.limit) / determinant});
        }
    }
    return best;
}

/// A vector of affine functions of the plane: value = slope . x + bias.
struct AffineRow {
    Point slope{};
    double bias = 0;
};

inline std::vector<AffineRow> throughLayer(const ExactLayer& layer, const std::vector<AffineRow>& before)
{
    std::vector<AffineRow> after(std::size_t(layer.out));
    for (int o = 0; o < layer.out; ++o) {
        after[std::size_t(o)].bias = layer.bias[std::size_t(o)];
        for (int i = 0; i < layer.in; ++i) {
            const double w = layer.weights[std::size_t(o * layer.in + i)];
            for (std::size_t k = 0; k < 2; ++k)
                after[std::size_t(o)].slope[k] += w * before[std::size_t(i)].slope[k];
            after[std::size_t(o)].bias += w * before[std::size_t(i)].bias;
        }
    }
    return after;
}

/// Distance from x to the nearest point of another class, not confined to the pixel box: over all patterns of active relus, each of which is a
/// polygon on which the network is affine.
inline double exactDistance(const std::vector<ExactLayer>& layers, const Point& x, Norm norm)
{
    int units = 0;
    for (std::size_t l = 0; l + 1 < layers.size(); ++l)
        units += layers[l].out;
    const auto logitsFor = [&](unsigned pattern, std::vector<HalfPlane>& polygon) {
        std::vector<AffineRow> rows{{{1, 0}, 0}, {{0, 1}, 0}};
        int unit = 0;
        for (std::size_t l = 0; l < layers.size(); ++l) {
            rows = throughLayer(layers[l], rows);
            for (std::size_t o = 0; l + 1 < layers.size() && o < rows.size(); ++o, ++unit) {
                const bool isActive = (pattern >> unit & 1U) != 0;
                const double sign = isActive ? -1 : 1;
                polygon.push_back({{sign * rows[o].slope[0], sign * rows[o].slope[1]}, -sign * rows[o].bias});
                if (!isActive)
                    rows[o] = {};
            }
        }
        return rows;
    };
    const auto at = [](const AffineRow& row, const Point& point) { return row.slope[0] * point[0] + row.slope[1] * point[1] + row.bias; };
    std::size_t reference = 0;
    for (unsigned pattern = 0; pattern < 1U << units; ++pattern) {
        std::vector<HalfPlane> polygon;
        const std::vector<AffineRow> logits = logitsFor(pattern, polygon);
        if (!contains(polygon, x))
            continue;
        for (std::size_t k = 1; k < logits.size(); ++k)
            if (at(logits[k], x) > at(logits[reference], x))
                reference = k;
    }
    double best = std::numeric_limits<double>::infinity();
    for (unsigned pattern = 0; pattern < 1U << units; ++pattern) {
        std::vector<HalfPlane> polygon;
        const std::vector<AffineRow> logits = logitsFor(pattern, polygon);
        for (std::size_t k = 0; k < logits.size(); ++k) {
            if (k == reference)
                continue;
            polygon.push_back({{logits[reference].slope[0] - logits[k].slope[0], logits[reference].slope[1] - logits[k].slope[1]}, logits[k].bias - logits[reference].bias});
            best = std::min(best, distanceTo(polygon, x, norm));
            polygon.pop_back();
        }
    }
    return best;
}

} // namespace brink::test
