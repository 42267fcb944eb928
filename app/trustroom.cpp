// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/trustroom.h"

#include "app/detectorspage.h"
#include "app/qtext.h"
#include "app/truststate.h"
#include "core/base/error.h"
#include "core/data/image.h"

namespace brink {

TrustRoom::TrustRoom(const Session& session, Controller& controller, Scheduler& scheduler, MessageBar& messages, QWidget* window)
    : QObject(window), m_session(session), m_workspace(new TrustWorkspace(window)), m_diagnosis(new DiagnosisRoom(session, controller, scheduler, messages, window)),
      m_detectors(new DetectorsRoom(session, scheduler, window)), m_smoothing(new SmoothingRoom(session, scheduler, window))
{
    addPage(QStringLiteral("diagnosis"), tr("Diagnosis"), tr("Checks of the model and of an attack on it as traffic lights"), m_diagnosis->panel(), m_diagnosis->commands());
    addPage(QStringLiteral("detectors"), tr("Detectors"), tr("Whether perturbed images can be told from clean ones, and what an attacker who knows the detector leaves of it"),
        m_detectors->page(), m_detectors->commands());
    addPage(QStringLiteral("smoothing"), tr("Smoothing"), tr("Certified accuracy of the classifier that answers by the majority over Gaussian noise"), m_smoothing->page(),
        m_smoothing->commands());
    connect(m_workspace, &TrustWorkspace::pageShown, this, &TrustRoom::workChanged);
    connectRoom(m_diagnosis);
    connectRoom(m_detectors);
    connectRoom(m_smoothing);
    connect(&session, &Session::datasetOpened, this, [this] {
        if (!m_waiting.isEmpty())
            restoreResults(std::exchange(m_waiting, {}));
    });
    connect(m_diagnosis, &DiagnosisRoom::resultsChanged, this, &TrustRoom::resultsChanged);
    connect(&m_detectors->desk(), &DetectorsDesk::resultsChanged, this, &TrustRoom::resultsChanged);
    connect(m_smoothing, &SmoothingRoom::resultsChanged, this, &TrustRoom::resultsChanged);
}

template <typename Room> void TrustRoom::connectRoom(Room* room)
{
    connect(room, &Room::workChanged, this, &TrustRoom::workChanged);
    connect(room, &Room::imageWanted, this, [this](auto image) { Q_EMIT imageWanted(int(image)); });
    connect(room, &Room::readoutChanged, this, &TrustRoom::readoutChanged);
}

void TrustRoom::connectExporter(FigureExporter& exporter)
{
    m_diagnosis->connectExporter(exporter);
    m_detectors->connectExporter(exporter);
    m_smoothing->connectExporter(exporter);
}

void TrustRoom::addPage(const QString& name, const QString& title, const QString& toolTip, QWidget* page, WorkspaceCommands commands)
{
    if (commands.canRun)
        m_commands[page] = std::move(commands);
    m_workspace->addPage(name, title, toolTip, page);
}

const WorkspaceCommands* TrustRoom::commands() const
{
    const auto found = m_commands.find(m_workspace->currentPage());
    return found == m_commands.end() ? nullptr : &found->second;
}

Json TrustRoom::state() const
{
    return {{"page", m_workspace->page().toStdString()}, {"diagnosis", toJson(m_diagnosis->choices())}, {"detectors", toJson(m_detectors->desk().choices())},
        {"smoothing", toJson(m_smoothing->choices())}};
}

void TrustRoom::restore(const Json& state)
{
    const auto part = [&](const char* name) { return state.value(name, Json::object()); };
    m_diagnosis->setChoices(diagnosisChoicesFromJson(part("diagnosis"), m_diagnosis->standard()));
    m_detectors->desk().setChoices(detectorsChoicesFromJson(part("detectors")));
    m_smoothing->setChoices(smoothingChoicesFromJson(part("smoothing")));
    const Json page = state.value("page", Json());
    m_workspace->showPage(page.is_string() ? qtext(page.get<std::string>()) : QStringLiteral("diagnosis"));
}

std::string TrustRoom::firstImage() const
{
    const auto& dataset = m_session.dataset();
    if (!dataset || dataset->size() == 0)
        return {};
    if (m_firstImage.first.lock() == dataset)
        return m_firstImage.second;
    m_firstImage = {dataset, {}};
    try {
        m_firstImage.second = imageSha256(dataset->image(0));
    } catch (const Error&) {
        // Whatever looks at the set says so.
    }
    return m_firstImage.second;
}

TrustResults TrustRoom::results() const
{
    if (!m_session.dataset())
        return m_waiting;
    TrustResults results;
    results.images = m_session.dataset()->name();
    results.imageCount = m_session.dataset()->size();
    results.firstImage = firstImage();
    results.diagnoses = m_diagnosis->results();
    results.detectors = m_detectors->desk().all();
    results.smoothing = m_smoothing->results();
    return results.isEmpty() ? m_waiting : results;
}

void TrustRoom::restoreResults(TrustResults results)
{
    const auto dataset = m_session.dataset();
    if (!dataset || dataset->name() != results.images || dataset->size() != results.imageCount || firstImage() != results.firstImage) {
        m_waiting = std::move(results);
        return;
    }
    m_waiting = {};
    m_diagnosis->restoreResults(std::move(results.diagnoses));
    for (auto& [sha256, kept] : results.detectors)
        m_detectors->desk().keep(sha256, std::move(kept));
    m_smoothing->restoreResults(std::move(results.smoothing));
}

void TrustRoom::diagnose()
{
    m_workspace->showPage(QStringLiteral("diagnosis"));
    if (!m_diagnosis->isRunning() && m_diagnosis->state() != ViewState::Complete)
        m_diagnosis->start();
}

} // namespace brink
