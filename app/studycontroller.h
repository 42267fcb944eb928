// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studydesk.h"
#include "core/jobs/scheduler.h"
#include "core/store/studyrun.h"

#include <QElapsedTimer>
#include <QImage>
#include <QList>
#include <QObject>

#include <memory>
#include <optional>

class QTimer;

namespace brink {

/// Names of pictures: an image of the study, and what an attack made of it.
[[nodiscard]] quint64 originalKey(int image);
/// @param row of StudyResults::cell(analysis, model).attack
[[nodiscard]] quint64 adversarialKey(int analysis, int model, int row);

/// Opens, follows, runs and continues study files for the desk. Whoever writes the file, what is shown comes out of it: a short
/// job reads what is new twice a second while the study is not complete, and pictures on demand. Nothing waits.
class StudyController : public QObject {
    Q_OBJECT
public:
    /// @param scheduler outlives this, or is destroyed first.
    StudyController(StudyDesk& desk, Scheduler& scheduler, std::string device, QObject* parent = nullptr);
    /// Where models run.
    [[nodiscard]] const std::string& device() const { return m_device; }
    ~StudyController() override;

    void open(const QString& path);
    void close();
    /// Computes into the file what it lacks; one study at a time.
    void run(const QString& path, const Study& study);
    /// The study in sight, from where it stopped.
    void continueRun();
    void stop();
    [[nodiscard]] bool isRunning() const { return m_run.has_value(); }
    [[nodiscard]] bool canContinue() const;
    /// Delivered one by one with pictureLoaded(), a null image where there is none.
    void loadPictures(const QList<quint64>& keys);

Q_SIGNALS:
    void pictureLoaded(quint64 key, const QImage& image);
    /// One sentence for the message bar.
    void failed(const QString& sentence);
    void ended(const QString& sentence);
    void runStarted(brink::JobId job);

private:
    struct Source;
    struct Delivery;
    struct Run {
        JobId job = 0;
        QString path;
        std::shared_ptr<std::optional<StudyRunEnd>> end;
    };

    void startReading(const QString& path);
    void readNext();
    void take(const Delivery& delivery);
    void fail(const Error& error);
    void endRun(const JobSnapshot& job);
    void showState();

    StudyDesk& m_desk;
    Scheduler& m_scheduler;
    std::string m_device;
    std::shared_ptr<Source> m_source; ///< null: nothing open
    QList<quint64> m_wanted;
    bool m_isUpdateDue = false;
    bool m_isReading = false;
    QTimer* m_timer;
    QElapsedTimer m_lastGrowth; ///< of a file that this window does not write
    QElapsedTimer m_ownEnd;     ///< of the run of this window into the file
    std::optional<Run> m_run;
};

} // namespace brink
