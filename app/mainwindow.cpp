// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/mainwindow.h"

#include "app/boundaryroom.h"
#include "app/boundaryworkspace.h"
#include "app/commandbar.h"
#include "app/commandrouter.h"
#include "app/docktitle.h"
#include "app/edits.h"
#include "app/figureexporter.h"
#include "app/filedrops.h"
#include "app/fileopener.h"
#include "app/imagemenu.h"
#include "app/imagepresenter.h"
#include "app/inspecttext.h"
#include "app/inspectworkspace.h"
#include "app/jobpresenter.h"
#include "app/marginsroom.h"
#include "app/marginsworkspace.h"
#include "app/modelpresenter.h"
#include "app/parameterspanel.h"
#include "app/qtext.h"
#include "app/sessionkeeper.h"
#include "app/statusline.h"
#include "app/studyhelp.h"
#include "app/studyroom.h"
#include "app/studyworkspace.h"
#include "app/tour.h"
#include "app/transferworkspace.h"
#include "app/trustroom.h"
#include "app/whatsthis.h"
#include "app/workspacetabs.h"
#include "core/model/torchruntime.h"
#include "widgets/controls/actionlist.h"
#include "widgets/controls/formarea.h"
#include "widgets/controls/imagespanel.h"
#include "widgets/controls/joblist.h"
#include "widgets/controls/logdialog.h"
#include "widgets/controls/messagebar.h"
#include "widgets/controls/modellist.h"
#include "widgets/controls/modelspanel.h"
#include "widgets/controls/thumbnaillist.h"
#include "widgets/controls/uitheme.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDockWidget>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QScreen>
#include <QStatusBar>
#include <QToolButton>
#include <QUndoStack>
#include <QVBoxLayout>
#include <QWhatsThis>

