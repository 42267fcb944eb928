// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/budgetsearch_torch.h"

#include <ATen/ATen.h>

#include <limits>

namespace brink {

BudgetSearch::BudgetSearch(const at::Tensor& start, double largest)
    : m_largest(largest)
    , m_eps(start)
    , m_lastSuccess(at::full_like(start, std::numeric_limits<double>::infinity()))
    , m_lastFailure(at::full_like(start, -1)) // no budget has failed
{
}

void BudgetSearch::update(const at::Tensor& isSuccess)
{
    m_lastSuccess = at::where(isSuccess, m_eps, m_lastSuccess);
    m_lastFailure = at::where(isSuccess, m_lastFailure, m_eps);
    const at::Tensor afterSuccess = at::where(m_lastFailure.lt(0), m_eps / 2, (m_eps + m_lastFailure) / 2);
    const at::Tensor afterFailure = at::where(at::isinf(m_lastSuccess), m_eps * 2, (m_eps + m_lastSuccess) / 2);
    m_eps = at::where(isSuccess, afterSuccess, afterFailure).clamp_max(m_largest);
}

} // namespace brink
