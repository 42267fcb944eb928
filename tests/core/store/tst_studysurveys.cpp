// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Surveys of the decision boundary as analyses of a study: the numbers of the surveys alone, parts that outlive a stop, tables, figures.
#include "core/base/error.h"
#include "core/boundary/surveydata.h"
#include "core/data/dataset.h"
#include "core/model/torchruntime.h"
#include "core/report/studyclaims.h"
#include "core/report/studyfigures.h"
#include "core/report/studytables.h"
#include "core/store/studyfile.h"
#include "core/store/studyreading.h"
#include "core/store/studyrun.h"
#include "core/study/boundaryanalysis.h"
#include "core/study/studycost.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <functional>

using namespace brink;

namespace {

const std::string examples = BRINK_EXAMPLE_FOLDER;

/// Three surveys of two models, small enough for a test, beside one attack.
Json sampleJson()
{
    return {{"name", "surveys"}, {"seed", 3}, {"models", {examples + "/cnn.pt", examples + "/mlp.pt"}},
        {"images", examples + "/example-images-idx3-ubyte.gz#0:40"},
        {"analyses",
            {{{"boundary", "curvature"}, {"images", 12}, {"set", {{"lanczos-steps", 12}, {"directions", 2}, {"probes", 3}, {"subspace", 2}, {"noise-draws", 3}}}},
                {{"boundary", "detection"}, {"images", 20}, {"set", {{"attacks", "deepfool"}, {"scales", "1+3"}, {"probes", 2}, {"other-classes", 3}}}},
                {{"boundary", "regions"}, {"set", {{"pairs", 6}, {"samples", 20}}}},
                {{"attack", "fgsm"}, {"norm", "linf"}, {"set", {{"eps", 0.05}}}},
                {{"boundary", "certified"}, {"images", 3}, {"set", {{"method", "crown-ibp"}, {"tolerance", 0.1}}}}}}};
}

Study sample(const std::function<void(Json&)>& change = {})
{
    Json json = sampleJson();
    if (change)
        change(json);
    return studyFromJson(json, {});
}

StudyRunEnd run(const std::string& path, const Study& study)
{
    PlainMonitor monitor;
    return runStudy(path, study, {}, monitor);
}

/// Ends the work after so many questions whether to.
class StoppingMonitor : public PlainMonitor {
public:
    explicit StoppingMonitor(int polls) : m_left(polls) {}
    [[nodiscard]] bool stopRequested() const override { return m_left.fetch_sub(1) <= 0; }

private:
    mutable std::atomic<int> m_left;
};

/// The images that entered, as a survey alone gets them.
SurveyImages entered(const StudyResults& results, int model, std::size_t most)
{
    SurveyImages images{openDataset(examples + "/example-images-idx3-ubyte.gz"), {}, "example-images-idx3-ubyte.gz"};
    for (int image = 0; image < int(results.images.size()) && images.indices.size() < most; ++image)
        if (results.isCorrect(model, image))
            images.indices.push_back(results.images[std::size_t(image)].index);
    return images;
}

template <typename Survey>
Survey withoutTimes(Survey survey)
{
    survey.seconds = 0;
    return survey;
}

CurvatureSurvey timeless(CurvatureSurvey survey)
{
    for (SurveyImage& image : survey.images)
        if (image.result)
            image.result->seconds = 0;
    return withoutTimes(std::move(survey));
}

RegionSurvey timeless(RegionSurvey survey)
{
    for (RegionPath& path : survey.paths)
        path.seconds = 0;
    if (survey.convexity)
        survey.convexity->seconds = 0;
    return survey;
}

template <typename Work>
std::string sentenceOf(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.message();
    }
    return {};
}

int partsIn(const std::string& path)
{
    int parts = 0;
    for (const auto& [slot, key] : StudyFile(path).keys())
        parts += slot.kind == UnitKind::SurveyPart;
    return parts;
}

} // namespace

