// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace brink {

/// The survey's search of the smallest successful budget, one for each image (Su et al. 2018, released code): success
/// halves the budget while nothing has failed, else takes the middle to the last failure; failure doubles it while
/// nothing has succeeded, else takes the middle to the last success.
class BudgetSearch {
public:
    /// @param start [n] first budget; @param largest budget that is never exceeded.
    BudgetSearch(const at::Tensor& start, double largest);

    [[nodiscard]] const at::Tensor& eps() const { return m_eps; } ///< [n] to try next
    /// Smallest budget that succeeded, [n]; infinity without one.
    [[nodiscard]] const at::Tensor& lastSuccess() const { return m_lastSuccess; }
    /// @param isSuccess [n] bool, of the budgets eps().
    void update(const at::Tensor& isSuccess);

private:
    double m_largest;
    at::Tensor m_eps, m_lastSuccess, m_lastFailure;
};

} // namespace brink
