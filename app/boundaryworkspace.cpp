// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/boundaryworkspace.h"

#include "app/boundarytext.h"
#include "app/boundarytools.h"
#include "app/curvaturepanel.h"
#include "app/figurepane.h"
#include "app/pathpanel.h"
#include "app/pointpanel.h"
#include "app/qtext.h"
#include "app/surveypanel.h"
#include "core/report/slicefigure.h"
#include "widgets/controls/emptypage.h"
#include "widgets/plot/draghandle.h"
#include "widgets/plot/figureview.h"

#include <QEvent>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedLayout>
#include <QTabWidget>
#include <QVBoxLayout>

#include <cmath>

namespace brink {

namespace {

constexpr double degreesPerPixel = 0.5;
constexpr double degreesPerStep = 5;
constexpr double scalePerStep = 1.15;
constexpr double doublingPixels = 120; ///< a drag of the extent handle by so much doubles the extent
constexpr double handleInset = 16;
const std::string slicePanel = "slice";

/// "0.12,-0.3" of a picked point of the regions.
std::optional<BoundaryPlace> placeOf(const DataRef& ref, const SliceResult* slice)
{
    if (ref.kind == "marker" && slice) {
        const std::size_t i = std::stoul(ref.key);
        return i < slice->plane->markers.size() ? std::optional(BoundaryPlace{slice->plane->markers[i].at.a, slice->plane->markers[i].at.b}) : std::nullopt;
    }
    const QStringList parts = qtext(ref.key).split(QLatin1Char(','));
    if (ref.kind != "point" || parts.size() != 2)
        return std::nullopt;
    return BoundaryPlace{parts[0].toDouble(), parts[1].toDouble()};
}

} // namespace

BoundaryWorkspace::BoundaryWorkspace(QWidget* parent)
    : QWidget(parent), m_stack(new QStackedLayout(this)), m_tools(new BoundaryTools(this)), m_point(new PointPanel(this)), m_path(new PathPanel(this)),
      m_curvature(new CurvaturePanel(this)), m_survey(new SurveyPanel(this))
{
    setProperty("surface", QStringLiteral("background"));
    setAttribute(Qt::WA_StyledBackground);
    m_slice = new FigurePane("slice", tr("Decision slice"), tr("The plane through the image in the colours of the classes, from coarse to fine."), this);
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_point, tr("Point"));
    m_tabs->setTabToolTip(0, tr("The image under the pointer, and what the model says about it"));
    m_tabs->addTab(m_path, tr("Path"));
    m_tabs->setTabToolTip(1, tr("Whether two images of one class are connected inside its region"));
    m_tabs->addTab(m_curvature, tr("Curvature"));
    m_tabs->setTabToolTip(2, tr("How the boundary bends where it is nearest to the image"));
    m_tabs->addTab(m_survey, tr("Many images"));
    m_tabs->setTabToolTip(3, tr("What holds over many images: curvature, connected regions, detection"));
    m_columns = new QSplitter(Qt::Horizontal, this);
    m_columns->setHandleWidth(1);
    m_columns->setChildrenCollapsible(false);
    m_columns->addWidget(m_slice);
    m_columns->addWidget(m_tabs);
    m_columns->setSizes({640, 380});
    m_columns->setStretchFactor(0, 3);
    m_columns->setStretchFactor(1, 1);
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tools);
    layout->addWidget(m_columns, 1);
    m_stack->addWidget(new EmptyPage(tr("Boundary shows where the model changes its mind"),
        tr("A plane through the chosen image, coloured by class, with the boundaries and the margin between them. Open a model and an image first."), {}, this));
    m_stack->addWidget(content);
    connectSlice();
    connectPanels();
    connectHandles();
}

