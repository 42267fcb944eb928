// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transferworkspace.h"

#include "app/figurepane.h"
#include "app/studydesk.h"
#include "app/studytext.h"
#include "app/studyworkspace.h"
#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/emptypage.h"
#include "widgets/controls/pairgallery.h"
#include "widgets/controls/segmented.h"
#include "widgets/plot/figureview.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace brink {

namespace {

constexpr std::size_t mostWithNumbers = 20; ///< models
constexpr double smallFont = 0.86; ///< names of many models need room
constexpr std::array rules{TransferRule::All, TransferRule::CorrectOnTarget, TransferRule::CorrectOnBoth, TransferRule::FooledSource};
constexpr std::array orders{ModelOrder::Family, ModelOrder::Accuracy, ModelOrder::Clustering, ModelOrder::AsGiven};

template <typename List, typename T> int placeOf(const List& list, const T& value) { return int(std::ranges::find(list, value) - list.begin()); }

/// Places in a list of models that belong to a selection, as runs of neighbours.
std::vector<std::pair<int, int>> runsOf(const std::vector<int>& shown, const std::vector<int>& models)
{
    std::vector<std::pair<int, int>> runs;
    for (int place = 0; place < int(shown.size()); ++place) {
        if (std::ranges::find(models, shown[std::size_t(place)]) == models.end())
            continue;
        if (!runs.empty() && runs.back().second == place - 1)
            runs.back().second = place;
        else
            runs.emplace_back(place, place);
    }
    return runs;
}

std::vector<int> placesOf(const std::vector<int>& shown, const std::vector<int>& models)
{
    std::vector<int> places;
    for (const int model : models)
        if (const int place = placeOf(shown, model); place < int(shown.size()))
            places.push_back(place);
    return places;
}

std::vector<CellBlock> blocksOf(const TransferDrawing& drawing, const CellSelection& cells)
{
    std::vector<CellBlock> blocks;
    for (const auto& [top, bottom] : runsOf(drawing.sources, cells.sources))
        for (const auto& [left, right] : runsOf(drawing.targets, cells.targets))
            blocks.push_back({{top, left}, {bottom, right}});
    return blocks;
}

/// What the figure says about the whole table.
QString summaryOf(const std::optional<Figure>& figure)
{
    if (figure)
        for (const Panel& panel : figure->panels)
            for (const Layer& layer : panel.layers)
                if (const auto* text = std::get_if<TextLayer>(&layer); text && panel.id == "summary")
                    return QString::fromStdString(plainText(text->text));
    return {};
}

QComboBox* makeList(const QString& name, const QString& toolTip, const QStringList& entries, QWidget* parent)
{
    auto* list = new QComboBox(parent);
    list->addItems(entries);
    list->setAccessibleName(name);
    list->setToolTip(toolTip);
    return list;
}

} // namespace

TransferWorkspace::TransferWorkspace(const StudyActions& actions, QWidget* parent)
    : QWidget(parent), m_pairs(std::make_shared<const PairList>()), m_stack(new QStackedLayout(this)), m_header(new StudyHeader(actions, this))
{
    setProperty("surface", QStringLiteral("background"));
    setAttribute(Qt::WA_StyledBackground);
    m_columns = new QSplitter(Qt::Horizontal, this);
    m_columns->setHandleWidth(1);
    m_columns->setChildrenCollapsible(false);
    m_columns->addWidget(makeMap());
    m_columns->addWidget(makeSide());
    m_columns->setSizes({700, 330});
    m_columns->setStretchFactor(0, 3);
    m_columns->setStretchFactor(1, 1);
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_columns, 1);
    m_stack->addWidget(new EmptyPage(tr("Transfer shows whose adversarial images fool whom"),
        tr("A study with “transfer” shows every adversarial image of one model to all others. Each cell of the heatmap counts how many "
           "of them transfer; picking cells shows the images behind the number."),
        {actions.create, actions.open}, this));
    m_stack->addWidget(content);
    connectCells();
}

