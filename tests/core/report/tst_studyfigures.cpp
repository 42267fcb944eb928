// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/studyfigures.h"

#include "core/base/error.h"
#include "core/report/studyparts.h"
#include "core/report/studytables.h"
#include "core/report/transferrates.h"
#include "tests/support/compare.h"
#include "tests/support/studysample.h"

#include <QElapsedTimer>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace brink;
using namespace brink::test;

namespace {

Figure made(const char* name, const StudyResults& results, const StudySelection& selection = {})
{
    auto figure = studyFigureInfo(name).make(results, selection);
    if (!figure)
        throw Error(ErrorCode::Domain, std::string("no figure ") + name);
    return *figure;
}

template <typename T>
std::vector<T> layersOf(const Figure& figure, std::string_view panelId = {})
{
    std::vector<T> found;
    for (const Panel& panel : figure.panels)
        for (const Layer& layer : panel.layers)
            if (const auto* own = std::get_if<T>(&layer); own && (panelId.empty() || panel.id == panelId))
                found.push_back(*own);
    return found;
}

template <typename T>
std::optional<T> layerOf(const Figure& figure, std::string_view id)
{
    for (const T& layer : layersOf<T>(figure))
        if (layer.id == id)
            return layer;
    return std::nullopt;
}

HeatmapLayer cellsOf(const Figure& figure) { return layersOf<HeatmapLayer>(figure, transferPanel).front(); }

bool says(const Figure& figure, const char* words) { return plainText(figure.caption).find(words) != std::string::npos; }

} // namespace

class TestStudyFigures : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyFigureIsMadeAndCarriesItsOrigin();
    void unknownNameSuggestsTheNearest();
    void nothingComputedGivesNoFigure();
    void everyStageOfAStudyGivesWholeFigures();
    void cellsAreTheTable_data();
    void cellsAreTheTable();
    void cellsStandWhereTheHeaderSays();
    void meansLeaveTheDiagonalOut();
    void missingCellsAreNamed();
    void ordersArePermutations_data();
    void ordersArePermutations();
    void clusteringKeepsNeighboursAlike();
    void targetedTransferCountsMatches();
    void marksAreTheSummaries();
    void cappedMediansAreOpen();
    void lineIsTheLeastSquaresOne();
    void successBelowAllIsWritten();
    void modelWithoutErrorsStaysInSight();
    void othersStandBack();
    void barsAreTheSuccesses();
    void budgetsHavePanelsOfTheirOwn();
    void curvesStartAtTheAccuracy();
    void failuresKeepTheCurveUp();
    void curvesAreToldApart();
    void namesLoseWhatAllBeginWith_data();
    void namesLoseWhatAllBeginWith();
    void permutationDoesNotDependOnTheOrder();
    void mostFailuresMakeALowerBound();
    void fixedBudgetsShowWhatWithstands();
    void studiesWithoutFamiliesAreDrawn();
    void publishedValuesStandBesideTheCurves();
    void everyFamilyLooksDifferent();
    void oneModelIsEnough();
    void crowdsAreSurrounded();
    void manyImagesAreDrawnAtOnce();
};

void TestStudyFigures::everyFigureIsMadeAndCarriesItsOrigin()
{
    const StudyResults results = studySample();
    std::set<std::string> names;
    for (const StudyFigureInfo& info : studyFigureInfos()) {
        const auto figure = info.make(results, {});
        QVERIFY2(figure, info.name.c_str());
        QCOMPARE(figure->name, info.name);
        QVERIFY(names.insert(info.name).second);
        QVERIFY(!info.label.empty() && !info.summary.empty());
        QVERIFY(says(*figure, "Study sample: 16 models, 100 images of test_batch.bin, seed 7."));
        QVERIFY(says(*figure, "not finite")); // the model left out, and why
        QCOMPARE(figure->provenance["models"].size(), 16);
        QCOMPARE(figure->provenance["models"][0]["sha256"].get<std::string>(), results.models[0].sha256);
        QCOMPARE(figure->provenance["study"]["seed"].get<int>(), 7);
        const std::string provenance = figure->provenance.dump();
        QVERIFY(provenance.find("resnet20.pt") != std::string::npos);
        QVERIFY(provenance.find("models/") == std::string::npos); // file names go along, folders stay at home
        QVERIFY(!figureText(*figure).empty());
        QVERIFY(figureCsv(*figure).find("# provenance") != std::string::npos);
    }
    QCOMPARE(int(names.size()), 7);
}

