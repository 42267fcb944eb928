// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/autoattack.h"

#include "core/attack/attack_torch.h"
#include "core/attack/autoattackchecks_torch.h"
#include "core/base/error.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>

namespace brink {

namespace {

/// Images that one task attacks. A constant, so that no result depends on the number of threads.
constexpr std::size_t chunkSize = 64;
/// Rows that attacks with target classes take at once: each surviving image as often as classes fit. A constant for the same reason.
constexpr std::size_t rowsTogether = 64;
/// Images that the check for a randomised model looks at.
constexpr std::size_t checkedImages = 64;

/// The progress of all tasks as one number: each adds what it has gone further.
class ChunkMonitor : public Monitor {
public:
    ChunkMonitor(Monitor& whole, std::atomic<std::int64_t>& done, std::int64_t total, std::int64_t width)
        : m_whole(whole), m_done(done), m_total(total), m_width(width)
    {
    }
    ~ChunkMonitor() override { advanceTo(m_width); }
    ChunkMonitor(const ChunkMonitor&) = delete;
    ChunkMonitor& operator=(const ChunkMonitor&) = delete;

    [[nodiscard]] bool stopRequested() const override { return m_whole.stopRequested(); }
    void progress(std::int64_t done, std::int64_t total) override
    {
        if (total > 0)
            advanceTo(m_width * std::min(done, total) / total);
    }
    void note(std::string_view text) override { m_whole.note(text); }

private:
    void advanceTo(std::int64_t mine)
    {
        if (mine <= m_mine)
            return;
        m_whole.progress(m_done.fetch_add(mine - m_mine) + mine - m_mine, m_total);
        m_mine = mine;
    }

    Monitor& m_whole;
    std::atomic<std::int64_t>& m_done;
    std::int64_t m_total, m_width, m_mine = 0;
};

/// How many classes an attack leads each image to; 0 for attacks that choose none.
std::size_t classesLedTo(const AttackRequest& attack, int classes)
{
    const bool leads = attack.name == "fab" || (attack.name == "apgd" && attack.parameters.text("loss") == "dlr-targeted");
    return leads ? std::size_t(std::min<long long>(attack.parameters.integer("targets"), classes - 1)) : 0;
}

class Cascade {
public:
    Cascade(std::shared_ptr<const Classifier> classifier, const AutoAttackRequest& request, std::span<const AutoAttackItem> items, Monitor& monitor)
        : m_classifier(std::move(classifier)), m_items(items), m_monitor(monitor)
    {
        m_result.norm = request.norm;
        m_result.version = request.version;
        m_result.seed = request.seed;
        for (const double eps : request.eps)
            m_result.levels.push_back({.eps = eps});
        std::ranges::sort(m_result.levels, {}, &AutoAttackLevel::eps);
        m_result.images.resize(items.size());
    }

    AutoAttackResult run()
    {
        const auto start = std::chrono::steady_clock::now();
        check();
        judgeClean();
        for (AutoAttackLevel& level : m_result.levels)
            runLevel(level);
        m_result.stopped = m_monitor.stopRequested();
        m_result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return std::move(m_result);
    }

private:
    [[nodiscard]] std::vector<AutoAttackStage> stagesAt(double eps) const
    {
        return autoAttackStages(m_result.version, m_result.norm, eps, m_classifier->classes());
    }

    /// All that can be wrong with the request, before any work.
    void check() const
    {
        if (m_items.empty())
            throw Error(ErrorCode::Domain, "AutoAttack needs at least one image.");
        if (m_result.levels.empty() || !(m_result.levels.front().eps > 0))
            throw Error(ErrorCode::Domain, "AutoAttack needs budgets above 0.");
        std::vector<AttackItem> items;
        for (const AutoAttackItem& item : m_items)
            items.push_back({item.image, {item.label, {}, 0}, 0});
        for (const AutoAttackLevel& level : m_result.levels)
            for (const AutoAttackStage& stage : stagesAt(level.eps))
                (void)checkedRequest(*m_classifier, stage.attack, items);
    }

    void warn(Warnings warnings) { std::ranges::move(warnings, std::back_inserter(m_result.warnings)); }

