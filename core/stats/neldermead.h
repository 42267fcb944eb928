// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <functional>

namespace brink {

using Vertex = std::array<double, 3>;

/// Nelder and Mead 1965 with the constants, start simplex and stopping rule of scipy.optimize.fmin.
class NelderMead {
public:
    NelderMead(std::function<double(const Vertex&)> objective, const Vertex& start);

    /// The best corner after at most 600 steps.
    [[nodiscard]] Vertex minimise();

private:
    struct Corner {
        Vertex x{};
        double f = 0;
    };

    void sort();
    [[nodiscard]] bool isConverged() const;
    [[nodiscard]] Corner along(double factor) const;
    void improve();
    void shrink();

    std::function<double(const Vertex&)> m_objective;
    std::array<Corner, 4> m_simplex;
};

} // namespace brink
