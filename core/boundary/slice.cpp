// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/slice.h"

#include "core/base/error.h"
#include "core/model/classifier_torch.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <numeric>
#include <utility>

namespace brink {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int mostPoints = 4096; ///< a side
/// A stop is felt between batches: they shrink until one takes no longer.
constexpr double slowBatchSeconds = 0.04;
/// The margin is followed this much further than the steepest change to a neighbour would bring it.
constexpr double slopeSafety = 2;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Place of a coarse cell's point among the cells of the finest picture inside it: nearest to the middle, such that points of
/// coarser pictures are points of finer ones. @param stride finest cells a side of the coarse one, a power of two.
int offsetIn(int stride)
{
    int offset = 0;
    for (int s = 1; s < stride; s *= 2) {
        const double middle = s - 0.5;
        if (std::abs(offset + s - middle) < std::abs(offset - middle))
            offset += s;
    }
    return offset;
}

void check(const SliceRequest& request)
{
    if (!request.model)
        throw Error(ErrorCode::Usage, "Open a model first.");
    const Classifier& model = *request.model;
    const Image& origin = request.plane.origin;
    if (origin.channels != model.channels() || origin.height != model.height() || origin.width != model.width())
        throw Error(ErrorCode::Shape, "The plane's images do not have the model's input size.");
    for (const std::vector<float>& direction : request.plane.directions)
        if (direction.size() != origin.size())
            throw Error(ErrorCode::Shape, "The directions of the plane do not have the model's input size.");
    const SliceFrame& frame = request.frame;
    const double sum = frame.left + frame.right + frame.bottom + frame.top;
    if (!std::isfinite(sum) || !(frame.width() > 0) || !(frame.height() > 0))
        throw Error(ErrorCode::Domain, "The extent of a slice must be larger than 0.");
    if (request.coarsest < 2 || request.resolution < request.coarsest || request.resolution > mostPoints)
        throw Error(ErrorCode::Domain, "A slice has between 2 and " + std::to_string(mostPoints) + " points a side.");
    int size = request.coarsest;
    while (size < request.resolution)
        size *= 2;
    if (size != request.resolution)
        throw Error(ErrorCode::Domain, "The resolution of a slice must be its coarsest one doubled: "
                + std::to_string(request.coarsest) + ", " + std::to_string(2 * request.coarsest) + ", " + std::to_string(4 * request.coarsest) + " and so on.");
    if (model.classes() > std::numeric_limits<std::int16_t>::max())
        throw Error(ErrorCode::Unsupported, "Slices know at most 32767 classes.");
}

/// What is asked of the model at many points.
struct Answers {
    std::vector<std::int16_t> labels;
    std::vector<float> margins, confidences;

    explicit Answers(std::size_t n) : labels(n), margins(n), confidences(n) {}
};

/// The images at points of the plane, and what the model says about them.
class PlaneQuery {
public:
    PlaneQuery(const Evaluator& evaluator, const Plane& plane, bool clips) : m_evaluator(evaluator.another()), m_clips(clips)
    {
        const at::NoGradGuard noGrad;
        const Image& image = plane.origin;
        m_origin = tensorFromImages(std::span(&image, 1)).contiguous();
        for (std::size_t i = 0; i < 2; ++i) {
            const std::vector<float>& v = plane.directions[i];
            m_steps[i] = (at::tensor(v) * plane.unit[i]).contiguous();
        }
    }

    /// @param places [n] coordinates; answers go to `out` from `first` on.
    void ask(std::span<const std::array<double, 2>> places, Answers& out, std::size_t first)
    {
        const at::NoGradGuard noGrad;
        const auto n = std::int64_t(places.size());
        const at::Tensor logits = m_evaluator.logits(imagesAt(places));
        const auto [top, classes] = logits.topk(2, 1);
        const at::Tensor margin = (top.select(1, 0) - top.select(1, 1)).to(at::kCPU).contiguous();
        const at::Tensor confidence = (top.select(1, 0) - logits.logsumexp(1)).exp().to(at::kCPU).contiguous();
        const at::Tensor label = classes.select(1, 0).to(at::kCPU).to(at::kShort).contiguous();
        std::copy_n(margin.data_ptr<float>(), n, out.margins.begin() + std::ptrdiff_t(first));
        std::copy_n(confidence.data_ptr<float>(), n, out.confidences.begin() + std::ptrdiff_t(first));
        std::copy_n(label.data_ptr<std::int16_t>(), n, out.labels.begin() + std::ptrdiff_t(first));
    }

