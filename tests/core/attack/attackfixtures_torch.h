// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack_torch.h"

#include <array>
#include <atomic>
#include <cmath>
#include <memory>
#include <vector>

namespace brink::test {

/// The affine reference model of the project: d = 4, K = 3, every distance known in closed form. `offset` is added to
/// all logits and `scale` multiplies them; neither moves a boundary.
inline std::shared_ptr<const Classifier> affineModel(double offset = 0, double scale = 1)
{
    const at::Tensor weight = at::tensor({1.0F, 2.0F, -1.0F, 0.5F, 0.0F, -1.0F, 1.0F, 0.5F, -1.0F, 0.5F, 0.5F, 1.0F}).view({1, 3, 4});
    const at::Tensor bias = at::tensor({0.1F, 0.0F, -0.2F});
    return makeClassifier("affine", {1, 2, 2}, 3, [=](const at::Tensor& x) {
        // Products summed along one axis, so that a row's bits do not depend on the batch as a gemm's would.
        return ((x.flatten(1).unsqueeze(1) * weight).sum(2) + bias) * scale + offset;
    });
}

inline Image makeImage(std::vector<float> pixels, int height, int width, std::string source = "made by the test")
{
    Image image;
    image.channels = 1;
    image.height = height;
    image.width = width;
    image.pixels = std::move(pixels);
    image.source = std::move(source);
    return image;
}

inline Image affineImage() { return makeImage({0.6F, 0.4F, 0.5F, 0.5F}, 2, 2); }

/// True distance of affineImage() to leave class 0 (target absent) or to become class 1 or 2; the box is inactive. Leaving
/// means becoming class 1. On the boundary of 0 and 2 nearest to the image class 1 leads, so target 2 ends where all
/// three meet: L2 from the two active half-spaces, Linf and L1 from the dual linear programs, by hand.
inline double affineDistance(Norm norm, std::optional<std::int64_t> target = {})
{
    const bool isSecond = target == 2;
    switch (norm) {
    case Norm::L0: return 1;
    case Norm::L1: return isSecond ? 0.55 : 0.3;
    case Norm::L2: return isSecond ? std::sqrt(5.2175 / 32.25) : 0.9 / std::sqrt(14.0);
    case Norm::Linf: return isSecond ? 0.26 : 0.15;
    }
    return 0;
}

/// A net with one hidden layer on 8 x 8 images, K = 5, weights from a seed; rows keep their bits in any batch. `images`,
/// when given, counts the rows of every forward.
inline std::shared_ptr<const Classifier> reluNet(std::uint64_t seed, std::shared_ptr<std::atomic<std::int64_t>> images = {})
{
    const auto matrix = [&, rng = std::make_shared<Rng>(seed)](std::int64_t rows, std::int64_t columns) {
        const at::Tensor values = at::empty({1, rows, columns});
        rng->fillNormal({values.data_ptr<float>(), std::size_t(values.numel())});
        return values / std::sqrt(double(columns));
    };
    const at::Tensor first = matrix(24, 64) * 4, second = matrix(5, 24) * 4;
    return makeClassifier("relu net", {1, 8, 8}, 5, [=](const at::Tensor& x) {
        if (images)
            *images += x.size(0);
        const at::Tensor hidden = ((x.flatten(1).unsqueeze(1) - 0.5) * first).sum(2).relu();
        return (hidden.unsqueeze(1) * second).sum(2);
    });
}

inline std::vector<Image> randomImages(std::uint64_t seed, int count)
{
    std::vector<Image> images;
    Rng rng(seed);
    for (int i = 0; i < count; ++i) {
        std::vector<float> pixels(64);
        rng.fillUniform(pixels, 0, 1);
        images.push_back(makeImage(std::move(pixels), 8, 8, "random image " + std::to_string(i)));
    }
    return images;
}

/// One item for each image, defending the class predicted; seeds by index.
inline std::vector<AttackItem> itemsFor(const std::shared_ptr<const Classifier>& classifier, std::span<const Image> images)
{
    Evaluator evaluator(classifier);
    const at::Tensor predicted = evaluator.logits(tensorFromImages(images)).argmax(1);
    std::vector<AttackItem> items;
    for (std::size_t i = 0; i < images.size(); ++i)
        items.push_back({&images[i], {predicted[std::int64_t(i)].item<std::int64_t>(), {}, 0}, combineSeeds({9, i})});
    return items;
}

inline AttackRequest requestFor(const std::string& name, Norm norm, std::vector<std::string> settings = {})
{
    AttackRequest request;
    request.name = name;
    request.norm = norm;
    request.parameters = Params(attackInfo(name).parameters);
    for (const std::string& setting : settings)
        request.parameters.assign(setting);
    return request;
}

/// Enough iterations to be near the best on small models; C&W and EAD repeat them for every constant.
inline AttackRequest solidRequestFor(const std::string& name, Norm norm)
{
    AttackRequest request = requestFor(name, norm);
    const std::vector<std::pair<const char*, long long>> caps{{"steps", 250}, {"searches", 7}, {"restarts", 1}, {"directions", 32}};
    for (const auto& [key, value] : caps)
        if (request.parameters.contains(key) && request.parameters.integer(key) > value)
            request.parameters.set(key, value);
    // The survey's logit loss is not the way to the nearest boundary.
    if (name == "bim-search")
        request.parameters.set("loss", std::string("margin"));
    return request;
}

/// The same with few iterations, for tests of behaviour rather than of strength.
inline AttackRequest shortRequestFor(const std::string& name, Norm norm)
{
    AttackRequest request = requestFor(name, norm);
    const std::vector<std::pair<const char*, long long>> caps{
        {"steps", 25}, {"searches", 3}, {"restarts", 2}, {"directions", 40}, {"attempts", 4}, {"queries", 60}, {"evaluations", 20}};
    for (const auto& [key, value] : caps)
        if (request.parameters.contains(key))
            request.parameters.set(key, value);
    return request;
}

inline std::vector<AttackOutcome> run(const std::shared_ptr<const Classifier>& classifier, const AttackRequest& request,
    std::span<const AttackItem> items)
{
    PlainMonitor monitor;
    return runAttack(classifier, request, items, monitor);
}

} // namespace brink::test
