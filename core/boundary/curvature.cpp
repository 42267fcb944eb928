// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/curvature.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"
#include "core/boundary/hessianproducts_torch.h"
#include "core/boundary/lanczos.h"
#include "core/boundary/tangentframe.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace brink {

namespace {

enum class Stream : std::uint64_t { Probes = 1, Lanczos };

/// Products with a dense matrix cost next to nothing beside the gradients that made it.
constexpr int denseSteps = 400;
constexpr double denseTolerance = 1e-7;
/// Asymmetry above which a matrix of differences is not taken for a Hessian; 1.41 is that of a random matrix.
constexpr double notLinear = 0.5;

void check(const CurvatureRequest& request, const BoundaryPoint& point)
{
    const auto refuse = [](const char* text) { throw Error(ErrorCode::Domain, text); };
    const auto d = std::int64_t(point.point.size());
    if (!(request.step > 0 && request.step <= 100))
        refuse("The step of the curvature must lie between 0 and 100 times the distance to the boundary.");
    if (request.directions < 1 || request.directions > 1000 || request.probes < 2 || request.probes > 1'000'000)
        refuse("Curvature takes 1 to 1000 directions at each end and 2 to 1000000 random tangents.");
    if (request.lanczosSteps < 2 * request.directions + 1 || request.lanczosSteps > 10'000)
        refuse("Lanczos needs more steps than directions wanted at both ends, at most 10000.");
    if (d < 3 || point.normal.size() != point.point.size() || !(point.gradientNorm > 0))
        refuse("A boundary has curvature where it has a normal, in at least three pixel values.");
    if (request.spectrum == CurvatureSpectrum::Full && d > mostFullSpectrum)
        throw Error(ErrorCode::Resource, "A full spectrum of " + std::to_string(d) + " pixel values takes too much memory; ask for the extremes (at most "
            + std::to_string(mostFullSpectrum) + " values have a full one).");
}

at::Tensor asTensor(const std::vector<double>& values) { return at::tensor(at::ArrayRef<double>(values), at::kDouble); }

/// The work at one boundary point.
class CurvatureRun {
public:
    CurvatureRun(const std::shared_ptr<const Classifier>& classifier, const BoundaryPoint& point, const CurvatureRequest& request, Monitor& monitor)
        : m_evaluator(classifier)
        , m_request(request)
        , m_monitor(monitor)
        , m_frame(point.normal)
        , m_z(tensorFromImages(std::span(&point.point, 1))[0])
        , m_normal(at::tensor(at::ArrayRef<float>(point.normal)).to(at::kDouble))
    {
        m_result.point = point;
        m_result.step = request.step;
        m_result.reach = request.step * point.distance;
        m_normal = m_normal / m_normal.norm();
        m_total = request.probes + 2 * request.directions + std::int64_t(request.scales.size()) * (request.probes + 2)
            + (request.spectrum == CurvatureSpectrum::Full ? std::int64_t(m_frame.dimension()) : 0) + request.lanczosSteps;
    }

    CurvatureResult run()
    {
        chooseMethod();
        const auto isDone = [&](bool went) { return went && !m_monitor.stopRequested(); };
        m_result.partial = !(isDone(measureMean()) && isDone(findPrincipal()) && isDone(measureScales()));
        m_result.counts = m_evaluator.counts();
        return std::move(m_result);
    }

private:
    [[nodiscard]] const BoundaryPoint& point() const { return m_result.point; }
    [[nodiscard]] HessianProducts products(CurvatureMethod method, double reach)
    {
        return {m_evaluator, m_z, point().own, point().other, method, reach};
    }
    [[nodiscard]] HessianProducts products() { return products(m_result.method, m_result.reach); }

    void advance(std::int64_t count)
    {
        m_done += count;
        m_monitor.progress(std::min(m_done, m_total), m_total);
    }

    /// Rows without their part along the normal, over |grad F|: G v from H v.
    [[nodiscard]] at::Tensor projected(const at::Tensor& rows) const
    {
        return (rows - at::outer(rows.mv(m_normal), m_normal)) / point().gradientNorm;
    }

    void chooseMethod()
    {
        const Classifier& model = m_evaluator.classifier();
        m_result.method = m_request.method;
        if (m_request.method == CurvatureMethod::Auto) {
            m_result.method = model.isSmooth() ? CurvatureMethod::DoubleBackward : CurvatureMethod::Difference;
            m_result.methodReason = model.isSmooth()
                ? "Every operator of the model is twice differentiable, so second derivatives are exact."
                : "The model has kinks (ReLU, max-pooling or the like) or operators that are not known to be smooth: its second derivatives are "
                  "zero almost everywhere, so gradients at a distance h on either side are compared.";
        } else if (m_request.method == CurvatureMethod::Difference) {
            m_result.methodReason = "Differences of the gradient were asked for.";
        } else {
            m_result.methodReason = "Second derivatives were asked for.";
            if (!model.isSmooth())
                leaveZeroHessian();
        }
    }

    /// C6 of the handbook: the second derivatives of a piecewise linear model say nothing, and are not shown as flatness.
    void leaveZeroHessian()
    {
        const at::Tensor few = tangents(2, Stream::Probes);
        const auto rows = products(CurvatureMethod::DoubleBackward, 0).times(few, m_monitor);
        if (!rows || rows->abs().max().item<double>() > 0) {
            m_result.warnings.push_back({"not-smooth",
                "The model has kinks; its second derivatives miss the bending at them. Differences of the gradient see it."});
            return;
        }
        m_result.method = CurvatureMethod::Difference;
        m_result.methodReason = "Second derivatives were asked for and are zero (the model is piecewise linear): differences of the gradient were taken instead.";
        m_result.warnings.push_back({"zero-hessian", m_result.methodReason});
    }

    /// Uniform on the unit sphere of the tangent space, [count,d].
    [[nodiscard]] at::Tensor tangents(int count, Stream stream) const
    {
        Rng rng(combineSeeds({m_request.seed, std::uint64_t(stream)}));
        const at::Tensor rows = at::empty({count, std::int64_t(m_frame.dimension()) + 1}, at::kDouble);
        std::vector<double> coordinates(m_frame.dimension());
        for (int t = 0; t < count; ++t) {
            for (double& value : coordinates)
                value = rng.normal();
            m_frame.toSpace(coordinates, {rows.data_ptr<double>() + t * rows.size(1), std::size_t(rows.size(1))});
        }
        return rows / rows.norm(2, {1}, true);
    }

    bool measureMean()
    {
        m_probes = tangents(m_request.probes, Stream::Probes);
        HessianProducts hessian = products();
        const auto rows = hessian.times(m_probes, m_monitor);
        if (!rows)
            return false;
        const at::Tensor curvatures = quadraticForms(m_probes, *rows) / point().gradientNorm;
        m_result.probes = m_request.probes;
        m_result.mean = curvatures.mean().item<double>();
        m_result.meanError = curvatures.std().item<double>() / std::sqrt(double(m_request.probes));
        m_result.meanMagnitude = curvatures.abs().mean().item<double>();
        // E |G v|^2 over the sphere is the mean square of the eigenvalues.
        m_result.rootMeanSquare = std::sqrt(projected(*rows).square().sum(1).mean().item<double>());
        advance(m_request.probes);
        return true;
    }

    bool findPrincipal()
    {
        std::optional<at::Tensor> matrix;
        if (m_request.spectrum == CurvatureSpectrum::Full) {
            matrix = denseMatrix();
            if (!matrix)
                return false;
            takeProfile(*matrix);
        }
        // Where the map is not linear its matrix is no good guide to single directions (measured on cifar10_resnet20: curvatures of 4
        // and 9 by Lanczos against 2 and 5).
        const bool hasExactMatrix = matrix && m_result.method == CurvatureMethod::DoubleBackward;
        const SpectrumEnds ends = hasExactMatrix ? denseEnds(*matrix) : sparseEnds();
        if (ends.lowest.empty())
            return false;
        m_result.lanczosSteps = hasExactMatrix ? 0 : ends.steps;
        m_result.isConverged = ends.isConverged;
        if (!ends.isConverged && !ends.isStopped)
            m_result.warnings.push_back({"lanczos",
                "Lanczos ended after " + std::to_string(ends.steps) + " steps before all principal directions had settled; their residuals say how near they are."});
        return measureDirections(ends) && !ends.isStopped;
    }

    [[nodiscard]] SpectrumEnds sparseEnds()
    {
        HessianProducts hessian = products();
        std::vector<double> vector(m_frame.dimension() + 1), product(m_frame.dimension() + 1);
        const auto times = [&](std::span<const double> in, std::span<double> out) {
            m_frame.toSpace(in, vector);
            const double length = std::sqrt(std::inner_product(in.begin(), in.end(), in.begin(), 0.0));
            if (!(length > 0)) {
                std::ranges::fill(out, 0.0);
                return;
            }
            for (double& value : vector)
                value /= length; // so that the difference is taken at the scale asked for
            hessian.times(vector, product);
            m_frame.toTangent(product, out);
            for (double& value : out)
                value *= length / point().gradientNorm;
            advance(1);
        };
        const LanczosOptions options{m_request.directions, m_request.lanczosSteps, m_request.tolerance,
            combineSeeds({m_request.seed, std::uint64_t(Stream::Lanczos)})};
        return lanczosEnds(std::int64_t(m_frame.dimension()), times, options, [&] { return m_monitor.stopRequested(); });
    }

    /// The matrix of G in the tangent frame, symmetrised; absent when stopped. Differences along pixels: a unit at its kink answers every
    /// direction with the same jump, which a basis of vectors spread over the image would count once for each of them (tried with
    /// cosines on cifar10_cnn_a_adv: largest eigenvalues of 5 to 50 in place of 9, where the curvature measured is 1 to 2).
    [[nodiscard]] std::optional<at::Tensor> denseMatrix()
    {
        const auto d = std::int64_t(m_frame.dimension());
        const at::Tensor mirror = asTensor(m_frame.mirror());
        const at::Tensor matrix = at::empty({d, d}, at::kDouble);
        HessianProducts hessian = products();
        const std::int64_t block = std::max(64, m_evaluator.classifier().bestBatch());
        for (std::int64_t begin = 0; begin < d; begin += block) {
            const std::int64_t end = std::min(begin + block, d);
            at::Tensor axes = at::zeros({end - begin, d + 1}, at::kDouble);
            axes.diagonal(begin).fill_(1);
            const auto rows = hessian.times(axes - 2 * at::outer(mirror.slice(0, begin, end), mirror), m_monitor);
            if (!rows)
                return std::nullopt;
            const at::Tensor reflected = *rows - 2 * at::outer(rows->mv(mirror), mirror);
            matrix.slice(0, begin, end).copy_(reflected.slice(1, 0, d) / point().gradientNorm);
            advance(end - begin);
        }
        const double size = matrix.norm().item<double>();
        m_result.matrixAsymmetry = size > 0 ? (matrix - matrix.t()).norm().item<double>() / size : 0.0;
        if (*m_result.matrixAsymmetry > notLinear)
            m_result.warnings.push_back({"not-linear",
                "Differences at this scale are far from a linear map of the direction (|G - G^T| is " + formatReal(*m_result.matrixAsymmetry)
                    + " |G|): the full profile is that of the symmetric part, and rough, its ends above all. What is given for single directions was measured along them."});
        return (matrix + matrix.t()) / 2;
    }

    void takeProfile(const at::Tensor& matrix)
    {
        // LAPACK by way of LibTorch: it uses the vector instructions of the machine, which a portable build of Eigen does not.
        const at::Tensor values = at::linalg_eigvalsh(matrix).flip(0).contiguous();
        m_result.profile.assign(values.data_ptr<double>(), values.data_ptr<double>() + values.numel());
    }

    [[nodiscard]] SpectrumEnds denseEnds(const at::Tensor& matrix)
    {
        const auto times = [&](std::span<const double> in, std::span<double> out) {
            const at::Tensor vector = at::from_blob(const_cast<double*>(in.data()), {std::int64_t(in.size())}, at::kDouble);
            const at::Tensor product = matrix.mv(vector);
            std::copy_n(product.data_ptr<double>(), out.size(), out.begin());
        };
        return lanczosEnds(matrix.size(0), times,
            {m_request.directions, denseSteps, denseTolerance, combineSeeds({m_request.seed, std::uint64_t(Stream::Lanczos)})},
            [&] { return m_monitor.stopRequested(); });
    }

    /// Each direction again, by itself: what the solver says of a map that is not quite linear is no measurement.
    bool measureDirections(const SpectrumEnds& ends)
    {
        std::vector<const EigenPair*> pairs;
        for (const auto* side : {&ends.lowest, &ends.highest})
            for (const EigenPair& pair : *side)
                pairs.push_back(&pair);
        m_directions = at::empty({std::int64_t(pairs.size()), std::int64_t(m_frame.dimension()) + 1}, at::kDouble);
        for (std::size_t i = 0; i < pairs.size(); ++i)
            m_frame.toSpace(pairs[i]->vector,
                {m_directions.data_ptr<double>() + std::int64_t(i) * m_directions.size(1), std::size_t(m_directions.size(1))});
        HessianProducts hessian = products();
        const auto rows = hessian.times(m_directions, m_monitor);
        if (!rows)
            return false;
        const at::Tensor applied = projected(*rows);
        const at::Tensor curvatures = quadraticForms(m_directions, applied);
        const at::Tensor residuals = (applied - curvatures.unsqueeze(1) * m_directions).norm(2, {1});
        const at::Tensor vectors = m_directions.to(at::kFloat).contiguous();
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const auto row = std::int64_t(i);
            const float* begin = vectors.data_ptr<float>() + row * vectors.size(1);
            auto& side = i < ends.lowest.size() ? m_result.lowest : m_result.highest;
            side.push_back({curvatures[row].item<double>(), pairs[i]->value, residuals[row].item<double>(), {begin, begin + vectors.size(1)}});
        }
        std::ranges::stable_sort(m_result.lowest, {}, &PrincipalDirection::curvature);
        std::ranges::stable_sort(m_result.highest, std::ranges::greater(), &PrincipalDirection::curvature);
        advance(std::int64_t(pairs.size()));
        return true;
    }

    bool measureScales()
    {
        const auto two = [&](const PrincipalDirection& direction) {
            return at::tensor(at::ArrayRef<float>(direction.vector)).to(at::kDouble).unsqueeze(0);
        };
        const at::Tensor rows = at::cat({two(m_result.lowest.front()), two(m_result.highest.front()), m_probes});
        for (const double scale : m_request.scales) {
            HessianProducts hessian = products(CurvatureMethod::Difference, scale * point().distance);
            const auto applied = hessian.times(rows, m_monitor);
            if (!applied)
                return false;
            const at::Tensor curvatures = quadraticForms(rows, *applied) / point().gradientNorm;
            m_result.scales.push_back({scale, curvatures.slice(0, 2, curvatures.size(0)).mean().item<double>(), curvatures[0].item<double>(), curvatures[1].item<double>()});
            advance(rows.size(0));
        }
        return true;
    }

    Evaluator m_evaluator;
    const CurvatureRequest& m_request;
    Monitor& m_monitor;
    TangentFrame m_frame;
    at::Tensor m_z;          ///< [C,H,W]
    at::Tensor m_normal;     ///< [d], double
    at::Tensor m_probes;     ///< [T,d]
    at::Tensor m_directions; ///< [2k,d]
    CurvatureResult m_result;
    std::int64_t m_done = 0, m_total = 1;
};

} // namespace

