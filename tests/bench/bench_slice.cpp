// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Speed of decision slices: processor time of a whole 256 x 256 picture against as many bare forwards of the same model by
// LibTorch alone, at its best variant and batch size, measured alternately; what refining only near boundaries saves; and how
// long the first 32 x 32 picture takes on the wall clock.
//
// bench_slice MODEL.pt IMAGES [SIZE]

#include "tests/bench/bareloop_torch.h"

#include "core/base/error.h"
#include "core/boundary/slice.h"
#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/model/torchruntime.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace brink;

namespace {

constexpr int rounds = 3;

/// Processor seconds of one bare forward, at the fastest variant and batch.
struct BareForward {
    bench::Variant variant;
    at::Tensor images;
    double seconds = 1e9;
};

BareForward bestForward(const std::string& path, const Classifier& model)
{
    const at::NoGradGuard noGrad;
    BareForward best;
    for (const bench::Variant& variant : bench::bareVariants(path))
        for (const int batch : {8, 16, 32, 64, 128, 256}) {
            const at::Tensor images = at::rand({batch, model.channels(), model.height(), model.width()});
            const double seconds = 1 / bench::imagesPerSecond(batch, 0.1, [&] { static_cast<void>(variant.run(images)); });
            if (seconds < best.seconds)
                best = {variant, images, seconds};
        }
    return best;
}

double secondsOf(const BareForward& bare, int count)
{
    const at::NoGradGuard noGrad;
    const double start = bench::cpuSeconds();
    for (int done = 0; done < count; done += int(bare.images.size(0)))
        static_cast<void>(bare.variant.run(bare.images));
    return bench::cpuSeconds() - start;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void measure(const std::string& path, const std::string& images, int size)
{
    const auto model = loadClassifier(path);
    const Image image = prepareImage(openDataset(images, {})->image(0), model->channels(), model->height(), model->width(), model->card().resizeRule).image;
    SliceRequest request;
    request.model = model;
    request.plane = gradientPlane(model, image, Norm::L2, false, 1);
    request.frame = suggestedFrame(request.plane);
    request.resolution = size;
    PlainMonitor monitor;
    const BareForward bare = bestForward(path, *model);
    std::printf("%s: bare forward %s, batch %d: %.1f us\n", model->card().name.c_str(), bare.variant.name.c_str(), int(bare.images.size(0)), 1e6 * bare.seconds);
    std::vector<double> ratios, firsts;
    SliceResult refined;
    for (int round = 0; round < rounds; ++round) {
        const double before = secondsOf(bare, size * size);
        request.computesAll = true;
        double start = bench::cpuSeconds();
        static_cast<void>(computeSlice(request, monitor));
        const double whole = bench::cpuSeconds() - start;
        ratios.push_back(whole / ((before + secondsOf(bare, size * size)) / 2));
        request.computesAll = false;
        const auto begin = std::chrono::steady_clock::now();
        bool isFirst = true;
        refined = computeSlice(request, monitor, [&](const auto&) {
            if (std::exchange(isFirst, false))
                firsts.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        });
    }
    std::printf("  all of %d x %d points: %.3f times as many bare forwards\n", size, size, median(ratios));
    std::printf("  refined: %.1f %% of the points, %lld forwards, factor %.1f\n", 100 * refined.computedShare, (long long)refined.counts.forwards,
        double(size) * size / double(refined.counts.forwards));
    std::printf("  first %d x %d picture after %.0f ms\n", request.coarsest, request.coarsest, 1e3 * median(firsts));
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "bench_slice MODEL.pt IMAGES [SIZE]\n");
        return 2;
    }
    configureTorch(1, 1);
    try {
        measure(argv[1], argv[2], argc > 3 ? std::atoi(argv[3]) : 256);
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
