// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/squarepattern_torch.h"

#include "core/attack/squaremove.h"

#include <algorithm>
#include <span>
#include <vector>

namespace brink {

namespace {

constexpr std::int64_t tilesAcross = 5;

/// Where each of `length` pixels lies in a square whose first is drawn from the places that hold it, [n,length] int64.
at::Tensor placeInside(const at::Tensor& corner, std::int64_t side, std::int64_t length)
{
    const at::Tensor first = (corner * double(length - side + 1)).to(at::kLong).clamp_max(length - side);
    return at::arange(length, first.options()) - first.unsqueeze(1);
}

at::Tensor isInside(const at::Tensor& place, std::int64_t side) { return place.ge(0).logical_and(place.lt(side)); }

/// One half: rectangles around the middle, the k-th with weight 1/k^2, summed; L2 length 1.
at::Tensor halfPattern(std::int64_t height, std::int64_t width)
{
    at::Tensor half = at::zeros({height, width});
    std::int64_t top = height / 2, left = width / 2;
    for (std::int64_t ring = 0; ring < std::max(height, width) / 2 + 1; ++ring, --top, --left) {
        const std::int64_t fromRow = std::max<std::int64_t>(top, 0), fromColumn = std::max<std::int64_t>(left, 0);
        const std::int64_t rows = std::min(top + 2 * ring + 1, height) - fromRow, columns = std::min(left + 2 * ring + 1, width) - fromColumn;
        half.narrow(0, fromRow, rows).narrow(1, fromColumn, columns).add_(1.0 / double((ring + 1) * (ring + 1)));
    }
    return half / half.norm();
}

at::Tensor wholePattern(std::int64_t side)
{
    if (side < 2)
        return at::ones({side, side});
    const at::Tensor whole = at::cat({halfPattern(side / 2, side), -halfPattern(side - side / 2, side)}, 0);
    return whole / whole.norm();
}

at::Tensor signsFrom(const at::Tensor& uniform) { return uniform.lt(0.5).to(uniform.scalar_type()) * 2 - 1; }

at::Tensor stripes(AttackSession& session)
{
    const at::Tensor& x0 = session.x0();
    const std::int64_t channels = x0.size(1), width = x0.size(3);
    return signsFrom(session.uniform(channels * width)).view({-1, channels, 1, width}).expand_as(x0);
}

at::Tensor tiles(AttackSession& session)
{
    const at::Tensor& x0 = session.x0();
    const std::int64_t channels = x0.size(1), height = x0.size(2), width = x0.size(3);
    const std::int64_t side = std::max<std::int64_t>(std::min(height, width) / tilesAcross, 1);
    const std::int64_t down = height / side, across = width / side;
    const at::Tensor random = session.uniform(down * across * (channels + 1)).view({-1, down * across, channels + 1});
    const at::Tensor upright = wholePattern(side).to(x0.device());
    at::Tensor grid = at::zeros_like(x0);
    for (std::int64_t tile = 0; tile < down * across; ++tile) {
        const at::Tensor draw = random.select(1, tile);
        const at::Tensor turned = draw.select(1, 0).lt(0.5).view({-1, 1, 1, 1});
        const at::Tensor pattern = at::where(turned, upright.t(), upright) * signsFrom(draw.narrow(1, 1, channels)).unsqueeze(2).unsqueeze(3);
        const std::int64_t top = (height - down * side) / 2 + tile / across * side, left = (width - across * side) / 2 + tile % across * side;
        grid.narrow(2, top, side).narrow(3, left, side).copy_(pattern);
    }
    return grid / perRow(session.metric().length(grid), grid);
}

/// Where a square begins: as placeInside, for one image.
std::int64_t firstInside(float corner, std::int64_t side, std::int64_t length)
{
    return std::min(static_cast<std::int64_t>(corner * float(length - side + 1)), length - side);
}

/// On the CPU only the square is touched.
at::Tensor recolouredByRow(const at::Tensor& x, const at::Tensor& clean, const at::Tensor& random, std::int64_t side, double eps)
{
    at::Tensor next = x.clone(at::MemoryFormat::Contiguous);
    const at::Tensor source = clean.contiguous();
    const std::int64_t channels = x.size(1), height = x.size(2), width = x.size(3);
    for (std::int64_t image = 0; image < x.size(0); ++image) {
        const float* draw = random.data_ptr<float>() + image * random.size(1);
        const std::int64_t top = firstInside(draw[0], side, height), left = firstInside(draw[1], side, width);
        for (std::int64_t channel = 0; channel < channels; ++channel) {
            const float colour = float(draw[2 + channel] < 0.5F ? eps : -eps);
            for (std::int64_t y = top; y < top + side; ++y) {
                const std::int64_t at = ((image * channels + channel) * height + y) * width + left;
                const float* from = source.data_ptr<float>() + at;
                std::transform(from, from + side, next.data_ptr<float>() + at, [colour](float value) { return std::clamp(value + colour, 0.0F, 1.0F); });
            }
        }
    }
    return next;
}

std::span<const float> valuesOf(const at::Tensor& rows, std::int64_t row)
{
    const std::int64_t size = rows[0].numel();
    return {rows.data_ptr<float>() + row * size, std::size_t(size)};
}

at::Tensor movedByRow(const at::Tensor& x, const at::Tensor& clean, const at::Tensor& random, std::int64_t side, double eps)
{
    const at::Tensor from = x.contiguous(), source = clean.contiguous();
    at::Tensor next = at::empty_like(from);
    const at::Tensor upright = wholePattern(side).contiguous(), turned = upright.t().contiguous();
    SquareMove move;
    move.shape = {x.size(1), x.size(2), x.size(3)};
    move.side = side;
    move.eps = eps;
    std::vector<float> signs(static_cast<std::size_t>(x.size(1)));
    move.signs = signs;
    for (std::int64_t image = 0; image < x.size(0); ++image) {
        const std::span<const float> draw = valuesOf(random, image);
        std::ranges::transform(draw.subspan(5), signs.begin(), [](float value) { return value < 0.5F ? 1.0F : -1.0F; });
        const at::Tensor& pattern = draw[4] < 0.5F ? turned : upright;
        move.pattern = {pattern.data_ptr<float>(), std::size_t(side * side)};
        move.into = {firstInside(draw[0], side, x.size(2)), firstInside(draw[1], side, x.size(3))};
        move.from = {firstInside(draw[2], side, x.size(2)), firstInside(draw[3], side, x.size(3))};
        move.x = valuesOf(from, image);
        move.clean = valuesOf(source, image);
        move.next = {next.data_ptr<float>() + image * std::int64_t(move.x.size()), move.x.size()};
        moveSquare(move);
    }
    return next;
}

} // namespace

at::Tensor recoloured(const at::Tensor& x, const at::Tensor& clean, const at::Tensor& random, std::int64_t side, double eps)
{
    if (x.device().is_cpu())
        return recolouredByRow(x, clean, random, side, eps);
    const at::Tensor colour = signsFrom(random.narrow(1, 2, x.size(1))).mul_(eps).unsqueeze(2).unsqueeze(3);
    return at::where(squareMask(random.narrow(1, 0, 2), side, x), clean + colour, x).clamp_(0, 1);
}

at::Tensor squareMask(const at::Tensor& corner, std::int64_t side, const at::Tensor& like)
{
    const at::Tensor rows = isInside(placeInside(corner.select(1, 0), side, like.size(2)), side);
    const at::Tensor columns = isInside(placeInside(corner.select(1, 1), side, like.size(3)), side);
    return rows.unsqueeze(2).logical_and(columns.unsqueeze(1)).unsqueeze(1);
}

at::Tensor squarePattern(const at::Tensor& corner, const at::Tensor& turn, std::int64_t side, const at::Tensor& like)
{
    const at::Tensor upright = wholePattern(side).to(like.device());
    const at::Tensor rows = placeInside(corner.select(1, 0), side, like.size(2)).clamp(0, side - 1).unsqueeze(2);
    const at::Tensor columns = placeInside(corner.select(1, 1), side, like.size(3)).clamp(0, side - 1).unsqueeze(1);
    const at::Tensor pattern = at::where(turn.lt(0.5).view({-1, 1, 1}), upright.index({columns, rows}), upright.index({rows, columns}));
    return pattern.unsqueeze(1) * squareMask(corner, side, like);
}

at::Tensor movedByTensors(const at::Tensor& x, const at::Tensor& clean, const at::Tensor& random, std::int64_t side, double eps)
{
    const std::int64_t channels = x.size(1);
    const at::Tensor corner = random.narrow(1, 0, 2);
    const at::Tensor mask = squareMask(corner, side, x);
    const at::Tensor both = mask.logical_or(squareMask(random.narrow(1, 2, 2), side, x));
    const at::Tensor delta = x - clean;
    const auto squares = [](const at::Tensor& values) { return values.square().sum({2, 3}, true); };
    const at::Tensor freeMass = (eps * eps - delta.square().sum({1, 2, 3}, true)).clamp_min(0) / double(channels);
    const at::Tensor here = delta * mask;
    at::Tensor pattern = squarePattern(corner, random.select(1, 4), side, x) * signsFrom(random.narrow(1, 5, channels)).unsqueeze(2).unsqueeze(3)
        + here / squares(here).sqrt().add(1e-12);
    pattern = pattern / squares(pattern).sqrt().add(1e-12) * (freeMass + (delta * both).square().sum({1, 2, 3}, true)).sqrt();
    const at::Tensor next = at::where(mask, pattern, at::where(both, at::zeros_like(delta), delta));
    const at::Tensor length = next.square().sum({1, 2, 3}, true).sqrt().add(1e-12);
    return (clean + next * (eps / length)).clamp_(0, 1);
}

at::Tensor moved(const at::Tensor& x, const at::Tensor& clean, const at::Tensor& random, std::int64_t side, double eps)
{
    return x.device().is_cpu() ? movedByRow(x, clean, random, side, eps) : movedByTensors(x, clean, random, side, eps);
}

at::Tensor firstPattern(AttackSession& session) { return session.norm() == Norm::Linf ? stripes(session) : tiles(session); }

} // namespace brink
