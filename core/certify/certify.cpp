// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/certify.h"

#include "core/base/error.h"
#include "core/certify/branching_torch.h"
#include "core/certify/certifiablemodel_torch.h"
#include "core/certify/counterexample_torch.h"
#include "core/certify/radiussearch.h"
#include "core/model/classifier_torch.h"

#include <chrono>
#include <cmath>

namespace brink {

using certify::Bounds;
using certify::BoundSettings;
using certify::InnerBounds;
using certify::RadiusSearch;
using certify::Rows;

namespace {

/// Lower bounds of all margins of one image over one ball, and whether they are enough.
struct Ball {
    std::vector<double> bounds;
    std::vector<double> lipschitz; ///< of the margins in the ball; empty where the ball was only looked at
    double worst = 0; ///< of bound less slack
    std::int64_t domains = 0; ///< of beta-CROWN
};

/// One request in tensors.
class Certifier {
public:
    Certifier(const CertifyRequest& request, Monitor& monitor)
        : m_request(request), m_model(request.model->impl()), m_monitor(monitor), m_evaluator(m_model.classifier), m_nearest(request.images.size())
    {
        const Classifier& classifier = *m_model.classifier;
        const at::Tensor pixels = tensorFromImages(request.images).to(classifier.impl().device);
        const std::vector<std::int64_t> shape{classifier.channels(), classifier.height(), classifier.width()};
        if (pixels.sizes().slice(1) != at::IntArrayRef(shape))
            throw Error(ErrorCode::Shape, "The images have not the size that the model takes.");
        const at::NoGradGuard noGrad;
        m_logits = m_evaluator.logits(pixels).to(at::kCPU, at::kDouble);
        m_images = pixels.to(at::kDouble);
        m_references = references();
        m_slack = slacks();
        m_guess = guesses(pixels);
    }

    /// Radius that is proved already: the search begins a little above it.
    void beginAbove(std::size_t i, double radius)
    {
        constexpr double above = 1.1;
        if (radius > 0 && i < m_guess.size())
            m_guess[i] = std::min(above * radius, largestRadius());
    }

    std::vector<CertifyResult> run()
    {
        const auto start = std::chrono::steady_clock::now();
        std::vector<CertifyResult> results = m_request.eps ? atOneRadius() : atLargestRadius();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        for (std::size_t i = 0; i < results.size(); ++i)
            results[i].seconds = seconds.count() / double(results.size());
        for (std::size_t i = 0; i < results.size(); ++i)
            results[i].counterexample = std::move(m_nearest[i]);
        return results;
    }

private:
    std::vector<std::int64_t> references() const
    {
        const std::int64_t classes = m_logits.size(1);
        std::vector<std::int64_t> chosen = m_request.references;
        if (chosen.empty()) {
            const at::Tensor predicted = m_logits.argmax(1);
            chosen.assign(predicted.data_ptr<std::int64_t>(), predicted.data_ptr<std::int64_t>() + predicted.numel());
        }
        if (chosen.size() != m_request.images.size())
            throw Error(ErrorCode::Shape, "There must be one reference class an image.");
        for (const std::int64_t each : chosen)
            if (each < 0 || each >= classes || each == m_request.target)
                throw Error(ErrorCode::Domain, "Reference and target must be two different classes of the model's " + std::to_string(classes) + ".");
        if (m_request.target && (*m_request.target < 0 || *m_request.target >= classes))
            throw Error(ErrorCode::Domain, "The target must be one of the model's " + std::to_string(classes) + " classes.");
        return chosen;
    }

    /// The classifier computes in float32: its logits are off by what is seen here, a margin by twice that; once more as much for safety.
    std::vector<double> slacks() const
    {
        const at::Tensor exact = certify::logitsOf(m_model.network, m_images).cpu();
        at::Tensor difference = m_logits - exact;
        if (m_model.network.isUpToConstant)
            difference = difference - difference.mean(1, true);
        const at::Tensor seen = at::maximum(difference.abs().amax(1), m_model.disagreement * m_logits.abs().amax(1));
        const at::Tensor slack = 4 * seen;
        return {slack.data_ptr<double>(), slack.data_ptr<double>() + slack.numel()};
    }

