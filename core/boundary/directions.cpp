// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/directions.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/boundary/hessianproducts_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

enum class Stream : std::uint64_t { Flat = 1, Random, Noise };

at::Tensor normalRows(std::int64_t count, std::int64_t d, std::uint64_t seed)
{
    Rng rng(seed);
    const at::Tensor rows = at::empty({count, d}, at::kDouble);
    double* values = rows.data_ptr<double>();
    for (std::int64_t i = 0; i < rows.numel(); ++i)
        values[i] = rng.normal();
    return rows;
}

/// Rows [n,d] -> orthonormal rows that span the same.
at::Tensor orthonormal(const at::Tensor& rows) { return std::get<0>(at::linalg_qr(rows.t(), "reduced")).t().contiguous(); }

at::Tensor tensorOf(const DirectionBasis& basis)
{
    return at::from_blob(const_cast<float*>(basis.rows.data()), {basis.count(), basis.dimension}, at::kFloat).to(at::kDouble);
}

DirectionBasis basisOf(const at::Tensor& rows)
{
    const at::Tensor values = rows.to(at::kFloat).contiguous();
    return {rows.size(1), {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()}};
}

/// The m most curved principal directions of one result.
std::vector<const PrincipalDirection*> mostCurved(const CurvatureResult& result, int m)
{
    std::vector<const PrincipalDirection*> directions;
    for (const auto* side : {&result.lowest, &result.highest})
        for (const PrincipalDirection& direction : *side)
            directions.push_back(&direction);
    std::ranges::stable_sort(directions, std::ranges::greater(), [](const auto* each) { return std::abs(each->curvature); });
    directions.resize(std::min(directions.size(), std::size_t(m)));
    return directions;
}

/// M^T, [columns, d].
at::Tensor stackedRows(std::span<const CurvatureResult* const> results, int m)
{
    std::vector<at::Tensor> rows;
    for (const CurvatureResult* result : results)
        for (const PrincipalDirection* direction : mostCurved(*result, m))
            rows.push_back(at::tensor(at::ArrayRef<float>(direction->vector)).to(at::kDouble));
    return rows.empty() ? at::Tensor() : at::stack(rows);
}

/// Left singular vectors of M as rows and singular values, descending, from the smaller of its Gram matrices.
std::pair<at::Tensor, at::Tensor> leftSingular(const at::Tensor& rows)
{
    const bool isWide = rows.size(0) <= rows.size(1);
    const auto [squares, vectors] = at::linalg_eigh(isWide ? rows.mm(rows.t()) : rows.t().mm(rows));
    const at::Tensor values = squares.flip(0).clamp_min(0).sqrt();
    const at::Tensor columns = vectors.flip(1);
    const auto rank = (values > 1e-6 * values[0]).sum().item<std::int64_t>();
    const at::Tensor kept = values.slice(0, 0, rank);
    const at::Tensor left = columns.slice(1, 0, rank).t();
    return {isWide ? left.mm(rows) / kept.unsqueeze(1) : left.contiguous(), kept};
}

} // namespace

SharedDirections shareDirections(std::span<const CurvatureResult* const> results, const SharedDirectionsRequest& request)
{
    SharedDirections shared;
    const at::Tensor rows = stackedRows(results, request.each);
    const std::int64_t p = request.subspace;
    if (p < 1 || !rows.defined() || rows.size(0) < p || rows.size(1) < 2 * p)
        throw Error(ErrorCode::Domain, "A subspace of " + std::to_string(p) + " shared directions takes at least as many principal directions (and twice as many pixel values); "
            "there are " + std::to_string(rows.defined() ? rows.size(0) : 0) + ". Choose more images or a smaller subspace.");
    const std::int64_t d = rows.size(1);
    const auto [left, values] = leftSingular(rows);
    if (left.size(0) < p)
        throw Error(ErrorCode::Domain, "The principal directions of the images span only " + std::to_string(left.size(0)) + " dimensions; choose a smaller subspace.");
    for (const CurvatureResult* result : results)
        shared.images += !result->lowest.empty();
    shared.stacked = int(rows.size(0));
    const at::Tensor largest = values.slice(0, 0, p).contiguous();
    shared.singularValues.assign(largest.data_ptr<double>(), largest.data_ptr<double>() + p);
    shared.curved = basisOf(left.slice(0, 0, p));
    shared.random = basisOf(orthonormal(normalRows(p, d, combineSeeds({request.seed, std::uint64_t(Stream::Random)}))));
    // Out of the span of M, twice for the sake of rounding.
    const at::Tensor span = left.slice(0, 0, std::min(left.size(0), std::max(p, d / 2)));
    at::Tensor flat = normalRows(p, d, combineSeeds({request.seed, std::uint64_t(Stream::Flat)}));
    for (int round = 0; round < 2; ++round)
        flat = flat - flat.mm(span.t()).mm(span);
    shared.flat = basisOf(orthonormal(flat));
    return shared;
}

