// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sessionstate.h"
#include "core/data/dataset.h"
#include "core/model/checks.h"
#include "core/report/registry.h"
#include "core/study/inspect.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace brink {

struct LoadedModel {
    std::shared_ptr<const Classifier> classifier;
    std::optional<ModelReport> report; ///< absent while the checks run
    int rank = 0;                      ///< models stand in ascending order of it
};

/// The image under study.
struct CurrentImage {
    std::int64_t index = 0;
    Image image;
    std::optional<std::int64_t> label;
    std::string sha256{}; ///< imageSha256() of `image`
};

/// What a result answers.
struct Inquiry {
    std::string key; ///< studyKey(); empty: not known
    AnalysisSettings settings;
};

/// What is known about the current model and image.
enum class ResultState {
    None,     ///< nothing computed yet
    Running,  ///< snapshots arrive
    Complete,
    Partial,  ///< stopped by the user
    Failed,   ///< `failure` says why
    Stale,    ///< computed with other settings than those shown
};

/// The single truth of the interface: what is loaded, chosen and computed. Setting what is already set emits nothing.
class Session : public QObject {
    Q_OBJECT
public:
    explicit Session(std::uint64_t seed = 1, QObject* parent = nullptr);

    [[nodiscard]] const std::vector<LoadedModel>& models() const { return m_models; }
    [[nodiscard]] int currentModel() const { return m_currentModel; }
    [[nodiscard]] std::shared_ptr<const Classifier> classifier() const; ///< of the current model, or null
    /// A model loaded again from the same path replaces the older. Returns its place: after all of the same or a smaller rank.
    int addModel(std::shared_ptr<const Classifier> classifier, int rank = 0);
    void removeModel(int index);
    void setReport(const std::shared_ptr<const Classifier>& classifier, ModelReport report);
    void setCurrentModel(int index);

    [[nodiscard]] const std::shared_ptr<const Dataset>& dataset() const { return m_dataset; }
    /// @param paths what was opened.
    void setDataset(std::shared_ptr<const Dataset> dataset, const QStringList& paths = {});
    [[nodiscard]] const QStringList& imagePaths() const { return m_imagePaths; }
    [[nodiscard]] std::int64_t imageIndex() const { return m_imageIndex; } ///< -1: none
    /// The choice; its pixels follow with setImage().
    void setImageIndex(std::int64_t index);
    [[nodiscard]] const std::optional<CurrentImage>& image() const { return m_image; }
    void setImage(CurrentImage image);

    [[nodiscard]] const AnalysisSettings& settings() const { return m_settings; }
    void setSettings(AnalysisSettings settings);
    [[nodiscard]] Norm norm() const { return m_settings.norm; }
    /// Takes the norm's standard values of the present preset.
    void setNorm(Norm norm);
    [[nodiscard]] std::optional<std::int64_t> target() const { return m_target; }
    void setTarget(std::optional<std::int64_t> target);
    [[nodiscard]] const WhatIf& whatIf() const { return m_whatIf; }
    void setWhatIf(const WhatIf& whatIf);

    [[nodiscard]] const std::shared_ptr<const InspectResult>& result() const { return m_result; }
    [[nodiscard]] ResultState resultState() const { return m_resultState; }
    [[nodiscard]] const QString& failure() const { return m_failure; }
    /// Computed with the quick preset although the settings shown are others.
    [[nodiscard]] bool isPreview() const { return m_isPreview; }
    void setResult(std::shared_ptr<const InspectResult> result, ResultState state);
    void setFailure(const QString& sentence);
    /// A run begins: the last result of the same image stays in sight until the first snapshot.
    void beginRun(bool isPreview, Inquiry inquiry = {});
    /// A result computed before.
    void showStored(std::shared_ptr<const InspectResult> result, bool isPreview, Inquiry inquiry);
    void clearResult();
    /// What the result in sight answers; the settings shown may have moved on.
    [[nodiscard]] const Inquiry& inquiry() const { return m_inquiry; }

    /// Models of a session whose files are not there; stored results of one of them can be shown while no model is chosen.
    [[nodiscard]] const std::vector<ModelRef>& absentModels() const { return m_absentModels; }
    [[nodiscard]] const std::optional<int>& standIn() const { return m_standIn; } ///< place among the absent
    void setAbsentModels(std::vector<ModelRef> models, std::optional<int> standIn);

    /// What the figures show: CLEVER target and attack.
    [[nodiscard]] const FigureSelection& selection() const { return m_selection; }
    void select(FigureSelection selection);
    /// A step of the trace shown; below 0: the image that was kept.
    void showStep(int step);
    /// The Weibull figure with or without the penalty on the shape.
    void showPenalty(bool isOn);

Q_SIGNALS:
    void modelsChanged();
    void modelPicked(int index);
    void datasetOpened();
    void imagePicked(qint64 index);
    void imageLoaded();
    void settingsChanged();
    void targetChanged();
    void whatIfChanged();
    void resultChanged();
    void selectionChanged();

private:
    void followSettings();

    std::vector<LoadedModel> m_models;
    int m_currentModel = -1;
    std::shared_ptr<const Dataset> m_dataset;
    QStringList m_imagePaths;
    std::int64_t m_imageIndex = -1;
    std::optional<CurrentImage> m_image;
    AnalysisSettings m_settings;
    std::optional<std::int64_t> m_target;
    std::shared_ptr<const InspectResult> m_result;
    ResultState m_resultState = ResultState::None;
    QString m_failure;
    bool m_isPreview = false;
    AnalysisSettings m_runSettings; ///< shown when the result was asked for
    WhatIf m_whatIf;
    WhatIf m_runWhatIf;
    std::optional<std::int64_t> m_runTarget;
    ResultState m_freshState = ResultState::None; ///< of a stale result, when its settings come back
    Inquiry m_inquiry;
    Inquiry m_nextInquiry; ///< of the run that has not brought a result yet
    std::vector<ModelRef> m_absentModels;
    std::optional<int> m_standIn;
    FigureSelection m_selection;
};

} // namespace brink