    [[nodiscard]] const EvaluationCounts& counts() const { return m_evaluator.counts(); }

private:
    /// origin + a * first step + b * second step, clipped where asked for. [n,C,H,W] on the CPU: one pass over memory, where
    /// tensor operations take one each; a small model is not slowed down by it, and a row does not depend on its batch.
    [[nodiscard]] at::Tensor imagesAt(std::span<const std::array<double, 2>> places) const
    {
        const auto d = std::size_t(m_origin.numel());
        const at::Tensor images = at::empty({std::int64_t(places.size()), m_origin.size(1), m_origin.size(2), m_origin.size(3)}, at::kFloat);
        const float* origin = m_origin.data_ptr<float>();
        const float* first = m_steps[0].data_ptr<float>();
        const float* second = m_steps[1].data_ptr<float>();
        auto* out = images.data_ptr<float>();
        for (const auto& [alongFirst, alongSecond] : places) {
            const auto a = float(alongFirst), b = float(alongSecond);
            for (std::size_t i = 0; i < d; ++i)
                out[i] = origin[i] + a * first[i] + b * second[i];
            if (m_clips)
                for (std::size_t i = 0; i < d; ++i)
                    out[i] = std::min(1.0F, std::max(0.0F, out[i]));
            out += d;
        }
        return images;
    }

    Evaluator m_evaluator;
    at::Tensor m_origin; ///< [1,C,H,W], on the CPU like the steps
    std::array<at::Tensor, 2> m_steps;
    bool m_clips;
};

/// Pictures of one request, from coarse to fine.
class SlicePainter {
public:
    SlicePainter(const SliceRequest& request, Monitor& monitor)
        : m_request(request), m_monitor(monitor), m_evaluator(request.model), m_batch(request.model->bestBatch())
    {
        m_result.modelName = request.model->card().name;
        m_result.modelSha256 = request.model->sha256();
        for (int label = 0; label < request.model->classes(); ++label)
            m_result.classNames.push_back(classNameOf(*request.model, label, request.classNames));
        m_result.imageIndex = request.imageIndex;
        m_result.plane = std::make_shared<const Plane>(request.plane);
        m_result.frame = request.frame;
        m_result.clipsToBox = request.clipsToBox;
        m_result.wanted = request.resolution;
        m_result.warnings = request.plane.warnings;
        m_result.box = boxOutline(request.plane, request.frame);
        m_result.insideBox = areaOf(m_result.box) / (request.frame.width() * request.frame.height());
    }

    SliceResult paint(const SlicePublish& publish)
    {
        std::shared_ptr<const SliceGrid> last;
        for (int size = m_request.coarsest; size <= m_request.resolution; size *= 2) {
            std::shared_ptr<const SliceGrid> next = last ? finer(*last) : coarsest();
            if (!next)
                break;
            last = std::move(next);
            setGrid(last);
            if (publish && size < m_request.resolution)
                publish(std::make_shared<const SliceResult>(m_result));
        }
        m_result.partial = !last || last->size < m_request.resolution;
        m_result.counts = m_counts;
        m_result.seconds = secondsSince(m_start);
        return m_result;
    }

private:
    static double areaOf(const std::vector<std::array<double, 2>>& polygon)
    {
        double twice = 0;
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const auto& p = polygon[i];
            const auto& q = polygon[(i + 1) % polygon.size()];
            twice += p[0] * q[1] - q[0] * p[1];
        }
        return std::abs(twice) / 2;
    }