void TestStudyFigures::unknownNameSuggestsTheNearest()
{
    try {
        (void)studyFigureInfo("paretto");
        QFAIL("found a figure that does not exist");
    } catch (const Error& error) {
        QVERIFY(error.message().find("pareto") != std::string::npos);
    }
}

void TestStudyFigures::nothingComputedGivesNoFigure()
{
    for (const StudyResults& results : {StudyResults{}, studySample(1, 0, 0)})
        for (const StudyFigureInfo& info : studyFigureInfos())
            QVERIFY2(!info.make(results, {}), info.name.c_str());
    StudySelection other;
    other.analysis = "clever-l2"; // has no transfers
    QVERIFY(!studyFigureInfo("transfer").make(studySample(3, 20, 1), other));
}

void TestStudyFigures::everyStageOfAStudyGivesWholeFigures()
{
    // As a study fills: predictions of some models, cells of some, transfers in part.
    const StudyResults whole = studySample(5, 30, 3);
    for (int stage = 0; stage < 5; ++stage) {
        StudyResults part = whole;
        part.unitsDone = stage;
        for (int m = stage; m < 5; ++m) {
            std::ranges::fill(part.predicted[std::size_t(m)], -1);
            for (auto& cells : part.cells)
                cells[std::size_t(m)] = std::make_shared<const StudyCell>();
            for (auto& transfers : part.transfers)
                std::erase_if(transfers, [&](const auto& pair) { return pair.first.first >= stage || pair.first.second >= stage; });
        }
        for (const StudyFigureInfo& info : studyFigureInfos()) {
            StudySelection selection;
            selection.margins.eps = 0.006; // on which side of it lie images of every model
            const auto figure = info.make(part, selection);
            QVERIFY2(figure || stage < 2, info.name.c_str());
            if (figure)
                QVERIFY(says(*figure, "In part: "));
        }
        for (const std::string& name : studyTableNames())
            (void)studyTable(part, name, {});
    }
}

void TestStudyFigures::cellsAreTheTable_data()
{
    QTest::addColumn<int>("rule");
    for (const TransferRule rule : {TransferRule::All, TransferRule::CorrectOnTarget, TransferRule::CorrectOnBoth, TransferRule::FooledSource})
        QTest::addRow("%s", transferRuleName(rule).c_str()) << int(rule);
}

void TestStudyFigures::cellsAreTheTable()
{
    QFETCH(int, rule);
    const StudyResults results = studySample(6, 60, 1);
    StudySelection selection;
    selection.rule = TransferRule(rule);
    selection.order = ModelOrder::AsGiven;
    const HeatmapLayer cells = cellsOf(made("transfer", results, selection));
    const TransferTable table = transferTable(results, 0, TransferRule(rule));
    QCOMPARE(cells.rows, 5); // the sixth does not work
    for (std::size_t row = 0; row < 5; ++row) {
        for (std::size_t column = 0; column < 5; ++column) {
            const double value = (*cells.values)[row * 5 + column];
            const auto& count = table[row][column];
            QCOMPARE(std::isfinite(value), count.has_value());
            if (!count)
                continue;
            const double expected = 100.0 * double(count->hits) / double(count->total);
            compareClose(value, expected, 1e-14, 0);
            QCOMPARE(cells.texts[row * 5 + column], std::to_string(std::lround(expected)));
            const std::string counts = std::to_string(count->hits) + " of " + std::to_string(count->total);
            QVERIFY(cells.tips[row * 5 + column].find(counts) != std::string::npos);
        }
    }
}