class TestStudySurveys : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string m_whole;
    std::shared_ptr<const StudyResults> m_results;

    std::string path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }

private Q_SLOTS:
    void initTestCase()
    {
        configureTorch(1, 1);
        m_whole = path("whole.brink");
        const StudyRunEnd end = run(m_whole, sample());
        for (const std::string& failure : end.failures)
            qWarning("%s", failure.c_str());
        QCOMPARE(end.failures.size(), std::size_t(0));
        QCOMPARE(end.unitsDone, end.unitsTotal);
        QCOMPARE(partsIn(m_whole), 0); // the surveys have taken their place
        m_results = StudyReading(m_whole).results();
        QVERIFY(m_results->isComplete());
    }

    void curvatureIsThatOfTheSurveyAlone()
    {
        PlainMonitor monitor;
        for (int model = 0; model < 2; ++model) {
            const auto survey = m_results->cell(0, model).survey.curvature;
            QVERIFY(survey);
            LoadOptions options;
            options.cardOverrides["name"] = m_results->study.models[std::size_t(model)].name;
            const CurvatureSurvey alone = surveyCurvature(loadClassifier(m_results->study.models[std::size_t(model)].path, options), entered(*m_results, model, 12),
                curvatureRunRequest(m_results->study.analyses[0].boundary, 3), monitor);
            QCOMPARE(survey->images.size(), std::size_t(12));
            QVERIFY(bytesOf(timeless(*survey)) == bytesOf(timeless(withoutPixels(alone))));
            QVERIFY(survey->shared && !survey->noiseNorms.empty());
        }
    }

    void detectionIsThatOfTheSurveyAlone()
    {
        PlainMonitor monitor;
        const auto survey = m_results->cell(1, 0).survey.detection;
        QVERIFY(survey);
        LoadOptions options;
        options.cardOverrides["name"] = m_results->study.models[0].name;
        const DetectionSurvey alone = surveyDetection(loadClassifier(m_results->study.models[0].path, options), entered(*m_results, 0, 20),
            detectionRunRequest(m_results->study.analyses[1].boundary, 3), monitor);
        QVERIFY(bytesOf(withoutTimes(*survey)) == bytesOf(withoutTimes(alone)));
    }

    void regionsAreThoseOfTheSurveyAlone()
    {
        PlainMonitor monitor;
        const auto survey = m_results->cell(2, 1).survey.regions;
        QVERIFY(survey);
        QCOMPARE(survey->paths.size(), std::size_t(6));
        LoadOptions options;
        options.cardOverrides["name"] = m_results->study.models[1].name;
        const RegionSurvey alone = surveyRegions(loadClassifier(m_results->study.models[1].path, options), entered(*m_results, 1, 1000),
            regionSurveyRequest(m_results->study.analyses[2].boundary, 3), monitor);
        QVERIFY(bytesOf(timeless(*survey)) == bytesOf(timeless(withoutPixels(alone))));
    }

    void bytesGiveTheSurveyBack()
    {
        const CurvatureSurvey& curvature = *m_results->cell(0, 0).survey.curvature;
        QVERIFY(bytesOf(curvatureSurveyFrom(bytesOf(curvature))) == bytesOf(curvature));
        for (const SurveyImage& image : curvature.images)
            QVERIFY(bytesOf(surveyImageFrom(bytesOf(image))) == bytesOf(image));
        const DetectionSurvey& detection = *m_results->cell(1, 0).survey.detection;
        QVERIFY(bytesOf(detectionSurveyFrom(bytesOf(detection))) == bytesOf(detection));
        const RegionSurvey& regions = *m_results->cell(2, 0).survey.regions;
        QVERIFY(bytesOf(regionSurveyFrom(bytesOf(regions))) == bytesOf(regions));
        const std::string bytes = bytesOf(curvature);
        for (const std::string& broken : {std::string(), std::string("no survey"), bytes.substr(0, bytes.size() / 2), bytesOf(detection)})
            QVERIFY(!sentenceOf([&] { (void)curvatureSurveyFrom(broken); }).empty());
    }

    void onlyTheFirstImageKeepsItsDirections()
    {
        int kept = 0;
        for (const SurveyImage& image : m_results->cell(0, 0).survey.curvature->images)
            if (image.result)
                for (const PrincipalDirection& direction : image.result->lowest)
                    kept += !direction.vector.empty();
        QCOMPARE(kept, 2);
    }

    void stoppedSurveysGoOnWhereTheyWere()
    {
        const Study study = sample([](Json& json) { json["analyses"] = {json["analyses"][0], json["analyses"][1]}; });
        const std::string file = path("stopped.brink");
        int runs = 0, mostParts = 0;
        bool isDone = false;
        for (int polls = 600; runs < 60 && !isDone; ++runs) {
            StoppingMonitor monitor(polls);
            const StudyRunEnd end = runStudy(file, study, {}, monitor);
            mostParts = std::max(mostParts, partsIn(file));
            isDone = !end.stopped && end.unitsDone == end.unitsTotal && end.unitsTotal > 0;
        }
        QVERIFY2(isDone, "parts of an earlier run were not taken up");
        QVERIFY2(runs > 2 && mostParts > 3, qPrintable(QStringLiteral("%1 runs, %2 parts").arg(runs).arg(mostParts)));
        QCOMPARE(partsIn(file), 0);
        const auto results = StudyReading(file).results();
        for (int model = 0; model < 2; ++model) {
            QVERIFY(bytesOf(timeless(*results->cell(0, model).survey.curvature)) == bytesOf(timeless(*m_results->cell(0, model).survey.curvature)));
            QVERIFY(bytesOf(withoutTimes(*results->cell(1, model).survey.detection)) == bytesOf(withoutTimes(*m_results->cell(1, model).survey.detection)));
        }
    }

    void partsOfAnotherQuestionAreNotTaken()
    {
        const std::string file = path("changed.brink");
        const auto only = [](Json& json) { json["analyses"] = Json::array({json["analyses"][0]}); };
        int polls = 200;
        while (!QFile::exists(QString::fromStdString(file)) || partsIn(file) == 0) {
            StoppingMonitor monitor(polls += 200);
            QVERIFY(runStudy(file, sample(only), {}, monitor).stopped);
        }
        const Study changed = sample([&](Json& json) {
            only(json);
            json["analyses"][0]["set"]["probes"] = 4;
            json["analyses"][0]["id"] = sample(only).analyses[0].id; // the same slot
        });
        run(file, changed);
        const auto results = StudyReading(file).results();
        for (const SurveyImage& image : results->cell(0, 0).survey.curvature->images)
            if (image.result)
                QCOMPARE(image.result->probes, 4);
    }

    void anotherParameterIsAnotherUnit()
    {
        const std::string file = path("again.brink");
        QFile::copy(QString::fromStdString(m_whole), QString::fromStdString(file));
        QCOMPARE(run(file, sample()).unitsComputed, 0);
        const StudyRunEnd end = run(file, sample([](Json& json) { json["analyses"][2]["set"]["pairs"] = 7; }));
        QCOMPARE(end.unitsComputed, 2); // regions of two models
    }

    void figuresAndTablesAreThere()
    {
        for (const StudyFigureInfo& info : studySurveyFigureInfos()) {
            const auto figure = studyFigureInfo(info.name).make(*m_results, {});
            if (info.name == "path" && !figure)
                continue; // every line between two images is straight
            QVERIFY2(figure, info.name.c_str());
            QCOMPARE(figure->name, info.name);
            QVERIFY(figure->provenance.contains("study"));
            QVERIFY(!info.make(StudyResults(), {}));
        }
        for (const char* name : {"curvature", "detection", "regions", "certified"}) {
            const StudyTable table = studyTable(*m_results, name, {});
            QVERIFY2(table.rows.size() >= 2, name);
            for (const auto& row : table.rows) {
                QCOMPARE(row.size(), table.columns.size());
                QVERIFY(row[2].is_number() || row[2].is_string());
                QVERIFY(row.back().is_null());
            }
            QVERIFY(!tableCsv(table).empty() && !tableLatex(table).empty());
        }
        QCOMPARE(studyTable(*m_results, "models", {}).rows.size(), std::size_t(2)); // of the attack alone
        const auto claims = report::studyClaims(*m_results, {});
        QVERIFY(std::ranges::any_of(claims, [](const auto& claim) { return claim.claim.find("connected") != std::string::npos && claim.holds.has_value(); }));
    }

    void aModelIsChosenByTheSelection()
    {
        StudySelection second;
        second.models = {1};
        const auto figure = studyFigureInfo("curvature-profile").make(*m_results, second);
        QVERIFY(figure);
        QVERIFY(figure->caption.find(m_results->study.models[1].name) != std::string::npos);
        QVERIFY(figure->caption.find("Model " + m_results->study.models[0].name) == std::string::npos);
    }

    void definitionsAreChecked_data()
    {
        QTest::addColumn<QString>("analysis");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown") << R"({"boundary": "curvatur"})" << "curvature";
        QTest::newRow("two kinds") << R"({"boundary": "curvature", "attack": "fgsm"})" << "either";
        QTest::newRow("norm") << R"({"boundary": "curvature", "norm": "linf"})" << "L2";
        QTest::newRow("target") << R"({"boundary": "regions", "target": "random"})" << "target";
        QTest::newRow("transfers") << R"({"boundary": "regions", "transfers": true})" << "transfer";
        QTest::newRow("parameter") << R"({"boundary": "regions", "set": {"pears": 3}})" << "pairs";
        QTest::newRow("range") << R"({"boundary": "regions", "set": {"pairs": 0}})" << "pairs";
        QTest::newRow("attack") << R"({"boundary": "curvature", "set": {"attack": "fgsm"}})" << "L2";
        QTest::newRow("attacks") << R"({"boundary": "detection", "set": {"attacks": "deepfol"}})" << "deepfool";
        QTest::newRow("scales") << R"({"boundary": "detection", "set": {"scales": "1+x"}})" << "scales";
    }

    void definitionsAreChecked()
    {
        QFETCH(const QString, analysis);
        QFETCH(const QString, says);
        const std::string sentence = sentenceOf([&] {
            (void)sample([&](Json& json) { json["analyses"] = Json::array({Json::parse(analysis.toStdString())}); });
        });
        QVERIFY2(QString::fromStdString(sentence).contains(says), sentence.c_str());
    }

    void definitionComesBack()
    {
        const Study study = sample([](Json& json) { json["analyses"][0]["set"]["probes"] = {3, 5}; });
        QCOMPARE(study.analyses.size(), std::size_t(6));
        QVERIFY(study.analyses[0].id != study.analyses[1].id);
        QCOMPARE(toJson(studyFromJson(toJson(study), {})).dump(), toJson(study).dump());
        for (const StudyAnalysis& analysis : study.analyses)
            QVERIFY(expectedGradients(analysis) > 0);
    }

    void tooFewImagesAreSaid()
    {
        const std::string file = path("few.brink");
        const StudyRunEnd end = run(file, sample([](Json& json) {
            json["images"] = examples + "/example-images-idx3-ubyte.gz#0:1";
            json["analyses"] = Json::array({json["analyses"][2]});
        }));
        QVERIFY(!end.failures.empty());
        QVERIFY2(end.failures.front().find("choose more") != std::string::npos, end.failures.front().c_str());
    }
};

QTEST_GUILESS_MAIN(TestStudySurveys)
#include "tst_studysurveys.moc"