    double margin(std::size_t i, std::int64_t target) const
    {
        return m_logits[std::int64_t(i)][m_references[i]].item<double>() - m_logits[std::int64_t(i)][target].item<double>();
    }

    std::vector<std::int64_t> targetsOf(std::size_t i) const
    {
        if (m_request.target)
            return {*m_request.target};
        std::vector<std::int64_t> all;
        for (std::int64_t j = 0; j < m_logits.size(1); ++j)
            if (j != m_references[i])
                all.push_back(j);
        return all;
    }

    std::int64_t nearestTarget(std::size_t i) const
    {
        const std::vector<std::int64_t> targets = targetsOf(i);
        return *std::ranges::min_element(targets, {}, [&](std::int64_t j) { return margin(i, j); });
    }

    /// Part of the linearised distance to the runner-up, where the search begins.
    std::vector<double> guesses(const at::Tensor& pixels)
    {
        constexpr double part = 0.3;
        std::vector<double> all;
        if (m_request.eps)
            return all;
        for (std::size_t i = 0; i < m_references.size(); ++i) {
            at::Tensor weights = at::zeros({1, m_logits.size(1)}, at::kFloat);
            weights[0][m_references[i]] = 1;
            weights[0][nearestTarget(i)] = -1;
            const ForwardPass pass = m_evaluator.forward(pixels.slice(0, std::int64_t(i), std::int64_t(i) + 1));
            const at::Tensor slope = m_evaluator.pullback(pass, weights.to(pixels.device())).flatten().abs().to(at::kDouble);
            const double length = (m_request.norm == Norm::Linf ? slope.sum() : m_request.norm == Norm::L2 ? slope.norm() : slope.max()).item<double>();
            const double linearised = std::max(margin(i, nearestTarget(i)), 0.0) / std::max(length, 1e-12);
            all.push_back(std::clamp(part * linearised, 1e-6, 0.25 * largestRadius()));
        }
        return all;
    }

    /// The ball that holds the whole pixel box.
    double largestRadius() const
    {
        const auto numbers = double(m_images[0].numel());
        return m_request.norm == Norm::Linf ? 1 : m_request.norm == Norm::L2 ? std::sqrt(numbers) : numbers;
    }

    BoundSettings settings(InnerBounds inner) const { return {.inner = inner, .iterations = m_request.iterations}; }

    const certify::Network& network(at::ScalarType precision) const { return precision == at::kFloat ? m_model.quickNetwork : m_model.network; }

    certify::Region region(const std::vector<std::size_t>& chosen, const std::vector<double>& eps, at::ScalarType precision = at::kDouble) const
    {
        const std::vector<std::int64_t> places(chosen.begin(), chosen.end());
        const at::Tensor centre = m_images.index_select(0, at::tensor(places, at::kLong).to(m_images.device()));
        return {centre.to(precision), at::tensor(eps, at::kDouble).to(m_images.device(), precision), m_request.norm};
    }

    Rows rowsOf(const Bounds& bounds, const std::vector<std::size_t>& chosen) const
    {
        std::vector<std::int64_t> own, targets;
        for (const std::size_t i : chosen)
            own.push_back(m_references[i]);
        if (m_request.target)
            targets.push_back(*m_request.target);
        return marginRows(bounds, own, targets);
    }

