// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/mainwindow.h"

#include "app/figureexport.h"
#include "app/inspecttext.h"
#include "app/inspectworkspace.h"
#include "app/parameterspanel.h"
#include "app/qtext.h"
#include "core/base/error.h"
#include "core/model/torchruntime.h"
#include "widgets/controls/exportdialog.h"
#include "widgets/controls/thumbnaillist.h"
#include "widgets/controls/joblist.h"
#include "widgets/controls/messagebar.h"
#include "widgets/controls/modellist.h"
#include "widgets/controls/segmented.h"
#include "widgets/controls/uitheme.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace brink {

namespace {

constexpr std::array normOrder{Norm::L1, Norm::L2, Norm::Linf};

QWidget* makeDockTitle(const QString& title, QToolButton* button, QWidget* parent)
{
    auto* bar = new QWidget(parent);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(12, 6, 8, 4);
    auto* label = new QLabel(title.toUpper(), bar);
    label->setProperty("role", QStringLiteral("caps"));
    layout->addWidget(label, 1);
    if (button)
        layout->addWidget(button);
    return bar;
}

QToolButton* makeAddButton(const QString& name, const QString& toolTip, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAccessibleName(name);
    button->setToolTip(toolTip);
    return button;
}

/// As high as its rows, at most four: the title stands beside them, not above.
QWidget* makeJobsStrip(JobList* jobs, QWidget* parent)
{
    auto* strip = new QWidget(parent);
    auto* layout = new QHBoxLayout(strip);
    layout->setContentsMargins(12, 2, 4, 2);
    auto* title = new QLabel(MainWindow::tr("JOBS"), strip);
    title->setProperty("role", QStringLiteral("caps"));
    auto* scroll = new QScrollArea(strip);
    scroll->setWidgetResizable(true);
    scroll->setWidget(jobs);
    layout->addWidget(title, 0, Qt::AlignTop);
    layout->addWidget(scroll, 1);
    title->setContentsMargins(0, 8, 0, 0);
    constexpr int rowHeight = 32;
    strip->setFixedHeight(rowHeight + 6);
    QObject::connect(jobs, &JobList::countChanged, strip, [strip](int rows) { strip->setFixedHeight(rowHeight * std::clamp(rows, 1, 4) + 6); });
    return strip;
}

QStringList localPaths(const QMimeData* data)
{
    QStringList paths;
    for (const QUrl& url : data->urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    return paths;
}

} // namespace

MainWindow::MainWindow(Session& session, Controller& controller, Scheduler& scheduler, Theming& theming, const QString& machine,
    QWidget* parent)
    : QMainWindow(parent), m_session(session), m_controller(controller), m_theming(theming)
{
    setWindowTitle(tr("Brink"));
    setAcceptDrops(true);
    resize(1440, 900);
    buildCentre();
    buildDocks();
    m_actions = makeActions(*this);
    buildCommands();
    buildStatusBar(machine);
    m_presenter = new Presenter(session, controller, scheduler, m_views, this);
    fitParameters();
    connectActions();
    connectSession();
    connectViews();
    retint();
    showRunning(false);
    showTargets();
    showStatus();
    restoreGeometry(m_settings.geometry());
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localPaths(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    m_controller.openFiles(localPaths(event->mimeData()));
    event->acceptProposedAction();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_settings.setWindow(saveGeometry(), saveState());
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
    resizeDocks({dock("models"), dock("images")}, {280, 480}, Qt::Vertical);
    m_standardLayout = saveState();
    restoreState(m_settings.layout());
}

void MainWindow::buildCentre()
{
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_messages = new MessageBar(centre);
    m_views.inspect = new InspectWorkspace(centre);
    auto* tabs = new QTabWidget(centre);
    tabs->setDocumentMode(true);
    tabs->addTab(m_views.inspect, tr("Inspect"));
    tabs->setTabToolTip(0, tr("One image: how close it is to another class, by every method"));
    layout->addWidget(m_messages);
    layout->addWidget(tabs, 1);
    setCentralWidget(centre);
}

void MainWindow::buildDocks()
{
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    m_views.models = new ModelList(this);
    m_views.images = new ThumbnailList(this);
    m_views.parameters = new ParametersPanel(this);
    m_views.jobs = new JobList(this);
    m_addModel = makeAddButton(tr("Open model"), tr("Open TorchScript models (Ctrl+M)"), this);
    m_addImages = makeAddButton(tr("Open images"), tr("Open images or a data set (Ctrl+O)"), this);
    auto* parameters = new QScrollArea(this);
    parameters->setWidgetResizable(true);
    parameters->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    parameters->setWidget(m_views.parameters);

    addDock(QStringLiteral("models"), tr("Models"), m_views.models, Qt::LeftDockWidgetArea, m_addModel);
    addDock(QStringLiteral("images"), tr("Images"), m_views.images, Qt::LeftDockWidgetArea, m_addImages);
    addDock(QStringLiteral("parameters"), tr("Parameters"), parameters, Qt::RightDockWidgetArea);
    auto* bottom = addDock(QStringLiteral("jobs"), tr("Jobs"), makeJobsStrip(m_views.jobs, this), Qt::BottomDockWidgetArea);
    bottom->setTitleBarWidget(new QWidget(bottom));
}

/// Forms are never cut off at the side; the scroll bar needs its room, too.
void MainWindow::fitParameters()
{
    auto* area = qobject_cast<QScrollArea*>(m_views.parameters->parentWidget()->parentWidget());
    area->setMinimumWidth(m_views.parameters->minimumSizeHint().width() + area->verticalScrollBar()->sizeHint().width());
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area, QToolButton* button)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setTitleBarWidget(makeDockTitle(title, button, dock));
    dock->setWidget(content);
    addDockWidget(area, dock);
    return dock;
}

/// Run, Stop, target and norm sit at the right end of the menu bar.
void MainWindow::buildCommands()
{
    menuBar()->setNativeMenuBar(false);
    auto* commands = new QWidget(menuBar());
    auto* layout = new QHBoxLayout(commands);
    layout->setContentsMargins(0, 2, 8, 2);
    layout->setSpacing(8);
    m_run = new QPushButton(tr("Run  F5"), commands);
    m_run->setProperty("primary", true);
    m_run->setToolTip(m_actions.run->toolTip());
    m_run->setAccessibleName(tr("Run"));
    m_stop = new QPushButton(tr("Stop  Esc"), commands);
    m_stop->setToolTip(m_actions.stop->toolTip());
    m_stop->setAccessibleName(tr("Stop"));
    m_target = new QComboBox(commands);
    m_target->setAccessibleName(tr("Target class of the attacks"));
    m_target->setToolTip(tr("Which class the attacks search: the nearest other class, or one of your choice"));
    m_target->setMinimumContentsLength(14);
    m_norm = new Segmented({qtext(normLabel(Norm::L1)), qtext(normLabel(Norm::L2)), qtext(normLabel(Norm::Linf))},
        {tr("L1: sum of absolute changes"), tr("L2: Euclidean length of the change"), tr("L∞: largest change of any pixel")}, commands);
    m_norm->setAccessibleName(tr("Norm"));
    m_norm->setCurrent(1);
    layout->addWidget(m_run);
    layout->addWidget(m_stop);
    layout->addSpacing(8);
    layout->addWidget(m_target);
    layout->addWidget(m_norm);
    menuBar()->setCornerWidget(commands, Qt::TopRightCorner);
}

void MainWindow::buildStatusBar(const QString& machine)
{
    m_readout = new QLabel(this);
    m_readout->setMinimumWidth(230);
    m_readout->setAccessibleName(tr("Pixel under the pointer"));
    m_readout->setToolTip(tr("Pixel under the pointer: value before and after"));
    m_modelStatus = new QLabel(this);
    m_setStatus = new QLabel(this);
    m_warningStatus = new QLabel(this);
    auto* machineLabel = new QLabel(machine, this);
    machineLabel->setToolTip(tr("Device, analyses at a time and threads inside each"));
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(m_readout);
    statusBar()->addWidget(m_modelStatus);
    statusBar()->addWidget(m_setStatus);
    statusBar()->addPermanentWidget(machineLabel);
    statusBar()->addPermanentWidget(m_warningStatus);
}

void MainWindow::connectActions()
{
    connect(m_actions.openModel, &QAction::triggered, this, &MainWindow::openModels);
    connect(m_actions.openImages, &QAction::triggered, this, &MainWindow::openImages);
    connect(m_actions.openFolder, &QAction::triggered, this, &MainWindow::openFolder);
    connect(m_actions.openExample, &QAction::triggered, this, &MainWindow::exampleWanted);
    connect(m_actions.quit, &QAction::triggered, this, &QWidget::close);
    connect(m_actions.run, &QAction::triggered, &m_controller, &Controller::run);
    connect(m_actions.stop, &QAction::triggered, &m_controller, &Controller::stop);
    connect(m_actions.previousImage, &QAction::triggered, this, [this] { stepImage(-1); });
    connect(m_actions.nextImage, &QAction::triggered, this, [this] { stepImage(1); });
    connect(m_actions.resetLayout, &QAction::triggered, this, &MainWindow::resetLayout);
    connect(m_actions.dismissMessages, &QAction::triggered, m_messages, &MessageBar::dismissAll);
    connect(m_actions.exportAll, &QAction::triggered, this, &MainWindow::exportAll);
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
        connect(action, &QAction::triggered, this, [this, figure = name] { exportFigure(figure); });
    for (const auto& [choice, action] : m_actions.themes) {
        action->setChecked(choice == m_theming.choice());
        connect(action, &QAction::triggered, this, [this, theme = choice] {
            m_theming.setChoice(theme);
            m_settings.setTheme(theme);
        });
    }
}

void MainWindow::connectSession()
{
    connect(&m_session, &Session::modelPicked, this, &MainWindow::showTargets);
    connect(&m_session, &Session::targetChanged, this, &MainWindow::showTargets);
    connect(&m_session, &Session::settingsChanged, this, [this] {
        m_norm->setCurrent(int(std::ranges::find(normOrder, m_session.norm()) - normOrder.begin()));
    });
    connect(&m_session, &Session::modelPicked, this, &MainWindow::showStatus);
    connect(&m_session, &Session::datasetOpened, this, &MainWindow::showStatus);
    connect(&m_session, &Session::imagePicked, this, &MainWindow::showStatus);
    connect(&m_session, &Session::resultChanged, this, &MainWindow::showStatus);
    connect(&m_session, &Session::imageLoaded, this, &MainWindow::showEnabled);
    connect(&m_session, &Session::resultChanged, this, &MainWindow::showEnabled);
    connect(&m_controller, &Controller::runningChanged, this, &MainWindow::showRunning);
    connect(&m_controller, &Controller::failed, m_messages,
        [bar = m_messages](const QString& sentence) { bar->post(MessageBar::Kind::Alarm, sentence); });
}

void MainWindow::connectViews()
{
    connect(m_run, &QPushButton::clicked, m_actions.run, &QAction::trigger);
    connect(m_stop, &QPushButton::clicked, m_actions.stop, &QAction::trigger);
    connect(m_addModel, &QToolButton::clicked, m_actions.openModel, &QAction::trigger);
    connect(m_addImages, &QToolButton::clicked, m_actions.openImages, &QAction::trigger);
    connect(m_norm, &Segmented::picked, this, [this](int index) { m_controller.pickNorm(normOrder[std::size_t(index)]); });
    connect(m_target, &QComboBox::activated, this, [this](int index) {
        m_controller.pickTarget(index == 0 ? std::nullopt : std::optional<std::int64_t>(m_target->itemData(index).toLongLong()));
    });
    connect(m_views.models, &ModelList::modelPicked, &m_controller, &Controller::pickModel);
    connect(m_views.images, &ThumbnailList::imagePicked, &m_controller, &Controller::pickImage);
    connect(m_views.images->thumbnails(), &ThumbnailModel::thumbnailsWanted, &m_controller, &Controller::loadThumbnails);
    connect(m_views.jobs, &JobList::stopRequested, &m_controller, &Controller::stopJob);
    connect(m_views.jobs, &JobList::dismissRequested, m_presenter, &Presenter::dismissJob);
    connect(m_views.parameters, &ParametersPanel::settingsEdited, &m_session, &Session::setSettings);
    connect(m_views.parameters, &ParametersPanel::presetPicked, this,
        [this](Preset preset) { m_session.setSettings(standardSettings(m_session.norm(), preset, m_session.settings().seed)); });
    connect(m_views.parameters, &ParametersPanel::validityChanged, this, [this](bool isValid) {
        m_areParametersValid = isValid;
        showEnabled();
    });
    connect(m_views.inspect, &InspectWorkspace::readoutChanged, m_readout, &QLabel::setText);
    connect(m_views.inspect, &InspectWorkspace::exportRequested, this, &MainWindow::exportFigure);
    connect(m_views.inspect, &InspectWorkspace::targetPicked, this, [this](qint64 target) {
        FigureSelection selection = m_session.selection();
        selection.target = target;
        m_session.select(selection);
    });
    connect(m_views.inspect, &InspectWorkspace::attackPicked, this, [this](const QString& name) {
        FigureSelection selection = m_session.selection();
        selection.attack = name.toStdString();
        m_session.select(selection);
    });
}

void MainWindow::resetLayout()
{
    restoreState(m_standardLayout);
    for (QDockWidget* dock : findChildren<QDockWidget*>())
        dock->show();
}

void MainWindow::openModels()
{
    const QStringList paths = QFileDialog::getOpenFileNames(this, tr("Open TorchScript models"), m_settings.folder(),
        tr("TorchScript (*.pt *.pth *.ts *.torchscript);;All files (*)"));
    for (const QString& path : paths)
        m_controller.openModel(path);
    if (!paths.isEmpty())
        m_settings.setFolder(QFileInfo(paths.first()).absolutePath());
}

void MainWindow::openImages()
{
    const QStringList paths = QFileDialog::getOpenFileNames(this, tr("Open images or a data set"), m_settings.folder());
    if (paths.isEmpty())
        return;
    m_controller.openFiles(paths);
    m_settings.setFolder(QFileInfo(paths.first()).absolutePath());
}

void MainWindow::openFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Open a folder of images"), m_settings.folder());
    if (path.isEmpty())
        return;
    m_controller.openFiles({path});
    m_settings.setFolder(path);
}

