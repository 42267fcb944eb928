// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineF>
#include <QPolygonF>
#include <QRectF>

#include <optional>
#include <vector>

namespace brink {

/// The part of a line inside the rectangle, its direction kept (Liang and Barsky 1984); absent when it passes by.
[[nodiscard]] std::optional<QLineF> cutLine(const QLineF& line, const QRectF& rect);
/// The pieces of an open line inside, in order.
[[nodiscard]] std::vector<QPolygonF> cutPolyline(const QPolygonF& line, const QRectF& rect);
/// The part of an area inside (Sutherland and Hodgman 1974); empty when there is none.
[[nodiscard]] QPolygonF cutPolygon(const QPolygonF& polygon, const QRectF& rect);

} // namespace brink
