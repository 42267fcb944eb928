// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"
#include "core/attack/squarepattern_torch.h"

#include <algorithm>
#include <cmath>

namespace brink {

AttackInfo squareInfo()
{
    AttackInfo info;
    info.name = "square";
    info.label = "Square attack";
    info.summary = "Random search with squares of colour that keeps what lowers the margin; asks for logits only, never for a gradient.";
    info.source = "Andriushchenko, Croce, Flammarion and Hein 2020, arXiv 1912.00049, algorithms 1 to 3";
    info.kind = AttackKind::FixedBudget;
    info.norms = {Norm::Linf, Norm::L2};
    info.parameters = {epsParameter(),
        {"queries", "Queries", "", 5000LL, 500LL, 1.0, 1e7, {}, "Squares tried of each start (AutoAttack: 5000)"},
        {"p-init", "First square", "", 0.8, {}, 1e-6, 1.0, {}, "Share of the image that the first squares cover (AutoAttack)"},
        {"rescaled", "Schedule fits the queries", "", false, {}, {}, {}, {},
            "Squares shrink as in a run of 10 000 queries; on: by the share of the queries made (AutoAttack: off)"},
        {"restarts", "Starts", "", 1LL, {}, 1.0, 1000.0, {}, "Random starts; images already fooled take no further one"}};
    return info;
}

namespace {

/// Share of the image that the square of query `query` covers: halved at these queries of 10 000 (section 4.2).
double coveredShare(double initial, long long query)
{
    for (const long long last : {10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000}) {
        if (query <= last)
            break;
        initial /= 2;
    }
    return initial;
}

/// One start of each active image; images that are fooled leave.
class Search {
public:
    Search(AttackSession& session, double eps) : m_session(session), m_eps(eps) {}

    void run(long long queries, long long before, long long inAll);

private:
    [[nodiscard]] std::int64_t sideAt(long long query, long long queries) const;
    [[nodiscard]] at::Tensor proposal(std::int64_t side) const;
    void take(const at::Tensor& x, bool isFirst);

    AttackSession& m_session;
    double m_eps;
    at::Tensor m_x, m_margin; ///< best of each active image so far
};

std::int64_t Search::sideAt(long long query, long long queries) const
{
    const Params& parameters = m_session.parameters();
    const std::int64_t height = m_x.size(2), width = m_x.size(3);
    const auto scheduled = parameters.boolean("rescaled") ? query * 10000 / queries : query;
    const double area = coveredShare(parameters.real("p-init"), scheduled) * double(height * width);
    const auto side = std::int64_t(std::lround(std::sqrt(area)));
    // L2 squares have a centre.
    const std::int64_t wanted = m_session.norm() == Norm::L2 ? std::max<std::int64_t>(side, 3) | 1 : std::max<std::int64_t>(side, 1);
    return std::min({wanted, height, width});
}

at::Tensor Search::proposal(std::int64_t side) const
{
    if (m_session.norm() == Norm::Linf)
        return recoloured(m_x, m_session.x0(), m_session.uniform(2 + m_x.size(1)), side, m_eps);
    return moved(m_x, m_session.x0(), m_session.uniform(5 + m_x.size(1)), side, m_eps);
}

void Search::take(const at::Tensor& x, bool isFirst)
{
    const at::Tensor logits = m_session.logits(x);
    const Observation seen = m_session.judge(x, logits);
    if (isFirst) {
        m_x = x.clone(); // changed in place
        m_margin = seen.margin.value;
    } else {
        replaceRows(m_x, seen.margin.value.lt(m_margin), x);
        m_margin = at::minimum(seen.margin.value, m_margin);
    }
    if (!mayHoldAny(seen.isAdversarial))
        return;
    m_session.retire(seen.isAdversarial);
    if (const auto rows = m_session.compact()) {
        m_x = m_x.index_select(0, *rows);
        m_margin = m_margin.index_select(0, *rows);
    }
}

void Search::run(long long queries, long long before, long long inAll)
{
    take((m_session.x0() + m_eps * firstPattern(m_session)).clamp_(0, 1), true);
    for (long long query = 0; query < queries && m_session.rows() > 0 && !m_session.stopRequested(); ++query) {
        take(proposal(sideAt(query, queries)), false);
        m_session.progress(before + query + 1, inAll);
    }
}

} // namespace

/// Each image has squares of its own; the authors' code shares one among the images of a batch, and never places one at the
/// last row or column, which this does.
void squareAttack(AttackSession& session)
{
    const at::NoGradGuard noGrad;
    const auto queries = session.parameters().integer("queries");
    const auto restarts = session.parameters().integer("restarts");
    for (long long restart = 0; restart < restarts && session.rows() > 0 && !session.stopRequested(); ++restart)
        Search(session, session.eps()).run(queries, restart * queries, restarts * queries);
}

} // namespace brink