    void judgeClean()
    {
        Evaluator evaluator(m_classifier);
        std::vector<Image> images;
        for (std::size_t first = 0; first < m_items.size() && !m_monitor.stopRequested(); first += chunkSize) {
            images.clear();
            for (const AutoAttackItem& item : m_items.subspan(first, std::min(chunkSize, m_items.size() - first)))
                images.push_back(*item.image);
            const at::Tensor x = tensorFromImages(images);
            if (first == 0)
                warn(modelWarnings(*m_classifier, m_result.version, answersAtRandom(evaluator, x.narrow(0, 0, std::int64_t(std::min(images.size(), checkedImages))))));
            const at::Tensor predicted = evaluator.logits(x).argmax(1).to(at::kCPU);
            for (std::size_t i = 0; i < images.size(); ++i)
                m_result.images[first + i].isCorrect = predicted[std::int64_t(i)].item<std::int64_t>() == m_items[first + i].label;
        }
        m_result.cleanAccuracy = double(std::ranges::count_if(m_result.images, &AutoAttackImage::isCorrect)) / double(m_items.size());
        warn(classWarnings(m_classifier->classes(), stagesAt(m_result.levels.front().eps)));
        if (m_result.norm == Norm::L1 && m_result.version != AutoAttackVersion::Rand)
            m_result.warnings.push_back({"no-square", "Square has no L1 form here, so that stage of AutoAttack is left out."});
        m_result.counts += evaluator.counts();
    }

    [[nodiscard]] std::vector<std::size_t> survivors() const
    {
        std::vector<std::size_t> left;
        for (std::size_t i = 0; i < m_result.images.size(); ++i)
            if (m_result.images[i].isCorrect && !m_result.images[i].fooledAt)
                left.push_back(i);
        return left;
    }

    void runLevel(AutoAttackLevel& level)
    {
        const std::vector<AutoAttackStage> stages = stagesAt(level.eps);
        level.fooledBefore = std::ranges::count_if(m_result.images, [](const AutoAttackImage& image) { return image.fooledAt.has_value(); });
        const auto total = std::int64_t(stages.size() * m_result.levels.size() * m_items.size()) * resolution;
        for (std::size_t i = 0; i < stages.size() && !m_monitor.stopRequested(); ++i) {
            const std::vector<std::size_t> left = survivors();
            // What has left already counts as done.
            m_done += std::int64_t(m_items.size() - left.size()) * resolution;
            if (!left.empty())
                level.stages.push_back(runStage(stages[i], level.eps, left, total));
        }
        level.robustAccuracy = double(survivors().size()) / double(m_items.size());
        level.isComplete = !m_monitor.stopRequested();
        if (level.isComplete)
            warn(runWarnings(level));
    }

    AutoAttackStageResult runStage(const AutoAttackStage& stage, double eps, const std::vector<std::size_t>& left, std::int64_t total)
    {
        std::vector<std::vector<AttackOutcome>> outcomes((left.size() + chunkSize - 1) / chunkSize);
        std::vector<Task> tasks;
        for (std::size_t chunk = 0; chunk < outcomes.size(); ++chunk)
            tasks.push_back([&, chunk] {
                const std::span<const std::size_t> mine(left.data() + chunk * chunkSize, std::min(chunkSize, left.size() - chunk * chunkSize));
                ChunkMonitor monitor(m_monitor, m_done, total, std::int64_t(mine.size()) * resolution);
                outcomes[chunk] = attackChunk(stage, mine, monitor);
            });
        m_monitor.runTogether(tasks);
        AutoAttackStageResult done{.name = stage.name, .attacked = std::int64_t(left.size())};
        for (std::size_t chunk = 0; chunk < outcomes.size(); ++chunk)
            for (std::size_t i = 0; i < outcomes[chunk].size(); ++i)
                collect(done, stage.attack, left[chunk * chunkSize + i], eps, std::move(outcomes[chunk][i]));
        done.robustAccuracy = double(survivors().size()) / double(m_items.size());
        m_result.counts += done.counts;
        return done;
    }

    [[nodiscard]] std::vector<AttackOutcome> attackChunk(const AutoAttackStage& stage, std::span<const std::size_t> images, Monitor& monitor) const
    {
        if (const std::size_t classes = classesLedTo(stage.attack, m_classifier->classes()); classes > 0)
            return attackTowards(stage, images, classes, monitor);
        std::vector<AttackItem> items;
        for (const std::size_t image : images)
            items.push_back(itemOf(image));
        return runAttack(m_classifier, stage.attack, items, monitor);
    }

    [[nodiscard]] AttackItem itemOf(std::size_t image) const
    {
        const AutoAttackItem& item = m_items[image];
        return {item.image, {item.label, {}, 0}, combineSeeds({m_result.seed, item.index})};
    }