namespace brink {

namespace {

QToolButton* makeAddButton(const QString& name, const QString& toolTip, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAccessibleName(name);
    button->setToolTip(toolTip);
    return button;
}

} // namespace

MainWindow::MainWindow(Session& session, Controller& controller, Scheduler& scheduler, Theming& theming, const QString& machine,
    QWidget* parent)
    : QMainWindow(parent), m_session(session), m_controller(controller), m_theming(theming)
{
    setWindowTitle(tr("Brink"));
    resize(QSize(1440, 900).boundedTo(screen()->availableSize()));
    m_messages = new MessageBar(this);
    m_studies = new StudyRoom(session, controller, scheduler, *m_messages, this);
    m_margins = new MarginsRoom(*m_studies, scheduler, *m_messages, this);
    m_boundary = new BoundaryRoom(session, controller, scheduler, this);
    m_trust = new TrustRoom(session, controller, scheduler, *m_messages, this);
    buildCentre();
    buildDocks();
    m_actions = makeActions(*this, m_studies->actions(), m_boundary->exports());
    m_exporter = new FigureExporter(session, *m_messages, *m_views.inspect, this);
    m_drops = new FileDrops(this);
    m_keeper = new SessionKeeper(session, controller, scheduler, *m_messages, *m_views.inspect, this);
    m_keeper->setWorkspaces(*m_tabs, *m_studies, *m_boundary, *m_trust);
    buildCommands();
    m_status = new StatusLine(session, machine, statusBar());
    m_presenter = new Presenter(session, controller, scheduler, m_views, this);
    m_edits = new Edits(session, controller, this);
    m_studies->setUndoStack(m_edits->stack());
    m_boundary->setUndoStack(m_edits->stack());
    new ImagePresenter(session, controller, *m_edits, m_views.images, m_actions, this);
    m_modelPresenter = new ModelPresenter(session, controller, m_views.modelsPanel, this);
    new FileOpener(controller, *m_messages, m_actions, this);
    addWhatsThis(m_views, *this);
    addStudyHelp(*m_studies->study(), *m_studies->transfer());
    connectActions();
    connectSession();
    connectViews();
    retint();
    showTargets();
    restoreGeometry(m_settings.geometry());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_settings.setWindow(saveGeometry(), m_tabs->layout());
    event->accept();
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    if (m_standardLayout.isEmpty())
        QMetaObject::invokeMethod(this, &MainWindow::layOutDocks, Qt::QueuedConnection);
}

/// Dock sizes hold only once the window has been laid out.
void MainWindow::layOutDocks()
{
    const auto dock = [this](const char* name) { return findChild<QDockWidget*>(QLatin1String(name)); };
    resizeDocks({dock("models"), dock("parameters")}, {232, 268}, Qt::Horizontal);
    resizeDocks({dock("models"), dock("images")}, {320, 440}, Qt::Vertical);
    m_standardLayout = saveState();
    m_tabs->restoreLayout(m_settings.layout());
}

void MainWindow::buildCentre()
{
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_views.inspect = new InspectWorkspace(centre);
    m_tabs = new WorkspaceTabs(this, QStringLiteral("parameters"), centre);
    const auto add = [this](QWidget* workspace, const char* name, const QString& title, const QString& toolTip) { m_tabs->add(workspace, QLatin1String(name), title, toolTip); };
    add(m_views.inspect, "inspect", tr("Inspect"), tr("One image: how close it is to another class, by every method (F6)"));
    add(m_boundary->workspace(), "boundary", tr("Boundary"), tr("The decision boundary on a plane through the image, its curvature, paths inside a region, and many images (F7)"));
    add(m_studies->study(), "study", tr("Study"), tr("Many models on many images: table, Pareto figure, success and robust accuracy (F8)"));
    add(m_studies->transfer(), "transfer", tr("Transfer"), tr("Whose adversarial images fool whom, and the images behind each number (F9)"));
    add(m_margins->workspace(), "margins", tr("Margins"), tr("Whether the models know which images are close to another class, and the brittle ones (F10)"));
    add(m_trust->workspace(), "trust", tr("Trust"), tr("Whether the numbers about the current model can be trusted (F11)"));
    layout->addWidget(m_messages);
    layout->addWidget(m_tabs, 1);
    setCentralWidget(centre);
}

void MainWindow::buildDocks()
{
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    m_views.modelsPanel = new ModelsPanel(this);
    m_views.models = m_views.modelsPanel->list();
    m_views.images = new ImagesPanel(this);
    m_views.parameters = new ParametersPanel(this);
    m_views.jobs = new JobList(this);
    m_addModel = makeAddButton(tr("Open model"), tr("Open TorchScript models (Ctrl+M)"), this);
    m_addImages = makeAddButton(tr("Open images"), tr("Open images or a data set (Ctrl+O)"), this);
    auto* parameters = new FormArea(m_views.parameters, this);

    addDock(QStringLiteral("models"), tr("Models"), m_views.modelsPanel, Qt::LeftDockWidgetArea, m_addModel);
    addDock(QStringLiteral("images"), tr("Images"), m_views.images, Qt::LeftDockWidgetArea, m_addImages);
    addDock(QStringLiteral("parameters"), tr("Parameters"), parameters, Qt::RightDockWidgetArea);
    auto* bottom = addDock(QStringLiteral("jobs"), tr("Jobs"), nullptr, Qt::BottomDockWidgetArea);
    bottom->setTitleBarWidget(new QWidget(bottom));
    bottom->setWidget(new JobsStrip(bottom, m_views.jobs));
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area, QToolButton* button)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setTitleBarWidget(new DockTitle(dock, button));
    if (content)
        dock->setWidget(content);
    addDockWidget(area, dock);
    return dock;
}

void MainWindow::buildCommands()
{
    menuBar()->setNativeMenuBar(false);
    m_commands = new CommandBar(m_actions.run, m_actions.stop, menuBar());
    m_commands->setNorm(m_session.norm());
    menuBar()->setCornerWidget(m_commands, Qt::TopRightCorner);
    m_router = new CommandRouter(*m_tabs, m_actions, *m_commands, this);
    m_router->add(m_views.inspect, inspectCommands(m_session, m_controller, [this] { return m_areParametersValid; }));
    m_router->add(m_boundary->workspace(), m_boundary->commands());
    for (QWidget* workspace : {static_cast<QWidget*>(m_studies->study()), static_cast<QWidget*>(m_studies->transfer()), static_cast<QWidget*>(m_margins->workspace())})
        m_router->add(workspace, m_studies->commands());
    m_router->add(m_trust->workspace(), [this] { return m_trust->commands(); });
    connect(m_trust, &TrustRoom::workChanged, m_router, &CommandRouter::update);
    connect(m_boundary, &BoundaryRoom::workChanged, m_router, &CommandRouter::update);
    connect(m_studies, &StudyRoom::workChanged, m_router, &CommandRouter::update);
}

