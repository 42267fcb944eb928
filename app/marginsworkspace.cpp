// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/marginsworkspace.h"

#include "app/figurepane.h"
#include "app/marginthreshold.h"
#include "app/qtext.h"
#include "app/stackedpanes.h"
#include "app/studydesk.h"
#include "app/studytext.h"
#include "core/base/text.h"
#include "core/report/marginparts.h"
#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/emptypage.h"
#include "widgets/controls/resulttable.h"
#include "widgets/controls/segmented.h"
#include "widgets/plot/figureview.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>

namespace brink {

namespace {

constexpr std::array norms{Norm::Linf, Norm::L2, Norm::L1, Norm::L0};
constexpr int sliderSteps = 160;
constexpr double customaryShare = 0.25; ///< of the slider: the customary budget stands at a quarter
constexpr std::size_t mostRows = 500;
constexpr int heightForTwoFigures = 480; ///< ROC with a key of eight models, and the models' intervals

double largestEps(Norm norm) { return customaryEps(norm) / customaryShare; }

/// Linf budgets are spoken of in 255ths.
double shownEps(double eps, Norm norm) { return norm == Norm::Linf ? eps * 255 : eps; }
double epsFromShown(double shown, Norm norm) { return norm == Norm::Linf ? shown / 255 : shown; }

QString rowKey(const MarginImage& image) { return QStringLiteral("%1,%2").arg(image.model).arg(image.image); }

std::vector<TableColumn> tableColumns(const MarginQuery& query)
{
    using Text = MarginsWorkspace;
    return {{Text::tr("Image"), Text::tr("Index in the data set"), true}, {Text::tr("Model"), {}, false, true},
        {Text::tr("Label"), Text::tr("Class of the data set"), false, true},
        {Text::tr("Margin %1").arg(qtext(normLabel(query.norm))), Text::tr("Distance to the nearest image of another class that an attack found, pixel range [0,1]"), true},
        {qtext(marginScoreLabel(query.score)), Text::tr("What the model's output says: small values speak for a near boundary"), true},
        {Text::tr("Found by"), Text::tr("The attack that found the nearest image"), false, true}};
}

QLabel* mutedLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setProperty("role", QStringLiteral("muted"));
    return label;
}

QComboBox* makeList(const QString& name, const QString& toolTip, QWidget* parent)
{
    auto* list = new QComboBox(parent);
    list->setAccessibleName(name);
    list->setToolTip(toolTip);
    list->setMinimumContentsLength(12);
    list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    return list;
}

} // namespace

MarginsWorkspace::MarginsWorkspace(const StudyActions& actions, QWidget* parent)
    : QWidget(parent), m_stack(new QStackedLayout(this)), m_header(new StudyHeader(actions, this))
{
    setProperty("surface", QStringLiteral("background"));
    setAttribute(Qt::WA_StyledBackground);
    m_columns = new QSplitter(Qt::Horizontal, this);
    m_columns->setHandleWidth(1);
    m_columns->setChildrenCollapsible(false);
    m_columns->addWidget(makeFigures());
    m_columns->addWidget(makeSide());
    m_columns->setSizes({680, 420});
    m_columns->setStretchFactor(0, 3);
    m_columns->setStretchFactor(1, 2);
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(makeChoices());
    layout->addWidget(m_columns, 1);
    m_stack->addWidget(new EmptyPage(tr("Margins shows whether a model knows which images are close to another class"),
        tr("A study measures how far each image is from another class (its input margin). Where the margin of the logits orders images alike, "
           "one forward finds the images that a small change breaks."),
        {actions.create, actions.open}, this));
    m_stack->addWidget(content);
    m_threshold = new MarginThreshold(m_panes[0]->view(), this);
    connect(m_threshold, &MarginThreshold::moved, this, [this] { m_countsLabel->setText(m_threshold->countsText()); });
    connect(m_threshold, &MarginThreshold::chosen, this, [this](double value) { edit([value](StudyView& view) { view.margins.threshold = value; }); });
}

