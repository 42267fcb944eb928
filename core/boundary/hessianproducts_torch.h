// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/curvature.h"
#include "core/model/classifier_torch.h"

#include <optional>

namespace brink {

/// Products of the Hessian of F = f_own - f_other at a point z with many directions at once, in batches of the model's best size.
/// d: pixel values, m: directions.
class HessianProducts {
public:
    /// @param z [C,H,W]. @param reach h, pixel units: differences only.
    HessianProducts(Evaluator& evaluator, const at::Tensor& z, std::int64_t own, std::int64_t other, CurvatureMethod method, double reach);

    /// H v for unit rows v [m,d] of doubles on the CPU; as are the products. Differences: (grad F(z + h v) - grad F(z - h v)) / 2h.
    /// Points outside the pixel box are asked, too: the model is a function of all of space. Absent when stopped.
    [[nodiscard]] std::optional<at::Tensor> times(const at::Tensor& directions, Monitor& monitor);

    /// The same for one direction [d].
    void times(std::span<const double> direction, std::span<double> product);

private:
    [[nodiscard]] at::Tensor differences(const at::Tensor& directions);
    [[nodiscard]] at::Tensor secondBackward(const at::Tensor& directions);
    [[nodiscard]] at::Tensor gradients(const at::Tensor& points);

    Evaluator& m_evaluator;
    at::Tensor m_z; ///< [1,C,H,W] on the device
    std::int64_t m_own, m_other;
    CurvatureMethod m_method;
    double m_reach;
    // Double backward: the gradient of m_points copies of z, kept for the next batch of as many directions.
    at::Tensor m_copies, m_gradient;
};

/// v^T H v for rows v and their products, [m].
[[nodiscard]] at::Tensor quadraticForms(const at::Tensor& directions, const at::Tensor& products);

} // namespace brink
