// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figurepane.h"

#include "app/qtext.h"
#include "widgets/controls/elidedlabel.h"
#include "widgets/plot/figureview.h"

#include <QEvent>
#include <QFontInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace brink {

namespace {

/// What the widget will need once the style sheet has reached all of it, shown or not.
int polishedWidth(const QWidget& widget)
{
    widget.ensurePolished();
    for (const QWidget* part : widget.findChildren<QWidget*>())
        part->ensurePolished();
    return widget.sizeHint().width();
}

/// "distance, L2 (pixel range [0,1])": what is in the parentheses.
QString unitIn(const QString& label)
{
    const qsizetype begin = label.indexOf(QLatin1Char('(')), end = label.lastIndexOf(QLatin1Char(')'));
    return begin < 0 || end < begin ? label : label.mid(begin + 1, end - begin - 1);
}

} // namespace

FigurePane::FigurePane(std::string name, const QString& title, const QString& emptyText, QWidget* parent)
    : QWidget(parent), m_name(std::move(name)), m_title(new QLabel(title, this)), m_subtitle(new ElidedLabel({}, this)),
      m_note(new ElidedLabel({}, this)), m_badge(new StatusBadge(this)), m_header(new QHBoxLayout), m_second(new QHBoxLayout),
      m_view(new FigureView(this))
{
    m_title->setProperty("role", QStringLiteral("heading"));
    m_subtitle->setProperty("role", QStringLiteral("muted"));
    m_note->setProperty("role", QStringLiteral("muted"));
    m_note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_header->setSpacing(12);
    m_header->addWidget(m_title);
    m_header->addWidget(m_badge);
    m_header->addWidget(m_note, 1);
    m_subtitle->hide();

    m_view->setEmptyText(emptyText);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 6, 12, 4);
    layout->setSpacing(2);
    layout->addLayout(m_header);
    layout->addLayout(m_second);
    layout->addWidget(m_subtitle);
    layout->addWidget(m_view, 1);
    m_view->setAccessibleName(title);
    m_view->setFocusPolicy(Qt::StrongFocus);
    connect(m_view, &FigureView::pointPicked, this, &FigurePane::picked);
    connect(m_view, &FigureView::cursorMoved, this, &FigurePane::cursorMoved);
    connect(m_view, &FigureView::copyRequested, this, [this] { Q_EMIT copyRequested(m_name); });
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

void FigurePane::setTools(QWidget* widget)
{
    m_tools = widget;
    m_header->addWidget(widget);
    placeTools();
}

void FigurePane::setFooter(QWidget* widget, std::vector<std::string> textsBeside)
{
    if (textsBeside.empty())
        return layout()->addWidget(widget);
    m_header->replaceWidget(m_note, new QWidget(this)); // keeps the tools to the right
    auto* row = new QHBoxLayout;
    row->setSpacing(m_header->spacing());
    row->addWidget(widget);
    row->addWidget(m_note, 1);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    moveToHeading(std::move(textsBeside));
}

void FigurePane::setTitleSwitch(QWidget* widget)
{
    m_titleSwitch = widget;
    m_header->insertWidget(0, widget);
}

void FigurePane::showTitleSwitch(bool isShown)
{
    m_titleSwitch->setVisible(isShown);
    m_title->setVisible(!isShown);
    placeTools();
}

void FigurePane::setPanels(std::vector<std::string> panels)
{
    if (panels == m_panels)
        return;
    m_panels = std::move(panels);
    showFigure();
}

void FigurePane::setScrolls()
{
    m_scrolls = true;
    auto* area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    delete layout()->replaceWidget(m_view, area);
    area->setWidget(m_view);
}

void FigurePane::hideLayer(std::string id)
{
    m_hiddenLayer = std::move(id);
    showFigure();
}

void FigurePane::moveToHeading(std::vector<std::string> layerIds)
{
    m_headingLayers = std::move(layerIds);
    showFigure();
}

void FigurePane::moveUnitToHeading()
{
    m_isUnitInHeading = true;
    showFigure();
}

void FigurePane::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeTools();
}

bool FigurePane::event(QEvent* event)
{
    // Fonts and the style sheet change what fits.
    if (event->type() == QEvent::LayoutRequest)
        placeTools();
    return QWidget::event(event);
}

/// A pane may be as narrow as the wider of its heading and its tools; then they stand one below the other.
void FigurePane::placeTools()
{
    if (!m_tools && !m_titleSwitch)
        return;
    const QWidget* heading = m_titleSwitch && !m_titleSwitch->isHidden() ? m_titleSwitch : m_title;
    const QMargins margins = layout()->contentsMargins();
    const int around = margins.left() + margins.right();
    const int headingWidth = polishedWidth(*heading);
    const int toolsWidth = m_tools ? polishedWidth(*m_tools) : 0;
    const int spacing = m_header->spacing(); // before the note, which may be empty
    setMinimumWidth(around + std::max(headingWidth + spacing, toolsWidth));
    if (!m_tools)
        return;
    const bool fitsBeside = width() >= around + headingWidth + toolsWidth + 2 * spacing;
    QHBoxLayout* wanted = fitsBeside ? m_header : m_second;
    if (wanted->indexOf(m_tools) >= 0)
        return;
    (fitsBeside ? m_second : m_header)->removeWidget(m_tools);
    wanted->addWidget(m_tools, 0, Qt::AlignLeft);
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
    m_note->clear();
    if (!m_figure)
        return m_view->setFigure(nullptr);
    auto shown = std::make_shared<Figure>(m_panels.empty() ? *m_figure : withPanels(*m_figure, m_panels));
    // The heading above says it already.
    if (shown->panels.size() == 1)
        shown->panels.front().title.clear();
    QStringList moved;
    if (m_isUnitInHeading && shown->panels.size() == 1)
        moved << unitIn(qtext(std::exchange(shown->panels.front().x.label, {})));
    for (Panel& panel : shown->panels) {
        moved << takeHeadingTexts(panel);
        std::erase_if(panel.layers, [this](const Layer& layer) { return !m_hiddenLayer.empty() && layerId(layer) == m_hiddenLayer; });
    }
    moved.removeAll(QString());
    m_note->setText(moved.join(QStringLiteral(" · ")));
    m_note->setToolTip(m_note->text());
    if (m_scrolls)
        m_view->setMinimumHeight(int(std::ceil(fixedHeightEm(*shown) * QFontInfo(m_view->font()).pixelSize() + shown->aspect * m_view->width())));
    m_view->setFigure(std::move(shown));
}

QString FigurePane::takeHeadingTexts(Panel& panel) const
{
    QStringList texts;
    std::erase_if(panel.layers, [this, &texts](const Layer& layer) {
        const auto* text = std::get_if<TextLayer>(&layer);
        const bool isMoved = text && std::ranges::find(m_headingLayers, text->id) != m_headingLayers.end();
        if (isMoved)
            texts << qtext(text->text).replace(QLatin1Char('\n'), QStringLiteral(" · "));
        return isMoved;
    });
    return texts.join(QStringLiteral(" · "));
}

} // namespace brink
