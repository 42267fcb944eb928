// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image/histogrambrush.h"

#include "widgets/image/pixelimage.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace brink {

HistogramBrush::HistogramBrush(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
    setAccessibleName(tr("Histogram of the perturbation"));
    describe();
}

void HistogramBrush::setValues(const std::vector<float>& values)
{
    m_counts.fill(0);
    m_limit = 0;
    for (const float value : values)
        m_limit = std::max(m_limit, std::abs(double(value)));
    for (const float value : values) {
        const double place = m_limit > 0 ? (double(value) / m_limit + 1) / 2 : 0.5;
        ++m_counts[std::size_t(std::clamp(int(place * bins), 0, bins - 1))];
    }
    describe();
    update();
}

void HistogramBrush::clearBrush()
{
    m_brush.reset();
    describe();
    update();
}

std::optional<std::array<double, 2>> HistogramBrush::brush() const
{
    if (!m_brush)
        return std::nullopt;
    return std::array{lowEdge((*m_brush)[0]), lowEdge((*m_brush)[1] + 1)};
}

QRect HistogramBrush::plotRect() const { return rect().adjusted(2, 2, -2, -fontMetrics().height() - 1); }

int HistogramBrush::binAt(const QPointF& position) const
{
    const QRect plot = plotRect();
    return std::clamp(int(std::floor((position.x() - plot.left()) / plot.width() * bins)), 0, bins - 1);
}

double HistogramBrush::lowEdge(int bin) const { return m_limit * (2.0 * bin / bins - 1); }

void HistogramBrush::setBrush(std::optional<std::array<int, 2>> brush)
{
    if (brush == m_brush)
        return;
    m_brush = brush;
    describe();
    update();
    Q_EMIT brushed();
}

void HistogramBrush::describe()
{
    const QString how = tr("How many pixels changed by how much (counts on a logarithmic scale). Drag over a range to light up its pixels; Esc ends it.");
    const auto range = brush();
    const QString lit = range ? tr("Lit: changes from %1 to %2.").arg(QLocale().toString((*range)[0], 'g', 2), QLocale().toString((*range)[1], 'g', 2)) : QString();
    setToolTip(lit.isEmpty() ? how : lit + QLatin1Char('\n') + how);
    setAccessibleDescription(toolTip());
}

void HistogramBrush::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect plot = plotRect();
    const int most = std::ranges::max(m_counts);
    const double width = double(plot.width()) / bins;
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    for (int bin = 0; bin < bins && most > 0; ++bin) {
        const int count = m_counts[std::size_t(bin)];
        if (count == 0)
            continue;
        const double height = std::max(1.0, plot.height() * std::log1p(count) / std::log1p(most));
        const QRectF bar(plot.left() + bin * width, plot.bottom() + 1 - height, std::max(1.0, width - 0.5), height);
        // Zero would be white on white: the colours start a little beside it.
        const double strength = (2.0 * bin + 1) / bins - 1;
        QColor colour = QColor(signedColour(strength == 0 ? 0 : std::copysign(0.35 + 0.65 * std::abs(strength), strength)));
        if (bin == bins / 2)
            colour = palette().color(QPalette::Mid);
        const bool isLit = !m_brush || (bin >= (*m_brush)[0] && bin <= (*m_brush)[1]);
        colour.setAlphaF(isLit ? 1.0 : 0.3);
        painter.fillRect(bar, colour);
    }
    if (m_brush) {
        const QRectF range(plot.left() + (*m_brush)[0] * width, plot.top(), ((*m_brush)[1] - (*m_brush)[0] + 1) * width, plot.height());
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRect(range);
    }
    painter.setPen(palette().color(hasFocus() ? QPalette::Highlight : QPalette::WindowText));
    const QRect words = rect().adjusted(2, plot.bottom() + 1, -2, 0);
    const QString limit = QLocale().toString(m_limit, 'g', 2);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignBottom, QStringLiteral("−%1").arg(limit));
    painter.drawText(words, Qt::AlignHCenter | Qt::AlignBottom, tr("change"));
    painter.drawText(words, Qt::AlignRight | Qt::AlignBottom, QStringLiteral("+%1").arg(limit));
}

void HistogramBrush::mousePressEvent(QMouseEvent* event)
{
    const int bin = binAt(event->position());
    const bool isInside = m_brush && bin >= (*m_brush)[0] && bin <= (*m_brush)[1];
    m_movedFrom = isInside ? std::optional(bin) : std::nullopt;
    m_anchor = isInside ? std::nullopt : std::optional(bin);
    if (!isInside)
        setBrush(std::nullopt);
}

void HistogramBrush::mouseMoveEvent(QMouseEvent* event)
{
    const int bin = binAt(event->position());
    if (m_anchor) {
        setBrush(std::array{std::min(*m_anchor, bin), std::max(*m_anchor, bin)});
    } else if (m_movedFrom && m_brush) {
        const int step = std::clamp(bin - *m_movedFrom, -(*m_brush)[0], bins - 1 - (*m_brush)[1]);
        m_movedFrom = *m_movedFrom + step;
        setBrush(std::array{(*m_brush)[0] + step, (*m_brush)[1] + step});
    }
}

void HistogramBrush::mouseReleaseEvent(QMouseEvent*)
{
    m_anchor.reset();
    m_movedFrom.reset();
}

void HistogramBrush::keyPressEvent(QKeyEvent* event)
{
    const int step = event->key() == Qt::Key_Left ? -1 : event->key() == Qt::Key_Right ? 1 : 0;
    if (event->key() == Qt::Key_Escape && m_brush)
        return setBrush(std::nullopt);
    if (step == 0)
        return QWidget::keyPressEvent(event);
    if (!m_brush) // the strongest changes first, on the side asked for
        return setBrush(step > 0 ? std::array{bins - 1, bins - 1} : std::array{0, 0});
    auto [first, last] = *m_brush;
    if (event->modifiers() & Qt::ShiftModifier)
        last = std::clamp(last + step, first, bins - 1);
    else if (first + step >= 0 && last + step < bins) {
        first += step;
        last += step;
    }
    setBrush(std::array{first, last});
}

} // namespace brink