TailAsymmetry tailAsymmetry(const CurvatureResult& result)
{
    TailAsymmetry tails;
    const auto add = [&](double curvature) {
        (curvature < 0 ? tails.negative : tails.positive) += std::abs(curvature);
        (curvature < 0 ? tails.negativeCount : tails.positiveCount) += curvature != 0;
    };
    for (const double curvature : result.profile)
        add(curvature);
    if (result.profile.empty())
        for (const auto* side : {&result.lowest, &result.highest})
            for (const PrincipalDirection& direction : *side)
                add(direction.curvature);
    const double all = tails.negative + tails.positive;
    tails.negativeShare = all > 0 ? tails.negative / all : 0.5;
    return tails;
}

CurvatureResult computeCurvature(std::shared_ptr<const Classifier> classifier, const BoundaryPoint& point, const CurvatureRequest& request,
    Monitor& monitor)
{
    check(request, point);
    const auto start = std::chrono::steady_clock::now();
    CurvatureResult result = CurvatureRun(classifier, point, request, monitor).run();
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

CurvatureOutcome curvatureOfImage(std::shared_ptr<const Classifier> classifier, const Image& image, const BoundaryPointRequest& where,
    const CurvatureRequest& request, Monitor& monitor)
{
    const BoundaryPointResult found = findBoundaryPoint(classifier, image, where, monitor);
    if (!found.point)
        return {std::nullopt, found.failure};
    CurvatureOutcome outcome{computeCurvature(std::move(classifier), *found.point, request, monitor), {}};
    outcome.result->counts += found.counts;
    return outcome;
}

} // namespace brink
