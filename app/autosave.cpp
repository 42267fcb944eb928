// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/autosave.h"

#include "app/controller.h"
#include "app/qtext.h"
#include "app/sessionkeeper.h"
#include "core/base/error.h"
#include "widgets/controls/messagebar.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QLockFile>
#include <QPointer>
#include <QStandardPaths>
#include <QTimer>

#include <algorithm>
#include <functional>
#include <utility>

namespace brink {

namespace {

constexpr int stateDelayMs = 1000; ///< choices come in bursts
constexpr int documentsDelayMs = 5000;
constexpr int documentsShare = 20; ///< of the time at most one part goes into writing them: pictures can be large
constexpr int retryDelayMs = 20000;
constexpr int daysKept = 30; ///< what nobody wanted back for so long goes

} // namespace

/// A file under a lock that dies with its program. Goes with the last who holds it, when it is no longer wanted.
class AutosaveFile {
public:
    explicit AutosaveFile(const QString& path) : m_path(path), m_lock(path + QStringLiteral(".lock")) { m_lock.setStaleLockTime(0); }
    ~AutosaveFile()
    {
        if (m_isUnwanted)
            remove();
    }
    AutosaveFile(const AutosaveFile&) = delete;
    AutosaveFile& operator=(const AutosaveFile&) = delete;

    /// False while another program holds it, or where nothing can be written.
    [[nodiscard]] bool lock() { return m_lock.tryLock(0); }
    /// Goes when nobody holds it any more.
    void dismiss() { m_isUnwanted = true; }
    /// Goes now. @pre nobody writes into it.
    void remove() const
    {
        for (const char* ending : {"", "-wal", "-shm", "-journal"})
            QFile::remove(m_path + QLatin1String(ending));
    }
    [[nodiscard]] const QString& path() const { return m_path; }

private:
    QString m_path;
    QLockFile m_lock;
    std::atomic<bool> m_isUnwanted{false};
};

Autosave::Autosave(Session& session, Controller& controller, Scheduler& scheduler, SessionKeeper& keeper, MessageBar& messages,
    const QString& folder, QObject* parent)
    : QObject(parent), m_session(session), m_controller(controller), m_scheduler(scheduler), m_keeper(keeper), m_messages(messages),
      m_folder(folder), m_timer(new QTimer(this)), m_documentsTimer(new QTimer(this)), m_documentsDelayMs(documentsDelayMs)
{
    QDir().mkpath(folder);
    const QString name = QStringLiteral("%1-%2.brink").arg(QDateTime::currentMSecsSinceEpoch()).arg(QCoreApplication::applicationPid());
    m_file = std::make_shared<AutosaveFile>(QDir(folder).filePath(name));
    m_timer->setSingleShot(true);
    connect(m_timer, &QTimer::timeout, this, &Autosave::writeNext);
    m_documentsTimer->setSingleShot(true);
    connect(m_documentsTimer, &QTimer::timeout, this, [this] {
        m_areDocumentsDue = true;
        writeNext();
    });
    connect(&keeper, &SessionKeeper::documentsChanged, this, &Autosave::documentsChanged);
    connect(&controller, &Controller::resultKept, this, &Autosave::keep);
    for (const auto signal : {&Session::modelsChanged, &Session::datasetOpened, &Session::imageLoaded, &Session::settingsChanged,
             &Session::targetChanged, &Session::selectionChanged})
        connect(&session, signal, this, &Autosave::stateChanged);
    connect(&session, &Session::modelPicked, this, &Autosave::stateChanged);
    if (!m_file->lock())
        written(tr("the folder cannot be written"));
}

Autosave::~Autosave() = default;

QString Autosave::standardFolder()
{
    return QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)).filePath(QStringLiteral("autosave"));
}

void Autosave::offerWhatIsLeft()
{
    m_left = takeLeft();
    offerNext();
}

/// What programs that are no longer there left behind.
std::vector<Autosave::Left> Autosave::takeLeft() const
{
    std::vector<Left> found;
    const QDir folder(m_folder);
    for (const QFileInfo& info : folder.entryInfoList({QStringLiteral("*.brink")}, QDir::Files, QDir::Time)) {
        if (info.absoluteFilePath() == QFileInfo(m_file->path()).absoluteFilePath())
            continue;
        auto file = std::make_shared<AutosaveFile>(info.absoluteFilePath());
        if (!file->lock())
            continue;
        if (info.lastModified().daysTo(QDateTime::currentDateTime()) > daysKept)
            file->remove();
        else
            found.push_back({info.absoluteFilePath(), std::move(file)});
    }
    return found;
}