void MainWindow::exportFigure(const std::string& name)
{
    const FigureInfo& info = figureInfo(name);
    const auto figure = m_session.result() ? info.make(*m_session.result(), m_session.selection()) : std::nullopt;
    if (!figure) {
        m_messages->post(MessageBar::Kind::Information, tr("There is nothing to export as %1 yet; press Run first.").arg(qtext(info.label)));
        return;
    }
    auto* dialog = new ExportDialog(qtext(info.label), qtext(figure->caption), m_settings.exportChoice(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, shown = *figure] { saveFigure(shown, dialog->choice()); });
    dialog->open();
}

void MainWindow::saveFigure(const Figure& figure, const ExportChoice& choice)
{
    m_settings.setExportChoice(choice);
    const QString proposal = QDir(m_settings.folder()).filePath(QStringLiteral("%1.%2").arg(qtext(figure.name), choice.format));
    const QString path = QFileDialog::getSaveFileName(this, tr("Export figure"), proposal, QStringLiteral("*.%1").arg(choice.format));
    if (path.isEmpty())
        return;
    m_settings.setFolder(QFileInfo(path).absolutePath());
    try {
        writeFigure(figure, choice, path);
        m_messages->post(MessageBar::Kind::Information, tr("Exported %1.").arg(path));
    } catch (const Error& error) {
        m_messages->post(MessageBar::Kind::Alarm, qtext(error.message()));
    }
}

