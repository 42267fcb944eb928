// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/detectors/squeezing_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

namespace brink {

namespace {

class SqueezingDetector : public Detector {
public:
    SqueezingDetector(std::shared_ptr<const Classifier> model, std::vector<Squeezer> squeezers) : m_model(std::move(model)), m_squeezers(std::move(squeezers)) {}

    [[nodiscard]] std::vector<DetectorScore> scores(
        std::span<const Image> images, std::span<const std::uint64_t>, Monitor& monitor, EvaluationCounts& counts) const override
    {
        Evaluator evaluator(m_model);
        std::vector<DetectorScore> result;
        const auto views = std::int64_t(m_squeezers.size()) + 1;
        const auto part = std::size_t(std::max<std::int64_t>(1, m_model->bestBatch() / views));
        for (std::size_t begin = 0; begin < images.size() && !monitor.stopRequested(); begin += part) {
            const auto some = images.subspan(begin, std::min(part, images.size() - begin));
            const at::Tensor logits = evaluator.logits(viewsOf(tensorFromImages(some).to(evaluator.device()), m_squeezers));
            append(logits, views, result);
            monitor.progress(std::int64_t(result.size()), std::int64_t(images.size()));
        }
        counts += evaluator.counts();
        return result;
    }

private:
    static void append(const at::Tensor& logits, std::int64_t views, std::vector<DetectorScore>& result)
    {
        const at::Tensor probabilities = viewProbabilities(logits, views);
        const at::Tensor distances = viewDistances(probabilities).t().contiguous();      // [N,S]
        const at::Tensor classes = probabilities.argmax(2).t().contiguous();             // [N,V]
        for (std::int64_t i = 0; i < distances.size(0); ++i) {
            const double* parts = distances.data_ptr<double>() + i * (views - 1);
            const std::int64_t* said = classes.data_ptr<std::int64_t>() + i * views;
            DetectorScore score;
            score.parts.assign(parts, parts + views - 1);
            score.score = *std::ranges::max_element(score.parts);
            score.predicted = said[0];
            score.partClasses.assign(said + 1, said + views);
            result.push_back(std::move(score));
        }
    }

    std::shared_ptr<const Classifier> m_model;
    std::vector<Squeezer> m_squeezers;
};

} // namespace

at::Tensor viewsOf(const at::Tensor& x, std::span<const Squeezer> squeezers)
{
    const at::Tensor onHost = x.detach().to(at::kCPU).contiguous();
    std::vector<at::Tensor> views{x.detach()};
    std::vector<Image> images;
    for (std::int64_t i = 0; i < onHost.size(0); ++i)
        images.push_back(imageFromTensor(onHost[i]));
    for (const Squeezer& squeezer : squeezers) {
        std::vector<Image> changed;
        for (const Image& image : images)
            changed.push_back(squeezed(image, squeezer));
        views.push_back(tensorFromImages(changed).to(x.device()));
    }
    return at::cat(views);
}

at::Tensor viewProbabilities(const at::Tensor& logits, std::int64_t views)
{
    const at::Tensor onHost = logits.detach().to(at::kCPU, at::kDouble);
    return onHost.softmax(1).view({views, onHost.size(0) / views, onHost.size(1)});
}

at::Tensor viewDistances(const at::Tensor& probabilities) { return (probabilities.slice(0, 1) - probabilities.slice(0, 0, 1)).abs().sum(2); }

std::unique_ptr<const Detector> squeezingDetector(std::shared_ptr<const Classifier> model, std::vector<Squeezer> squeezers)
{
    if (squeezers.empty())
        throw Error(ErrorCode::Usage, "Feature squeezing needs at least one squeezer, e.g. bit-depth-5.");
    return std::make_unique<SqueezingDetector>(std::move(model), std::move(squeezers));
}

} // namespace brink