std::optional<Generalisation> generalise(
    std::shared_ptr<const Classifier> classifier, const CurvatureResult& at, const SharedDirections& shared, Monitor& monitor)
{
    if (at.probes == 0 || !(at.meanMagnitude > 0))
        throw Error(ErrorCode::Domain, "The boundary has no curvature along random tangents to compare with.");
    Evaluator evaluator(std::move(classifier));
    const at::Tensor z = tensorFromImages(std::span(&at.point.point, 1))[0];
    const at::Tensor normal = at::tensor(at::ArrayRef<float>(at.point.normal)).to(at::kDouble);
    const at::Tensor rows = at::cat({tensorOf(shared.curved), tensorOf(shared.random)});
    // v^T G v is that of the tangential part of v; the difference is taken along it at its own length 1.
    const at::Tensor tangential = rows - at::outer(rows.mv(normal), normal);
    const at::Tensor lengths = tangential.norm(2, {1}, true).clamp_min(1e-12);
    const at::Tensor units = tangential / lengths;
    HessianProducts hessian(evaluator, z, at.point.own, at.point.other, at.method, at.reach);
    const auto products = hessian.times(units, monitor);
    if (!products)
        return std::nullopt;
    const at::Tensor curvatures = quadraticForms(units, *products) * lengths.square().squeeze(1) / at.point.gradientNorm;
    Generalisation found;
    for (std::int64_t i = 0; i < curvatures.numel(); ++i) {
        const double curvature = curvatures[i].item<double>();
        const bool isShared = i < shared.curved.count();
        (isShared ? found.rho : found.controlRho).push_back(std::abs(curvature) / at.meanMagnitude);
        if (isShared)
            found.curvature.push_back(curvature);
    }
    found.counts = evaluator.counts();
    return found;
}

std::string noiseKindName(NoiseKind kind)
{
    constexpr std::array names{"full", "random", "flat", "curved"};
    return names[std::size_t(kind)];
}

std::string noiseKindLabel(NoiseKind kind)
{
    constexpr std::array labels{"all directions", "random subspace", "flat subspace", "curved subspace"};
    return labels[std::size_t(kind)];
}

std::optional<NoiseResponse> noiseResponse(std::shared_ptr<const Classifier> classifier, const Image& image, std::int64_t own,
    const SharedDirections& shared, const NoiseRequest& request, Monitor& monitor)
{
    const std::vector<double>& norms = request.norms;
    if (norms.empty() || !(norms.front() > 0) || !std::ranges::is_sorted(norms) || request.draws < 1)
        throw Error(ErrorCode::Domain, "Noise takes positive, ascending norms and at least one draw.");
    Evaluator evaluator(classifier);
    const at::Tensor x = tensorFromImages(std::span(&image, 1)).to(at::kDouble);
    const std::int64_t d = x.numel(), draws = request.draws;
    const at::Tensor sizes = at::tensor(at::ArrayRef<double>(norms), at::kDouble);
    NoiseResponse response;
    for (std::size_t k = 0; k < noiseKinds.size(); ++k) {
        if (monitor.stopRequested())
            return std::nullopt;
        const DirectionBasis* basis = std::array<const DirectionBasis*, 4>{nullptr, &shared.random, &shared.flat, &shared.curved}[k];
        const at::Tensor draw = normalRows(draws, basis ? basis->count() : d, combineSeeds({request.seed, std::uint64_t(Stream::Noise), k}));
        const at::Tensor noise = basis ? draw.mm(tensorOf(*basis)) : draw;
        const at::Tensor units = noise / noise.norm(2, {1}, true);
        const at::Tensor all = (sizes.view({-1, 1, 1}) * units.unsqueeze(0)).view({-1, x.size(1), x.size(2), x.size(3)}) + x;
        const at::Tensor classes = evaluator.logits(all.to(at::kFloat).to(evaluator.device())).argmax(1).to(at::kCPU);
        const at::Tensor shares = classes.ne(own).to(at::kDouble).view({sizes.numel(), draws}).mean(1).contiguous();
        response.fooled[k].assign(shares.data_ptr<double>(), shares.data_ptr<double>() + shares.numel());
        monitor.progress(std::int64_t(k) + 1, std::int64_t(noiseKinds.size()));
    }
    response.counts = evaluator.counts();
    return response;
}

std::vector<double> standardNoiseNorms(double medianDistance)
{
    std::vector<double> norms;
    for (int i = 0; i <= 12; ++i)
        norms.push_back(medianDistance * 0.5 * std::pow(2, i / 2.0));
    return norms;
}

} // namespace brink
