// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/roc.h"

#include "core/base/error.h"
#include "core/stats/rank.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace brink {

namespace {

double countPositive(std::span<const int> positive) { return double(std::ranges::count(positive, 1)); }

void requireBothKinds(std::span<const int> positive, std::span<const double> score)
{
    const auto positives = std::ranges::count(positive, 1);
    const auto negatives = std::ranges::count(positive, 0);
    if (positive.size() != score.size() || positives == 0 || negatives == 0
        || std::size_t(positives + negatives) != positive.size()
        || !std::ranges::all_of(score, [](double value) { return std::isfinite(value); }))
        throw Error(ErrorCode::Domain, "Detection needs one finite score per label, and labels 0 and 1 that both occur.");
}

/// Positives and negatives found when everything from one score upward is called positive.
struct OperatingPoint {
    double truePositives = 0;
    double falsePositives = 0;

    [[nodiscard]] double precision() const { return truePositives / (truePositives + falsePositives); }
};

/// One point per distinct score, from the highest.
std::vector<OperatingPoint> operatingPoints(std::span<const int> positive, std::span<const double> score)
{
    std::vector<std::size_t> order(score.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::sort(order, std::ranges::greater{}, [score](std::size_t i) { return score[i]; });
    std::vector<OperatingPoint> points;
    OperatingPoint point;
    for (std::size_t i = 0; i < order.size(); ++i) {
        (positive[order[i]] == 1 ? point.truePositives : point.falsePositives) += 1;
        if (i + 1 == order.size() || score[order[i + 1]] != score[order[i]])
            points.push_back(point);
    }
    return points;
}

} // namespace

double auroc(std::span<const int> positive, std::span<const double> score)
{
    requireBothKinds(positive, score);
    const std::vector<double> ranks = midRanks(score);
    double rankSum = 0;
    for (std::size_t i = 0; i < ranks.size(); ++i)
        rankSum += positive[i] == 1 ? ranks[i] : 0;
    const double n = countPositive(positive);
    return (rankSum - n * (n + 1) / 2) / (n * (double(positive.size()) - n));
}

double auprTrapezoid(std::span<const int> positive, std::span<const double> score)
{
    requireBothKinds(positive, score);
    const double n = countPositive(positive);
    double area = 0;
    double recall = 0;
    double precision = 1;
    for (const OperatingPoint& point : operatingPoints(positive, score)) {
        area += (point.truePositives / n - recall) * (point.precision() + precision) / 2;
        recall = point.truePositives / n;
        precision = point.precision();
    }
    return area;
}

double averagePrecision(std::span<const int> positive, std::span<const double> score)
{
    requireBothKinds(positive, score);
    const double n = countPositive(positive);
    double sum = 0;
    double found = 0;
    for (const OperatingPoint& point : operatingPoints(positive, score)) {
        sum += (point.truePositives - found) / n * point.precision();
        found = point.truePositives;
    }
    return sum;
}

double falsePositiveRateAt(double recall, std::span<const int> positive, std::span<const double> score)
{
    requireBothKinds(positive, score);
    if (!(recall > 0 && recall <= 1))
        throw Error(ErrorCode::Domain, "A recall must lie above 0 and at most 1.");
    const double n = countPositive(positive);
    const std::vector<OperatingPoint> points = operatingPoints(positive, score);
    const auto reached = std::ranges::find_if(points, [=](const OperatingPoint& point) { return point.truePositives >= recall * n; });
    return reached->falsePositives / (double(positive.size()) - n);
}

RocCurve rocCurve(std::span<const int> positive, std::span<const double> score)
{
    requireBothKinds(positive, score);
    const double positives = countPositive(positive), negatives = double(positive.size()) - positives;
    RocCurve curve{{0}, {0}};
    for (const OperatingPoint& point : operatingPoints(positive, score)) {
        curve.falsePositiveRate.push_back(point.falsePositives / negatives);
        curve.truePositiveRate.push_back(point.truePositives / positives);
    }
    return curve;
}

RocThreshold bestThreshold(std::span<const int> positive, std::span<const double> score)
{
    const RocCurve curve = rocCurve(positive, score);
    std::vector<double> distinct(score.begin(), score.end());
    std::ranges::sort(distinct, std::ranges::greater{});
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    RocThreshold best;
    best.balancedAccuracy = -1;
    for (std::size_t i = 0; i < curve.falsePositiveRate.size(); ++i) {
        const double accuracy = (curve.truePositiveRate[i] + 1 - curve.falsePositiveRate[i]) / 2;
        if (accuracy <= best.balancedAccuracy)
            continue;
        // Point i calls the i highest of the distinct scores positive.
        best.balancedAccuracy = accuracy;
        best.threshold = i == 0 ? distinct.front()
            : i == distinct.size() ? std::nextafter(distinct.back(), -std::numeric_limits<double>::infinity())
                                   : (distinct[i - 1] + distinct[i]) / 2;
    }
    return best;
}

} // namespace brink
