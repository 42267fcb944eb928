// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/plane.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"
#include "core/model/classifier_torch.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace brink {

namespace {

using Direction = std::vector<float>;

/// Below this share of its length outside of the first direction, a second one counts as parallel to it.
constexpr double parallelShare = 1e-4;
constexpr double framePadding = 0.1; ///< of the markers' range, as in dbViz
constexpr double framesPerReach = 3;
/// How far the boundary is looked for, in linearised distances.
constexpr std::array<float, 10> reachFactors{1.5F, 2, 3, 4, 6, 8, 12, 16, 24, 32};
constexpr std::uint64_t turnStream = 0x7475726e; ///< tells the direction one turns towards from the plane's own

constexpr std::array<std::pair<const char*, PlaneKind>, 6> planeNames{{{"gradient", PlaneKind::Gradient}, {"sign", PlaneKind::Sign},
    {"adversarials", PlaneKind::Adversarials}, {"images", PlaneKind::Images}, {"tangent", PlaneKind::Tangent},
    {"directions", PlaneKind::Directions}}};

double dot(const Direction& a, const Direction& b)
{
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0, std::plus<>{}, [](float x, float y) { return double(x) * double(y); });
}

double lengthOf(const Direction& v, Norm norm)
{
    switch (norm) {
    case Norm::L1:
        return std::accumulate(v.begin(), v.end(), 0.0, [](double sum, float x) { return sum + std::abs(double(x)); });
    case Norm::L2: return std::sqrt(dot(v, v));
    case Norm::Linf:
        return std::accumulate(v.begin(), v.end(), 0.0, [](double most, float x) { return std::max(most, std::abs(double(x))); });
    case Norm::L0: break;
    }
    throw Error(ErrorCode::Domain, "A plane is measured in L1, L2 or L∞; L0 has no directions.");
}

void scale(Direction& v, double factor)
{
    for (float& x : v)
        x = float(double(x) * factor);
}

/// v minus its part along the unit vector u; twice, since the first pass leaves the rounding of its own size.
void removePart(Direction& v, const Direction& u)
{
    for (int pass = 0; pass < 2; ++pass) {
        const double part = dot(v, u);
        for (std::size_t i = 0; i < v.size(); ++i)
            v[i] = float(double(v[i]) - part * double(u[i]));
    }
}

Direction difference(const Image& to, const Image& from)
{
    if (to.channels != from.channels || to.height != from.height || to.width != from.width)
        throw Error(ErrorCode::Shape, "The images of a plane must have one size.");
    Direction way(to.size());
    std::ranges::transform(to.pixels, from.pixels, way.begin(), std::minus<>{});
    return way;
}

/// Another direction for one that turned out too short or parallel.
Direction randomDirection(std::size_t size, Norm norm, std::uint64_t seed)
{
    Rng rng(seed);
    Direction v(size);
    rng.fillNormal(v);
    if (norm == Norm::Linf)
        std::ranges::transform(v, v.begin(), [](float x) { return x < 0 ? -1.0F : 1.0F; });
    return v;
}

/// The part of the polygon where a*x + b*y + c >= 0 (Sutherland and Hodgman 1974).
std::vector<std::array<double, 2>> cut(const std::vector<std::array<double, 2>>& polygon, double a, double b, double c)
{
    const auto height = [&](const std::array<double, 2>& p) { return a * p[0] + b * p[1] + c; };
    std::vector<std::array<double, 2>> kept;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const auto& here = polygon[i];
        const auto& next = polygon[(i + 1) % polygon.size()];
        const double from = height(here);
        const double to = height(next);
        if (from >= 0)
            kept.push_back(here);
        if ((from >= 0) != (to >= 0)) {
            const double share = from / (from - to);
            kept.push_back({here[0] + share * (next[0] - here[0]), here[1] + share * (next[1] - here[1])});
        }
    }
    return kept;
}

/// Whether the half-plane holds all of the polygon: nothing to cut.
bool holdsAll(const std::vector<std::array<double, 2>>& polygon, double a, double b, double c)
{
    return std::ranges::all_of(polygon, [&](const auto& p) { return a * p[0] + b * p[1] + c >= 0; });
}

/// How far along the first direction the class ends: the linearised distance, or the first of its multiples where another class
/// is found; where none is, the linearised distance again.
double reachAlong(const std::shared_ptr<const Classifier>& model, const Plane& plane, double linearised, std::int64_t label, EvaluationCounts& counts)
{
    std::vector<Image> images;
    for (const float factor : reachFactors)
        images.push_back(imageAt(plane, double(factor) * linearised, 0));
    Evaluator evaluator(model);
    const at::Tensor labels = evaluator.logits(tensorFromImages(images)).argmax(1).to(at::kCPU);
    counts += evaluator.counts();
    for (std::size_t i = 0; i < reachFactors.size(); ++i)
        if (labels[std::int64_t(i)].item<std::int64_t>() != label)
            return i == 0 ? linearised : double(reachFactors[i]) * linearised;
    return linearised;
}

