// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/cleverscore.h"

#include "core/base/error.h"

#include <QTest>

using namespace brink;

class TestCleverParameters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void presetsAreThoseOfThePaperAndThePreview();
    void automaticRadiusFollowsNormAndMode_data();
    void automaticRadiusFollowsNormAndMode();
    void targetsAreRead_data();
    void targetsAreRead();
    void badTextIsRefused_data();
    void badTextIsRefused();
    void everyParameterReachesTheRequest();
    void emptyResultHasNoScore();
    void fitsThatDeserveAWarningGetOne_data();
    void fitsThatDeserveAWarningGetOne();
};

void TestCleverParameters::presetsAreThoseOfThePaperAndThePreview()
{
    const CleverRequest paper = cleverRequest(Params(cleverParameters()), Norm::L2);
    QCOMPARE(paper.batches, 500);
    QCOMPARE(paper.samples, 1024);
    QCOMPARE(paper.radius, 5.0);
    QCOMPARE(paper.fit.shapePenalty, 0.01);
    const CleverRequest preview = cleverRequest(Params(cleverParameters(), Preset::Preview), Norm::L2);
    QCOMPARE(preview.batches, 50);
    QCOMPARE(preview.samples, 128);
}

void TestCleverParameters::automaticRadiusFollowsNormAndMode_data()
{
    QTest::addColumn<Norm>("norm");
    QTest::addColumn<QString>("sampling");
    QTest::addColumn<bool>("allNorms");
    QTest::addColumn<double>("radius");
    QTest::addRow("L2 paper") << Norm::L2 << QStringLiteral("paper") << false << 5.0;
    QTest::addRow("L2 released") << Norm::L2 << QStringLiteral("released-code") << false << 3.0;
    QTest::addRow("L1") << Norm::L1 << QStringLiteral("released-code") << false << 30.0;
    QTest::addRow("Linf") << Norm::Linf << QStringLiteral("paper") << false << 0.1;
    QTest::addRow("all norms share the L2 ball") << Norm::Linf << QStringLiteral("released-code") << true << 3.0;
}

void TestCleverParameters::automaticRadiusFollowsNormAndMode()
{
    QFETCH(Norm, norm);
    QFETCH(QString, sampling);
    QFETCH(bool, allNorms);
    QFETCH(double, radius);
    Params params(cleverParameters());
    params.setText("sampling", sampling.toStdString());
    params.set("all-norms", allNorms);
    QCOMPARE(cleverRequest(params, norm).radius, radius);
    params.setText("radius", "0.75");
    QCOMPARE(cleverRequest(params, norm).radius, 0.75);
}

void TestCleverParameters::targetsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<CleverTargets>("targets");
    QTest::addColumn<int>("runnerUp");
    QTest::addColumn<QList<qint64>>("classes");
    QTest::addRow("all") << QStringLiteral("all") << CleverTargets::All << 1 << QList<qint64>{};
    QTest::addRow("top2") << QStringLiteral(" Top2 ") << CleverTargets::Top2 << 1 << QList<qint64>{};
    QTest::addRow("likely") << QStringLiteral("likely:3") << CleverTargets::Likely << 1 << QList<qint64>{};
    QTest::addRow("random") << QStringLiteral("random") << CleverTargets::Random << 1 << QList<qint64>{};
    QTest::addRow("least likely") << QStringLiteral("least-likely") << CleverTargets::LeastLikely << 1 << QList<qint64>{};
    QTest::addRow("third") << QStringLiteral("runner-up:2") << CleverTargets::RunnerUp << 2 << QList<qint64>{};
    QTest::addRow("one class") << QStringLiteral("7") << CleverTargets::Classes << 1 << QList<qint64>{7};
    QTest::addRow("classes") << QStringLiteral("3, 5,0") << CleverTargets::Classes << 1 << QList<qint64>{3, 5, 0};
}

void TestCleverParameters::targetsAreRead()
{
    QFETCH(QString, text);
    QFETCH(CleverTargets, targets);
    QFETCH(int, runnerUp);
    QFETCH(QList<qint64>, classes);
    CleverRequest request;
    setCleverTargets(request, text.toStdString());
    QVERIFY(request.targets == targets);
    QCOMPARE(request.runnerUp, runnerUp);
    QCOMPARE(QList<qint64>(request.classes.begin(), request.classes.end()), classes);
}

