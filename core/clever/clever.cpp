// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/cleverscore.h"
#include "core/clever/curvature_torch.h"
#include "core/clever/gradientsampler_torch.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace brink {

namespace {

using Clock = std::chrono::steady_clock;

/// What a stream of random numbers is for; the first word after the image's seed.
enum class Purpose : std::uint64_t { Samples = 1, InnerSamples, RandomTarget, CurvatureSamples, CurvatureStarts };

constexpr int innerRadii = 7;          ///< R/8 ... 7R/8
constexpr int innerShare = 50;         ///< an inner ball gets this part of the outer ball's points ...
constexpr int fewestInnerMaxima = 10;  ///< ... and at least so many maxima of them: one maximum alone cannot be fitted
constexpr double fewestInnerPoints = 8;
constexpr std::size_t mostCurves = 16;
constexpr std::size_t manyTargets = 100; ///< from here on the cost is worth a word
constexpr double publishSeconds = 0.1;
/// Snapshots may cost this part of the running time.
constexpr double publishShare = 0.05;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::uint64_t streamSeed(std::uint64_t seed, Purpose purpose, std::uint64_t part = 0)
{
    return combineSeeds({seed, std::uint64_t(purpose), part});
}

[[noreturn]] void throwDomain(const std::string& sentence) { throw Error(ErrorCode::Domain, sentence); }

void requireCount(int value, int most, const char* name)
{
    if (value < 1 || value > most)
        throwDomain("CLEVER's " + std::string(name) + " must lie between 1 and " + std::to_string(most) + ", not "
            + std::to_string(value) + ".");
}

void requireNumbers(const CleverRequest& request)
{
    if (request.norm == Norm::L0)
        throwDomain("CLEVER has no L0 form: L0 has no dual norm. Use l1, l2 or linf.");
    if (!(request.radius > 0) || request.radius > 1e6)
        throwDomain("CLEVER's radius must be above 0 and at most 1e6 (pixel units), not " + formatReal(request.radius) + ".");
    requireCount(request.batches, 1'000'000, "number of batches");
    requireCount(request.samples, 100'000'000, "samples per batch");
    requireCount(request.curvatureBatches, 1'000'000, "number of curvature batches");
    requireCount(request.curvatureSamples, 100'000'000, "curvature samples per batch");
    if (!(request.fit.shapePenalty >= 0) || !std::isfinite(request.fit.shapePenalty))
        throwDomain("CLEVER's shape penalty must be a number of at least 0.");
    if (request.allNorms && request.sampling != CleverSampling::ReleasedCode)
        throwDomain("All norms at once need the released-code sampling; paper sampling draws each norm's own ball.");
}

void requireClasses(const CleverRequest& request, const Classifier& classifier)
{
    const int classes = classifier.classes();
    const auto isClass = [classes](std::int64_t c) { return c >= 0 && c < classes; };
    const std::string range = "the model has classes 0 to " + std::to_string(classes - 1) + ".";
    if (request.targets == CleverTargets::Likely && request.likely < 1)
        throwDomain("CLEVER needs at least one likely class as a target.");
    if (request.reference && !isClass(*request.reference))
        throwDomain("Reference class " + std::to_string(*request.reference) + " does not exist: " + range);
    if (request.targets == CleverTargets::RunnerUp && (request.runnerUp < 1 || request.runnerUp >= classes))
        throwDomain("Runner-up " + std::to_string(request.runnerUp) + " does not exist: " + range);
    if (request.targets != CleverTargets::Classes)
        return;
    if (request.classes.empty())
        throwDomain("No target class was named.");
    for (const std::int64_t target : request.classes)
        if (!isClass(target))
            throwDomain("Target class " + std::to_string(target) + " does not exist: " + range);
}

void requireImage(const Image& image, const Classifier& classifier)
{
    if (image.channels != classifier.channels() || image.height != classifier.height() || image.width != classifier.width()
        || std::int64_t(image.size()) != classifier.dimension())
        throw Error(ErrorCode::Shape, "The image is not of the model's input size; convert it first.");
    if (!std::ranges::all_of(image.pixels, [](float v) { return v >= 0 && v <= 1; }))
        throwDomain("The image has values outside [0,1].");
}

void requireSecondOrder(const CleverRequest& request, const Classifier& classifier)
{
    if (!request.secondOrder)
        return;
    if (request.norm != Norm::L2)
        throwDomain("Second-order CLEVER is defined for l2 only.");
    if (!classifier.isSmooth())
        throw Error(ErrorCode::Unsupported,
            "Second-order CLEVER needs a twice differentiable model (softplus, tanh, sigmoid ...); this one has ReLU, "
            "max-pooling or other kinks, whose second derivatives say nothing.");
}

/// Classes by descending logit; ties by class number.
std::vector<std::int64_t> ranking(const std::vector<double>& logits)
{
    std::vector<std::int64_t> order(logits.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::int64_t c) { return logits[std::size_t(c)]; });
    return order;
}

