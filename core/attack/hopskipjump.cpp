// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"

#include <algorithm>
#include <cmath>

namespace brink {

AttackInfo hopskipjumpInfo()
{
    AttackInfo info;
    info.name = "hop-skip-jump";
    info.label = "HopSkipJump";
    info.summary = "Walks along the boundary by decisions alone: estimates its normal from random probes, jumps outwards, searches back.";
    info.source = "Chen, Jordan and Wainwright 2020, arXiv 1904.02144, algorithm 2";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::L2, Norm::Linf};
    info.parameters = {stepsParameter(50, 10, "the authors' code: up to 40, ART 50, Foolbox 64"),
        {"evaluations", "First probes", "", 100LL, 50LL, 2.0, 1e6, {}, "Probes of the first normal; times the root of the step in later ones (the authors' code)"},
        {"most-evaluations", "Most probes", "", 10000LL, 1000LL, 2.0, 1e7, {}, "Of one normal (the authors' code)"},
        {"gamma", "Precision", "", 1.0, {}, 1e-3, 1e4, {}, "Distance of probes and end of the searches, times a power of the dimension (the authors' code)"},
        {"start-tries", "Tries for a start", "", 100LL, {}, 1.0, 1e6, {},
            "Noise images, of single pixels up to one colour, tried as a start; without one of another class the image is given up"},
        restartsParameter()};
    return info;
}

namespace {

/// Probes evaluated at once; fixed, so that no sum depends on batch mates.
constexpr std::int64_t blockSize = 16;
constexpr double firstReach = 0.1; ///< L2 length of the first probes
/// Least change of a value by a probe, about: a few units in the last place of 1.
constexpr double leastChange = 2e-6;
constexpr int mostHalvings = 15; ///< of a jump that leads back into the class
/// Of a search back to the boundary; 20 is where float32 ends.
constexpr int fewestRounds = 10, mostRounds = 20;

/// Uniform noise [n,C,H,W] in squares of `side` equal pixels.
at::Tensor inSquares(const at::Tensor& noise, std::int64_t side)
{
    const auto coarse = [side](const at::Tensor& values, std::int64_t dim) {
        const std::int64_t length = values.size(dim);
        return values.slice(dim, 0, length, side).repeat_interleave(side, dim).narrow(dim, 0, length);
    };
    return side == 1 ? noise : coarse(coarse(noise, 2), 3);
}

class Walk {
public:
    explicit Walk(AttackSession& session)
        : m_session(session), m_dimension(double(session.x0().numel() / session.rows())), m_gamma(session.parameters().real("gamma"))
    {
    }

    void run()
    {
        findStart();
        if (m_session.rows() == 0 || m_session.stopRequested())
            return;
        approach();
        const auto steps = m_session.parameters().integer("steps");
        for (long long step = 0; step < steps && !m_session.stopRequested(); ++step) {
            jump(direction(step), step);
            approach();
            m_session.progress(step + 1, steps);
        }
    }

private:
    /// Decisions for some rows [m] of x [m,...] alone.
    [[nodiscard]] at::Tensor isOutside(const at::Tensor& rows, const at::Tensor& x) const
    {
        const at::Tensor logits = m_session.logitsOf(rows, x);
        return isBelowBoundary(m_session.anchors().select(rows).margin(logits).value, logits, m_session.confidence().index_select(0, rows));
    }

    /// The first noise that is adversarial: single pixels, as in the authors' code, then squares of twice the side, up to one
    /// colour, and so on again. Fine noise alone is of one and the same class for most nets. Images without a start are given up.
    void findStart()
    {
        m_x = m_session.x0();
        at::Tensor isFound = m_session.full(0).to(at::kBool);
        const auto tries = m_session.parameters().integer("start-tries");
        std::int64_t side = 1;
        for (long long i = 0; i < tries && !m_session.stopRequested(); ++i) {
            const at::Tensor noise = inSquares(m_session.uniform(), side);
            side = side < std::max(m_x.size(2), m_x.size(3)) ? 2 * side : 1;
            const at::Tensor rows = isFound.logical_not().nonzero().squeeze(1);
            if (rows.size(0) == 0) // the draws go on, so that later ones do not depend on batch mates
                continue;
            const at::Tensor mine = noise.index_select(0, rows), isHit = isOutside(rows, mine);
            const at::Tensor hit = rows.masked_select(isHit);
            m_x = m_x.index_copy(0, hit, mine.index_select(0, isHit.nonzero().squeeze(1)));
            isFound = isFound.index_fill(0, hit, true);
        }
        m_session.observe(m_x, m_session.logits(m_x));
        m_session.retire(isFound.logical_not());
        if (const auto rows = m_session.compact())
            m_x = m_x.index_select(0, *rows);
    }

    /// A share of the way from the clean image: along it in L2, by cutting every value in Linf.
    [[nodiscard]] at::Tensor shareOfWay(const at::Tensor& share) const
    {
        const at::Tensor& x0 = m_session.x0();
        const at::Tensor way = m_x - x0;
        if (m_session.norm() == Norm::L2)
            return (x0 + way * perRow(share, way)).clamp_(0, 1);
        return (x0 + m_session.metric().project(way, share * m_session.metric().length(way))).clamp_(0, 1);
    }