/// Places follow from the images; after the plane has moved or turned.
void placeMarkers(Plane& plane)
{
    for (PlaneMarker& marker : plane.markers)
        if (marker.image)
            marker.at = placeIn(plane, *marker.image);
}

Json pointJson(const PlaneMarker& marker)
{
    constexpr std::array kinds{"original", "adversarial", "iterate", "image", "boundary"};
    return {{"kind", kinds[std::size_t(marker.kind)]}, {"name", marker.name}, {"at", {marker.at.a, marker.at.b}},
        {"residual", marker.at.residual}};
}

} // namespace

std::string planeName(PlaneKind kind)
{
    return std::ranges::find(planeNames, kind, &std::pair<const char*, PlaneKind>::second)->first;
}

PlaneKind planeFromName(std::string_view name)
{
    std::vector<std::string> known;
    for (const auto& [word, kind] : planeNames) {
        if (name == word)
            return kind;
        known.emplace_back(word);
    }
    throw Error(ErrorCode::Usage, unknownName("plane", name, known));
}

Plane makePlane(PlaneKind kind, Norm norm, const Image& origin, std::array<Direction, 2> directions, std::array<std::string, 2> names)
{
    Plane plane;
    plane.kind = kind;
    plane.norm = norm;
    plane.origin = origin;
    plane.names = std::move(names);
    for (std::size_t i = 0; i < 2; ++i) {
        Direction& v = directions[i];
        if (v.size() != origin.size())
            throw Error(ErrorCode::Shape, "The directions of a plane must have as many values as its image.");
        const double length = lengthOf(v, Norm::L2);
        if (!(length > 0) || !std::isfinite(length))
            throw Error(ErrorCode::Domain, "A direction of the plane has no length.");
        scale(v, 1 / length);
        if (i == 0)
            continue;
        removePart(v, directions[0]);
        const double rest = lengthOf(v, Norm::L2);
        if (rest < parallelShare)
            throw Error(ErrorCode::Domain, "The two directions of the plane are parallel; choose another second one.");
        scale(v, 1 / rest);
    }
    for (std::size_t i = 0; i < 2; ++i)
        plane.unit[i] = 1 / lengthOf(directions[i], norm);
    plane.directions = std::move(directions);
    addMarker(plane, PlaneMarkerKind::Original, "original", origin);
    return plane;
}

Direction randomOrthogonal(const Direction& first, Norm norm, std::uint64_t seed)
{
    Direction v = randomDirection(first.size(), norm, seed);
    Direction u = first;
    const double length = lengthOf(u, Norm::L2);
    if (length > 0) {
        scale(u, 1 / length);
        removePart(v, u);
    }
    return v;
}

std::vector<std::int64_t> rankedClasses(const std::shared_ptr<const Classifier>& model, const Image& image, EvaluationCounts& counts)
{
    Evaluator evaluator(model);
    const at::Tensor order = evaluator.logits(tensorFromImages(std::span(&image, 1)))[0].argsort(0, true).to(at::kCPU).contiguous();
    counts += evaluator.counts();
    return {order.data_ptr<std::int64_t>(), order.data_ptr<std::int64_t>() + order.numel()};
}

MarginGradient marginGradient(const std::shared_ptr<const Classifier>& model, const Image& image)
{
    Evaluator evaluator(model);
    const ForwardPass pass = evaluator.forward(tensorFromImages(std::span(&image, 1)));
    const auto [values, classes] = pass.logits.detach().topk(2, 1);
    MarginGradient result;
    result.predicted = classes[0][0].item<std::int64_t>();
    result.rival = classes[0][1].item<std::int64_t>();
    result.margin = (values[0][0] - values[0][1]).item<double>();
    at::Tensor weights = at::zeros_like(pass.logits);
    weights[0][result.predicted] = 1;
    weights[0][result.rival] = -1;
    result.gradient = imageFromTensor(evaluator.pullback(pass, weights)[0]).pixels;
    result.counts = evaluator.counts();
    return result;
}

