// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studyworkspace.h"

#include "app/figurepane.h"
#include "app/inspecttext.h"
#include "app/qtext.h"
#include "app/stackedpanes.h"
#include "app/studycertifiedpage.h"
#include "app/studydesk.h"
#include "app/studysurveypage.h"
#include "app/studytext.h"
#include "widgets/controls/emptypage.h"
#include "widgets/controls/resulttable.h"
#include "widgets/controls/segmented.h"
#include "widgets/plot/figureview.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace brink {

namespace {

QSplitter* makeSplitter(Qt::Orientation orientation, QWidget* parent)
{
    auto* splitter = new QSplitter(orientation, parent);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    return splitter;
}

Segmented* makeChoice(const QString& name, const QStringList& labels, const QStringList& toolTips, QWidget* parent)
{
    auto* choice = new Segmented(labels, toolTips, parent);
    choice->setAccessibleName(name);
    return choice;
}

} // namespace

void showAnalyses(QComboBox* list, const StudyResults* results, int current, bool onlyTransfers)
{
    const QSignalBlocker blocker(list);
    list->clear();
    if (!results)
        return;
    for (int i = 0; i < int(results->study.analyses.size()); ++i) {
        const StudyAnalysis& analysis = results->study.analyses[std::size_t(i)];
        if (onlyTransfers && !hasTransfers(*results, i))
            continue;
        list->addItem(qtext(analysis.label), qtext(analysis.id));
        list->setItemData(list->count() - 1, qtext(analysis.id), Qt::ToolTipRole);
    }
    list->setCurrentIndex(current < 0 ? -1 : list->findData(qtext(results->study.analyses[std::size_t(current)].id)));
    list->setEnabled(list->count() > 0);
}

StudyWorkspace::StudyWorkspace(const StudyActions& actions, QWidget* parent)
    : QWidget(parent), m_stack(new QStackedLayout(this)), m_header(new StudyHeader(actions, this))
{
    setProperty("surface", QStringLiteral("background"));
    setAttribute(Qt::WA_StyledBackground);
    m_table = new ResultTable(modelColumns(nullptr, {}), tr("One row a model: accuracy, success, distance and CLEVER with their intervals. Rows fill while the study runs."), this);
    m_table->setAccessibleName(tr("Models of the study"));
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setPicksMany();
    m_table->scrollSideways();
    connectTable();
    m_rows = makeSplitter(Qt::Vertical, this);
    m_rows->addWidget(m_table);
    m_rows->addWidget(makeFigures());
    m_rows->setSizes({330, 400});
    m_rows->setStretchFactor(0, 2);
    m_rows->setStretchFactor(1, 3);
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(makeChoices());
    layout->addWidget(makePages(), 1);
    m_stack->addWidget(new EmptyPage(tr("A study compares many models on many images"),
        tr("Its table shows accuracy, success rate, distance and CLEVER of each model with their intervals; its figures show who gives up "
           "robustness for accuracy. Everything fills while the study is computed, and nothing is computed twice."),
        {actions.create, actions.open}, this));
    m_stack->addWidget(content);
}

/// Attacks and CLEVER first, then each kind of survey.
QWidget* StudyWorkspace::makePages()
{
    m_pages = new QStackedWidget(this);
    m_pages->addWidget(m_rows);
    for (const SurveyKind kind : surveyKinds) {
        auto* page = new StudySurveyPage(kind, this);
        m_surveys.push_back(page);
        m_pages->addWidget(page);
        connect(page, &StudySurveyPage::readoutChanged, this, &StudyWorkspace::readoutChanged);
        connect(page, &StudySurveyPage::exportRequested, this, &StudyWorkspace::exportRequested);
        connect(page, &StudySurveyPage::copyRequested, this, &StudyWorkspace::copyRequested);
        connect(page, &StudySurveyPage::imageOpened, this, &StudyWorkspace::imageOpened);
        connect(page, &StudySurveyPage::modelsPicked, this, &StudyWorkspace::pickNames);
    }
    m_certified = new StudyCertifiedPage(this);
    connect(m_certified, &StudyCertifiedPage::readoutChanged, this, &StudyWorkspace::readoutChanged);
    connect(m_certified, &StudyCertifiedPage::exportRequested, this, &StudyWorkspace::exportRequested);
    connect(m_certified, &StudyCertifiedPage::copyRequested, this, &StudyWorkspace::copyRequested);
    m_pages->addWidget(m_certified);
    connect(m_certified, &StudyCertifiedPage::modelsPicked, this, &StudyWorkspace::pickNames);
    return m_pages;
}

