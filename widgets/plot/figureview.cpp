// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/figureview.h"

#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/uitheme.h"
#include "widgets/plot/figurerenderer.h"
#include "widgets/plot/layerrenderers_qcp.h"
#include "widgets/plot/picking.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr double clickReach = 3; // a press and release within these pixels is a click, not a drag
constexpr double keyZoomFactor = 0.8;
constexpr double keyPanShare = 0.1;
constexpr double wheelZoomFactor = 0.85;
constexpr int spacing = 8;
constexpr QSize smallestPlot(80, 40); // whatever its axes would like: the window has to fit small screens

/// The state in one word with a sign, so that it does not depend on colour.
QString stateWord(FigureView::State state)
{
    switch (state) {
    case FigureView::State::Ready: return {};
    case FigureView::State::Running: return FigureView::tr("▶ Running");
    case FigureView::State::Partial: return FigureView::tr("◐ Partial: stopped before the end");
    case FigureView::State::Failed: return FigureView::tr("✕ Failed");
    case FigureView::State::Stale: return FigureView::tr("↻ Out of date: settings have changed");
    }
    return {};
}

QString stateRole(FigureView::State state)
{
    switch (state) {
    case FigureView::State::Failed: return QStringLiteral("alarm");
    case FigureView::State::Partial:
    case FigureView::State::Stale: return QStringLiteral("caution");
    default: return QStringLiteral("muted");
    }
}

} // namespace

FigureView::FigureView(QWidget* parent)
    : QWidget(parent), m_plot(new FigurePlot(this)), m_renderer(std::make_unique<FigureRenderer>(*m_plot)), m_stack(new QStackedLayout), m_empty(new QWidget(this)),
      m_emptyText(new QLabel(m_empty)), m_emptyAction(new QPushButton(m_empty)), m_badge(new ElidedLabel({}, this))
{
    setFocusPolicy(Qt::StrongFocus);
    m_usage = tr("Wheel: zoom (over an axis: that axis). Drag: move. Double-click: reset. Right click: export.");
    setToolTip(m_usage);
    setAccessibleName(tr("Figure"));
    m_plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setMouseTracking(true);
    m_plot->setMinimumSize(smallestPlot);
    m_plot->installEventFilter(this);

    m_emptyText->setAlignment(Qt::AlignCenter);
    m_emptyText->setWordWrap(true);
    m_emptyText->setProperty("role", QStringLiteral("muted"));
    m_emptyAction->hide();
    auto* const column = new QVBoxLayout(m_empty);
    column->addStretch();
    column->addWidget(m_emptyText);
    column->addSpacing(spacing);
    column->addWidget(m_emptyAction, 0, Qt::AlignHCenter);
    column->addStretch();
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_plot);
    m_badge->setObjectName(QStringLiteral("state"));
    m_badge->hide();
    auto* const rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(m_badge);
    rows->addLayout(m_stack, 1);
    connect(m_emptyAction, &QPushButton::clicked, this, &FigureView::emptyActionTriggered);
    connect(m_plot, &QCustomPlot::mouseDoubleClick, this, &FigureView::resetZoom);
    connect(m_plot, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) { pressed(event->position()); });
    connect(m_plot, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) { released(event->position()); });
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { moved(event->position()); });
    m_renderer->onUserRange([this] { Q_EMIT zoomEdited(); });
    applyStyle();
}

// The renderer takes its layers off the plot before the plot, a child, goes.
FigureView::~FigureView() { m_renderer.reset(); }

void FigureView::setFigure(std::shared_ptr<const Figure> figure)
{
    if (figure == m_renderer->figure())
        return;
    const bool isShown = figure != nullptr && !figure->panels.empty();
    m_renderer->setFigure(std::move(figure));
    for (const auto& panel : m_renderer->panels())
        panel->rect->setRangeZoomFactor(wheelZoomFactor);
    applyZoom();
    setAccessibleDescription(isShown ? QString::fromStdString(plainText(m_renderer->figure()->caption)) : m_emptyText->text());
    m_stack->setCurrentWidget(isShown ? static_cast<QWidget*>(m_plot) : m_empty);
    m_plot->layOut();
    replotSoon();
}