void TestStudyFigures::cellsStandWhereTheHeaderSays()
{
    const StudyResults results = studySample(4, 30, 1);
    StudySelection selection;
    selection.order = ModelOrder::AsGiven;
    const Figure figure = made("transfer", results, selection);
    const auto panel = std::ranges::find(figure.panels, transferPanel, &Panel::id);
    QVERIFY(panel != figure.panels.end());
    QCOMPARE(panel->x.ticks.size(), std::size_t(3));
    QCOMPARE(panel->y.ticks.size(), std::size_t(3));
    for (std::size_t i = 0; i < 3; ++i) {
        QCOMPARE(panel->x.ticks[i], (std::pair{double(i) + 0.5, results.study.models[i].name}));
        QCOMPARE(panel->y.ticks[i], (std::pair{3 - double(i) - 0.5, results.study.models[i].name}));
    }
    QCOMPARE(cellsOf(figure).refs[1 * 3 + 2], (DataRef{"cell", "1,2"}));
}

void TestStudyFigures::meansLeaveTheDiagonalOut()
{
    const StudyResults results = studySample(4, 40, 1);
    const report::TransferRates rates = report::transferRates(results, 0, {});
    for (std::size_t i = 0; i < rates.size(); ++i) {
        double row = 0, column = 0;
        int rows = 0, columns = 0;
        for (std::size_t k = 0; k < rates.size(); ++k) {
            if (i != k && std::isfinite(rates.rates.at(i, k))) {
                row += rates.rates.at(i, k);
                ++rows;
            }
            if (i != k && std::isfinite(rates.rates.at(k, i))) {
                column += rates.rates.at(k, i);
                ++columns;
            }
        }
        compareClose(*rates.sourceStrength[i], row / rows, 1e-14, 0);
        compareClose(*rates.targetVulnerability[i], column / columns, 1e-14, 0);
    }
}

void TestStudyFigures::missingCellsAreNamed()
{
    const StudyResults results = studySample(5, 30, 1);
    const Figure figure = made("transfer", results);
    QVERIFY(says(figure, "resnet56 → lenet: The classes"));
    const HeatmapLayer cells = cellsOf(figure);
    const auto missing = std::ranges::find_if(*cells.values, [](double value) { return !std::isfinite(value); });
    QVERIFY(missing != cells.values->end());
    const auto index = std::size_t(missing - cells.values->begin());
    QCOMPARE(cells.refs[index], (DataRef{"cell", "1,2"}));
    QVERIFY(cells.texts[index].empty());
    QVERIFY(cells.tips[index].find("refused") != std::string::npos);
}

void TestStudyFigures::ordersArePermutations_data()
{
    QTest::addColumn<int>("order");
    QTest::addRow("as given") << int(ModelOrder::AsGiven);
    QTest::addRow("family") << int(ModelOrder::Family);
    QTest::addRow("accuracy") << int(ModelOrder::Accuracy);
    QTest::addRow("clustering") << int(ModelOrder::Clustering);
}

void TestStudyFigures::ordersArePermutations()
{
    QFETCH(int, order);
    const StudyResults results = studySample(9, 60, 1);
    StudySelection selection;
    selection.order = ModelOrder(order);
    const report::TransferRates rates = report::transferRates(results, 0, selection);
    std::vector<int> sorted = rates.models;
    std::ranges::sort(sorted);
    std::vector<int> expected(8);
    std::iota(expected.begin(), expected.end(), 0);
    QCOMPARE(sorted, expected);
    // The numbers move with the names.
    const TransferTable table = transferTable(results, 0, selection.rule);
    for (std::size_t row = 0; row < rates.size(); ++row)
        for (std::size_t column = 0; column < rates.size(); ++column)
            QCOMPARE(rates.count(row, column), table[std::size_t(rates.models[row])][std::size_t(rates.models[column])]);
    const auto accuracy = [&](int m) {
        return std::ranges::count_if(results.images, [&](const StudyImageFacts& image) { return results.isCorrect(m, int(image.index)); });
    };
    if (selection.order == ModelOrder::Accuracy)
        QVERIFY(std::ranges::is_sorted(rates.models, std::greater(), accuracy));
    if (selection.order == ModelOrder::Family) {
        std::set<std::string> closed;
        std::string current;
        for (const int m : rates.models) {
            const std::string& family = results.study.models[std::size_t(m)].family;
            if (family != current)
                QVERIFY(closed.insert(family).second);
            current = family;
        }
    }
}

