// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/detectors/evasion.h"

#include "core/base/error.h"
#include "core/detectors/squeezing_torch.h"
#include "core/threat/metric_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace brink {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double radiusChange = 0.05;

void check(const EvasionRequest& request, double threshold)
{
    if (request.norm == Norm::L0)
        throw Error(ErrorCode::Usage, "The adaptive attack works in L1, L2 and Linf.");
    if (request.steps < 1 || !(request.weight >= 0) || (request.eps && !(*request.eps > 0)) || !std::isfinite(threshold))
        throw Error(ErrorCode::Domain, "The adaptive attack takes at least one step, a positive budget and a weight of at least 0.");
}

/// Lead of one class over each other that keeps the softmax of two views within the threshold of each other: both give that class a
/// probability of 1 - a at least, a = threshold / 2, so they differ by 2 a at most.
double leadForThreshold(double threshold, int classes)
{
    constexpr double most = 30;
    const double a = std::clamp(threshold / 2, 1e-12, 0.5);
    return std::clamp(std::log((classes - 1) * (1 - a) / a), 0.0, most);
}

/// What is known of the views of some images after a pass.
struct Seen {
    at::Tensor weights;  ///< [V n,K] d loss / d logits
    at::Tensor score;    ///< [n] float64
    at::Tensor isFooled; ///< [n] bool
};

/// One batch of images on the way.
class Walk {
public:
    Walk(Evaluator& evaluator, const std::vector<Squeezer>& squeezers, double threshold, std::span<const EvasionItem> items, const EvasionRequest& request)
        : m_evaluator(evaluator), m_squeezers(squeezers), m_threshold(threshold), m_request(request), m_metric(request.norm),
          m_lead(leadForThreshold(threshold, evaluator.classifier().classes()))
    {
        std::vector<Image> images;
        std::vector<std::int64_t> references;
        for (const EvasionItem& item : items) {
            images.push_back(*item.image);
            references.push_back(item.reference);
        }
        m_x0 = tensorFromImages(images).to(evaluator.device());
        m_reference = at::tensor(references, at::kLong);
        m_best = m_x0.clone();
        m_bestRank = at::full({m_x0.size(0)}, infinity, at::kDouble);
        m_passes = at::zeros({m_x0.size(0)}, at::kBool);
    }

    void run(Monitor& monitor)
    {
        at::Tensor x = m_x0;
        at::Tensor radius = at::full({m_x0.size(0)}, m_request.eps.value_or(firstRadius()), m_x0.options());
        const at::Tensor farthest = m_metric.farthestInBox(m_x0);
        for (int step = 0; step < m_request.steps && !monitor.stopRequested(); ++step) {
            const ForwardPass pass = m_evaluator.forward(viewsOf(x, m_squeezers));
            const Seen seen = look(pass.logits);
            keep(x, seen);
            if (m_request.eps && m_passes.all().item<bool>())
                break;
            const at::Tensor gradients = m_evaluator.pullback(pass, seen.weights.to(x.device(), at::kFloat));
            // BPDA: the gradient at a squeezed view is that at the image.
            const at::Tensor gradient = gradients.view({views(), x.size(0), x.size(1), x.size(2), x.size(3)}).sum(0);
            if (!m_request.eps) {
                const at::Tensor evades = seen.isFooled.logical_and(seen.score.le(m_threshold)).to(x.device(), at::kFloat);
                radius = at::minimum(radius * (1 + radiusChange - 2 * radiusChange * evades), farthest);
            }
            x = moved(x, gradient, radius, step);
            monitor.progress(step + 1, m_request.steps);
        }
        const Seen last = look(m_evaluator.logits(viewsOf(x, m_squeezers)));
        keep(x, last);
    }

    void take(std::vector<Evasion>& found) const
    {
        const at::Tensor onHost = m_best.to(at::kCPU).contiguous();
        for (std::int64_t i = 0; i < onHost.size(0); ++i)
            found.push_back(std::isinf(m_bestRank[i].item<double>()) ? Evasion() : Evasion(imageFromTensor(onHost[i])));
    }

private:
    [[nodiscard]] std::int64_t views() const { return std::int64_t(m_squeezers.size()) + 1; }

    /// Where the search for the nearest image begins: customary budgets.
    [[nodiscard]] double firstRadius() const { return m_request.norm == Norm::Linf ? 8.0 / 255 : m_request.norm == Norm::L2 ? 1 : 12; }

    [[nodiscard]] at::Tensor moved(const at::Tensor& x, const at::Tensor& gradient, const at::Tensor& radius, int step) const
    {
        const double decay = (1 + std::cos(std::numbers::pi * step / m_request.steps)) / 2;
        const at::Tensor length = radius * (0.02 + 0.28 * decay);
        const at::Tensor direction = m_request.norm == Norm::L1 ? DistanceMetric(Norm::L2).steepest(gradient) : m_metric.steepest(gradient);
        const at::Tensor delta = x - perRow(length, x) * direction - m_x0;
        // The part outside the box is cut first: what the budget allows is not spent on it. Both cuts shrink, so the order keeps both.
        const at::Tensor inBox = (m_x0 + delta).clamp(0, 1) - m_x0;
        return (m_x0 + m_metric.project(inBox, radius)).clamp(0, 1);
    }