    /// Rows as many at a time as fit in memory.
    template <typename Compute>
    static at::Tensor inParts(const Bounds& bounds, const Rows& rows, bool keepsGraph, Compute compute)
    {
        const std::int64_t together = bounds.rowsTogether(rows.node, keepsGraph), count = rows.coefficients.size(0);
        std::vector<at::Tensor> parts;
        for (std::int64_t begin = 0; begin < count; begin += together)
            parts.push_back(compute(Rows{rows.node, rows.coefficients.slice(0, begin, begin + together), rows.image.slice(0, begin, begin + together)}, begin, begin + together));
        return at::cat(parts);
    }

    at::Tensor slackRows(const Rows& rows, const std::vector<std::size_t>& chosen) const
    {
        std::vector<double> each;
        for (const std::size_t i : chosen)
            each.push_back(m_slack[i]);
        return at::tensor(each, at::kDouble).to(rows.coefficients.options()).index_select(0, rows.image);
    }

    /// Lower bounds of the margins of the chosen images, each over its own ball.
    std::vector<Ball> tried(const std::vector<std::size_t>& chosen, const std::vector<double>& eps, at::ScalarType precision)
    {
        const certify::Network& by = network(precision);
        const bool isQuick = m_request.method == CertifyMethod::Ibp || m_request.method == CertifyMethod::CrownIbp;
        const Bounds bounds(by, region(chosen, eps, precision), settings(isQuick ? InnerBounds::Intervals : InnerBounds::Linear), m_monitor);
        const Rows rows = rowsOf(bounds, chosen);
        const at::Tensor enough = slackRows(rows, chosen);
        at::Tensor low = inParts(bounds, rows, false, [&](const Rows& part, std::int64_t, std::int64_t) {
            return m_request.method == CertifyMethod::Ibp ? bounds.intervalBounds(part) : bounds.linearBounds(part);
        });
        const auto isOpen = [&] { return (low <= enough).any().item<bool>(); };
        const auto optimise = [&](const Bounds& inside) {
            low = at::maximum(low, inParts(inside, rows, true, [&](const Rows& part, std::int64_t begin, std::int64_t end) {
                return inside.optimisedBounds(part, enough.slice(0, begin, end));
            }));
        };
        std::vector<std::int64_t> domains(chosen.size());
        if (optimisesSlopes() && isOpen()) {
            optimise(bounds);
            std::optional<Bounds> tighter;
            if (m_request.optimisesInner && isOpen())
                optimise(tighter.emplace(by, region(chosen, eps, precision), settings(InnerBounds::Optimised), m_monitor));
            if (m_request.method == CertifyMethod::BetaCrown && isOpen())
                domains = branch(tighter ? *tighter : bounds, rows, enough, chosen, low);
        }
        std::vector<Ball> all = balls(low.to(at::kCPU, at::kDouble), rows.image.cpu(), chosen);
        for (std::size_t k = 0; k < all.size(); ++k)
            all[k].domains = domains[k];
        if (precision == at::kDouble && !m_monitor.stopRequested())
            addLipschitz(all, bounds, rows);
        return all;
    }

    /// Branch and bound for each image, its lowest margin first, up to the first that cannot be proved. @return domains of each image.
    std::vector<std::int64_t> branch(const Bounds& bounds, const Rows& rows, const at::Tensor& enough, const std::vector<std::size_t>& chosen, at::Tensor& low)
    {
        const at::Tensor image = rows.image.cpu();
        std::vector<std::int64_t> domains(std::size_t(bounds.images()));
        const at::Tensor order = low.argsort().cpu();
        std::vector<bool> isLost(domains.size());
        for (std::int64_t place = 0; place < order.size(0); ++place) {
            const std::int64_t row = order[place].item<std::int64_t>();
            const auto k = std::size_t(image[row].item<std::int64_t>());
            const double limit = enough[row].item<double>(), known = low[row].item<double>();
            if (known > limit || isLost[k])
                continue;
            const Rows one{rows.node, rows.coefficients.slice(0, row, row + 1), rows.image.slice(0, row, row + 1)};
            const certify::Branched found = branchedBound(bounds, one, limit, {.domains = m_request.domains - domains[k], .iterations = m_request.iterations}, m_monitor);
            domains[k] += found.domains;
            low[row] = std::max(known, found.bound);
            isLost[k] = low[row].item<double>() <= limit;
            if (found.point.defined())
                keepNearest(chosen[k], found.point);
        }
        return domains;
    }