void TestStudyFigures::clusteringKeepsNeighboursAlike()
{
    StudySelection selection;
    selection.order = ModelOrder::Clustering;
    const StudyResults results = studySample(9, 60, 1);
    const Figure figure = made("transfer", results, selection);
    QVERIFY(layerOf<LineLayer>(figure, "dendrogram"));
    const auto length = [&](ModelOrder order) {
        StudySelection other;
        other.order = order;
        const report::TransferRates rates = report::transferRates(results, 0, other);
        double sum = 0;
        for (std::size_t i = 1; i < rates.size(); ++i) {
            const double there = rates.rates.at(i - 1, i), back = rates.rates.at(i, i - 1);
            sum += 1 - (std::isfinite(there) && std::isfinite(back) ? (there + back) / 2 : std::isfinite(there) ? there : back);
        }
        return sum;
    };
    QVERIFY(length(ModelOrder::Clustering) < length(ModelOrder::AsGiven));
}

void TestStudyFigures::targetedTransferCountsMatches()
{
    StudySelection selection;
    selection.analysis = "bim-linf-steps10-eps0.03-random";
    const Figure figure = made("transfer", studySample(5, 60, 4), selection);
    QVERIFY(says(figure, "the attack's target class"));
    const auto scale = std::ranges::find(figure.panels, "scale", &Panel::id);
    QVERIFY(scale->x.label.find("match rate") != std::string::npos);
}

void TestStudyFigures::marksAreTheSummaries()
{
    const StudyResults results = studySample(8, 100, 3);
    const Figure figure = made("pareto", results);
    const std::vector<ModelSummary> summaries = modelSummaries(results, 1, {}); // the first minimum-norm attack
    std::size_t marks = 0;
    for (const ScatterLayer& layer : layersOf<ScatterLayer>(figure, "pareto")) {
        for (std::size_t i = 0; i < layer.x->size(); ++i, ++marks) {
            const auto model = std::ranges::find(results.study.models, layer.refs[i].key, &StudyModel::name) - results.study.models.begin();
            const auto summary = std::ranges::find(summaries, int(model), &ModelSummary::model);
            QCOMPARE(layer.refs[i].kind, modelRefKind);
            compareClose((*layer.x)[i], 100 * (1 - summary->accuracy->value), 1e-12, 0);
            compareClose((*layer.y)[i], summary->distance->value, 0, 0);
            compareClose((*layer.yLow)[i], (*summary->distance->interval)[0], 0, 0);
            QVERIFY((*layer.xLow)[i] <= (*layer.x)[i] && (*layer.x)[i] <= (*layer.xHigh)[i]);
            QVERIFY((*layer.yLow)[i] <= (*layer.y)[i] && (*layer.y)[i] <= (*layer.yHigh)[i]);
        }
    }
    QCOMPARE(marks, summaries.size());
}

void TestStudyFigures::cappedMediansAreOpen()
{
    StudySelection selection;
    selection.analysis = "clever-l2";
    StudyResults results = studySample(3, 60, 1);
    StudyCell capped = *results.cells[1][0];
    for (StudyCleverRow& row : capped.clever) {
        row.score = 1;
        row.capped = true;
        row.isRefused = false;
    }
    results.cells[1][0] = std::make_shared<const StudyCell>(capped);
    int open = 0;
    for (const ScatterLayer& layer : layersOf<ScatterLayer>(made("pareto", results, selection), "pareto")) {
        if (!layer.isOpen)
            continue;
        ++open;
        QCOMPARE(layer.arrow, Arrow::Up);
        QCOMPARE(layer.refs.front().key, results.study.models[0].name);
        QVERIFY(layer.tips.front().find("at least") != std::string::npos);
    }
    QCOMPARE(open, 1);
}

