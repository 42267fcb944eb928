// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Certified radii as analyses of a study: never above an attack (I1 of the handbook), tighter methods prove more, parts outlive a stop.
#include "core/base/error.h"
#include "core/model/torchruntime.h"
#include "core/report/certifiedparts.h"
#include "core/report/studytables.h"
#include "core/store/studyfile.h"
#include "core/store/studyreading.h"
#include "core/store/studyrun.h"
#include "core/study/certification.h"
#include "core/study/surveyunit.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>

using namespace brink;
using namespace brink::report;

namespace {

const std::string examples = BRINK_EXAMPLE_FOLDER;

Json sampleJson()
{
    return {{"name", "certified"}, {"seed", 5}, {"models", {examples + "/cnn-pgd.pt", examples + "/mlp.pt"}},
        {"images", examples + "/example-images-idx3-ubyte.gz#0:10"},
        {"analyses",
            {{{"boundary", "certified"}, {"set", {{"norm", {"l1", "l2", "linf"}}, {"method", {"ibp", "crown-ibp"}}, {"tolerance", 0.1}}}},
                {{"boundary", "certified"}, {"images", 2}, {"set", {{"norm", "linf"}, {"method", "alpha-crown"}, {"iterations", 3}, {"tolerance", 0.1}}}},
                {{"attack", "fmn"}, {"preset", "preview"}, {"norm", {"l1", "l2", "linf"}}},
                {{"attack", "ddn"}, {"preset", "preview"}, {"target", "random"}},
                {{"attack", "pgd"}, {"preset", "preview"}, {"norm", "linf"}, {"set", {{"eps", 0.2}}}}}}};
}

StudyRunEnd run(const std::string& path, const Study& study, Monitor& monitor) { return runStudy(path, study, {}, monitor); }

/// Ends the work after so many questions whether to.
class StoppingMonitor : public PlainMonitor {
public:
    explicit StoppingMonitor(int polls) : m_left(polls) {}
    [[nodiscard]] bool stopRequested() const override { return m_left.fetch_sub(1) <= 0; }

private:
    mutable std::atomic<int> m_left;
};

std::vector<int> certifiedAnalyses(const StudyResults& results)
{
    std::vector<int> places;
    for (int a = 0; a < int(results.study.analyses.size()); ++a)
        if (results.study.analyses[std::size_t(a)].kind == AnalysisKind::Certified)
            places.push_back(a);
    return places;
}

int placeOf(const StudyResults& results, const std::string& start)
{
    const auto& analyses = results.study.analyses;
    return int(std::ranges::find_if(analyses, [&](const StudyAnalysis& each) { return each.id.starts_with(start); }) - analyses.begin());
}

bool isSame(const CertifiedImage& a, const CertifiedImage& b)
{
    return a.index == b.index && a.reference == b.reference && a.margin == b.margin && a.radius == b.radius && a.nextFailed == b.nextFailed && a.isCapped == b.isCapped;
}

} // namespace

class TestStudyCertified : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<const StudyResults> m_results;

    [[nodiscard]] std::string path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }
    /// The results with the radii of one analysis and model changed.
    [[nodiscard]] StudyResults withRadii(int analysis, int model, double factor) const
    {
        StudyResults changed = *m_results;
        auto cell = std::make_shared<StudyCell>(changed.cell(analysis, model));
        auto survey = std::make_shared<CertifiedSurvey>(*cell->survey.certified);
        for (CertifiedImage& image : survey->images)
            image.radius *= factor;
        cell->survey.certified = survey;
        changed.cells[std::size_t(analysis)][std::size_t(model)] = cell;
        return changed;
    }