std::shared_ptr<const Figure> FigureView::figure() const { return m_renderer->figure(); }

void FigureView::setEmptyText(const QString& text, const QString& action)
{
    m_emptyText->setText(text);
    m_emptyAction->setText(action);
    m_emptyAction->setVisible(!action.isEmpty());
}

void FigureView::setState(State state, const QString& text)
{
    if (state == m_state && text == m_stateText)
        return;
    m_state = state;
    m_stateText = text;
    applyState();
}

void FigureView::applyState()
{
    const QString word = stateWord(m_state);
    m_badge->setText(m_stateText.isEmpty() ? word : word + QStringLiteral(": ") + m_stateText);
    m_badge->setAccessibleName(m_badge->text());
    m_badge->setToolTip(m_badge->text());
    m_badge->setVisible(m_state != State::Ready);
    setTextRole(m_badge, stateRole(m_state));
}

void FigureView::setThemeKind(std::optional<ThemeKind> kind)
{
    if (kind == m_themeKind)
        return;
    m_themeKind = kind;
    applyStyle();
}

void FigureView::applyStyle()
{
    RenderStyle style;
    style.theme = theme(m_themeKind.value_or(themeKindOf(palette())));
    style.unitsPerPt = logicalDpiX() / 72.0;
    style.fontPt = font().pointSizeF() > 0 ? font().pointSizeF() : font().pixelSize() / style.unitsPerPt;
    style.fontFamily = font().family();
    style.showsTitles = style.theme.kind != ThemeKind::Print;
    style.locale = locale();
    m_renderer->setStyle(style);
    m_plot->selectionRect()->setPen(QPen(style.theme.accent, 1, Qt::DashLine));
    m_plot->selectionRect()->setBrush(QBrush(style.theme.tint(ColourRole::Accent, 0.2), Qt::Dense6Pattern));
    replotSoon();
}

void FigureView::replotSoon()
{
    // Without a size there is nothing to draw on; the first resize draws.
    if (!m_renderer->figure() || m_plot->size().isEmpty() || m_plot->viewport().isEmpty())
        return;
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void FigureView::setDragSelects()
{
    m_plot->setInteraction(QCP::iRangeDrag, false);
    m_plot->setSelectionRectMode(QCP::srmCustom);
    m_usage = tr("Wheel: zoom (over an axis: that axis). Click: pick. Drag: pick all inside. Double-click: reset. Right click: export.");
    setToolTip(m_usage);
    connect(m_plot->selectionRect(), &QCPSelectionRect::accepted, this, [this](const QRect& area) { pickRegion(area.normalized()); });
    applyStyle();
}

void FigureView::setHint(const QString& text) { setToolTip(text.isEmpty() ? m_usage : text); }

void FigureView::pickRegion(const QRectF& area)
{
    if (std::hypot(area.width(), area.height()) <= clickReach)
        return;
    if (const PanelPlot* panel = m_renderer->panelAt(area.center()))
        Q_EMIT regionPicked(refsIn(*panel, area));
}

void FigureView::resetZoom()
{
    m_wantedZoom.clear();
    m_renderer->resetRanges();
    replotSoon();
    Q_EMIT zoomReset();
}

bool FigureView::isZoomed() const { return m_renderer->hasUserRange(); }

std::map<std::string, std::array<double, 4>> FigureView::zoom() const
{
    std::map<std::string, std::array<double, 4>> zoomed = m_wantedZoom;
    for (const auto& panel : m_renderer->panels())
        if (panel->hasUserRange)
            zoomed[panel->id] = ranges(panel->id);
    return zoomed;
}

void FigureView::setZoom(const std::map<std::string, std::array<double, 4>>& ranges)
{
    m_wantedZoom = ranges;
    applyZoom();
    replotSoon();
}

void FigureView::applyZoom()
{
    for (const auto& panel : m_renderer->panels()) {
        const auto wanted = m_wantedZoom.find(panel->id);
        if (wanted == m_wantedZoom.end())
            continue;
        const auto [xLow, xHigh, yLow, yHigh] = wanted->second;
        panel->rect->xAxis()->setRange(xLow, xHigh);
        panel->rect->yAxis()->setRange(yLow, yHigh);
        panel->hasUserRange = true;
        m_wantedZoom.erase(wanted);
    }
}

QPointF FigureView::pixelOf(const std::string& panelId, double x, double y) const
{
    const auto& panels = m_renderer->panels();
    const auto found = std::ranges::find(panels, panelId, [](const auto& panel) { return panel->id; });
    return (*found)->rect->pixelOf(x, y);
}

std::array<double, 4> FigureView::ranges(const std::string& panelId) const
{
    const auto& panels = m_renderer->panels();
    const auto found = std::ranges::find(panels, panelId, [](const auto& panel) { return panel->id; });
    const QCPRange x = (*found)->rect->xAxis()->range();
    const QCPRange y = (*found)->rect->yAxis()->range();
    return {x.lower, x.upper, y.lower, y.upper};
}

QWidget* FigureView::plotWidget() const { return m_plot; }

QSize FigureView::sizeHint() const { return {360, 240}; }

void FigureView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::LocaleChange)
        applyStyle();
    QWidget::changeEvent(event);
}

