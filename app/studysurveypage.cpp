// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studysurveypage.h"

#include "app/figurepane.h"
#include "app/inspecttext.h"
#include "app/qtext.h"
#include "app/studyview.h"
#include "app/surveypanel.h"
#include "widgets/controls/resulttable.h"

#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

namespace {

/// Columns of the exported table that a table of models on screen has no place for.
const std::vector<std::string> hiddenColumns{"analysis", "forwards", "backwards"};

std::vector<int> shownColumns(const StudyTable& table)
{
    std::vector<int> columns;
    for (int i = 0; i < int(table.columns.size()); ++i)
        if (std::ranges::find(hiddenColumns, table.columns[std::size_t(i)]) == hiddenColumns.end())
            columns.push_back(i);
    return columns;
}

TableCell cellOf(const Json& value)
{
    if (value.is_null())
        return {QStringLiteral("–"), std::numeric_limits<double>::infinity(), {}, false, true};
    if (value.is_number_integer())
        return {shownCount(value.get<std::int64_t>()), qlonglong(value.get<std::int64_t>()), {}, false, false};
    if (value.is_number() && value.get<double>() == std::floor(value.get<double>()) && std::abs(value.get<double>()) < 1000)
        return {QString::number(value.get<double>()), value.get<double>(), {}, false, false};
    if (value.is_number())
        return {shownNumber(value.get<double>()), value.get<double>(), {}, false, false};
    const QString text = qtext(value.get<std::string>());
    return {text, text, text, false, false};
}

/// The model's name, and a number where a model has several rows.
QString keyOf(const std::string& model, int row) { return row == 0 ? qtext(model) : QStringLiteral("%1\n%2").arg(qtext(model)).arg(row); }
QString modelOf(const QString& key) { return key.section(QLatin1Char('\n'), 0, 0); }

std::vector<TableColumn> columnsOf(const StudyTable& table)
{
    std::vector<TableColumn> columns;
    for (const int i : shownColumns(table)) {
        const std::string& name = table.columns[std::size_t(i)];
        QString header = qtext(name);
        header.front() = header.front().toUpper();
        columns.push_back({header, qtext(table.caption), name != "model" && name != "attack" && name != "error"});
    }
    return columns;
}

std::vector<TableRow> rowsOf(const StudyTable& table)
{
    std::vector<TableRow> rows;
    std::string model;
    int number = 0;
    for (const std::vector<Json>& cells : table.rows) {
        const std::string name = cells.front().get<std::string>();
        number = name == model ? number + 1 : 0;
        model = name;
        TableRow row{keyOf(name, number), {}};
        for (const int i : shownColumns(table))
            row.cells.push_back(cellOf(cells[std::size_t(i)]));
        rows.push_back(std::move(row));
    }
    return rows;
}

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
    m_table = new ResultTable(columnsOf(studyTable(StudyResults(), tableNameOf(kind), {})), tr("One row a model; rows fill while the study runs."), this);
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
            if (!names.contains(modelOf(key)))
                names << modelOf(key);
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
    m_table->setRows(m_drawing.survey ? rowsOf(*m_drawing.survey) : std::vector<TableRow>());
    QStringList keys;
    for (const std::string& name : m_picked)
        keys << keyOf(name, 0);
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
