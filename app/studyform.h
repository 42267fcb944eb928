// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/latestjob.h"
#include "app/studydraft.h"

#include <QDialog>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;
class QTableWidget;

namespace brink {

class AnalysisForm;

/// A new study: which models, which images, which analyses; checked while it is typed, with what it will cost at most.
class StudyForm : public QDialog {
    Q_OBJECT
public:
    /// @param scheduler opens the image set in the background to count it. @param resultFile proposed.
    StudyForm(const StudyDraft& draft, const QString& resultFile, Scheduler& scheduler, QWidget* parent = nullptr);

    [[nodiscard]] StudyDraft draft() const;
    /// Absent while something is wrong; problem() says what.
    [[nodiscard]] const std::optional<Study>& study() const { return m_study; }
    [[nodiscard]] const QString& problem() const { return m_problem; }
    [[nodiscard]] QString resultFile() const;
    void addModels(const QStringList& paths);
    void setImages(const QString& path, const QString& range);
    [[nodiscard]] AnalysisForm* analysis() const { return m_analysis; }
    [[nodiscard]] QString estimate() const;

Q_SIGNALS:
    void runWanted();
    void saveWanted();

private:
    QWidget* makeLeft();
    QWidget* makeModels();
    QWidget* makeRight();
    QWidget* makeBottom();
    void addModelRow(const ModelDraft& model);
    void askModels();
    void askImages();
    void askResultFile();
    void addAnalysis(const AnalysisDraft& draft);
    void removeAnalysis();
    void pickAnalysis(int row);
    void countImages();
    void validate();

    StudyDraft m_draft;
    LatestJob<std::int64_t> m_counting;
    std::optional<std::int64_t> m_imageCount; ///< in the range; absent: not known
    QString m_imageProblem;
    std::optional<Study> m_study;
    QString m_problem;
    QLineEdit* m_name;
    QTableWidget* m_models;
    QLineEdit* m_images;
    QLineEdit* m_range;
    QLabel* m_imageNote;
    QComboBox* m_entry;
    QSpinBox* m_seed;
    QCheckBox* m_keeps;
    QListWidget* m_analyses;
    AnalysisForm* m_analysis;
    QLineEdit* m_file;
    QLabel* m_verdict;
    QPushButton* m_run;
    QPushButton* m_save;
};

/// What a new study starts from: a fixed budget, a smallest distance, and an estimate, each quick.
[[nodiscard]] std::vector<AnalysisDraft> usualAnalyses();

} // namespace brink