void MainWindow::exportAll()
{
    if (!m_session.result())
        return m_messages->post(MessageBar::Kind::Information, tr("There is nothing to export yet; press Run first."));
    auto* dialog = new ExportDialog(tr("all figures"), {}, m_settings.exportChoice(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, result = m_session.result(), selection = m_session.selection()] {
        const ExportChoice choice = dialog->choice();
        m_settings.setExportChoice(choice);
        const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder for all figures"), m_settings.folder());
        if (folder.isEmpty())
            return;
        try {
            const QStringList paths = writeAllFigures(*result, selection, choice, folder);
            m_messages->post(MessageBar::Kind::Information, tr("Exported %n figures to %1.", nullptr, int(paths.size())).arg(folder));
        } catch (const Error& error) {
            m_messages->post(MessageBar::Kind::Alarm, qtext(error.message()));
        }
    });
    dialog->open();
}

void MainWindow::stepImage(int step)
{
    const auto& dataset = m_session.dataset();
    const std::int64_t next = m_session.imageIndex() + step;
    if (dataset && next >= 0 && next < dataset->size())
        m_controller.pickImage(next);
}

void MainWindow::showRunning(bool isRunning)
{
    m_stop->setEnabled(isRunning);
    m_actions.stop->setEnabled(isRunning);
    showEnabled();
}

