// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace brink {

/// Adam (Kingma and Ba 2015, arXiv 1412.6980) with its usual constants, every image [n,...] at the same step.
class Adam {
public:
    explicit Adam(const at::Tensor& like);

    /// The variables after one more step down these gradients. @param stepSize [n].
    [[nodiscard]] at::Tensor stepped(const at::Tensor& variables, const at::Tensor& gradient, const at::Tensor& stepSize);
    /// Denominator of the last step, [n,...]: root of the corrected mean square, plus 1e-8.
    [[nodiscard]] const at::Tensor& denominator() const { return m_denominator; }

private:
    at::Tensor m_mean, m_square, m_denominator;
    double m_meanWeight = 1, m_squareWeight = 1; ///< beta^steps
};

} // namespace brink