QWidget* TransferWorkspace::makeMap()
{
    auto* side = new QWidget(this);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 4);
    layout->setSpacing(0);
    m_pane = new FigurePane("transfer", tr("Transfer"),
        tr("Rows are sources, columns targets: the share of a source's adversarial images that the target gets wrong too. Cells fill as pairs are computed."), side);
    m_analysis = makeList(tr("Analysis"), tr("Whose adversarial images are shown to the others"), {}, side);
    m_analysis->setMinimumContentsLength(16);
    m_analysis->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_rule = new Segmented({tr("All images"), tr("Correct on target"), tr("Correct on both"), tr("Fooled source")},
        {tr("Every adversarial image counts"), tr("Count those whose clean image the target classifies correctly (the survey's rule)"),
            tr("Count those whose clean image both models classify correctly"), tr("Count those that fool the model they were made on")},
        side);
    m_rule->setAccessibleName(tr("Which images count"));
    m_order = new Segmented({tr("Family"), tr("Accuracy"), tr("Clustering"), tr("As given")},
        {tr("Models of one family stand together"), tr("Most accurate first"), tr("Models that fool each other stand together (average linkage)"), tr("As the study lists them")}, side);
    m_order->setAccessibleName(tr("Order of the models"));
    auto* top = new QHBoxLayout;
    top->setContentsMargins(16, 0, 12, 2);
    top->setSpacing(8);
    top->addWidget(m_analysis, 1);
    top->addWidget(m_rule);
    auto* bottom = new QHBoxLayout;
    bottom->setContentsMargins(16, 2, 12, 2);
    bottom->setSpacing(8);
    auto* orderLabel = new QLabel(tr("Order"), side);
    orderLabel->setProperty("role", QStringLiteral("muted"));
    bottom->addWidget(orderLabel);
    bottom->addWidget(m_order);
    m_summary = new ElidedLabel({}, side);
    m_summary->setProperty("role", QStringLiteral("muted"));
    m_summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_summary->setAccessibleName(tr("Families and asymmetry"));
    bottom->addWidget(m_summary, 1);
    layout->addLayout(top);
    layout->addWidget(m_pane, 1);
    layout->addLayout(bottom);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * smallFont);
    m_pane->view()->setFont(small);
    m_cells = new CellPicker(m_pane->view(), transferPanel);
    connect(m_pane, &FigurePane::exportRequested, this, &TransferWorkspace::exportRequested);
    connect(m_pane, &FigurePane::copyRequested, this, &TransferWorkspace::copyRequested);
    connect(m_analysis, &QComboBox::activated, this, [this] {
        StudyView view = m_view;
        view.transferAnalysis = m_analysis->currentData().toString().toStdString();
        edit(view);
    });
    connect(m_rule, &Segmented::picked, this, [this](int index) {
        StudyView view = m_view;
        view.rule = rules[std::size_t(index)];
        edit(view);
    });
    connect(m_order, &Segmented::picked, this, [this](int index) {
        StudyView view = m_view;
        view.order = orders[std::size_t(index)];
        edit(view);
    });
    return side;
}

QWidget* TransferWorkspace::makeSide()
{
    auto* side = new QWidget(this);
    m_title = new ElidedLabel({}, side);
    m_title->setProperty("role", QStringLiteral("heading"));
    m_title->setAccessibleName(tr("Cells picked"));
    m_headline = new ElidedLabel({}, side);
    m_headline->setProperty("role", QStringLiteral("muted"));
    m_headline->setAccessibleName(tr("How many transfer"));
    m_gallery = new PairGallery(tr("Click a cell, or drag over several, to see the images behind the number. Shift picks a second group to contrast with: "
                                   "what transfers here, and not there."), side);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 4);
    layout->setSpacing(4);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(12, 0, 8, 0);
    head->setSpacing(2);
    head->addWidget(m_title);
    head->addWidget(m_headline);
    head->addWidget(makePairTools());
    layout->addLayout(head);
    layout->addWidget(m_gallery, 1);
    side->setMinimumWidth(300);
    connect(m_gallery, &PairGallery::pairOpened, this, [this](int row) { Q_EMIT pairOpened(pair(row), false); });
    addPairActions();
    return side;
}

void TransferWorkspace::addPairActions()
{
    m_gallery->setContextMenuPolicy(Qt::ActionsContextMenu);
    for (const auto& [label, onSource] : {std::pair{tr("Inspect on the target"), false}, std::pair{tr("Inspect on the source"), true}}) {
        auto* action = new QAction(label, m_gallery);
        m_gallery->addAction(action);
        connect(action, &QAction::triggered, this, [this, isSource = onSource] {
            if (const int row = m_gallery->currentIndex().row(); row >= 0)
                Q_EMIT pairOpened(pair(row), isSource);
        });
    }
}

