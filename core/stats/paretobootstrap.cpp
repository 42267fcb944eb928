// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/paretobootstrap.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace brink {

namespace {

/// One model ready for being weighted: its images with a value, smallest value first.
struct Prepared {
    std::vector<std::int8_t> isKnown, isCorrect; ///< 0 or 1, one an image
    std::vector<std::uint32_t> image;
    std::vector<double> value;
};

Prepared prepared(const ModelImages& model)
{
    Prepared made;
    for (const std::int8_t correct : model.correct) {
        made.isKnown.push_back(correct >= 0);
        made.isCorrect.push_back(correct > 0);
    }
    for (std::uint32_t i = 0; i < model.robustness.size(); ++i)
        if (std::isfinite(model.robustness[i]))
            made.image.push_back(i);
    std::ranges::stable_sort(made.image, {}, [&](std::uint32_t i) { return model.robustness[i]; });
    for (const std::uint32_t i : made.image)
        made.value.push_back(model.robustness[i]);
    return made;
}

/// The k-th smallest value (from 0) and the one after it, of the values taken `weight` times each.
double weightedMedian(const Prepared& model, std::span<const std::uint16_t> weight, std::int64_t total)
{
    const std::int64_t lower = (total - 1) / 2;
    const std::int64_t upper = total / 2;
    std::int64_t passed = 0;
    std::size_t i = 0;
    while (passed + weight[model.image[i]] <= lower)
        passed += weight[model.image[i++]];
    const double low = model.value[i];
    while (passed + weight[model.image[i]] <= upper)
        passed += weight[model.image[i++]];
    return low == model.value[i] ? low : std::midpoint(low, model.value[i]);
}

ModelPoint weightedPoint(const Prepared& model, std::span<const std::uint16_t> weight, Centre centre)
{
    ModelPoint point;
    std::int64_t known = 0;
    std::int64_t correct = 0;
    for (std::size_t i = 0; i < model.isKnown.size(); ++i) {
        known += weight[i] * model.isKnown[i];
        correct += weight[i] * model.isCorrect[i];
    }
    if (known > 0)
        point.accuracy = double(correct) / double(known);
    std::int64_t total = 0;
    double sum = 0;
    for (std::size_t i = 0; i < model.image.size(); ++i) {
        total += weight[model.image[i]];
        sum += weight[model.image[i]] * model.value[i];
    }
    if (total > 0)
        point.robustness = centre == Centre::Mean ? sum / double(total) : weightedMedian(model, weight, total);
    return point;
}

void requireSameImages(std::span<const ModelImages> models)
{
    for (const ModelImages& model : models)
        if (model.correct.size() != models.front().correct.size() || model.robustness.size() != model.correct.size())
            throw Error(ErrorCode::Domain, "The models of a frontier need one entry for each image of the study.");
}

/// Percentile interval of the values; sorts them.
std::array<double, 2> interval(std::vector<double>& values, double confidence)
{
    std::ranges::sort(values);
    const auto at = [&](double probability) {
        const double position = probability * double(values.size() - 1);
        const auto below = std::size_t(position);
        return std::lerp(values[below], values[std::min(below + 1, values.size() - 1)], position - double(below));
    };
    return {at((1 - confidence) / 2), at((1 + confidence) / 2)};
}

/// Gathers lines and says how they scatter.
class LineSample {
public:
    explicit LineSample(int resamples) { m_lines.reserve(std::size_t(resamples)); }

    void add(const std::optional<LineFit>& line)
    {
        if (line)
            m_lines.push_back(*line);
    }

    [[nodiscard]] std::optional<LineIntervals> intervals(std::span<const double> grid, double confidence) const
    {
        if (m_lines.size() < 2)
            return std::nullopt;
        LineIntervals result;
        result.resamples = int(m_lines.size());
        result.intercept = of([](const LineFit& line) { return line.intercept; }, confidence);
        result.slope = of([](const LineFit& line) { return line.slope; }, confidence);
        for (const double x : grid) {
            const auto [low, high] = of([x](const LineFit& line) { return line.at(x); }, confidence);
            result.low.push_back(low);
            result.high.push_back(high);
        }
        return result;
    }

private:
    template <typename Value>
    [[nodiscard]] std::array<double, 2> of(Value value, double confidence) const
    {
        std::vector<double> values;
        values.reserve(m_lines.size());
        for (const LineFit& line : m_lines)
            values.push_back(value(line));
        return interval(values, confidence);
    }