/// One at a time: a row each would take the figures' room.
void Autosave::offerNext()
{
    if (m_left.empty())
        return;
    const Left left = std::move(m_left.front());
    m_left.erase(m_left.begin());
    const QString when = QLocale().toString(QFileInfo(left.path).lastModified(), QLocale::ShortFormat);
    QString sentence = tr("Brink ended unexpectedly on %1; its models, images, parameters and results can be brought back.").arg(when);
    if (!m_left.empty())
        sentence += QLatin1Char(' ') + (m_left.size() == 1 ? tr("An older one is offered next.") : tr("%n older ones are offered next.", nullptr, int(m_left.size())));
    m_messages.post(MessageBar::Kind::Information, sentence,
        {{tr("Restore"), tr("Open what was open then, with all results"),
             [this, left] {
                 restore(left);
                 offerNext();
             }},
            {tr("Discard"), tr("Delete what was left; it cannot be brought back then"), [this, left] {
                 left.file->remove();
                 offerNext();
             }}});
}

void Autosave::restore(const Left& left)
{
    const auto remembered = std::make_shared<Remembered>();
    JobRequest request;
    request.title = tr("Restore");
    request.work = [path = left.path, remembered](Monitor&) { *remembered = readSessionFile(path); };
    request.finished = [self = QPointer(this), left, remembered](const JobSnapshot& job) {
        if (!self)
            return;
        if (job.status == JobStatus::Failed)
            return self->m_messages.post(MessageBar::Kind::Alarm, job.error ? qtext(job.error->message()) : job.title);
        if (job.status != JobStatus::Done)
            return;
        remembered->isRecovered = true;
        // Until all of it is in our own file, the old one stays.
        connect(&self->m_keeper, &SessionKeeper::restoredFrom, self, [self, left](const QString& path) {
            if (path == left.path) {
                self->m_restored.push_back(left.file);
                self->m_areDocumentsDue = true;
                self->stateChanged();
            }
        });
        self->m_keeper.restore(std::move(*remembered));
    };
    m_scheduler.submit(std::move(request));
}

void Autosave::finish()
{
    m_file->dismiss();
    m_waiting.clear();
    m_isStateDue = m_areDocumentsDue = false;
    m_timer->stop();
    m_documentsTimer->stop();
}

void Autosave::keep(const StoredResult& stored)
{
    if (!m_hasFailed)
        m_waiting.push_back(stored);
    m_isStateDue = true;
    writeNext();
}

void Autosave::stateChanged()
{
    m_isStateDue = true;
    if (!m_timer->isActive())
        m_timer->start(stateDelayMs);
}

void Autosave::documentsChanged()
{
    if (!m_documentsTimer->isActive())
        m_documentsTimer->start(m_documentsDelayMs);
}

/// What waits, in one job; the next begins when it is done.
void Autosave::writeNext()
{
    if (m_isWriting || (m_waiting.empty() && !m_isStateDue && !m_areDocumentsDue) || (m_hasFailed && m_timer->isActive()))
        return;
    m_isWriting = true;
    if (m_hasFailed)
        m_waiting = m_controller.results().all();
    const auto failure = std::make_shared<QString>();
    JobRequest request;
    request.title = tr("Autosave");
    request.slot = QStringLiteral("autosave");
    std::function<std::vector<SessionDocument>()> documents;
    const bool hasDocuments = std::exchange(m_areDocumentsDue, false);
    if (hasDocuments)
        documents = m_keeper.documents();
    request.work = [file = m_file, results = m_waiting, state = toJson(m_keeper.state(), m_folder), documents = std::move(documents), failure](Monitor&) {
        try {
            SessionFile session(file->path().toStdString());
            for (const StoredResult& stored : results)
                session.put(stored);
            if (documents)
                session.setDocuments(documents());
            session.setState(state);
        } catch (const Error& error) {
            *failure = qtext(error.message()); // shown once, not as a failed job each time
        }
    };
    request.finished = [self = QPointer(this), failure, hasDocuments, count = m_waiting.size()](const JobSnapshot& job) {
        if (!self)
            return;
        if (hasDocuments)
            self->m_documentsDelayMs = std::max(documentsDelayMs, int(std::min(1000 * documentsShare * job.seconds, 600'000.0)));
        if (failure->isEmpty())
            self->m_waiting.erase(self->m_waiting.begin(), self->m_waiting.begin() + std::ptrdiff_t(std::min(count, self->m_waiting.size())));
        self->written(*failure);
    };
    m_isStateDue = false;
    m_scheduler.submit(std::move(request));
}

void Autosave::written(const QString& failure)
{
    m_isWriting = false;
    if (!failure.isEmpty()) {
        m_waiting.clear();
        if (!m_hasFailed)
            m_messages.post(MessageBar::Kind::Caution,
                tr("Autosave does not work at the moment: %1 Your work goes on; save the session to keep it.").arg(failure));
        m_hasFailed = true;
        m_isStateDue = m_areDocumentsDue = true;
        m_timer->start(retryDelayMs);
        return;
    }
    m_hasFailed = false;
    if (m_waiting.empty() && !m_areDocumentsDue) {
        for (const auto& restored : m_restored)
            restored->remove();
        m_restored.clear();
    }
    if (!m_timer->isActive())
        writeNext(); // what came while it was written
}

} // namespace brink
