// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What a study costs beside the bare loops that it cannot do without: models x images x (I-FGSM of 10 and of 30 steps, C&W of
// 200 steps, all shown to all models). The units' forwards and gradients are counted by the result file itself; the bare
// time is what LibTorch alone needs for as many, model by model, at its best variant and batch. Processor time, one
// thread. With --workers 2 the same study runs again on two threads, by the clock, beside the ratio that two bare loops reach.
//
// bench_study [--images N] [--workers 2] IMAGES MODEL...

#include "tests/bench/bareloop_torch.h"

#include "core/base/error.h"
#include "core/model/classifier.h"
#include "core/model/torchruntime.h"
#include "core/store/studyfile.h"
#include "core/store/studyreading.h"
#include "core/store/studyrun.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <thread>

using namespace brink;

namespace {

struct Settings {
    int images = 200;
    bool twoWorkers = false;
    std::string source;
    std::vector<std::string> models;
};

double wallSeconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// So many threads for everything that can be split.
class Lanes : public PlainMonitor {
public:
    explicit Lanes(int lanes) : m_lanes(lanes) {}
    [[nodiscard]] int lanes() const override { return m_lanes; }
    void runTogether(std::span<const Task> tasks) override
    {
        if (m_isSplit.exchange(true))
            return PlainMonitor::runTogether(tasks);
        std::atomic<std::size_t> next{0};
        const auto work = [&] {
            for (std::size_t i = next++; i < tasks.size(); i = next++)
                tasks[i]();
        };
        std::vector<std::thread> others;
        for (int i = 1; i < m_lanes; ++i)
            others.emplace_back(work);
        work();
        for (std::thread& other : others)
            other.join();
        m_isSplit = false;
    }

private:
    int m_lanes;
    std::atomic<bool> m_isSplit{false};
};

Study studyOf(const Settings& settings)
{
    Json json{{"name", "bench"}, {"models", settings.models}, {"images", settings.source + "#0:" + std::to_string(settings.images)}};
    json["analyses"].push_back({{"attack", "bim"}, {"set", {{"eps", 0.03}, {"steps", {10, 30}}}}, {"transfers", true}});
    json["analyses"].push_back({{"attack", "cw"}, {"set", {{"searches", 1}, {"steps", 200}}}, {"transfers", true}});
    return studyFromJson(json, {});
}

struct Cost {
    double forwards = 0;  ///< beyond those of the gradients
    double gradients = 0; ///< each with its forward
};

/// By model name, those of a transfer to the model that looks.
std::map<std::string, Cost> costsIn(const std::string& path)
{
    std::map<std::string, Cost> costs;
    const StudyFile file(path);
    for (const auto& [slot, key] : file.keys()) {
        const auto unit = file.unit(slot);
        Cost& cost = costs[slot.kind == UnitKind::Transfer ? slot.target : slot.model];
        cost.gradients += double(unit->backwards);
        cost.forwards += double(unit->forwards - unit->backwards);
    }
    return costs;
}

/// Where the time of a run on one thread went, as its units say.
void printParts(const std::string& path, double total)
{
    const StudyFile file(path);
    std::map<UnitKind, double> seconds;
    double units = 0;
    for (const auto& [slot, key] : file.keys()) {
        const double each = file.unit(slot)->seconds;
        seconds[slot.kind] += each;
        units += each;
    }
    std::printf("by the clock: predictions %.1f s, attacks %.1f s, transfers %.1f s, opening models and images and writing %.1f s\n",
        seconds[UnitKind::Clean], seconds[UnitKind::Attack], seconds[UnitKind::Transfer], total - units);
}

double bareSeconds(const Settings& settings, const Study& study, const std::map<std::string, Cost>& costs)
{
    double seconds = 0;
    for (std::size_t i = 0; i < settings.models.size(); ++i) {
        const auto model = loadClassifier(settings.models[i]);
        const bench::BareLoop bare = bench::measureBareLoop(settings.models[i], {model->channels(), model->height(), model->width()}, 0.2);
        const at::Tensor images = at::rand({bare.batch, model->channels(), model->height(), model->width()});
        const at::NoGradGuard noGrad;
        const double forwards = bench::imagesPerSecond(bare.batch, 0.2, [&] { static_cast<void>(bare.variant.run(images)); });
        const Cost& cost = costs.at(study.models[i].name);
        seconds += cost.gradients / bare.gradientsPerSecond + cost.forwards / forwards;
        std::printf("%-32s %9.0f gradients at %.0f/s, %8.0f forwards at %.0f/s\n", study.models[i].name.c_str(), cost.gradients,
            bare.gradientsPerSecond, cost.forwards, forwards);
        std::fflush(stdout);
    }
    return seconds;
}

/// How much more two bare loops get done than one, by the clock: what this machine allows.
double hardwareRatio(const std::string& path)
{
    const auto model = loadClassifier(path);
    const auto variant = bench::bareVariants(path)[1];
    const auto loops = [&](int threads) {
        std::atomic<std::int64_t> done{0};
        const double end = wallSeconds() + 3;
        std::vector<std::thread> running;
        for (int i = 0; i < threads; ++i)
            running.emplace_back([&] {
                const at::Tensor images = at::rand({64, model->channels(), model->height(), model->width()});
                while (wallSeconds() < end) {
                    bench::forwardAndGradients(variant.run, images, 1);
                    ++done;
                }
            });
        for (std::thread& thread : running)
            thread.join();
        return double(done);
    };
    const double one = loops(1);
    return loops(2) / one;
}

void runBench(const Settings& settings)
{
    const QTemporaryDir folder;
    const Study study = studyOf(settings);
    const auto timed = [&](const char* name, int lanes) {
        Lanes monitor(lanes);
        const double cpu = bench::cpuSeconds(), wall = wallSeconds();
        const StudyRunEnd end = runStudy(folder.filePath(QLatin1String(name)).toStdString(), study, {}, monitor);
        for (const std::string& failure : end.failures)
            std::printf("%s\n", failure.c_str());
        return std::pair(bench::cpuSeconds() - cpu, wallSeconds() - wall);
    };
    const auto [cpu, wall] = timed("one.brink", 1);
    printParts(folder.filePath(QStringLiteral("one.brink")).toStdString(), wall);
    const double bare = bareSeconds(settings, study, costsIn(folder.filePath(QStringLiteral("one.brink")).toStdString()));
    std::printf("%zu models x %d images: %.1f s of processor time, bare loops %.1f s, ratio %.2f\n", settings.models.size(),
        settings.images, cpu, bare, cpu / bare);
    if (settings.twoWorkers) {
        const double hardware = hardwareRatio(settings.models.front());
        std::printf("two workers: %.2f times one by the clock; two bare loops on this machine: %.2f times one\n",
            wall / timed("two.brink", 2).second, hardware);
    }
}

Settings settingsFrom(const QStringList& arguments)
{
    Settings settings;
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        if (arguments[i] == QLatin1String("--images") && i + 1 < arguments.size())
            settings.images = arguments[++i].toInt();
        else if (arguments[i] == QLatin1String("--workers") && i + 1 < arguments.size())
            settings.twoWorkers = arguments[++i].toInt() > 1;
        else if (settings.source.empty())
            settings.source = arguments[i].toStdString();
        else
            settings.models.push_back(arguments[i].toStdString());
    }
    if (settings.models.empty() || settings.images < 1)
        throw Error(ErrorCode::Usage, "bench_study [--images N] [--workers 2] IMAGES MODEL...");
    return settings;
}

} // namespace

int main(int count, char** arguments)
{
    const QCoreApplication application(count, arguments);
    try {
        configureTorch(1, 1);
        runBench(settingsFrom(QCoreApplication::arguments()));
        return 0;
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return error.code() == ErrorCode::Usage ? 2 : 1;
    }
}
