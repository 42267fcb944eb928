// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/marginthreshold.h"

#include "app/qtext.h"
#include "core/base/text.h"
#include "widgets/plot/draghandle.h"
#include "widgets/plot/figureview.h"

#include <QEvent>
#include <QFrame>

#include <algorithm>
#include <array>

namespace brink {

MarginThreshold::MarginThreshold(FigureView* view, QObject* parent)
    : QObject(parent), m_view(view),
      m_handle(new DragHandle(DragHandle::Sign::Level, tr("Threshold of the score"),
          tr("Drag up or down, or press the arrow keys: images below are called brittle"), view->plotWidget())),
      m_line(new QFrame(view->plotWidget()))
{
    m_line->setFrameShape(QFrame::HLine);
    m_line->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_line->hide();
    m_handle->hide();
    view->plotWidget()->installEventFilter(this);
    connect(view, &FigureView::zoomEdited, this, &MarginThreshold::place);
    connect(view, &FigureView::zoomReset, this, &MarginThreshold::place);
    connect(m_handle, &DragHandle::dragStarted, this, [this] {
        m_isDragging = true;
        m_from = m_value.value_or(0);
    });
    connect(m_handle, &DragHandle::dragged, this, [this](QPointF way) { moveTo(m_from + scoreOf(-way.y())); });
    connect(m_handle, &DragHandle::dragEnded, this, [this] {
        m_isDragging = false;
        place();
        if (m_value)
            Q_EMIT chosen(*m_value);
    });
    connect(m_handle, &DragHandle::stepped, this, [this](QPointF direction) {
        constexpr double pixelsPerStep = 4;
        moveTo(m_value.value_or(0) + scoreOf(pixelsPerStep * (direction.x() - direction.y())));
        Q_EMIT chosen(*m_value);
    });
}

void MarginThreshold::show(const MarginDrawing& drawing)
{
    const MarginModel* single = drawing.models.size() == 1 ? &drawing.models.front() : nullptr;
    m_counts.reset();
    if (single) {
        m_panel = "model " + std::to_string(single->model);
        m_score = qtext(marginScoreLabel(drawing.selection.margins.score));
        m_counts.emplace(single->points, epsOf(drawing.selection.margins));
    }
    if (!m_isDragging)
        m_value = single ? single->threshold : std::nullopt;
    place();
}

/// How much score so many pixels upwards are.
double MarginThreshold::scoreOf(double pixelsUp) const
{
    if (!m_counts)
        return 0;
    const std::array<double, 4> ranges = m_view->ranges(m_panel);
    const double height = m_view->pixelOf(m_panel, ranges[0], ranges[2]).y() - m_view->pixelOf(m_panel, ranges[0], ranges[3]).y();
    return height > 0 ? pixelsUp / height * (ranges[3] - ranges[2]) : 0;
}

void MarginThreshold::moveTo(double value)
{
    m_value = value;
    place();
    Q_EMIT moved();
}

void MarginThreshold::place()
{
    const bool isShown = m_counts && m_value && m_view->figure();
    m_handle->setVisible(isShown);
    m_line->setVisible(isShown && m_isDragging);
    if (!isShown)
        return;
    const std::array<double, 4> ranges = m_view->ranges(m_panel);
    const double score = std::clamp(*m_value, ranges[2], ranges[3]);
    const auto onPlot = [&](double x) { return m_view->plotWidget()->mapFrom(m_view, m_view->pixelOf(m_panel, x, score).toPoint()); };
    const QPoint left = onPlot(ranges[0]), right = onPlot(ranges[1]);
    m_handle->moveTo(right);
    m_line->setGeometry(left.x(), left.y() - 1, right.x() - left.x(), 2);
}

QString MarginThreshold::countsText() const
{
    if (!m_counts || !m_value)
        return {};
    const ThresholdCounts counts = m_counts->at(*m_value);
    return tr("%1 up to %2 finds %3 of %4 brittle images; %5 of %6 others are false alarms")
        .arg(m_score, qtext(formatReal(*m_value)))
        .arg(counts.found).arg(counts.found + counts.missed).arg(counts.falseAlarms).arg(counts.falseAlarms + counts.passed);
}

bool MarginThreshold::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest || event->type() == QEvent::Show)
        QMetaObject::invokeMethod(this, &MarginThreshold::place, Qt::QueuedConnection); // once the plot has its new places
    return QObject::eventFilter(watched, event);
}

} // namespace brink