    /// Searches back to the boundary; the point just outside it is the next iterate.
    void approach()
    {
        const double precision = std::pow(m_dimension, m_session.norm() == Norm::L2 ? 1.5 : 2.0) / m_gamma;
        const int rounds = std::clamp(int(std::ceil(std::log2(precision))), fewestRounds, mostRounds);
        at::Tensor inside = m_session.full(0), outside = m_session.full(1);
        for (int round = 0; round < rounds && !m_session.stopRequested(); ++round) {
            const at::Tensor share = (inside + outside) / 2;
            const at::Tensor x = shareOfWay(share);
            const at::Tensor isOut = m_session.measure(x, m_session.logits(x)).isAdversarial;
            outside = at::where(isOut, share, outside);
            inside = at::where(isOut, inside, share);
        }
        m_x = shareOfWay(outside);
        m_session.observe(m_x, m_session.logits(m_x));
    }

    /// Monte Carlo estimate of the boundary's normal (equations 9 and 16), as a direction of length 1.
    [[nodiscard]] at::Tensor direction(long long step) const
    {
        const at::Tensor distance = m_session.metric().length(m_x - m_session.x0());
        const at::Tensor reach = step == 0 ? m_session.full(firstReach) : (distance * (m_gamma / m_dimension)).clamp_min(leastChange * std::sqrt(m_dimension));
        const auto& parameters = m_session.parameters();
        const auto wanted = static_cast<long long>(double(parameters.integer("evaluations")) * std::sqrt(double(step + 1)));
        const auto probes = std::min(wanted, parameters.integer("most-evaluations"));
        at::Tensor sum = at::zeros_like(m_x), weighted = at::zeros_like(m_x), outside = m_session.full(0);
        for (long long done = 0; done < probes && !m_session.stopRequested(); done += blockSize)
            probe(std::min<std::int64_t>(blockSize, probes - done), reach, sum, weighted, outside);
        // The mean decision is taken off, which lowers the variance where most probes fall on one side.
        const at::Tensor mean = 2 * outside / double(probes) - 1;
        const at::Tensor isOneSided = mean.abs().ge(1);
        const at::Tensor estimate = weighted - at::where(perRow(isOneSided, sum), at::zeros_like(sum), sum * perRow(mean, sum));
        return m_session.metric().steepest(estimate);
    }

    void probe(std::int64_t m, const at::Tensor& reach, at::Tensor& sum, at::Tensor& weighted, at::Tensor& outside) const
    {
        std::vector<at::Tensor> drawn;
        for (std::int64_t i = 0; i < m; ++i) {
            const at::Tensor raw = m_session.norm() == Norm::L2 ? m_session.normal() : m_session.uniform() * 2 - 1;
            drawn.push_back(raw / perRow(DistanceMetric(Norm::L2).length(raw).clamp_min(1e-12), raw));
        }
        const at::Tensor index = at::arange(m_session.rows(), m_x.options().dtype(at::kLong)).repeat_interleave(m);
        const at::Tensor centre = m_x.repeat_interleave(m, 0), far = perRow(reach, m_x).repeat_interleave(m, 0);
        const at::Tensor x = (centre + at::stack(drawn, 1).flatten(0, 1) * far).clamp_(0, 1);
        const at::Tensor taken = (x - centre) / far; // what the box left of the probe
        const at::Tensor logits = m_session.logits(x);
        const at::Tensor isOut = isBelowBoundary(
            m_session.anchors().select(index).margin(logits).value, logits, m_session.confidence().repeat_interleave(m));
        const auto perImage = [&](const at::Tensor& values) { return values.unflatten(0, {m_session.rows(), m}).sum(1); };
        const at::Tensor decision = isOut.to(x.scalar_type()) * 2 - 1;
        sum = sum + perImage(taken);
        weighted = weighted + perImage(taken * perRow(decision, taken));
        outside = outside + perImage(isOut.to(x.scalar_type()));
    }

    /// As far along the direction as stays outside: distance/root of the step, halved until it does (section 4.2).
    void jump(const at::Tensor& direction, long long step)
    {
        at::Tensor length = m_session.metric().length(m_x - m_session.x0()) / std::sqrt(double(step + 1));
        at::Tensor rows = at::arange(m_session.rows(), m_x.options().dtype(at::kLong));
        at::Tensor next = m_x;
        for (int halving = 0; halving < mostHalvings && rows.size(0) > 0 && !m_session.stopRequested(); ++halving) {
            const at::Tensor from = m_x.index_select(0, rows);
            const at::Tensor x = (from + direction.index_select(0, rows) * perRow(length.index_select(0, rows), from)).clamp_(0, 1);
            const at::Tensor isOut = isOutside(rows, x);
            next = next.index_copy(0, rows.masked_select(isOut), x.index_select(0, isOut.nonzero().squeeze(1)));
            rows = rows.masked_select(isOut.logical_not());
            length = length / 2;
        }
        m_x = next;
    }

    AttackSession& m_session;
    double m_dimension, m_gamma;
    at::Tensor m_x; ///< outside the class, each row
};

} // namespace

/// Deviations: starts of coarser noise; a search back of a fixed number of halvings, as fine as the authors' threshold as far as
/// float32 goes; and probes that change the values by no less than float32 tells apart. A further start is another noise image.
void hopskipjumpAttack(AttackSession& session)
{
    const at::NoGradGuard noGrad;
    withRestarts(session, [&session](const at::Tensor&) { Walk(session).run(); });
}

} // namespace brink