void FigureView::contextMenuEvent(QContextMenuEvent* event)
{
    if (!m_renderer->figure())
        return;
    QMenu menu(this);
    menu.addAction(tr("Export figure..."), this, &FigureView::exportRequested);
    menu.addAction(tr("Copy figure"), this, &FigureView::copyRequested);
    menu.addAction(tr("Reset zoom"), this, &FigureView::resetZoom)->setEnabled(isZoomed());
    menu.exec(event->globalPos());
}

void FigureView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoomBy(keyZoomFactor);
    case Qt::Key_Minus: return zoomBy(1 / keyZoomFactor);
    case Qt::Key_Left: return panBy(-keyPanShare, 0);
    case Qt::Key_Right: return panBy(keyPanShare, 0);
    case Qt::Key_Up: return panBy(0, keyPanShare);
    case Qt::Key_Down: return panBy(0, -keyPanShare);
    case Qt::Key_Home: return resetZoom();
    default: QWidget::keyPressEvent(event);
    }
}

void FigureView::zoomBy(double factor)
{
    for (const auto& panel : m_renderer->panels())
        for (QCPAxis* axis : {panel->rect->xAxis(), panel->rect->yAxis()})
            axis->scaleRange(factor);
    replotSoon();
}

void FigureView::panBy(double shareX, double shareY)
{
    for (const auto& panel : m_renderer->panels()) {
        panel->rect->xAxis()->moveRange(shareX * panel->rect->xAxis()->range().size());
        panel->rect->yAxis()->moveRange(shareY * panel->rect->yAxis()->range().size());
    }
    replotSoon();
}

bool FigureView::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Leave) {
        hover(std::nullopt);
        Q_EMIT cursorMoved({});
    }
    return QWidget::eventFilter(watched, event);
}

void FigureView::pressed(QPointF position) { m_pressedAt = position; }

void FigureView::released(QPointF position)
{
    if (QLineF(position, m_pressedAt).length() > clickReach)
        return;
    const PanelPlot* panel = m_renderer->panelAt(position);
    if (!panel)
        return;
    if (const auto pick = pickAt(*panel, position))
        Q_EMIT pointPicked(pick->ref);
}

void FigureView::moved(QPointF position)
{
    const PanelPlot* panel = m_renderer->panelAt(position);
    const auto pick = panel ? pickAt(*panel, position) : std::nullopt;
    hover(pick ? std::optional(pick->ref) : std::nullopt);
    Q_EMIT cursorMoved(panel ? cursorText(*panel, position, locale()) : QString());
}

void FigureView::hover(const std::optional<DataRef>& ref)
{
    if (ref == m_hovered)
        return;
    m_hovered = ref;
    Q_EMIT pointHovered(ref);
}

} // namespace brink
