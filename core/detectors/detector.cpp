// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/detectors/detector.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace brink {

namespace {

class CurvatureDetector : public Detector {
public:
    CurvatureDetector(std::shared_ptr<const Classifier> model, const DetectionRequest& request, int sign)
        : m_model(std::move(model)), m_request(request), m_sign(sign)
    {
    }

    [[nodiscard]] std::vector<DetectorScore> scores(
        std::span<const Image> images, std::span<const std::uint64_t> seeds, Monitor& monitor, EvaluationCounts& counts) const override
    {
        std::vector<DetectorScore> result;
        for (std::size_t i = 0; i < images.size(); ++i) {
            DetectionRequest request = m_request;
            request.seed = seeds[i];
            const auto statistic = detectionStatistic(m_model, images[i], request, monitor);
            if (!statistic)
                break;
            counts += statistic->counts;
            result.push_back({m_sign * statistic->statistic, statistic->predicted, {}, {}});
            monitor.progress(std::int64_t(i) + 1, std::int64_t(images.size()));
        }
        return result;
    }

private:
    std::shared_ptr<const Classifier> m_model;
    DetectionRequest m_request;
    int m_sign;
};

} // namespace

std::unique_ptr<const Detector> curvatureDetector(std::shared_ptr<const Classifier> model, const DetectionRequest& request, int sign)
{
    return std::make_unique<CurvatureDetector>(std::move(model), request, sign);
}

double thresholdAt(double rate, std::span<const double> cleanScores)
{
    if (cleanScores.empty())
        throw Error(ErrorCode::Domain, "A threshold needs scores of clean images.");
    if (!(rate > 0 && rate < 1))
        throw Error(ErrorCode::Domain, "The false positive rate must lie between 0 and 1, e.g. 0.05.");
    std::vector<double> scores(cleanScores.begin(), cleanScores.end());
    // n (1 - rate) may lie a rounding above a whole number.
    constexpr double rounding = 1e-9;
    const auto rank = std::size_t(std::ceil(double(scores.size()) * (1 - rate) - rounding));
    const auto place = scores.begin() + std::ptrdiff_t(std::clamp<std::size_t>(rank, 1, scores.size())) - 1;
    std::nth_element(scores.begin(), place, scores.end());
    return *place;
}

} // namespace brink
