// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/labelplacement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace brink {

namespace {

// Costs in font heights of displacement: how far a label may move to avoid each of these.
constexpr double overlapCost = 1000;
constexpr double outsideCost = 3000;
constexpr double obstacleCost = 200;
constexpr double leaderThroughLabelCost = 300;
constexpr double leaderThroughObstacleCost = 40;
constexpr double slantCost = 1.5;
constexpr double blockedNeighbourCost = 4;
constexpr double crossedLeadersCost = 40;
constexpr int sweeps = 4;
constexpr int shuffledOrders = 8;
constexpr int shakes = 200;
constexpr std::size_t shakenAtOnce = 4;

/// Most pairs are far apart, and this is asked of all.
bool areApart(const QLineF& line, double left, double right, double top, double bottom)
{
    return std::max(line.x1(), line.x2()) < left || std::min(line.x1(), line.x2()) > right || std::max(line.y1(), line.y2()) < top
        || std::min(line.y1(), line.y2()) > bottom;
}

bool crosses(const QLineF& a, const QLineF& b)
{
    if (areApart(a, std::min(b.x1(), b.x2()), std::max(b.x1(), b.x2()), std::min(b.y1(), b.y2()), std::max(b.y1(), b.y2())))
        return false;
    return a.intersects(b, nullptr) == QLineF::BoundedIntersection;
}

bool crosses(const QLineF& line, const QRectF& box)
{
    if (areApart(line, box.left(), box.right(), box.top(), box.bottom()))
        return false;
    return box.contains(line.p1()) || box.contains(line.p2()) || crosses(line, QLineF(box.topLeft(), box.bottomRight()))
        || crosses(line, QLineF(box.topRight(), box.bottomLeft()));
}

double outsideShare(const QRectF& box, const QRectF& bounds)
{
    const QRectF inside = box & bounds;
    return 1 - inside.width() * inside.height() / std::max(1e-9, box.width() * box.height());
}

double ownCost(const LabelCandidate& candidate, const std::vector<LabelObstacle>& obstacles, const QRectF& bounds)
{
    double cost = candidate.cost;
    const double outside = outsideShare(candidate.box, bounds);
    if (outside > 1e-6)
        cost += outsideCost * (0.2 + outside);
    for (const LabelObstacle& obstacle : obstacles) {
        if (candidate.box.intersects(obstacle.box))
            cost += obstacleCost * obstacle.weight;
        if (candidate.leader) {
            // The leader starts beside its own marker, so only what lies on its way counts.
            const QLineF way(candidate.leader->pointAt(0.1), candidate.leader->p2());
            if (crosses(way, obstacle.box))
                cost += leaderThroughObstacleCost * obstacle.weight;
        }
    }
    return cost;
}

double pairCost(const LabelCandidate& a, const LabelCandidate& b)
{
    double cost = 0;
    if (a.box.intersects(b.box))
        cost += overlapCost;
    if (a.leader && crosses(*a.leader, b.box))
        cost += leaderThroughLabelCost;
    if (b.leader && crosses(*b.leader, a.box))
        cost += leaderThroughLabelCost;
    if (a.leader && b.leader && crosses(*a.leader, *b.leader))
        cost += crossedLeadersCost;
    return cost;
}

} // namespace

