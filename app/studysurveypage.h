// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studydrawing.h"
#include "app/surveytext.h"

#include <QByteArray>
#include <QStringList>
#include <QWidget>

#include <string>

class QSplitter;

namespace brink {

class FigurePane;
class ResultTable;
class SurveyPage;

/// Figures of the surveys of a study are exported under these names, apart from those of the Boundary workspace.
inline constexpr const char* studySurveyPrefix = "study ";
[[nodiscard]] std::string studySurveyName(const std::string& figure);

/// A survey of the boundary of each model of a study: a table of the models, and the figures, findings and images of the one picked.
class StudySurveyPage : public QWidget {
    Q_OBJECT
public:
    explicit StudySurveyPage(SurveyKind kind, QWidget* parent = nullptr);

    [[nodiscard]] SurveyKind kind() const { return m_kind; }
    /// @param picked models by name; the first that has the survey is shown, a second one's profile over it.
    void showDrawing(const StudyDrawing& drawing, const std::vector<std::string>& picked);
    [[nodiscard]] ResultTable* table() const { return m_table; }
    [[nodiscard]] SurveyPage* survey() const { return m_page; }

Q_SIGNALS:
    void modelsPicked(const QStringList& names);
    void imageOpened(int model, int image); ///< places in the study
    void readoutChanged(const QString& text);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);

private:
    void showSurvey();
    void showTable();

    SurveyKind m_kind;
    StudyDrawing m_drawing;
    std::vector<std::string> m_picked;
    int m_model = -1; ///< in sight
    ResultTable* m_table;
    SurveyPage* m_page;
};

/// The kind of survey an analysis is; absent for others.
[[nodiscard]] std::optional<SurveyKind> surveyKindOf(const StudyAnalysis& analysis);

} // namespace brink
