// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/lanczos.h"

#include "core/base/rng.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <Spectra/LinAlg/Lanczos.h>
#include <Spectra/MatOp/internal/ArnoldiOp.h>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

/// Steps between two looks whether all pairs have converged: the small eigenproblem costs next to nothing.
constexpr int checkEvery = 5;

/// What Spectra asks of a matrix.
struct Operator {
    using Scalar = double;
    const SymmetricProduct& product;
    Eigen::Index size;

    [[nodiscard]] Eigen::Index rows() const { return size; }
    [[nodiscard]] Eigen::Index cols() const { return size; }
    void perform_op(const double* in, double* out) const { product({in, std::size_t(size)}, {out, std::size_t(size)}); }
};

using ArnoldiOperator = Spectra::ArnoldiOp<double, Operator, Spectra::IdentityBOp>;
using Factorisation = Spectra::Lanczos<double, ArnoldiOperator>;

/// Eigenpairs of the projection onto the first `steps` basis vectors. Spectra restarts until all are converged and gives nothing
/// else; here the ones that have not converged are wanted, too, so its factorisation is used and not its solver.
class RitzPairs {
public:
    RitzPairs(const Factorisation& factorisation, int steps, int each)
        : m_solver(factorisation.matrix_H().topLeftCorner(steps, steps))
        , m_basis(factorisation.matrix_V().leftCols(steps))
        , m_steps(steps)
        , m_each(std::min(each, steps / 2))
        , m_beta(factorisation.f_norm())
    {
    }

    [[nodiscard]] int each() const { return m_each; }
    [[nodiscard]] double largestMagnitude() const { return m_solver.eigenvalues().cwiseAbs().maxCoeff(); }
    [[nodiscard]] bool hasConverged(double tolerance) const
    {
        for (int i = 0; i < m_each; ++i)
            if (std::max(residual(i), residual(m_steps - 1 - i)) > tolerance * largestMagnitude())
                return false;
        return m_each > 0;
    }
    /// The i-th in ascending order.
    [[nodiscard]] EigenPair pair(int i) const
    {
        const Eigen::VectorXd vector = (m_basis * m_solver.eigenvectors().col(i)).normalized();
        return {m_solver.eigenvalues()[i], residual(i), {vector.data(), vector.data() + vector.size()}};
    }
    [[nodiscard]] int last() const { return m_steps - 1; }

private:
    [[nodiscard]] double residual(int i) const { return m_beta * std::abs(m_solver.eigenvectors()(m_steps - 1, i)); }

    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> m_solver;
    Eigen::Ref<const Eigen::MatrixXd> m_basis;
    int m_steps, m_each;
    double m_beta;
};

/// All eigenvalues are 0: any orthonormal vectors will do, and the axes are ones.
SpectrumEnds zeroSpectrum(std::int64_t dimension, int each)
{
    SpectrumEnds ends;
    ends.steps = 1;
    ends.isConverged = true;
    for (std::int64_t i = 0; i < std::min<std::int64_t>(each, dimension / 2); ++i)
        for (const bool isLow : {true, false}) {
            EigenPair pair;
            pair.vector.assign(std::size_t(dimension), 0);
            pair.vector[std::size_t(isLow ? i : dimension - 1 - i)] = 1;
            (isLow ? ends.lowest : ends.highest).push_back(std::move(pair));
        }
    return ends;
}

} // namespace

SpectrumEnds lanczosEnds(std::int64_t dimension, const SymmetricProduct& product, const LanczosOptions& options, const std::function<bool()>& stop)
{
    Eigen::VectorXd start(dimension), first(dimension);
    Rng rng(options.seed);
    for (double& value : start)
        value = rng.normal();
    const Operator matrix{product, dimension};
    // Spectra begins with A start, whose length it divides by.
    matrix.perform_op(start.data(), first.data());
    if (!(first.norm() > 0))
        return zeroSpectrum(dimension, options.each);

    const int most = int(std::min<std::int64_t>(dimension, std::max(options.steps, 2)));
    Factorisation factorisation(ArnoldiOperator(matrix, {}), most);
    Eigen::Index products = 0;
    const Eigen::Map<const Eigen::VectorXd> begin(first.data(), dimension);
    Eigen::Map<const Eigen::VectorXd> startMap = begin;
    factorisation.init(startMap, products);
    SpectrumEnds ends;
    int steps = 1;
    const int few = std::min(2 * options.each, most);
    while (steps < most && !ends.isStopped && !ends.isConverged) {
        factorisation.factorize_from(steps, steps + 1, products);
        ++steps;
        ends.isStopped = stop && stop();
        if (steps >= few && steps % checkEvery == 0)
            ends.isConverged = RitzPairs(factorisation, steps, options.each).hasConverged(options.tolerance);
    }
    const RitzPairs pairs(factorisation, steps, options.each);
    ends.steps = steps;
    // A basis of the whole space leaves nothing over.
    ends.isConverged = ends.isConverged || steps == dimension || pairs.hasConverged(options.tolerance);
    for (int i = 0; i < pairs.each(); ++i) {
        ends.lowest.push_back(pairs.pair(i));
        ends.highest.push_back(pairs.pair(pairs.last() - i));
    }
    return ends;
}

} // namespace brink
