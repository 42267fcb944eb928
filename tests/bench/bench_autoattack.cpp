// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Speed of the AutoAttack cascade: processor time of a whole run against what its exact count of forwards and gradients costs in
// the bare loop, which is the same model by LibTorch alone at its best variant and batch size, measured before and after. Beside it what the
// bare loop takes in batches of no more images than a stage begins with: few images are slow for it, too.
//
// bench_autoattack MODEL.pt IMAGES COUNT [NORM EPS]

#include "tests/bench/bareloop_torch.h"

#include "core/attack/autoattack.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/model/torchruntime.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace brink;

namespace {

/// Processor seconds an image.
struct BareCosts {
    double forward = 0;  ///< without a graph
    double gradient = 0; ///< forward and backward

    [[nodiscard]] double of(const EvaluationCounts& counts) const
    {
        // A backward is what a gradient costs beyond its forward.
        return double(counts.forwards) * forward + double(counts.backwards) * (gradient - forward);
    }
};

BareCosts bareCosts(const bench::BareLoop& loop, const at::Tensor& images)
{
    const int count = int(images.size(0));
    BareCosts costs;
    costs.gradient = 1 / bench::imagesPerSecond(count, 0.3, [&] { bench::forwardAndGradients(loop.variant.run, images, 1); });
    const at::NoGradGuard noGrad;
    costs.forward = 1 / bench::imagesPerSecond(count, 0.3, [&] { static_cast<void>(loop.variant.run(images)); });
    return costs;
}

/// @param costsAt of the bare loop in batches of so many images. @return seconds of the bare loop in such batches.
template <typename CostsAt> double printStages(const AutoAttackResult& result, const BareCosts& bare, double cpuShare, CostsAt costsAt)
{
    std::printf("  %-10s %9s %7s %11s %11s %9s %6s %11s\n", "stage", "attacked", "fooled", "forwards", "gradients", "seconds", "ratio", "as few");
    double asFew = 0;
    for (const AutoAttackLevel& level : result.levels)
        for (const AutoAttackStageResult& stage : level.stages) {
            const double seconds = stage.seconds * cpuShare, few = stage.attacked > 0 ? costsAt(stage.attacked).of(stage.counts) : 0;
            asFew += few;
            std::printf("  %-10s %9lld %7lld %11lld %11lld %9.1f %6.2f %11.2f\n", stage.name.c_str(), (long long)stage.attacked, (long long)stage.fooled,
                (long long)stage.counts.forwards, (long long)stage.counts.backwards, seconds, bare.of(stage.counts) / seconds, few / seconds);
        }
    return asFew;
}

void measure(const std::string& path, const std::string& source, int count, Norm norm, double eps)
{
    const auto model = loadClassifier(path);
    const auto dataset = openDataset(source, {});
    std::vector<Image> images;
    for (int i = 0; i < count; ++i)
        images.push_back(prepareImage(dataset->image(i), model->channels(), model->height(), model->width(), model->card().resizeRule).image);
    std::vector<AutoAttackItem> items;
    for (int i = 0; i < count; ++i)
        items.push_back({&images[std::size_t(i)], dataset->label(i).value_or(0), std::uint64_t(i)});
    AutoAttackRequest request;
    request.norm = norm;
    request.eps = {eps};

    std::printf("%s, %d images, %s, eps %s\n", model->card().name.c_str(), count, normName(norm).c_str(), formatReal(eps, 4).c_str());
    const bench::BareLoop loop = bench::measureBareLoop(path, {model->channels(), model->height(), model->width()}, 0.1);
    const at::Tensor pixels = at::rand({loop.batch, model->channels(), model->height(), model->width()});
    PlainMonitor monitor;
    const BareCosts before = bareCosts(loop, pixels);
    const double start = bench::cpuSeconds();
    const AutoAttackResult result = runAutoAttack(model, request, items, monitor);
    const double seconds = bench::cpuSeconds() - start;
    const BareCosts after = bareCosts(loop, pixels);
    const BareCosts bare{(before.forward + after.forward) / 2, (before.gradient + after.gradient) / 2};
    const double asFew = printStages(result, bare, seconds / result.seconds, [&](std::int64_t attacked) {
        return attacked < loop.batch ? bareCosts(loop, pixels.slice(0, 0, attacked)) : bare;
    });
    std::printf("  clean accuracy %.3f, robust accuracy %.3f\n", result.cleanAccuracy, result.levels.back().robustAccuracy);
    std::printf("  %.1f processor seconds; the bare loop needs %.1f for as many evaluations: factor %.3f\n", seconds, bare.of(result.counts),
        seconds / bare.of(result.counts));
    std::printf("  in batches of no more images than each stage begins with it needs %.1f: factor %.3f\n", asFew, seconds / asFew);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4 && argc != 6) {
        std::fprintf(stderr, "bench_autoattack MODEL.pt IMAGES COUNT [NORM EPS]\n");
        return 2;
    }
    configureTorch(1, 1);
    try {
        measure(argv[1], argv[2], std::atoi(argv[3]), argc > 4 ? normFromName(argv[4]) : Norm::Linf, argc > 5 ? std::atof(argv[5]) : 8.0 / 255);
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
