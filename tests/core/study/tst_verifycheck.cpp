// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/verifycheck.h"

#include "core/base/error.h"
#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"
#include "tests/core/certify/certifymodels_torch.h"
#include "tests/support/compare.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace brink;

namespace {

/// Three classes of 2x2 pixels, affine: at an image the distance to class j is g_j / |w_0 - w_j|_1 while the box is far.
std::shared_ptr<const Classifier> affineModel()
{
    return makeClassifier("affine", {1, 2, 2}, 3, [](const at::Tensor& x) {
        const at::Tensor weights = at::tensor({1.0F, 0.0F, 0.0F, 0.0F, -1.0F, 1.0F, 0.5F, 0.0F, 0.0F, 0.0F, 0.0F, 1.0F}).view({3, 4});
        return at::matmul(x.flatten(1), weights.t()) + at::tensor({0.6F, 0.0F, 0.0F});
    });
}

/// The same model with a graph that bounds can be carried through.
std::shared_ptr<const Classifier> readableModel()
{
    return test::savedAndLoaded(test::moduleOf("def forward(self, x):\n  return torch.linear(torch.flatten(x, 1), self.w0, self.w1)\n",
                                    {at::tensor({1.0F, 0.0F, 0.0F, 0.0F, -1.0F, 1.0F, 0.5F, 0.0F, 0.0F, 0.0F, 0.0F, 1.0F}).view({3, 4}), at::tensor({0.6F, 0.0F, 0.0F})}),
        {1, 2, 2});
}

/// Class 0 there: logits 1.1, 0.25, 0.5. Distances 0.85 / 3.5 to class 1 and 0.6 / 2 to class 2.
Image centre() { return {1, 2, 2, {0.5F, 0.5F, 0.5F, 0.5F}, "centre", {}}; }
constexpr double toClass1 = 0.85 / 3.5;
constexpr double toClass2 = 0.3;

VerifyItem ball(double eps, VerifyVerdict verdict, std::optional<std::int64_t> target = {})
{
    VerifyItem item;
    item.image = centre();
    item.instance.id = "ball";
    item.instance.model = "affine";
    item.instance.imageFile = "centre";
    item.instance.criterion = {0, target, 0};
    item.instance.eps = eps;
    item.instance.verdict = verdict;
    return item;
}

std::vector<AttackRequest> someAttacks(const std::vector<std::string>& names)
{
    std::vector<AttackRequest> attacks;
    for (const std::string& name : names)
        attacks.push_back({name, Norm::Linf, Params(attackInfo(name).parameters, Preset::Preview), false, 0});
    return attacks;
}

VerifyCounts countsOf(const std::vector<VerifyItem>& items, const std::vector<VerifyOutcome>& outcomes)
{
    VerifyCounts counts;
    for (std::size_t i = 0; i < items.size(); ++i)
        counts.add(items[i].instance, outcomes[i]);
    return counts;
}

const std::string goodLine = R"({"id":"a","model":"m","norm":"Linf","eps":0.1,"label":7,"verdict":"robust","trust":"hard","image":{"file":"images.npy","record":0}})";

std::string with(std::string line, const std::string& from, const std::string& to) { return line.replace(line.find(from), from.size(), to); }

} // namespace