    void keepNearest(std::size_t i, const at::Tensor& point)
    {
        auto found = certify::counterexampleTowards(m_evaluator, m_request.images[i], point, {m_references[i], m_request.target, 0}, m_request.norm);
        if (found && (!m_nearest[i] || found->distance < m_nearest[i]->distance))
            m_nearest[i] = std::move(found);
    }

    static void addLipschitz(std::vector<Ball>& balls, const Bounds& bounds, const Rows& rows)
    {
        const at::Tensor constants = inParts(bounds, rows, false, [&](const Rows& part, std::int64_t, std::int64_t) { return lipschitzBounds(bounds, part); }).cpu();
        const at::Tensor image = rows.image.cpu();
        for (std::int64_t row = 0; row < constants.size(0); ++row)
            balls[std::size_t(image.data_ptr<std::int64_t>()[row])].lipschitz.push_back(constants.data_ptr<double>()[row]);
    }

    std::vector<Ball> balls(const at::Tensor& low, const at::Tensor& image, const std::vector<std::size_t>& chosen) const
    {
        std::vector<Ball> all(chosen.size());
        for (std::int64_t row = 0; row < low.size(0); ++row)
            all[std::size_t(image.data_ptr<std::int64_t>()[row])].bounds.push_back(low.data_ptr<double>()[row]);
        for (std::size_t k = 0; k < all.size(); ++k)
            all[k].worst = *std::ranges::min_element(all[k].bounds) - m_slack[chosen[k]];
        return all;
    }

    CertifyResult emptyResult(std::size_t i) const
    {
        CertifyResult result;
        result.norm = m_request.norm;
        result.method = m_request.method;
        result.reference = m_references[i];
        result.slack = m_slack[i];
        for (const std::int64_t target : targetsOf(i))
            result.margins.push_back({target, margin(i, target), margin(i, target), 0});
        return result;
    }

    std::vector<std::size_t> allImages() const
    {
        std::vector<std::size_t> all(m_references.size());
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = i;
        return all;
    }

    static void keep(CertifyResult& result, const Ball& ball, double eps)
    {
        result.isProved = true;
        result.radius = result.eps = eps;
        keepBounds(result, ball);
    }

    static void keepBounds(CertifyResult& result, const Ball& ball)
    {
        for (std::size_t k = 0; k < result.margins.size(); ++k) {
            result.margins[k].lowerBound = ball.bounds[k];
            if (!ball.lipschitz.empty())
                result.margins[k].lipschitz = ball.lipschitz[k];
        }
    }

    std::vector<CertifyResult> atOneRadius()
    {
        const std::vector<std::size_t> all = allImages();
        const std::vector<Ball> balls = tried(all, std::vector<double>(all.size(), *m_request.eps), at::kDouble);
        std::vector<CertifyResult> results;
        for (const std::size_t i : all) {
            CertifyResult result = emptyResult(i);
            result.eps = *m_request.eps;
            result.isProved = balls[i].worst > 0;
            result.balls = 1;
            result.domains = balls[i].domains;
            result.isPartial = m_monitor.stopRequested() && !result.isProved;
            keepBounds(result, balls[i]);
            results.push_back(std::move(result));
        }
        return results;
    }