QWidget* MarginsWorkspace::makeChoices()
{
    auto* strip = new QWidget(this);
    auto* layout = new QHBoxLayout(strip);
    layout->setContentsMargins(16, 2, 12, 4);
    layout->setSpacing(8);
    m_model = makeList(tr("Model"), tr("One model, or several side by side"), strip);
    m_attack = makeList(tr("Input margin"), tr("Whose distance counts: the nearest image that any attack of the study found, or one attack's"), strip);
    m_score = makeList(tr("Score"), tr("What the model's output says, compared with the input margin"), strip);
    for (const MarginScore score : marginScores())
        m_score->addItem(qtext(marginScoreLabel(score)), qtext(marginScoreName(score)));
    QStringList labels;
    for (const Norm norm : norms)
        labels << qtext(normLabel(norm));
    m_norm = new Segmented(labels, {}, strip);
    m_norm->setAccessibleName(tr("Norm of the input margin"));
    layout->addWidget(mutedLabel(tr("Model"), strip));
    layout->addWidget(m_model, 2);
    layout->addWidget(mutedLabel(tr("Input margin"), strip));
    layout->addWidget(m_attack, 3);
    layout->addWidget(m_norm);
    layout->addWidget(m_score, 1);
    connect(m_model, &QComboBox::activated, this, [this] {
        edit([this](StudyView& view) {
            view.models.clear();
            if (const std::string name = m_model->currentData().toString().toStdString(); !name.empty())
                view.models.push_back(name);
            view.margins.threshold.reset();
        });
    });
    connect(m_attack, &QComboBox::activated, this, [this] {
        edit([this](StudyView& view) {
            view.margins.analyses.clear();
            if (const std::string id = m_attack->currentData().toString().toStdString(); !id.empty())
                view.margins.analyses.push_back(id);
        });
    });
    connect(m_score, &QComboBox::activated, this, [this] {
        edit([this](StudyView& view) {
            view.margins.score = marginScoreFromName(m_score->currentData().toString().toStdString());
            view.margins.threshold.reset();
        });
    });
    connect(m_norm, &Segmented::picked, this, [this](int index) {
        edit([index](StudyView& view) {
            view.margins.norm = norms[std::size_t(index)];
            view.margins.eps.reset();
        });
    });
    return strip;
}

QWidget* MarginsWorkspace::makeBudget()
{
    auto* strip = new QWidget(this);
    auto* layout = new QHBoxLayout(strip);
    layout->setContentsMargins(16, 2, 12, 2);
    layout->setSpacing(8);
    m_eps = new QSlider(Qt::Horizontal, strip);
    m_eps->setRange(1, sliderSteps);
    m_eps->setAccessibleName(tr("Budget ε"));
    m_eps->setToolTip(tr("Images with an input margin of at most ε are called brittle"));
    m_epsValue = new QDoubleSpinBox(strip);
    m_epsValue->setAccessibleName(tr("Budget ε, as a number"));
    m_epsValue->setKeyboardTracking(false);
    m_correctOnly = new QCheckBox(tr("Correct images only"), strip);
    m_correctOnly->setToolTip(tr("Leave out images that the model classifies wrongly"));
    layout->addWidget(mutedLabel(tr("Brittle within ε"), strip));
    layout->addWidget(m_eps, 1);
    layout->addWidget(m_epsValue);
    layout->addWidget(m_correctOnly);
    connect(m_eps, &QSlider::valueChanged, this, [this](int value) {
        edit([value](StudyView& view) { view.margins.eps = largestEps(view.margins.norm) * value / sliderSteps; });
    });
    connect(m_epsValue, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        edit([value](StudyView& view) { view.margins.eps = epsFromShown(value, view.margins.norm); });
    });
    connect(m_correctOnly, &QCheckBox::toggled, this, [this](bool isOn) { edit([isOn](StudyView& view) { view.margins.correctOnly = isOn; }); });
    return strip;
}

