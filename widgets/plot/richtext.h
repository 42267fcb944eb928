// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QPointF>
#include <QSizeF>
#include <QString>

class QPainter;

namespace brink {

/// Figure text: several lines, and "_{c}" for a subscript. Stays text in SVG and PDF.
[[nodiscard]] QSizeF richTextSize(const QString& text, const QFont& font);
/// Draws with the painter's pen; `topLeft` of the box richTextSize() gives. @param alignment Qt::AlignLeft, AlignRight or AlignHCenter
/// of lines within the box.
void drawRichText(QPainter& painter, QPointF topLeft, const QString& text, const QFont& font, Qt::Alignment alignment = Qt::AlignLeft);
/// The text with line breaks at spaces so that no line is wider, as far as words allow.
[[nodiscard]] QString wrappedText(const QString& text, const QFont& font, double width);

} // namespace brink