    void setGrid(const std::shared_ptr<const SliceGrid>& grid)
    {
        m_result.grid = grid;
        m_result.partial = grid->size < m_request.resolution;
        m_result.counts = m_counts;
        m_result.seconds = secondsSince(m_start);
        const auto computed = std::accumulate(grid->isComputed.begin(), grid->isComputed.end(), std::int64_t(0));
        m_result.computedShare = double(computed) / double(grid->labels.size());
        const std::vector<int> components = labelComponents(grid->labels, grid->size);
        std::vector<std::int64_t> cells(components.size());
        for (const std::int16_t label : grid->labels)
            ++cells[std::size_t(label)];
        m_result.classes.clear();
        m_result.components = 0;
        for (std::size_t label = 0; label < components.size(); ++label) {
            if (cells[label] == 0)
                continue;
            m_result.components += components[label];
            m_result.classes.push_back({std::int64_t(label), m_result.classNames[label],
                double(cells[label]) / double(grid->labels.size()), components[label]});
        }
        std::ranges::stable_sort(m_result.classes, std::greater{}, &SliceClass::share);
    }

    static SliceGrid emptyGrid(int size)
    {
        const auto n = std::size_t(size) * std::size_t(size);
        SliceGrid grid;
        grid.size = size;
        grid.labels.resize(n);
        grid.margins.resize(n);
        grid.confidences.resize(n);
        grid.isComputed.resize(n);
        return grid;
    }

    std::shared_ptr<const SliceGrid> coarsest()
    {
        SliceGrid grid = emptyGrid(m_request.coarsest);
        std::vector<std::size_t> all(grid.labels.size());
        std::iota(all.begin(), all.end(), std::size_t(0));
        return compute(grid, all) ? std::make_shared<const SliceGrid>(std::move(grid)) : nullptr;
    }

    /// Twice as many points a side. Null when stopped.
    std::shared_ptr<const SliceGrid> finer(const SliceGrid& coarse)
    {
        SliceGrid grid = emptyGrid(2 * coarse.size);
        const std::vector<std::uint8_t> isNear = m_request.computesAll ? std::vector<std::uint8_t>(coarse.labels.size(), 1) : nearBoundary(coarse);
        const int stride = m_request.resolution / grid.size;
        const int parentOffset = offsetIn(2 * stride);
        const int ownOffset = offsetIn(stride);
        const int same = (parentOffset - ownOffset) / stride; // which child has the parent's point, in rows and columns
        std::vector<std::size_t> asked;
        for (int row = 0; row < grid.size; ++row) {
            for (int column = 0; column < grid.size; ++column) {
                const std::size_t here = grid.at(row, column);
                const std::size_t parent = coarse.at(row / 2, column / 2);
                if (row % 2 == same && column % 2 == same && coarse.isComputed[parent]) {
                    grid.labels[here] = coarse.labels[parent];
                    grid.margins[here] = coarse.margins[parent];
                    grid.confidences[here] = coarse.confidences[parent];
                    grid.isComputed[here] = 1;
                } else if (isNear[parent]) {
                    asked.push_back(here);
                } else {
                    grid.labels[here] = coarse.labels[parent];
                    interpolate(grid, row, column, coarse, same);
                }
            }
        }
        return compute(grid, asked) ? std::make_shared<const SliceGrid>(std::move(grid)) : nullptr;
    }

    /// Margin and confidence between the four points of the coarser picture around.
    static void interpolate(SliceGrid& grid, int row, int column, const SliceGrid& coarse, int same)
    {
        const auto split = [&](int index) {
            const double place = std::clamp((index - same) / 2.0, 0.0, double(coarse.size - 1));
            const int low = std::min(int(place), coarse.size - 2);
            return std::pair(low, place - low);
        };
        const auto [y, shareY] = split(row);
        const auto [x, shareX] = split(column);
        const auto mixed = [&, y = y, x = x, sy = shareY, sx = shareX](const std::vector<float>& values) {
            const double top = (1 - sx) * double(values[coarse.at(y, x)]) + sx * double(values[coarse.at(y, x + 1)]);
            const double bottom = (1 - sx) * double(values[coarse.at(y + 1, x)]) + sx * double(values[coarse.at(y + 1, x + 1)]);
            return float((1 - sy) * top + sy * bottom);
        };
        grid.margins[grid.at(row, column)] = mixed(coarse.margins);
        grid.confidences[grid.at(row, column)] = mixed(coarse.confidences);
    }