void MainWindow::connectActions()
{
    connect(m_actions.openExample, &QAction::triggered, this, &MainWindow::exampleWanted);
    connect(m_actions.quit, &QAction::triggered, this, &QWidget::close);
    connectEdits();
    connectHelp();
    connectStudies();
    connectTrust();
    connect(m_actions.resetLayout, &QAction::triggered, this, &MainWindow::resetLayout);
    connect(m_actions.dismissMessages, &QAction::triggered, m_messages, &MessageBar::dismissAll);
    connect(m_actions.copyFigure, &QAction::triggered, m_exporter, &FigureExporter::copyFocused);
    m_keeper->connectActions(m_actions);
    connect(m_keeper, &SessionKeeper::pathChanged, this, [this](const QString& path) { setWindowTitle(tr("%1 - Brink").arg(QFileInfo(path).fileName())); });
    connect(m_keeper, &SessionKeeper::restoredFrom, m_edits->stack(), &QUndoStack::clear);
    connect(m_actions.exportAll, &QAction::triggered, m_exporter, &FigureExporter::exportAll);
    connect(m_actions.copyHeadline, &QAction::triggered, this, [this] {
        if (m_session.result())
            QApplication::clipboard()->setText(headline(*m_session.result()));
    });
    connect(m_actions.about, &QAction::triggered, this, [this] {
        QMessageBox::about(this, tr("About Brink"),
            tr("Brink %1 shows how close an image is to changing class.\n\nGPL-3.0-or-later. Built with Qt %2 and LibTorch %3.")
                .arg(QApplication::applicationVersion(), QString::fromLatin1(qVersion()), qtext(torchRuntimeInfo().version)));
    });
    for (const auto& [name, action] : m_actions.exports)
        connect(action, &QAction::triggered, m_exporter, [this, figure = name] { m_exporter->exportFigure(figure); });
    for (const auto& [choice, action] : m_actions.themes) {
        action->setChecked(choice == m_theming.choice());
        connect(action, &QAction::triggered, this, [this, theme = choice] {
            m_theming.setChoice(theme);
            m_settings.setTheme(theme);
        });
    }
}

void MainWindow::connectStudies()
{
    for (int place = 0; place < int(m_actions.workspaces.size()); ++place)
        connect(m_actions.workspaces[std::size_t(place)], &QAction::triggered, m_tabs, [this, place] { m_tabs->setCurrentIndex(place); });
    connect(m_studies, &StudyRoom::studyWanted, m_tabs, [this] { m_tabs->setCurrentWidget(m_studies->study()); });
    connect(m_studies, &StudyRoom::inspectWanted, m_tabs, [this] { m_tabs->setCurrentWidget(m_views.inspect); });
    connect(m_studies, &StudyRoom::normWanted, m_edits, &Edits::pickNorm);
    connect(m_studies, &StudyRoom::readoutChanged, m_status, &StatusLine::showReadout);
    m_studies->connectExporter(*m_exporter);
    m_margins->connectExporter(*m_exporter);
    m_boundary->connectExporter(*m_exporter);
    connect(m_margins, &MarginsRoom::readoutChanged, m_status, &StatusLine::showReadout);
    connect(m_boundary, &BoundaryRoom::readoutChanged, m_status, &StatusLine::showReadout);
    connect(m_boundary, &BoundaryRoom::imageWanted, m_edits, &Edits::pickImage);
    connect(&m_studies->desk(), &StudyDesk::resultsChanged, this, &MainWindow::showEnabled);
}

void MainWindow::connectTrust()
{
    const auto showInspect = [this] { m_tabs->setCurrentWidget(m_views.inspect); };
    DiagnosisRoom& diagnosis = m_trust->diagnosis();
    m_trust->connectExporter(*m_exporter);
    connect(m_trust, &TrustRoom::readoutChanged, m_status, &StatusLine::showReadout);
    connect(m_trust, &TrustRoom::imageWanted, m_edits, &Edits::pickImage);
    connect(m_trust, &TrustRoom::imageWanted, m_tabs, showInspect);
    connect(&diagnosis, &DiagnosisRoom::inspectWanted, this, [this, showInspect](const AnalysisSettings& settings) {
        m_edits->setSettings(settings);
        showInspect();
        m_controller.run();
    });
    connect(m_views.inspect, &InspectWorkspace::diagnosisWanted, this, [this] {
        m_tabs->setCurrentWidget(m_trust->workspace());
        m_trust->diagnose();
    });
}