std::vector<std::int64_t> chooseTargets(const CleverRequest& request, const std::vector<double>& logits)
{
    const std::vector<std::int64_t> order = ranking(logits);
    const std::vector<std::int64_t> others(order.begin() + 1, order.end());
    switch (request.targets) {
    case CleverTargets::Top2:
        return {others.front()};
    case CleverTargets::LeastLikely:
        return {others.back()};
    case CleverTargets::RunnerUp:
        return {others[std::size_t(request.runnerUp - 1)]};
    case CleverTargets::Random:
        return {others[Rng(streamSeed(request.seed, Purpose::RandomTarget)).below(others.size())]};
    case CleverTargets::All:
        return others;
    case CleverTargets::Likely:
        return {others.begin(), others.begin() + std::min(std::ptrdiff_t(request.likely), std::ssize(others))};
    case CleverTargets::Classes:
        break;
    }
    std::vector<std::int64_t> targets = request.classes;
    std::ranges::sort(targets);
    targets.erase(std::ranges::unique(targets).begin(), targets.end());
    if (std::ranges::find(targets, order.front()) != targets.end())
        throwDomain("Target class " + std::to_string(order.front()) + " is the predicted class; choose another.");
    return targets;
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
    void afterGroup(const GradientMaximaRows& rows);
    void sampleInnerBalls();
    void computeSecondOrder(CleverResult& result);
    [[nodiscard]] SecondOrderResult secondOrderScore(std::size_t target, std::span<const double> maxima) const;
    [[nodiscard]] double marginOf(std::int64_t target) const
    {
        return m_logits[std::size_t(m_predicted)] - m_logits[std::size_t(target)];
    }

    [[nodiscard]] CleverResult header(Norm norm) const;
    [[nodiscard]] TargetMaxima targetMaxima(const GradientMaximaRows& rows, std::size_t target, std::size_t norm) const;
    [[nodiscard]] CleverResult resultFor(const GradientMaximaRows& rows, std::size_t norm, bool withCurves) const;
    [[nodiscard]] CleverResult result(const GradientMaximaRows& rows, bool isFinal) const;

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
        throwDomain("The model's output for this image is not finite; CLEVER needs finite logits.");
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
    m_plan.seed = streamSeed(m_request.seed, Purpose::Samples);
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

void CleverRun::afterGroup(const GradientMaximaRows& rows)
{
    if (!m_publish || rows.batchesDone == 0 || rows.batchesDone == m_plan.batches || secondsSince(m_start) < m_nextPublish)
        return;
    const Clock::time_point begin = Clock::now();
    m_publish(std::make_shared<const CleverResult>(result(rows, false)));
    m_nextPublish = secondsSince(m_start) + std::max(publishSeconds, secondsSince(begin) / publishShare);
}

void CleverRun::sampleInnerBalls()
{
    for (int k = 1; k <= innerRadii; ++k) {
        GradientPlan plan = m_plan;
        plan.radius = m_request.radius * k / (innerRadii + 1);
        plan.batches = innerPlan(m_request).batches;
        plan.samples = innerPlan(m_request).samples;
        plan.seed = streamSeed(m_request.seed, Purpose::InnerSamples, std::uint64_t(k));
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

TargetMaxima CleverRun::targetMaxima(const GradientMaximaRows& rows, std::size_t target, std::size_t norm) const
{
    const std::size_t index = target * m_plan.norms.size() + norm;
    const GradientMaximaRows::Row& row = rows.rows[index];
    TargetMaxima sampled;
    sampled.target = m_plan.targets[target];
    sampled.margin = marginOf(sampled.target);
    sampled.gradientNorm = double(m_normsAtImage.data_ptr<float>()[index]);
    sampled.maxima.assign(row.maxima.begin(), row.maxima.begin() + rows.batchesDone);
    sampled.zeroGradientShare = double(row.zeroGradients) / double(rows.samplesDone);
    const double cap = capOf(m_plan.norms[norm]);
    for (std::size_t k = 0; k < row.innerMaxima.size(); ++k)
        sampled.inner.push_back({cap * m_plan.innerFractions[k],
            std::vector<double>(row.innerMaxima[k].begin(), row.innerMaxima[k].begin() + rows.batchesDone)});
    for (std::size_t k = 0; k < m_innerBalls.size(); ++k)
        sampled.inner.push_back({cap * double(k + 1) / (innerRadii + 1), m_innerBalls[k].rows[index].maxima});
    return sampled;
}

CleverResult CleverRun::resultFor(const GradientMaximaRows& rows, std::size_t norm, bool withCurves) const
{
    CleverResult result = header(m_plan.norms[norm]);
    result.effectiveRadius = rows.meanDistance();
    result.batchesDone = rows.batchesDone;
    result.partial = rows.batchesDone < m_plan.batches;
    if (rows.batchesDone == 0)
        return result;
    std::vector<TargetMaxima> sampled;
    for (std::size_t t = 0; t < m_plan.targets.size(); ++t) {
        sampled.push_back(targetMaxima(rows, t, norm));
        result.targets.push_back(scoreTarget(sampled.back(), result.radius, m_request.fit));
    }
    if (withCurves) {
        std::vector<std::size_t> order(sampled.size());
        std::iota(order.begin(), order.end(), std::size_t(0));
        std::ranges::stable_sort(order, {}, [&](std::size_t t) { return result.targets[t].score; });
        order.resize(std::min(order.size(), mostCurves));
        for (const std::size_t t : order)
            addCurves(result.targets[t], sampled[t], result.radius, m_request.fit);
    }
    summarise(result);
    return result;
}

CleverResult CleverRun::result(const GradientMaximaRows& rows, bool isFinal) const
{
    CleverResult main = resultFor(rows, 0, isFinal);
    for (std::size_t norm = 1; norm < m_plan.norms.size(); ++norm)
        main.otherNorms.push_back(resultFor(rows, norm, isFinal));
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
        plan.pointSeed = streamSeed(m_request.seed, Purpose::CurvatureSamples);
        plan.startSeed = streamSeed(m_request.seed, Purpose::CurvatureStarts, std::uint64_t(plan.target));
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
    PartMonitor part(m_monitor, 0, std::int64_t(m_plan.batches) * m_plan.samples, m_workTotal);
    const GradientMaximaRows rows = sampleGradientMaxima(
        m_evaluator, m_image, m_plan, part, [this](const GradientMaximaRows& sofar) { afterGroup(sofar); });
    m_workDone = rows.samplesDone;
    if (m_request.radiusCurve && !hasNestedPoints() && !rows.isStopped)
        sampleInnerBalls();
    CleverResult final = result(rows, true);
    if (m_request.secondOrder && !rows.isStopped)
        computeSecondOrder(final);
    final.counts = m_evaluator.counts();
    final.seconds = secondsSince(m_start);
    return final;
}

} // namespace

CleverResult computeClever(std::shared_ptr<const Classifier> classifier, const Image& image, const CleverRequest& request,
    Monitor& monitor, const CleverPublish& publish)
{
    requireNumbers(request);
    requireClasses(request, *classifier);
    requireImage(image, *classifier);
    requireSecondOrder(request, *classifier);
    return CleverRun(std::move(classifier), image, request, monitor, publish).run();
}

} // namespace brink
