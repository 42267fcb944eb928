// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/patchrows_torch.h"

#include "core/certify/linepass.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace brink::certify {
namespace {

constexpr std::int64_t grain = 1 << 14; ///< numbers that are worth a thread

/// Where a row's patch begins.
struct Corner {
    std::int64_t image = -1, top = 0, left = 0;

    [[nodiscard]] bool operator==(const Corner&) const = default;
};

Corner cornerOf(const PatchPlaces& places, std::int64_t row)
{
    const std::int64_t* place = places.places.data_ptr<std::int64_t>() + 2 * row;
    const Patch& patch = places.patch;
    return {places.image.data_ptr<std::int64_t>()[row], place[0] * patch.stride[0] + patch.first[0], place[1] * patch.stride[1] + patch.first[1]};
}

/// The part of a patch that lies inside a node [C,H,W].
struct Overlap {
    std::int64_t top, bottom, left, right; ///< of the patch

    Overlap(const Corner& corner, const Patch& patch, at::IntArrayRef shape)
        : top(std::clamp(-corner.top, std::int64_t(0), patch.size[0])), bottom(std::clamp(shape[1] - corner.top, top, patch.size[0])),
          left(std::clamp(-corner.left, std::int64_t(0), patch.size[1])), right(std::clamp(shape[2] - corner.left, left, patch.size[1]))
    {
    }
};

/// Calls copy(first number in the patch, first in the node, how many) for every run of numbers that a patch has inside its node.
template<typename Copy>
void forEachRun(const Corner& corner, const Patch& patch, at::IntArrayRef shape, Copy copy)
{
    const Overlap overlap(corner, patch, shape);
    for (std::int64_t channel = 0; channel < shape[0]; ++channel)
        for (std::int64_t y = overlap.top; y < overlap.bottom; ++y)
            copy((channel * patch.size[0] + y) * patch.size[1] + overlap.left, (channel * shape[1] + corner.top + y) * shape[2] + corner.left + overlap.left,
                overlap.right - overlap.left);
}

/// Patches of several tensors [B,C,H,W] at one place, 0 over the edges. Neighbouring rows often share theirs.
template<typename T>
class Windows {
public:
    Windows(std::vector<at::Tensor> values, const Patch& patch) : m_values(std::move(values)), m_patch(patch)
    {
        const std::int64_t channels = m_values.front().size(1);
        m_numbers.resize(m_values.size(), std::vector<T>(std::size_t(channels * patch.size[0] * patch.size[1])));
    }

    void moveTo(const Corner& corner)
    {
        if (corner == m_corner)
            return;
        m_corner = corner;
        for (std::size_t i = 0; i < m_values.size(); ++i) {
            const at::Tensor& values = m_values[i];
            const T* from = values.template data_ptr<T>() + (values.size(0) == 1 ? 0 : corner.image * values.stride(0));
            std::vector<T>& numbers = m_numbers[i];
            std::ranges::fill(numbers, T(0));
            forEachRun(corner, m_patch, values.sizes().slice(1), [&](std::int64_t to, std::int64_t begin, std::int64_t count) { std::copy_n(from + begin, count, numbers.data() + to); });
        }
    }

    [[nodiscard]] std::span<const T> operator[](std::size_t i) const { return m_numbers[i]; }

private:
    std::vector<at::Tensor> m_values;
    Patch m_patch;
    std::vector<std::vector<T>> m_numbers;
    Corner m_corner;
};

/// Calls part(row, its windows, a number of the precision) for all rows.
template<typename Part>
void forEachRow(const at::Tensor& a, const std::vector<at::Tensor>& values, const PatchPlaces& places, Part part)
{
    const std::int64_t size = a.size(0) == 0 ? 1 : a.stride(0);
    const auto some = [&]<typename T>(std::int64_t begin, std::int64_t end, T number) {
        Windows<T> windows(values, places.patch);
        for (std::int64_t row = begin; row < end; ++row) {
            windows.moveTo(cornerOf(places, row));
            part(row, windows, number);
        }
    };
    at::parallel_for(0, a.size(0), std::max(grain / size, std::int64_t(1)), [&](std::int64_t begin, std::int64_t end) {
        if (a.scalar_type() == at::kDouble)
            some(begin, end, double());
        else
            some(begin, end, float());
    });
}

template<typename T>
std::span<T> rowOf(const at::Tensor& values, std::int64_t row)
{
    return {values.data_ptr<T>() + row * values.stride(0), std::size_t(values.stride(0))};
}

at::Tensor laidOut(const at::Tensor& values) { return (values.dim() == 3 ? values.unsqueeze(0) : values).contiguous(); }

} // namespace