QWidget* MarginsWorkspace::makeFigures()
{
    auto* side = new QWidget(this);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 4);
    layout->setSpacing(0);
    m_panes[0] = new FigurePane("margins", tr("Input margin against the output"),
        tr("Each point is an image: how far it is from another class, and what the model's output says."), side);
    connectPane(m_panes[0]);
    m_countsLabel = new ElidedLabel({}, side);
    m_countsLabel->setProperty("role", QStringLiteral("muted"));
    m_countsLabel->setContentsMargins(16, 0, 12, 0);
    m_countsLabel->setAccessibleName(tr("What the threshold finds"));
    layout->addWidget(m_panes[0], 1);
    layout->addWidget(m_countsLabel);
    layout->addWidget(makeBudget());
    return side;
}

QWidget* MarginsWorkspace::makeSide()
{
    m_rows = new QSplitter(Qt::Vertical, this);
    m_rows->setHandleWidth(1);
    m_rows->setChildrenCollapsible(false);
    m_panes[1] = new FigurePane("margin-detection", tr("Finding brittle images"), tr("ROC, precision and recall of the score at this budget."), m_rows);
    m_panes[2] = new FigurePane("margin-consistency", tr("Margin consistency"), tr("Kendall's tau-b of score and input margin, for each model."), m_rows);
    m_panes[2]->setScrolls();
    auto* list = new QWidget(m_rows);
    auto* layout = new QVBoxLayout(list);
    layout->setContentsMargins(12, 4, 8, 4);
    layout->setSpacing(2);
    m_tableTitle = new QLabel(list);
    m_tableTitle->setProperty("role", QStringLiteral("heading"));
    m_table = new ResultTable(tableColumns({}), tr("Images whose margins the study has measured, the nearest first."), list);
    m_table->setAccessibleName(tr("Images by input margin"));
    m_table->setToolTip(tr("Double-click, or press Enter: see the image in Inspect"));
    layout->addWidget(m_tableTitle);
    layout->addWidget(m_table, 1);
    for (FigurePane* pane : {m_panes[1], m_panes[2]}) {
        connectPane(pane);
    }
    m_overview = new StackedPanes({m_panes[1], m_panes[2], makeLearned()}, {tr("Brittle images"), tr("All models"), tr("Learned")}, heightForTwoFigures, m_rows);
    m_overview->setSharing(1);
    m_rows->addWidget(m_overview);
    m_rows->addWidget(list);
    m_rows->setSizes({510, 210});
    connect(m_table, &QTableView::activated, this, [this] { pickRow(m_table->currentKey()); });
    return m_rows;
}

FigurePane* MarginsWorkspace::makeLearned()
{
    m_learned = new FigurePane("pseudo-margin", tr("Learned"),
        tr("A small net learns the input margin from what the model makes of an image, and is tried on every fifth image. Choose one model, then Learn."), m_rows);
    connectPane(m_learned);
    auto* tools = new QWidget(m_learned);
    m_learnFrom = new Segmented({tr("Features"), tr("Logits"), tr("Leads")}, // in the order of pseudoMarginInputs()
        {tr("From the features before the last layer, as the paper says"), tr("From the logits, as the paper's notebook does"),
            tr("From what the largest logit is ahead of the others: takes hundreds of images where the others take thousands")},
        tools);
    m_learnFrom->setAccessibleName(tr("What the input margin is learned from"));
    m_learn = new QPushButton(tr("Learn"), tools);
    m_learn->setToolTip(tr("Learn the input margin of the chosen model; half a minute for 500 images"));
    auto* layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_learnFrom);
    layout->addWidget(m_learn);
    m_learned->setTools(tools);
    connect(m_learn, &QPushButton::clicked, this, [this] {
        if (m_drawing.models.size() == 1)
            Q_EMIT learningWanted(m_drawing.models.front().model, pseudoMarginInputs()[std::size_t(m_learnFrom->current())]);
    });
    return m_learned;
}