void TestStudyFigures::lineIsTheLeastSquaresOne()
{
    const StudyResults results = studySample(8, 100, 3);
    const Figure figure = made("pareto", results);
    std::vector<double> x, y;
    for (const ModelSummary& summary : modelSummaries(results, 1, {})) {
        x.push_back(std::log(1 - summary.accuracy->value));
        y.push_back(summary.distance->value);
    }
    double meanX = 0, meanY = 0, xx = 0, xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        meanX += x[i] / double(x.size());
        meanY += y[i] / double(x.size());
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - meanX) * (x[i] - meanX);
        xy += (x[i] - meanX) * (y[i] - meanY);
    }
    const auto line = layerOf<LineLayer>(figure, "fit-all");
    const auto band = layerOf<BandLayer>(figure, "band-all");
    QVERIFY(line && band);
    for (std::size_t i = 0; i < line->x->size(); ++i) {
        compareClose((*line->y)[i], meanY + xy / xx * (std::log((*line->x)[i] / 100) - meanX), 1e-9, 1e-12);
        QVERIFY((*band->low)[i] < (*band->high)[i]);
    }
    // As accuracy the same line, read from the other side.
    StudySelection accuracy;
    accuracy.logError = false;
    const auto curve = layerOf<LineLayer>(made("pareto", results, accuracy), "fit-all");
    QVERIFY(std::ranges::is_sorted(*curve->x));
    compareClose(curve->y->front(), line->y->back(), 1e-12, 0);
    compareClose(curve->x->front(), 100 - line->x->back(), 1e-12, 0);
}

void TestStudyFigures::successBelowAllIsWritten()
{
    StudyResults results = studySample(3, 60, 2);
    StudyCell half = *results.cells[1][0];
    for (std::size_t i = 0; i < half.attack.size(); ++i)
        half.attack[i].success = i % 2 == 0;
    StudyCell all = *results.cells[1][1];
    for (StudyAttackRow& row : all.attack)
        row.success = true;
    results.cells[1][0] = std::make_shared<const StudyCell>(half);
    results.cells[1][1] = std::make_shared<const StudyCell>(all);
    std::set<std::string> labels;
    for (const ScatterLayer& layer : layersOf<ScatterLayer>(made("pareto", results), "pareto"))
        labels.insert(layer.labels.begin(), layer.labels.end());
    QVERIFY(labels.contains("resnet20 (50 %)"));
    QVERIFY(labels.contains("resnet56"));
}

void TestStudyFigures::modelWithoutErrorsStaysInSight()
{
    StudyResults results = studySample(3, 60, 2);
    for (std::size_t i = 0; i < results.images.size(); ++i)
        results.predicted[1][i] = std::int32_t(results.images[i].label);
    const Figure figure = made("pareto", results);
    QVERIFY(says(figure, "1 model without errors is drawn at half an image"));
    double least = 1e9;
    for (const ScatterLayer& layer : layersOf<ScatterLayer>(figure, "pareto"))
        least = std::min(least, std::ranges::min(*layer.x));
    compareClose(least, 100 * 0.5 / 60, 1e-12, 0);
}

void TestStudyFigures::othersStandBack()
{
    StudySelection selection;
    selection.models = {1};
    for (const ScatterLayer& layer : layersOf<ScatterLayer>(made("pareto", studySample(5, 60, 2), selection), "pareto"))
        for (std::size_t i = 0; i < layer.refs.size(); ++i) {
            QCOMPARE(layer.labels[i].empty(), layer.refs[i].key != "resnet56");
            QCOMPARE(layer.role == ColourRole::Muted, layer.refs[i].key != "resnet56");
        }
}

void TestStudyFigures::barsAreTheSuccesses()
{
    const StudyResults results = studySample(5, 60, 3);
    StudySelection selection;
    selection.order = ModelOrder::AsGiven;
    const Figure figure = made("success", results, selection);
    for (int a = 0; a < 3; ++a) {
        const auto bars = layerOf<BarLayer>(figure, results.study.analyses[std::size_t(a)].id);
        QVERIFY(bars);
        const std::vector<ModelSummary> summaries = modelSummaries(results, a, selection);
        for (std::size_t m = 0; m < summaries.size(); ++m) {
            compareClose((*bars->height)[m], 100 * summaries[m].success->value, 1e-12, 0);
            QCOMPARE(bars->refs[m].key, results.study.models[m].name);
        }
        const auto whiskers = layerOf<ScatterLayer>(figure, results.study.analyses[std::size_t(a)].id + " interval");
        compareClose((*whiskers->yHigh)[0], 100 * (*summaries[0].success->interval)[1], 1e-12, 0);
    }
}