QWidget* StudyWorkspace::makeChoices()
{
    auto* strip = new QWidget(this);
    auto* layout = new QHBoxLayout(strip);
    layout->setContentsMargins(16, 0, 12, 6);
    layout->setSpacing(8);
    m_analysis = new QComboBox(strip);
    m_analysis->setMinimumContentsLength(20);
    m_analysis->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_analysis->setAccessibleName(tr("Analysis"));
    m_analysis->setToolTip(tr("Which attack or estimate the table and the figures are about"));
    m_set = makeChoice(tr("Images"), {tr("Own sets"), tr("Common set")},
        {tr("Each model on the images that it classifies correctly itself"), tr("All models on the images that every model classifies correctly")}, strip);
    m_statistic = makeChoice(tr("Distance"), {tr("Median"), tr("Mean")},
        {tr("Median distance over successes"), tr("Mean distance over successes: low where the hard images have failed")}, strip);
    m_error = makeChoice(tr("Accuracy axis"), {tr("Log error"), tr("Accuracy")},
        {tr("Natural logarithm of the error, in which the survey's law is a straight line"), tr("Accuracy itself")}, strip);
    layout->addWidget(m_analysis, 1);
    layout->addStretch(1);
    for (Segmented* choice : {m_set, m_statistic, m_error})
        layout->addWidget(choice);
    const auto connectChoice = [this](Segmented* choice, auto change) {
        connect(choice, &Segmented::picked, this, [this, change](int index) {
            StudyView view = m_view;
            change(view, index);
            edit(view);
        });
    };
    connectChoice(m_set, [](StudyView& view, int index) { view.commonSet = index == 1; });
    connectChoice(m_statistic, [](StudyView& view, int index) { view.statistic = index == 1 ? DistanceStatistic::Mean : DistanceStatistic::Median; });
    connectChoice(m_error, [](StudyView& view, int index) { view.logError = index == 0; });
    connect(m_analysis, &QComboBox::activated, this, [this] {
        StudyView view = m_view;
        view.analysis = m_analysis->currentData().toString().toStdString();
        edit(view);
    });
    return strip;
}

QWidget* StudyWorkspace::makeFigures()
{
    FigurePane* pareto = addPane("pareto", tr("Accuracy against robustness"), tr("One point a model: who gives up robustness for accuracy, and the frontier."));
    FigurePane* success = addPane("success", tr("Success"), tr("How often each attack succeeds, by its parameters."));
    FigurePane* robust = addPane("robust-accuracy", tr("Robust accuracy"), tr("Accuracy that is left at each size of the perturbation."));
    m_columns = makeSplitter(Qt::Horizontal, this);
    m_columns->addWidget(pareto);
    m_columns->addWidget(new StackedPanes({success, robust}, {tr("Success"), tr("Robust accuracy")}, QWIDGETSIZE_MAX, this));
    m_columns->setSizes({520, 480});
    pareto->view()->setDragSelects();
    return m_columns;
}

FigurePane* StudyWorkspace::addPane(const char* name, const QString& title, const QString& emptyText)
{
    auto* pane = new FigurePane(name, title, emptyText, this);
    m_panes.push_back(pane);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.86); // names of many models need room
    pane->view()->setFont(small);
    connect(pane, &FigurePane::exportRequested, this, &StudyWorkspace::exportRequested);
    connect(pane, &FigurePane::copyRequested, this, &StudyWorkspace::copyRequested);
    connect(pane, &FigurePane::cursorMoved, this, &StudyWorkspace::readoutChanged);
    connect(pane, &FigurePane::picked, this, [this](const DataRef& ref) { pickModels({ref}); });
    connect(pane->view(), &FigureView::regionPicked, this, &StudyWorkspace::pickModels);
    connect(pane->view(), &FigureView::pointHovered, this, [this, pane](const std::optional<DataRef>& ref) { showHint(ref, pane); });
    return pane;
}

void StudyWorkspace::connectTable()
{
    connect(m_table, &ResultTable::rowsPicked, this, &StudyWorkspace::pickNames);
    connect(m_table, &ResultTable::sortPicked, this, [this](int column, Qt::SortOrder order) {
        StudyView view = m_view;
        view.tableColumn = column;
        view.isTableDescending = order == Qt::DescendingOrder;
        edit(view);
    });
    connect(m_table, &QWidget::customContextMenuRequested, this,
        [this](const QPoint& position) { Q_EMIT tableMenuRequested(m_table->viewport()->mapToGlobal(position)); });
}

void StudyWorkspace::pickNames(const QStringList& names)
{
    StudyView view = m_view;
    view.models.clear();
    for (const QString& name : names)
        view.models.push_back(name.toStdString());
    edit(view);
}

