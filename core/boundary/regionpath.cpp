// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/regionpath.h"

#include "core/attack/attack.h"
#include "core/attack/projection_torch.h"
#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/model/classifier_torch.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <tuple>

namespace brink {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int straightPoints = 128;      ///< of the straight line's profile
constexpr double nudge = 1e-3;           ///< L2, where a point to repair has no gradient
constexpr double slopeSafety = 1;        ///< how far the margin is followed at its steepest slope nearby
/// Shares by which a repair may go on beyond the boundary. DeepFool's 2 % suffices where regions are flat, but where they bend the
/// next pieces would leave again: the share with the largest margin is taken.
constexpr std::array<float, 5> goOn{0, 0.1F, 0.25F, 0.5F, 1};
constexpr double beyondLastBits = 1e-5;  ///< of the logits: aimed at the boundary itself a repair would settle on it

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double lengthOf(const at::Tensor& way) { return way.to(at::kDouble).norm().item<double>(); }

/// Largest logit of another class, and which.
std::tuple<at::Tensor, at::Tensor> strongestOther(const at::Tensor& logits, std::int64_t label)
{
    at::Tensor others = logits.clone();
    others.select(1, label).fill_(-std::numeric_limits<double>::infinity());
    return others.max(1);
}

/// One image into the class by steps onto the linearised boundary with the strongest other class, a little beyond it. DeepFool
/// lengthens the sum of its steps instead, so this overshoots where several are needed; the way is not the shortest then.
std::optional<at::Tensor> moveInto(Evaluator& evaluator, at::Tensor x, std::int64_t label, int steps, double overshoot)
{
    for (int step = 0; step <= steps; ++step) {
        const ForwardPass pass = evaluator.forward(x);
        const auto [other, rival] = strongestOther(pass.logits.detach(), label);
        const double margin = (pass.logits.detach().select(1, label) - other).item<double>();
        if (margin > 0)
            return x;
        if (step == steps)
            break;
        at::Tensor weights = at::zeros_like(pass.logits);
        weights.select(1, label).fill_(1);
        weights.select(1, rival.item<std::int64_t>()).fill_(-1);
        const at::Tensor gradient = evaluator.pullback(pass, weights);
        const double slope = lengthOf(gradient);
        if (slope > 0 && std::isfinite(slope)) {
            const double wanted = -margin + beyondLastBits * pass.logits.detach().abs().max().item<double>();
            // Exact inside the box: a step that is merely clipped falls short where many pixels are black or white.
            const at::Tensor value = at::full({1}, -wanted, gradient.options());
            const HyperplaneProjection onto = projectOntoHyperplane(x.flatten(1), gradient.flatten(1), value, Norm::L2);
            x = (x + (1 + overshoot) * onto.step.view_as(x)).clamp(0, 1);
        } else {
            std::vector<float> noise(std::size_t(x.numel()));
            Rng(combineSeeds({std::uint64_t(step), 17})).fillNormal(noise);
            const at::Tensor way = at::tensor(noise).view_as(x).to(x.device());
            x = (x + way * (nudge / lengthOf(way))).clamp(0, 1);
        }
    }
    return std::nullopt;
}

/// By a targeted attack, where linearised steps go round in circles.
std::optional<at::Tensor> attackInto(const std::shared_ptr<const Classifier>& model, Evaluator& evaluator, const at::Tensor& x, std::int64_t label, Monitor& monitor)
{
    const Image image = imageFromTensor(x[0]);
    AttackRequest request{"ddn", Norm::L2, Params(attackInfo("ddn").parameters, Preset::Preview), false};
    const std::int64_t predicted = evaluator.logits(x).argmax(1).item<std::int64_t>();
    const AttackItem item{&image, {predicted, label, 0}, 1};
    const AttackOutcome outcome = runAttack(model, request, std::span(&item, 1), monitor).front();
    evaluator.addCounts(outcome.counts);
    if (!outcome.success)
        return std::nullopt;
    return tensorFromImages(std::span(&*outcome.adversarial, 1)).to(x.device());
}

/// A straight piece whose points were all found inside.
struct Piece {
    at::Tensor from, to;           ///< [1,C,H,W]
    std::vector<PathPoint> points; ///< by share of the piece
};

class PathFinder {
public:
    PathFinder(const RegionPathRequest& request, Monitor& monitor) : m_request(request), m_monitor(monitor), m_evaluator(request.model) {}

