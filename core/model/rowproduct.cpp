// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/rowproduct.h"

#include <algorithm>
#include <cstring>

// This file is compiled with -ffp-contract=fast: each multiply-add below becomes one fused instruction where there is one,
// in every instance of the template alike.

namespace brink {
namespace {

template <int lanes>
struct VectorOf {
    // Unaligned, and allowed to alias floats.
    typedef float Type __attribute__((vector_size(lanes * sizeof(float)), aligned(4), may_alias));
};

struct Product {
    const float* x;
    std::int64_t rows;
    std::int64_t depth;
    const float* panels;
    std::int64_t columns;
    const float* bias;
    float* out;
};

/// `height` rows times one panel; the sums stay in registers.
template <int lanes, int height>
[[gnu::always_inline]] inline void tile(const Product& p, std::int64_t row, std::int64_t panel)
{
    using Vector = typename VectorOf<lanes>::Type;
    constexpr int parts = int(panelWidth) / lanes;
    const std::int64_t firstColumn = panel * panelWidth;
    const auto columns = std::min(panelWidth, p.columns - firstColumn);
    alignas(64) float start[panelWidth] = {};
    if (p.bias)
        std::memcpy(start, p.bias + firstColumn, std::size_t(columns) * sizeof(float));
    Vector sums[height][parts];
    for (int r = 0; r < height; ++r) {
        for (int v = 0; v < parts; ++v)
            sums[r][v] = *reinterpret_cast<const Vector*>(start + v * lanes);
    }
    const float* x = p.x + row * p.depth;
    const float* b = p.panels + panel * panelWidth * p.depth;
    for (std::int64_t k = 0; k < p.depth; ++k, b += panelWidth) {
        Vector values[parts];
        for (int v = 0; v < parts; ++v)
            values[v] = *reinterpret_cast<const Vector*>(b + v * lanes);
        for (int r = 0; r < height; ++r) {
            for (int v = 0; v < parts; ++v)
                sums[r][v] += x[r * p.depth + k] * values[v];
        }
    }
    alignas(64) float result[panelWidth];
    for (int r = 0; r < height; ++r) {
        for (int v = 0; v < parts; ++v)
            *reinterpret_cast<Vector*>(result + v * lanes) = sums[r][v];
        std::memcpy(p.out + (row + r) * p.columns + firstColumn, result, std::size_t(columns) * sizeof(float));
    }
}

/// All rows times some panels; `height` rows at a time, then the rest in halves.
template <int lanes, int height>
[[gnu::always_inline]] inline void panelLoop(const Product& p, std::int64_t beginPanel, std::int64_t endPanel)
{
    for (std::int64_t panel = beginPanel; panel < endPanel; ++panel) {
        std::int64_t row = 0;
        for (; row + height <= p.rows; row += height)
            tile<lanes, height>(p, row, panel);
        for (; row + 4 <= p.rows; row += 4)
            tile<lanes, 4>(p, row, panel);
        for (; row + 2 <= p.rows; row += 2)
            tile<lanes, 2>(p, row, panel);
        for (; row < p.rows; ++row)
            tile<lanes, 1>(p, row, panel);
    }
}

void runPlain(const Product& p, std::int64_t begin, std::int64_t end) { panelLoop<4, 4>(p, begin, end); }

using Runner = void (*)(const Product&, std::int64_t, std::int64_t);

#if defined(__x86_64__)
// Heights fill the registers: 6 x 2 of 16 with AVX2, 12 x 1 of 32 with AVX-512.
__attribute__((target("avx2,fma"))) void runAvx2(const Product& p, std::int64_t begin, std::int64_t end)
{
    panelLoop<8, 6>(p, begin, end);
}

__attribute__((target("avx512f,fma"))) void runAvx512(const Product& p, std::int64_t begin, std::int64_t end)
{
    panelLoop<16, 12>(p, begin, end);
}

Runner bestRunner()
{
    if (__builtin_cpu_supports("avx512f"))
        return runAvx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? runAvx2 : runPlain;
}
#else
Runner bestRunner() { return runPlain; }
#endif

} // namespace

void packPanels(const float* source, std::int64_t rowStride, std::int64_t columnStride, std::int64_t depth,
    std::int64_t columns, float* panels)
{
    for (std::int64_t first = 0; first < columns; first += panelWidth) {
        const auto width = std::min(panelWidth, columns - first);
        for (std::int64_t k = 0; k < depth; ++k, panels += panelWidth) {
            for (std::int64_t j = 0; j < panelWidth; ++j)
                panels[j] = j < width ? source[k * rowStride + (first + j) * columnStride] : 0.0F;
        }
    }
}

void unpackPanels(const float* panels, std::int64_t depth, std::int64_t columns, float* matrix)
{
    for (std::int64_t first = 0; first < columns; first += panelWidth) {
        const auto width = std::min(panelWidth, columns - first);
        for (std::int64_t k = 0; k < depth; ++k, panels += panelWidth) {
            for (std::int64_t j = 0; j < width; ++j)
                matrix[(first + j) * depth + k] = panels[j];
        }
    }
}

void rowProduct(const float* x, std::int64_t rows, std::int64_t depth, const float* panels, std::int64_t columns,
    const float* bias, float* out, std::int64_t beginPanel, std::int64_t endPanel)
{
    static const Runner run = bestRunner();
    run({x, rows, depth, panels, columns, bias, out}, beginPanel, endPanel);
}

} // namespace brink