/// No model in it: the choice is given up.
void StudyWorkspace::pickModels(const std::vector<DataRef>& refs)
{
    StudyView view = m_view;
    view.models.clear();
    for (const DataRef& ref : refs)
        if (ref.kind == "model")
            view.models.push_back(ref.key);
    edit(view);
}

void StudyWorkspace::edit(const StudyView& view)
{
    if (view == m_view)
        return;
    m_view = view;
    Q_EMIT viewEdited(view);
}

void StudyWorkspace::showHint(const std::optional<DataRef>& ref, FigurePane* pane)
{
    if (!ref || ref->kind != "model" || !m_drawing.results)
        return pane->view()->setHint({});
    const auto& models = m_drawing.results->study.models;
    const auto found = std::ranges::find(models, ref->key, &StudyModel::name);
    if (found != models.end())
        pane->view()->setHint(modelHint(*m_drawing.results, m_drawing.table, int(found - models.begin())));
}

void StudyWorkspace::showDesk(const StudyDesk& desk)
{
    m_view = desk.view();
    m_stack->setCurrentIndex(desk.state() == StudyState::None ? 0 : 1);
    m_header->showDesk(desk);
    showAnalyses(m_analysis, desk.results().get(), desk.analysis(), false);
    m_set->setCurrent(m_view.commonSet ? 1 : 0);
    m_statistic->setCurrent(m_view.statistic == DistanceStatistic::Mean ? 1 : 0);
    m_error->setCurrent(m_view.logError ? 0 : 1);
    m_table->setSort(m_view.tableColumn, m_view.isTableDescending ? Qt::DescendingOrder : Qt::AscendingOrder);
    QStringList names;
    for (const std::string& name : m_view.models)
        names << qtext(name);
    QStringList picked = m_table->pickedKeys();
    std::ranges::sort(picked);
    QStringList sorted = names;
    std::ranges::sort(sorted);
    if (picked != sorted)
        m_table->setPickedKeys(names);
}

void StudyWorkspace::showDrawing(const StudyDrawing& drawing)
{
    m_drawing = drawing;
    const StudyResults* results = drawing.results.get();
    const bool isSurvey = results && drawing.survey;
    for (Segmented* choice : {m_set, m_statistic, m_error})
        choice->setVisible(!isSurvey);
    if (isSurvey)
        return showSurvey(drawing);
    m_pages->setCurrentWidget(m_rows);
    m_table->setColumns(modelColumns(results, drawing.table));
    m_table->setRows(results ? modelRows(*results, drawing.table) : std::vector<TableRow>{});
    const std::vector<int> empty = results ? emptyColumns(*results, drawing.table) : std::vector<int>{};
    for (int column = 0; column < m_table->model()->columnCount(); ++column)
        m_table->setColumnHidden(column, std::ranges::find(empty, column) != empty.end());
    const QString own = drawing.leastOwn == drawing.mostOwn ? shownCount(drawing.mostOwn) : QStringLiteral("%1–%2").arg(shownCount(drawing.leastOwn), shownCount(drawing.mostOwn));
    m_set->setLabel(0, results ? tr("Own sets (%1)").arg(own) : tr("Own sets"));
    m_set->setLabel(1, results ? tr("Common set (%1)").arg(shownCount(drawing.commonImages)) : tr("Common set"));
    for (FigurePane* pane : m_panes) {
        const auto figure = drawing.figures.find(pane->name());
        pane->setFigure(figure == drawing.figures.end() ? std::nullopt : figure->second);
    }
}

void StudyWorkspace::showSurvey(const StudyDrawing& drawing)
{
    if (drawing.results->study.analyses[std::size_t(drawing.table.analysis)].kind == AnalysisKind::Certified) {
        m_certified->showDrawing(drawing, m_view.models);
        return m_pages->setCurrentWidget(m_certified);
    }
    const auto kind = surveyKindOf(drawing.results->study.analyses[std::size_t(drawing.table.analysis)]);
    for (StudySurveyPage* page : m_surveys)
        if (page->kind() == kind) {
            page->showDrawing(drawing, m_view.models);
            m_pages->setCurrentWidget(page);
        }
}

QByteArray StudyWorkspace::splits() const { return m_rows->saveState().toBase64() + ' ' + m_columns->saveState().toBase64(); }

void StudyWorkspace::setSplits(const QByteArray& splits)
{
    const QList<QByteArray> parts = splits.split(' ');
    m_rows->restoreState(QByteArray::fromBase64(parts.value(0)));
    m_columns->restoreState(QByteArray::fromBase64(parts.value(1)));
}

} // namespace brink
