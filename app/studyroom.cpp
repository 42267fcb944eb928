// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studyroom.h"

#include "app/controller.h"
#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/inspecttext.h"
#include "app/pairinspector.h"
#include "app/qtext.h"
#include "app/studyedits.h"
#include "app/studyexport.h"
#include "app/studyform.h"
#include "app/studysurveypage.h"
#include "app/studytext.h"
#include "app/studyworkspace.h"
#include "app/transferworkspace.h"
#include "core/base/error.h"
#include "core/study/studydefinition.h"
#include "widgets/controls/messagebar.h"
#include "widgets/controls/pairgallery.h"
#include "widgets/plot/exportfigure.h"
#include "widgets/plot/figureview.h"

#include <QAction>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QTimer>

#include <algorithm>

namespace brink {

namespace {

constexpr int redrawMs = 20; ///< several changes in a row are drawn once
constexpr int usualImages = 100; ///< of a large set: a first study ends in minutes

} // namespace

StudyRoom::StudyRoom(Session& session, Controller& controller, Scheduler& scheduler, MessageBar& messages, QWidget* window)
    : QObject(window), m_session(session), m_controller(controller), m_scheduler(scheduler), m_messages(messages), m_window(window), m_actions(makeStudyActions(window)),
      m_studies(m_desk, scheduler, controller.loadOptions().device), m_studyJob(scheduler, tr("Draw the study"), QStringLiteral("study-drawing")),
      m_transferJob(scheduler, tr("Draw the transfer"), QStringLiteral("transfer-drawing")), m_tableJob(scheduler, tr("Write a table"), {}), m_study(new StudyWorkspace(m_actions, window)),
      m_transfer(new TransferWorkspace(m_actions, window)), m_inspector(new PairInspector(session, controller, this)), m_redraw(new QTimer(this))
{
    m_redraw->setSingleShot(true);
    m_redraw->setInterval(redrawMs);
    connect(m_redraw, &QTimer::timeout, this, &StudyRoom::draw);
    m_study->installEventFilter(this);
    m_transfer->installEventFilter(this);
    connectDesk();
    connectActions();
    connectViews();
    showEnabled();
    markAll();
}

StudyRoom::~StudyRoom() = default;

void StudyRoom::open(const QString& path)
{
    if (QFileInfo(path).suffix().toLower() == QLatin1String("json"))
        return offerRun(path);
    m_studies.open(path);
    Q_EMIT studyWanted();
}

/// A study that is yet to be computed may take hours: nothing begins without a word.
void StudyRoom::offerRun(const QString& definition)
{
    try {
        const auto study = std::make_shared<const Study>(readStudyDefinition(definition.toStdString()));
        const QFileInfo file(definition);
        const QString result = file.dir().filePath(file.completeBaseName() + QStringLiteral(".brink"));
        const QString name = QFileInfo(result).fileName();
        m_messages.post(MessageBar::Kind::Information,
            tr("%1 describes a study of %2 models and %3 analyses.").arg(file.fileName(), shownCount(std::ssize(study->models)), shownCount(std::ssize(study->analyses))),
            {{QFileInfo::exists(result) ? tr("Continue %1").arg(name) : tr("Run into %1").arg(name), tr("Compute what %1 lacks").arg(result), [this, study, result] {
                  m_studies.run(result, *study);
                  Q_EMIT studyWanted();
              }}});
    } catch (const Error& error) {
        m_messages.post(MessageBar::Kind::Alarm, qtext(error.message()));
    }
}

Json StudyRoom::state() const
{
    Json json{{"view", toJson(m_desk.view())}, {"splits", {{"study", m_study->splits().toStdString()}, {"transfer", m_transfer->splits().toBase64().toStdString()}}}};
    if (!m_desk.path().isEmpty())
        json["path"] = m_desk.path().toStdString();
    return json;
}

void StudyRoom::restore(const Json& state)
{
    const QString path = qtext(state.value("path", std::string()));
    const Json splits = state.value("splits", Json::object());
    if (path.isEmpty())
        m_studies.close();
    else if (QFileInfo::exists(path))
        m_studies.open(path);
    else
        m_messages.post(MessageBar::Kind::Caution, tr("The study %1 is no longer there.").arg(QDir::toNativeSeparators(path)));
    m_desk.setView(studyViewFromJson(state.value("view", Json::object())));
    if (splits.contains("study"))
        m_study->setSplits(QByteArray::fromStdString(splits.at("study").get<std::string>()));
    if (splits.contains("transfer"))
        m_transfer->setSplits(QByteArray::fromBase64(QByteArray::fromStdString(splits.at("transfer").get<std::string>())));
}

bool StudyRoom::isDrawn() const
{
    return !m_redraw->isActive() && !m_studyJob.isBusy() && !m_transferJob.isBusy();
}

void StudyRoom::connectDesk()
{
    connect(&m_desk, &StudyDesk::resultsChanged, this, &StudyRoom::markAll);
    connect(&m_desk, &StudyDesk::viewChanged, this, &StudyRoom::markAll);
    connect(&m_desk, &StudyDesk::pathChanged, m_transfer->gallery()->pairs(), &PairModel::forgetPictures);
    // Light ones at once: a click is answered in the same turn.
    const auto showDesk = [this] {
        m_study->showDesk(m_desk);
        m_transfer->showDesk(m_desk);
        showEnabled();
    };
    connect(&m_desk, &StudyDesk::cellsChanged, this, showDesk);
    connect(&m_desk, &StudyDesk::stateChanged, this, showDesk);
    connect(&m_desk, &StudyDesk::viewChanged, this, showDesk);
    connect(&m_desk, &StudyDesk::resultsChanged, this, showDesk);
    connect(&m_studies, &StudyController::pictureLoaded, m_transfer->gallery()->pairs(), &PairModel::setPicture);
    connect(&m_studies, &StudyController::failed, this, [this](const QString& sentence) { m_messages.post(MessageBar::Kind::Alarm, sentence); });
    connect(&m_studies, &StudyController::ended, this, [this](const QString& sentence) {
        m_messages.post(MessageBar::Kind::Information, sentence);
        showEnabled();
    });
    connect(&m_studies, &StudyController::runStarted, this, [this](JobId job) {
        m_controller.setAgain(job, [this] { m_studies.continueRun(); });
        showEnabled();
    });
    connect(&m_controller, &Controller::studyFileWanted, this, &StudyRoom::open);
}

void StudyRoom::connectActions()
{
    connect(m_actions.open, &QAction::triggered, this, &StudyRoom::askOpen);
    connect(m_actions.create, &QAction::triggered, this, &StudyRoom::openForm);
    connect(m_actions.resume, &QAction::triggered, &m_studies, &StudyController::continueRun);
    connect(m_actions.stop, &QAction::triggered, &m_studies, &StudyController::stop);
    connect(m_actions.clearPicks, &QAction::triggered, this, [this] {
        m_desk.pickModels({});
        m_desk.pickCells({});
    });
    for (const auto& [name, action] : m_actions.exports)
        connect(action, &QAction::triggered, this, [this, wanted = name] { Q_EMIT exportRequested(wanted); });
    for (const auto& [name, action] : m_actions.tables)
        connect(action, &QAction::triggered, this, [this, wanted = name] { askTable(wanted); });
}

void StudyRoom::connectViews()
{
    connect(m_study, &StudyWorkspace::viewEdited, this, &StudyRoom::edit);
    connect(m_study, &StudyWorkspace::tableMenuRequested, this, &StudyRoom::showTableMenu);
    connect(m_study, &StudyWorkspace::readoutChanged, this, &StudyRoom::readoutChanged);
    connect(m_study, &StudyWorkspace::exportRequested, this, &StudyRoom::exportRequested);
    connect(m_study, &StudyWorkspace::copyRequested, this, &StudyRoom::copyRequested);
    connect(m_study, &StudyWorkspace::imageOpened, this, [this](int model, int image) { inspect(model, image); });
    connect(m_transfer, &TransferWorkspace::viewEdited, this, &StudyRoom::edit);
    connect(m_transfer, &TransferWorkspace::readoutChanged, this, &StudyRoom::readoutChanged);
    connect(m_transfer, &TransferWorkspace::exportRequested, this, &StudyRoom::exportRequested);
    connect(m_transfer, &TransferWorkspace::copyRequested, this, &StudyRoom::copyRequested);
    connect(m_transfer, &TransferWorkspace::cellsPicked, this, [this](const CellSelection& cells, bool isSecond) {
        isSecond ? m_desk.pickOtherCells(cells) : m_desk.pickCells(cells);
    });
    connect(m_transfer, &TransferWorkspace::pairOpened, this, [this](const TransferPair& pair, bool onSource) {
        inspect(onSource ? pair.source : pair.target, pair.image);
    });
    connect(m_transfer->gallery()->pairs(), &PairModel::picturesWanted, &m_studies, &StudyController::loadPictures);
}

void StudyRoom::inspect(int model, int image, std::optional<Norm> norm)
{
    if (norm && *norm != Norm::L0) // has no ladder
        Q_EMIT normWanted(*norm);
    const Study& study = m_desk.results()->study;
    const StudyModel& wanted = study.models[std::size_t(model)];
    m_inspector->inspect({qtext(wanted.path), wanted.card, qtext(study.images.path), m_desk.results()->images[std::size_t(image)].index});
    Q_EMIT inspectWanted();
}

void StudyRoom::edit(const StudyView& view)
{
    if (m_undo)
        editView(*m_undo, m_desk, view);
    else
        m_desk.setView(view);
}

void StudyRoom::showTableMenu(const QPoint& position)
{
    auto* menu = new QMenu(m_window);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const auto& [name, action] : m_actions.tables)
        menu->addAction(action);
    menu->addSeparator();
    menu->addAction(m_actions.clearPicks);
    menu->popup(position);
}