void MainWindow::connectEdits()
{
    QUndoStack* stack = m_edits->stack();
    connect(m_actions.undo, &QAction::triggered, stack, &QUndoStack::undo);
    connect(m_actions.redo, &QAction::triggered, stack, &QUndoStack::redo);
    connect(stack, &QUndoStack::canUndoChanged, m_actions.undo, &QAction::setEnabled);
    connect(stack, &QUndoStack::canRedoChanged, m_actions.redo, &QAction::setEnabled);
    const auto name = [](QAction* action, const QString& verb) {
        return [action, verb](const QString& what) { action->setText(what.isEmpty() ? verb : QStringLiteral("%1 %2").arg(verb, what)); };
    };
    connect(stack, &QUndoStack::undoTextChanged, m_actions.undo, name(m_actions.undo, tr("Undo")));
    connect(stack, &QUndoStack::redoTextChanged, m_actions.redo, name(m_actions.redo, tr("Redo")));
    m_actions.undo->setEnabled(false);
    m_actions.redo->setEnabled(false);
    for (const auto& [norm, action] : m_actions.norms)
        connect(action, &QAction::triggered, m_edits, [this, picked = norm] { m_edits->pickNorm(picked); });
    for (const auto& [preset, action] : m_actions.presets)
        connect(action, &QAction::triggered, m_edits, [this, picked = preset] { m_edits->pickPreset(picked); });
    connect(m_actions.modelCard, &QAction::triggered, m_modelPresenter, &ModelPresenter::editCard);
    connect(m_actions.removeModel, &QAction::triggered, this, [this] { m_session.removeModel(m_session.currentModel()); });
    connect(m_actions.previousModel, &QAction::triggered, this, [this] { m_edits->pickModel(m_session.currentModel() - 1); });
    connect(m_actions.nextModel, &QAction::triggered, this, [this] { m_edits->pickModel(m_session.currentModel() + 1); });
}