    RegionPath find()
    {
        const auto start = Clock::now();
        const at::Tensor from = tensorFromImages(std::span(&m_request.from, 1)).to(m_evaluator.device());
        const at::Tensor to = tensorFromImages(std::span(&m_request.to, 1)).to(m_evaluator.device());
        describe(from, to);
        m_path.straight = sample(from, to, shares(0, straightPoints, 1));
        m_path.straightMargin = smallestOf(m_path.straight);
        m_path.isFound = connect(from, to, 0);
        if (m_path.isFound)
            assemble();
        m_path.stopped = !m_path.isFound && m_monitor.stopRequested();
        if (!m_path.isFound && m_path.failure.empty())
            m_path.failure = m_path.stopped ? "Stopped before the end." : "No path up to depth " + std::to_string(m_request.depth) + ": some piece still leaves the class.";
        m_path.counts = m_evaluator.counts();
        m_path.seconds = secondsSince(start);
        return m_path;
    }

private:
    void describe(const at::Tensor& from, const at::Tensor& to)
    {
        const at::Tensor labels = m_evaluator.logits(at::cat({from, to})).argmax(1);
        m_label = labels[0].item<std::int64_t>();
        if (labels[1].item<std::int64_t>() != m_label)
            throw Error(ErrorCode::Domain, "The two images are of different classes (" + m_request.model->className(m_label) + " and "
                    + m_request.model->className(labels[1].item<std::int64_t>()) + "); a path lies in the region of one class.");
        m_path.modelName = m_request.model->card().name;
        m_path.modelSha256 = m_request.model->sha256();
        m_path.label = m_label;
        m_path.className = m_request.model->className(m_label);
        m_path.straightLength = lengthOf(to - from);
    }

    /// Shares i/n for i = first, first + step ... n.
    static std::vector<double> shares(int first, int n, int step)
    {
        std::vector<double> result;
        for (int i = first; i <= n; i += step)
            result.push_back(double(i) / n);
        return result;
    }

    /// Stopped runs give fewer points.
    std::vector<PathPoint> sample(const at::Tensor& from, const at::Tensor& to, const std::vector<double>& at)
    {
        std::vector<PathPoint> points;
        const auto batch = std::size_t(m_request.model->bestBatch());
        for (std::size_t begin = 0; begin < at.size() && !m_monitor.stopRequested(); begin += batch) {
            const std::vector<double> part(at.begin() + std::ptrdiff_t(begin), at.begin() + std::ptrdiff_t(std::min(at.size(), begin + batch)));
            const at::Tensor share = at::tensor(part).to(at::kFloat).view({-1, 1, 1, 1}).to(from.device());
            const at::Tensor logits = m_evaluator.logits(from * (1 - share) + to * share);
            const at::Tensor label = logits.argmax(1).to(at::kCPU);
            const at::Tensor margin = (logits.select(1, m_label) - std::get<0>(strongestOther(logits, m_label))).to(at::kCPU, at::kDouble);
            for (std::size_t i = 0; i < part.size(); ++i)
                points.push_back({part[i], label[std::int64_t(i)].item<std::int64_t>(), margin[std::int64_t(i)].item<double>()});
        }
        return points;
    }

    static double smallestOf(const std::vector<PathPoint>& points)
    {
        double smallest = std::numeric_limits<double>::infinity();
        for (const PathPoint& point : points)
            smallest = std::min(smallest, point.margin);
        return smallest;
    }

    /// Whether the margin might reach 0 between two points, at the steepest slope of the intervals around.
    static bool mightVanish(const std::vector<PathPoint>& points)
    {
        const auto rise = [&points](std::size_t i) { return std::abs(points[i + 1].margin - points[i].margin); };
        for (std::size_t i = 0; i + 1 < points.size(); ++i) {
            double steepest = rise(i);
            if (i > 0)
                steepest = std::max(steepest, rise(i - 1));
            if (i + 2 < points.size())
                steepest = std::max(steepest, rise(i + 1));
            if (points[i].margin + points[i + 1].margin <= slopeSafety * steepest)
                return true;
        }
        return false;
    }

