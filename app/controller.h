// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/imagebrowser.h"
#include "app/imagecache.h"
#include "app/session.h"
#include "app/setpredictions.h"
#include "app/thumbnails.h"
#include "core/base/mailbox.h"
#include "core/jobs/scheduler.h"
#include "core/model/classifier.h"
#include "core/store/resultstore.h"

#include <QObject>
#include <QStringList>

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace brink {

/// A session on its way back, read and loaded by a job.
struct Restoration {
    SessionState state;
    std::vector<StoredResult> results;
    std::shared_ptr<const Classifier> model;  ///< the current one; null when its file is not there
    std::vector<ModelRef> absentModels;       ///< files that are not there, or are others by now
    std::shared_ptr<const Dataset> dataset;   ///< null when it is not there
    std::optional<CurrentImage> image;
    bool replacesModels = false;              ///< a session does, a figure joins what is open
};

/// Turns what the user wants into jobs, and what jobs bring back into the session. The only place where the window
/// starts work; it never waits for any.
class Controller : public QObject {
    Q_OBJECT
public:
    /// @param scheduler destroyed before the session and the controller.
    Controller(Session& session, Scheduler& scheduler, LoadOptions loadOptions, QObject* parent = nullptr);

    /// Models, images, folders and data sets in any mixture; what a file is, is found by its content.
    /// Images opened together become one set.
    void openFiles(const QStringList& paths);
    void openModel(const QString& path);
    /// @param card read and fed this way, whatever its card file says.
    void openModel(const QString& path, const Json& card);
    void openImages(const QString& path);
    /// Loads an open model again with these keys of its card instead of those of the card file; empty: with the card file.
    /// @param done with one sentence why not, or nothing; not called when a newer call came first.
    void reloadModel(const QString& path, const Json& card, std::function<void(const QString& failure)> done);

    void pickModel(int index);
    void pickImage(std::int64_t index);
    void pickNorm(Norm norm);
    void pickTarget(std::optional<std::int64_t> target);
    void pickWhatIf(const WhatIf& whatIf);

    /// The analysis with the settings shown; stops the one that runs.
    void run();
    /// What was computed before for these choices; else runs the quick preset, unless the settings shown are it already: then
    /// those, with what was edited.
    void preview();
    /// Stops the running analysis and keeps what it has.
    void stop();
    void stopJob(JobId id);
    /// Does again what a job was to do that failed or was stopped. Known until forgetJob().
    void runAgain(JobId id);
    [[nodiscard]] bool canRunAgain(JobId id) const { return m_again.contains(id); }
    void forgetJob(JobId id) { m_again.erase(id); }
    /// How to do a job of somebody else's once more.
    void setAgain(JobId id, std::function<void()> again) { m_again[id] = std::move(again); }
    [[nodiscard]] bool isRunning() const { return m_run.has_value(); }
    [[nodiscard]] std::optional<JobId> runningJob() const;

    /// Newest snapshot of the running analysis, if one arrived since the last call.
    [[nodiscard]] std::shared_ptr<const InspectResult> takeSnapshot();

    /// Pictures of these images; those not yet begun for an older call are dropped.
    void loadThumbnails(const QList<int>& images);
    /// Hands out the thumbnails made since the last call.
    void takeThumbnails();

    /// What each model says about the open set, and which of its images are shown.
    [[nodiscard]] SetPredictions& predictions() { return m_predictions; }
    [[nodiscard]] ImageBrowser& browser() { return m_browser; }

    /// A model that was loaded elsewhere; models stand in ascending order of their ranks.
    void takeModel(const std::shared_ptr<const Classifier>& classifier, int rank);
    [[nodiscard]] const LoadOptions& loadOptions() const { return m_loadOptions; }
    /// Takes all of it at once: models, images and choices, then the result in sight; nothing is computed that is stored.
    /// @return the rank of the state's first model.
    int restore(Restoration restoration);
    /// Results computed or opened so far, the ones used last.
    [[nodiscard]] const ResultStore& results() const { return m_results; }
    void keepResults(const std::vector<StoredResult>& results);

Q_SIGNALS:
    /// One sentence for the message bar.
    void failed(const QString& sentence);
    void thumbnailLoaded(const brink::Thumbnail& thumbnail);
    /// These were not made, something newer was wanted first.
    void thumbnailsSkipped(const QList<int>& rows);
    void runningChanged(bool isRunning);
    /// By the user.
    void jobStopped(brink::JobId id);
    void modelOpened(const QString& path);
    void imagesOpened(const QStringList& paths);
    /// A session file, a study, or a figure exported before, was among the files to open.
    void sessionFileWanted(const QString& path);
    void studyFileWanted(const QString& path);
    void figureFileWanted(const QString& path);
    void resultKept(const brink::StoredResult& stored);

private:
    /// The run whose results are wanted; older ones are ignored when they end.
    struct Run {
        JobId job = 0;
        std::shared_ptr<Mailbox<InspectResult>> mailbox;
        std::shared_ptr<std::shared_ptr<const InspectResult>> outcome;
        Inquiry inquiry;
    };

    /// An analysis to do once more.
    struct Again {
        std::string model; ///< path
        std::int64_t image = 0;
        AnalysisSettings settings;
        bool isPreview = false;
    };
    /// The thumbnails being made; newer requests take the place of older ones.
    struct ThumbnailRun {
        std::shared_ptr<const Dataset> dataset;
        std::shared_ptr<Mailbox<std::vector<Thumbnail>>> mailbox;
        std::size_t delivered = 0;
    };

    template <typename T>
    void submitLoad(const QString& title, const QString& slot, std::function<T()> load, std::function<void(T)> use,
        std::function<void(const QString&)> fail = {}, std::function<void()> again = {});
    template <typename T>
    JobId submitQuietLoad(const QString& title, const QString& slot, std::function<T()> load, std::function<void(T)> use,
        std::function<void(const QString&)> fail);
    void loadImage();
    void runLoadedImage();
    void repeat(const Again& again);
    [[nodiscard]] std::optional<ModelIdentity> identity() const;
    [[nodiscard]] std::optional<Inquiry> inquiryFor(const AnalysisSettings& settings) const;
    bool showStored(const AnalysisSettings& settings, bool isPreview);
    bool showStored();
    [[nodiscard]] int placeOf(const std::shared_ptr<const Classifier>& model, int rank);
    bool showInSight(const SessionState& state);
    void takeImage(CurrentImage image);
    void startPreview();
    void startRun(const AnalysisSettings& settings, bool isPreview);
    void endRun(const JobSnapshot& job);
    void abandonRun();
    void deliver(ThumbnailRun& run, const std::vector<Thumbnail>& made);
    void checkLoadedModel(const std::shared_ptr<const Classifier>& classifier);

    Session& m_session;
    Scheduler& m_scheduler;
    LoadOptions m_loadOptions;
    SetPredictions m_predictions;
    ImageBrowser m_browser;
    std::optional<Run> m_run;
    std::shared_ptr<ThumbnailRun> m_thumbnails;
    std::optional<Again> m_awaited; ///< begins once its image is loaded
    std::map<JobId, std::function<void()>> m_again; ///< how to do a job once more
    int m_modelsAsked = 0; ///< models stand in the order in which they were asked for
    ResultStore m_results;
    ImageCache m_images; ///< of the current set
    int m_opening = 0; ///< counts sessions: image sets asked for before one are no longer wanted
    bool m_isRestoring = false; ///< choices come one by one: wait for the last
    QString m_firstModel; ///< asked for first while none was chosen: it becomes the current one, not the fastest
};

} // namespace brink
