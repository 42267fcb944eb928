// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/boundarypoint.h"

#include "core/attack/attack.h"
#include "core/base/error.h"
#include "core/model/classifier_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

namespace {

/// Halvings of the segment after which neighbouring points have the same float32 pixels.
constexpr int mostBisections = 40;

/// What the model says at one point: the margin of the own class over the strongest other one.
struct Decision {
    double margin = 0;
    std::int64_t predicted = 0;
    std::int64_t other = 0; ///< strongest class that is not the own one
};

Decision decisionOf(const at::Tensor& logits, std::optional<std::int64_t> own)
{
    const at::Tensor row = logits[0].to(at::kCPU, at::kDouble).contiguous();
    const double* values = row.data_ptr<double>();
    Decision decision;
    decision.predicted = row.argmax().item<std::int64_t>();
    const std::int64_t reference = own.value_or(decision.predicted);
    double strongest = -std::numeric_limits<double>::infinity();
    for (std::int64_t k = 0; k < row.numel(); ++k)
        if (k != reference && values[k] > strongest) {
            strongest = values[k];
            decision.other = k;
        }
    decision.margin = values[reference] - strongest;
    return decision;
}

void check(const Classifier& model, const Image& image, const BoundaryPointRequest& request)
{
    const auto fits = [&](const Image& each) {
        return each.channels == model.channels() && each.height == model.height() && each.width == model.width();
    };
    if (!fits(image) || (request.beyond && !fits(*request.beyond)))
        throw Error(ErrorCode::Shape, image.source + ": the image has not the size that " + model.card().name + " takes.");
    if (request.own && (*request.own < 0 || *request.own >= model.classes()))
        throw Error(ErrorCode::Domain, "The class " + std::to_string(*request.own) + " is outside the model's " + std::to_string(model.classes()) + " classes.");
    checkBoundaryAttack(request.attack);
    if (!(request.tolerance > 0 && request.tolerance < 1))
        throw Error(ErrorCode::Domain, "The tolerance of a boundary point must lie between 0 and 1.");
}

/// An image on the other side; absent when stopped or when there is none (then `failure` says so).
std::optional<Image> crossing(const std::shared_ptr<const Classifier>& classifier, const Image& image, std::int64_t own,
    const BoundaryPointRequest& request, BoundaryPointResult& result, Monitor& monitor)
{
    AttackRequest attack;
    attack.name = request.attack;
    attack.norm = Norm::L2;
    attack.parameters = Params(attackInfo(request.attack).parameters);
    attack.keepTrace = false;
    const AttackItem item{&image, {own, {}, 0}, request.seed};
    AttackOutcome outcome = runAttack(classifier, attack, std::span(&item, 1), monitor).front();
    result.counts += outcome.counts;
    result.stopped = outcome.stopped;
    if (!outcome.success && !outcome.stopped)
        result.failure = attackInfo(request.attack).label + " found no other class: " + outcome.failure;
    return outcome.success ? std::move(outcome.adversarial) : std::nullopt;
}

/// Where on the segment x (own side) to y (beyond) the decision changes.
struct Crossing {
    at::Tensor point;
    Decision decision;
    int bisections = 0;
};

Crossing bisect(Evaluator& evaluator, const at::Tensor& x, const at::Tensor& y, std::int64_t own, double enough)
{
    double inside = 0, beyond = 1;
    Crossing found;
    while (found.bisections < mostBisections) {
        const double t = (inside + beyond) / 2;
        found.point = x * (1 - t) + y * t;
        found.decision = decisionOf(evaluator.logits(found.point), own);
        ++found.bisections;
        if (std::abs(found.decision.margin) <= enough)
            break;
        (found.decision.margin > 0 ? inside : beyond) = t;
    }
    return found;
}

/// Margin of the pair and its unit normal at z.
void measure(Evaluator& evaluator, const at::Tensor& z, BoundaryPoint& at)
{
    const ForwardPass pass = evaluator.forward(z);
    const at::Tensor difference = pass.logits.select(1, at.own) - pass.logits.select(1, at.other);
    const at::Tensor gradient = evaluator.gradient(pass, difference).flatten().to(at::kCPU, at::kDouble);
    at.margin = difference.item<double>();
    at.gradientNorm = gradient.norm().item<double>();
    if (!(at.gradientNorm > 0) || !std::isfinite(at.gradientNorm))
        return;
    const at::Tensor normal = (gradient / at.gradientNorm).to(at::kFloat).contiguous();
    at.normal.assign(normal.data_ptr<float>(), normal.data_ptr<float>() + normal.numel());
}

} // namespace

void checkBoundaryAttack(const std::string& name)
{
    const AttackInfo& attack = attackInfo(name);
    if (attack.kind != AttackKind::MinimumNorm || std::ranges::find(attack.norms, Norm::L2) == attack.norms.end())
        throw Error(ErrorCode::Usage, attack.label + " does not minimise the L2 distance; take one that does, such as deepfool, ddn or fab.");
}

BoundaryPointResult findBoundaryPoint(std::shared_ptr<const Classifier> classifier, const Image& image, const BoundaryPointRequest& request,
    Monitor& monitor)
{
    check(*classifier, image, request);
    BoundaryPointResult result;
    Evaluator evaluator(classifier);
    const at::Tensor x = tensorFromImages(std::span(&image, 1)).to(evaluator.device());
    const at::Tensor cleanLogits = evaluator.logits(x);
    const Decision clean = decisionOf(cleanLogits, request.own);
    const std::int64_t own = request.own.value_or(clean.predicted);
    std::optional<Image> beyond = request.beyond;
    if (!(clean.margin > 0))
        result.failure = "The image is not classified as " + classifier->className(own) + ", whose boundary was asked for.";
    else if (!beyond)
        beyond = crossing(classifier, image, own, request, result, monitor);
    if (beyond && result.failure.empty()) {
        const at::Tensor y = tensorFromImages(std::span(&*beyond, 1)).to(evaluator.device());
        if (decisionOf(evaluator.logits(y), own).margin >= 0)
            throw Error(ErrorCode::Domain, "The image to walk to has the class of the image itself; choose one of another class.");
        const Crossing found = bisect(evaluator, x, y, own, request.tolerance * clean.margin);
        BoundaryPoint at;
        at.own = own;
        at.other = found.decision.other;
        at.bisections = found.bisections;
        at.cleanMargin = (cleanLogits[0][own] - cleanLogits[0][at.other]).item<double>();
        at.distance = (found.point - x).to(at::kDouble).norm().item<double>();
        measure(evaluator, found.point, at);
        at.point = imageFromTensor(found.point[0].to(at::kCPU), image.source);
        if (at.normal.empty())
            result.failure = "The gradient vanishes at the boundary, so that there is no tangent plane (saturated or masked gradients).";
        else
            result.point = std::move(at);
    }
    result.counts += evaluator.counts();
    return result;
}

Json toJson(const BoundaryPoint& point)
{
    return {{"own", point.own}, {"other", point.other}, {"distance", point.distance}, {"margin", point.margin},
        {"cleanMargin", point.cleanMargin}, {"gradientNorm", point.gradientNorm}, {"bisections", point.bisections}};
}

} // namespace brink