void TestCleverParameters::badTextIsRefused_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("word");
    QTest::addRow("misspelt target") << QByteArray("targets") << QByteArray("least-likly") << QStringLiteral("least-likely");
    QTest::addRow("empty target") << QByteArray("targets") << QByteArray("") << QStringLiteral("target");
    QTest::addRow("trailing comma") << QByteArray("targets") << QByteArray("3,") << QStringLiteral("target");
    QTest::addRow("negative class") << QByteArray("targets") << QByteArray("-3") << QStringLiteral("negative");
    QTest::addRow("likely 0") << QByteArray("targets") << QByteArray("likely:0") << QStringLiteral("likely");
    QTest::addRow("runner-up 0") << QByteArray("targets") << QByteArray("runner-up:0") << QStringLiteral("runner-up");
    QTest::addRow("runner-up x") << QByteArray("targets") << QByteArray("runner-up:x") << QStringLiteral("runner-up");
    QTest::addRow("radius 0") << QByteArray("radius") << QByteArray("0") << QStringLiteral("radius");
    QTest::addRow("radius nan") << QByteArray("radius") << QByteArray("nan") << QStringLiteral("radius");
    QTest::addRow("radius inf") << QByteArray("radius") << QByteArray("inf") << QStringLiteral("radius");
    QTest::addRow("radius word") << QByteArray("radius") << QByteArray("big") << QStringLiteral("radius");
    QTest::addRow("no batches") << QByteArray("batches") << QByteArray("0") << QStringLiteral("batches");
    QTest::addRow("too many samples") << QByteArray("samples") << QByteArray("1000000000") << QStringLiteral("samples");
    QTest::addRow("unknown sampling") << QByteArray("sampling") << QByteArray("papr") << QStringLiteral("paper");
    QTest::addRow("negative penalty") << QByteArray("shape-penalty") << QByteArray("-1") << QStringLiteral("shape-penalty");
}

void TestCleverParameters::badTextIsRefused()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, text);
    QFETCH(QString, word);
    Params params(cleverParameters());
    try {
        params.setText(key.toStdString(), text.toStdString());
        (void)cleverRequest(params, Norm::L2);
        QFAIL("accepted");
    } catch (const Error& error) {
        QVERIFY2(QString::fromStdString(error.message()).contains(word), error.what());
    }
}

void TestCleverParameters::everyParameterReachesTheRequest()
{
    Params params(cleverParameters());
    for (const char* assignment : {"batches=7", "samples=9", "fit=multi-start", "shape-penalty=0", "radius-curve=off",
             "second-order=on", "curvature-batches=3", "curvature-samples=4", "sampling=released-code"})
        params.assign(assignment);
    const CleverRequest request = cleverRequest(params, Norm::L2);
    QCOMPARE(request.batches, 7);
    QCOMPARE(request.samples, 9);
    QVERIFY(request.fit.method == WeibullMethod::MultiStart);
    QCOMPARE(request.fit.shapePenalty, 0.0);
    QVERIFY(!request.radiusCurve && request.secondOrder);
    QCOMPARE(request.curvatureBatches, 3);
    QCOMPARE(request.curvatureSamples, 4);
    QVERIFY(request.sampling == CleverSampling::ReleasedCode);
    params.assign("fit=maximum");
    QVERIFY(cleverRequest(params, Norm::L2).fit.method == WeibullMethod::SampleMaximum);
    QVERIFY_EXCEPTION_THROWN((void)cleverRequest(params, Norm::L0), Error);
}

void TestCleverParameters::emptyResultHasNoScore()
{
    const Json json = toJson(CleverResult{});
    QVERIFY(!json.contains("score") && !json.contains("interval") && !json.contains("target") && !json.contains("capped"));
    QCOMPARE(json.at("norm").get<std::string>(), std::string("l2"));
}

void TestCleverParameters::fitsThatDeserveAWarningGetOne_data()
{
    QTest::addColumn<WeibullStatus>("status");
    QTest::addColumn<double>("p");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<QByteArray>("code");
    QTest::addRow("good") << WeibullStatus::Ok << 0.5 << QByteArray() << QByteArray();
    QTest::addRow("poor") << WeibullStatus::Ok << 0.01 << QByteArray() << QByteArray("weibull-poor");
    QTest::addRow("limit") << WeibullStatus::Ok << 0.5 << QByteArray("at its limit") << QByteArray("weibull-limit");
    QTest::addRow("fallback") << WeibullStatus::Fallback << 0.0 << QByteArray("too few") << QByteArray("weibull-fallback");
    QTest::addRow("exact") << WeibullStatus::Degenerate << 1.0 << QByteArray() << QByteArray();
}

void TestCleverParameters::fitsThatDeserveAWarningGetOne()
{
    QFETCH(WeibullStatus, status);
    QFETCH(double, p);
    QFETCH(QByteArray, reason);
    QFETCH(QByteArray, code);
    CleverResult result;
    CleverTargetResult target;
    target.score = 0.5;
    target.fit.status = status;
    target.fit.p = p;
    target.fit.reason = reason.toStdString();
    result.targets = {target};
    summarise(result);
    QCOMPARE(result.warnings.size(), std::size_t(code.isEmpty() ? 0 : 1));
    if (!code.isEmpty())
        QCOMPARE(QByteArray::fromStdString(result.warnings[0].code), code);
    QCOMPARE(*result.score, 0.5);
}

QTEST_APPLESS_MAIN(TestCleverParameters)
#include "tst_cleverparameters.moc"