private Q_SLOTS:
    void initTestCase()
    {
        configureTorch(1, 1);
        PlainMonitor monitor;
        const StudyRunEnd end = run(path("whole.brink"), studyFromJson(sampleJson(), {}), monitor);
        for (const std::string& failure : end.failures)
            qWarning("%s", failure.c_str());
        QVERIFY(end.failures.empty());
        m_results = StudyReading(path("whole.brink")).results();
        QVERIFY(m_results->isComplete());
    }

    void analysesAreNamedByNormAndMethod()
    {
        const auto places = certifiedAnalyses(*m_results);
        QCOMPARE(places.size(), std::size_t(7));
        QCOMPARE(m_results->study.analyses[0].id, std::string("certified-l1-ibp-tolerance0.1"));
        QCOMPARE(m_results->study.analyses[0].norm(), Norm::L1);
        QCOMPARE(toJson(studyFromJson(toJson(m_results->study), {})).dump(), toJson(m_results->study).dump());
    }

    /// I1: a certified radius is at most the distance of every adversarial image, of any attack, targeted or not.
    void noAttackLiesBelowACertifiedRadius()
    {
        std::int64_t compared = 0, proved = 0;
        for (const int analysis : certifiedAnalyses(*m_results))
            for (int model = 0; model < 2; ++model) {
                const auto bounded = boundedModel(*m_results, {}, analysis, model);
                QVERIFY(bounded);
                const BoundAgreement agreement = agreementOf(*bounded);
                QCOMPARE(agreement.violations, std::int64_t(0));
                QVERIFY(agreement.compared > 0);
                QVERIFY(agreement.largestShare <= 1 + 1e-6);
                compared += agreement.compared;
                proved += std::ranges::count_if(bounded->images, [](const BoundedImage& image) { return image.radius > 0; });
            }
        QVERIFY(compared > 60 && proved > 60); // most of 2 x 10 images in six analyses
        for (const StudyClaim& claim : certifiedClaims(*m_results, {}))
            QVERIFY2(claim.holds && *claim.holds, (claim.claim + " " + claim.numbers).c_str());
    }

    void aRadiusAboveAnAttackIsSaid()
    {
        const int place = placeOf(*m_results, "certified-linf-crown-ibp");
        const StudyResults wrong = withRadii(place, 1, 1e3);
        const BoundAgreement agreement = agreementOf(*boundedModel(wrong, {}, place, 1));
        QVERIFY(agreement.compared > 0);
        QCOMPARE(agreement.violations, agreement.compared);
        const auto claims = certifiedClaims(wrong, {});
        QVERIFY(std::ranges::any_of(claims, [](const StudyClaim& claim) { return claim.holds && !*claim.holds && claim.claim.starts_with("No attack"); }));
        StudySelection selection;
        selection.analysis = wrong.study.analyses[std::size_t(place)].id;
        QVERIFY(studyFigureInfo("certified").make(wrong, selection)->caption.find("at fault") != std::string::npos);
        QVERIFY(studyFigureInfo("certified").make(*m_results, selection)->caption.find("at fault") == std::string::npos);
    }

    /// What a proof met is an adversarial image, whichever method's radius it stands beside.
    void counterexamplesAreAdversarialImages()
    {
        const int looser = placeOf(*m_results, "certified-linf-ibp"), tighter = placeOf(*m_results, "certified-linf-crown-ibp");
        StudyResults changed = withRadii(tighter, 0, 1);
        auto cell = std::make_shared<StudyCell>(changed.cell(tighter, 0));
        auto survey = std::make_shared<CertifiedSurvey>(*cell->survey.certified);
        CertifiedImage& met = survey->images.front();
        QVERIFY(met.radius > 0);
        met.found = 1.005 * met.radius;
        cell->survey.certified = survey;
        changed.cells[std::size_t(tighter)][0] = cell;
        for (const int analysis : {looser, tighter}) {
            const auto before = boundedModel(*m_results, {}, analysis, 0), after = boundedModel(changed, {}, analysis, 0);
            QCOMPARE(after->images.front().distance, met.found);
            QCOMPARE(after->images.front().attacks, before->images.front().attacks + 1);
            QCOMPARE(after->images[1].distance, before->images[1].distance);
        }
        QCOMPARE(agreementOf(*boundedModel(changed, {}, tighter, 0)).known, agreementOf(*boundedModel(*m_results, {}, tighter, 0)).known + 1);
        const auto claims = certifiedClaims(changed, {});
        QVERIFY(std::ranges::any_of(claims, [](const StudyClaim& claim) { return claim.numbers.find("within 1 % of it on 1") != std::string::npos; }));
        StudySelection selection;
        selection.analysis = changed.study.analyses[std::size_t(tighter)].id;
        QVERIFY(studyFigureInfo("certified").make(changed, selection)->caption.find("counterexample") != std::string::npos);
        QVERIFY(studyFigureInfo("certified").make(*m_results, selection)->caption.find("counterexample") == std::string::npos);
    }

    void aTighterMethodThatProvesLessIsSaid()
    {
        const auto claims = certifiedClaims(withRadii(placeOf(*m_results, "certified-l1-crown-ibp"), 0, 1e-3), {});
        QVERIFY(std::ranges::any_of(claims, [](const StudyClaim& claim) { return claim.holds && !*claim.holds && claim.claim.starts_with("The tighter"); }));
    }

    /// At each radius: proved is not more than what the attacks leave; both begin at the clean accuracy.
    void provedLiesBelowAttacked()
    {
        StudySelection selection;
        selection.analysis = "certified-l2-crown-ibp-tolerance0.1";
        const auto figure = studyFigureInfo("certified").make(*m_results, selection);
        QVERIFY(figure);
        int bands = 0;
        for (const Layer& layer : figure->panels.front().layers)
            if (const auto* band = std::get_if<BandLayer>(&layer)) {
                ++bands;
                QCOMPARE(band->low->front(), band->high->front());
                for (std::size_t i = 0; i < band->x->size(); ++i)
                    QVERIFY((*band->low)[i] <= (*band->high)[i] + 1e-9);
            }
        QCOMPARE(bands, 2);
        selection.models = {1};
        int lines = 0;
        for (const Layer& layer : studyFigureInfo("certified").make(*m_results, selection)->panels.front().layers)
            lines += std::holds_alternative<LineLayer>(layer);
        QCOMPARE(lines, 2); // the picked model's
        QVERIFY(!studyFigureInfo("certified").make(StudyResults(), {}));
    }

    void theTableHasARowForEachModelAndAnalysis()
    {
        const StudyTable table = studyTable(*m_results, "certified", {});
        QCOMPARE(table.rows.size(), std::size_t(7 * 2));
        for (const auto& row : table.rows) {
            QCOMPARE(row.size(), table.columns.size());
            QVERIFY(row.back().is_null());
            QVERIFY(row[6].get<double>() >= 0);
            QCOMPARE(row[10].get<int>(), 0);
        }
    }

    void bytesComeBack()
    {
        const CertifiedSurvey& survey = *m_results->cell(placeOf(*m_results, "certified-l2-ibp"), 0).survey.certified;
        const CertifiedSurvey again = certifiedSurveyFrom(bytesOf(survey));
        QCOMPARE(again.modelName, survey.modelName);
        QCOMPARE(again.request.norm, Norm::L2);
        QCOMPARE(again.images.size(), survey.images.size());
        for (std::size_t i = 0; i < again.images.size(); ++i)
            QVERIFY(isSame(again.images[i], survey.images[i]));
        QVERIFY_EXCEPTION_THROWN((void)certifiedSurveyFrom("something else"), Error);
    }

    void whatIsProvedOutlivesAStop()
    {
        Json json = sampleJson();
        json["analyses"] = Json::array({json["analyses"][0]});
        json["models"] = Json::array({json["models"][1]});
        const Study study = studyFromJson(json, {});
        const std::string file = path("stopped.brink");
        bool hadParts = false;
        for (int polls = 20; polls < 1'000'000 && !hadParts; polls *= 2) {
            StoppingMonitor stopping(polls);
            (void)run(file, study, stopping);
            for (const auto& [slot, key] : StudyFile(file).keys())
                hadParts = hadParts || slot.kind == UnitKind::SurveyPart;
        }
        QVERIFY(hadParts);
        PlainMonitor monitor;
        QVERIFY(run(file, study, monitor).failures.empty());
        const auto continued = StudyReading(file).results();
        for (int analysis = 0; analysis < 6; ++analysis) {
            const auto& one = continued->cell(analysis, 0).survey.certified->images;
            const auto& other = m_results->cell(analysis, 1).survey.certified->images;
            QCOMPARE(one.size(), other.size());
            for (std::size_t i = 0; i < one.size(); ++i)
                QVERIFY(isSame(one[i], other[i]));
        }
    }

    void definitionsAreChecked_data()
    {
        QTest::addColumn<QString>("analysis");
        QTest::addColumn<QString>("says");
        QTest::newRow("norm outside the set") << R"({"boundary": "certified", "norm": "l2"})" << "set";
        QTest::newRow("unknown norm") << R"({"boundary": "certified", "set": {"norm": "l0"}})" << "norm";
        QTest::newRow("unknown method") << R"({"boundary": "certified", "set": {"method": "crow"}})" << "method";
        QTest::newRow("target") << R"({"boundary": "certified", "target": "random"})" << "target";
    }

    void definitionsAreChecked()
    {
        QFETCH(const QString, analysis);
        QFETCH(const QString, says);
        Json json = sampleJson();
        json["analyses"] = Json::array({Json::parse(analysis.toStdString())});
        try {
            (void)studyFromJson(json, {});
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY2(QString::fromStdString(error.message()).contains(says), error.message().c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestStudyCertified)
#include "tst_studycertified.moc"
