// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/cleverrequest.h"
#include "core/clever/cleverscore.h"
#include "core/clever/curvature_torch.h"
#include "core/clever/gradientsampler_torch.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace brink {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int innerRadii = 7;          ///< R/8 ... 7R/8
constexpr int innerShare = 50;         ///< an inner ball gets this part of the outer ball's points ...
constexpr int fewestInnerMaxima = 10;  ///< ... and at least so many maxima of them: one maximum alone cannot be fitted
constexpr double fewestInnerPoints = 8;
constexpr std::size_t mostCurves = 16;
constexpr std::size_t manyTargets = 100; ///< from here on the cost is worth a word
constexpr int firstStage = 20;           ///< maxima before a target can be ruled out
constexpr int fewestToSettle = 50;       ///< profile intervals of fewer maxima are too narrow to stop on
constexpr double publishSeconds = 0.1;
/// Snapshots may cost this part of the running time.
constexpr double publishShare = 0.05;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// What has been sampled in the main ball; a target that was ruled out has fewer maxima than the others.
struct Sampled {
    std::vector<GradientMaximaRows::Row> rows; ///< target index * norms + norm index
    std::vector<std::int64_t> points;          ///< [targets]
    std::vector<bool> isRuledOut;              ///< [targets]
    std::vector<double> meanDistances;         ///< of the clipped points of each maximum
    int batchesDone = 0;
    bool isStopped = false;
    bool isSettled = false;

    Sampled(std::size_t targets, std::size_t norms) : rows(targets * norms), points(targets, 0), isRuledOut(targets, false) {}

    /// Indices of the targets still sampled.
    [[nodiscard]] std::vector<std::size_t> active() const
    {
        std::vector<std::size_t> indices;
        for (std::size_t t = 0; t < isRuledOut.size(); ++t)
            if (!isRuledOut[t])
                indices.push_back(t);
        return indices;
    }

    /// A later stage of the active targets.
    void add(const GradientMaximaRows& stage)
    {
        const std::size_t norms = rows.size() / points.size();
        std::size_t row = 0;
        for (const std::size_t t : active()) {
            points[t] += stage.samplesDone;
            for (std::size_t n = 0; n < norms; ++n)
                rows[t * norms + n].append(stage.rows[row++]);
        }
        meanDistances.insert(meanDistances.end(), stage.meanDistances.begin(), stage.meanDistances.end());
        batchesDone += stage.batchesDone;
        isStopped = stage.isStopped;
    }
};

/// Where anytime sampling looks which targets are still in question: after 20, 30, 45 ... maxima.
int nextStage(const CleverRequest& request, int batchesDone)
{
    return request.anytime ? std::min(request.batches, std::max(firstStage, batchesDone * 3 / 2)) : request.batches;
}

/// One computation: the probe at the image, the sampling, and results from whatever has been sampled.
class CleverRun {
public:
    CleverRun(std::shared_ptr<const Classifier> classifier, const Image& image, const CleverRequest& request, Monitor& monitor,
        const CleverPublish& publish)
        : m_image(image), m_request(request), m_monitor(monitor), m_publish(publish), m_evaluator(std::move(classifier))
    {
    }

    CleverResult run();

private:
    [[nodiscard]] bool isReleasedCode() const { return m_request.sampling == CleverSampling::ReleasedCode; }
    /// Whether the points of the main ball also lie in smaller balls.
    [[nodiscard]] bool hasNestedPoints() const { return isReleasedCode() && m_plan.ball != Norm::Linf; }
    [[nodiscard]] double capOf(Norm norm) const;

    bool probe();
    void makePlan();
    void countWork();
    [[nodiscard]] GradientPlan planFor(const std::vector<std::size_t>& targets) const;
    [[nodiscard]] Sampled sampleBall();
    void ruleOut(Sampled& sampled) const;
    void publish(const Sampled& sampled, const GradientMaximaRows& stage);
    void sampleInnerBalls(const Sampled& sampled);
    void computeSecondOrder(CleverResult& result);
    [[nodiscard]] SecondOrderResult secondOrderScore(std::size_t target, std::span<const double> maxima) const;
    [[nodiscard]] double marginOf(std::int64_t target) const
    {
        return m_logits[std::size_t(m_predicted)] - m_logits[std::size_t(target)];
    }