QWidget* TransferWorkspace::makePairTools()
{
    auto* strip = new QWidget(this);
    m_sort = makeList(tr("Sort images"), tr("Order of the images: how surely the target is wrong, how small the change is, or as in the data set"),
        {tr("Margin"), tr("Distance"), tr("Index")}, strip);
    m_filter = makeList(tr("Show images"), tr("Those that transfer, the others, or all that count"), {tr("Transferring"), tr("Others"), tr("All")}, strip);
    m_contrast = new QPushButton(tr("Contrast"), strip);
    m_contrast->setCheckable(true);
    m_contrast->setAccessibleName(tr("Contrast"));
    m_contrast->setToolTip(tr("Pick a second group of cells: images that transfer to the first and not to the second (or hold Shift while picking)"));
    auto* layout = new QHBoxLayout(strip);
    layout->setContentsMargins(0, 2, 0, 2);
    layout->setSpacing(4);
    layout->addWidget(m_sort);
    layout->addWidget(m_filter);
    layout->addStretch(1);
    layout->addWidget(m_contrast);
    connect(m_sort, &QComboBox::activated, this, [this](int index) {
        StudyView view = m_view;
        view.sort = PairSort(index);
        edit(view);
    });
    connect(m_filter, &QComboBox::activated, this, [this](int index) {
        StudyView view = m_view;
        view.filter = PairFilter(index);
        edit(view);
    });
    connect(m_contrast, &QPushButton::toggled, this, [this](bool isOn) { m_cells->setPicksSecond(isOn); });
    connect(m_contrast, &QPushButton::clicked, this, [this](bool isOn) {
        if (!isOn && !m_second.empty())
            Q_EMIT cellsPicked(m_first, false);
    });
    return strip;
}

void TransferWorkspace::connectCells()
{
    m_cells->setAccessibleName(tr("Cells of the transfer heatmap"));
    connect(m_cells, &CellPicker::picked, this, [this](const CellBlock& block, bool isSecond) { Q_EMIT cellsPicked(modelsIn(block), isSecond); });
    connect(m_cells, &CellPicker::cleared, this, [this] { Q_EMIT cellsPicked({}, false); });
    connect(m_cells, &CellPicker::hovered, this, &TransferWorkspace::showHint);
    connect(m_cells, &CellPicker::rowPicked, this, [this](int row) {
        pickModel(m_drawing.sources[std::size_t(row)]);
        Q_EMIT cellsPicked(modelsIn({{row, 0}, {row, int(m_drawing.targets.size()) - 1}}), false);
    });
    connect(m_cells, &CellPicker::columnPicked, this, [this](int column) {
        pickModel(m_drawing.targets[std::size_t(column)]);
        Q_EMIT cellsPicked(modelsIn({{0, column}, {int(m_drawing.sources.size()) - 1, column}}), false);
    });
}

/// In the table and the figures of the Study workspace, too.
void TransferWorkspace::pickModel(int model)
{
    StudyView view = m_view;
    view.models = {m_drawing.results->study.models[std::size_t(model)].name};
    edit(view);
}

CellSelection TransferWorkspace::modelsIn(const CellBlock& block) const
{
    CellSelection cells;
    for (int row = block.from.row; row <= block.to.row; ++row)
        cells.sources.push_back(m_drawing.sources[std::size_t(row)]);
    for (int column = block.from.column; column <= block.to.column; ++column)
        cells.targets.push_back(m_drawing.targets[std::size_t(column)]);
    // One order, whatever the models stand in: the same cells are the same selection.
    std::ranges::sort(cells.sources);
    std::ranges::sort(cells.targets);
    return cells;
}

void TransferWorkspace::edit(const StudyView& view)
{
    if (view == m_view)
        return;
    m_view = view;
    Q_EMIT viewEdited(view);
}

void TransferWorkspace::showDesk(const StudyDesk& desk)
{
    m_view = desk.view();
    m_stack->setCurrentIndex(desk.state() == StudyState::None ? 0 : 1);
    m_header->showDesk(desk);
    showChoices(desk);
    m_first = desk.cells();
    m_second = desk.otherCells();
    showPicked();
    showPairs(desk);
}

void TransferWorkspace::showChoices(const StudyDesk& desk)
{
    showAnalyses(m_analysis, desk.results().get(), desk.transferAnalysis(), true);
    m_rule->setCurrent(placeOf(rules, m_view.rule));
    m_order->setCurrent(placeOf(orders, m_view.order));
    const QSignalBlocker sortBlocker(m_sort), filterBlocker(m_filter);
    m_sort->setCurrentIndex(int(m_view.sort));
    m_filter->setCurrentIndex(int(m_view.filter));
    m_filter->setEnabled(desk.otherCells().empty());
    m_contrast->setEnabled(!desk.cells().empty());
    if (desk.cells().empty())
        m_contrast->setChecked(false);
}