    /// Cells within two of a change of label, or where the margin could vanish within a cell.
    static std::vector<std::uint8_t> nearBoundary(const SliceGrid& grid)
    {
        std::vector<std::uint8_t> changes(grid.labels.size());
        for (int row = 0; row < grid.size; ++row)
            for (int column = 0; column < grid.size; ++column)
                changes[grid.at(row, column)] = changesAt(grid, row, column);
        std::vector<std::uint8_t> isNear(changes.size());
        for (int row = 0; row < grid.size; ++row)
            for (int column = 0; column < grid.size; ++column)
                visitNeighbours(grid.size, row, column, [&](int r, int c) { isNear[grid.at(row, column)] |= changes[grid.at(r, c)]; });
        return isNear;
    }

    static bool changesAt(const SliceGrid& grid, int row, int column)
    {
        const std::size_t here = grid.at(row, column);
        bool changes = false;
        float steepest = 0;
        visitNeighbours(grid.size, row, column, [&](int r, int c) {
            const std::size_t there = grid.at(r, c);
            changes |= grid.labels[there] != grid.labels[here];
            steepest = std::max(steepest, std::abs(grid.margins[there] - grid.margins[here]));
        });
        return changes || double(grid.margins[here]) <= slopeSafety * double(steepest);
    }

    template <typename Visit> static void visitNeighbours(int size, int row, int column, const Visit& visit)
    {
        for (int r = std::max(0, row - 1); r <= std::min(size - 1, row + 1); ++r)
            for (int c = std::max(0, column - 1); c <= std::min(size - 1, column + 1); ++c)
                visit(r, c);
    }

    /// Asks the model about these cells. False when stopped before the end.
    bool compute(SliceGrid& grid, const std::vector<std::size_t>& cells)
    {
        std::vector<std::array<double, 2>> places(cells.size());
        for (std::size_t i = 0; i < cells.size(); ++i)
            places[i] = slicePlace(m_request.frame, grid.size, m_request.resolution, int(cells[i]) / grid.size, int(cells[i]) % grid.size);
        Answers answers(cells.size());
        if (!ask(places, answers))
            return false;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            grid.labels[cells[i]] = answers.labels[i];
            grid.margins[cells[i]] = answers.margins[i];
            grid.confidences[cells[i]] = answers.confidences[i];
            grid.isComputed[cells[i]] = 1;
        }
        return true;
    }

    /// In device batches, a few side by side where threads are free.
    bool ask(const std::vector<std::array<double, 2>>& places, Answers& answers)
    {
        std::size_t begin = 0;
        while (begin < places.size()) {
            if (m_monitor.stopRequested())
                return false;
            std::vector<std::pair<std::size_t, std::size_t>> parts;
            for (int lane = 0; lane < std::max(1, m_monitor.lanes()) && begin < places.size(); ++lane) {
                const std::size_t end = std::min(places.size(), begin + std::size_t(m_batch));
                parts.emplace_back(begin, end);
                begin = end;
            }
            while (m_queries.size() < parts.size())
                m_queries.emplace_back(m_evaluator, m_request.plane, m_request.clipsToBox);
            std::vector<Task> tasks;
            for (std::size_t i = 0; i < parts.size(); ++i)
                tasks.emplace_back([this, &places, &answers, &parts, i] {
                    const auto [first, last] = parts[i];
                    m_queries[i].ask(std::span(places).subspan(first, last - first), answers, first);
                });
            const auto start = Clock::now();
            m_monitor.runTogether(tasks);
            if (secondsSince(start) > slowBatchSeconds && m_batch > 1)
                m_batch /= 2;
            m_counts = {};
            for (const PlaneQuery& query : m_queries)
                m_counts += query.counts();
            m_monitor.progress(m_counts.forwards, std::int64_t(m_request.resolution) * m_request.resolution);
        }
        return true;
    }

    const SliceRequest& m_request;
    Monitor& m_monitor;
    Evaluator m_evaluator;
    EvaluationCounts m_counts;
    Clock::time_point m_start = Clock::now();
    int m_batch;
    std::vector<PlaneQuery> m_queries; ///< one for each batch that runs at the same time
    SliceResult m_result;
};

} // namespace