std::vector<LabelCandidate> candidatesAround(QPointF anchor, QSizeF size, double gap, double lineHeight, std::span<const QPointF> neighbours)
{
    constexpr std::array shifts{0.0, -0.25, 0.25, -0.5, 0.5, -0.75, 0.75, -1.0, 1.0, -1.3, 1.3, -1.6, 1.6, -2.0, 2.0, -2.5, 2.5};
    constexpr int lanes = 12;
    std::vector<LabelCandidate> candidates;
    const auto add = [&](double centreX, double top, double extra) {
        const QRectF box(QPointF(centreX - size.width() / 2, top), size);
        const QPointF nearest(std::clamp(anchor.x(), box.left(), box.right()),
            anchor.y() < box.top() ? box.top() : anchor.y() > box.bottom() ? box.bottom() : anchor.y());
        const double distance = std::hypot(nearest.x() - anchor.x(), nearest.y() - anchor.y());
        // Steep leader lines are easier to follow than flat ones, and cross fewer neighbours.
        const double slant = slantCost * std::abs(nearest.x() - anchor.x());
        LabelCandidate candidate{box, (distance + slant) / lineHeight + extra, std::nullopt};
        if (distance > 1.5 * gap) {
            const QLineF whole(anchor, nearest);
            candidate.leader = QLineF(whole.pointAt(std::min(0.9, 0.7 * gap / distance)), nearest);
        }
        for (const QPointF& neighbour : neighbours)
            if (neighbour != anchor && neighbour.x() > box.left() && neighbour.x() < box.right())
                candidate.cost += blockedNeighbourCost;
        candidates.push_back(candidate);
    };
    for (int lane = 0; lane < lanes; ++lane) {
        for (const double shift : shifts) {
            const double x = anchor.x() + shift * size.width();
            const double offCentre = 0.4 * std::abs(shift);
            add(x, anchor.y() - gap - size.height() - lane * 0.6 * lineHeight, offCentre);
            add(x, anchor.y() + gap + lane * 0.6 * lineHeight, offCentre + 3);
        }
        // Beside the point's vertical: a staircase of these has leader lines that cannot cross.
        const double aside = 0.35 * lineHeight + size.width() / 2;
        add(anchor.x() - aside, anchor.y() - gap - size.height() - lane * 0.6 * lineHeight, 0.2);
        add(anchor.x() + aside, anchor.y() - gap - size.height() - lane * 0.6 * lineHeight, 0.2);
    }
    const double beside = gap + size.width() / 2;
    add(anchor.x() + beside, anchor.y() - size.height() / 2, 0.2);
    add(anchor.x() - beside, anchor.y() - size.height() / 2, 0.25);
    return candidates;
}

namespace {

/// Labels with the costs of each candidate by itself, the cheap candidates first.
class Placement {
public:
    Placement(const std::vector<std::vector<LabelCandidate>>& labels, const std::vector<LabelObstacle>& obstacles, const QRectF& bounds)
        : m_labels(labels), m_own(labels.size()), m_order(labels.size())
    {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            for (const LabelCandidate& candidate : labels[i])
                m_own[i].push_back(ownCost(candidate, obstacles, bounds));
            m_order[i].resize(labels[i].size());
            std::iota(m_order[i].begin(), m_order[i].end(), std::size_t(0));
            std::ranges::stable_sort(m_order[i], {}, [&](std::size_t k) { return m_own[i][k]; });
        }
    }

    /// Greedy in the given order of labels, then improved one label at a time until nothing changes.
    [[nodiscard]] std::vector<std::size_t> solve(const std::vector<std::size_t>& sequence) const
    {
        std::vector<std::size_t> chosen(m_labels.size(), unplaced);
        for (int sweep = 0; sweep < sweeps; ++sweep) {
            const std::vector<std::size_t> before = chosen;
            for (const std::size_t i : sequence)
                chosen[i] = best(i, chosen);
            if (chosen == before)
                break;
        }
        return chosen;
    }

    /// Takes up two labels at a time and puts them down again in the other order, as long as that helps: moving one at a time
    /// gets stuck where two would have to trade places.
    void trade(std::vector<std::size_t>& chosen) const
    {
        double least = cost(chosen);
        for (std::size_t i = 0; i < chosen.size(); ++i)
            for (std::size_t j = 0; j < chosen.size(); ++j) {
                if (i == j)
                    continue;
                std::vector<std::size_t> traded = chosen;
                traded[i] = traded[j] = unplaced;
                traded[i] = best(i, traded);
                traded[j] = best(j, traded);
                if (const double tradedCost = cost(traded); tradedCost < least - 1e-9) {
                    least = tradedCost;
                    chosen = std::move(traded);
                }
            }
    }