void TestStudyFigures::budgetsHavePanelsOfTheirOwn()
{
    const Figure figure = made("success", studySample(3, 30, mostSampleAttacks));
    std::vector<std::string> titles;
    for (const Panel& panel : figure.panels)
        if (!panel.title.empty())
            titles.push_back(panel.title);
    QVERIFY(std::ranges::find(titles, "I-FGSM L∞, ε 0.03, untargeted: 10, 30, 50 steps") != titles.end());
    QVERIFY(std::ranges::find(titles, "I-FGSM L∞, ε 0.06, untargeted") != titles.end());
    QVERIFY(std::ranges::find(titles, "C&W L2, untargeted: κ 0, 20") != titles.end());
}

void TestStudyFigures::curvesStartAtTheAccuracy()
{
    const StudyResults results = studySample(4, 80, 2);
    const Figure figure = made("robust-accuracy", results);
    const std::vector<ModelSummary> summaries = modelSummaries(results, 1, {});
    for (const ModelSummary& summary : summaries) {
        const auto line = layerOf<LineLayer>(figure, results.study.models[std::size_t(summary.model)].name);
        QVERIFY(line && line->isStep);
        compareClose(line->y->front(), 100 * summary.accuracy->value, 1e-12, 0);
        QVERIFY(std::ranges::is_sorted(*line->y, std::greater()));
        // At the median distance half of the attacked images are left, failures among them.
        std::int64_t left = 0;
        for (const StudyAttackRow& row : results.cell(1, summary.model).attack)
            left += !row.success || row.distance.l2 > 0.3;
        const auto after = std::ranges::upper_bound(*line->x, 0.3) - line->x->begin();
        compareClose((*line->y)[std::size_t(after - 1)], 100.0 * double(left) / double(results.images.size()), 1e-9, 0);
    }
}

void TestStudyFigures::failuresKeepTheCurveUp()
{
    StudyResults results = studySample(1, 40, 2);
    StudyCell none = *results.cells[1][0];
    for (StudyAttackRow& row : none.attack)
        row.success = false;
    results.cells[1][0] = std::make_shared<const StudyCell>(none);
    const Figure figure = made("robust-accuracy", results);
    const auto line = layersOf<LineLayer>(figure).front();
    QCOMPARE(line.y->front(), line.y->back());
    QVERIFY(says(figure, "robust at every distance"));
}

void TestStudyFigures::curvesAreToldApart()
{
    std::set<std::tuple<ColourRole, Dash, double>> looks;
    const Figure figure = made("robust-accuracy", studySample(16, 40, 2));
    for (const LineLayer& line : layersOf<LineLayer>(figure))
        QVERIFY2(looks.insert({line.role, line.dash, line.widthPt}).second, line.id.c_str());
    QCOMPARE(looks.size(), std::size_t(15));
    QCOMPARE(layersOf<KeyLayer>(figure).front().entries.size(), std::size_t(15));
}

void TestStudyFigures::namesLoseWhatAllBeginWith_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QStringList>("expected");
    QTest::addRow("up to the last mark") << QStringList{"cifar10_resnet20", "cifar10_resnet56"} << QStringList{"resnet20", "resnet56"};
    QTest::addRow("nothing shared") << QStringList{"lenet", "vgg"} << QStringList{"lenet", "vgg"};
    QTest::addRow("one is the beginning of the other") << QStringList{"net_a", "net_a_adv"} << QStringList{"a", "a_adv"};
    QTest::addRow("one would have no name left") << QStringList{"net_", "net_a"} << QStringList{"net_", "net_a"};
    QTest::addRow("alone") << QStringList{"cifar10_resnet20"} << QStringList{"cifar10_resnet20"};
}

void TestStudyFigures::namesLoseWhatAllBeginWith()
{
    QFETCH(QStringList, names);
    QFETCH(QStringList, expected);
    StudyResults results;
    for (const QString& name : names) {
        results.study.models.emplace_back();
        results.study.models.back().name = name.toStdString();
    }
    QStringList shown;
    for (const std::string& name : report::shortNames(results))
        shown.append(QString::fromStdString(name));
    QCOMPARE(shown, expected);
}