std::string classNameOf(const Classifier& model, std::int64_t label, const std::vector<std::string>& names)
{
    const bool isUsed = model.card().classNames.empty() && int(names.size()) == model.classes();
    return isUsed ? names[std::size_t(label)] : model.className(label);
}

SliceResult computeSlice(const SliceRequest& request, Monitor& monitor, const SlicePublish& publish)
{
    check(request);
    return SlicePainter(request, monitor).paint(publish);
}

SlicePoint slicePoint(const std::shared_ptr<const Classifier>& model, const Plane& plane, double a, double b, bool clips)
{
    SlicePoint point;
    point.image = imageAt(plane, a, b);
    constexpr float slack = 1e-6F;
    point.isInBox = std::ranges::all_of(point.image.pixels, [](float value) { return value >= -slack && value <= 1 + slack; });
    if (clips)
        point.image = imageAt(plane, a, b, true);
    Evaluator evaluator(model);
    const at::Tensor logits = evaluator.logits(tensorFromImages(std::span(&point.image, 1))).to(at::kCPU).to(at::kDouble)[0].contiguous();
    point.logits.assign(logits.data_ptr<double>(), logits.data_ptr<double>() + logits.numel());
    const auto [top, classes] = logits.topk(2);
    point.label = classes[0].item<std::int64_t>();
    point.margin = (top[0] - top[1]).item<double>();
    point.confidence = (top[0] - logits.logsumexp(0)).exp().item<double>();
    return point;
}

std::array<double, 2> slicePlace(const SliceFrame& frame, int size, int wanted, int row, int column)
{
    const int stride = wanted / size;
    const int offset = offsetIn(stride);
    const double x = double(column) * stride + offset + 0.5;
    const double y = double(row) * stride + offset + 0.5;
    return {frame.left + frame.width() * x / wanted, frame.top - frame.height() * y / wanted};
}

std::vector<int> labelComponents(const std::vector<std::int16_t>& labels, int size)
{
    const auto at = [size](int row, int column) { return std::size_t(row) * std::size_t(size) + std::size_t(column); };
    // Union-find with path halving; a region is counted by its root.
    std::vector<std::size_t> parent(labels.size());
    std::iota(parent.begin(), parent.end(), std::size_t(0));
    const auto root = [&parent](std::size_t cell) {
        while (parent[cell] != cell)
            cell = parent[cell] = parent[parent[cell]];
        return cell;
    };
    const auto join = [&](std::size_t a, std::size_t b) {
        if (labels[a] == labels[b])
            parent[root(a)] = root(b);
    };
    for (int row = 0; row < size; ++row) {
        for (int column = 0; column < size; ++column) {
            if (column > 0)
                join(at(row, column), at(row, column - 1));
            if (row > 0)
                join(at(row, column), at(row - 1, column));
        }
    }
    const std::int16_t largest = labels.empty() ? std::int16_t(-1) : *std::ranges::max_element(labels);
    std::vector<int> components(std::size_t(largest + 1));
    for (std::size_t cell = 0; cell < labels.size(); ++cell)
        components[std::size_t(labels[cell])] += parent[cell] == cell;
    return components;
}

Json toJson(const SliceResult& result)
{
    Json json{{"index", result.imageIndex}, {"plane", toJson(*result.plane)},
        {"extent", {{"left", result.frame.left}, {"right", result.frame.right}, {"bottom", result.frame.bottom}, {"top", result.frame.top}}},
        {"resolution", result.grid ? result.grid->size : 0}, {"wanted", result.wanted}, {"clipsToBox", result.clipsToBox}};
    json["insideBox"] = result.insideBox;
    json["computedShare"] = result.computedShare;
    json["fragmentation"] = result.components;
    json["classes"] = Json::array();
    for (const SliceClass& each : result.classes)
        json["classes"].push_back({{"class", each.label}, {"name", each.name}, {"share", each.share}, {"components", each.components}});
    if (result.partial)
        json["partial"] = true;
    json["warnings"] = Json::array();
    for (const Warning& warning : result.warnings)
        json["warnings"].push_back({{"code", warning.code}, {"text", warning.text}});
    json["cost"] = {{"forwards", result.counts.forwards}, {"backwards", result.counts.backwards}, {"seconds", result.seconds}};
    return json;
}

} // namespace brink
