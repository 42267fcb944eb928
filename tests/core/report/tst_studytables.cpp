// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/studytables.h"

#include "core/base/error.h"
#include "core/report/studyclaims.h"
#include "core/stats/summary.h"
#include "tests/support/compare.h"
#include "tests/support/studysample.h"

#include <algorithm>
#include <set>

using namespace brink;
using namespace brink::test;

namespace {

std::size_t columnOf(const StudyTable& table, const char* name)
{
    const auto found = std::ranges::find(table.columns, name);
    if (found == table.columns.end())
        throw Error(ErrorCode::Domain, std::string("no column ") + name);
    return std::size_t(found - table.columns.begin());
}

StudySelection of(const char* analysis)
{
    StudySelection selection;
    selection.analysis = analysis;
    return selection;
}

/// A study of two models in which every number is chosen.
StudyResults chosen(const std::vector<double>& distances, const std::vector<double>& scores)
{
    StudyResults results = studySample(2, 4, 2);
    for (auto& predicted : results.predicted)
        for (std::size_t i = 0; i < 4; ++i)
            predicted[i] = std::int32_t(results.images[i].label);
    StudyCell attack;
    for (std::size_t i = 0; i < distances.size(); ++i) {
        StudyAttackRow row;
        row.image = std::int32_t(i);
        row.success = distances[i] > 0;
        row.adversarialClass = row.success ? 1 : -1;
        row.distance.l2 = distances[i];
        attack.attack.push_back(row);
    }
    StudyCell clever;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        StudyCleverRow row;
        row.image = std::int32_t(i);
        row.isRefused = scores[i] < 0;
        row.score = std::min(scores[i], 1.0);
        row.capped = scores[i] >= 1;
        clever.clever.push_back(row);
    }
    results.cells[1][0] = std::make_shared<const StudyCell>(attack);
    results.cells[2][0] = std::make_shared<const StudyCell>(clever);
    return results;
}

const report::StudyClaim& claimOf(const std::vector<report::StudyClaim>& claims, const char* words)
{
    const auto found = std::ranges::find_if(claims, [&](const auto& claim) { return claim.claim.find(words) != std::string::npos; });
    if (found == claims.end())
        throw Error(ErrorCode::Domain, std::string("no claim ") + words);
    return *found;
}

} // namespace

class TestStudyTables : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void summaryCountsFailuresApart();
    void summaryCountsCappedAndRefused();
    void commonSetLeavesOthersOut();
    void everyTableIsRectangular_data();
    void everyTableIsRectangular();
    void modelThatFailedSaysWhy();
    void transferRowsHoldEveryRule();
    void failuresHaveNoDistance();
    void analysisChoosesRows();
    void unknownNamesSuggestTheNearest();
    void csvFollowsTheStandard();
    void jsonLeavesOutWhatIsMissing();
    void latexIsEscaped();
    void everyClaimIsJudgedOrOpen();
    void claimsFollowTheNumbers();
    void claimsWithoutDataStayOpen();
};

void TestStudyTables::summaryCountsFailuresApart()
{
    const StudyResults results = chosen({0.1, 0.4, 0, 0.2}, {});
    StudySelection selection;
    ModelSummary summary = modelSummaries(results, 1, selection).front();
    QCOMPARE(summary.entered, 4);
    QCOMPARE(summary.successes, 3);
    compareClose(summary.success->value, 0.75, 1e-15, 0);
    QCOMPARE(*summary.success->interval, wilsonInterval(3, 4));
    compareClose(summary.distance->value, 0.2, 1e-15, 0); // the failure's zero is no distance
    selection.statistic = DistanceStatistic::Mean;
    summary = modelSummaries(results, 1, selection).front();
    compareClose(summary.distance->value, 0.7 / 3, 1e-15, 0);
    QVERIFY((*summary.distance->interval)[0] >= 0.1 && (*summary.distance->interval)[1] <= 0.4);
    QVERIFY(!summary.clever);
}

void TestStudyTables::summaryCountsCappedAndRefused()
{
    const StudyResults results = chosen({}, {0.5, 7, -1, 0.8});
    const ModelSummary summary = modelSummaries(results, 2, {}).front();
    QCOMPARE(summary.entered, 4);
    QCOMPARE(summary.capped, 1);
    QCOMPARE(summary.refused, 1);
    compareClose(summary.clever->value, 0.8, 1e-15, 0); // of 0.5, 0.8 and the radius 1
    QVERIFY(!summary.distance && !summary.success);
}