    /// Absent where a point of the piece lies outside of the class. The grid is doubled until the smallest margin is stable and
    /// cannot vanish between points.
    std::optional<Piece> checked(const at::Tensor& from, const at::Tensor& to)
    {
        Piece piece{from, to, {}};
        double smallest = 0;
        for (int n = m_request.coarsestGrid; n <= m_request.finestGrid; n *= 2) {
            const bool isFirst = n == m_request.coarsestGrid;
            const std::vector<PathPoint> fresh = sample(from, to, isFirst ? shares(0, n, 1) : shares(1, n, 2));
            if (m_monitor.stopRequested() || !(smallestOf(fresh) > 0))
                return std::nullopt;
            piece.points.insert(piece.points.end(), fresh.begin(), fresh.end());
            std::ranges::sort(piece.points, {}, &PathPoint::at);
            const double now = smallestOf(piece.points);
            if (!isFirst && smallest - now <= m_request.stability * now && !mightVanish(piece.points))
                break;
            smallest = now;
        }
        return piece;
    }

    /// Further along the way that a repair took, where the margin is largest.
    at::Tensor deepest(const at::Tensor& from, const at::Tensor& inside)
    {
        const at::Tensor shares = at::tensor(goOn).view({-1, 1, 1, 1}).to(inside.device());
        const at::Tensor candidates = (inside + (inside - from) * shares).clamp(0, 1);
        const at::Tensor logits = m_evaluator.logits(candidates);
        const at::Tensor margins = logits.select(1, m_label) - std::get<0>(strongestOther(logits, m_label));
        return candidates.narrow(0, margins.argmax().item<std::int64_t>(), 1);
    }

    /// Adds the pieces of a path to m_pieces; false where there is none.
    bool connect(const at::Tensor& from, const at::Tensor& to, int depth)
    {
        m_monitor.progress(std::int64_t(m_pieces.size()), std::int64_t(m_pieces.size()) + 2);
        m_path.depth = std::max(m_path.depth, depth);
        if (std::optional<Piece> piece = checked(from, to)) {
            m_pieces.push_back(std::move(*piece));
            return true;
        }
        if (m_monitor.stopRequested() || depth >= m_request.depth)
            return false;
        const at::Tensor middle = (from + to) / 2;
        const EvaluationCounts before = m_evaluator.counts();
        std::optional<at::Tensor> inside = moveInto(m_evaluator, middle, m_label, m_request.repairSteps, m_request.overshoot);
        if (!inside && !m_monitor.stopRequested())
            inside = attackInto(m_request.model, m_evaluator, middle, m_label, m_monitor);
        if (inside && m_evaluator.counts().backwards > before.backwards)
            inside = deepest(middle, *inside);
        if (!inside) {
            m_path.failure = "The middle of a piece could not be moved back into the class, neither in " + std::to_string(m_request.repairSteps) + " linearised steps nor by DDN.";
            return false;
        }
        m_path.repaired += m_evaluator.counts().backwards > before.backwards;
        return connect(from, *inside, depth + 1) && connect(*inside, to, depth + 1);
    }

    void assemble()
    {
        for (const Piece& piece : m_pieces)
            m_path.length += lengthOf(piece.to - piece.from);
        double done = 0;
        m_path.smallestMargin = std::numeric_limits<double>::infinity();
        for (const Piece& piece : m_pieces) {
            const double length = lengthOf(piece.to - piece.from);
            for (const PathPoint& point : piece.points) {
                // Corners belong to two pieces and are listed once.
                if (point.at == 0 && !m_path.path.empty())
                    continue;
                const double share = m_path.length > 0 ? (done + point.at * length) / m_path.length : 0;
                m_path.path.push_back({share, point.label, point.margin});
            }
            m_path.smallestMargin = std::min(m_path.smallestMargin, smallestOf(piece.points));
            m_path.anchors.push_back(imageFromTensor(piece.from[0]));
            done += length;
        }
        m_path.anchors.push_back(imageFromTensor(m_pieces.back().to[0]));
        m_path.anchors.front().source = m_request.from.source;
        m_path.anchors.back().source = m_request.to.source;
        m_path.gridPoints = std::int64_t(m_path.path.size());
        m_path.isStraight = m_pieces.size() == 1;
    }