    /// The search is done in single precision, which is several times faster; what it finds is then proved in double precision, or a
    /// little less, and searched for again in double precision where the two differ by more.
    std::vector<CertifyResult> atLargestRadius()
    {
        std::vector<CertifyResult> results;
        std::vector<std::optional<RadiusSearch>> searches;
        for (const std::size_t i : allImages()) {
            results.push_back(emptyResult(i));
            results.back().radius = 0;
            searches.push_back(searchFor(i, m_guess[i], largestRadius()));
        }
        run(searches, results, at::kFloat);
        for (std::size_t i = 0; i < results.size(); ++i) {
            results[i].isPartial = searches[i] && !searches[i]->isDone();
            results[i].isCapped = searches[i] && searches[i]->isCapped();
            if (searches[i])
                results[i].nextFailed = searches[i]->failed();
        }
        confirm(searches, results);
        addLipschitzAtImages(results);
        return results;
    }

    /// By Adam, which stops once a ball is proved.
    bool optimisesSlopes() const { return m_request.method == CertifyMethod::AlphaCrown || m_request.method == CertifyMethod::BetaCrown; }

    std::optional<RadiusSearch> searchFor(std::size_t i, double guess, double largest) const
    {
        const double worst = margin(i, nearestTarget(i)) - m_slack[i];
        if (worst <= 0)
            return {};
        RadiusSearch search(worst, guess, largest, m_request.tolerance);
        if (optimisesSlopes())
            search.ignoreSizes();
        return search;
    }

    /// Takes all searches to their ends, a ball an image at a time.
    void run(std::vector<std::optional<RadiusSearch>>& searches, std::vector<CertifyResult>& results, at::ScalarType precision)
    {
        while (!m_monitor.stopRequested()) {
            std::vector<std::size_t> open;
            std::vector<double> eps;
            for (std::size_t i = 0; i < searches.size(); ++i)
                if (searches[i] && !searches[i]->isDone()) {
                    open.push_back(i);
                    eps.push_back(searches[i]->next());
                }
            m_monitor.progress(std::int64_t(searches.size() - open.size()), std::int64_t(searches.size()));
            if (open.empty())
                return;
            const std::vector<Ball> balls = tried(open, eps, precision);
            for (std::size_t k = 0; k < open.size(); ++k) {
                ++results[open[k]].balls;
                results[open[k]].domains += balls[k].domains;
                if (m_monitor.stopRequested() && balls[k].worst <= 0)
                    continue; // it may have failed because of the stop
                searches[open[k]]->tried(balls[k].worst);
                if (m_nearest[open[k]])
                    searches[open[k]]->refuted(m_nearest[open[k]]->distance);
                if (precision == at::kDouble && balls[k].worst > 0)
                    keep(results[open[k]], balls[k], eps[k]);
            }
        }
    }

    /// Proves what a search found, or a little less, and more and more so; then searches between what was proved and what was not.
    void confirm(std::vector<std::optional<RadiusSearch>>& searches, std::vector<CertifyResult>& results)
    {
        std::vector<RadiusSearch::Bracket> brackets(searches.size());
        for (double less = 0; less < 1; less = less == 0 ? m_request.tolerance : 4 * less) {
            std::vector<std::size_t> open;
            std::vector<double> eps;
            for (std::size_t i = 0; i < searches.size(); ++i)
                if (searches[i] && !results[i].isProved && searches[i]->proved() > 0) {
                    open.push_back(i);
                    eps.push_back((1 - less) * searches[i]->proved());
                }
            if (open.empty() || m_monitor.stopRequested())
                break;
            const std::vector<Ball> balls = tried(open, eps, at::kDouble);
            for (std::size_t k = 0; k < open.size(); ++k) {
                const std::size_t i = open[k];
                ++results[i].balls;
                results[i].domains += balls[k].domains;
                if (balls[k].worst > 0) {
                    keep(results[i], balls[k], eps[k]);
                    brackets[i].proved = eps[k];
                    brackets[i].provedMargin = balls[k].worst;
                } else if (!m_monitor.stopRequested()) {
                    results[i].nextFailed = brackets[i].failed = eps[k];
                    brackets[i].failedMargin = balls[k].worst;
                }
            }
        }
        std::vector<std::optional<RadiusSearch>> again(searches.size());
        for (std::size_t i = 0; i < searches.size(); ++i) {
            if (brackets[i].failed == 0)
                continue;
            if (!results[i].isProved)
                brackets[i].provedMargin = margin(i, nearestTarget(i)) - m_slack[i];
            again[i].emplace(brackets[i], m_request.tolerance);
            if (optimisesSlopes())
                again[i]->ignoreSizes();
        }
        run(again, results, at::kDouble);
        for (std::size_t i = 0; i < again.size(); ++i)
            if (again[i])
                results[i].nextFailed = again[i]->failed();
    }

