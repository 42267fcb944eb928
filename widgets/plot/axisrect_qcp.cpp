// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/axisrect_qcp.h"

#include "widgets/plot/richtext.h"

#include <QFontMetricsF>

#include <algorithm>

namespace brink {

namespace {

constexpr double axisLinePt = 0.5;
constexpr double tickLengthPt = 2.5;
constexpr double tickLabelPaddingPt = 2;
constexpr double labelGapPt = 2;
constexpr double titleGapPt = 3;

/// As many decimals on every label as the step between ticks needs: 1.5 and 2.0, not 1.5 and 2.
class EvenTicker : public QCPAxisTicker {
public:
    /// How many labels there is room for: so many at most, and so many digits with a gap behind each label.
    void setRoom(double labels, double digits)
    {
        m_largestCount = labels;
        m_digits = digits;
    }

protected:
    double getTickStep(const QCPRange& range) override
    {
        double step = QCPAxisTicker::getTickStep(range);
        m_decimals = decimalsOf(step);
        const double largest = std::max(1.5, std::min(m_largestCount, m_digits / (lettersIn(range) + 1)));
        if (range.size() / step > largest)
            step = cleanMantissa(range.size() / largest * roundingUp);
        m_decimals = decimalsOf(step);
        m_isPlain = step >= 1e-6 && std::max(std::abs(range.lower), std::abs(range.upper)) < 1e6;
        return step;
    }
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override
    {
        QString label = m_isPlain ? locale.toString(tick, 'f', m_decimals) : QCPAxisTicker::getTickLabel(tick, locale, formatChar, precision);
        // A minus sign as wide as a plus; exponents keep the form QCustomPlot recognises.
        if (m_isPlain && label.startsWith(QLatin1Char('-')))
            label[0] = QChar(0x2212);
        return label;
    }

private:
    static int decimalsOf(double step)
    {
        int decimals = 0;
        for (double scaled = step; decimals < largestDecimals && std::abs(scaled - std::round(scaled)) > 1e-6 * scaled; scaled *= 10)
            ++decimals;
        return decimals;
    }
    /// Of the longest label.
    [[nodiscard]] double lettersIn(const QCPRange& range) const
    {
        const double largest = std::max({1.0, std::abs(range.lower), std::abs(range.upper)});
        return std::floor(std::log10(largest)) + 1 + (m_decimals > 0 ? 1 + m_decimals : 0) + (range.lower < 0 ? 1 : 0);
    }