    const RegionPathRequest& m_request;
    Monitor& m_monitor;
    Evaluator m_evaluator;
    std::int64_t m_label = 0;
    std::vector<Piece> m_pieces;
    RegionPath m_path;
};

void check(const RegionPathRequest& request)
{
    if (!request.model)
        throw Error(ErrorCode::Usage, "Open a model first.");
    for (const Image* image : {&request.from, &request.to})
        if (image->channels != request.model->channels() || image->height != request.model->height() || image->width != request.model->width())
            throw Error(ErrorCode::Shape, "The images of a path must have the model's input size.");
    if (request.coarsestGrid < 2 || request.finestGrid < request.coarsestGrid || request.finestGrid > 65536)
        throw Error(ErrorCode::Domain, "The grid of a path has between 2 and 65536 points a piece.");
    if (request.depth < 0 || request.depth > 20 || request.repairSteps < 1 || !(request.overshoot >= 0))
        throw Error(ErrorCode::Domain, "A path needs a depth between 0 and 20 and at least one repair step.");
}

/// Weights uniform on the simplex: spacings, by exponentials.
std::vector<double> simplexWeights(Rng& rng, int k)
{
    std::vector<double> weights;
    double sum = 0;
    for (int i = 0; i < k; ++i) {
        weights.push_back(-std::log(1 - rng.uniform()));
        sum += weights.back();
    }
    for (double& weight : weights)
        weight /= sum;
    return weights;
}

/// k of them without repetition, the first k of a shuffle.
std::vector<std::size_t> drawn(Rng& rng, std::vector<std::size_t> from, int k)
{
    for (int i = 0; i < k; ++i)
        std::swap(from[std::size_t(i)], from[std::size_t(i) + std::size_t(rng.below(from.size() - std::size_t(i)))]);
    from.resize(std::size_t(k));
    return from;
}

template <typename Value> std::optional<double> medianOf(const std::vector<Value>& values)
{
    if (values.empty())
        return std::nullopt;
    const std::vector<double> all(values.begin(), values.end());
    return median(all);
}

} // namespace

RegionPath findRegionPath(const RegionPathRequest& request, Monitor& monitor)
{
    check(request);
    return PathFinder(request, monitor).find();
}

std::optional<Image> movedInto(const std::shared_ptr<const Classifier>& model, const Image& image, std::int64_t label, int steps, double overshoot,
    EvaluationCounts& counts)
{
    Evaluator evaluator(model);
    const at::Tensor x = tensorFromImages(std::span(&image, 1)).to(evaluator.device());
    std::optional<at::Tensor> moved = moveInto(evaluator, x, label, steps, overshoot);
    PlainMonitor monitor;
    if (!moved)
        moved = attackInto(model, evaluator, x, label, monitor);
    counts += evaluator.counts();
    return moved ? std::optional(imageFromTensor((*moved)[0], image.source)) : std::nullopt;
}

std::vector<std::int64_t> predictedClasses(const std::shared_ptr<const Classifier>& model, const std::vector<Image>& images, EvaluationCounts& counts)
{
    Evaluator evaluator(model);
    const auto batch = std::size_t(model->bestBatch());
    std::vector<std::int64_t> classes;
    for (std::size_t begin = 0; begin < images.size(); begin += batch) {
        const std::span<const Image> part = std::span(images).subspan(begin, std::min(batch, images.size() - begin));
        const at::Tensor labels = evaluator.logits(tensorFromImages(part)).argmax(1).to(at::kCPU);
        classes.insert(classes.end(), labels.data_ptr<std::int64_t>(), labels.data_ptr<std::int64_t>() + labels.numel());
    }
    counts += evaluator.counts();
    return classes;
}

PathSummary summarise(const std::vector<RegionPath>& paths)
{
    PathSummary summary;
    std::vector<double> anchors, ratios, margins;
    for (const RegionPath& path : paths) {
        ++summary.pairs;
        summary.counts += path.counts;
        if (!path.isFound)
            continue;
        ++summary.found;
        summary.straight += path.isStraight;
        summary.depth = std::max(summary.depth, path.depth);
        anchors.push_back(double(path.anchors.size()) - 2);
        ratios.push_back(path.lengthRatio());
        margins.push_back(path.smallestMargin);
    }
    if (summary.found == 0)
        return summary;
    summary.medianAnchors = medianOf(anchors);
    summary.largestAnchors = std::ranges::max(anchors);
    summary.medianRatio = medianOf(ratios);
    summary.largestRatio = std::ranges::max(ratios);
    summary.medianMargin = medianOf(margins);
    summary.smallestMargin = std::ranges::min(margins);
    return summary;
}