bool StudyRoom::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Show)
        m_redraw->start();
    return QObject::eventFilter(watched, event);
}

void StudyRoom::markAll()
{
    m_isStudyDirty = m_isTransferDirty = true;
    if (!m_redraw->isActive())
        m_redraw->start();
}

void StudyRoom::draw()
{
    if (m_isStudyDirty && m_study->isVisible())
        drawStudyView();
    if (m_isTransferDirty && m_transfer->isVisible())
        drawTransferView();
}

void StudyRoom::drawStudyView()
{
    m_isStudyDirty = false;
    const auto results = m_desk.results();
    if (!results)
        return m_study->showDrawing({});
    m_studyJob.request([results, analysis = m_desk.analysis(), selection = m_desk.selection()] { return drawStudy(results, analysis, selection); },
        [this, path = m_desk.path()](const StudyDrawing& drawing) {
            if (path != m_desk.path())
                return;
            m_study->showDrawing(drawing);
            m_study->showDesk(m_desk);
        },
        [this](const Error& error) { m_messages.post(MessageBar::Kind::Alarm, qtext(error.message())); });
}

void StudyRoom::drawTransferView()
{
    m_isTransferDirty = false;
    const auto results = m_desk.results();
    if (!results)
        return m_transfer->showDrawing({});
    m_transferJob.request([results, analysis = m_desk.transferAnalysis(), selection = m_desk.transferSelection()] { return drawTransfer(results, analysis, selection); },
        [this, path = m_desk.path()](const TransferDrawing& drawing) {
            if (path == m_desk.path())
                m_transfer->showDrawing(drawing);
        },
        [this](const Error& error) { m_messages.post(MessageBar::Kind::Alarm, qtext(error.message())); });
}