void TestStudyFigures::permutationDoesNotDependOnTheOrder()
{
    const StudyResults results = studySample(9, 60, 1);
    std::set<double> values;
    for (const ModelOrder order : {ModelOrder::AsGiven, ModelOrder::Family, ModelOrder::Accuracy, ModelOrder::Clustering}) {
        StudySelection selection;
        selection.order = order;
        values.insert(report::familyTransfer(results, report::transferRates(results, 0, selection))->p);
    }
    QCOMPARE(values.size(), std::size_t(1));
}

void TestStudyFigures::mostFailuresMakeALowerBound()
{
    StudyResults results = studySample(2, 60, 2);
    StudyCell weak = *results.cells[1][0];
    for (std::size_t i = 0; i < weak.attack.size(); ++i)
        weak.attack[i].success = i % 3 == 0;
    results.cells[1][0] = std::make_shared<const StudyCell>(weak);
    for (const ScatterLayer& layer : layersOf<ScatterLayer>(made("pareto", results), "pareto"))
        for (const DataRef& ref : layer.refs)
            QCOMPARE(layer.isOpen && layer.arrow == Arrow::Up, ref.key == results.study.models[0].name);
}

void TestStudyFigures::fixedBudgetsShowWhatWithstands()
{
    const StudyResults results = studySample(5, 80, 1);
    StudySelection selection;
    selection.analysis = results.study.analyses[0].id;
    const Figure figure = made("pareto", results, selection);
    QVERIFY(figure.panels.front().y.label.find("withstand") != std::string::npos);
    std::size_t marks = 0;
    for (const ScatterLayer& layer : layersOf<ScatterLayer>(figure, "pareto")) {
        for (std::size_t i = 0; i < layer.x->size(); ++i, ++marks) {
            const auto model = int(std::ranges::find(results.study.models, layer.refs[i].key, &StudyModel::name) - results.study.models.begin());
            const auto& rows = results.cell(0, model).attack;
            const double withstood = 100.0 * double(std::ranges::count(rows, false, &StudyAttackRow::success)) / double(rows.size());
            compareClose((*layer.y)[i], withstood, 1e-12, 1e-12);
            QCOMPARE(layer.labels[i], layer.refs[i].key); // the success rate would say the same again
            QVERIFY(!layer.isOpen);
        }
    }
    QCOMPARE(marks, std::size_t(4));
}

void TestStudyFigures::studiesWithoutFamiliesAreDrawn()
{
    StudyResults results = studySample(5, 40, 3);
    for (StudyModel& model : results.study.models)
        model.family.clear();
    for (const StudyFigureInfo& info : studyFigureInfos()) {
        const auto figure = info.make(results, {});
        QVERIFY2(figure, info.name.c_str());
        for (const KeyLayer& key : layersOf<KeyLayer>(*figure))
            for (const KeyLayer::Entry& entry : key.entries)
                QVERIFY(entry.name != "no family"); // one look for all needs no name
    }
    const auto summary = layerOf<TextLayer>(made("transfer", results), "summary");
    QVERIFY(summary && summary->text.find("Within") == std::string::npos && summary->text.find("asymmetry") == 0);
}

void TestStudyFigures::publishedValuesStandBesideTheCurves()
{
    StudyResults results = studySample(3, 40, 3);
    const int analysis = 2;
    const Norm norm = results.study.analyses[std::size_t(analysis)].norm();
    results.models[1].published = {{normName(norm), 0.5, 0.57, "AutoAttack", "a table"}, {"l0", 3, 0.9, "AutoAttack", "elsewhere"}};
    StudySelection selection;
    selection.analysis = results.study.analyses[std::size_t(analysis)].id;
    const auto figure = made("robust-accuracy", results, selection);
    int stars = 0;
    for (const ScatterLayer& layer : layersOf<ScatterLayer>(figure))
        if (layer.marker == Marker::Star) {
            ++stars;
            QCOMPARE(layer.x->size(), std::size_t(1)); // not the one of another norm
            QCOMPARE(layer.x->front(), 0.5);
            QCOMPARE(layer.y->front(), 57.0);
            QVERIFY(layer.isOpen);
        }
    QCOMPARE(stars, 1);
    QVERIFY(says(figure, "others have published") && says(figure, "AutoAttack 57.0 %") && says(figure, "a table"));
    QVERIFY((*figure.panels.front().x.range)[1] >= 0.5);
    selection.commonSet = true; // another set of images than the published one
    QVERIFY(!says(made("robust-accuracy", results, selection), "others have published"));
}

