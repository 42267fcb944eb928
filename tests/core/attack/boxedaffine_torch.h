// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/attack/attackfixtures_torch.h"

#include "core/attack/projection_torch.h"

namespace brink::test {

/// Two affine classes on 8 x 8 images where a third of the pixels is black and a third white, so that the box decides the
/// distance. The truth is the projection onto the boundary inside the box, which has a test of its own against bisection.
struct BoxedAffine {
    std::shared_ptr<const Classifier> model;
    Image image;
    at::Tensor weight; ///< [1,64]
    double margin = 0; ///< of the image

    explicit BoxedAffine(std::uint64_t seed)
    {
        Rng rng(seed);
        std::vector<float> pixels(64), weights(64);
        rng.fillUniform(pixels, 0, 1);
        rng.fillNormal(weights);
        for (std::size_t i = 0; i < pixels.size(); ++i)
            pixels[i] = i % 3 == 0 ? 0.0F : i % 3 == 1 ? 1.0F : pixels[i];
        weight = at::tensor(weights).unsqueeze(0);
        image = makeImage(pixels, 8, 8);
        const at::Tensor bias = 1.5 - (at::tensor(pixels).unsqueeze(0) * weight).sum();
        margin = 1.5;
        model = makeClassifier("boxed affine", {1, 8, 8}, 2, [w = weight, bias](const at::Tensor& x) {
            const at::Tensor value = (x.flatten(1) * w).sum(1) + bias;
            return at::stack({value, at::zeros_like(value)}, 1);
        });
    }

    [[nodiscard]] AttackItem item(double confidence = 0) const { return {&image, {0, {}, confidence}, 1}; }

    [[nodiscard]] double distance(Norm norm) const
    {
        const at::Tensor point = tensorFromImages(std::span(&image, 1)).flatten(1);
        const at::Tensor step = projectOntoHyperplane(point, weight, at::full({1}, margin), norm).step;
        return DistanceMetric(norm).length(step).item<double>();
    }
};

} // namespace brink::test