WorkspaceCommands StudyRoom::commands()
{
    WorkspaceCommands commands;
    commands.canRun = [this] { return m_studies.canContinue(); };
    commands.run = [this] { m_actions.resume->trigger(); };
    commands.runTip = [this] {
        return m_studies.canContinue() ? tr("Continue the study (F5)") : m_desk.results() ? tr("Nothing of this study is left to compute; a new study is in the File menu") : tr("No study is open; the File menu opens or makes one");
    };
    commands.canStop = [this] { return m_studies.isRunning(); };
    commands.stop = [this] { m_actions.stop->trigger(); };
    commands.stopTip = [] { return tr("Stop the study; what is done is kept (Esc)"); };
    commands.targetReason = tr("Each analysis of a study has its own targets");
    commands.normReason = tr("Each analysis of a study has its own norm; choose the analysis above the figures");
    return commands;
}

void StudyRoom::showEnabled()
{
    const bool hasResults = m_desk.results() != nullptr;
    m_actions.resume->setEnabled(m_studies.canContinue());
    m_actions.stop->setEnabled(m_studies.isRunning());
    Q_EMIT workChanged();
    m_actions.clearPicks->setEnabled(hasResults && (!m_desk.view().models.empty() || !m_desk.cells().empty()));
    for (const auto& [name, action] : m_actions.exports)
        action->setEnabled(hasResults);
    for (const auto& [name, action] : m_actions.tables)
        action->setEnabled(hasResults);
}

void StudyRoom::askOpen()
{
    const QString path = QFileDialog::getOpenFileName(m_window, tr("Open study file"), m_settings.folder(), tr("Brink studies (*.brink)"));
    if (path.isEmpty())
        return;
    m_settings.setFolder(QFileInfo(path).absolutePath());
    m_controller.openFiles({path});
}

/// From the models and images that are open in Inspect.
StudyDraft StudyRoom::usualDraft() const
{
    StudyDraft draft;
    for (const LoadedModel& model : m_session.models())
        draft.models.push_back({qtext(model.classifier->path()), qtext(model.classifier->card().name), qtext(model.classifier->card().family)});
    if (m_session.imagePaths().size() == 1)
        draft.images = m_session.imagePaths().first();
    if (m_session.dataset() && m_session.dataset()->size() > usualImages)
        draft.range = QStringLiteral("0:%1").arg(usualImages);
    draft.analyses = usualAnalyses();
    return draft;
}