    /// Few images are left where these attacks come, and small batches are slow: several classes of an image run beside each
    /// other. The first class that works counts, so results are those of one class after the other; only costs are not.
    [[nodiscard]] std::vector<AttackOutcome> attackTowards(
        const AutoAttackStage& stage, std::span<const std::size_t> images, std::size_t classes, Monitor& monitor) const
    {
        std::vector<AttackOutcome> outcomes(images.size());
        std::vector<std::size_t> open(images.size()); // places in `images`
        std::iota(open.begin(), open.end(), std::size_t(0));
        for (std::size_t first = 0, count = 0; first < classes && !open.empty() && (first == 0 || !monitor.stopRequested()); first += count) {
            count = std::min(std::max<std::size_t>(1, rowsTogether / open.size()), classes - first);
            std::vector<AttackItem> items;
            for (const std::size_t place : open)
                for (std::size_t rival = first; rival < first + count; ++rival) {
                    items.push_back(itemOf(images[place]));
                    items.back().seed = combineSeeds({items.back().seed, rival});
                    items.back().rival = int(rival);
                }
            PartMonitor part(monitor, std::int64_t(first), std::int64_t(count), std::int64_t(classes));
            std::vector<AttackOutcome> found = runAttack(m_classifier, stage.attack, items, part);
            for (std::size_t i = 0; i < open.size(); ++i)
                merge(outcomes[open[i]], std::span(found).subspan(i * count, count), stage.attack);
            std::erase_if(open, [&](std::size_t place) { return isFooled(outcomes[place], stage.attack); });
        }
        return outcomes;
    }

    /// FAB looks for the nearest point, wherever it is; other attacks keep the budget but for the rounding of x0 + delta.
    [[nodiscard]] bool isFooled(const AttackOutcome& outcome, const AttackRequest& attack) const
    {
        return outcome.success && (outcome.eps || outcome.distance->in(m_result.norm) <= attack.parameters.real("goal"));
    }

    /// One image's further classes: what they cost, and the first that fools it.
    void merge(AttackOutcome& outcome, std::span<AttackOutcome> further, const AttackRequest& attack) const
    {
        for (AttackOutcome& each : further) {
            each.counts += outcome.counts;
            each.seconds += outcome.seconds;
            each.steps += outcome.steps;
            each.stopped = each.stopped || outcome.stopped;
            if (outcome.name.empty() || (!isFooled(outcome, attack) && isFooled(each, attack))) {
                outcome = std::move(each);
                continue;
            }
            outcome.counts = each.counts;
            outcome.seconds = each.seconds;
            outcome.steps = each.steps;
            outcome.stopped = each.stopped;
        }
    }

    void collect(AutoAttackStageResult& done, const AttackRequest& attack, std::size_t image, double eps, AttackOutcome outcome)
    {
        done.counts += outcome.counts;
        done.seconds += outcome.seconds;
        done.zeroGradients += std::ranges::any_of(outcome.warnings, [](const Warning& warning) { return warning.code == "zero-gradients"; });
        if (!isFooled(outcome, attack))
            return;
        ++done.fooled;
        m_result.images[image].fooledAt = eps;
        m_result.images[image].stage = done.name;
        m_result.images[image].fool = std::move(outcome);
    }

    static constexpr std::int64_t resolution = 1000;
    std::shared_ptr<const Classifier> m_classifier;
    std::span<const AutoAttackItem> m_items;
    Monitor& m_monitor;
    AutoAttackResult m_result;
    std::atomic<std::int64_t> m_done{0};
};

Json toJson(const AutoAttackLevel& level)
{
    Json stages = Json::array();
    for (const AutoAttackStageResult& stage : level.stages)
        stages.push_back({{"name", stage.name}, {"attacked", stage.attacked}, {"fooled", stage.fooled}, {"robustAccuracy", stage.robustAccuracy},
            {"forwards", stage.counts.forwards}, {"backwards", stage.counts.backwards}, {"seconds", stage.seconds}});
    Json json{{"eps", level.eps}, {"robustAccuracy", level.robustAccuracy}, {"fooledAtSmallerEps", level.fooledBefore}, {"stages", stages}};
    if (!level.isComplete)
        json["stopped"] = true;
    return json;
}

} // namespace

AutoAttackResult runAutoAttack(std::shared_ptr<const Classifier> classifier, const AutoAttackRequest& request,
    std::span<const AutoAttackItem> items, Monitor& monitor)
{
    return Cascade(std::move(classifier), request, items, monitor).run();
}

Json toJson(const AutoAttackResult& result)
{
    Json json{{"norm", normName(result.norm)}, {"version", autoAttackVersionName(result.version)}, {"images", result.images.size()},
        {"cleanAccuracy", result.cleanAccuracy}, {"levels", Json::array()}, {"items", Json::array()}, {"warnings", Json::array()},
        {"cost", {{"forwards", result.counts.forwards}, {"backwards", result.counts.backwards}, {"seconds", result.seconds}}}};
    for (const AutoAttackLevel& level : result.levels)
        json["levels"].push_back(toJson(level));
    for (const AutoAttackImage& image : result.images) {
        Json item{{"correct", image.isCorrect}};
        if (image.fooledAt) {
            item["fooledAt"] = *image.fooledAt;
            item["stage"] = image.stage;
            item["attack"] = toJson(*image.fool);
        }
        json["items"].push_back(item);
    }
    for (const Warning& warning : result.warnings)
        json["warnings"].push_back({{"code", warning.code}, {"text", warning.text}});
    if (result.stopped)
        json["stopped"] = true;
    return json;
}

} // namespace brink
