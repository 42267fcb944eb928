// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/elidedlabel.h"

#include <QPainter>

namespace brink {

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent) : QLabel(text, parent)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void ElidedLabel::setShortText(const QString& text)
{
    m_shortText = text;
    update();
}

QSize ElidedLabel::minimumSizeHint() const { return {0, QLabel::minimumSizeHint().height()}; }

void ElidedLabel::paintEvent(QPaintEvent*)
{
    const int room = contentsRect().width();
    const bool fits = m_shortText.isEmpty() || fontMetrics().horizontalAdvance(text()) <= room;
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(contentsRect(), int(alignment()), fontMetrics().elidedText(fits ? text() : m_shortText, Qt::ElideRight, room));
}

} // namespace brink
