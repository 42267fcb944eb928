// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/density.h"

#include "core/base/error.h"
#include "core/stats/summary.h"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace brink {

namespace {

/// Quartiles of the normal law are so many standard deviations apart.
constexpr double normalQuartiles = 1.349;

/// Mean product of what x and y deviate from their means by.
double covariance(std::span<const double> x, std::span<const double> y)
{
    const double centreX = mean(x), centreY = mean(y);
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        sum += (x[i] - centreX) * (y[i] - centreY);
    return sum / double(x.size() - 1);
}

/// How much narrower a normal law is along one axis where the other is given.
double narrowing(std::span<const double> x, std::span<const double> y)
{
    constexpr double least = 0.3;
    const double both = covariance(x, x) * covariance(y, y), product = covariance(x, y);
    return both > 0 ? std::max(least, std::sqrt(std::max(0.0, 1 - product * product / both))) : 1;
}

double bandwidthOf(std::span<const double> values, double factor, double length)
{
    const double deviation = std::sqrt(covariance(values, values));
    const double quartiles = (quantile(values, 0.75) - quantile(values, 0.25)) / normalQuartiles;
    const double spread = quartiles > 0 ? std::min(deviation, quartiles) : deviation;
    // Points that are all alike would have a kernel of no width.
    constexpr double narrowest = 1e-3;
    return std::max(factor * spread * std::pow(double(values.size()), -1.0 / 6), narrowest * length);
}

/// [points,cells]: what each point's kernel has at the middle of each cell, times the cell's width.
Eigen::MatrixXd kernels(std::span<const double> values, double factor, double low, double high, int cells)
{
    const double width = (high - low) / cells;
    const double bandwidth = bandwidthOf(values, factor, high - low);
    const Eigen::ArrayXd middles = low + width * (Eigen::ArrayXd::LinSpaced(cells, 0, cells - 1) + 0.5);
    const double height = width / (bandwidth * std::sqrt(2 * std::numbers::pi));
    Eigen::MatrixXd result(std::ssize(values), cells);
    for (std::ptrdiff_t i = 0; i < std::ssize(values); ++i) {
        const double value = values[std::size_t(i)];
        const auto bell = [&](double centre) { return (-0.5 * ((middles - centre) / bandwidth).square()).exp(); };
        result.row(i) = (height * (bell(value) + bell(2 * low - value))).matrix().transpose();
    }
    return result;
}

} // namespace

DensityGrid densityOver(std::span<const double> x, std::span<const double> y, const std::array<double, 4>& frame, int rows, int columns)
{
    const auto [left, right, bottom, top] = frame;
    if (x.size() != y.size() || x.size() < 2)
        throw Error(ErrorCode::Domain, "A density takes two coordinates of at least two points.");
    if (rows < 1 || columns < 1 || !(right > left) || !(top > bottom))
        throw Error(ErrorCode::Domain, "A density takes cells in a frame that is not empty.");
    const double factor = narrowing(x, y);
    const Eigen::MatrixXd upwards = kernels(y, factor, bottom, top, rows).transpose() * kernels(x, factor, left, right, columns) / double(x.size());
    DensityGrid grid{rows, columns, std::vector<double>(std::size_t(rows) * std::size_t(columns))};
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Eigen::Map<RowMajor>(grid.values.data(), rows, columns) = upwards.colwise().reverse();
    return grid;
}

double levelHolding(const DensityGrid& density, double share)
{
    const double mass = std::accumulate(density.values.begin(), density.values.end(), 0.0);
    if (!(share > 0 && share < 1) || !(mass > 0))
        throw Error(ErrorCode::Domain, "A region of a density holds a share between 0 and 1 of a mass that is positive.");
    std::vector<double> falling = density.values;
    std::ranges::sort(falling, std::greater{});
    double held = 0;
    for (const double value : falling) {
        held += value;
        if (held >= share * mass)
            return value;
    }
    return falling.back();
}

} // namespace brink
