// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/model/head.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {
namespace {

struct Lengths {
    double l1 = 0, l2 = 0;
};

Lengths difference(std::span<const float> a, std::span<const float> b)
{
    double sum = 0, squares = 0;
    for (std::size_t d = 0; d < a.size(); ++d) {
        const double change = double(a[d]) - double(b[d]);
        sum += std::abs(change);
        squares += change * change;
    }
    return {sum, std::sqrt(squares)};
}

PairLengths orderStatistics(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return {values.front(), quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75), values.back()};
}

Json toJson(const PairLengths& lengths)
{
    Json json{{"min", lengths.minimum}, {"q25", lengths.lowerQuartile}, {"median", lengths.median},
        {"q75", lengths.upperQuartile}, {"max", lengths.maximum}};
    setIfPresent(json, "ratio", lengths.ratio());
    return json;
}

PairLengths lengthsFrom(const Json& json)
{
    const auto value = [&](const char* key) { return json.value(key, 0.0); };
    return {value("min"), value("q25"), value("median"), value("q75"), value("max")};
}

} // namespace

HeadSummary summaryOf(const ClassifierHead& head)
{
    std::vector<double> l1, l2;
    for (std::int64_t i = 0; i < head.classes; ++i)
        for (std::int64_t j = i + 1; j < head.classes; ++j) {
            const Lengths lengths = difference(head.row(i), head.row(j));
            l1.push_back(lengths.l1);
            l2.push_back(lengths.l2);
        }
    return {head.classes, head.features, head.layer, orderStatistics(std::move(l1)), orderStatistics(std::move(l2))};
}

Json toJson(const HeadSummary& summary)
{
    return {{"layer", summary.layer}, {"classes", summary.classes}, {"features", summary.features},
        {"rowDistances", {{"l1", toJson(summary.l1)}, {"l2", toJson(summary.l2)}}}};
}

HeadSummary headSummaryFrom(const Json& json)
{
    return {json.at("classes").get<int>(), json.at("features").get<int>(), json.at("layer").get<std::string>(),
        lengthsFrom(json.at("rowDistances").at("l1")), lengthsFrom(json.at("rowDistances").at("l2"))};
}

HeadScores headScores(const ClassifierHead& head, std::span<const double> logits)
{
    if (logits.size() != std::size_t(head.classes))
        throw Error(ErrorCode::Shape, "The last layer has " + std::to_string(head.classes) + " classes, but "
                + std::to_string(logits.size()) + " logits were given.");
    HeadScores scores;
    scores.top = std::max_element(logits.begin(), logits.end()) - logits.begin();
    scores.nearestBoundary = std::numeric_limits<double>::infinity();
    double second = -std::numeric_limits<double>::infinity();
    const double first = logits[std::size_t(scores.top)];
    for (std::int64_t j = 0; j < head.classes; ++j) {
        if (j == scores.top)
            continue;
        const double margin = first - logits[std::size_t(j)];
        const double length = difference(head.row(scores.top), head.row(j)).l1;
        const double distance = length > 0 ? margin / length : std::numeric_limits<double>::infinity();
        scores.nearestBoundary = std::min(scores.nearestBoundary, distance);
        if (logits[std::size_t(j)] > second) {
            second = logits[std::size_t(j)];
            scores.runnerUp = j;
            scores.logitMargin = margin;
            scores.outputDistance = distance;
        }
    }
    return scores;
}

} // namespace brink