void TransferWorkspace::showPicked()
{
    m_cells->setGrid(int(m_drawing.sources.size()), int(m_drawing.targets.size()));
    m_cells->setPicked(blocksOf(m_drawing, m_first), blocksOf(m_drawing, m_second));
    const std::vector<int> models = m_drawing.results ? modelIndices(m_drawing.results->study, m_view.models) : std::vector<int>{};
    m_cells->setMarked(placesOf(m_drawing.sources, models), placesOf(m_drawing.targets, models));
}

void TransferWorkspace::showPairs(const StudyDesk& desk)
{
    const auto& results = desk.results();
    const PairQuery query = desk.pairQuery();
    if (m_pairResults == results && m_pairQuery == query)
        return;
    const bool isSameQuery = m_pairQuery == query && m_pairResults;
    m_pairResults = results;
    m_pairQuery = query;
    const bool isPicked = results && query.analysis >= 0 && !query.first.empty();
    auto list = std::make_shared<const PairList>(isPicked ? transferPairs(*results, query) : PairList());
    const bool isSameList = isSameQuery && list->pairs.size() == m_pairs->pairs.size();
    m_pairs = std::move(list);
    m_title->setText(!isPicked ? tr("Behind the cells")
            : query.second.empty() ? tr("Behind %1").arg(cellsTitle(*results, query.first))
                                   : tr("%1, not %2").arg(cellsTitle(*results, query.first), cellsTitle(*results, query.second)));
    m_title->setToolTip(m_title->text());
    m_headline->setText(isPicked ? pairsHeadline(*m_pairs, !query.second.empty()) : QString());
    m_headline->setToolTip(isPicked ? tr("%1\nCounting: %2; Wilson interval, 95 %.").arg(m_headline->text(), QString::fromStdString(transferRuleLabel(query.rule))) : QString());
    const auto itemAt = [results, names = results ? shownNames(*results) : QStringList(), pairs = m_pairs, analysis = query.analysis](
                            int row) { return pairItem(*results, names, analysis, pairs->pairs[std::size_t(row)]); };
    if (isSameList)
        m_gallery->pairs()->replaceItems(itemAt); // a growing study: the place in the gallery stays
    else
        m_gallery->setPairs(int(m_pairs->pairs.size()), itemAt);
}

QString TransferWorkspace::headline() const { return m_headline->text(); }

void TransferWorkspace::showDrawing(const TransferDrawing& drawing)
{
    m_drawing = drawing;
    // The numbers stand in the cells while there is room for them; the families' key is beside the names.
    const bool hasNumbers = drawing.sources.size() <= mostWithNumbers;
    m_pane->setPanels(hasNumbers ? std::vector<std::string>{transferPanel} : std::vector<std::string>{transferPanel, "scale"});
    m_pane->setFigure(drawing.figure);
    const bool isTargeted = drawing.results && drawing.analysis >= 0
        && drawing.results->study.analyses[std::size_t(drawing.analysis)].target.kind != TargetRule::Kind::Untargeted;
    m_pane->setTitle(!drawing.figure ? tr("Transfer") : isTargeted ? tr("Match rate, %") : tr("Error rate, %"));
    m_summary->setText(summaryOf(drawing.figure));
    m_summary->setToolTip(m_summary->text());
    showPicked();
}

void TransferWorkspace::showHint(const std::optional<CellPlace>& cell)
{
    if (!cell || !m_drawing.results || cell->row >= int(m_drawing.sources.size()) || cell->column >= int(m_drawing.targets.size())) {
        m_cells->setHint(tr("Click or drag over cells to see the images behind them; Shift picks a second group to contrast. Arrows move, Shift with arrows extends."));
        return Q_EMIT readoutChanged({});
    }
    const QString hint = cellHint(*m_drawing.results, m_drawing.analysis, m_drawing.sources[std::size_t(cell->row)],
        m_drawing.targets[std::size_t(cell->column)], m_drawing.rule);
    m_cells->setHint(hint);
    Q_EMIT readoutChanged(hint.section(QLatin1Char('\n'), 0, 1).replace(QLatin1Char('\n'), QStringLiteral(": ")));
}

QByteArray TransferWorkspace::splits() const { return m_columns->saveState(); }

void TransferWorkspace::setSplits(const QByteArray& splits) { m_columns->restoreState(splits); }

} // namespace brink
