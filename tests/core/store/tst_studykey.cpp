// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/studykey.h"
#include "tests/support/fieldcount.h"

#include <QSet>
#include <QTest>

#include <functional>

using namespace brink;
using brink::test::fieldCount;

namespace {

struct Inputs {
    InspectRequest request;
    ModelIdentity model{std::string(64, 'a'), {{"name", "cnn"}, {"range", {0, 1}}, {"origin", "defaults"}}};
    std::string image = std::string(64, 'b');

    Inputs()
    {
        request.clever = CleverRequest{};
        request.attacks.push_back({.name = "ddn", .norm = Norm::L2, .parameters = Params(attackInfo("ddn").parameters)});
    }
    [[nodiscard]] std::string key() const { return studyKey(request, model, image); }
};

using Change = std::function<void(Inputs&)>;

} // namespace

Q_DECLARE_METATYPE(Change)

class TestStudyKey : public QObject {
    Q_OBJECT
private slots:
    /// An input added to a request must be added to core/store/studykey.cpp and to the rows below.
    void everyInputIsKnown()
    {
        QCOMPARE(fieldCount<InspectRequest>(), std::size_t(14));
        QCOMPARE(fieldCount<CleverRequest>(), std::size_t(19));
        QCOMPARE(fieldCount<WeibullOptions>(), std::size_t(3));
        QCOMPARE(fieldCount<AttackRequest>(), std::size_t(5));
        QCOMPARE(fieldCount<BoundRequest>(), std::size_t(4));
    }

    void sameInputsGiveTheSameKey()
    {
        QCOMPARE(Inputs().key(), Inputs().key());
        QCOMPARE(Inputs().key().size(), std::size_t(64));
        Inputs elsewhere;
        elsewhere.model.card["origin"] = "options";
        elsewhere.request.source.source = "another/path.png";
        QCOMPARE(elsewhere.key(), Inputs().key());
    }

    void domainsCountWhereABallIsDivided()
    {
        const auto keyOf = [](CertifyMethod method, std::int64_t domains) {
            Inputs inputs;
            inputs.request.bound = BoundRequest{.method = method, .domains = domains};
            return inputs.key();
        };
        QVERIFY(keyOf(CertifyMethod::BetaCrown, 5) != keyOf(CertifyMethod::BetaCrown, 6));
        QCOMPARE(keyOf(CertifyMethod::Crown, 5), keyOf(CertifyMethod::Crown, 6));
    }

    void everyInputChangesTheKey_data()
    {
        QTest::addColumn<Change>("change");
        const auto row = [](const char* name, Change change) { QTest::addRow("%s", name) << change; };
        row("model file", [](Inputs& i) { i.model.sha256[0] = 'c'; });
        row("model card", [](Inputs& i) { i.model.card["range"] = {0, 255}; });
        row("pixels", [](Inputs& i) { i.image[0] = 'c'; });
        row("index", [](Inputs& i) { i.request.index = 1; });
        row("label", [](Inputs& i) { i.request.label = 0; });
        row("bound", [](Inputs& i) { i.request.bound = BoundRequest(); });
        row("bound by another method", [](Inputs& i) { i.request.bound = BoundRequest{.method = CertifyMethod::Ibp}; });
        row("bound by the method that is quick", [](Inputs& i) { i.request.bound = BoundRequest{.method = std::nullopt}; });
        row("tolerance of the bound", [](Inputs& i) { i.request.bound = BoundRequest{.tolerance = 0.1}; });
        row("iterations of the bound", [](Inputs& i) { i.request.bound = BoundRequest{.iterations = 5}; });
        row("class names", [](Inputs& i) { i.request.classNames = {"cat", "dog"}; });
        row("norm", [](Inputs& i) { i.request.norm = Norm::Linf; });
        row("target", [](Inputs& i) { i.request.target = 0; });
        row("target rule", [](Inputs& i) { i.request.targetRule.kind = TargetRule::Kind::Random; });
        row("seed", [](Inputs& i) { i.request.seed = 2; });
        row("random directions", [](Inputs& i) { i.request.randomDirections = 1; });
        row("no CLEVER", [](Inputs& i) { i.request.clever.reset(); });
        row("radius", [](Inputs& i) { i.request.clever->radius = 3; });
        row("batches", [](Inputs& i) { i.request.clever->batches = 3; });
        row("samples", [](Inputs& i) { i.request.clever->samples = 3; });
        row("sampling", [](Inputs& i) { i.request.clever->sampling = CleverSampling::ReleasedCode; });
        row("CLEVER targets", [](Inputs& i) { i.request.clever->targets = CleverTargets::Top2; });
        row("likely", [](Inputs& i) { i.request.clever->likely = 3; });
        row("runner-up", [](Inputs& i) { i.request.clever->runnerUp = 3; });
        row("classes", [](Inputs& i) { i.request.clever->classes = {3}; });
        row("fit method", [](Inputs& i) { i.request.clever->fit.method = WeibullMethod::MultiStart; });
        row("regulariser", [](Inputs& i) { i.request.clever->fit.shapePenalty = 0; });
        row("all norms", [](Inputs& i) { i.request.clever->allNorms = true; });
        row("radius curve", [](Inputs& i) { i.request.clever->radiusCurve = true; });
        row("second order", [](Inputs& i) { i.request.clever->secondOrder = true; });
        row("reference", [](Inputs& i) { i.request.clever->reference = 0; });
        row("no attack", [](Inputs& i) { i.request.attacks.clear(); });
        row("attack name", [](Inputs& i) { i.request.attacks[0].name = "fmn"; });
        row("attack parameter", [](Inputs& i) { i.request.attacks[0].parameters.setText("steps", "7"); });
        row("what if", [](Inputs& i) { i.request.whatIf.jpegQuality = 75; });
        row("anytime", [](Inputs& i) { i.request.clever->anytime = true; });
        row("interval width", [](Inputs& i) { i.request.clever->intervalWidth = 0.2; });
        row("iterates", [](Inputs& i) { i.request.attacks[0].iterateBytes = 1000; });
    }
    void everyInputChangesTheKey()
    {
        QFETCH(Change, change);
        Inputs inputs;
        change(inputs);
        QVERIFY(inputs.key() != Inputs().key());
    }
};

QTEST_GUILESS_MAIN(TestStudyKey)
#include "tst_studykey.moc"