void MarginsWorkspace::showLearned(const std::optional<Figure>& figure, const QString& sentence, bool isLearning)
{
    m_isLearning = isLearning;
    m_learned->setFigure(figure);
    m_learned->setSubtitle(sentence);
    m_learned->setToolTip(sentence);
    m_learned->setViewState(isLearning ? ViewState::Running : figure ? ViewState::Complete : ViewState::Empty);
    m_learn->setEnabled(!isLearning && m_drawing.models.size() == 1);
}

void MarginsWorkspace::connectPane(FigurePane* pane)
{
    connect(pane, &FigurePane::exportRequested, this, &MarginsWorkspace::exportRequested);
    connect(pane, &FigurePane::copyRequested, this, &MarginsWorkspace::copyRequested);
    connect(pane, &FigurePane::cursorMoved, this, &MarginsWorkspace::readoutChanged);
    connect(pane, &FigurePane::picked, this, [this](const DataRef& ref) {
        if (ref.kind == imageRefKind)
            return m_table->setCurrentKey(qtext(ref.key));
        if (ref.kind == modelRefKind)
            edit([&](StudyView& view) {
                view.models = {ref.key};
                view.margins.threshold.reset();
            });
    });
}

void MarginsWorkspace::edit(const std::function<void(StudyView&)>& change)
{
    StudyView view = m_view;
    change(view);
    Q_EMIT viewEdited(view);
}

void MarginsWorkspace::showDesk(const StudyDesk& desk)
{
    m_view = desk.view();
    m_stack->setCurrentIndex(desk.state() == StudyState::None ? 0 : 1);
    m_header->showDesk(desk);
    showModels(desk);
    showAttacks(desk);
    m_norm->setCurrent(int(std::ranges::find(norms, m_view.margins.norm) - norms.begin()));
    m_score->setCurrentIndex(m_score->findData(qtext(marginScoreName(m_view.margins.score))));
    showBudget();
    for (FigurePane* pane : m_panes)
        pane->setViewState(viewState(desk.state()));
}

void MarginsWorkspace::showModels(const StudyDesk& desk)
{
    const QSignalBlocker blocker(m_model);
    m_model->clear();
    m_model->addItem(m_view.models.size() > 1 ? tr("%n picked", nullptr, int(m_view.models.size())) : tr("All, four side by side"), QString());
    if (!desk.results())
        return;
    for (const StudyModel& model : desk.results()->study.models)
        m_model->addItem(qtext(model.name), qtext(model.name));
    if (m_view.models.size() == 1)
        m_model->setCurrentIndex(std::max(0, m_model->findData(qtext(m_view.models.front()))));
}

void MarginsWorkspace::showAttacks(const StudyDesk& desk)
{
    const QSignalBlocker blocker(m_attack);
    m_attack->clear();
    m_attack->addItem(tr("Nearest of all attacks"), QString());
    if (!desk.results())
        return;
    for (const StudyAnalysis& analysis : desk.results()->study.analyses)
        if (analysis.kind == AnalysisKind::Attack)
            m_attack->addItem(qtext(analysis.label), qtext(analysis.id));
    if (m_view.margins.analyses.size() == 1)
        m_attack->setCurrentIndex(std::max(0, m_attack->findData(qtext(m_view.margins.analyses.front()))));
}

void MarginsWorkspace::showBudget()
{
    const Norm norm = m_view.margins.norm;
    const double eps = epsOf(m_view.margins);
    const QSignalBlocker sliderBlocker(m_eps), valueBlocker(m_epsValue), correctBlocker(m_correctOnly);
    m_eps->setValue(int(std::lround(eps / largestEps(norm) * sliderSteps)));
    m_epsValue->setDecimals(norm == Norm::L0 ? 0 : 2);
    m_epsValue->setRange(0, 100 * shownEps(largestEps(norm), norm));
    m_epsValue->setSingleStep(norm == Norm::Linf || norm == Norm::L0 ? 1 : shownEps(customaryEps(norm), norm) / 10);
    m_epsValue->setSuffix(norm == Norm::Linf ? tr("/255") : QString());
    m_epsValue->setToolTip(norm == Norm::L0 ? tr("Changed values") : tr("Distance, pixel range [0,1]"));
    m_epsValue->setValue(shownEps(eps, norm));
    m_correctOnly->setChecked(m_view.margins.correctOnly);
}

