// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/boundaryroom.h"

#include "app/boundaryhelp.h"
#include "app/boundarystate.h"
#include "app/boundaryworkspace.h"
#include "app/controller.h"
#include "app/curvaturepanel.h"
#include "app/figureexport.h"
#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/pathpanel.h"
#include "app/pointpanel.h"
#include "app/qtext.h"
#include "app/surveypanel.h"
#include "core/report/boundaryfigures.h"
#include "core/report/planefigures.h"
#include "core/report/pathfigure.h"
#include "core/report/slicefigure.h"
#include "widgets/plot/figureview.h"

#include <QAction>
#include <QCoreApplication>
#include <QEvent>
#include <QPointer>
#include <QTabWidget>
#include <QTimer>
#include <QUndoCommand>
#include <QUndoStack>

#include <algorithm>

namespace brink {

namespace {

constexpr int tickMs = 40;

/// What differs, for the menu.
QString changeText(const BoundaryChoices& before, const BoundaryChoices& after)
{
    if (before.centre != after.centre)
        return BoundaryRoom::tr("centre of the plane");
    if (before.plane != after.plane)
        return BoundaryRoom::tr("plane");
    if (before.turn != after.turn)
        return BoundaryRoom::tr("turn of the plane");
    if (before.frame != after.frame)
        return BoundaryRoom::tr("part of the plane");
    if (before.direction != after.direction)
        return BoundaryRoom::tr("direction of the slice");
    if (before.images != after.images)
        return BoundaryRoom::tr("images of the plane");
    if (before.against != after.against)
        return BoundaryRoom::tr("direction of the slice");
    if (before.partner != after.partner)
        return BoundaryRoom::tr("image to connect with");
    if (before.survey != after.survey)
        return BoundaryRoom::tr("choices of many images");
    return BoundaryRoom::tr("what the slice shows");
}

/// Choices of one field in a row, such as those of a drag, are one step.
class ChoicesStep : public QUndoCommand {
public:
    ChoicesStep(BoundaryDesk& desk, const BoundaryChoices& after, QString field)
        : QUndoCommand(changeText(desk.choices(), after)), m_desk(&desk), m_field(std::move(field)), m_before(desk.choices()), m_after(after)
    {
    }
    [[nodiscard]] int id() const override { return m_field.isEmpty() ? -1 : 2; }
    bool mergeWith(const QUndoCommand* other) override
    {
        const auto* next = static_cast<const ChoicesStep*>(other);
        if (next->m_field != m_field)
            return false;
        m_after = next->m_after;
        setObsolete(m_after == m_before);
        return true;
    }
    void undo() override { show(m_before); }
    void redo() override { show(m_after); }

private:
    void show(const BoundaryChoices& choices)
    {
        if (m_desk)
            m_desk->setChoices(choices);
    }