    [[nodiscard]] CleverResult header(Norm norm) const;
    [[nodiscard]] TargetMaxima targetMaxima(const Sampled& sampled, std::size_t target, std::size_t norm) const;
    [[nodiscard]] CleverResult resultFor(const Sampled& sampled, std::size_t norm, bool withCurves) const;
    [[nodiscard]] CleverResult result(const Sampled& sampled, bool isFinal) const;

    const Image& m_image;
    const CleverRequest& m_request;
    Monitor& m_monitor;
    const CleverPublish& m_publish;
    Evaluator m_evaluator;
    Clock::time_point m_start = Clock::now();
    double m_nextPublish = publishSeconds;

    std::vector<double> m_logits;
    std::int64_t m_predicted = 0;
    GradientPlan m_plan;
    at::Tensor m_normsAtImage;                   ///< [targets * norms, 1]
    std::vector<std::size_t> m_innerTargets;      ///< sampled in the inner balls
    std::vector<GradientMaximaRows> m_innerBalls; ///< ascending radius
    std::int64_t m_workDone = 0;                 ///< points of finished stages
    std::int64_t m_workTotal = 0;
};

double CleverRun::capOf(Norm norm) const
{
    // The largest ball of this norm inside an L2 ball of radius R; the same ball when it was sampled itself.
    const bool isCubeInBall = norm == Norm::Linf && m_plan.ball == Norm::L2;
    return isCubeInBall ? m_request.radius / std::sqrt(double(m_image.size())) : m_request.radius;
}

/// Logits and gradients at the image itself. @return false when the reference is not the predicted class.
bool CleverRun::probe()
{
    const ForwardPass pass = m_evaluator.forward(tensorFromImages({&m_image, 1}));
    const at::Tensor logits = pass.logits.detach().to(at::kCPU, at::kDouble).contiguous();
    m_logits.assign(logits.data_ptr<double>(), logits.data_ptr<double>() + logits.numel());
    if (!std::ranges::all_of(m_logits, [](double z) { return std::isfinite(z); }))
        throw Error(ErrorCode::Domain, "The model's output for this image is not finite; CLEVER needs finite logits.");
    m_predicted = ranking(m_logits).front();
    if (m_request.reference && *m_request.reference != m_predicted)
        return false;
    m_plan.targets = chooseTargets(m_request, m_logits);
    makePlan();
    m_normsAtImage = gradientNorms(m_evaluator, pass, m_plan);
    return true;
}

void CleverRun::makePlan()
{
    m_plan.ball = m_request.allNorms ? Norm::L2 : m_request.norm;
    m_plan.radius = m_request.radius;
    m_plan.law = isReleasedCode() ? RadialLaw::ReleasedCode : RadialLaw::Uniform;
    m_plan.batches = m_request.batches;
    m_plan.samples = m_request.samples;
    m_plan.reference = m_predicted;
    m_plan.norms = {m_request.norm};
    if (m_request.allNorms)
        for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf})
            if (norm != m_request.norm)
                m_plan.norms.push_back(norm);
    m_plan.seed = streamSeed(m_request.seed, CleverStream::Samples);
    if (m_request.radiusCurve && hasNestedPoints())
        for (int k = 1; k <= innerRadii; ++k)
            if (m_request.samples * double(k) / (innerRadii + 1) >= fewestInnerPoints)
                m_plan.innerFractions.push_back(double(k) / (innerRadii + 1));
}

/// Maxima and points per maximum of an inner ball; the fit's end point makes up for maxima of fewer points.
struct InnerPlan {
    int batches = 0;
    int samples = 0;
};

InnerPlan innerPlan(const CleverRequest& request)
{
    const int share = (request.batches + innerShare - 1) / innerShare;
    const int batches = std::max(share, fewestInnerMaxima);
    const std::int64_t points = std::int64_t(share) * request.samples;
    return {batches, int(std::max<std::int64_t>(1, points / batches))};
}