/// The first control inside that takes the focus, a list before what stands above it.
void MainWindow::goTo(const QString& name)
{
    auto* dock = name.isEmpty() ? nullptr : findChild<QDockWidget*>(name);
    QWidget* place = dock ? dock->widget() : m_tabs->currentWidget();
    if (dock) {
        dock->show();
        dock->raise();
    }
    const auto takesFocus = [](const QWidget* widget) { return widget->isVisible() && widget->isEnabled() && widget->focusPolicy() & Qt::TabFocus; };
    QWidget* best = nullptr;
    for (QWidget* widget : place->findChildren<QWidget*>()) {
        const bool isList = qobject_cast<QAbstractItemView*>(widget);
        if (takesFocus(widget) && (!best || (isList && !qobject_cast<QAbstractItemView*>(best))))
            best = widget;
    }
    if (best)
        best->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::connectHelp()
{
    auto* list = new ActionList(menuBar(), this);
    connect(m_actions.actionList, &QAction::triggered, list, &ActionList::open);
    connect(m_actions.whatsThis, &QAction::triggered, this, [] { QWhatsThis::enterWhatsThisMode(); });
    m_tour = new TourPanel(this);
    for (const auto& [name, action] : m_actions.goTo)
        connect(action, &QAction::triggered, this, [this, place = name] { goTo(place); });
    connect(m_actions.jobLog, &QAction::triggered, this, &MainWindow::showJobLog);
    connect(m_actions.tour, &QAction::triggered, this, &MainWindow::startTour);
    connect(m_tour, &TourPanel::closed, this, [this] { m_settings.setTourSeen(); });
    connect(m_tabs, &QTabWidget::currentChanged, m_tour, [this] { m_tour->setPaused(m_tabs->currentWidget() != m_views.inspect); });
}

void MainWindow::showJobLog()
{
    JobPresenter& jobs = m_presenter->jobs();
    if (!m_jobLog) {
        m_jobLog = new LogDialog(tr("Job log"), this);
        const auto show = [this, &jobs] { m_jobLog->setText(jobs.log().text()); };
        connect(&jobs, &JobPresenter::logChanged, m_jobLog, show);
        connect(m_jobLog, &LogDialog::clearWanted, &jobs, &JobPresenter::clearLog);
        show();
    }
    m_jobLog->show();
    m_jobLog->raise();
}

void MainWindow::startTour()
{
    m_tabs->setCurrentWidget(m_views.inspect);
    m_tour->start(tourSteps(*m_views.inspect, menuBar()));
}

void MainWindow::connectSession()
{
    connect(&m_session, &Session::modelPicked, this, &MainWindow::showTargets);
    connect(&m_session, &Session::targetChanged, this, &MainWindow::showTargets);
    connect(&m_session, &Session::settingsChanged, this, [this] { m_commands->setNorm(m_session.norm()); });
    connect(&m_session, &Session::datasetOpened, this, &MainWindow::showTargets);
    connect(&m_session, &Session::modelsChanged, this, &MainWindow::showTargets);
    connect(&m_session, &Session::imageLoaded, this, &MainWindow::showEnabled);
    connect(&m_session, &Session::resultChanged, this, &MainWindow::showEnabled);
    connect(&m_controller, &Controller::runningChanged, this, &MainWindow::showEnabled);
    connect(&m_controller, &Controller::failed, m_messages,
        [bar = m_messages](const QString& sentence) { bar->post(MessageBar::Kind::Alarm, sentence); });
}

void MainWindow::connectViews()
{
    connect(m_addModel, &QToolButton::clicked, m_actions.openModel, &QAction::trigger);
    connect(m_addImages, &QToolButton::clicked, m_actions.openImages, &QAction::trigger);
    connect(m_views.images->list(), &ThumbnailList::menuWanted, this, &MainWindow::showImageMenu);
    connect(m_drops, &FileDrops::dropped, &m_controller, &Controller::openFiles);
    connect(m_commands, &CommandBar::normPicked, m_edits, &Edits::pickNorm);
    connect(m_commands, &CommandBar::targetPicked, m_edits, &Edits::pickTarget);
    connect(m_views.models, &ModelList::rowPicked, m_edits, &Edits::pickModel);
    connect(m_views.parameters, &ParametersPanel::settingsEdited, m_edits, &Edits::setSettings);
    connect(m_views.parameters, &ParametersPanel::presetPicked, m_edits, &Edits::pickPreset);
    connect(m_views.parameters, &ParametersPanel::validityChanged, this, [this](bool isValid) {
        m_areParametersValid = isValid;
        showEnabled();
    });
    connect(m_views.inspect, &InspectWorkspace::readoutChanged, m_status, &StatusLine::showReadout);
    connect(m_views.inspect, &InspectWorkspace::exportRequested, m_exporter, &FigureExporter::exportFigure);
    connect(m_views.inspect, &InspectWorkspace::copyRequested, m_exporter, &FigureExporter::copyFigure);
    connect(m_views.inspect, &InspectWorkspace::targetPicked, m_edits, [this](qint64 target) { m_edits->showTarget(target); });
    connect(m_views.inspect, &InspectWorkspace::stepPicked, &m_session, &Session::showStep);
    connect(m_views.inspect, &InspectWorkspace::whatIfPicked, m_edits, &Edits::pickWhatIf);
    connect(m_views.inspect, &InspectWorkspace::penaltyPicked, &m_session, &Session::showPenalty);
    connect(m_views.inspect, &InspectWorkspace::attackPicked, m_edits, [this](const QString& name) { m_edits->showAttack(name.toStdString()); });
}

void MainWindow::showImageMenu(int image, const QPoint& place)
{
    auto* menu = new ImageMenu(*m_boundary, image, this);
    connect(menu, &ImageMenu::chosen, m_tabs, [this] { m_tabs->setCurrentWidget(m_boundary->workspace()); });
    menu->popup(place);
}

void MainWindow::resetLayout()
{
    restoreState(m_standardLayout);
    for (QDockWidget* dock : findChildren<QDockWidget*>())
        dock->show();
}

void MainWindow::showEnabled()
{
    m_router->update();
    const int last = int(m_session.models().size()) - 1;
    m_actions.modelCard->setEnabled(m_session.classifier() != nullptr);
    m_actions.removeModel->setEnabled(m_session.classifier() != nullptr);
    m_actions.previousModel->setEnabled(m_session.currentModel() > 0);
    m_actions.nextModel->setEnabled(m_session.currentModel() >= 0 && m_session.currentModel() < last);
    const bool hasResult = m_session.result() != nullptr;
    m_actions.exportAll->setEnabled(hasResult);
    m_actions.copyFigure->setEnabled(hasResult || m_studies->desk().results());
    m_actions.copyHeadline->setEnabled(hasResult);
    for (const auto& [name, action] : m_actions.exports)
        action->setEnabled(hasResult);
}

void MainWindow::showTargets()
{
    m_commands->setTargets(m_session.classifier() ? m_controller.browser().classNames() : QStringList(), m_session.target());
    showEnabled();
}

void MainWindow::retint()
{
    const UiColours& colours = uiColours(palette());
    for (QToolButton* button : {m_addModel, m_addImages})
        button->setIcon(tintedIcon(QStringLiteral("add"), colours.accent));
    setWindowIcon(tintedIcon(QStringLiteral("brink"), colours.accent));
}

void MainWindow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange && m_addModel)
        retint();
    QMainWindow::changeEvent(event);
}

} // namespace brink
