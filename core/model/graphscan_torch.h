// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace torch::jit {
struct Module;
}

namespace brink {

/// Calls `visit` for each node of the block and of the blocks inside it.
void forEachNode(torch::jit::Block* block, const std::function<void(torch::jit::Node*)>& visit);

/// The first operator in any method of the module or of its parts that can reach files, processes or the network, or is in
/// a namespace Brink does not know, e.g. "aten::from_file".
[[nodiscard]] std::optional<std::string> forbiddenOperator(const torch::jit::Module& module);
/// The same in source text, coarser: for code that runs while the archive is read (__setstate__), before there is a graph.
[[nodiscard]] std::optional<std::string> forbiddenInLoadingCode(std::string_view code);

/// True when the graph still reads or writes attributes: it may keep state between calls and needs a lock.
[[nodiscard]] bool keepsState(torch::jit::Graph& graph);
/// True when every operator is known to be twice differentiable or linear. Unknown ones count as not smooth.
[[nodiscard]] bool isSmooth(torch::jit::Graph& graph);
/// Channels that the first convolution with constant weights takes; empty when there is none.
[[nodiscard]] std::optional<int> channelsOfFirstConvolution(torch::jit::Graph& graph);

/// The tensor behind a constant value, or undefined.
[[nodiscard]] at::Tensor constantTensor(const torch::jit::Value* value);

} // namespace brink
