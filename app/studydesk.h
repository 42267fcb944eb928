// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studyview.h"
#include "core/study/studyresults.h"

#include <QObject>
#include <QString>

#include <memory>

namespace brink {

/// How the study in sight stands.
enum class StudyState {
    None,       ///< nothing open
    Opening,
    Running,    ///< this window computes it
    Growing,    ///< another process does, as far as can be seen
    Incomplete, ///< parts are missing and nobody computes them
    Complete,
    Failed,     ///< cannot be read; failure() says why
};

/// The single truth of the Study and Transfer workspaces: the newest results, and what the user chose to see of them.
/// Setting what is already set emits nothing.
class StudyDesk : public QObject {
    Q_OBJECT
public:
    explicit StudyDesk(QObject* parent = nullptr) : QObject(parent) {}

    [[nodiscard]] const QString& path() const { return m_path; } ///< empty: nothing open
    [[nodiscard]] const std::shared_ptr<const StudyResults>& results() const { return m_results; } ///< null until read
    [[nodiscard]] StudyState state() const { return m_state; }
    [[nodiscard]] const QString& failure() const { return m_failure; }
    /// Another file: results, cells and picked models go, choices that fit any study stay.
    void setPath(const QString& path);
    void setResults(std::shared_ptr<const StudyResults> results);
    void setState(StudyState state, const QString& failure = {});

    [[nodiscard]] const StudyView& view() const { return m_view; }
    void setView(StudyView view);
    /// Places in the study; -1: there is none to show.
    [[nodiscard]] int analysis() const;
    [[nodiscard]] int transferAnalysis() const;
    [[nodiscard]] StudySelection selection() const;
    [[nodiscard]] StudySelection transferSelection() const;
    /// Attacks that the study has not are left out.
    [[nodiscard]] StudySelection marginSelection() const;
    void pickModels(const std::vector<int>& models);

    /// Cells whose images are looked at, and those they are contrasted with.
    [[nodiscard]] const CellSelection& cells() const { return m_cells; }
    [[nodiscard]] const CellSelection& otherCells() const { return m_otherCells; }
    void pickCells(CellSelection cells);
    void pickOtherCells(CellSelection cells);
    [[nodiscard]] PairQuery pairQuery() const;

Q_SIGNALS:
    void pathChanged();
    void resultsChanged();
    void stateChanged();
    void viewChanged();
    void cellsChanged();

private:
    [[nodiscard]] bool isModel(int model) const;
    [[nodiscard]] CellSelection within(CellSelection cells) const;
    [[nodiscard]] StudySelection selectionOf(int analysis) const;
    void showMeasuredMargins();

    QString m_path;
    std::shared_ptr<const StudyResults> m_results;
    StudyState m_state = StudyState::None;
    QString m_failure;
    StudyView m_view;
    CellSelection m_cells, m_otherCells;
};

/// Analyses whose images were, or will be, shown to other models.
[[nodiscard]] bool hasTransfers(const StudyResults& results, int analysis);

} // namespace brink