void CleverRun::countWork()
{
    m_workTotal = std::int64_t(m_request.batches) * m_request.samples;
    if (m_request.radiusCurve && !hasNestedPoints())
        m_workTotal += std::int64_t(innerRadii) * innerPlan(m_request).batches * innerPlan(m_request).samples;
    if (m_request.secondOrder)
        m_workTotal += std::int64_t(m_request.curvatureBatches) * m_request.curvatureSamples * std::int64_t(m_plan.targets.size());
}

GradientPlan CleverRun::planFor(const std::vector<std::size_t>& targets) const
{
    GradientPlan plan = m_plan;
    plan.targets.clear();
    for (const std::size_t t : targets)
        plan.targets.push_back(m_plan.targets[t]);
    return plan;
}

/// All batches at once, or in stages, each without the targets that are out of question by then. A target that stays has
/// the same maxima either way.
Sampled CleverRun::sampleBall()
{
    Sampled sampled(m_plan.targets.size(), m_plan.norms.size());
    while (sampled.batchesDone < m_plan.batches && !sampled.isStopped && !sampled.isSettled) {
        GradientPlan stage = planFor(sampled.active());
        stage.firstBatch = sampled.batchesDone;
        stage.batches = nextStage(m_request, sampled.batchesDone);
        const auto points = [&](int batches) { return std::int64_t(batches) * m_plan.samples; };
        PartMonitor part(m_monitor, points(stage.firstBatch), points(stage.batches - stage.firstBatch), m_workTotal);
        std::function<void(const GradientMaximaRows&)> live;
        if (m_publish)
            live = [&](const GradientMaximaRows& sofar) { publish(sampled, sofar); };
        sampled.add(sampleGradientMaxima(m_evaluator, m_image, stage, part, live));
        if (m_request.anytime && sampled.batchesDone < m_plan.batches && !sampled.isStopped)
            ruleOut(sampled);
    }
    return sampled;
}

/// A target must be out of question in every norm that is computed.
void CleverRun::ruleOut(Sampled& sampled) const
{
    std::vector<bool> isOut(m_plan.targets.size(), true);
    bool isSettled = m_request.intervalWidth > 0 && sampled.batchesDone >= fewestToSettle;
    for (std::size_t norm = 0; norm < m_plan.norms.size(); ++norm) {
        std::vector<CleverTargetResult> scored;
        for (std::size_t t = 0; t < m_plan.targets.size(); ++t) {
            scored.push_back(scoreTarget(targetMaxima(sampled, t, norm), capOf(m_plan.norms[norm]), m_request.fit));
            scored.back().isRuledOut = sampled.isRuledOut[t];
        }
        const std::vector<bool> here = ruledOut(scored);
        for (std::size_t t = 0; t < isOut.size(); ++t) {
            isOut[t] = isOut[t] && here[t];
            scored[t].isRuledOut = scored[t].isRuledOut || here[t];
        }
        const auto width = relativeIntervalWidth(scored);
        isSettled = isSettled && width && *width <= m_request.intervalWidth;
    }
    for (std::size_t t = 0; t < isOut.size(); ++t)
        sampled.isRuledOut[t] = sampled.isRuledOut[t] || isOut[t];
    sampled.isSettled = isSettled;
}

/// @param stage what the running stage has so far.
void CleverRun::publish(const Sampled& sampled, const GradientMaximaRows& stage)
{
    const int done = sampled.batchesDone + stage.batchesDone;
    if (!m_publish || done == 0 || done == m_plan.batches || secondsSince(m_start) < m_nextPublish)
        return;
    const Clock::time_point begin = Clock::now();
    Sampled sofar = sampled;
    sofar.add(stage);
    m_publish(std::make_shared<const CleverResult>(result(sofar, false)));
    m_nextPublish = secondsSince(m_start) + std::max(publishSeconds, secondsSince(begin) / publishShare);
}

void CleverRun::sampleInnerBalls(const Sampled& sampled)
{
    m_innerTargets = sampled.active();
    for (int k = 1; k <= innerRadii; ++k) {
        GradientPlan plan = planFor(m_innerTargets);
        plan.radius = m_request.radius * k / (innerRadii + 1);
        plan.batches = innerPlan(m_request).batches;
        plan.samples = innerPlan(m_request).samples;
        plan.seed = streamSeed(m_request.seed, CleverStream::InnerSamples, std::uint64_t(k));
        PartMonitor part(m_monitor, m_workDone, std::int64_t(plan.batches) * plan.samples, m_workTotal);
        GradientMaximaRows rows = sampleGradientMaxima(m_evaluator, m_image, plan, part);
        if (rows.isStopped)
            return;
        m_workDone += rows.samplesDone;
        m_innerBalls.push_back(std::move(rows));
    }
}

