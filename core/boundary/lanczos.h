// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace brink {

/// out = A in, for a symmetric matrix that is never written down.
using SymmetricProduct = std::function<void(std::span<const double> in, std::span<double> out)>;

struct LanczosOptions {
    int each = 5;            ///< eigenpairs wanted at each end; fewer where the dimension has not so many
    int steps = 60;          ///< products at most, but for two to begin with
    double tolerance = 1e-3; ///< converged: residual at most this part of the largest magnitude
    std::uint64_t seed = 1;  ///< of the start vector
};

struct EigenPair {
    double value = 0;
    double residual = 0; ///< |A u - value u|, by the bound |beta s_last|
    std::vector<double> vector;
};

struct SpectrumEnds {
    std::vector<EigenPair> lowest;  ///< ascending
    std::vector<EigenPair> highest; ///< descending
    int steps = 0;
    bool isConverged = false;
    bool isStopped = false;         ///< what is there is from fewer steps
};

/// Both ends of the spectrum by Lanczos with full re-orthogonalisation (handbook A10). Ends early once all pairs wanted have
/// converged; pairs that have not are returned, too, with their residuals.
/// @param stop polled once a product; may be empty.
[[nodiscard]] SpectrumEnds lanczosEnds(std::int64_t dimension, const SymmetricProduct& product, const LanczosOptions& options,
    const std::function<bool()>& stop = {});

} // namespace brink
