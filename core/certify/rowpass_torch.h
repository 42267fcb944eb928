// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/certify/relaxation_torch.h"

#include <ATen/ATen.h>

namespace brink::certify {

/// Coefficients of rows behind a nonlinear node: `next` [R,...] for its input, and what the biases of its lines add to each bound [R].
struct RowPass {
    at::Tensor next, sum;
};

/// Rows a [R,...] through element-wise lines of B images [B,...] (B may be 1): the line below where a coefficient is positive, else the
/// one above. One pass on the processor, with gradients by a where they are asked for; tensor operations elsewhere.
/// @param image [R], which image each row is of.
[[nodiscard]] RowPass passRows(const at::Tensor& a, const Lines& lines, const at::Tensor& image);

/// Slopes of lines below, through 0: base + span * choice, base and span [B,...], a choice [R,...] in [0,1] a row.
struct ChosenSlopes {
    at::Tensor base, span, choice;
};
/// The same with these slopes below; gradients by the choice, too.
[[nodiscard]] RowPass passChosenRows(const at::Tensor& a, const Lines& lines, const ChosenSlopes& below, const at::Tensor& image);

/// The least [R] of sum a * x for x between lower and upper [B,...] (B may be 1) of each row's image.
[[nodiscard]] at::Tensor leastSums(const at::Tensor& a, const at::Tensor& lower, const at::Tensor& upper, const at::Tensor& image);

/// A step of Adam upwards of numbers in [0,most], at places of any shape; mean and square begin as 0. @param step from 1.
void climbChoices(const at::Tensor& gradient, double rate, int step, at::Tensor& mean, at::Tensor& square, const at::Tensor& choice, double most = 1);

/// What the three do by tensor operations alone, on any device.
[[nodiscard]] RowPass passByTensors(const at::Tensor& a, const Lines& linesOfRows);
[[nodiscard]] at::Tensor leastSumsByTensors(const at::Tensor& a, const at::Tensor& lowerOfRows, const at::Tensor& upperOfRows);

} // namespace brink::certify
