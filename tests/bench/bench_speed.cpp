// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Speed of the methods as ratios to the bare loop: forward plus input gradient of the same model by LibTorch alone, at its
// best variant and batch size. Both are measured in processor time of the process, alternately, and the median of the
// rounds is printed, so that the ratio means the same on a busy machine. An attack's units are the gradients it asked for;
// its other forwards (clean image, confirmation, final search) and everything else it does count against it.
//
// bench_speed [--models DIR] [--only WORD] [--smoke]      rows that contain the word; DIR holds cifar10_resnet20.pt, mnist_smallcnn_trades.pt, mnist_fc_256x4.pt

#include "tests/bench/bareloop_torch.h"

#include "core/attack/attack.h"
#include "core/base/error.h"
#include "core/boundary/curvature.h"
#include "core/clever/clever.h"
#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>

using namespace brink;

namespace {

struct Settings {
    std::vector<std::string> models;
    double secondsEach = 0.1; ///< of one measurement of the bare loop
    int cleverBatches = 6;
    int attackSteps = 100;
    int searches = 5; ///< of C&W, each of as many steps
    int rounds = 7;
    int fewestRounds = 3;
    std::string only; ///< rows whose name contains it
    double secondsOfAMethod = 10; ///< after which there are no more than the fewest rounds
};

/// Work and processor time of one run of a method.
struct Run {
    double units = 0; ///< what the ratio is about: gradients or samples
    double seconds = 0;
};

/// Alternates the bare loop and the method and prints the median of their ratios.
void printRatio(const char* name, const Settings& settings, const std::function<double()>& bareRate, const std::function<Run()>& method)
{
    if (std::string(name).find(settings.only) == std::string::npos)
        return;
    std::vector<std::pair<double, double>> ratios; // ratio, rate
    const double start = bench::cpuSeconds();
    double before = bareRate();
    for (int round = 0; round < settings.rounds; ++round) {
        const Run run = method();
        const double rate = run.units / run.seconds;
        const double after = bareRate();
        ratios.emplace_back(2 * rate / (before + after), rate);
        before = after;
        if (round + 1 >= settings.fewestRounds && bench::cpuSeconds() - start > settings.secondsOfAMethod)
            break;
    }
    std::ranges::sort(ratios);
    const auto [ratio, rate] = ratios[ratios.size() / 2];
    std::printf("  %-34s %9.0f/s  ratio %.2f (%.2f to %.2f)\n", name, rate, ratio, ratios.front().first, ratios.back().first);
    std::fflush(stdout);
}

double secondsOf(const std::function<void()>& work)
{
    const double start = bench::cpuSeconds();
    work();
    return bench::cpuSeconds() - start;
}

Run cleverRun(const std::shared_ptr<const Classifier>& classifier, const Image& image, const Settings& settings, CleverTargets targets)
{
    CleverRequest request;
    request.batches = settings.cleverBatches;
    request.targets = targets;
    PlainMonitor monitor;
    CleverResult result;
    const double seconds = secondsOf([&] { result = computeClever(classifier, image, request, monitor); });
    return {double(targets == CleverTargets::All ? result.counts.forwards : result.counts.backwards), seconds};
}

/// Lanczos of so many steps at a made-up boundary point; units are all gradients it asked for.
Run curvatureRun(const std::shared_ptr<const Classifier>& classifier, const Image& image, int steps)
{
    BoundaryPoint point;
    point.point = image;
    point.other = 1;
    point.distance = 0.3;
    point.gradientNorm = 1;
    const at::Tensor normal = at::randn({std::int64_t(image.size())});
    const at::Tensor unit = (normal / normal.norm()).contiguous();
    point.normal.assign(unit.data_ptr<float>(), unit.data_ptr<float>() + unit.numel());
    CurvatureRequest request;
    request.method = CurvatureMethod::Difference;
    request.lanczosSteps = steps;
    request.tolerance = 0; // never settled: all steps are taken
    request.directions = 1;
    request.probes = 2;
    request.scales = {};
    PlainMonitor monitor;
    CurvatureResult result;
    const double seconds = secondsOf([&] { result = computeCurvature(classifier, point, request, monitor); });
    return {double(result.counts.backwards), seconds};
}

/// Units are gradients, or forwards of an attack that asks for none.
Run attackRun(const std::shared_ptr<const Classifier>& classifier, const char* name, Norm norm, const std::vector<Image>& images,
    const std::vector<std::int64_t>& references, const Settings& settings)
{
    AttackRequest request{name, norm, Params(attackInfo(name).parameters), false, false};
    for (const char* key : {"steps", "queries"})
        if (request.parameters.contains(key))
            request.parameters.set(key, ParamValue(std::int64_t(settings.attackSteps)));
    if (request.parameters.contains("searches"))
        request.parameters.set("searches", ParamValue(std::int64_t(settings.searches)));
    if (request.parameters.contains("evaluations")) // about as many forwards as other attacks make in all their steps
        request.parameters.set("steps", ParamValue(std::int64_t(std::max(1, settings.attackSteps / 50))));
    // All steps on all images: what a step costs, not how soon images leave.
    if (request.parameters.contains("stop-at-success"))
        request.parameters.set("stop-at-success", false);
    if (request.parameters.contains("queries"))
        request.parameters.set("eps", 1e-4);
    std::vector<AttackItem> items(images.size());
    for (std::size_t i = 0; i < items.size(); ++i)
        items[i] = {&images[i], {references[i], {}, 0}, i};
    PlainMonitor monitor;
    std::vector<AttackOutcome> outcomes;
    const double seconds = secondsOf([&] { outcomes = runAttack(classifier, request, items, monitor); });
    double units = 0;
    for (const AttackOutcome& outcome : outcomes)
        units += double(outcome.counts.backwards > 0 ? outcome.counts.backwards : outcome.counts.forwards);
    return {units, seconds};
}

void benchModel(const std::string& path, const Settings& settings)
{
    if (!std::filesystem::exists(path)) {
        std::printf("%s is not there, left out\n", path.c_str());
        return;
    }
    const auto classifier = loadClassifier(path);
    const std::array input{classifier->channels(), classifier->height(), classifier->width()};
    std::printf("%s (%lld parameters)\n", classifier->card().name.c_str(), static_cast<long long>(classifier->parameterCount()));
    const bench::BareLoop bare = bench::measureBareLoop(path, input, settings.secondsEach);
    std::printf("  best: %s at %d\n", bare.variant.name.c_str(), bare.batch);

    const at::Tensor bareImages = at::rand({bare.batch, input[0], input[1], input[2]});
    const auto bareRate = [&](int backwards) {
        return bench::imagesPerSecond(bare.batch, settings.secondsEach / 2,
            [&] { bench::forwardAndGradients(bare.variant.run, bareImages, backwards); });
    };
    const auto oneGradient = [&] { return bareRate(1); };

    const int batch = classifier->bestBatch();
    const at::Tensor ownImages = at::rand({batch, input[0], input[1], input[2]});
    const bench::Model own = [&](const at::Tensor& x) { return classifier->impl().logits(x); };
    printRatio(("classifier at its batch of " + std::to_string(batch)).c_str(), settings, oneGradient, [&] {
        const double rate = bench::imagesPerSecond(batch, settings.secondsEach / 2, [&] { bench::forwardAndGradients(own, ownImages, 1); });
        return Run{rate, 1.0};
    });

    std::vector<Image> images;
    const at::Tensor pixels = at::rand({64, input[0], input[1], input[2]});
    const at::Tensor predicted = Evaluator(classifier).logits(pixels).argmax(1);
    std::vector<std::int64_t> references;
    for (std::int64_t i = 0; i < pixels.size(0); ++i) {
        images.push_back(imageFromTensor(pixels[i]));
        references.push_back(predicted[i].item<std::int64_t>());
    }
    const auto forwardOnly = [&] {
        const at::NoGradGuard noGrad;
        return bench::imagesPerSecond(bare.batch, settings.secondsEach / 2, [&] { (void)bare.variant.run(bareImages); });
    };
    for (const auto& [name, norm] : {std::pair{"pgd", Norm::Linf}, std::pair{"ddn", Norm::L2}, std::pair{"fmn", Norm::L2}, std::pair{"cw", Norm::L2},
             std::pair{"apgd", Norm::Linf}, std::pair{"apgd", Norm::L2}, std::pair{"apgd", Norm::L1}, std::pair{"pdpgd", Norm::L2},
             std::pair{"pdpgd", Norm::L1}, std::pair{"pdpgd", Norm::Linf}, std::pair{"sigma-zero", Norm::L0}})
        printRatio((std::string(name) + " " + normName(norm) + ", 64 images: gradients").c_str(), settings, oneGradient,
            [&, attack = name, kind = norm] { return attackRun(classifier, attack, kind, images, references, settings); });
    for (const char* name : {"square", "hop-skip-jump"})
        for (const Norm norm : {Norm::Linf, Norm::L2})
            printRatio((std::string(name) + " " + normName(norm) + ", 64 images: forwards").c_str(), settings, forwardOnly,
                [&, attack = name, kind = norm] { return attackRun(classifier, attack, kind, images, references, settings); });
    // Each product of Lanczos needs the one before: no more than the two points of a difference can go together.
    constexpr int lanczosSteps = 60;
    const at::Tensor pair = at::rand({2, input[0], input[1], input[2]});
    printRatio("Lanczos, 60 steps: against pairs", settings,
        [&] { return bench::imagesPerSecond(2, settings.secondsEach / 2, [&] { bench::forwardAndGradients(bare.variant.run, pair, 1); }); },
        [&] { return curvatureRun(classifier, images[0], lanczosSteps); });
    printRatio("Lanczos, 60 steps: gradients", settings, oneGradient, [&] { return curvatureRun(classifier, images[0], lanczosSteps); });
    printRatio("CLEVER, one target: gradients", settings, oneGradient,
        [&] { return cleverRun(classifier, images[0], settings, CleverTargets::Top2); });
    printRatio("CLEVER, all targets: samples", settings, [&] { return bareRate(classifier->classes()); },
        [&] { return cleverRun(classifier, images[0], settings, CleverTargets::All); });
}

Settings settingsFrom(int count, char** arguments)
{
    Settings settings;
    settings.models = {BRINK_EXAMPLE_FOLDER "/cnn.pt"};
    for (int i = 1; i < count; ++i) {
        if (std::strcmp(arguments[i], "--smoke") == 0) {
            settings.secondsEach = 0.002;
            settings.cleverBatches = 4;
            settings.attackSteps = 2;
            settings.rounds = settings.fewestRounds = 1;
        } else if (std::strcmp(arguments[i], "--only") == 0 && i + 1 < count) {
            settings.only = arguments[++i];
        } else if (std::strcmp(arguments[i], "--models") == 0 && i + 1 < count) {
            const std::filesystem::path folder = arguments[++i];
            for (const char* name : {"cifar10_resnet20.pt", "mnist_smallcnn_trades.pt", "mnist_fc_256x4.pt"})
                settings.models.push_back((folder / name).string());
        } else {
            throw Error(ErrorCode::Usage, std::string("Unknown argument \"") + arguments[i] + "\"; use [--models DIR] [--only WORD] [--smoke].");
        }
    }
    return settings;
}

} // namespace

int main(int count, char** arguments)
{
    try {
        configureTorch(1, 1);
        const Settings settings = settingsFrom(count, arguments);
        const TorchRuntimeInfo runtime = torchRuntimeInfo();
        std::printf("LibTorch %s, %s, one thread; processor time, ratio 1 is the bare loop\n", runtime.version.c_str(), runtime.blas.c_str());
        for (const std::string& model : settings.models)
            benchModel(model, settings);
        return 0;
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return error.code() == ErrorCode::Usage ? 2 : 1;
    }
}