StudyForm* StudyRoom::openForm()
{
    auto* form = new StudyForm(usualDraft(), QDir(m_settings.folder()).filePath(QStringLiteral("study.brink")), m_scheduler, m_window);
    form->setAttribute(Qt::WA_DeleteOnClose);
    connect(form, &StudyForm::saveWanted, this, [this, form] { askDefinition(*form); });
    connect(form, &StudyForm::runWanted, this, [this, form] {
        m_studies.run(form->resultFile(), *form->study());
        Q_EMIT studyWanted();
        form->accept();
    });
    form->open();
    return form;
}

void StudyRoom::askDefinition(const StudyForm& form)
{
    const QString proposal = QDir(m_settings.folder()).filePath(QStringLiteral("%1.json").arg(form.draft().name));
    const QString path = QFileDialog::getSaveFileName(m_window, tr("Save study"), proposal, tr("Studies (*.json)"));
    if (path.isEmpty())
        return;
    try {
        writeStudyDefinition(studyJson(form.draft()), path);
        m_messages.post(MessageBar::Kind::Information, tr("Saved %1; \"brink run\" computes it.").arg(path));
    } catch (const Error& error) {
        m_messages.post(MessageBar::Kind::Alarm, qtext(error.message()));
    }
}

void StudyRoom::askTable(const std::string& name)
{
    const QString proposal = QDir(m_settings.folder()).filePath(QStringLiteral("%1-%2.csv").arg(studyTitle(m_desk), qtext(name)));
    const QString path = QFileDialog::getSaveFileName(m_window, tr("Export table"), proposal, tr("Tables (*.csv *.json *.tex)"));
    if (path.isEmpty())
        return;
    m_settings.setFolder(QFileInfo(path).absolutePath());
    saveTable(name, path);
}

void StudyRoom::saveTable(const std::string& name, const QString& path)
{
    const auto results = m_desk.results();
    if (!results)
        return;
    const StudySelection selection = selectionFor(name);
    m_tableJob.request([results, name, selection, path] { return writeStudyTable(*results, name, selection, path); },
        [this](const QString& written) {
            m_messages.post(MessageBar::Kind::Information, tr("Exported %1.").arg(written));
            Q_EMIT tableSaved(written);
        },
        [this](const Error& error) { m_messages.post(MessageBar::Kind::Alarm, qtext(error.message())); });
}

void StudyRoom::connectExporter(FigureExporter& exporter)
{
    for (const StudyFigureInfo& info : studyFigureInfos())
        exporter.addFigure(info.name, qtext(info.label), [this, name = info.name]() -> std::optional<ShownFigure> {
            auto shown = figure(name);
            if (!shown)
                return std::nullopt;
            const FigurePane* shownIn = pane(name);
            return ShownFigure{shownIn ? withRanges(std::move(*shown), shownIn->view()->zoom()) : std::move(*shown), std::nullopt};
        });
    for (const StudyFigureInfo& info : studySurveyFigureInfos())
        exporter.addFigure(studySurveyName(info.name), tr("%1 of the study").arg(qtext(info.label)), [this, make = info.make]() -> std::optional<ShownFigure> {
            auto made = m_desk.results() ? make(*m_desk.results(), m_desk.selection()) : std::nullopt;
            return made ? std::optional(ShownFigure{std::move(*made), std::nullopt}) : std::nullopt;
        });
    connect(this, &StudyRoom::exportRequested, &exporter, &FigureExporter::exportFigure);
    connect(this, &StudyRoom::copyRequested, &exporter, &FigureExporter::copyFigure);
}

FigurePane* StudyRoom::pane(const std::string& name) const
{
    if (name == m_transfer->pane()->name())
        return m_transfer->pane();
    for (const auto& panes : {m_study->panes(), m_otherPanes})
        if (const auto found = std::ranges::find(panes, name, &FigurePane::name); found != panes.end())
            return *found;
    return nullptr;
}

/// Figures and tables of one name go with the workspace that shows them.
StudySelection StudyRoom::selectionFor(const std::string& name) const
{
    if (name.starts_with("margin"))
        return m_desk.marginSelection();
    return name == "transfer" ? m_desk.transferSelection() : m_desk.selection();
}

/// What is in sight where it is, else made now.
std::optional<Figure> StudyRoom::figure(const std::string& name) const
{
    const FigurePane* shownIn = pane(name);
    if (shownIn && shownIn->figure())
        return shownIn->figure();
    if (!m_desk.results())
        return std::nullopt;
    return studyFigureInfo(name).make(*m_desk.results(), selectionFor(name));
}

} // namespace brink