void BoundaryWorkspace::connectSlice()
{
    FigureView* view = m_slice->view();
    view->plotWidget()->installEventFilter(this);
    connect(view, &FigureView::pointHovered, this, [this](const std::optional<DataRef>& ref) {
        Q_EMIT placeHovered(ref && !m_isPressed ? placeOf(*ref, m_result.get()) : std::nullopt);
    });
    connect(view, &FigureView::pointPicked, this, [this](const DataRef& ref) { Q_EMIT placePinned(placeOf(ref, m_result.get())); });
    connect(view, &FigureView::zoomEdited, this, &BoundaryWorkspace::takeRanges);
    connect(view, &FigureView::zoomReset, this, [this] {
        BoundaryChoices choices = m_choices;
        choices.frame.reset();
        edit(choices, QStringLiteral("frame"));
    });
    connect(view, &FigureView::emptyActionTriggered, this, &BoundaryWorkspace::sliceWanted);
    std::vector<FigurePane*> panes = m_survey->panes();
    panes.insert(panes.end(), {m_slice, m_path->pane(), m_curvature->panes()[0], m_curvature->panes()[1]});
    for (FigurePane* pane : panes) {
        connect(pane, &FigurePane::cursorMoved, this, &BoundaryWorkspace::readoutChanged);
        connect(pane, &FigurePane::exportRequested, this, &BoundaryWorkspace::exportRequested);
        connect(pane, &FigurePane::copyRequested, this, &BoundaryWorkspace::copyRequested);
    }
}

void BoundaryWorkspace::connectPanels()
{
    connect(m_tools, &BoundaryTools::edited, this, &BoundaryWorkspace::edit);
    connect(m_tools, &BoundaryTools::stopWanted, this, &BoundaryWorkspace::stopWanted);
    connect(m_point, &PointPanel::centreWanted, this, &BoundaryWorkspace::centreWanted);
    connect(m_point, &PointPanel::centreDropped, this, &BoundaryWorkspace::centreDropped);
    connect(m_point, &PointPanel::readoutChanged, this, &BoundaryWorkspace::readoutChanged);
    connect(m_path, &PathPanel::pathWanted, this, &BoundaryWorkspace::pathWanted);
    connect(m_path, &PathPanel::stopWanted, this, &BoundaryWorkspace::pathStopWanted);
    connect(m_curvature, &CurvaturePanel::curvatureWanted, this, &BoundaryWorkspace::curvatureWanted);
    connect(m_curvature, &CurvaturePanel::stopWanted, this, &BoundaryWorkspace::curvatureStopWanted);
    connect(m_curvature, &CurvaturePanel::directionPicked, this, [this](int index) {
        BoundaryChoices choices = m_choices;
        choices.plane = PlaneKind::Directions;
        choices.direction = index;
        choices.frame.reset();
        edit(choices, QStringLiteral("direction"));
    });
    connect(m_curvature, &CurvaturePanel::againstPicked, this, [this](int index) {
        BoundaryChoices choices = m_choices;
        choices.plane = PlaneKind::Directions;
        choices.against = index;
        choices.frame.reset();
        edit(choices, QStringLiteral("direction"));
    });
    connect(m_survey, &SurveyPanel::choicesEdited, this, [this](const SurveyChoices& survey, const QString& field) {
        BoundaryChoices choices = m_choices;
        choices.survey = survey;
        edit(choices, field);
    });
    connect(m_path, &PathPanel::partnerEdited, this, [this](int index) {
        BoundaryChoices choices = m_choices;
        choices.partner = index;
        edit(choices, QStringLiteral("partner"));
    });
}

void BoundaryWorkspace::connectHandles()
{
    QWidget* plot = m_slice->view()->plotWidget();
    m_turnHandle = new DragHandle(DragHandle::Sign::Turn, tr("Turn the plane"), tr("Drag sideways, or press the arrow keys: turn the plane around its first axis"), plot);
    m_extentHandle = new DragHandle(DragHandle::Sign::Extent, tr("Extent of the plane"), tr("Drag outwards or inwards, or press the arrow keys: show more or less of the plane"), plot);
    const auto remember = [this] {
        m_dragFrame = shownFrame(m_choices, m_result).value_or(SliceFrame{});
        m_dragTurn = m_choices.turn;
    };
    connect(m_turnHandle, &DragHandle::dragStarted, this, remember);
    connect(m_extentHandle, &DragHandle::dragStarted, this, remember);
    const auto turnBy = [this](double from, double degrees) {
        BoundaryChoices choices = m_choices;
        choices.turn = std::round(std::remainder(from + degrees, 360.0));
        edit(choices, QStringLiteral("turn"));
    };
    connect(m_turnHandle, &DragHandle::dragged, this, [this, turnBy](QPointF way) { turnBy(m_dragTurn, degreesPerPixel * way.x()); });
    connect(m_turnHandle, &DragHandle::stepped, this, [this, turnBy](QPointF direction) { turnBy(m_choices.turn, degreesPerStep * (direction.x() - direction.y())); });
    connect(m_extentHandle, &DragHandle::dragged, this, [this](QPointF way) { scaleFrame(m_dragFrame, std::exp2((way.x() - way.y()) / doublingPixels)); });
    connect(m_extentHandle, &DragHandle::stepped, this, [this](QPointF direction) {
        if (const auto frame = shownFrame(m_choices, m_result))
            scaleFrame(*frame, direction.x() - direction.y() > 0 ? scalePerStep : 1 / scalePerStep);
    });
}