RowPass passPatches(const at::Tensor& a, const Lines& lines, const PatchPlaces& places)
{
    std::vector<at::Tensor> values{laidOut(lines.lowerSlope), laidOut(lines.upperSlope), laidOut(lines.upperBias)};
    const bool hasLowerBias = lines.lowerBias.defined();
    if (hasLowerBias)
        values.push_back(laidOut(lines.lowerBias));
    const at::Tensor rows = a.contiguous();
    RowPass pass{at::empty_like(rows), at::empty({rows.size(0)}, rows.options())};
    forEachRow(rows, values, places, [&]<typename T>(std::int64_t row, const Windows<T>& windows, T) {
        const LineSpans<T> spans{windows[0], hasLowerBias ? windows[3] : std::span<const T>(), windows[1], windows[2]};
        pass.sum.data_ptr<T>()[row] = passLines<T>(rowOf<T>(rows, row), spans, rowOf<T>(pass.next, row));
    });
    return pass;
}

at::Tensor leastSumsOfPatches(const at::Tensor& a, const at::Tensor& lower, const at::Tensor& upper, const PatchPlaces& places)
{
    const at::Tensor rows = a.contiguous();
    const at::Tensor sums = at::empty({rows.size(0)}, rows.options());
    forEachRow(rows, {laidOut(lower), laidOut(upper)}, places, [&]<typename T>(std::int64_t row, const Windows<T>& windows, T) {
        sums.data_ptr<T>()[row] = leastSum<T>(rowOf<T>(rows, row), windows[0], windows[1]);
    });
    return sums;
}

RowPass passPools(const at::Tensor& a, const Node& pool, const Lines& lines, const PatchPlaces& places)
{
    const std::int64_t channels = pool.shape[0], kernel = pool.kernel[0] * pool.kernel[1], height = places.patch.size[0], width = places.patch.size[1];
    const auto planes = [&](const at::Tensor& values) { return values.reshape({values.size(0), -1, pool.shape[1], pool.shape[2]}).contiguous(); };
    const at::Tensor rows = a.contiguous();
    const Patch below = throughWindows(pool, places.patch);
    RowPass pass{at::zeros({rows.size(0), channels, below.size[0], below.size[1]}, rows.options()), at::empty({rows.size(0)}, rows.options())};
    const auto plane = std::size_t(height * width), planeBelow = std::size_t(below.size[0] * below.size[1]);
    forEachRow(rows, {planes(lines.lowerSlope), planes(lines.upperSlope), planes(lines.upperBias)}, places, [&]<typename T>(std::int64_t row, const Windows<T>& windows, T) {
        const std::span<const T> from = rowOf<T>(rows, row);
        const std::span<T> to = rowOf<T>(pass.next, row);
        const std::vector<T> zeros(std::max(from.size(), plane));
        std::vector<T> part(plane);
        pass.sum.data_ptr<T>()[row] = leastSum<T>(from, std::span(zeros).first(from.size()), windows[2]);
        for (std::size_t channel = 0; channel < std::size_t(channels); ++channel)
            for (std::size_t k = 0; k < std::size_t(kernel); ++k) {
                const std::size_t first = (channel * std::size_t(kernel) + k) * plane;
                const LineSpans<T> spans{windows[0].subspan(first, plane), {}, windows[1].subspan(first, plane), std::span(zeros).first(plane)};
                (void)passLines<T>(from.subspan(channel * plane, plane), spans, part);
                T* out = to.data() + channel * planeBelow + (std::int64_t(k) / pool.kernel[1]) * pool.dilation[0] * below.size[1] + (std::int64_t(k) % pool.kernel[1]) * pool.dilation[1];
                for (std::int64_t y = 0; y < height; ++y)
                    for (std::int64_t x = 0; x < width; ++x)
                        out[y * pool.stride[0] * below.size[1] + x * pool.stride[1]] += part[std::size_t(y * width + x)];
            }
    });
    return pass;
}

at::Tensor clipped(const at::Tensor& a, const PatchPlaces& places, const std::vector<std::int64_t>& shape)
{
    const at::Tensor ones = at::ones(shape, a.options());
    return passPatches(a, {ones, {}, ones, at::zeros_like(ones)}, places).next;
}

at::Tensor wholeRows(const at::Tensor& a, const PatchPlaces& places, const std::vector<std::int64_t>& shape)
{
    const at::Tensor rows = a.contiguous();
    const at::Tensor whole = at::zeros({rows.size(0), shape[0], shape[1], shape[2]}, rows.options());
    const auto copyRow = [&]<typename T>(std::int64_t row, T) {
        const std::span<const T> from = rowOf<T>(rows, row);
        const std::span<T> to = rowOf<T>(whole, row);
        forEachRun(cornerOf(places, row), places.patch, shape, [&](std::int64_t in, std::int64_t out, std::int64_t count) { std::copy_n(from.data() + in, count, to.data() + out); });
    };
    for (std::int64_t row = 0; row < rows.size(0); ++row)
        if (rows.scalar_type() == at::kDouble)
            copyRow(row, double());
        else
            copyRow(row, float());
    return whole;
}

at::Tensor movedPatches(const at::Tensor& a, const Patch& from, const Patch& to)
{
    if (from == to)
        return a;
    const std::int64_t above = from.first[0] - to.first[0], before = from.first[1] - to.first[1];
    return at::constant_pad_nd(a, {before, to.size[1] - before - from.size[1], above, to.size[0] - above - from.size[0]}, 0);
}

} // namespace brink::certify
