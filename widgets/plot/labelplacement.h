// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineF>
#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <optional>
#include <span>
#include <vector>

namespace brink {

/// One way to place a label: where, how far from ideal (in font heights), and the leader line back to what it names.
struct LabelCandidate {
    QRectF box;
    double cost = 0;
    std::optional<QLineF> leader;
};

/// What a label should not cover; weight 1 is a marker, less for what may be crossed at need.
struct LabelObstacle {
    QRectF box;
    double weight = 1;
};

/// Candidates around a point: straight above, then lanes further up and below, shifted sideways, with a leader
/// line where the label is not next to its point.
/// @param gap between point and nearest label; @param lineHeight of one text line; both in device units.
/// @param neighbours points with labels of their own; standing over one costs, since its leader line has to pass.
[[nodiscard]] std::vector<LabelCandidate> candidatesAround(QPointF anchor, QSizeF size, double gap, double lineHeight,
    std::span<const QPointF> neighbours = {});

/// Chooses one candidate a label so that labels overlap neither each other, nor obstacles, nor the border, nor
/// leader lines, at the least cost; greedy, then improved by exchange. Deterministic.
/// @return for each label the index of its candidate. @pre every label has candidates.
[[nodiscard]] std::vector<std::size_t> placeLabels(const std::vector<std::vector<LabelCandidate>>& labels,
    const std::vector<LabelObstacle>& obstacles, const QRectF& bounds);

} // namespace brink