void MarginsWorkspace::showDrawing(MarginDrawing drawing)
{
    m_drawing = std::move(drawing);
    showEmptyText();
    for (std::size_t i = 0; i < m_panes.size(); ++i)
        m_panes[i]->setFigure(m_drawing.results ? m_drawing.figures[marginFigureNames()[i]] : std::nullopt);
    m_threshold->show(m_drawing);
    m_learn->setEnabled(!m_isLearning && m_drawing.models.size() == 1);
    m_countsLabel->setText(m_threshold->countsText());
    showTable();
}

/// Why a figure is not there, where a reason is known.
void MarginsWorkspace::showEmptyText()
{
    if (!m_drawing.results)
        return;
    if (!m_drawing.hasScores)
        m_panes[0]->view()->setEmptyText(tr("This study was computed by an earlier Brink, which kept no scores of the clean images. "
                                            "\"Continue study\" adds them and computes nothing else again."));
    else
        m_panes[0]->view()->setEmptyText(tr("No attack of this study has looked at images yet."));
    m_panes[1]->view()->setEmptyText(tr("At this budget all images are brittle, or none is: move ε so that both kinds are there."));
}

void MarginsWorkspace::showTable()
{
    m_table->setColumns(tableColumns(m_drawing.selection.margins));
    std::vector<TableRow> rows;
    if (m_drawing.results) {
        const StudyResults& results = *m_drawing.results;
        const QStringList names = shownNames(results);
        const double eps = epsOf(m_drawing.selection.margins);
        for (const MarginImage& image : m_drawing.images) {
            if (rows.size() == mostRows)
                break;
            const StudyImageFacts& facts = results.images[std::size_t(image.image)];
            const bool isBrittle = image.margin && *image.margin <= eps;
            const QString found = image.foundBy < 0 ? QString() : qtext(results.study.analyses[std::size_t(image.foundBy)].label);
            rows.push_back({rowKey(image), {{QString::number(facts.index), qlonglong(facts.index), {}}, {names[image.model], {}, modelName(results, image.model)},
                {studyClass(results, facts.label), {}, image.isCorrect ? QString() : tr("The model classifies it wrongly"), false, !image.isCorrect},
                {image.margin ? qtext(formatReal(*image.margin)) : tr("none found"), image.margin.value_or(1e30), {}, isBrittle, !image.margin},
                {qtext(formatReal(image.score)), image.score, {}}, {found, {}, found}}});
        }
        const auto brittle = std::ranges::count_if(m_drawing.images, [eps](const MarginImage& image) { return image.margin && *image.margin <= eps; });
        m_tableTitle->setText(tr("Images, nearest first: %1 of %2 brittle").arg(brittle).arg(m_drawing.images.size()));
    }
    m_table->setRows(std::move(rows));
}

void MarginsWorkspace::pickRow(const QString& key)
{
    const QStringList parts = key.split(QLatin1Char(','));
    if (parts.size() == 2)
        Q_EMIT imageOpened(parts[0].toInt(), parts[1].toInt());
}

QByteArray MarginsWorkspace::splits() const { return m_columns->saveState().toBase64() + '|' + m_rows->saveState().toBase64(); }

void MarginsWorkspace::setSplits(const QByteArray& splits)
{
    const qsizetype middle = splits.indexOf('|');
    if (middle < 0)
        return;
    m_columns->restoreState(QByteArray::fromBase64(splits.left(middle)));
    m_rows->restoreState(QByteArray::fromBase64(splits.mid(middle + 1)));
}

} // namespace brink