void TestStudyTables::commonSetLeavesOthersOut()
{
    StudyResults results = chosen({0.1, 0.4, 0, 0.2}, {});
    results.predicted[1][0] = std::int32_t(results.images[0].label) + 1; // the other model is wrong on the first image
    StudySelection selection;
    selection.commonSet = true;
    const ModelSummary summary = modelSummaries(results, 1, selection).front();
    QCOMPARE(summary.entered, 3);
    compareClose(summary.distance->value, 0.3, 1e-15, 0);
    QCOMPARE(summary.images, 4); // accuracy stays that of all images
}

void TestStudyTables::everyTableIsRectangular_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("rows");
    // 6 models, one of which does not work; 4 attacks with transfers and CLEVER.
    QTest::addRow("models") << "models" << 6 * 5;
    QTest::addRow("transfer") << "transfer" << 4 * 36;
    QTest::addRow("outcomes") << "outcomes" << -1;
    QTest::addRow("claims") << "claims" << 21;
    QTest::addRow("margins") << "margins" << 5;
    QTest::addRow("margin-images") << "margin-images" << -1;
}

void TestStudyTables::everyTableIsRectangular()
{
    QFETCH(QString, name);
    QFETCH(int, rows);
    const StudyTable table = studyTable(studySample(6, 40, 4), name.toStdString(), {});
    QCOMPARE(QString::fromStdString(table.name), name);
    QVERIFY(!table.caption.empty());
    QVERIFY(!table.rows.empty());
    if (rows >= 0)
        QCOMPARE(int(table.rows.size()), rows);
    for (const auto& row : table.rows)
        QCOMPARE(row.size(), table.columns.size());
    QCOMPARE(std::set(table.columns.begin(), table.columns.end()).size(), table.columns.size());
}

void TestStudyTables::modelThatFailedSaysWhy()
{
    const StudyResults results = studySample(6, 40, 1);
    const StudyTable table = studyTable(results, "models", of("bim-linf-steps10-eps0.03"));
    QCOMPARE(table.rows.back()[columnOf(table, "error")].get<std::string>(), results.models[5].error);
    QVERIFY(table.rows.back()[columnOf(table, "success (%)")].is_null());
    QVERIFY(table.rows.front()[columnOf(table, "error")].is_null());
}

void TestStudyTables::transferRowsHoldEveryRule()
{
    const StudyResults results = studySample(4, 60, 1);
    const StudyTable table = studyTable(results, "transfer", {});
    for (const auto& row : table.rows) {
        const auto place = [&](const char* column) {
            const std::string name = row[columnOf(table, column)].get<std::string>();
            return int(std::ranges::find(results.study.models, name, &StudyModel::name) - results.study.models.begin());
        };
        const auto count = transferCount(results, 0, place("source"), place("target"), TransferRule::CorrectOnTarget);
        const Json& hits = row[columnOf(table, "correct on target hits")];
        const Json& share = row[columnOf(table, "correct on target (%)")];
        QCOMPARE(hits.is_null(), !count.has_value());
        if (!count)
            continue;
        QCOMPARE(hits.get<std::int64_t>(), count->hits);
        QCOMPARE(row[columnOf(table, "correct on target total")].get<std::int64_t>(), count->total);
        compareClose(share.get<double>(), 100.0 * double(count->hits) / double(count->total), 1e-14, 0);
    }
    const auto refused = std::ranges::find_if(table.rows, [&](const auto& row) { return !row[columnOf(table, "refused")].is_null(); });
    QVERIFY(refused != table.rows.end());
}

void TestStudyTables::failuresHaveNoDistance()
{
    const StudyTable table = studyTable(studySample(5, 60, 1), "outcomes", of("bim-linf-steps10-eps0.03"));
    int failures = 0;
    for (const auto& row : table.rows) {
        const bool isSuccess = row[columnOf(table, "success")].get<bool>();
        failures += !isSuccess;
        for (const char* column : {"L2", "Linf", "adversarial class", "survives 8 bit"})
            QCOMPARE(row[columnOf(table, column)].is_null(), !isSuccess);
    }
    QVERIFY(failures > 0);
}

void TestStudyTables::analysisChoosesRows()
{
    const StudyResults results = studySample(3, 30, 3);
    for (const char* name : {"models", "outcomes"}) {
        const StudyTable table = studyTable(results, name, of("cw-l2"));
        for (const auto& row : table.rows)
            QCOMPARE(row[columnOf(table, "analysis")].get<std::string>(), "cw-l2");
    }
}

void TestStudyTables::unknownNamesSuggestTheNearest()
{
    const StudyResults results = studySample(3, 10, 1);
    for (const auto& [name, analysis, suggestion] : {std::tuple{"modles", "", "models"}, std::tuple{"models", "clever-l3", "clever-l2"}}) {
        try {
            (void)studyTable(results, name, std::string(analysis).empty() ? StudySelection{} : of(analysis));
            QFAIL("made a table that does not exist");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Usage);
            QVERIFY2(error.message().find(suggestion) != std::string::npos, error.message().c_str());
        }
    }
}

