// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/certify/network_torch.h"

#include <array>
#include <optional>

namespace brink::certify {

/// What one number of a convolution's output depends on in an earlier node [C,H,W]: a patch of all channels, which moves by `stride` when
/// the number's place moves by one, and reaches over the edges, where everything is 0. Rows and columns.
struct Patch {
    std::array<std::int64_t, 2> stride{1, 1}, first{0, 0}, size{1, 1};

    [[nodiscard]] bool operator==(const Patch&) const = default;
};

/// What of a node is looked at; absent: the whole of it.
using Part = std::optional<Patch>;

/// Whether what a patch of a node depends on is a patch again (or it is the input).
[[nodiscard]] bool keepsPatches(const Network& network, const Node& node);
/// What a convolution or max pooling takes from its input for a patch of its output.
[[nodiscard]] Patch throughWindows(const Node& node, const Patch& patch);
/// For every node up to this one: what of it each of its numbers depends on. Whole where that would be no smaller, or no patch; nodes
/// on which nothing depends have any.
[[nodiscard]] std::vector<Part> partsBelow(const Network& network, int node, const Part& part);
/// Numbers in the part of a node.
[[nodiscard]] std::int64_t sizeOf(const Node& node, const Part& part);
/// A patch of one number, for nodes [C,H,W] of more than one place.
[[nodiscard]] Part singlePlace(const Node& node);

/// Multiplications that CROWN takes at most for a ball of one image: two rows for each number that goes into an activation or max pooling
/// behind the first, carried back through what it depends on.
[[nodiscard]] double crownCost(const Network& network);

} // namespace brink::certify
