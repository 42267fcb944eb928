// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace torch::jit {
struct Module;
}

namespace brink {

/// Replaces the operators of a frozen CPU graph whose last bits depend on the batch by ones that do not:
/// linear, addmm, mm and matmul with constant weights by `brink::linear` (rowproduct.h), convolutions by `brink::conv2d`,
/// which always takes the same backend (LibTorch switches it for one image, and for 1x1 kernels at 16 images).
/// Both are differentiable any number of times. What is left is measured by calibration.
void makeBatchInvariant(const std::shared_ptr<torch::jit::Graph>& graph);

/// Replaces detach in all methods by an operator that freezing does not know: it removes detach as doing nothing, and so
/// would give a gradient to models that mask it.
void keepDetachments(const torch::jit::Module& module);

/// The matrix [columns, depth] behind the packed panels of a `brink::linear`, whose operands 1, 4 and 5 these are.
[[nodiscard]] at::Tensor unpackedMatrix(const at::Tensor& panels, std::int64_t depth, std::int64_t columns);

} // namespace brink
