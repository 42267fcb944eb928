// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What a certified radius costs: processor time of an image as a multiple of one forward plus gradient of the same model by
// LibTorch alone at its best variant and batch size, measured before and after.
//
// bench_certify MODEL.pt IMAGES COUNT [NORM]

#include "tests/bench/bareloop_torch.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certify/certify.h"
#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/model/torchruntime.h"
#include "core/stats/summary.h"

#include <cstdio>
#include <cstdlib>

using namespace brink;

namespace {

struct Cost {
    std::vector<double> radii, gradients; ///< of each image; gradients: time in bare ones
    double balls = 0;
};

Cost costOf(const CertifyRequest& request, const std::vector<Image>& images, double secondsPerGradient)
{
    Cost cost;
    for (const Image& image : images) {
        CertifyRequest one = request;
        one.images = {image};
        PlainMonitor monitor;
        const double start = bench::cpuSeconds();
        const CertifyResult result = runCertify(one, monitor).front();
        cost.gradients.push_back((bench::cpuSeconds() - start) / secondsPerGradient);
        cost.radii.push_back(result.radius.value_or(0));
        cost.balls += result.balls;
    }
    return cost;
}

void measure(const std::string& path, const std::string& source, int count, Norm norm)
{
    const auto classifier = loadClassifier(path);
    const auto dataset = openDataset(source, {});
    std::vector<Image> images;
    for (int i = 0; i < count; ++i)
        images.push_back(prepareImage(dataset->image(i), classifier->channels(), classifier->height(), classifier->width(), classifier->card().resizeRule).image);
    std::printf("%s, %d images, %s, tolerance 0.01\n", classifier->card().name.c_str(), count, normName(norm).c_str());
    const bench::BareLoop loop = bench::measureBareLoop(path, {classifier->channels(), classifier->height(), classifier->width()}, 0.1);
    CertifyRequest request;
    request.model = std::make_shared<const CertifiableModel>(classifier);
    request.norm = norm;
    request.tolerance = 0.01;
    std::printf("  %-12s %14s %18s %12s %16s\n", "method", "median radius", "median cost", "balls", "cost of a ball");
    for (const CertifyMethod method : certifyMethods()) {
        request.method = method;
        const Cost cost = costOf(request, images, 1 / loop.gradientsPerSecond);
        const double balls = cost.balls / double(images.size());
        std::printf("  %-12s %14s %8s gradients %12s %6s gradients\n", certifyMethodName(method).c_str(), formatReal(median(cost.radii), 3).c_str(),
            formatReal(median(cost.gradients), 3).c_str(), formatReal(balls, 3).c_str(), formatReal(median(cost.gradients) / balls, 3).c_str());
        std::fflush(stdout);
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4 && argc != 5) {
        std::fprintf(stderr, "bench_certify MODEL.pt IMAGES COUNT [NORM]\n");
        return 2;
    }
    configureTorch(1, 1);
    try {
        measure(argv[1], argv[2], std::atoi(argv[3]), argc > 4 ? normFromName(argv[4]) : Norm::Linf);
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