    QPointer<BoundaryDesk> m_desk;
    QString m_field;
    BoundaryChoices m_before, m_after;
};

/// The ball and the partner are drawn and searched without another slice.
bool needsSlice(const BoundaryChoices& before, BoundaryChoices after)
{
    after.eps = before.eps;
    after.partner = before.partner;
    after.survey = before.survey;
    return before != after;
}

struct FigureWords {
    std::string name;
    QString label, summary;
};

/// The figures that the workspace shows.
std::vector<FigureWords> roomFigures()
{
    std::vector<FigureWords> figures;
    const auto take = [&figures](const auto& infos, std::initializer_list<const char*> names) {
        for (const auto& info : infos)
            if (std::ranges::find(names, info.name, [](const char* name) { return std::string(name); }) != names.end())
                figures.push_back({info.name, qtext(info.label), qtext(info.summary)});
    };
    take(planeFigureInfos(), {"slice", "path"});
    take(curvatureFigureInfos(), {"curvature-directions", "curvature-profile"});
    for (const SurveyKind kind : surveyKinds)
        for (const std::string& name : surveyFigures(kind))
            figures.push_back({name, surveyFigureTitle(name), surveyFigureSummary(name)});
    return figures;
}

} // namespace

BoundaryRoom::BoundaryRoom(const Session& session, Controller& controller, Scheduler& scheduler, QWidget* window)
    : QObject(window), m_session(session), m_controller(controller), m_jobs(session, scheduler, m_desk), m_workspace(new BoundaryWorkspace(window)),
      m_surveys(session, scheduler, m_desk, *m_workspace->survey()), m_timer(new QTimer(this))
{
    for (const FigureWords& words : roomFigures()) {
        auto* action = new QAction(QCoreApplication::translate("Actions", "Export %1...").arg(words.label), window);
        action->setToolTip(words.summary);
        action->setStatusTip(words.summary);
        connect(action, &QAction::triggered, this, [this, wanted = words.name] { Q_EMIT exportRequested(wanted); });
        action->setEnabled(false);
        m_exports[words.name] = action;
    }
    m_workspace->installEventFilter(this);
    addBoundaryHelp(*m_workspace);
    connectSession();
    connectDesk();
    connectWorkspace();
    m_workspace->showChoices(m_desk.choices(), nullptr);
    m_workspace->point()->showPoint(m_desk);
    m_workspace->path()->showPath(m_desk, {});
    m_workspace->curvature()->showCurvature(m_desk);
    m_timer->setInterval(tickMs);
    connect(m_timer, &QTimer::timeout, this, &BoundaryRoom::tick);
    m_timer->start();
}

BoundaryRoom::~BoundaryRoom() = default;

void BoundaryRoom::connectSession()
{
    connect(&m_session, &Session::modelPicked, this, &BoundaryRoom::forgetImage);
    connect(&m_session, &Session::imageLoaded, this, &BoundaryRoom::forgetImage);
    connect(&m_session, &Session::imagePicked, this, &BoundaryRoom::forgetImage);
    connect(&m_session, &Session::datasetOpened, this, &BoundaryRoom::forgetImage);
    // The current model loaded again is another one in its place; the findings of its checks change nothing.
    connect(&m_session, &Session::modelsChanged, this, [this] {
        if (m_session.classifier() != m_classifier)
            forgetImage();
    });
    connect(&m_session, &Session::whatIfChanged, this, &BoundaryRoom::forgetImage);
    // The way of an attack is marked once the attack has ended.
    const auto followSteps = [this] {
        if (m_desk.choices().showsSteps && m_jobs.isOutdated())
            markSlice();
    };
    connect(&m_session, &Session::resultChanged, this, followSteps);
    connect(&m_session, &Session::selectionChanged, this, followSteps);
    // Another norm has other units: the part of the plane in sight is chosen anew.
    connect(&m_session, &Session::settingsChanged, this, [this] {
        const auto& slice = m_desk.slice();
        if (!slice || (slice->plane->norm == m_session.norm() && slice->plane->seed == m_session.settings().seed))
            return;
        BoundaryChoices choices = m_desk.choices();
        choices.frame.reset();
        m_desk.setChoices(choices);
        markSlice();
    });
}

void BoundaryRoom::connectDesk()
{
    connect(&m_desk, &BoundaryDesk::choicesChanged, this, [this] {
        if (needsSlice(m_computed, m_desk.choices()))
            markSlice();
        m_workspace->showChoices(m_desk.choices(), m_desk.slice());
        m_isSliceDirty = true;
    });
    connect(&m_desk, &BoundaryDesk::sliceChanged, this, [this] { m_isSliceDirty = true; });
    for (const auto signal : {&BoundaryDesk::sliceChanged, &BoundaryDesk::pathChanged, &BoundaryDesk::curvatureChanged})
        connect(&m_desk, signal, this, &BoundaryRoom::workChanged);
    connect(&m_desk, &BoundaryDesk::placeChanged, &m_jobs, &BoundaryJobs::lookThere);
    // A click is answered at once; hovering does not draw the slice again.
    connect(&m_desk, &BoundaryDesk::placeChanged, this, [this] {
        m_workspace->point()->showActions(m_desk);
        m_isSliceDirty |= m_shownPin != m_desk.pinned();
    });
    connect(&m_desk, &BoundaryDesk::pointChanged, this, [this] { m_workspace->point()->showPoint(m_desk); });
    connect(&m_desk, &BoundaryDesk::pathChanged, this, [this] {
        m_workspace->path()->showPath(m_desk, classNames());
        showExports();
    });
    connect(&m_desk, &BoundaryDesk::curvatureChanged, this, [this] {
        m_workspace->curvature()->showCurvature(m_desk);
        showExports();
        // A plane along a curved direction waits for it.
        if (m_desk.choices().plane == PlaneKind::Directions && m_desk.curvatureState() != ViewState::Running && m_desk.curvatureState() != ViewState::Empty)
            markSlice();
    });
}

void BoundaryRoom::connectWorkspace()
{
    connect(m_workspace, &BoundaryWorkspace::choicesEdited, this, &BoundaryRoom::edit);
    connect(m_workspace, &BoundaryWorkspace::placeHovered, &m_desk, &BoundaryDesk::hover);
    connect(m_workspace, &BoundaryWorkspace::placePinned, &m_desk, &BoundaryDesk::pin);
    connect(m_workspace, &BoundaryWorkspace::centreWanted, this, &BoundaryRoom::makeCentre);
    connect(m_workspace, &BoundaryWorkspace::centreDropped, this, [this] {
        BoundaryChoices choices = m_desk.choices();
        choices.centre = nullptr;
        choices.frame.reset();
        edit(choices, {});
    });
    connect(m_workspace, &BoundaryWorkspace::sliceWanted, this, &BoundaryRoom::markSlice);
    connect(m_workspace, &BoundaryWorkspace::stopWanted, &m_jobs, &BoundaryJobs::stopSlice);
    connect(m_workspace, &BoundaryWorkspace::pathWanted, &m_jobs, &BoundaryJobs::startPath);
    connect(m_workspace, &BoundaryWorkspace::pathStopWanted, &m_jobs, &BoundaryJobs::stopPath);
    connect(m_workspace, &BoundaryWorkspace::curvatureWanted, &m_jobs, &BoundaryJobs::startCurvature);
    connect(m_workspace, &BoundaryWorkspace::curvatureStopWanted, &m_jobs, &BoundaryJobs::stopCurvature);
    connect(m_workspace->survey(), &SurveyPanel::imagePicked, this, &BoundaryRoom::openPick);
    connect(&m_surveys, &SurveyRoom::changed, this, &BoundaryRoom::showExports);
    connect(&m_surveys, &SurveyRoom::changed, this, &BoundaryRoom::workChanged);
    connect(m_workspace->tabs(), &QTabWidget::currentChanged, this, &BoundaryRoom::workChanged);
    connect(m_workspace, &BoundaryWorkspace::readoutChanged, this, &BoundaryRoom::readoutChanged);
    connect(m_workspace, &BoundaryWorkspace::exportRequested, this, &BoundaryRoom::exportRequested);
    connect(m_workspace, &BoundaryWorkspace::copyRequested, this, &BoundaryRoom::copyRequested);
}

void BoundaryRoom::edit(const BoundaryChoices& choices, const QString& field)
{
    if (choices == m_desk.choices())
        return;
    if (m_undo)
        m_undo->push(new ChoicesStep(m_desk, choices, field));
    else
        m_desk.setChoices(choices);
}

/// The plane belongs to one image of one model: another one starts anew, with the same kind of plane.
void BoundaryRoom::forgetImage()
{
    BoundaryChoices choices = m_desk.choices();
    choices.centre = nullptr;
    choices.direction = 0;
    choices.frame.reset();
    m_desk.setChoices(choices);
    m_jobs.stopSlice();
    m_jobs.stopPath();
    m_jobs.stopCurvature();
    m_desk.clear();
    markSlice();
}

/// Work is begun at most once a tick, however fast a drag changes the choices, and only while it can be seen.
void BoundaryRoom::tick()
{
    if (!m_workspace->isVisible())
        return;
    m_workspace->setReady(m_jobs.canStart());
    m_surveys.tick();
    if (m_isSliceWanted && m_jobs.canStart()) {
        m_isSliceWanted = false;
        m_computed = m_desk.choices();
        m_classifier = m_session.classifier();
        m_jobs.startSlice();
    }
    if (m_isReopening && m_jobs.canStart()) {
        m_isReopening = false;
        commands().run();
    }
    m_jobs.takeSlice();
    if (!std::exchange(m_isSliceDirty, false))
        return;
    m_workspace->showChoices(m_desk.choices(), m_desk.slice());
    m_workspace->showSlice(m_desk);
    m_shownPin = m_desk.pinned();
    m_workspace->point()->showPoint(m_desk);
    showExports();
}

/// What has no data cannot be exported.
void BoundaryRoom::showExports()
{
    for (const auto& [name, action] : m_exports)
        action->setEnabled(name == "slice" ? m_desk.slice() != nullptr
                : name == "path"           ? m_desk.path() != nullptr
                : m_surveys.hasFigure(name) || (name.starts_with("curvature-") && name != "curvature-survey" && m_desk.curvature()));
}

/// The other image of a pair becomes the goal of a path.
void BoundaryRoom::openPick(const SurveyPick& pick)
{
    Q_EMIT imageWanted(pick.image);
    if (pick.partner < 0)
        return;
    BoundaryChoices choices = m_desk.choices();
    choices.partner = pick.partner;
    edit(choices, {});
}

/// The plane is laid through the image of the place that was clicked.
void BoundaryRoom::makeCentre()
{
    const auto& slice = m_desk.slice();
    const auto& place = m_desk.pinned();
    if (!slice || !place)
        return;
    BoundaryChoices choices = m_desk.choices();
    Image image = imageAt(*slice->plane, place->a, place->b, slice->clipsToBox);
    image.source = slice->plane->origin.source;
    choices.centre = std::make_shared<const NamedImage>(NamedImage{tr("new centre").toStdString(), std::move(image)});
    choices.frame.reset();
    m_desk.pin(std::nullopt);
    edit(choices, {});
}

bool BoundaryRoom::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Show)
        QMetaObject::invokeMethod(this, &BoundaryRoom::tick, Qt::QueuedConnection);
    if (event->type() == QEvent::Hide)
        m_desk.hover(std::nullopt);
    return QObject::eventFilter(watched, event);
}