Plane gradientPlane(const std::shared_ptr<const Classifier>& model, const Image& image, Norm norm, bool isSign, std::uint64_t seed)
{
    const MarginGradient found = marginGradient(model, image);
    Direction first = found.gradient;
    std::ranges::transform(first, first.begin(), [isSign](float x) { return isSign ? float((x < 0) - (x > 0)) : -x; });
    const double length = lengthOf(first, Norm::L2);
    const bool hasGradient = length > 0 && std::isfinite(length);
    if (!hasGradient)
        first = randomDirection(image.size(), norm, combineSeeds({seed, 1}));
    Direction second = randomOrthogonal(first, isSign ? Norm::Linf : norm, seed);
    const std::string name = !hasGradient ? "along a random direction" : isSign ? "against the sign of the margin gradient" : "against the margin gradient";
    Plane plane = makePlane(isSign ? PlaneKind::Sign : PlaneKind::Gradient, norm, image, {std::move(first), std::move(second)},
        {name, "along a random orthogonal direction"});
    plane.seed = seed;
    plane.counts = found.counts;
    if (!hasGradient) {
        plane.warnings.push_back({"zero-gradients", "The margin has no gradient at this image, so both directions of the plane are random."});
        return plane;
    }
    // Where the linearised margin would be 0, along the first direction.
    const double slope = -dot(found.gradient, plane.directions[0]) * plane.unit[0];
    plane.reach = reachAlong(model, plane, found.margin / slope, found.predicted, plane.counts);
    return plane;
}

Plane planeThrough(PlaneKind kind, Norm norm, const PlaneMarker& origin, const PlaneMarker& first, const PlaneMarker& second, std::uint64_t seed)
{
    const Direction toFirst = difference(*first.image, *origin.image);
    Direction toSecond = difference(*second.image, *origin.image);
    const double length = lengthOf(toFirst, Norm::L2);
    if (!(length > 0))
        throw Error(ErrorCode::Domain, "The plane needs two images that differ.");
    Direction rest = toSecond;
    Direction unit = toFirst;
    scale(unit, 1 / length);
    removePart(rest, unit);
    const bool isOnLine = !(lengthOf(rest, Norm::L2) > parallelShare * lengthOf(toSecond, Norm::L2));
    if (isOnLine)
        toSecond = randomOrthogonal(toFirst, norm, seed);
    Plane plane = makePlane(kind, norm, *origin.image, {toFirst, std::move(toSecond)},
        {"towards " + first.name, isOnLine ? "along a random orthogonal direction" : "towards " + second.name + ", orthogonal part"});
    plane.seed = seed;
    plane.markers.front().kind = origin.kind;
    plane.markers.front().name = origin.name;
    addMarker(plane, first.kind, first.name, *first.image);
    addMarker(plane, second.kind, second.name, *second.image);
    if (isOnLine)
        plane.warnings.push_back({"images-on-a-line", "The three images lie on a line, so the second direction is random."});
    return plane;
}

Plane tangentPlane(const Image& boundaryPoint, const Direction& normal, Norm norm, std::uint64_t seed)
{
    Direction n = normal;
    const double length = lengthOf(n, Norm::L2);
    if (!(length > 0))
        throw Error(ErrorCode::Domain, "The boundary has no gradient here, so no tangent plane; choose the gradient plane.");
    scale(n, 1 / length);
    // Gaussian in every norm: taking the part along the normal off signs would leave no signs.
    Direction first = randomOrthogonal(n, Norm::L2, combineSeeds({seed, 1}));
    Direction second = randomOrthogonal(n, Norm::L2, combineSeeds({seed, 2}));
    Plane plane = makePlane(PlaneKind::Tangent, norm, boundaryPoint, {std::move(first), std::move(second)},
        {"along a random tangent", "along a second random tangent"});
    plane.seed = seed;
    plane.markers.front().kind = PlaneMarkerKind::BoundaryPoint;
    plane.markers.front().name = "boundary point";
    return plane;
}

Plane movedTo(const Plane& plane, const Image& origin, std::string name)
{
    Plane moved = plane;
    moved.origin = origin;
    const auto isOrigin = [&plane](const PlaneMarker& marker) { return marker.image && marker.image->pixels == plane.origin.pixels; };
    if (std::ranges::none_of(plane.markers, isOrigin))
        moved.markers.clear();
    moved.markers.push_back({PlaneMarkerKind::Image, std::move(name), {}, std::make_shared<const Image>(origin)});
    placeMarkers(moved);
    return moved;
}

Plane turned(const Plane& plane, double angle, std::uint64_t seed)
{
    Direction third = randomDirection(plane.origin.size(), plane.norm, combineSeeds({seed, turnStream}));
    for (const Direction& v : plane.directions)
        removePart(third, v);
    const double length = lengthOf(third, Norm::L2);
    Plane result = plane;
    if (!(length > 0))
        return result; // an image of two values has no third direction
    Direction& second = result.directions[1];
    for (std::size_t i = 0; i < second.size(); ++i)
        second[i] = float(std::cos(angle) * double(second[i]) + std::sin(angle) * double(third[i]) / length);
    removePart(second, result.directions[0]);
    scale(second, 1 / lengthOf(second, Norm::L2));
    result.unit[1] = 1 / lengthOf(second, plane.norm);
    result.names[1] += ", turned by " + formatReal(angle * 180 / std::numbers::pi, 3) + "°";
    placeMarkers(result);
    return result;
}