void BoundaryWorkspace::edit(const BoundaryChoices& choices, const QString& field)
{
    if (choices != m_choices)
        Q_EMIT choicesEdited(choices, field);
}

void BoundaryWorkspace::editFrame(const SliceFrame& frame)
{
    BoundaryChoices choices = m_choices;
    choices.frame = frame;
    edit(choices, QStringLiteral("frame"));
}

void BoundaryWorkspace::scaleFrame(const SliceFrame& from, double factor)
{
    if (std::isfinite(factor) && factor > 0)
        editFrame(scaledFrame(from, factor));
}

/// What the user sees is what is computed.
void BoundaryWorkspace::takeRanges()
{
    if (!m_result)
        return;
    const auto [left, right, bottom, top] = m_slice->view()->ranges(slicePanel);
    const SliceFrame frame{left, right, bottom, top};
    if (frame != shownFrame(m_choices, m_result))
        editFrame(frame);
}

void BoundaryWorkspace::setReady(bool isReady) { m_stack->setCurrentIndex(isReady ? 1 : 0); }

void BoundaryWorkspace::showChoices(const BoundaryChoices& choices, const std::shared_ptr<const SliceResult>& slice)
{
    m_choices = choices;
    m_tools->showChoices(choices, slice);
    m_path->showChoices(choices);
    m_curvature->showChoices(choices);
}

void BoundaryWorkspace::showSlice(const BoundaryDesk& desk)
{
    m_result = desk.slice();
    m_pinned = desk.pinned();
    m_tools->showState(desk);
    m_slice->setViewState(desk.state());
    m_turnHandle->setVisible(m_result != nullptr);
    m_extentHandle->setVisible(m_result != nullptr);
    if (!m_result) {
        m_slice->view()->setEmptyText(desk.failure().isEmpty() ? tr("The plane through the image in the colours of the classes, from coarse to fine.") : desk.failure(), tr("Compute the slice"));
        m_slice->setSubtitle({});
        return m_slice->setFigure(std::nullopt);
    }
    SliceView view;
    if (m_choices.eps > 0)
        view.eps = m_choices.eps;
    Figure figure = sliceFigure(*m_result, view);
    if (m_pinned)
        figure.panels.front().layers.push_back(ScatterLayer{.id = "pinned", .x = makeColumn({m_pinned->a}), .y = makeColumn({m_pinned->b}),
            .role = ColourRole::Text, .marker = Marker::Star, .sizePt = 8, .tips = {tr("point looked at").toStdString()}});
    m_slice->setSubtitle(sliceSummary(*m_result));
    m_slice->setFigure(figure);
    if (!m_isPressed && m_result->frame == shownFrame(m_choices, m_result) && m_slice->view()->isZoomed()) {
        const QSignalBlocker block(m_slice->view());
        m_slice->view()->resetZoom();
    }
    placeHandles();
}

bool BoundaryWorkspace::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseButtonPress)
        m_isPressed = true;
    if (event->type() == QEvent::MouseButtonRelease)
        m_isPressed = false;
    if (event->type() == QEvent::Paint || event->type() == QEvent::Resize)
        placeHandles();
    return QWidget::eventFilter(watched, event);
}

/// At the ends of the second axis and of the diagonal, inside of the picture.
void BoundaryWorkspace::placeHandles()
{
    FigureView* view = m_slice->view();
    if (!m_result || !view->figure())
        return;
    const auto [left, right, bottom, top] = view->ranges(slicePanel);
    const QPointF corner = view->pixelOf(slicePanel, right, top);
    const QPointF middle = view->pixelOf(slicePanel, (left + right) / 2, top);
    m_turnHandle->moveTo(middle + QPointF(0, handleInset));
    m_extentHandle->moveTo(corner + QPointF(-handleInset, handleInset));
}

} // namespace brink
