// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studysurveypage.h"

#include "app/figurepane.h"
#include "app/qtext.h"
#include "app/studyview.h"
#include "app/surveypanel.h"
#include "app/surveyrows.h"
#include "widgets/controls/resulttable.h"

#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace brink {

namespace {

ModelSurveys surveysOf(const StudySurvey& survey)
{
    ModelSurveys surveys;
    surveys.curvature.survey = survey.curvature;
    surveys.detection.survey = survey.detection;
    surveys.regions.survey = survey.regions;
    return surveys;
}

bool isThere(const StudySurvey& survey) { return survey.curvature || survey.detection || survey.regions; }

std::string tableNameOf(SurveyKind kind) { return kind == SurveyKind::Curvature ? "curvature" : kind == SurveyKind::Detection ? "detection" : "regions"; }

} // namespace

std::string studySurveyName(const std::string& figure) { return studySurveyPrefix + figure; }

std::optional<SurveyKind> surveyKindOf(const StudyAnalysis& analysis)
{
    switch (analysis.kind) {
    case AnalysisKind::Curvature: return SurveyKind::Curvature;
    case AnalysisKind::Detection: return SurveyKind::Detection;
    case AnalysisKind::Regions: return SurveyKind::Regions;
    default: return std::nullopt;
    }
}

StudySurveyPage::StudySurveyPage(SurveyKind kind, QWidget* parent)
    : QWidget(parent), m_kind(kind), m_page(new SurveyPage(kind, this))
{
    m_table = new ResultTable(surveyColumns(studyTable(StudyResults(), tableNameOf(kind), {})), tr("One row a model; rows fill while the study runs."), this);
    m_table->setAccessibleName(tr("Models of the survey"));
    m_table->setPicksMany();
    m_table->scrollSideways();
    auto* rows = new QSplitter(Qt::Vertical, this);
    rows->setHandleWidth(1);
    rows->setChildrenCollapsible(false);
    rows->addWidget(m_table);
    rows->addWidget(m_page);
    rows->setSizes({170, 480});
    rows->setStretchFactor(1, 3);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(rows);
    connect(m_table, &ResultTable::rowsPicked, this, [this](const QStringList& keys) {
        QStringList names;
        for (const QString& key : keys)
            if (!names.contains(surveyModel(key)))
                names << surveyModel(key);
        Q_EMIT modelsPicked(names);
    });
    connect(m_page, &SurveyPage::partShown, this, &StudySurveyPage::showSurvey);
    connect(m_page, &SurveyPage::imagePicked, this, [this](const SurveyPick& pick) {
        const auto& images = m_drawing.results->images;
        const auto found = std::ranges::find(images, pick.image, &StudyImageFacts::index);
        if (found != images.end())
            Q_EMIT imageOpened(m_model, int(found - images.begin()));
    });
    for (FigurePane* pane : m_page->panes()) {
        connect(pane, &FigurePane::cursorMoved, this, &StudySurveyPage::readoutChanged);
        connect(pane, &FigurePane::exportRequested, this, [this](const std::string& name) { Q_EMIT exportRequested(studySurveyName(name)); });
        connect(pane, &FigurePane::copyRequested, this, [this](const std::string& name) { Q_EMIT copyRequested(studySurveyName(name)); });
    }
}

void StudySurveyPage::showDrawing(const StudyDrawing& drawing, const std::vector<std::string>& picked)
{
    m_drawing = drawing;
    m_picked = picked;
    showTable();
    showSurvey();
}

void StudySurveyPage::showTable()
{
    m_table->setRows(m_drawing.survey ? surveyRows(*m_drawing.survey) : std::vector<TableRow>());
    QStringList keys;
    for (const std::string& name : m_picked)
        keys << surveyRowKey(name, 0);
    m_table->setPickedKeys(keys);
}

/// Only what is in sight is made.
void StudySurveyPage::showSurvey()
{
    SurveyView view;
    m_model = -1;
    std::vector<int> shown;
    if (m_drawing.results && m_drawing.table.analysis >= 0) {
        const StudyResults& results = *m_drawing.results;
        std::vector<int> models = modelIndices(results.study, m_picked);
        for (int model = 0; models.empty() && model < int(results.models.size()); ++model)
            shown.push_back(model);
        shown.insert(shown.end(), models.begin(), models.end());
        std::erase_if(shown, [&](int model) { return !isThere(results.cell(m_drawing.table.analysis, model).survey); });
        if (!shown.empty()) {
            m_model = shown.front();
            view.surveys = surveysOf(results.cell(m_drawing.table.analysis, m_model).survey);
            view.state = ViewState::Complete;
        }
        if (m_picked.size() > 1 && shown.size() > 1)
            view.beside = results.cell(m_drawing.table.analysis, shown[1]).survey.curvature;
    }
    m_page->showSurveys(view);
}

} // namespace brink