    static constexpr int largestDecimals = 7;
    static constexpr double roundingUp = 1.3;
    double m_largestCount = 1000;
    double m_digits = 10000;
    int m_decimals = 0;
    bool m_isPlain = true;
};

/// 1, 2 and 5 times powers of ten, powers alone over many decades; plain numbers where they are short.
class LogTicker : public QCPAxisTicker {
protected:
    int getSubTickCount(double) override { return 0; }
    QVector<double> createTickVector(double, const QCPRange& range) override
    {
        QVector<double> ticks;
        if (!(range.lower > 0) || !std::isfinite(range.upper))
            return ticks;
        const bool hasBetween = range.upper / range.lower < 300;
        for (int decade = int(std::floor(std::log10(range.lower))); std::pow(10.0, decade) <= range.upper; ++decade)
            for (const double lead : {1.0, 2.0, 5.0})
                if (const double tick = lead * std::pow(10.0, decade); (lead == 1 || hasBetween) && tick >= range.lower && tick <= range.upper)
                    ticks.push_back(tick);
        return ticks;
    }
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override
    {
        const bool isPlain = tick > 0.999e-3 && tick < 1e6;
        return isPlain ? locale.toString(tick, 'g', 6) : QCPAxisTicker::getTickLabel(tick, locale, formatChar, precision);
    }
};

} // namespace

FigureAxisRect::FigureAxisRect(QCustomPlot* plot, const RenderStyle& style) : QCPAxisRect(plot, false), m_style(style)
{
    addAxes(QCPAxis::atBottom | QCPAxis::atLeft);
    setMinimumMargins({});
    setRangeDragAxes(xAxis(), yAxis());
    setRangeZoomAxes(xAxis(), yAxis());
    for (QCPAxis* axis : axes()) {
        axis->setLayer(QStringLiteral("axes"));
        axis->grid()->setVisible(false);
        axis->setSubTicks(false);
        axis->setSelectableParts(QCPAxis::spNone);
    }
}

void FigureAxisRect::setPanel(const Panel& panel, const RenderStyle& style)
{
    m_style = style;
    m_title = style.showsTitles || panel.keepsAspect || panel.keepsTitle ? QString::fromStdString(panel.title) : QString();
    m_keepsAspect = panel.keepsAspect;
    m_xLabel = QString::fromStdString(panel.x.label);
    m_yLabel = QString::fromStdString(panel.y.label);
    setSizeConstraintRect(scrOuterRect);
    setMinimumSize(0, panel.heightEm > 0 ? style.pixels(panel.heightEm * style.fontPt) : 0);
    setMaximumSize(QWIDGETSIZE_MAX, panel.heightEm > 0 ? style.pixels(panel.heightEm * style.fontPt) : QWIDGETSIZE_MAX);
    m_hasNamedTicks[0] = !panel.x.ticks.empty();
    m_hasNamedTicks[1] = !panel.y.ticks.empty();
    setAxis(xAxis(), panel.x);
    setAxis(yAxis(), panel.y);
}

void FigureAxisRect::setAxis(QCPAxis* axis, const Axis& description)
{
    const QPen line = m_style.pen(m_style.theme.kind == ThemeKind::Print ? m_style.theme.text : m_style.theme.muted, axisLinePt);
    axis->setVisible(description.isVisible);
    axis->setBasePen(description.hasLine ? line : QPen(Qt::NoPen));
    axis->setTickLabelRotation(-description.tickAngle);
    axis->setTickPen(description.ticks.empty() ? line : QPen(Qt::NoPen));
    axis->setTickLength(0, description.ticks.empty() ? m_style.pixels(tickLengthPt) : 0);
    axis->setTickLabelFont(m_style.font());
    axis->setTickLabelColor(m_style.theme.text);
    axis->setTickLabelPadding(m_style.pixels(tickLabelPaddingPt));
    axis->setPadding(0);
    axis->setRangeReversed(description.isReversed);
    axis->setScaleType(description.isLogarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    axis->setNumberFormat(description.isLogarithmic ? QStringLiteral("eb") : QStringLiteral("gb"));
    axis->setNumberPrecision(description.isLogarithmic ? 0 : 6);
    if (!description.ticks.empty()) {
        const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
        for (const auto& [position, label] : description.ticks)
            ticker->addTick(position, QString::fromStdString(label));
        axis->setTicker(ticker);
    } else if (description.isLogarithmic) {
        axis->setTicker(QSharedPointer<QCPAxisTicker>(new LogTicker));
    } else {
        axis->setTicker(QSharedPointer<QCPAxisTicker>(new EvenTicker));
    }
}

void FigureAxisRect::setTickCounts()
{
    const double em = m_style.units(m_style.fontPt);
    if (m_hasNamedTicks[0] && xAxis()->tickLabelRotation() != 0)
        fitNamedTicks(*xAxis(), width());
    if (!m_hasNamedTicks[0])
        xAxis()->ticker()->setTickCount(std::clamp(int(width() / (4 * em)), 3, 6));
    if (auto* const even = dynamic_cast<EvenTicker*>(xAxis()->ticker().data()); even && width() > 0)
        even->setRoom(width() / (2.9 * em), width() / QFontMetricsF(m_style.font()).horizontalAdvance(QLatin1Char('0')));
    if (m_hasNamedTicks[1])
        fitNamedTicks(*yAxis(), height());
    else
        yAxis()->ticker()->setTickCount(std::clamp(int(outerRect().height() / (3 * em)), 3, 6));
}

/// Names in tight rows are set smaller, down to a size that can still be read.
void FigureAxisRect::fitNamedTicks(QCPAxis& axis, double length)
{
    constexpr double smallest = 0.7;
    const QFont whole = m_style.font();
    const double pitch = length / std::max(1e-9, axis.range().size());
    const double wanted = 0.85 * richTextSize(QStringLiteral("x"), whole).height();
    axis.setTickLabelFont(pitch > 0 && pitch < wanted ? m_style.font(std::max(smallest, pitch / wanted)) : whole);
}

void FigureAxisRect::wrapTexts()
{
    // Before the first layout there is no size to wrap to.
    const bool hasSize = !outerRect().isEmpty();
    const auto wrapped = [&](const QString& text, int room) {
        if (!hasSize || richTextSize(text, m_style.font()).width() <= room)
            return text;
        // The unit in brackets is the best place to break.
        return wrappedText(QString(text).replace(QLatin1String(" ("), QLatin1String("\n(")), m_style.font(), room);
    };
    m_shownTitle = wrapped(m_title, outerRect().width() - margins().left()); // it starts at the frame
    m_shownXLabel = wrapped(m_xLabel, outerRect().width());
    m_shownYLabel = wrapped(m_yLabel, outerRect().height());
}

void FigureAxisRect::update(UpdatePhase phase)
{
    if (phase == upPreparation) {
        setTickCounts();
        wrapTexts();
    }
    if (phase == upLayout)
        fitAspect();
    QCPAxisRect::update(phase);
}

void FigureAxisRect::fitAspect()
{
    m_spare = {};
    if (!m_keepsAspect || yAxis()->range().size() <= 0)
        return;
    const QMargins own = margins();
    const QRect room = outerRect().marginsRemoved(own);
    const double aspect = xAxis()->range().size() / yAxis()->range().size();
    const int width = std::min(room.width(), int(room.height() * aspect));
    const int height = std::min(room.height(), int(width / aspect));
    const int left = (room.width() - width) / 2;
    const int top = (room.height() - height) / 2;
    m_spare = QMargins(left, top, room.width() - width - left, room.height() - height - top);
    setMargins(own + m_spare);
}

int FigureAxisRect::calculateAutoMargin(QCP::MarginSide side)
{
    const int ticks = QCPAxisRect::calculateAutoMargin(side);
    const double gap = m_style.units(labelGapPt);
    const double em = m_style.units(m_style.fontPt);
    const auto labelled = [&](const QString& label) {
        return label.isEmpty() ? ticks : int(std::ceil(ticks + gap + richTextSize(label, m_style.font()).height()));
    };
    switch (side) {
    case QCP::msBottom: return labelled(m_shownXLabel);
    // Half a tick label stands out to the left of a frame without a vertical axis.
    case QCP::msLeft: return yAxis()->visible() || !xAxis()->visible() ? labelled(m_shownYLabel) : int(std::ceil(0.8 * em));
    case QCP::msTop:
        if (!m_shownTitle.isEmpty())
            return int(std::ceil(richTextSize(m_shownTitle, m_style.font()).height() + m_style.units(titleGapPt)));
        // Half a tick label stands above the topmost tick.
        return yAxis()->visible() ? int(std::ceil(0.6 * em)) : ticks;
    case QCP::msRight: return xAxis()->visible() ? int(std::ceil(1.2 * em)) : ticks;
    default: return ticks;
    }
}

void FigureAxisRect::draw(QCPPainter* painter)
{
    QCPAxisRect::draw(painter);
    const QFont font = m_style.font();
    const QMargins own = margins() - m_spare;
    painter->setPen(m_style.theme.text);
    if (!m_shownTitle.isEmpty()) {
        const QSizeF size = richTextSize(m_shownTitle, font);
        drawRichText(*painter, QPointF(left(), top() - m_style.units(titleGapPt) - size.height()), m_shownTitle, font);
    }
    if (!m_shownXLabel.isEmpty()) {
        const QSizeF size = richTextSize(m_shownXLabel, font);
        // Centred under the axis, but never out of the panel.
        const double x = std::max<double>(outerRect().left(), std::min(left() + (width() - size.width()) / 2, outerRect().right() - size.width()));
        drawRichText(*painter, QPointF(x, top() + height() + own.bottom() - size.height()), m_shownXLabel, font, Qt::AlignHCenter);
    }
    if (!m_shownYLabel.isEmpty()) {
        const QSizeF size = richTextSize(m_shownYLabel, font);
        painter->save();
        const double half = size.width() / 2;
        const double centre = std::max(outerRect().top() + half, std::min(top() + height() / 2.0, outerRect().bottom() - half));
        painter->translate(left() - own.left(), centre);
        painter->rotate(-90);
        drawRichText(*painter, QPointF(-size.width() / 2, 0), m_shownYLabel, font, Qt::AlignHCenter);
        painter->restore();
    }
}

PaintedLayer::PaintedLayer(FigureAxisRect* rect, const QString& layer, bool isClipped, Paint paint)
    : QCPLayerable(rect->parentPlot(), layer), m_rect(rect), m_isClipped(isClipped), m_paint(std::move(paint))
{
}

QRect PaintedLayer::clipRect() const { return m_isClipped ? m_rect->rect() : parentPlot()->viewport(); }

void PaintedLayer::draw(QCPPainter* painter) { m_paint(*painter); }

} // namespace brink