    /// Takes up a few labels at a time and puts them down in any order, as long as that helps: what trading two does not mend.
    void shake(std::vector<std::size_t>& chosen, std::minstd_rand& engine) const
    {
        double least = cost(chosen);
        std::vector<std::size_t> sequence(chosen.size());
        std::iota(sequence.begin(), sequence.end(), std::size_t(0));
        for (int i = 0; i < shakes; ++i) {
            std::ranges::shuffle(sequence, engine);
            const std::span<const std::size_t> taken(sequence.data(), std::min(shakenAtOnce, sequence.size()));
            std::vector<std::size_t> shaken = chosen;
            for (const std::size_t k : taken)
                shaken[k] = unplaced;
            for (const std::size_t k : taken)
                shaken[k] = best(k, shaken);
            if (const double shakenCost = cost(shaken); shakenCost < least - 1e-9) {
                least = shakenCost;
                chosen = std::move(shaken);
            }
        }
    }

    [[nodiscard]] double cost(const std::vector<std::size_t>& chosen) const
    {
        double total = 0;
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            total += m_own[i][chosen[i]];
            for (std::size_t j = 0; j < i; ++j)
                total += pairCost(m_labels[i][chosen[i]], m_labels[j][chosen[j]]);
        }
        return total;
    }

private:
    static constexpr std::size_t unplaced = std::numeric_limits<std::size_t>::max();

    [[nodiscard]] std::size_t best(std::size_t i, const std::vector<std::size_t>& chosen) const
    {
        std::size_t bestCandidate = 0;
        double bestCost = std::numeric_limits<double>::infinity();
        for (const std::size_t k : m_order[i]) {
            double cost = m_own[i][k];
            if (cost >= bestCost)
                break; // and so are all that follow
            for (std::size_t j = 0; j < m_labels.size() && cost < bestCost; ++j)
                if (j != i && chosen[j] != unplaced)
                    cost += pairCost(m_labels[i][k], m_labels[j][chosen[j]]);
            if (cost < bestCost) {
                bestCost = cost;
                bestCandidate = k;
            }
        }
        return bestCandidate;
    }

    const std::vector<std::vector<LabelCandidate>>& m_labels;
    std::vector<std::vector<double>> m_own;
    std::vector<std::vector<std::size_t>> m_order;
};

} // namespace

std::vector<std::size_t> placeLabels(const std::vector<std::vector<LabelCandidate>>& labels, const std::vector<LabelObstacle>& obstacles,
    const QRectF& bounds)
{
    const Placement placement(labels, obstacles, bounds);
    std::vector<std::size_t> sequence(labels.size());
    std::iota(sequence.begin(), sequence.end(), std::size_t(0));
    // Which label goes first decides much of a greedy layout: as given, then left to right and back.
    std::vector<std::vector<std::size_t>> sequences{sequence};
    std::ranges::stable_sort(sequence, {}, [&](std::size_t i) { return labels[i].front().box.center().x(); });
    sequences.push_back(sequence);
    std::ranges::reverse(sequence);
    sequences.push_back(sequence);
    // From outside in: the outermost take the lowest lanes, as on a staircase.
    std::vector<std::size_t> outsideIn;
    for (std::size_t i = 0; i < sequence.size(); ++i)
        outsideIn.push_back(i % 2 == 0 ? sequence[i / 2] : sequence[sequence.size() - 1 - i / 2]);
    sequences.push_back(outsideIn);
    // A few more in no order at all, the same ones every time.
    std::minstd_rand engine(1);
    for (int i = 0; i < shuffledOrders && labels.size() > 2; ++i) {
        std::ranges::shuffle(sequence, engine);
        sequences.push_back(sequence);
    }
    std::vector<std::size_t> best;
    double bestCost = std::numeric_limits<double>::infinity();
    for (const auto& order : sequences) {
        std::vector<std::size_t> chosen = placement.solve(order);
        if (const double cost = placement.cost(chosen); cost < bestCost || best.empty()) {
            bestCost = cost;
            best = std::move(chosen);
        }
    }
    placement.trade(best);
    if (labels.size() > 2)
        placement.shake(best, engine);
    return best;
}

} // namespace brink