ConvexityResult computeConvexity(const ConvexityRequest& request, Monitor& monitor)
{
    const auto start = Clock::now();
    if (!request.model)
        throw Error(ErrorCode::Usage, "Open a model first.");
    std::map<std::int64_t, std::vector<std::size_t>> byClass;
    for (std::size_t i = 0; i < request.images.size(); ++i)
        byClass[request.labels[i]].push_back(i);
    std::size_t largest = 0;
    for (const auto& [label, members] : byClass)
        largest = std::max(largest, members.size());
    if (largest < 2)
        throw Error(ErrorCode::Domain, "No class has two of the images; choose more of them.");
    const at::Tensor images = tensorFromImages(request.images);
    Evaluator evaluator(request.model);
    ConvexityResult result{request.model->card().name, request.model->sha256(), int(request.images.size()), {}, request.seed, false, {}, 0};
    for (const int k : request.counts) {
        std::vector<std::pair<std::int64_t, const std::vector<std::size_t>*>> classes;
        for (const auto& [label, members] : byClass)
            if (k >= 2 && members.size() >= std::size_t(k))
                classes.emplace_back(label, &members);
        if (classes.empty())
            continue;
        ConvexityPoint point{k};
        Rng rng(combineSeeds({request.seed, std::uint64_t(k)}));
        while (point.samples < request.samples && !monitor.stopRequested()) {
            const auto batch = std::min<std::int64_t>(request.model->bestBatch(), request.samples - point.samples);
            std::vector<at::Tensor> mixed;
            std::vector<std::int64_t> wanted;
            for (std::int64_t i = 0; i < batch; ++i) {
                const auto& [label, members] = classes[std::size_t(rng.below(classes.size()))];
                const std::vector<std::size_t> chosen = drawn(rng, *members, k);
                const std::vector<double> weights = simplexWeights(rng, k);
                at::Tensor sum = at::zeros_like(images[0]);
                for (std::size_t j = 0; j < chosen.size(); ++j)
                    sum += images[std::int64_t(chosen[j])] * weights[j];
                mixed.push_back(sum);
                wanted.push_back(label);
            }
            const at::Tensor labels = evaluator.logits(at::stack(mixed)).argmax(1).to(at::kCPU);
            point.inside += (labels == at::tensor(wanted)).sum().item<std::int64_t>();
            point.samples += batch;
            monitor.progress(std::int64_t(result.points.size()) * request.samples + point.samples, std::int64_t(request.counts.size()) * request.samples);
        }
        if (point.samples == 0)
            break;
        const auto [low, high] = wilsonInterval(point.inside, point.samples);
        point.low = low;
        point.high = high;
        result.points.push_back(point);
    }
    result.partial = monitor.stopRequested();
    result.counts = evaluator.counts();
    result.seconds = secondsSince(start);
    return result;
}

Json toJson(const RegionPath& path)
{
    Json json{{"from", path.fromIndex}, {"to", path.toIndex}, {"class", path.label}, {"found", path.isFound}, {"straight", path.isStraight}};
    if (!path.failure.empty())
        json["reason"] = path.failure;
    json["straightLength"] = path.straightLength;
    json["straightMargin"] = path.straightMargin;
    if (path.isFound) {
        json["anchors"] = path.anchors.size() - 2;
        json["repaired"] = path.repaired;
        json["depth"] = path.depth;
        json["length"] = path.length;
        json["lengthRatio"] = path.lengthRatio();
        json["smallestMargin"] = path.smallestMargin;
        json["verifiedAt"] = path.gridPoints;
    }
    if (path.stopped)
        json["partial"] = true;
    json["cost"] = {{"forwards", path.counts.forwards}, {"backwards", path.counts.backwards}, {"seconds", path.seconds}};
    return json;
}

Json toJson(const PathSummary& summary)
{
    Json json{{"pairs", summary.pairs}, {"found", summary.found}, {"straight", summary.straight}};
    setIfPresent(json, "medianAnchors", summary.medianAnchors);
    setIfPresent(json, "largestAnchors", summary.largestAnchors);
    setIfPresent(json, "medianLengthRatio", summary.medianRatio);
    setIfPresent(json, "largestLengthRatio", summary.largestRatio);
    setIfPresent(json, "medianSmallestMargin", summary.medianMargin);
    setIfPresent(json, "smallestMargin", summary.smallestMargin);
    json["depth"] = summary.depth;
    return json;
}

Json toJson(const ConvexityResult& result)
{
    Json json{{"images", result.images}, {"seed", result.seed}, {"points", Json::array()}};
    for (const ConvexityPoint& point : result.points)
        json["points"].push_back({{"k", point.k}, {"inside", point.inside}, {"samples", point.samples},
            {"share", double(point.inside) / double(point.samples)}, {"interval", {point.low, point.high}}});
    if (result.partial)
        json["partial"] = true;
    return json;
}

} // namespace brink