    [[nodiscard]] Seen look(const at::Tensor& logits) const
    {
        const at::Tensor probabilities = viewProbabilities(logits, views());
        const std::int64_t n = probabilities.size(1), classes = probabilities.size(2);
        const at::Tensor z = logits.detach().to(at::kCPU, at::kDouble).view({views(), n, classes});
        const at::Tensor distances = viewDistances(probabilities);
        const auto [score, worst] = distances.max(0);
        Seen seen;
        seen.score = score;
        seen.isFooled = probabilities[0].argmax(1).ne(m_reference);
        at::Tensor weights = hingeWeights(z);
        addScoreWeights(weights, probabilities, score, worst);
        seen.weights = weights.view({views() * n, classes});
        return seen;
    }

    /// Of the hinge of each view: raise the common class, lower the strongest other where the lead is short.
    [[nodiscard]] at::Tensor hingeWeights(const at::Tensor& z) const
    {
        const at::Tensor reference = m_reference.view({1, -1, 1}).expand({views(), -1, 1});
        const at::Tensor common = z.log_softmax(2).sum(0, true).scatter(2, reference.slice(0, 0, 1), -infinity).argmax(2, true).expand({views(), -1, 1});
        const auto [rivalLogit, rival] = z.scatter(2, common, -infinity).max(2, true);
        const at::Tensor isShort = (z.gather(2, common) - rivalLogit).lt(m_lead).to(at::kDouble);
        return at::zeros_like(z).scatter(2, common, -isShort).scatter(2, rival, isShort);
    }

    /// d score / d logits = J(p_0) s - J(p_j) s with s the signs of p_0 - p_j, J(p) s = p (s - p.s), j the squeezer of the largest distance.
    void addScoreWeights(at::Tensor& weights, const at::Tensor& probabilities, const at::Tensor& score, const at::Tensor& worst) const
    {
        const std::int64_t n = probabilities.size(1), classes = probabilities.size(2);
        const at::Tensor p0 = probabilities[0];
        const at::Tensor view = (worst + 1).view({1, n, 1}).expand({1, n, classes});
        const at::Tensor pj = probabilities.gather(0, view)[0];
        const at::Tensor sign = (p0 - pj).sign();
        const auto jacobian = [&](const at::Tensor& p) { return p * (sign - (p * sign).sum(1, true)); };
        const at::Tensor isAbove = (score.gt(m_threshold).to(at::kDouble) * m_request.weight).unsqueeze(1);
        weights[0] += isAbove * jacobian(p0);
        weights.scatter_add_(0, view, (isAbove * -jacobian(pj)).unsqueeze(0));
    }

    /// Those that pass before those that only fool; of the first the nearest without a budget, else the first found; of the others the one
    /// of smallest score. Ranks of the first are shifted below all scores.
    void keep(const at::Tensor& x, const Seen& seen)
    {
        constexpr double passing = -1e9;
        const at::Tensor evades = seen.isFooled.logical_and(seen.score.le(m_threshold));
        const at::Tensor distance = m_metric.length(x - m_x0).to(at::kCPU, at::kDouble);
        at::Tensor rank = at::where(evades, m_request.eps ? at::full_like(distance, passing) : distance + passing, seen.score);
        rank = at::where(seen.isFooled, rank, at::full_like(rank, infinity));
        const at::Tensor isBetter = rank.lt(m_bestRank);
        m_bestRank = at::where(isBetter, rank, m_bestRank);
        m_best = at::where(perRow(isBetter.to(x.device()), x), x, m_best);
        m_passes = m_passes.logical_or(evades);
    }

    Evaluator& m_evaluator;
    const std::vector<Squeezer>& m_squeezers;
    double m_threshold;
    const EvasionRequest& m_request;
    DistanceMetric m_metric;
    double m_lead;
    at::Tensor m_x0, m_reference; ///< [n,...], [n]
    at::Tensor m_best, m_bestRank, m_passes; ///< [n,...], [n] infinity where nothing fools, [n] bool
};

} // namespace

std::vector<Evasion> evadeSqueezing(const std::shared_ptr<const Classifier>& model, const std::vector<Squeezer>& squeezers, double threshold,
    std::span<const EvasionItem> items, const EvasionRequest& request, Monitor& monitor, EvaluationCounts& counts)
{
    check(request, threshold);
    Evaluator evaluator(model);
    std::vector<Evasion> found;
    const auto part = std::max<std::size_t>(1, std::size_t(model->bestBatch()) / (squeezers.size() + 1));
    for (std::size_t begin = 0; begin < items.size(); begin += part) {
        const auto some = items.subspan(begin, std::min(part, items.size() - begin));
        PartMonitor own(monitor, std::int64_t(begin), std::int64_t(some.size()), std::int64_t(items.size()));
        Walk walk(evaluator, squeezers, threshold, some, request);
        walk.run(own);
        walk.take(found);
    }
    counts += evaluator.counts();
    return found;
}

Evasion evadeByScaling(const Detector& detector, double threshold, const EvasionItem& item, const Image& perturbed, bool hasBudget, std::uint64_t seed, Monitor& monitor,
    EvaluationCounts& counts)
{
    static const std::vector<double> shorter{1, 0.9, 0.8, 0.65, 0.5}, longer{1, 1.25, 1.5, 2, 3, 5, 8};
    std::vector<Image> candidates;
    for (const double scale : hasBudget ? shorter : longer)
        candidates.push_back(scaledPerturbation(*item.image, perturbed, scale));
    const std::vector<std::uint64_t> seeds(candidates.size(), seed);
    const std::vector<DetectorScore> scores = detector.scores(candidates, seeds, monitor, counts);
    Evasion best;
    double bestScore = infinity;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (scores[i].predicted == item.reference)
            continue;
        if (scores[i].score <= threshold)
            return candidates[i];
        if (scores[i].score < bestScore) {
            bestScore = scores[i].score;
            best = candidates[i];
        }
    }
    return best;
}

} // namespace brink
