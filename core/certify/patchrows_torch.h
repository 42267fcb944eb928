// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/certify/parts_torch.h"
#include "core/certify/rowpass_torch.h"

namespace brink::certify {

/// Where rows of coefficients [R,C,h,w] of patches of a node [C,H,W] are.
struct PatchPlaces {
    at::Tensor image;  ///< [R]
    at::Tensor places; ///< [R,2] row and column of the number that each row belongs to, which the patch moves with
    Patch patch;
};

/// As passRows and leastSums of rowpass_torch.h, for patches of lines and limits [B,C,H,W] (B may be 1): what lies over the edges adds
/// nothing and has no slope. On the processor, without gradients.
[[nodiscard]] RowPass passPatches(const at::Tensor& a, const Lines& lines, const PatchPlaces& places);
[[nodiscard]] at::Tensor leastSumsOfPatches(const at::Tensor& a, const at::Tensor& lower, const at::Tensor& upper, const PatchPlaces& places);
/// Through lines of max pooling (slopes [B,C,k,L], biases [B,C,L]): from patches of its output to patches, as throughWindows has them, of its input.
[[nodiscard]] RowPass passPools(const at::Tensor& a, const Node& pool, const Lines& lines, const PatchPlaces& places);
/// The same rows with 0 over the edges of a node of this shape [C,H,W].
[[nodiscard]] at::Tensor clipped(const at::Tensor& a, const PatchPlaces& places, const std::vector<std::int64_t>& shape);
/// The same rows [R,C,H,W] of the whole node.
[[nodiscard]] at::Tensor wholeRows(const at::Tensor& a, const PatchPlaces& places, const std::vector<std::int64_t>& shape);
/// The same rows of a patch that holds theirs, or as much of them as it holds.
[[nodiscard]] at::Tensor movedPatches(const at::Tensor& a, const Patch& from, const Patch& to);

} // namespace brink::certify