    std::vector<LineFit> m_lines;
};

} // namespace

std::optional<double> ModelPoint::logError() const
{
    if (!accuracy || *accuracy >= 1)
        return std::nullopt;
    return std::log(1 - *accuracy);
}

std::vector<ModelPoint> modelPoints(std::span<const ModelImages> models, Centre centre)
{
    requireSameImages(models);
    std::vector<ModelPoint> points;
    for (const ModelImages& model : models) {
        const std::vector<std::uint16_t> once(model.correct.size(), 1);
        points.push_back(weightedPoint(prepared(model), once, centre));
    }
    return points;
}

ParetoFits fitPareto(std::span<const ModelPoint> points)
{
    ParetoFits fits;
    std::vector<double> accuracy;
    std::vector<double> robustness;
    for (const ModelPoint& point : points) {
        if (!point.isComplete())
            continue;
        accuracy.push_back(*point.accuracy);
        robustness.push_back(*point.robustness);
    }
    const std::vector<bool> isOn = paretoFrontier(accuracy, robustness);
    std::array<std::vector<double>, 2> x;
    std::array<std::vector<double>, 2> y;
    std::size_t complete = 0;
    for (const ModelPoint& point : points) {
        fits.isOnFrontier.push_back(point.isComplete() && isOn[complete]);
        complete += point.isComplete();
        const std::optional<double> logError = point.logError();
        if (!point.robustness || !logError)
            continue;
        for (const std::size_t which : {0, 1}) {
            if (which == 1 && !fits.isOnFrontier.back())
                continue;
            x[which].push_back(*logError);
            y[which].push_back(*point.robustness);
        }
    }
    fits.all = fitLine(x[0], y[0]);
    fits.frontier = fitLine(x[1], y[1]);
    return fits;
}

ParetoBootstrap bootstrapPareto(std::span<const ModelImages> models, Centre centre, std::span<const double> grid, int resamples,
    std::uint64_t seed, double confidence)
{
    requireSameImages(models);
    if (resamples < 2 || !(confidence > 0 && confidence < 1))
        throw Error(ErrorCode::Domain, "A bootstrap needs at least two resamples and a confidence between 0 and 1.");
    ParetoBootstrap result;
    result.accuracy.resize(models.size());
    result.robustness.resize(models.size());
    result.frontierShare.assign(models.size(), 0);
    const std::size_t images = models.empty() ? 0 : models.front().correct.size();
    if (images == 0)
        return result;
    std::vector<Prepared> ready;
    for (const ModelImages& model : models)
        ready.push_back(prepared(model));
    Rng rng(seed);
    std::vector<std::uint16_t> weight(images);
    std::vector<ModelPoint> points(models.size());
    std::vector<std::vector<double>> accuracies(models.size());
    std::vector<std::vector<double>> robustnesses(models.size());
    LineSample all(resamples);
    LineSample frontier(resamples);
    for (int b = 0; b < resamples; ++b) {
        std::ranges::fill(weight, std::uint16_t(0));
        for (std::size_t i = 0; i < images; ++i)
            ++weight[rng.below(images)];
        for (std::size_t m = 0; m < models.size(); ++m) {
            points[m] = weightedPoint(ready[m], weight, centre);
            if (points[m].accuracy)
                accuracies[m].push_back(*points[m].accuracy);
            if (points[m].robustness)
                robustnesses[m].push_back(*points[m].robustness);
        }
        const ParetoFits fits = fitPareto(points);
        all.add(fits.all);
        frontier.add(fits.frontier);
        for (std::size_t m = 0; m < models.size(); ++m)
            result.frontierShare[m] += fits.isOnFrontier[m] / double(resamples);
    }
    for (std::size_t m = 0; m < models.size(); ++m) {
        if (!accuracies[m].empty())
            result.accuracy[m] = interval(accuracies[m], confidence);
        if (!robustnesses[m].empty())
            result.robustness[m] = interval(robustnesses[m], confidence);
    }
    result.all = all.intervals(grid, confidence);
    result.frontier = frontier.intervals(grid, confidence);
    return result;
}

} // namespace brink
