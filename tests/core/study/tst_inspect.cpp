// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"
#include "core/study/attackblock.h"
#include "core/study/inspect.h"
#include "core/study/proofoutcome.h"

#include "tests/support/compare.h"

#include <QTest>

using namespace brink;

namespace {

/// The affine reference model of the handbook: known distances L2 .240535, Linf .15, L1 .30.
std::shared_ptr<const Classifier> affineModel()
{
    const at::Tensor w = at::tensor({1.0F, 2.0F, -1.0F, 0.5F, 0.0F, -1.0F, 1.0F, 0.5F, -1.0F, 0.5F, 0.5F, 1.0F}).view({3, 4});
    const at::Tensor b = at::tensor({0.1F, 0.0F, -0.2F});
    return makeClassifier("affine", {1, 2, 2}, 3, [w, b](const at::Tensor& x) { return x.flatten(1).matmul(w.t()) + b; });
}

Image referenceImage()
{
    Image image;
    image.channels = 1;
    image.height = 2;
    image.width = 2;
    image.pixels = {0.6F, 0.4F, 0.5F, 0.5F};
    image.source = "reference";
    return image;
}

InspectRequest referenceRequest(Norm norm)
{
    InspectRequest request;
    request.model = affineModel();
    request.source = referenceImage();
    request.norm = norm;
    request.clever = cleverRequest(Params(cleverParameters(), Preset::Preview), norm);
    request.clever->radius = 1; // beyond every distance of the reference, so that no score is capped
    request.attacks = recommendedAttacks(norm, Preset::Preview);
    return request;
}

} // namespace