void MainWindow::showEnabled()
{
    const bool canRun = m_session.classifier() && m_session.image() && m_areParametersValid;
    m_run->setEnabled(canRun);
    m_actions.run->setEnabled(canRun);
    const bool hasResult = m_session.result() != nullptr;
    m_actions.exportAll->setEnabled(hasResult);
    m_actions.copyHeadline->setEnabled(hasResult);
    for (const auto& [name, action] : m_actions.exports)
        action->setEnabled(hasResult);
}

void MainWindow::showTargets()
{
    const QSignalBlocker blocker(m_target);
    m_target->clear();
    m_target->addItem(tr("any other class"));
    if (const auto classifier = m_session.classifier())
        for (int i = 0; i < classifier->classes(); ++i)
            m_target->addItem(tr("class %1").arg(qtext(classifier->className(i))), i);
    const auto target = m_session.target();
    m_target->setCurrentIndex(target ? m_target->findData(int(*target)) : 0);
    showEnabled();
}

void MainWindow::showStatus()
{
    const auto classifier = m_session.classifier();
    m_modelStatus->setText(classifier ? tr("model %1").arg(qtext(classifier->card().name)) : tr("no model"));
    const auto& dataset = m_session.dataset();
    m_setStatus->setText(dataset ? tr("%1 · image %2 of %3").arg(qtext(dataset->name())).arg(m_session.imageIndex()).arg(shownCount(dataset->size()))
                                 : tr("no images"));
    const auto& result = m_session.result();
    QStringList warnings;
    if (result)
        for (const Warning& warning : result->warnings)
            warnings << qtext(warning.text);
    m_warningStatus->setText(warnings.isEmpty() ? tr("no warnings") : tr("%n warnings", nullptr, int(warnings.size())));
    m_warningStatus->setToolTip(warnings.isEmpty() ? tr("Nothing suspicious about this result") : warnings.join(QLatin1Char('\n')));
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
