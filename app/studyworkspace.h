// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studydrawing.h"
#include "app/studyheader.h"
#include "app/studyview.h"

#include <QByteArray>
#include <QWidget>

#include <string>
#include <vector>

class QComboBox;
class QSplitter;
class QStackedLayout;
class QStackedWidget;

namespace brink {

class FigurePane;
class ResultTable;
class Segmented;
class StudyCertifiedPage;
class StudyDesk;
class StudySurveyPage;

/// Many models at a glance: the table, the Pareto figure, and what the attacks reach. Picking a model in one of them picks it
/// in all, and in the Transfer workspace.
class StudyWorkspace : public QWidget {
    Q_OBJECT
public:
    explicit StudyWorkspace(const StudyActions& actions, QWidget* parent = nullptr);

    /// Heading and choices; cheap.
    void showDesk(const StudyDesk& desk);
    /// The user's zoom, sort and picked rows stay.
    void showDrawing(const StudyDrawing& drawing);
    [[nodiscard]] const std::vector<FigurePane*>& panes() const { return m_panes; }
    [[nodiscard]] ResultTable* table() const { return m_table; }
    [[nodiscard]] const std::vector<StudySurveyPage*>& surveys() const { return m_surveys; }
    [[nodiscard]] StudyCertifiedPage* certified() const { return m_certified; }
    [[nodiscard]] QByteArray splits() const;
    void setSplits(const QByteArray& splits);

Q_SIGNALS:
    void viewEdited(const brink::StudyView& view);
    void readoutChanged(const QString& text);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);
    void imageOpened(int model, int image); ///< places in the study
    void tableMenuRequested(const QPoint& globalPosition);

private:
    QWidget* makeChoices();
    QWidget* makeFigures();
    QWidget* makePages();
    void showSurvey(const StudyDrawing& drawing);
    void pickNames(const QStringList& names);
    FigurePane* addPane(const char* name, const QString& title, const QString& emptyText);
    void connectTable();
    void pickModels(const std::vector<DataRef>& refs);
    void edit(const StudyView& view);
    void showHint(const std::optional<DataRef>& ref, FigurePane* pane);

    StudyView m_view;
    StudyDrawing m_drawing;
    QStackedLayout* m_stack;
    StudyHeader* m_header;
    QComboBox* m_analysis = nullptr;
    Segmented* m_set = nullptr;
    Segmented* m_statistic = nullptr;
    Segmented* m_error = nullptr;
    ResultTable* m_table = nullptr;
    QSplitter* m_rows = nullptr;
    QSplitter* m_columns = nullptr;
    std::vector<FigurePane*> m_panes;
    QStackedWidget* m_pages = nullptr;
    std::vector<StudySurveyPage*> m_surveys;
    StudyCertifiedPage* m_certified = nullptr;
};

/// Fills a list of analyses, keeps the current one in sight; emits nothing.
void showAnalyses(QComboBox* list, const StudyResults* results, int current, bool onlyTransfers);

} // namespace brink
