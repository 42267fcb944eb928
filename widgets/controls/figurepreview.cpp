// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/figurepreview.h"

#include "core/base/error.h"
#include "widgets/controls/uitheme.h"

#include <QLocale>
#include <QPainter>
#include <QTimer>

#include <algorithm>

namespace brink {

namespace {

constexpr int delayMs = 60;
constexpr int measureSpace = 26; ///< for the words beside the sheet
constexpr int margin = 8;
constexpr double mmPerInch = 25.4;
constexpr int checkSize = 8;

/// What stands for "nothing": the usual squares.
void paintChecks(QPainter& painter, const QRectF& area)
{
    painter.fillRect(area, Qt::white);
    painter.save();
    painter.setClipRect(area);
    for (int row = 0; row * checkSize < area.height(); ++row)
        for (int column = row % 2; column * checkSize < area.width(); column += 2)
            painter.fillRect(QRectF(area.left() + column * checkSize, area.top() + row * checkSize, checkSize, checkSize), QColor(0xdd, 0xdd, 0xdd));
    painter.restore();
}

} // namespace

FigurePreview::FigurePreview(QWidget* parent) : QWidget(parent), m_timer(new QTimer(this))
{
    setAccessibleName(tr("Preview"));
    setToolTip(tr("The figure as it will be exported, in the proportions of the paper"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    m_timer->setSingleShot(true);
    m_timer->setInterval(delayMs);
    connect(m_timer, &QTimer::timeout, this, &FigurePreview::draw);
}

void FigurePreview::setFigure(std::shared_ptr<const Figure> figure, const ExportSpec& spec)
{
    m_figure = std::move(figure);
    m_spec = spec;
    m_timer->start();
}

double FigurePreview::scale() const
{
    if (!m_figure)
        return 1;
    const QSizeF mm = exportSizeMm(*m_figure, m_spec);
    return std::min((width() - measureSpace - 2 * margin) / mm.width(), (height() - measureSpace - 2 * margin) / mm.height());
}

QRectF FigurePreview::sheet() const
{
    const QSizeF size = exportSizeMm(*m_figure, m_spec) * scale();
    const QRectF area = QRectF(rect()).adjusted(margin + measureSpace, margin, -margin, -margin - measureSpace);
    return {area.left() + (area.width() - size.width()) / 2, area.top() + (area.height() - size.height()) / 2, size.width(), size.height()};
}

void FigurePreview::draw()
{
    m_picture = {};
    if (m_figure && scale() > 0) {
        try {
            ExportSpec spec = m_spec;
            spec.dpi = scale() * mmPerInch * devicePixelRatioF();
            m_picture = renderFigure(*m_figure, spec);
            m_picture.setDevicePixelRatio(devicePixelRatioF());
            setAccessibleDescription(tr("%1 by %2 millimetres").arg(exportSizeMm(*m_figure, spec).width()).arg(exportSizeMm(*m_figure, spec).height()));
            Q_EMIT drawn();
        } catch (const Error& error) {
            Q_EMIT refused(QString::fromStdString(error.message()));
        }
    }
    update();
}

void FigurePreview::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const UiColours& colours = uiColours(palette());
    painter.fillRect(rect(), colours.panel);
    if (!m_figure || m_picture.isNull())
        return;
    const QRectF paper = sheet();
    if (m_spec.isTransparent)
        paintChecks(painter, paper);
    painter.drawImage(paper, m_picture);
    painter.setPen(QPen(colours.line, 1));
    painter.drawRect(paper.adjusted(-0.5, -0.5, 0.5, 0.5));
    const QSizeF mm = exportSizeMm(*m_figure, m_spec);
    const auto words = [this](double length) { return tr("%1 mm").arg(locale().toString(length, 'f', 1)); };
    painter.setPen(colours.muted);
    painter.drawText(QRectF(paper.left(), paper.bottom() + 4, paper.width(), measureSpace - 4), Qt::AlignHCenter | Qt::AlignTop, words(mm.width()));
    painter.translate(paper.left() - 6, paper.center().y());
    painter.rotate(-90);
    painter.drawText(QRectF(-paper.height() / 2, -measureSpace, paper.height(), measureSpace), Qt::AlignHCenter | Qt::AlignBottom, words(mm.height()));
}

void FigurePreview::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_timer->start();
}

} // namespace brink
