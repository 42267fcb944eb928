// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/planechoice.h"

#include "core/attack/attack.h"
#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/boundary/boundarypoint.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace brink {

namespace {

constexpr double leastApart = 0.1; ///< of a second adversarial image's way that is orthogonal to the first one's

/// Two adversarial images, nearest first, by as many of the recommended attacks as it takes.
struct FoundAdversarials {
    std::vector<std::pair<double, NamedImage>> images;
    EvaluationCounts counts;
    bool stopped = false;
};

FoundAdversarials findAdversarials(const PlaneRequest& request, std::int64_t predicted, Monitor& monitor)
{
    FoundAdversarials found;
    for (const AttackRequest& attack : recommendedAttacks(request.norm, Preset::Preview)) {
        const AttackItem item{&request.image, {predicted, {}, 0}, combineSeeds({request.seed, 1})};
        AttackRequest own = attack;
        own.keepTrace = false;
        const AttackOutcome outcome = runAttack(request.model, own, std::span(&item, 1), monitor).front();
        found.counts += outcome.counts;
        found.stopped = outcome.stopped || monitor.stopRequested();
        if (found.stopped)
            return found;
        if (outcome.success)
            found.images.emplace_back(outcome.distance->in(request.norm), NamedImage{attackInfo(attack.name).label, *outcome.adversarial});
    }
    std::ranges::stable_sort(found.images, {}, [](const auto& each) { return each.first; });
    return found;
}

/// Share of the way from the image to `other` that is orthogonal to the way to `first`.
double orthogonalShare(const Image& image, const Image& first, const Image& other)
{
    double along = 0, firstSquare = 0, otherSquare = 0;
    for (std::size_t i = 0; i < image.size(); ++i) {
        const double a = double(first.pixels[i]) - double(image.pixels[i]);
        const double b = double(other.pixels[i]) - double(image.pixels[i]);
        along += a * b;
        firstSquare += a * a;
        otherSquare += b * b;
    }
    return otherSquare > 0 && firstSquare > 0 ? std::sqrt(std::max(0.0, 1 - along * along / (firstSquare * otherSquare))) : 0;
}

/// The nearest adversarial image of another class than the predicted and that of the first, by a targeted attack.
std::optional<NamedImage> adversarialOfAThirdClass(const PlaneRequest& request, const Image& first, EvaluationCounts& counts, Monitor& monitor)
{
    const std::vector<std::int64_t> ranking = rankedClasses(request.model, request.image, counts);
    const std::int64_t predicted = ranking.front();
    const std::int64_t reached = rankedClasses(request.model, first, counts).front();
    const auto third = std::ranges::find_if(ranking, [&](std::int64_t label) { return label != predicted && label != reached; });
    if (third == ranking.end())
        return std::nullopt;
    for (AttackRequest attack : recommendedAttacks(request.norm, Preset::Preview)) {
        if (!attackInfo(attack.name).canTarget)
            continue;
        attack.keepTrace = false;
        const AttackItem item{&request.image, {predicted, *third, 0}, combineSeeds({request.seed, 2})};
        const AttackOutcome outcome = runAttack(request.model, attack, std::span(&item, 1), monitor).front();
        counts += outcome.counts;
        if (monitor.stopRequested())
            return std::nullopt;
        if (outcome.success)
            return NamedImage{attackInfo(attack.name).label + " to " + request.model->className(*third), *outcome.adversarial};
    }
    return std::nullopt;
}

PlaneMarker markerOf(PlaneMarkerKind kind, const std::string& name, const Image& image)
{
    return {kind, name, {}, std::make_shared<const Image>(image)};
}

std::optional<Plane> adversarialsPlane(const PlaneRequest& request, Monitor& monitor)
{
    std::vector<NamedImage> images = request.others;
    EvaluationCounts counts;
    if (images.size() < 2) {
        const MarginGradient clean = marginGradient(request.model, request.image);
        const FoundAdversarials found = findAdversarials(request, clean.predicted, monitor);
        if (found.stopped)
            return std::nullopt;
        counts = clean.counts;
        counts += found.counts;
        for (const auto& [distance, image] : found.images)
            images.push_back(image);
    }
    if (images.empty())
        throw Error(ErrorCode::Domain, "No attack found an adversarial image in this norm; choose the gradient plane.");
    const PlaneMarker origin = markerOf(PlaneMarkerKind::Original, "original", request.image);
    const PlaneMarker first = markerOf(PlaneMarkerKind::Adversarial, images[0].name, images[0].image);
    // Attacks that agree found the same point: it spans no plane.
    const auto apart = std::find_if(images.begin() + 1, images.end(), [&](const NamedImage& each) {
        return orthogonalShare(request.image, images[0].image, each.image) >= leastApart;
    });
    std::optional<NamedImage> second = apart == images.end() ? adversarialOfAThirdClass(request, images[0].image, counts, monitor) : std::optional(*apart);
    if (monitor.stopRequested())
        return std::nullopt;
    const NamedImage& other = second ? *second : images[0];
    Plane plane = planeThrough(PlaneKind::Adversarials, request.norm, origin, first, markerOf(PlaneMarkerKind::Adversarial, other.name, other.image), request.seed);
    plane.counts = counts;
    if (!second)
        plane.markers.pop_back();
    return plane;
}

Plane imagesPlane(const PlaneRequest& request)
{
    if (request.others.size() != 2)
        throw Error(ErrorCode::Domain, "The plane through images needs three of them.");
    const auto nameOf = [](const NamedImage& each) { return markerOf(PlaneMarkerKind::Image, each.name, each.image); };
    return planeThrough(PlaneKind::Images, request.norm, markerOf(PlaneMarkerKind::Original, "original", request.image), nameOf(request.others[0]),
        nameOf(request.others[1]), request.seed);
}

std::optional<Plane> tangentPlaneAt(const PlaneRequest& request, Monitor& monitor)
{
    BoundaryPointRequest wanted;
    wanted.seed = request.seed;
    const BoundaryPointResult found = findBoundaryPoint(request.model, request.image, wanted, monitor);
    if (found.stopped || monitor.stopRequested())
        return std::nullopt;
    if (!found.point)
        throw Error(ErrorCode::Domain, found.failure);
    Plane plane = tangentPlane(found.point->point, found.point->normal, request.norm, request.seed);
    plane.counts = found.counts;
    plane.origin.source = request.image.source;
    plane.reach = found.point->distance * plane.unit[0] > 0 ? found.point->distance / plane.unit[0] : 0;
    addMarker(plane, PlaneMarkerKind::Original, "original", request.image);
    return plane;
}

} // namespace

std::optional<Plane> findPlane(const PlaneRequest& request, Monitor& monitor)
{
    if (!request.model)
        throw Error(ErrorCode::Usage, "Open a model first.");
    std::optional<Plane> plane;
    switch (request.kind) {
    case PlaneKind::Gradient:
    case PlaneKind::Sign: plane = gradientPlane(request.model, request.image, request.norm, request.kind == PlaneKind::Sign, request.seed); break;
    case PlaneKind::Adversarials: plane = adversarialsPlane(request, monitor); break;
    case PlaneKind::Images: plane = imagesPlane(request); break;
    case PlaneKind::Tangent: plane = tangentPlaneAt(request, monitor); break;
    case PlaneKind::Directions: plane = makePlane(PlaneKind::Directions, request.norm, request.image, request.directions, request.names); break;
    }
    if (plane && request.turn != 0)
        *plane = turned(*plane, request.turn, request.seed);
    return plane;
}

} // namespace brink