class TestInspect : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { configureTorch(1, 1); }

    void classNamesOfTheSetServeAModelWithoutNames_data()
    {
        QTest::addColumn<std::vector<std::string>>("offered");
        QTest::addColumn<std::vector<std::string>>("used");
        const std::vector<std::string> three{"cat", "dog", "fox"};
        QTest::addRow("as many as classes") << three << three;
        QTest::addRow("another number") << std::vector<std::string>{"cat", "dog"} << std::vector<std::string>{};
    }
    void classNamesOfTheSetServeAModelWithoutNames()
    {
        QFETCH(std::vector<std::string>, offered);
        QFETCH(std::vector<std::string>, used);
        InspectRequest request = referenceRequest(Norm::L2);
        request.clever.reset();
        request.attacks.clear();
        request.randomDirections = 0;
        request.classNames = offered;
        request.label = 2;
        PlainMonitor monitor;
        const InspectResult result = runInspect(request, monitor);
        QCOMPARE(result.classNames, used);
        const bool isNamed = result.warnings.back().text.find("labelled fox and classified as cat") != std::string::npos;
        QCOMPARE(isNamed, !used.empty());
    }

    void affineReference_data()
    {
        QTest::addColumn<QString>("norm");
        QTest::addColumn<double>("distance");
        QTest::addRow("L1") << "l1" << 0.3;
        QTest::addRow("L2") << "l2" << 0.240535;
        QTest::addRow("Linf") << "linf" << 0.15;
    }

    void affineReference()
    {
        QFETCH(QString, norm);
        QFETCH(double, distance);
        PlainMonitor monitor;
        const InspectResult result = runInspect(referenceRequest(normFromName(norm.toStdString())), monitor);
        QCOMPARE(result.predicted, 0);
        compareClose(result.logits[0], 1.25, 1e-6, 0);
        // float32 logits: six digits.
        compareClose(*result.clever->score, distance, 1e-5, 0);
        compareClose(*result.linearisedDistance, distance, 1e-5, 0);
        QVERIFY(result.best.has_value());
        const double best = result.attacks[*result.best].distance->in(result.norm);
        QVERIFY2(best >= distance * (1 - 1e-5), qPrintable(QString::number(best)));
        compareClose(best, distance, 0.01, 0);
        QVERIFY(result.alarms.empty());
        QVERIFY(!result.partial);
        QVERIFY(result.counts.forwards > 0 && result.counts.backwards > 0);
    }

    void gradientFreeBest_data()
    {
        QTest::addColumn<bool>("isMasked");
        QTest::addColumn<QStringList>("attacks");
        QTest::addColumn<Norm>("norm");
        QTest::addColumn<QString>("said"); // nothing: no alarm
        const QString square = QStringLiteral("square"), hop = QStringLiteral("hop-skip-jump"), pgd = QStringLiteral("pgd"), ddn = QStringLiteral("ddn");
        QTest::addRow("Square where gradients are zero") << true << QStringList{pgd, square} << Norm::Linf << QStringLiteral("Square attack");
        QTest::addRow("HopSkipJump where gradients are zero") << true << QStringList{ddn, hop} << Norm::L2 << QStringLiteral("HopSkipJump");
        QTest::addRow("Square inside the budget of PGD") << false << QStringList{pgd, square} << Norm::Linf << QString();
        QTest::addRow("HopSkipJump farther than DDN") << false << QStringList{ddn, hop} << Norm::L2 << QString();
        QTest::addRow("no gradient attack to compare with") << true << QStringList{hop} << Norm::L2 << QString();
    }

    // Gradients are masked where a search without them gets out of the class and the gradient attacks do not.
    void gradientFreeBest()
    {
        QFETCH(const bool, isMasked);
        QFETCH(const QStringList, attacks);
        QFETCH(const Norm, norm);
        QFETCH(const QString, said);
        InspectRequest request = referenceRequest(norm);
        if (isMasked) {
            const auto plain = affineModel();
            request.model = makeClassifier("staircase", {1, 2, 2}, 3,
                [plain](const at::Tensor& x) { return (plain->impl().logits(x) * 16).round() / 16; });
        }
        request.clever.reset();
        request.randomDirections = 0;
        request.attacks.clear();
        for (const QString& name : attacks) {
            AttackRequest attack{name.toStdString(), norm, Params(attackInfo(name.toStdString()).parameters, Preset::Preview)};
            if (attack.parameters.contains("eps"))
                attack.parameters.set("eps", 0.25);
            request.attacks.push_back(attack);
        }
        PlainMonitor monitor;
        const InspectResult result = runInspect(request, monitor);
        QVERIFY(result.best.has_value());
        QCOMPARE(result.alarms.size(), std::size_t(said.isEmpty() ? 0 : 1));
        if (said.isEmpty())
            return;
        QVERIFY(result.alarms.front() == LadderAlarm::GradientFreeBest);
        QVERIFY2(QString::fromStdString(result.warnings.back().text).startsWith(said), result.warnings.back().text.c_str());
    }

    // I1 of the handbook: what is proved to hold nothing holds nothing.
    void certifiedBoundsLieBelowEveryAttack_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("norm");
        for (const char* model : {"cnn.pt", "mlp.pt"})
            for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf})
                QTest::newRow(qPrintable(QString::fromStdString(std::string(model) + " " + normName(norm)))) << QString::fromLatin1(model) << int(norm);
    }
    void certifiedBoundsLieBelowEveryAttack()
    {
        QFETCH(QString, model);
        QFETCH(int, norm);
        const std::string examples = BRINK_EXAMPLE_FOLDER;
        const auto images = openDataset(examples + "/example-images-idx3-ubyte.gz");
        InspectRequest request;
        request.model = loadClassifier(examples + "/" + model.toStdString());
        request.norm = Norm(norm);
        request.attacks = recommendedAttacks(request.norm, Preset::Preview);
        request.randomDirections = 20;
        for (const Preset preset : {Preset::Preview, Preset::Paper}) {
            request.bound = boundRequest(Params(boundParameters(), preset));
            for (const std::int64_t index : {0, 7, 23}) {
                request.source = images->image(index);
                request.index = index;
                PlainMonitor monitor;
                const InspectResult result = runInspect(request, monitor);
                QVERIFY2(result.certified && result.certified->radius, result.uncertified.c_str());
                QVERIFY(*result.certified->radius > 0);
                QCOMPARE(result.certified->method, CertifyMethod::Crown); // which is quick on a net of this size
                for (const AttackOutcome& outcome : result.attacks)
                    if (outcome.success && outcome.norm == result.norm)
                        QVERIFY(*result.certified->radius <= outcome.distance->in(result.norm));
                QVERIFY(std::ranges::find(result.alarms, LadderAlarm::AttackBelowCertificate) == result.alarms.end());
                QVERIFY(!result.certifiedBall); // no CLEVER, no ball of its
                QVERIFY(itemJson(result)["ladder"].contains("certified"));
            }
        }
    }

    // No gradient sampled in the ball is longer than the constant proved for it, whatever CLEVER makes of the sample.
    void certifiedSlopesAreAboveEverySampledOne_data() { certifiedBoundsLieBelowEveryAttack_data(); }
    void certifiedSlopesAreAboveEverySampledOne()
    {
        QFETCH(QString, model);
        QFETCH(int, norm);
        const std::string examples = BRINK_EXAMPLE_FOLDER;
        InspectRequest request;
        request.model = loadClassifier(examples + "/" + model.toStdString());
        request.norm = Norm(norm);
        request.source = openDataset(examples + "/example-images-idx3-ubyte.gz")->image(7);
        request.randomDirections = 0;
        request.clever.emplace();
        request.clever->norm = request.norm;
        request.clever->batches = 30;
        request.clever->samples = 64;
        request.bound = boundRequest(Params(boundParameters(), Preset::Preview));
        for (const double radius : {0.02, 1.0}) {
            request.clever->radius = radius;
            PlainMonitor monitor;
            const InspectResult result = runInspect(request, monitor);
            QVERIFY(result.clever && result.certifiedBall);
            QCOMPARE(result.certifiedBall->eps, radius);
            QVERIFY(itemJson(result)["certifiedBall"]["targets"].size() == 9);
            for (const CleverTargetResult& target : result.clever->targets) {
                const auto proved = std::ranges::find(result.certifiedBall->margins, target.target, &CertifiedMargin::target);
                QVERIFY(proved != result.certifiedBall->margins.end());
                for (const double sampled : target.maxima)
                    QVERIFY2(sampled <= proved->lipschitz * (1 + 1e-5), qPrintable(QStringLiteral("%1 sampled, %2 proved").arg(sampled).arg(proved->lipschitz)));
            }
        }
    }

    /// Branch and bound meets an image of another class where its proof ends; it stands beside what attacks find.
    void whatAProofMetIsAnAdversarialImage()
    {
        const std::string examples = BRINK_EXAMPLE_FOLDER;
        InspectRequest request;
        request.model = loadClassifier(examples + "/mlp.pt");
        request.norm = Norm::Linf;
        request.source = openDataset(examples + "/example-images-idx3-ubyte.gz")->image(7);
        request.attacks = {recommendedAttacks(Norm::Linf, Preset::Preview).front()};
        request.randomDirections = 0;
        request.bound = BoundRequest{.method = CertifyMethod::BetaCrown, .tolerance = 0.02, .iterations = 10, .domains = 400};
        PlainMonitor monitor;
        const InspectResult result = runInspect(request, monitor);
        QCOMPARE(result.attacks.size(), std::size_t(2));
        const AttackOutcome& met = result.attacks.back();
        QVERIFY(isOfProof(met) && !isOfProof(result.attacks.front()));
        QVERIFY(met.success && met.adversarialClass != result.predicted && met.survives8bit && met.survivesJpeg);
        QCOMPARE(met.distance->linf, result.certified->counterexample->distance);
        QVERIFY(distanceBracket(result));
        const auto [proved, found] = *distanceBracket(result);
        qInfo("proved up to %g, found at %g, the attack at %g", proved, found, result.attacks.front().distance->linf);
        QVERIFY(proved > 0 && found >= proved && found <= met.distance->linf);
        QVERIFY(met.distance->linf < 1.5 * proved);
        QVERIFY2(result.alarms.empty(), "it is no attack without gradients");
        QCOMPARE(itemJson(result)["attacks"].back()["name"].get<std::string>(), std::string("beta-crown"));
    }

    void withoutAGraphThereIsNoBound()
    {
        InspectRequest request = referenceRequest(Norm::L2);
        request.bound = BoundRequest();
        PlainMonitor monitor;
        const InspectResult result = runInspect(request, monitor);
        QVERIFY(!result.certified && !result.uncertified.empty());
        QVERIFY(result.best && result.clever); // the rest goes on
        QCOMPARE(itemJson(result)["certified"]["unavailable"].get<std::string>(), result.uncertified);
        request.norm = Norm::L0;
        request.clever.reset();
        request.attacks.clear();
        QVERIFY(runInspect(request, monitor).uncertified.find("L2") != std::string::npos);
    }

    void sameSeedSameJson()
    {
        PlainMonitor monitor;
        const auto json = [&] {
            Json item = itemJson(runInspect(referenceRequest(Norm::L2), monitor));
            item.erase("cost");
            for (Json& attack : item["attacks"])
                attack.erase("seconds");
            return item.dump();
        };
        QCOMPARE(json(), json());
    }

    void blockGivesWhatOneImageGives()
    {
        PlainMonitor monitor;
        InspectRequest single = referenceRequest(Norm::L2);
        AttackBlockRequest block;
        block.model = single.model;
        block.norm = Norm::L2;
        block.attacks = single.attacks;
        for (int i = 0; i < 5; ++i)
            block.items.push_back({single.source, i, std::nullopt});
        const auto results = runAttackBlock(block, monitor);
        single.index = 3;
        const InspectResult alone = runInspect(single, monitor);
        for (std::size_t i = 0; i < alone.attacks.size(); ++i)
            compareClose(results[3].attacks[i].distance->l2, alone.attacks[i].distance->l2, 1e-5, 0);
    }

    void stopGivesAPartialResult()
    {
        PlainMonitor monitor;
        monitor.requestStop();
        const InspectResult result = runInspect(referenceRequest(Norm::L2), monitor);
        QVERIFY(result.partial);
        QVERIFY(result.attacks.empty());
        QVERIFY(!itemJson(result).contains("clever"));
    }

    void publishesCompleteSnapshots()
    {
        PlainMonitor monitor;
        int count = 0;
        const InspectResult result = runInspect(referenceRequest(Norm::L2), monitor, [&](std::shared_ptr<const InspectResult> snapshot) {
            ++count;
            QCOMPARE(snapshot->logits.size(), std::size_t(3));
        });
        QVERIFY(count >= int(result.attacks.size()) + 2);
        QCOMPARE(monitor.done(), monitor.total());
    }

    void refusesWhatCannotBe_data()
    {
        QTest::addColumn<int>("label");
        QTest::addColumn<int>("target");
        QTest::addColumn<QString>("part");
        QTest::addRow("label outside") << 3 << -1 << "label 3 is outside the model's 3 classes";
        QTest::addRow("target outside") << -1 << 7 << "target class 7 is outside the model's 3 classes";
    }

    void refusesWhatCannotBe()
    {
        QFETCH(int, label);
        QFETCH(int, target);
        QFETCH(QString, part);
        InspectRequest request = referenceRequest(Norm::L2);
        if (label >= 0)
            request.label = label;
        if (target >= 0)
            request.target = target;
        PlainMonitor monitor;
        try {
            (void)runInspect(request, monitor);
            QFAIL("nothing was thrown");
        } catch (const Error& error) {
            QVERIFY2(QString::fromStdString(error.message()).contains(part), error.what());
        }
    }
};

QTEST_APPLESS_MAIN(TestInspect)
#include "tst_inspect.moc"
