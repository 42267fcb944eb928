// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the Trust workspace finds, written and read again: every field, to the bit; damage is an error.
#include "core/store/trustdocument.h"

#include "core/base/error.h"
#include "tests/support/detectorsample.h"
#include "tests/support/fieldcount.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace brink;
using namespace brink::test;

namespace {

Diagnosis fullDiagnosis()
{
    Diagnosis full{"net", "abcd", Norm::L2, 0.5, standardScrutiny(Norm::L2, 0.5, Preset::Paper), Preset::Preview, 7, 20, {1, 4, 9}, 0.25, {}, true, {300, 200}, 1.5,
        {{"few", "Few images."}}};
    full.attack.parameters.set("steps", 13LL);
    full.attack.keepTrace = false;
    full.attack.iterateBytes = 12;
    Light light{lightInfos()[3].code, LightState::Caution, "Something was measured.", 0.1, 0.2, lightInfos()[0].code, LightState::Alarm, {4, 9}, {}, {}};
    light.remedy = {RemedyKind::MoreSteps, "Take more.", full.attack, true};
    light.plot = LightPlot{"steps", "loss", true, false, std::array<double, 2>{0, 1}, 0.3, true,
        {{"one", {1, 2}, {0.1, std::numeric_limits<double>::quiet_NaN()}, true, true, {"a", "b"}}, {"two", {1}, {-HUGE_VAL}}}};
    Light plain;
    plain.code = lightInfos()[4].code;
    full.lights = {light, plain};
    return full;
}

std::vector<SmoothingSurvey> fullSmoothing()
{
    SmoothingSurvey survey{"net", "abcd", "images.idx", {0.25, 10, 100, 0.01, 3}, {}, true, {110, 0}, 0.5};
    survey.images = {{3, 1, "images.idx#3", "ff", 1, 1, false, 99, 0.9, 0.32, {110, 0}}, {4, {}, "images.idx#4", "fe", 0, 2, true, 40, 0.3, 0, {110, 0}}};
    SmoothingSurvey empty;
    empty.request.sigma = 0.5;
    return {survey, empty};
}

std::string textOf(const ResultDocument& document) { return document.header.dump() + document.data; }
/// As a file gives it back.
ResultDocument read(const ResultDocument& document) { return {Json::parse(document.header.dump()), document.data}; }

} // namespace