    /// Where nothing was proved: of the ball of radius 0.
    void addLipschitzAtImages(std::vector<CertifyResult>& results)
    {
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < results.size(); ++i)
            if (!results[i].isProved)
                open.push_back(i);
        if (open.empty() || m_monitor.stopRequested())
            return;
        const std::vector<Ball> balls = tried(open, std::vector<double>(open.size(), 0.0), at::kDouble);
        for (std::size_t k = 0; k < open.size(); ++k)
            for (std::size_t j = 0; j < results[open[k]].margins.size() && j < balls[k].lipschitz.size(); ++j)
                results[open[k]].margins[j].lipschitz = balls[k].lipschitz[j];
    }

    const CertifyRequest& m_request;
    const CertifiableModel::Impl& m_model;
    Monitor& m_monitor;
    Evaluator m_evaluator;
    std::vector<std::optional<Counterexample>> m_nearest; ///< of each image
    at::Tensor m_images; ///< [B,C,H,W] double
    at::Tensor m_logits; ///< [B,K] of the classifier
    std::vector<std::int64_t> m_references;
    std::vector<double> m_slack, m_guess;
};

void check(const CertifyRequest& request)
{
    if (request.norm == Norm::L0)
        throw Error(ErrorCode::Usage, "Certified bounds are for l1, l2 and linf.");
    if (request.eps && !(*request.eps >= 0 && std::isfinite(*request.eps)))
        throw Error(ErrorCode::Domain, "The radius to prove must be 0 or more.");
    if (request.domains < 1)
        throw Error(ErrorCode::Domain, "A ball has at least 1 domain.");
    if (!(request.tolerance > 0 && request.tolerance < 1))
        throw Error(ErrorCode::Domain, "The tolerance of the radius must be between 0 and 1.");
}

/// Branch and bound takes long: what alpha-CROWN proves comes first, so that a stop leaves a radius.
std::vector<CertifyResult> runInTwoSteps(const CertifyRequest& request, Monitor& monitor)
{
    CertifyRequest quick = request;
    quick.method = CertifyMethod::AlphaCrown;
    PartMonitor first(monitor, 0, 1, 10), second(monitor, 1, 9, 10);
    const std::vector<CertifyResult> before = Certifier(quick, first).run();
    Certifier certifier(request, second);
    for (std::size_t i = 0; i < before.size(); ++i)
        certifier.beginAbove(i, before[i].radius.value_or(0));
    std::vector<CertifyResult> results = certifier.run();
    for (std::size_t i = 0; i < results.size(); ++i) {
        CertifyResult& result = results[i];
        result.balls += before[i].balls;
        result.seconds += before[i].seconds;
        if (before[i].radius.value_or(0) <= result.radius.value_or(0))
            continue;
        // Never less than the looser method: stopped, or by the tolerance of the search.
        result.radius = before[i].radius;
        result.isProved = before[i].isProved;
        result.isCapped = before[i].isCapped;
        result.eps = before[i].eps;
        result.margins = before[i].margins;
    }
    return results;
}

} // namespace

std::vector<CertifyResult> runCertify(const CertifyRequest& request, Monitor& monitor)
{
    check(request);
    return request.method == CertifyMethod::BetaCrown && !request.eps ? runInTwoSteps(request, monitor) : Certifier(request, monitor).run();
}

} // namespace brink
