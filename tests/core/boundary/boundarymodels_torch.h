// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/rng.h"
#include "core/model/classifier_torch.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace brink::test {

/// Classifiers of grey 4 x 4 images (d = 16) whose boundaries are known in closed form; rows keep their bits in any batch.

inline constexpr int toySide = 4;
inline constexpr int toyDimension = toySide * toySide;

inline Image toyImage(std::vector<float> pixels) { return {1, toySide, toySide, std::move(pixels), "made by the test", {}}; }
inline Image flatToyImage(float value) { return toyImage(std::vector<float>(toyDimension, value)); }

/// Two classes, f_0 = F(x), f_1 = 0, from F: [N,d] -> [N].
inline std::shared_ptr<const Classifier> twoClasses(std::function<at::Tensor(const at::Tensor&)> difference, bool isSmooth = true, int side = toySide)
{
    return makeClassifier("toy", {1, side, side}, 2,
        [difference = std::move(difference)](const at::Tensor& x) {
            const at::Tensor value = difference(x.flatten(1));
            return at::stack({value, at::zeros_like(value)}, 1);
        },
        isSmooth);
}

/// C1 of the handbook: F = s (R^2 - |x - c|^2), c the grey image 0.5. The own region is a ball.
inline std::shared_ptr<const Classifier> ballModel(double radius, double scale = 1)
{
    return twoClasses([=](const at::Tensor& x) { return scale * (radius * radius - (x - 0.5).square().sum(1)); });
}

/// C2: F = s (x_0 - 0.5 - sum_i kappa_i (x_i - 0.5)^2 / 2), i = 1 ... d - 1; at the grey image 0.5 the curvatures are -kappa_i.
inline std::shared_ptr<const Classifier> paraboloidModel(const std::vector<double>& kappa, double scale = 1)
{
    at::Tensor weights = at::zeros({toyDimension});
    for (std::size_t i = 0; i < kappa.size(); ++i)
        weights[std::int64_t(i) + 1] = kappa[i] / 2;
    return twoClasses([=](const at::Tensor& x) {
        const at::Tensor centred = x - 0.5;
        return scale * (centred.select(1, 0) - (centred.square() * weights).sum(1));
    });
}

/// C3: F = w.x - b.
inline std::shared_ptr<const Classifier> halfSpaceModel()
{
    at::Tensor weights = at::empty({toyDimension});
    Rng(5).fillNormal({weights.data_ptr<float>(), std::size_t(toyDimension)});
    return twoClasses([=](const at::Tensor& x) { return (x * weights).sum(1) - 0.45 * weights.sum(); });
}

} // namespace brink::test