class TestTrustDocument : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// A field added to one of these must be added to core/store/trustdocument.cpp.
    void everyFieldIsKnown()
    {
        QCOMPARE(fieldCount<AttackRequest>(), std::size_t(5));
        QCOMPARE(fieldCount<LightSeries>(), std::size_t(6));
        QCOMPARE(fieldCount<LightPlot>(), std::size_t(8));
        QCOMPARE(fieldCount<Remedy>(), std::size_t(4));
        QCOMPARE(fieldCount<Light>(), std::size_t(10));
        QCOMPARE(fieldCount<Diagnosis>(), std::size_t(15));
        QCOMPARE(fieldCount<Squeezer>(), std::size_t(7));
        QCOMPARE(fieldCount<DetectorChoice>(), std::size_t(5));
        QCOMPARE(fieldCount<CalibratedDetector>(), std::size_t(4));
        QCOMPARE(fieldCount<CleanImage>(), std::size_t(7));
        QCOMPARE(fieldCount<DetectorScore>(), std::size_t(4));
        QCOMPARE(fieldCount<AttackedImage>(), std::size_t(6));
        QCOMPARE(fieldCount<DetectorAttack>(), std::size_t(8));
        QCOMPARE(fieldCount<DetectorSurvey>(), std::size_t(16));
        QCOMPARE(fieldCount<SmoothingRequest>(), std::size_t(5));
        QCOMPARE(fieldCount<SmoothedImage>(), std::size_t(11));
        QCOMPARE(fieldCount<SmoothingSurvey>(), std::size_t(8));
    }

    void aDiagnosisComesBack()
    {
        const Diagnosis full = fullDiagnosis();
        const ResultDocument document = read(documentOf(full));
        const Diagnosis back = diagnosisFrom(document.header, document.data);
        QVERIFY(textOf(documentOf(back)) == textOf(documentOf(full)));
        QVERIFY(back.attack.parameters == full.attack.parameters && back.attack.norm == Norm::L2 && !back.attack.keepTrace && back.attack.iterateBytes == 12);
        QCOMPARE(back.lights.size(), std::size_t(2));
        const Light &a = full.lights[0], &b = back.lights[0];
        QVERIFY(a.code == b.code && a.state == b.state && a.finding == b.finding && a.value == b.value && a.threshold == b.threshold && a.follows == b.follows);
        QVERIFY(a.measured == b.measured && a.flagged == b.flagged && b.remedy.kind == RemedyKind::MoreSteps && b.remedy.setsBpda);
        QVERIFY(b.remedy.attack && b.remedy.attack->parameters == full.attack.parameters);
        QVERIFY(std::isnan(b.plot->series[0].y[1]) && b.plot->series[1].y[0] == -HUGE_VAL && b.plot->yRange == a.plot->yRange && b.plot->series[0].tips == a.plot->series[0].tips);
        QVERIFY(!back.lights[1].plot && !back.lights[1].value && back.lights[1].state == LightState::NotJudged);
        QVERIFY(back.attacked == full.attacked && back.success == full.success && back.partial && back.counts == full.counts && back.warnings == full.warnings);
    }

    void detectorsComeBack()
    {
        const DetectorSurvey survey = sampleDetectors();
        const ResultDocument document = read(documentOf(survey));
        const DetectorSurvey back = detectorSurveyFrom(document.header, document.data);
        QVERIFY(textOf(documentOf(back)) == textOf(documentOf(survey)));
        QCOMPARE(back.detectors[0].choice, survey.detectors[0].choice);
        QCOMPARE(back.attacks[1].adaptiveTo, std::optional<std::size_t>(0));
        QVERIFY(back.attacks[0].images[2].image->pixels == survey.attacks[0].images[2].image->pixels && !back.attacks[0].images[9].image);
        QVERIFY(back.originals[3]->pixels == survey.originals[3]->pixels);
        const Json before = toJson(survey, *summarise(survey)), after = toJson(back, *summarise(back));
        QVERIFY(before == after);
        // Without pictures, which are not always kept.
        DetectorSurvey bare = survey;
        bare.originals.assign(10, nullptr);
        const ResultDocument small = read(documentOf(bare));
        QVERIFY(!detectorSurveyFrom(small.header, small.data).originals[9]);
    }

    void smoothingComesBack()
    {
        const std::vector<SmoothingSurvey> surveys = fullSmoothing();
        const ResultDocument document = read(documentOf(surveys));
        const std::vector<SmoothingSurvey> back = smoothingSurveysFrom(document.header, document.data);
        QVERIFY(textOf(documentOf(back)) == textOf(documentOf(surveys)));
        QCOMPARE(back[0].images[0].label, std::optional<std::int64_t>(1));
        QVERIFY(!back[0].images[1].label && back[0].images[1].abstains);
        QVERIFY(summaryJson(back[0]) == summaryJson(surveys[0]));
    }

    void damageIsAnErrorNotACrash_data()
    {
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("value");
        QTest::addRow("a light of a later version") << QByteArray("/lights/0/code") << QByteArray("\"aura\"");
        QTest::addRow("an attack of a later version") << QByteArray("/attack/name") << QByteArray("\"teleport\"");
        QTest::addRow("a value out of range") << QByteArray("/attack/parameters/steps") << QByteArray("-3");
        QTest::addRow("a number where a list belongs") << QByteArray("/lights") << QByteArray("3");
        QTest::addRow("points without y") << QByteArray("/lights/0/plot/series/0/y/count") << QByteArray("1");
        QTest::addRow("bytes beyond the end") << QByteArray("/lights/0/plot/series/0/x/count") << QByteArray("99999999");
    }
    void damageIsAnErrorNotACrash()
    {
        QFETCH(const QByteArray, pointer);
        QFETCH(const QByteArray, value);
        ResultDocument document = documentOf(fullDiagnosis());
        document.header[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
        try {
            (void)diagnosisFrom(document.header, document.data);
            QFAIL("it was read");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Format);
        }
    }

    void aSurveyWhoseListsDifferIsAnError()
    {
        DetectorSurvey survey = sampleDetectors();
        survey.clean[5].scores.pop_back();
        ResultDocument document = documentOf(survey);
        QVERIFY_EXCEPTION_THROWN((void)detectorSurveyFrom(document.header, document.data), Error);
        survey = sampleDetectors();
        survey.originalScores.pop_back();
        document = documentOf(survey);
        QVERIFY_EXCEPTION_THROWN((void)detectorSurveyFrom(document.header, document.data), Error);
        survey = sampleDetectors();
        survey.attacks[1].adaptiveTo = 2;
        document = documentOf(survey);
        QVERIFY_EXCEPTION_THROWN((void)detectorSurveyFrom(document.header, document.data), Error);
    }
};

QTEST_GUILESS_MAIN(TestTrustDocument)
#include "tst_trustdocument.moc"