void TestStudyFigures::everyFamilyLooksDifferent()
{
    StudyResults results = studySample(20, 10, 1);
    for (std::size_t m = 0; m < 20; ++m)
        results.study.models[m].family = "family " + std::to_string(m);
    std::set<std::pair<ColourRole, Marker>> looks;
    for (int m = 0; m < 20; ++m) {
        const report::FamilyLook look = report::familyLook(results, m);
        QVERIFY2(looks.insert({look.role, look.marker}).second, look.name.c_str());
    }
}

void TestStudyFigures::oneModelIsEnough()
{
    const StudyResults results = studySample(1, 40, 3);
    StudySelection selection;
    selection.margins.eps = 0.006;
    for (const ModelOrder order : {ModelOrder::AsGiven, ModelOrder::Family, ModelOrder::Accuracy, ModelOrder::Clustering}) {
        selection.order = order;
        for (const StudyFigureInfo& info : studyFigureInfos())
            QVERIFY2(info.make(results, selection), info.name.c_str());
    }
}

void TestStudyFigures::crowdsAreSurrounded()
{
    // Left, right, bottom and top of the lines around a share of the points; absent where there are none.
    const auto extent = [](const Figure& figure, const std::string& id) {
        std::optional<std::array<double, 4>> box;
        for (const Layer& layer : figure.panels.front().layers)
            if (const auto* line = std::get_if<LineLayer>(&layer); line && line->id.starts_with(id)) {
                if (!box)
                    box = {HUGE_VAL, -HUGE_VAL, HUGE_VAL, -HUGE_VAL};
                const auto [left, right] = std::ranges::minmax(*line->x);
                const auto [bottom, top] = std::ranges::minmax(*line->y);
                box = {std::min((*box)[0], left), std::max((*box)[1], right), std::min((*box)[2], bottom), std::max((*box)[3], top)};
            }
        return box;
    };
    const auto few = studyFigureInfo("margins").make(studySample(1, 100, 3), {});
    QVERIFY(!extent(*few, "crowd") && few->caption.find("kernel density") == std::string::npos);
    const auto many = studyFigureInfo("margins").make(studySample(1, 2000, 3), {});
    QVERIFY(many->caption.find("kernel density") != std::string::npos);
    const auto half = extent(*many, "crowd 50 "), most = extent(*many, "crowd 90 ");
    QVERIFY(half && most);
    QVERIFY((*most)[0] <= (*half)[0] && (*most)[1] >= (*half)[1] && (*most)[2] <= (*half)[2] && (*most)[3] >= (*half)[3]);
    QVERIFY((*half)[1] - (*half)[0] < 0.9 * ((*most)[1] - (*most)[0]));
    const auto& key = std::get<KeyLayer>(many->panels.back().layers.front());
    QCOMPARE(std::ranges::count_if(key.entries, [](const KeyLayer::Entry& entry) { return entry.name.ends_with("of the images"); }), 2);
    QVERIFY(std::ranges::none_of(key.entries, [](const KeyLayer::Entry& entry) { return entry.name.empty(); }));
}

void TestStudyFigures::manyImagesAreDrawnAtOnce()
{
    const StudyResults results = studySample(18, 1000, 3);
    for (const StudyFigureInfo& info : studyFigureInfos()) {
        QElapsedTimer timer;
        timer.start();
        const auto figure = info.make(results, {});
        const qint64 ms = timer.elapsed();
        QVERIFY(figure);
        qInfo("%s of 18 models and 1,000 images: %lld ms", info.name.c_str(), (long long)ms);
#ifdef NDEBUG
        QVERIFY2(ms < 2000, "a study of that size is to be seen within a second; a busy machine is allowed twice that");
#endif
    }
}

QTEST_APPLESS_MAIN(TestStudyFigures)
#include "tst_studyfigures.moc"
