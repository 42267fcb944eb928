// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace brink {

/// Width of a panel of a packed matrix, in columns.
constexpr std::int64_t panelWidth = 16;

/// Floats of a matrix [depth, columns] once packed: columns padded with zeros to whole panels.
[[nodiscard]] constexpr std::int64_t packedSize(std::int64_t depth, std::int64_t columns)
{
    return (columns + panelWidth - 1) / panelWidth * panelWidth * depth;
}

/// Packs matrix(k, j) = source[k * rowStride + j * columnStride] into panels [columns/16][depth][16].
void packPanels(const float* source, std::int64_t rowStride, std::int64_t columnStride, std::int64_t depth,
    std::int64_t columns, float* panels);

/// The way back: the packed matrix as matrix [columns, depth], row by row.
void unpackPanels(const float* panels, std::int64_t depth, std::int64_t columns, float* matrix);

/// out[n, j] = bias[j] + sum over k of x[n, k] * matrix(k, j), row-major [rows, depth] times packed [depth, columns].
/// Every output is one chain of multiply-adds over ascending k, so a row has the same bits whatever rows stand beside it
/// and however many there are. The gemm of a BLAS library does not keep that: it chooses another kernel for each rest of
/// its tile, and iterated attacks turn the last bit into another image. Weights packed once also beat it on small batches.
/// @param bias null for none. @param beginPanel,endPanel computes these panels only, for threads.
void rowProduct(const float* x, std::int64_t rows, std::int64_t depth, const float* panels, std::int64_t columns,
    const float* bias, float* out, std::int64_t beginPanel, std::int64_t endPanel);

} // namespace brink