std::vector<std::string> BoundaryRoom::classNames() const
{
    std::vector<std::string> names;
    for (const QString& name : m_controller.browser().classNames())
        names.push_back(name.toStdString());
    return names;
}

std::optional<Figure> BoundaryRoom::figure(const std::string& name) const
{
    if (name == "path")
        return m_desk.path() ? std::optional(pathFigure(*m_desk.path(), classNames())) : std::nullopt;
    const bool isOfOneImage = name == "curvature-directions" || name == "curvature-profile";
    if (const auto info = std::ranges::find(curvatureFigureInfos(), name, &CurvatureFigureInfo::name); isOfOneImage && info != curvatureFigureInfos().end())
        return m_desk.curvature() ? info->make(*m_desk.curvature(), {}) : std::nullopt;
    if (name != "slice")
        return m_surveys.figure(name);
    if (!m_desk.slice())
        return std::nullopt;
    SliceView view;
    if (m_desk.choices().eps > 0)
        view.eps = m_desk.choices().eps;
    return sliceFigure(*m_desk.slice(), view);
}

/// What it takes to see the figure again.
std::optional<SessionState> BoundaryRoom::origin(const std::string& figure) const
{
    SessionState origin = originOf(m_session, figure, {});
    origin.resultKey.clear();
    origin.boundary = state();
    origin.boundary["figure"] = figure;
    return origin;
}