void TestStudyTables::csvFollowsTheStandard()
{
    StudyTable table;
    table.columns = {"name, unit", "value"};
    table.rows = {{Json("a \"b\"\nc"), Json(0.1)}, {Json(), Json(true)}, {Json("κ"), Json(3)}};
    QCOMPARE(QString::fromStdString(tableCsv(table)),
        QString::fromUtf8("\"name, unit\",value\r\n\"a \"\"b\"\"\nc\",0.1\r\n,true\r\nκ,3\r\n"));
}

void TestStudyTables::jsonLeavesOutWhatIsMissing()
{
    StudyTable table{"models", "caption", {"a", "b"}, {{Json(1), Json()}, {Json("x"), Json(2.5)}}};
    const Json json = tableJson(table);
    QCOMPARE(json["schema"].get<std::string>(), "brink.table/1");
    QVERIFY(!json["rows"][0].contains("b"));
    QCOMPARE(json["rows"][1]["b"].get<double>(), 2.5);
}

void TestStudyTables::latexIsEscaped()
{
    StudyTable table{"models", "caption", {"50% & more", "value"}, {{Json("a_b\\c ~ ε 0.1 → ∞"), Json(12.3456)}, {Json("#1 {x}^2 $"), Json()}}};
    const QString tex = QString::fromStdString(tableLatex(table));
    QVERIFY(tex.contains("50\\% \\& more & value \\\\"));
    QVERIFY(tex.contains(QStringLiteral("a\\_b\\textbackslash{}c \\textasciitilde{} $\\varepsilon$ 0.1 $\\to$ $\\infty$ & 12.3 \\\\")));
    QVERIFY(tex.contains("\\#1 \\{x\\}\\textasciicircum{}2 \\$ & -- \\\\"));
    QVERIFY(tex.contains("\\begin{tabular}{lr}"));
    for (const char* rule : {"\\toprule", "\\midrule", "\\bottomrule", "\\end{tabular}"})
        QVERIFY(tex.contains(rule));
}

void TestStudyTables::everyClaimIsJudgedOrOpen()
{
    for (const report::StudyClaim& claim : report::studyClaims(studySample(16, 100, mostSampleAttacks), {})) {
        QVERIFY2(claim.holds.has_value(), claim.claim.c_str()); // the sample has what every claim takes
        QVERIFY2(!claim.numbers.empty(), claim.claim.c_str());
        QVERIFY(!claim.criterion.empty() && !claim.figure.empty());
        qInfo("%s: %s", claim.claim.c_str(), *claim.holds ? "holds" : "does not hold");
    }
}

void TestStudyTables::claimsFollowTheNumbers()
{
    StudyResults results = studySample(6, 60, mostSampleAttacks);
    QCOMPARE(claimOf(report::studyClaims(results, {}), "The diagonal").holds, std::optional(true));
    // One image of one diagonal cell says something else than the attack.
    StudyTransfer wrong = *results.transfers[0].at({0, 0});
    const std::int64_t label = results.images[std::size_t(results.cell(0, 0).attack.front().image)].label;
    wrong.predicted.front() = std::int32_t(results.cell(0, 0).attack.front().success ? label : label + 1);
    results.transfers[0][{0, 0}] = std::make_shared<const StudyTransfer>(wrong);
    QCOMPARE(claimOf(report::studyClaims(results, {}), "The diagonal").holds, std::optional(false));

    // Targeted FGSM that always succeeds contradicts two claims.
    QCOMPARE(claimOf(report::studyClaims(results, {}), "hardly ever").holds, std::optional(true));
    for (auto& cell : results.cells[5]) {
        StudyCell strong = *cell;
        for (StudyAttackRow& row : strong.attack)
            row.success = true;
        cell = std::make_shared<const StudyCell>(strong);
    }
    QCOMPARE(claimOf(report::studyClaims(results, {}), "hardly ever").holds, std::optional(false));
    QCOMPARE(claimOf(report::studyClaims(results, {}), "far less").holds, std::optional(false));
}

void TestStudyTables::claimsWithoutDataStayOpen()
{
    const std::vector<report::StudyClaim> claims = report::studyClaims(studySample(2, 20, 1), {});
    QVERIFY(!claimOf(claims, "VGG").holds);
    QVERIFY(!claimOf(claims, "κ").holds);
    QVERIFY(!claimOf(claims, "Targeted FGSM hardly").holds);
    QVERIFY(claimOf(claims, "The diagonal").holds);
    const StudyTable table = studyTable(studySample(2, 20, 1), "claims", {});
    QCOMPARE(table.rows.front()[3].get<std::string>(), "not tested here");
}

QTEST_APPLESS_MAIN(TestStudyTables)
#include "tst_studytables.moc"