class TestVerifyCheck : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)).toStdString(); }
    std::string tableOf(const std::string& text) const
    {
        std::ofstream(path("images.npy")) << "x";
        std::ofstream(path("table.jsonl")) << text;
        return path("table.jsonl");
    }

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    /// Just below the exact distance nothing may be found, just above it something must be.
    void ballsOfAnAffineModel_data()
    {
        QTest::addColumn<QStringList>("attacks");
        QTest::addRow("the best set") << QStringList();
        QTest::addRow("a minimum-norm attack") << QStringList("deepfool");
        QTest::addRow("a budgeted attack") << QStringList("pgd");
    }
    void ballsOfAnAffineModel()
    {
        QFETCH(QStringList, attacks);
        std::vector<std::string> names;
        for (const QString& name : attacks)
            names.push_back(name.toStdString());
        VerifyRequest request{affineModel(), {}, names.empty() ? verifyAttacks(Preset::Preview) : someAttacks(names), 3};
        request.items = {ball(0.95 * toClass1, VerifyVerdict::Robust), ball(1.1 * toClass1, VerifyVerdict::Violated),
            ball(0.95 * toClass2, VerifyVerdict::Robust, 2), ball(1.1 * toClass2, VerifyVerdict::Violated, 2)};
        PlainMonitor monitor;
        const std::vector<VerifyOutcome> outcomes = runVerifyCheck(request, monitor);
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            QVERIFY(outcomes[i].isComplete);
            QCOMPARE(outcomes[i].isFound, request.items[i].instance.verdict == VerifyVerdict::Violated);
            if (outcomes[i].isFound) {
                QVERIFY(outcomes[i].distance <= request.items[i].instance.eps); // exactly: rounded inwards
                QVERIFY(outcomes[i].margin > 0);
            }
            QVERIFY(outcomes[i].counts.forwards > 0);
        }
        QCOMPARE(countsOf(request.items, outcomes), (VerifyCounts{2, 0, 2, 2, 0, 0, 0}));
        QVERIFY(!countsOf(request.items, outcomes).isContradicted());
    }

    void aBrokenVerdictIsCounted()
    {
        VerifyRequest request{affineModel(), {ball(0.26, VerifyVerdict::Robust)}, someAttacks({"fgsm"}), 1};
        PlainMonitor monitor;
        const auto outcomes = runVerifyCheck(request, monitor);
        const VerifyCounts counts = countsOf(request.items, outcomes);
        QCOMPARE(counts.broken, std::int64_t(1));
        QVERIFY(counts.isContradicted());
        QCOMPARE(outcomes[0].foundBy, std::string("fgsm"));
        QCOMPARE(toJson(counts)["broken"].get<int>(), 1);
    }

    /// Where an attack minimises the distance, what it found beyond the ball is told.
    void missesNameTheNearest()
    {
        VerifyRequest request{affineModel(), {ball(0.2, VerifyVerdict::Violated)}, someAttacks({"deepfool", "fmn"}), 1};
        PlainMonitor monitor;
        const auto outcomes = runVerifyCheck(request, monitor);
        QVERIFY(!outcomes[0].isFound);
        QVERIFY(outcomes[0].nearest);
        compareClose(*outcomes[0].nearest, toClass1, 0.02, 0.0); // what preview settings reach
        QCOMPARE(countsOf(request.items, outcomes), (VerifyCounts{0, 0, 1, 0, 0, 0, 0}));
        const Json json = toJson(request.items[0].instance, outcomes[0]);
        QCOMPARE(json["found"].get<bool>(), false);
        QVERIFY(!json.contains("foundBy"));
        QCOMPARE(json["nearest"]["attack"].get<std::string>(), outcomes[0].nearestBy);
    }

    /// One run around an image serves all balls; an image that is wrong already needs none.
    void cleanImagesThatMeetTheCriterionAreFound()
    {
        VerifyRequest request{affineModel(), {ball(0.01, VerifyVerdict::Violated)}, someAttacks({"fmn"}), 1};
        request.items[0].instance.criterion.reference = 1;
        PlainMonitor monitor;
        const auto outcomes = runVerifyCheck(request, monitor);
        QVERIFY(outcomes[0].isFound);
        QCOMPARE(outcomes[0].foundBy, std::string("clean image"));
        QCOMPARE(outcomes[0].distance, 0.0);
        QCOMPARE(outcomes[0].counts.backwards, std::int64_t(0));
    }

    void ballsAroundOneImageShareARun()
    {
        VerifyRequest one{affineModel(), {ball(0.1, VerifyVerdict::Robust)}, someAttacks({"fmn"}), 1};
        VerifyRequest three = one;
        three.items = {ball(0.1, VerifyVerdict::Robust), ball(0.12, VerifyVerdict::Robust), ball(0.14, VerifyVerdict::Robust)};
        PlainMonitor monitor;
        EvaluationCounts together;
        for (const VerifyOutcome& outcome : runVerifyCheck(three, monitor))
            together += outcome.counts;
        QCOMPARE(together, runVerifyCheck(one, monitor)[0].counts);
    }

    void witnessesAreLookedAtAgain_data()
    {
        QTest::addColumn<double>("change");
        QTest::addColumn<double>("eps");
        QTest::addColumn<bool>("isInBall");
        QTest::addColumn<bool>("isAdversarial");
        QTest::addRow("holds") << 0.25 << 0.25 << true << true;
        QTest::addRow("outside the ball by more than the slack") << 0.25 << 0.2499 << false << true;
        QTest::addRow("another class does not win") << 0.24 << 0.25 << true << false;
        QTest::addRow("no picture") << 0.6 << 0.7 << false << true;
    }
    void witnessesAreLookedAtAgain()
    {
        QFETCH(double, change);
        QFETCH(double, eps);
        QFETCH(bool, isInBall);
        QFETCH(bool, isAdversarial);
        VerifyItem item = ball(eps, VerifyVerdict::Violated);
        const auto step = float(change);
        item.witness = Image{1, 2, 2, {0.5F - step, 0.5F + step, 0.5F + step, 0.5F}, "witness", {}};
        VerifyRequest request{affineModel(), {item}, {}, 1};
        PlainMonitor monitor;
        const auto outcomes = runVerifyCheck(request, monitor);
        QCOMPARE(outcomes[0].witness->isInBall, isInBall);
        QCOMPARE(outcomes[0].witness->isAdversarial, isAdversarial);
        compareClose(outcomes[0].witness->distance, change, 1e-6, 0.0);
        const VerifyCounts counts = countsOf(request.items, outcomes);
        QCOMPARE(counts.failedWitnesses, std::int64_t(isInBall && isAdversarial ? 0 : 1));
        QCOMPARE(counts.isContradicted(), counts.failedWitnesses > 0);
        QVERIFY(!outcomes[0].isFound); // a witness is no find of ours
    }

    void aStopLeavesTheRestOpen()
    {
        VerifyRequest request{affineModel(), {ball(0.1, VerifyVerdict::Robust), ball(0.01, VerifyVerdict::Violated)}, someAttacks({"fmn"}), 1};
        request.items[1].instance.criterion.reference = 2; // wrong already: found without an attack
        PlainMonitor monitor;
        monitor.requestStop();
        const auto outcomes = runVerifyCheck(request, monitor);
        QVERIFY(!outcomes[0].isComplete);
        QVERIFY(outcomes[1].isComplete);
        VerifyCounts counts = countsOf(request.items, outcomes);
        counts.add(request.items[0].instance, std::nullopt);
        QCOMPARE(counts, (VerifyCounts{0, 0, 1, 1, 0, 0, 2}));
        QCOMPARE(toJson(counts)["notChecked"].get<int>(), 2);
    }

    /// Up to the exact distance balls are proved, beyond it they are not; no attack is needed for that.
    void ballsAreProved()
    {
        const auto model = readableModel();
        VerifyRequest request{model, {}, {}, 1, {std::make_shared<const CertifiableModel>(model), {CertifyMethod::Ibp, CertifyMethod::BetaCrown}, 10}};
        request.items = {ball(0.99 * toClass1, VerifyVerdict::Robust), ball(1.01 * toClass1, VerifyVerdict::Violated),
            ball(0.99 * toClass2, VerifyVerdict::Robust, 2), ball(1.01 * toClass2, VerifyVerdict::Violated, 2)};
        PlainMonitor monitor;
        const auto outcomes = runVerifyCheck(request, monitor);
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            const bool isRobust = request.items[i].instance.verdict == VerifyVerdict::Robust;
            QCOMPARE(outcomes[i].proofs.size(), std::size_t(2));
            for (const VerifyProof& proof : outcomes[i].proofs) {
                QCOMPARE(proof.isProved, isRobust);
                QCOMPARE(proof.bound > 0, isRobust);
            }
            QVERIFY(outcomes[i].isComplete); // beta-CROWN looks for images of other classes, too
        }
        const VerifyCounts counts = countsOf(request.items, outcomes);
        QVERIFY(!counts.isContradicted());
        QCOMPARE(counts.proofs.size(), std::size_t(2));
        for (const VerifyProofCounts& each : counts.proofs) {
            QCOMPARE(each.robust, std::int64_t(2));
            QCOMPARE(each.proved, std::int64_t(2));
            QCOMPARE(each.wrong, std::int64_t(0));
        }
        QCOMPARE(toJson(counts)["proofs"][1]["method"].get<std::string>(), std::string("beta-crown"));
        request.proving.methods = {CertifyMethod::Crown};
        for (const VerifyOutcome& outcome : runVerifyCheck(request, monitor))
            QCOMPARE(outcome.isComplete, outcome.isFound); // nothing has looked
    }

    /// A net whose bounds are loose: what beta-CROWN meets where it fails counts as found, in the ball and confirmed.
    void whatAProofMeetsIsFound()
    {
        const auto model = test::savedAndLoaded(test::moduleOf("def forward(self, x):\n  h = torch.relu(torch.linear(torch.flatten(x, 1), self.w0, self.w1))\n  return torch.linear(h, self.w2)\n",
                                                    {test::fixedNormal({8, 4}, 1, 1.0), test::fixedNormal({8}, 2, 0.3), test::fixedNormal({3, 8}, 3, 1.0)}),
            {1, 2, 2});
        const std::int64_t own = Evaluator(model).logits(tensorFromImages(std::vector<Image>{centre()})).argmax(1).item<std::int64_t>();
        VerifyRequest request{model, {ball(0.5, VerifyVerdict::Violated)}, {}, 1, {std::make_shared<const CertifiableModel>(model), {CertifyMethod::BetaCrown}, 500}};
        request.items[0].instance.criterion.reference = own;
        PlainMonitor monitor;
        const VerifyOutcome outcome = runVerifyCheck(request, monitor).front();
        QVERIFY(outcome.isFound && outcome.isComplete);
        QCOMPARE(outcome.foundBy, std::string("beta-crown"));
        QVERIFY(outcome.distance > 0 && outcome.distance <= 0.5 && outcome.margin > 0);
        QVERIFY(!outcome.proofs.front().isProved);
        request.items[0].instance.eps = 0.5 * outcome.distance;
        request.items[0].instance.verdict = VerifyVerdict::Robust;
        const VerifyOutcome inside = runVerifyCheck(request, monitor).front();
        QVERIFY(inside.isFound != inside.proofs.front().isProved); // 8 relus are divided to the end
    }

    void aProofOfAViolatedBallIsCounted()
    {
        VerifyOutcome outcome;
        outcome.proofs = {{CertifyMethod::Crown, true, 0.5, 0, 1.0, false}};
        VerifyCounts counts;
        counts.add(ball(0.1, VerifyVerdict::Violated).instance, outcome);
        QCOMPARE(counts.proofs, (std::vector<VerifyProofCounts>{{CertifyMethod::Crown, 0, 0, 1, 1.0}}));
        QVERIFY(counts.isContradicted());
        outcome.isFound = true; // by an attack, in a ball that others verified
        VerifyCounts others;
        others.add(ball(0.1, VerifyVerdict::Robust).instance, outcome);
        QCOMPARE(others.proofs, (std::vector<VerifyProofCounts>{{CertifyMethod::Crown, 1, 1, 1, 1.0}}));
    }

    void otherSizesAreRefused()
    {
        VerifyRequest request{affineModel(), {ball(0.1, VerifyVerdict::Robust)}, someAttacks({"fmn"}), 1};
        PlainMonitor monitor;
        request.items[0].instance.criterion.reference = 5;
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(runVerifyCheck(request, monitor)), Error);
        request.items[0] = ball(0.1, VerifyVerdict::Robust);
        request.items[0].image = {1, 1, 4, {0, 0, 0, 0}, "wide", {}};
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(runVerifyCheck(request, monitor)), Error);
    }

    void theBestSetTakesWhateverThereIs()
    {
        std::vector<std::string> names;
        for (const AttackRequest& attack : verifyAttacks())
            names.push_back(attack.name);
        for (const AttackInfo& info : attackInfos())
            if (info.kind == AttackKind::FixedBudget && std::ranges::find(info.norms, Norm::Linf) != info.norms.end())
                QVERIFY2(std::ranges::find(names, info.name) != names.end(), info.name.c_str());
        QCOMPARE(std::ranges::count(names, "pgd"), 2); // cross-entropy and margin
        QCOMPARE(std::ranges::count(names, "apgd"), 3); // and the ratio of logits, towards no class and towards each
        QVERIFY(std::ranges::find(names, "fab") != names.end());
    }

    void tablesAreRead()
    {
        const std::string text = goodLine + "\n\n"
            + with(with(goodLine, "robust", "violated"), "\"id\"", R"("property":"targeted: x","target":3,"witness":{"file":"images.npy","record":4},"id")") + "\n"
            + with(goodLine, "hard", "majority") + "\n" + with(goodLine, "hard", "weak") + "\n" + with(goodLine, "robust", "unknown") + "\n";
        const VerifyTable hard = readVerifyTable(tableOf(text), VerifyTrust::Hard);
        QCOMPARE(hard.instances.size(), std::size_t(2));
        QCOMPARE(hard.leftOut, std::int64_t(3));
        QCOMPARE(hard.instances[0].criterion, (Criterion{7, std::nullopt, 0}));
        QCOMPARE(hard.instances[0].imageFile, path("images.npy"));
        QVERIFY(hard.instances[0].isHard && !hard.instances[0].witness);
        QCOMPARE(hard.instances[1].criterion, (Criterion{7, 3, 0}));
        QCOMPARE(hard.instances[1].verdict, VerifyVerdict::Violated);
        QCOMPARE(hard.instances[1].witness->record, std::int64_t(4));
        const VerifyTable majority = readVerifyTable(path("table.jsonl"), VerifyTrust::Majority);
        QCOMPARE(majority.instances.size(), std::size_t(3));
        QVERIFY(!majority.instances[2].isHard);
        QCOMPARE(verifyTrustFromName("majority"), VerifyTrust::Majority);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(verifyTrustFromName("weak")), Error);
    }

    void badLinesAreNamed_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("complaint");
        const auto row = [](const char* name, const std::string& line, const char* complaint) {
            QTest::addRow("%s", name) << QString::fromStdString(line) << QString::fromLatin1(complaint);
        };
        row("no JSON", "robust,0.1", "no JSON object");
        row("cut off", goodLine.substr(0, 40), "no JSON object");
        row("no object", "[1, 2]", "\"verdict\" is missing");
        row("no radius", with(goodLine, "\"eps\":0.1,", ""), "\"eps\" is missing");
        row("radius in words", with(goodLine, "0.1", "\"small\""), "\"eps\" must be a number");
        row("radius in 8 bits", with(goodLine, "0.1", "8"), "between 0 and 1");
        row("another norm", with(goodLine, "Linf", "L2"), "only balls in Linf");
        row("another verdict", with(goodLine, "robust", "holds"), "robust, violated or unknown");
        row("a fraction of a label", with(goodLine, "\"label\":7", "\"label\":7.5"), "whole number");
        row("no such file", with(goodLine, "images.npy", "lost.npy"), "neither beside the table nor one folder up");
        row("a targeted ball without target", with(goodLine, "\"id\"", "\"property\":\"targeted: x\",\"id\""), "\"target\" is missing");
    }
    void badLinesAreNamed()
    {
        QFETCH(QString, line);
        QFETCH(QString, complaint);
        try {
            static_cast<void>(readVerifyTable(tableOf(goodLine + '\n' + line.toStdString() + '\n'), VerifyTrust::Hard));
            QFAIL("the table was taken");
        } catch (const Error& error) {
            QVERIFY2(error.message().find("line 2: ") != std::string::npos, error.what());
            QVERIFY2(QString::fromStdString(error.message()).contains(complaint), error.what());
        }
    }

    void witnessesAreReadFromTheirRecord()
    {
        std::ofstream file(path("witness.bin"), std::ios::binary);
        for (int record = 0; record < 3; ++record)
            for (int i = 0; i < 4; ++i) {
                const float value = float(record) + 0.125F * float(i);
                file.write(reinterpret_cast<const char*>(&value), sizeof value);
            }
        file.close();
        VerifyInstance instance = ball(0.1, VerifyVerdict::Violated).instance;
        QVERIFY(!verifyWitness(instance, centre()));
        instance.witness = VerifyWitness{path("witness.bin"), 2};
        QCOMPARE(verifyWitness(instance, centre())->pixels, (std::vector<float>{2.0F, 2.125F, 2.25F, 2.375F}));
        instance.witness->record = 3;
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(verifyWitness(instance, centre())), Error);
    }
};

QTEST_GUILESS_MAIN(TestVerifyCheck)
#include "tst_verifycheck.moc"
