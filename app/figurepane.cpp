// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figurepane.h"

#include "widgets/plot/figureview.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace brink {

FigurePane::FigurePane(std::string name, const QString& title, const QString& emptyText, QWidget* parent)
    : QWidget(parent), m_name(std::move(name)), m_title(new QLabel(title, this)), m_subtitle(new QLabel(this)),
      m_badge(new StatusBadge(this)), m_header(new QHBoxLayout), m_view(new FigureView(this))
{
    m_title->setProperty("role", QStringLiteral("heading"));
    m_subtitle->setProperty("role", QStringLiteral("muted"));
    m_subtitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_header->setSpacing(12);
    // Headings give way before figures do.
    m_title->setMinimumWidth(40);
    m_header->addWidget(m_title);
    m_header->addWidget(m_badge);
    m_header->addStretch(1);
    m_subtitle->hide();

    m_view->setEmptyText(emptyText);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 6, 12, 4);
    layout->setSpacing(2);
    layout->addLayout(m_header);
    layout->addWidget(m_subtitle);
    layout->addWidget(m_view, 1);
    m_view->setAccessibleName(title);
    m_view->setFocusPolicy(Qt::StrongFocus);
    connect(m_view, &FigureView::pointPicked, this, &FigurePane::picked);
    connect(m_view, &FigureView::cursorMoved, this, &FigurePane::cursorMoved);
    connect(m_view, &FigureView::exportRequested, this, [this] { Q_EMIT exportRequested(m_name); });
}

void FigurePane::setFigure(const std::optional<Figure>& figure)
{
    m_figure = figure;
    showFigure();
}

void FigurePane::setTitle(const QString& title)
{
    m_title->setText(title);
    m_view->setAccessibleName(title);
}

void FigurePane::setSubtitle(const QString& text)
{
    m_subtitle->setText(text);
    m_subtitle->setToolTip(text);
    m_subtitle->setVisible(!text.isEmpty());
}

void FigurePane::setFinding(StatusBadge::Grade grade, const QString& text, const QString& toolTip)
{
    m_badge->setFinding(grade, text, toolTip);
}

void FigurePane::clearFinding() { m_badge->clear(); }

void FigurePane::setViewState(ViewState state)
{
    switch (state) {
    case ViewState::Empty:
    case ViewState::Complete:
    case ViewState::Running:
        return m_view->setState(FigureView::State::Ready);
    case ViewState::Partial:
        return m_view->setState(FigureView::State::Partial);
    case ViewState::Failed:
        return m_view->setState(FigureView::State::Failed);
    case ViewState::Stale:
        return m_view->setState(FigureView::State::Stale);
    }
}

void FigurePane::addHeaderWidget(QWidget* widget) { m_header->addWidget(widget); }

void FigurePane::setPanels(std::vector<std::string> panels)
{
    if (panels == m_panels)
        return;
    m_panels = std::move(panels);
    showFigure();
}

void FigurePane::hideLayer(std::string id)
{
    m_hiddenLayer = std::move(id);
    showFigure();
}

void FigurePane::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    showFigure();
}

/// A pane put away has no area to draw on; it catches up when it is shown.
void FigurePane::showFigure()
{
    if (isHidden())
        return;
    if (!m_figure)
        return m_view->setFigure(nullptr);
    auto shown = std::make_shared<Figure>(m_panels.empty() ? *m_figure : withPanels(*m_figure, m_panels));
    // The heading above says it already.
    if (shown->panels.size() == 1)
        shown->panels.front().title.clear();
    for (Panel& panel : shown->panels)
        std::erase_if(panel.layers, [this](const Layer& layer) { return !m_hiddenLayer.empty() && layerId(layer) == m_hiddenLayer; });
    m_view->setFigure(std::move(shown));
}

} // namespace brink