CleverResult CleverRun::header(Norm norm) const
{
    CleverResult result;
    result.norm = norm;
    result.radius = capOf(norm);
    result.batches = m_request.batches;
    result.samples = m_request.samples;
    result.sampling = m_request.sampling;
    result.fitOptions = m_request.fit;
    result.reference = m_request.reference.value_or(m_predicted);
    if (m_evaluator.classifier().givesProbabilities())
        result.warnings.push_back({"probabilities",
            "The model gives probabilities, not logits: margins and gradients are of log-probabilities; export the model "
            "without its softmax for scores comparable with others."});
    if (m_request.targets == CleverTargets::Likely && m_request.likely < m_evaluator.classifier().classes() - 1)
        result.warnings.push_back({"likely-targets",
            "The score is the minimum over the " + std::to_string(m_request.likely) + " most likely of the "
                + std::to_string(m_evaluator.classifier().classes() - 1) + " other classes; targets=all takes every class."});
    return result;
}

TargetMaxima CleverRun::targetMaxima(const Sampled& sampled, std::size_t target, std::size_t norm) const
{
    const std::size_t index = target * m_plan.norms.size() + norm;
    const GradientMaximaRows::Row& row = sampled.rows[index];
    TargetMaxima maxima;
    maxima.target = m_plan.targets[target];
    maxima.margin = marginOf(maxima.target);
    maxima.gradientNorm = double(m_normsAtImage.data_ptr<float>()[index]);
    maxima.maxima = row.maxima;
    maxima.zeroGradientShare = double(row.zeroGradients) / double(sampled.points[target]);
    const double cap = capOf(m_plan.norms[norm]);
    for (std::size_t k = 0; k < row.innerMaxima.size(); ++k)
        maxima.inner.push_back({cap * m_plan.innerFractions[k], row.innerMaxima[k]});
    const auto place = std::size_t(std::ranges::find(m_innerTargets, target) - m_innerTargets.begin());
    for (std::size_t k = 0; k < m_innerBalls.size() && place < m_innerTargets.size(); ++k)
        maxima.inner.push_back(
            {cap * double(k + 1) / (innerRadii + 1), m_innerBalls[k].rows[place * m_plan.norms.size() + norm].maxima});
    return maxima;
}

CleverResult CleverRun::resultFor(const Sampled& sampled, std::size_t norm, bool withCurves) const
{
    CleverResult result = header(m_plan.norms[norm]);
    result.batchesDone = sampled.batchesDone;
    result.isSettled = sampled.isSettled;
    result.partial = sampled.batchesDone < m_plan.batches && !sampled.isSettled;
    if (sampled.batchesDone == 0)
        return result;
    result.effectiveRadius = mean(sampled.meanDistances);
    const double all = double(sampled.batchesDone) * m_plan.samples * double(m_plan.targets.size());
    result.savedShare = std::max(0.0, 1 - double(std::accumulate(sampled.points.begin(), sampled.points.end(), std::int64_t(0))) / all);
    std::vector<TargetMaxima> maxima;
    for (std::size_t t = 0; t < m_plan.targets.size(); ++t) {
        maxima.push_back(targetMaxima(sampled, t, norm));
        result.targets.push_back(scoreTarget(maxima.back(), result.radius, m_request.fit));
        result.targets.back().isRuledOut = sampled.isRuledOut[t];
    }
    if (withCurves) {
        std::vector<std::size_t> order(maxima.size());
        std::iota(order.begin(), order.end(), std::size_t(0));
        std::ranges::stable_sort(order, {}, [&](std::size_t t) { return result.targets[t].score; });
        order.resize(std::min(order.size(), mostCurves));
        for (const std::size_t t : order)
            addCurves(result.targets[t], maxima[t], result.radius, m_request.fit);
    }
    summarise(result);
    return result;
}