double lengthInPlane(const Plane& plane, double a, double b)
{
    Direction way(plane.origin.size());
    const double alongFirst = a * plane.unit[0];
    const double alongSecond = b * plane.unit[1];
    for (std::size_t i = 0; i < way.size(); ++i)
        way[i] = float(alongFirst * double(plane.directions[0][i]) + alongSecond * double(plane.directions[1][i]));
    return lengthOf(way, plane.norm);
}

Image imageAt(const Plane& plane, double a, double b, bool clips)
{
    Image image = plane.origin;
    image.source.clear();
    image.notes.clear();
    const auto alongFirst = float(a * plane.unit[0]);
    const auto alongSecond = float(b * plane.unit[1]);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        const float value = image.pixels[i] + alongFirst * plane.directions[0][i] + alongSecond * plane.directions[1][i];
        image.pixels[i] = clips ? std::clamp(value, 0.0F, 1.0F) : value;
    }
    return image;
}

PlanePoint placeIn(const Plane& plane, const Image& image)
{
    Direction way = difference(image, plane.origin);
    const double alongFirst = dot(way, plane.directions[0]);
    const double alongSecond = dot(way, plane.directions[1]);
    for (std::size_t i = 0; i < way.size(); ++i)
        way[i] = float(double(way[i]) - alongFirst * double(plane.directions[0][i]) - alongSecond * double(plane.directions[1][i]));
    return {alongFirst / plane.unit[0], alongSecond / plane.unit[1], lengthOf(way, plane.norm)};
}

void addMarker(Plane& plane, PlaneMarkerKind kind, std::string name, const Image& image)
{
    plane.markers.push_back({kind, std::move(name), placeIn(plane, image), std::make_shared<const Image>(image)});
}

SliceFrame suggestedFrame(const Plane& plane)
{
    double low[2] = {0, 0};
    double high[2] = {0, 0};
    for (const PlaneMarker& marker : plane.markers) {
        const double at[2] = {marker.at.a, marker.at.b};
        for (int axis = 0; axis < 2; ++axis) {
            low[axis] = std::min(low[axis], at[axis]);
            high[axis] = std::max(high[axis], at[axis]);
        }
    }
    // Markers that all lie over the origin, off the plane, say nothing about how far to look.
    const double range = std::max(high[0] - low[0], high[1] - low[1]);
    if (range <= plane.reach / 10) {
        const double half = plane.reach > 0 && std::isfinite(plane.reach) ? framesPerReach * plane.reach : 1;
        return {-half, half, -half, half};
    }
    const double half = (0.5 + framePadding) * range;
    const double x = (low[0] + high[0]) / 2;
    const double y = (low[1] + high[1]) / 2;
    return {x - half, x + half, y - half, y + half};
}

std::vector<std::array<double, 2>> boxOutline(const Plane& plane, const SliceFrame& frame)
{
    std::vector<std::array<double, 2>> polygon{
        {frame.left, frame.bottom}, {frame.right, frame.bottom}, {frame.right, frame.top}, {frame.left, frame.top}};
    for (std::size_t i = 0; i < plane.origin.size() && !polygon.empty(); ++i) {
        const double a = double(plane.directions[0][i]) * plane.unit[0];
        const double b = double(plane.directions[1][i]) * plane.unit[1];
        const double value = plane.origin.pixels[i];
        // The origin itself may carry the rounding of its way here.
        constexpr double slack = 1e-6;
        if (!holdsAll(polygon, a, b, value + slack))
            polygon = cut(polygon, a, b, value + slack);
        if (!holdsAll(polygon, -a, -b, 1 - value + slack))
            polygon = cut(polygon, -a, -b, 1 - value + slack);
    }
    return polygon;
}

std::vector<std::array<double, 2>> ballOutline(const Plane& plane, double eps, int points)
{
    std::vector<std::array<double, 2>> outline;
    for (int i = 0; i < points; ++i) {
        const double angle = 2 * std::numbers::pi * i / points;
        const double length = lengthInPlane(plane, std::cos(angle), std::sin(angle));
        outline.push_back({eps / length * std::cos(angle), eps / length * std::sin(angle)});
    }
    return outline;
}

std::string axisLabel(const Plane& plane, int axis)
{
    return "distance " + plane.names[std::size_t(axis)] + ", " + normLabel(plane.norm) + " (pixel range [0,1])";
}

Json toJson(const Plane& plane)
{
    Json json{{"kind", planeName(plane.kind)}, {"norm", normName(plane.norm)}, {"axes", plane.names}, {"unit", plane.unit},
        {"origin", imageSha256(plane.origin)}, {"seed", plane.seed}};
    json["markers"] = Json::array();
    for (const PlaneMarker& marker : plane.markers)
        json["markers"].push_back(pointJson(marker));
    return json;
}

} // namespace brink