Json BoundaryRoom::state() const { return {{"choices", toJson(m_desk.choices())}, {"tab", m_workspace->tabs()->currentIndex()}}; }

void BoundaryRoom::restore(const Json& state)
{
    if (!state.is_object())
        return;
    m_desk.setChoices(boundaryChoicesFromJson(state.value("choices", Json::object())));
    m_workspace->tabs()->setCurrentIndex(std::clamp(state.value("tab", 0), 0, m_workspace->tabs()->count() - 1));
}

void BoundaryRoom::reopen(const std::string& figure)
{
    const auto show = [this](QWidget* tab) { m_workspace->tabs()->setCurrentWidget(tab); };
    if (figure == "path")
        show(m_workspace->path());
    else if (figure == "curvature-directions" || figure == "curvature-profile")
        show(m_workspace->curvature());
    else if (figure != "slice")
        show(m_workspace->survey());
    m_workspace->survey()->showFigure(figure);
    m_isReopening = figure != "slice"; // slices come by themselves
}

void BoundaryRoom::findPath()
{
    m_workspace->tabs()->setCurrentWidget(m_workspace->path());
    m_jobs.stopPath();
    m_jobs.startPath();
}

WorkspaceCommands BoundaryRoom::commands()
{
    const auto tab = [this] { return m_workspace->tabs()->currentWidget(); };
    WorkspaceCommands commands;
    commands.canRun = [this] { return m_jobs.canStart() && !(m_workspace->tabs()->currentWidget() == m_workspace->survey() && m_surveys.desk().running()); };
    commands.run = [this, tab] {
        if (tab() == m_workspace->path())
            m_jobs.startPath();
        else if (tab() == m_workspace->curvature())
            m_jobs.startCurvature();
        else if (tab() == m_workspace->survey())
            m_surveys.start();
        else
            markSlice();
    };
    commands.runTip = [this, tab] {
        return tab() == m_workspace->path()    ? tr("Find the path (F5)")
            : tab() == m_workspace->curvature() ? tr("Measure the curvature at the image (F5)")
            : tab() == m_workspace->survey()    ? tr("Measure many images (F5)")
                                                : tr("Compute the slice again (F5)");
    };
    const auto runsBeside = [this, tab] {
        return tab() == m_workspace->path()    ? m_desk.pathState() == ViewState::Running
            : tab() == m_workspace->curvature() ? m_desk.curvatureState() == ViewState::Running
                                                : tab() == m_workspace->survey() && m_surveys.jobs().job().has_value();
    };
    commands.canStop = [this, runsBeside] { return runsBeside() || m_jobs.sliceJob().has_value(); };
    commands.stop = [this, tab, runsBeside] {
        if (!runsBeside())
            m_jobs.stopSlice();
        else if (tab() == m_workspace->path())
            m_jobs.stopPath();
        else if (tab() == m_workspace->curvature())
            m_jobs.stopCurvature();
        else
            m_surveys.jobs().stop();
    };
    commands.stopTip = [runsBeside] { return runsBeside() ? tr("Stop what the panel beside the slice computes (Esc)") : tr("Stop the slice; the picture stays as coarse as it is (Esc)"); };
    commands.targetReason = tr("The boundary to every other class is looked at here; attacks of Inspect (F6) have a target");
    return commands;
}

void BoundaryRoom::connectExporter(FigureExporter& exporter)
{
    for (const FigureWords& words : roomFigures()) {
        exporter.addFigure(words.name, words.label, [this, wanted = words.name]() -> std::optional<ShownFigure> {
            auto shown = figure(wanted);
            return shown ? std::optional(ShownFigure{std::move(*shown), origin(wanted)}) : std::nullopt;
        });
    }
    connect(this, &BoundaryRoom::exportRequested, &exporter, &FigureExporter::exportFigure);
    connect(this, &BoundaryRoom::copyRequested, &exporter, &FigureExporter::copyFigure);
}

} // namespace brink