CleverResult CleverRun::result(const Sampled& sampled, bool isFinal) const
{
    CleverResult main = resultFor(sampled, 0, isFinal);
    for (std::size_t norm = 1; norm < m_plan.norms.size(); ++norm)
        main.otherNorms.push_back(resultFor(sampled, norm, isFinal));
    main.counts = m_evaluator.counts();
    main.seconds = secondsSince(m_start);
    return main;
}

/// r = (-G + sqrt(G^2 + 2 g M)) / M in a form that stays exact as M -> 0, where it is g / G.
double secondOrderRadius(double margin, double gradientNorm, double curvature)
{
    const double root = std::sqrt(gradientNorm * gradientNorm + 2 * margin * curvature);
    return gradientNorm + root > 0 ? 2 * margin / (gradientNorm + root) : std::numeric_limits<double>::infinity();
}

SecondOrderResult CleverRun::secondOrderScore(std::size_t target, std::span<const double> maxima) const
{
    SecondOrderResult result;
    result.target = m_plan.targets[target];
    result.margin = marginOf(result.target);
    result.gradientNorm = double(m_normsAtImage.data_ptr<float>()[target * m_plan.norms.size()]); // the first norm is L2
    result.fit = fitReverseWeibull(maxima, m_request.fit);
    result.curvature = result.fit.location;
    const double radius = secondOrderRadius(result.margin, result.gradientNorm, result.curvature);
    result.score = std::min(radius, m_request.radius);
    result.capped = radius >= m_request.radius;
    return result;
}

void CleverRun::computeSecondOrder(CleverResult& result)
{
    for (std::size_t t = 0; t < m_plan.targets.size(); ++t) {
        CurvaturePlan plan;
        plan.radius = m_request.radius;
        plan.law = m_plan.law;
        plan.batches = m_request.curvatureBatches;
        plan.samples = m_request.curvatureSamples;
        plan.reference = m_predicted;
        plan.target = m_plan.targets[t];
        plan.pointSeed = streamSeed(m_request.seed, CleverStream::CurvatureSamples);
        plan.startSeed = streamSeed(m_request.seed, CleverStream::CurvatureStarts, std::uint64_t(plan.target));
        const auto maxima = sampleCurvatureMaxima(m_evaluator, m_image, plan, m_monitor, [this](std::int64_t points) {
            m_workDone += points;
            m_monitor.progress(m_workDone, m_workTotal);
        });
        if (!maxima) {
            result.partial = true;
            break;
        }
        result.secondOrder.push_back(secondOrderScore(t, *maxima));
    }
    std::ranges::stable_sort(result.secondOrder, {}, &SecondOrderResult::score);
}

CleverResult CleverRun::run()
{
    if (!probe()) {
        CleverResult result = header(m_request.norm);
        result.isMisclassified = true;
        result.score = 0;
        result.interval = {0, 0};
        result.warnings.push_back({"misclassified",
            "The image is classified as " + std::to_string(m_predicted) + ", not as the reference class "
                + std::to_string(*m_request.reference) + ": its distance to another class is 0 and nothing was sampled."});
        result.counts = m_evaluator.counts();
        result.seconds = secondsSince(m_start);
        return result;
    }
    countWork();
    if (m_plan.targets.size() > manyTargets)
        m_monitor.note(std::to_string(m_plan.targets.size()) + " targets need as many gradients for every point; "
            "targets=likely:N takes the N most likely ones.");
    const Sampled sampled = sampleBall();
    m_workDone = std::int64_t(m_plan.batches) * m_plan.samples;
    if (m_request.radiusCurve && !hasNestedPoints() && !sampled.isStopped)
        sampleInnerBalls(sampled);
    CleverResult final = result(sampled, true);
    if (m_request.secondOrder && !sampled.isStopped)
        computeSecondOrder(final);
    final.counts = m_evaluator.counts();
    final.seconds = secondsSince(m_start);
    return final;
}

} // namespace

CleverResult computeClever(std::shared_ptr<const Classifier> classifier, const Image& image, const CleverRequest& request,
    Monitor& monitor, const CleverPublish& publish)
{
    checkCleverRequest(request, *classifier, image);
    return CleverRun(std::move(classifier), image, request, monitor, publish).run();
}

} // namespace brink
