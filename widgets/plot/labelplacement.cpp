// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/labelplacement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace brink {

namespace {

// Costs in font heights of displacement: how far a label may move to avoid each of these.
constexpr double overlapCost = 1000;
constexpr double outsideCost = 3000;
constexpr double obstacleCost = 200;
constexpr double leaderThroughLabelCost = 100;
constexpr double leaderThroughObstacleCost = 12;
constexpr double crossedLeadersCost = 40;
constexpr int sweeps = 4;

bool crosses(const QLineF& a, const QLineF& b) { return a.intersects(b, nullptr) == QLineF::BoundedIntersection; }

bool crosses(const QLineF& line, const QRectF& box)
{
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

std::vector<LabelCandidate> candidatesAround(QPointF anchor, QSizeF size, double gap, double lineHeight)
{
    constexpr std::array shifts{0.0, -0.25, 0.25, -0.5, 0.5, -0.75, 0.75, -1.0, 1.0, -1.4, 1.4, -1.9, 1.9};
    constexpr int lanes = 8;
    std::vector<LabelCandidate> candidates;
    const auto add = [&](double centreX, double top, double extra) {
        const QRectF box(QPointF(centreX - size.width() / 2, top), size);
        const QPointF nearest(std::clamp(anchor.x(), box.left() + 0.2 * lineHeight, box.right() - 0.2 * lineHeight),
            anchor.y() < box.top() ? box.top() : anchor.y() > box.bottom() ? box.bottom() : anchor.y());
        const double distance = std::hypot(nearest.x() - anchor.x(), nearest.y() - anchor.y());
        LabelCandidate candidate{box, distance / lineHeight + extra, std::nullopt};
        if (distance > 1.5 * gap) {
            const QLineF whole(anchor, nearest);
            candidate.leader = QLineF(whole.pointAt(std::min(0.9, 0.7 * gap / distance)), nearest);
        }
        candidates.push_back(candidate);
    };
    for (int lane = 0; lane < lanes; ++lane) {
        for (const double shift : shifts) {
            const double x = anchor.x() + shift * size.width();
            const double offCentre = 0.4 * std::abs(shift);
            add(x, anchor.y() - gap - size.height() - lane * 0.6 * lineHeight, offCentre);
            add(x, anchor.y() + gap + lane * 0.6 * lineHeight, offCentre + 0.3);
        }
    }
    const double beside = gap + size.width() / 2;
    add(anchor.x() + beside, anchor.y() - size.height() / 2, 0.2);
    add(anchor.x() - beside, anchor.y() - size.height() / 2, 0.25);
    return candidates;
}

std::vector<std::size_t> placeLabels(const std::vector<std::vector<LabelCandidate>>& labels, const std::vector<LabelObstacle>& obstacles,
    const QRectF& bounds)
{
    std::vector<std::vector<double>> own(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i)
        for (const LabelCandidate& candidate : labels[i])
            own[i].push_back(ownCost(candidate, obstacles, bounds));

    std::vector<std::size_t> chosen(labels.size(), std::numeric_limits<std::size_t>::max());
    const auto best = [&](std::size_t i) {
        std::size_t bestCandidate = 0;
        double bestCost = std::numeric_limits<double>::infinity();
        for (std::size_t k = 0; k < labels[i].size(); ++k) {
            double cost = own[i][k];
            for (std::size_t j = 0; j < labels.size() && cost < bestCost; ++j)
                if (j != i && chosen[j] < labels[j].size())
                    cost += pairCost(labels[i][k], labels[j][chosen[j]]);
            if (cost < bestCost) {
                bestCost = cost;
                bestCandidate = k;
            }
        }
        return bestCandidate;
    };
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        const std::vector<std::size_t> before = chosen;
        for (std::size_t i = 0; i < labels.size(); ++i)
            chosen[i] = best(i);
        if (chosen == before)
            break;
    }
    return chosen;
}

} // namespace brink
