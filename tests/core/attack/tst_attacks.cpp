// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include "core/attack/randomdirections.h"
#include "core/base/error.h"

#include "tests/support/compare.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace brink;
using namespace brink::test;

/// What every attack of attacks.def must keep, on models where the truth is known. A new line there is tested at once.
class TestAttacks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void affineDistanceIsReached_data();
    void affineDistanceIsReached();
    void budgetAndBoundsHold_data() { everyAttack(); }
    void budgetAndBoundsHold();
    void costsAreExact_data() { everyAttack(); }
    void costsAreExact();
    void sameSeedSameBits_data() { everyAttack(); }
    void sameSeedSameBits();
    void aloneAsInABatch_data() { everyAttack(); }
    void aloneAsInABatch();
    void targetIsReached_data() { everyAttack(); }
    void targetIsReached();
    void stopGivesBestSoFar_data() { everyAttack(); }
    void stopGivesBestSoFar();
    void failureIsFailure_data() { everyAttack(); }
    void failureIsFailure();
    void misclassifiedStartIsSaid_data() { everyAttack(); }
    void misclassifiedStartIsSaid();
    void blackPixelsChange_data() { everyAttack(); }
    void blackPixelsChange();
    void logitOffsetAndScaleDoNotMatter_data() { everyAttack(); }
    void logitOffsetAndScaleDoNotMatter();
    void twoClassesAreEnough_data() { everyAttack(); }
    void twoClassesAreEnough();
    void traceAndIteratesAreKept_data() { everyAttack(); }
    void traceAndIteratesAreKept();
    void jsonHasTheSchema();
    void badRequestsAreRefused_data();
    void badRequestsAreRefused();
    void recommendedAttacksFindTheDistance_data();
    void recommendedAttacksFindTheDistance();

private:
    static void everyAttack();
};

namespace {

/// Stops at the n-th question.
class StopAfter : public Monitor {
public:
    explicit StopAfter(int polls) : m_polls(polls) {}
    [[nodiscard]] bool stopRequested() const override { return m_asked++ >= m_polls; }
    void progress(std::int64_t, std::int64_t) override {}
    void note(std::string_view) override {}

private:
    int m_polls;
    mutable std::atomic<int> m_asked{0};
};

bool isGradientFree(const std::string& name) { return name == "random-directions" || name == "square" || name == "hop-skip-jump"; }

/// How near the closed form an attack must come; nothing for those that promise no nearness.
std::optional<double> toleranceOf(const std::string& name, int target)
{
    if (isGradientFree(name))
        return std::nullopt;
    if (name == "jsma") // changes values in pairs
        return std::nullopt;
    if (name == "ead") // minimises L2^2 + 0.001 L1, so it ends near the L2 solution, whose L1 length is 1.29 times the least
        return 0.25;
    if (target == 2) // the corner of three classes: only attacks that weigh both constraints come near
        return name == "fmn" || name == "cw" ? std::optional(0.07) : std::nullopt; // at 250 steps; FMN 0.01 at 1000
    return name == "deepfool" ? 0.021 : 0.02; // DeepFool goes beyond by its overshoot of 2 %
}

bool isInBox(const Image& image)
{
    return std::ranges::all_of(image.pixels, [](float value) { return value >= 0.0F && value <= 1.0F; });
}

/// Everything a success promises, checked from outside.
void verifyOutcome(const std::shared_ptr<const Classifier>& classifier, const AttackOutcome& outcome, const AttackItem& item)
{
    QCOMPARE(outcome.success, outcome.adversarial.has_value());
    QCOMPARE(outcome.success, outcome.distance.has_value());
    QCOMPARE(outcome.success, outcome.adversarialClass.has_value());
    QCOMPARE(outcome.success, outcome.failure.empty());
    if (!outcome.success)
        return;
    QVERIFY(isInBox(*outcome.adversarial));
    Evaluator evaluator(classifier);
    const auto predicted = evaluator.logits(tensorFromImages(std::span(&*outcome.adversarial, 1))).argmax().item<std::int64_t>();
    QCOMPARE(predicted, *outcome.adversarialClass);
    QVERIFY(item.criterion.isSatisfiedBy(predicted));
    QCOMPARE(*outcome.distance, distancesBetween(*item.image, *outcome.adversarial));
    QVERIFY(outcome.distance->in(outcome.norm) > 0);
    if (outcome.eps)
        // x0 + delta is rounded to float, at most half a unit in the last place of 1 a value
        QVERIFY(outcome.distance->in(outcome.norm) <= *outcome.eps * (1 + 1e-5) + 1e-7 * double(outcome.adversarial->size()));
}

} // namespace

void TestAttacks::everyAttack()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Norm>("norm");
    for (const AttackInfo& info : attackInfos())
        for (const Norm norm : info.norms)
            QTest::addRow("%s %s", info.name.c_str(), normName(norm).c_str()) << QString::fromStdString(info.name) << norm;
}

void TestAttacks::affineDistanceIsReached_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Norm>("norm");
    QTest::addColumn<int>("target");
    for (const AttackInfo& info : attackInfos())
        for (const Norm norm : info.norms)
            for (const int target : {-1, 1, 2})
                // FAB and the sign steps of the budget search alternate between the two constraints of target 2.
                if (info.kind == AttackKind::MinimumNorm && (target < 0 || info.canTarget)
                    && !(target == 2 && (info.name == "fab" || info.name == "bim-search")))
                    QTest::addRow("%s %s target %d", info.name.c_str(), normName(norm).c_str(), target) << QString::fromStdString(info.name) << norm << target;
}

void TestAttacks::affineDistanceIsReached()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    QFETCH(int, target);
    const auto model = affineModel();
    const Image image = affineImage();
    const std::optional<std::int64_t> aim = target < 0 ? std::nullopt : std::optional<std::int64_t>(target);
    const AttackItem item{&image, {0, aim, 0}, 1};
    const auto outcome = run(model, solidRequestFor(name.toStdString(), norm), std::span(&item, 1)).front();
    QVERIFY2(outcome.success, outcome.failure.c_str());
    verifyOutcome(model, outcome, item);
    const double truth = affineDistance(norm, aim);
    // Logits are rounded to float and a last-bits guard keeps off the boundary: 1e-5 of it.
    QVERIFY2(outcome.distance->in(norm) >= truth * (1 - 1e-5), qPrintable(QString::number(outcome.distance->in(norm), 'g', 9)));
    if (const auto tolerance = toleranceOf(outcome.name, target))
        compareClose(outcome.distance->in(norm), truth, *tolerance, 0);
}

void TestAttacks::budgetAndBoundsHold()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    const auto model = reluNet(3);
    const auto images = randomImages(4, 12);
    const auto items = itemsFor(model, images);
    AttackRequest request = shortRequestFor(name.toStdString(), norm);
    if (attackInfo(request.name).kind == AttackKind::FixedBudget)
        request.parameters.set("eps", norm == Norm::Linf ? 0.1 : norm == Norm::L2 ? 0.7 : 4.0);
    const auto outcomes = run(model, request, items);
    QCOMPARE(outcomes.size(), items.size());
    int fooled = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        verifyOutcome(model, outcomes[i], items[i]);
        fooled += outcomes[i].success;
    }
    // Few steps, a single one, or none that follow a gradient: strength is tested elsewhere.
    QVERIFY2(fooled >= (isGradientFree(request.name) ? 1 : 5), qPrintable(QStringLiteral("%1 of 12 fooled").arg(fooled)));
}

void TestAttacks::costsAreExact()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    const auto counter = std::make_shared<std::atomic<std::int64_t>>(0);
    const auto model = reluNet(3, counter);
    const auto images = randomImages(4, 5);
    const auto items = itemsFor(model, images);
    *counter = 0;
    std::int64_t forwards = 0;
    for (const AttackOutcome& outcome : run(model, shortRequestFor(name.toStdString(), norm), items)) {
        forwards += outcome.counts.forwards;
        QVERIFY(outcome.steps > 0);
        QCOMPARE(outcome.counts.backwards > 0, !isGradientFree(outcome.name));
    }
    QCOMPARE(forwards, counter->load());
}

void TestAttacks::sameSeedSameBits()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    const auto model = reluNet(3);
    const auto images = randomImages(4, 3);
    const auto items = itemsFor(model, images);
    const AttackRequest request = shortRequestFor(name.toStdString(), norm);
    const auto first = run(model, request, items);
    const auto second = run(model, request, items);
    for (std::size_t i = 0; i < items.size(); ++i) {
        QCOMPARE(first[i].success, second[i].success);
        if (first[i].success)
            QCOMPARE(first[i].adversarial->pixels, second[i].adversarial->pixels);
        QCOMPARE(first[i].counts, second[i].counts);
    }
}

void TestAttacks::aloneAsInABatch()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    const auto model = reluNet(3);
    const auto images = randomImages(4, 64);
    const auto items = itemsFor(model, images);
    const AttackRequest request = shortRequestFor(name.toStdString(), norm);
    const auto together = run(model, request, items);
    for (const std::size_t i : {std::size_t(0), std::size_t(31), std::size_t(63)}) {
        const auto alone = run(model, request, std::span(items).subspan(i, 1)).front();
        QCOMPARE(alone.success, together[i].success);
        QCOMPARE(alone.counts, together[i].counts);
        QCOMPARE(alone.steps, together[i].steps);
        if (alone.success)
            compareClose(alone.distance->in(norm), together[i].distance->in(norm), 1e-5, 0);
    }
}

void TestAttacks::targetIsReached()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    const AttackInfo& info = attackInfo(name.toStdString());
    if (!info.canTarget)
        QSKIP("This attack is untargeted by construction.");
    const auto model = reluNet(3);
    const auto images = randomImages(4, 10);
    auto items = itemsFor(model, images);
    for (AttackItem& item : items)
        item.criterion.target = (item.criterion.reference + 1) % 5;
    AttackRequest request = requestFor(info.name, norm);
    if (request.parameters.contains("steps"))
        request.parameters.set("steps", 60LL);
    if (info.kind == AttackKind::FixedBudget)
        request.parameters.set("eps", norm == Norm::Linf ? 0.3 : norm == Norm::L2 ? 2.0 : 12.0);
    const auto outcomes = run(model, request, items);
    int reached = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        verifyOutcome(model, outcomes[i], items[i]);
        QCOMPARE(outcomes[i].target, items[i].criterion.target);
        reached += outcomes[i].success;
    }
    // One step and blind directions reach a given class of five now and then only.
    if (!isGradientFree(info.name) && info.name != "fgsm")
        QVERIFY2(reached >= 9, qPrintable(QStringLiteral("%1 of 10 reached").arg(reached)));
}

void TestAttacks::stopGivesBestSoFar()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    const auto model = reluNet(3);
    const auto images = randomImages(4, 70);
    const auto items = itemsFor(model, images);
    for (const int polls : {0, 1, 12}) {
        if (polls > 1 && name == QStringLiteral("fgsm"))
            continue; // asks once a device batch and is done by then
        AttackRequest request = shortRequestFor(name.toStdString(), norm);
        if (request.parameters.contains("stop-at-success")) // else the first device batch may be done before
            request.parameters.set("stop-at-success", false);
        if (request.parameters.contains("theta"))
            request.parameters.set("theta", 0.02);
        StopAfter monitor(polls);
        const auto outcomes = runAttack(model, request, items, monitor);
        QCOMPARE(outcomes.size(), items.size());
        for (std::size_t i = 0; i < items.size(); ++i)
            verifyOutcome(model, outcomes[i], items[i]);
        // The second device batch cannot have begun.
        QVERIFY(outcomes.back().stopped);
        QVERIFY(!outcomes.back().success);
        QCOMPARE(outcomes.back().steps, 0);
    }
}

void TestAttacks::failureIsFailure()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    const auto constant = makeClassifier("constant", {1, 8, 8}, 4, [](const at::Tensor& x) {
        return x.flatten(1).sum(1, true) * 0 + at::tensor({3.0F, 1.0F, 2.0F, -1.0F});
    });
    const auto images = randomImages(4, 3);
    const auto items = itemsFor(constant, images);
    const std::vector<AttackOutcome> outcomes = run(constant, shortRequestFor(name.toStdString(), norm), items);
    for (const AttackOutcome& outcome : outcomes) {
        QVERIFY(!outcome.success);
        QVERIFY(!outcome.wasMisclassified);
        QVERIFY(!outcome.adversarial && !outcome.distance && !outcome.adversarialClass && !outcome.survives8bit);
        QVERIFY(!outcome.failure.empty());
        if (!isGradientFree(outcome.name))
            QVERIFY(std::ranges::any_of(outcome.warnings, [](const Warning& warning) { return warning.code == "zero-gradients"; }));
        const Json json = toJson(outcome);
        QVERIFY(!json.contains("distance") && !json.contains("class"));
        // What a fixed-budget attack ended with may fool another model: inside the box and the ball.
        QCOMPARE(outcome.attempt.has_value(), attackInfo(outcome.name).kind == AttackKind::FixedBudget);
        if (outcome.attempt) {
            QVERIFY(std::ranges::all_of(outcome.attempt->pixels, [](float value) { return value >= 0 && value <= 1; }));
            const std::size_t item = std::size_t(&outcome - outcomes.data());
            QVERIFY(distancesBetween(images[item], *outcome.attempt).in(norm) <= *outcome.eps * (1 + 1e-5));
        }
    }
}

void TestAttacks::misclassifiedStartIsSaid()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    const auto model = reluNet(3);
    const auto images = randomImages(4, 3);
    auto items = itemsFor(model, images);
    const AttackRequest request = shortRequestFor(name.toStdString(), norm);
    const auto before = run(model, request, items);
    items[1].criterion.reference = (items[1].criterion.reference + 1) % 5;
    const auto outcomes = run(model, request, items);
    QVERIFY(outcomes[1].wasMisclassified);
    QVERIFY(!outcomes[1].success && !outcomes[1].distance && !outcomes[1].adversarial);
    QCOMPARE(outcomes[1].steps, 0);
    QCOMPARE(outcomes[1].counts, (EvaluationCounts{1, 0}));
    QCOMPARE(outcomes[0].success, before[0].success);
    if (before[0].success)
        QCOMPARE(outcomes[0].adversarial->pixels, before[0].adversarial->pixels);
}

/// Only by brightening black and darkening white pixels can the class be left.
void TestAttacks::blackPixelsChange()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    const auto model = makeClassifier("saturated pixels", {1, 2, 2}, 2, [](const at::Tensor& x) {
        const at::Tensor pixels = x.flatten(1);
        const at::Tensor moved = pixels.select(1, 0) + pixels.select(1, 1) + 2 - pixels.select(1, 2) - pixels.select(1, 3);
        return at::stack({0.5 - moved, moved * 0}, 1);
    });
    const Image image = makeImage({0, 0, 1, 1}, 2, 2);
    const AttackItem item{&image, {0, {}, 0}, 1};
    AttackRequest request = solidRequestFor(name.toStdString(), norm);
    if (request.parameters.contains("eps"))
        request.parameters.set("eps", norm == Norm::L1 ? 0.8 : 0.3);
    const auto outcome = run(model, request, std::span(&item, 1)).front();
    // A single step of the L1 budget in one value is stopped by no face here.
    if (isGradientFree(outcome.name))
        return;
    QVERIFY2(outcome.success, outcome.failure.c_str());
    verifyOutcome(model, outcome, item);
}

/// One boundary, three spellings: logits lifted, all negative, and so steep that a softmax saturates.
void TestAttacks::logitOffsetAndScaleDoNotMatter()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    const Image image = affineImage();
    const AttackItem item{&image, {0, {}, 0}, 1};
    AttackRequest request = solidRequestFor(name.toStdString(), norm);
    if (request.parameters.contains("eps"))
        request.parameters.set("eps", 1.2 * affineDistance(norm));
    if (request.parameters.contains("random-start")) // a start nearer to class 2, too far for this budget, may be drawn
        request.parameters.set("random-start", false);
    for (const auto& [offset, scale] : {std::pair(-10.0, 1.0), {10.0, 1.0}, {0.0, 1e3}, {0.0, 1e-2}}) {
        // The constant of C&W and EAD weighs logits against pixels, and its search ends far below such a weight; so does PDPGD's
        // first ratio.
        if ((request.name == "cw" || request.name == "ead" || request.name == "pdpgd") && scale != 1.0)
            continue;
        const auto model = affineModel(offset, scale);
        const auto outcome = run(model, request, std::span(&item, 1)).front();
        if (isGradientFree(outcome.name) || (outcome.name == "fgsm" && norm == Norm::L1))
            continue;
        QVERIFY2(outcome.success, qPrintable(QStringLiteral("offset %1, scale %2").arg(offset).arg(scale)));
        if (outcome.name == "jsma") // changes values in pairs
            QCOMPARE(outcome.distance->l0, 2 * affineDistance(norm));
        else if (!outcome.eps)
            // The cross-entropy of DDN weighs the third class in or out with the scale.
            compareClose(outcome.distance->in(norm), affineDistance(norm), outcome.name == "ead" ? 0.25 : outcome.name == "ddn" ? 0.04 : 0.025, 0);
    }
}

void TestAttacks::twoClassesAreEnough()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    if (name == QStringLiteral("square") && norm == Norm::L2)
        QSKIP("Its patterns have a sum of zero where the whole image is one square of two pixels.");
    const auto model = makeClassifier("two classes", {1, 2, 2}, 2, [](const at::Tensor& x) {
        const at::Tensor sum = x.flatten(1).sum(1);
        return at::stack({sum - 7, at::full_like(sum, -5.2)}, 1);
    });
    const Image image = affineImage(); // sum 2: logits -5 and -5.2
    const AttackItem item{&image, {0, {}, 0}, 1};
    AttackRequest request = solidRequestFor(name.toStdString(), norm);
    if (request.parameters.contains("eps"))
        request.parameters.set("eps", norm == Norm::Linf ? 0.06 : norm == Norm::L2 ? 0.12 : 0.3);
    const auto outcome = run(model, request, std::span(&item, 1)).front();
    QVERIFY2(outcome.success, outcome.failure.c_str());
    QCOMPARE(*outcome.adversarialClass, std::int64_t(1));
    verifyOutcome(model, outcome, item);
}

void TestAttacks::traceAndIteratesAreKept()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    const auto model = reluNet(3);
    const auto images = randomImages(4, 2);
    const auto items = itemsFor(model, images);
    AttackRequest request = shortRequestFor(name.toStdString(), norm);
    request.iterateBytes = std::size_t(64) << 20;
    const auto outcomes = run(model, request, items);
    for (std::size_t image = 0; image < items.size(); ++image) {
        const AttackOutcome& outcome = outcomes[image];
        QVERIFY(!outcome.trace.empty());
        QCOMPARE(outcome.trace.size(), outcome.iterates->size());
        for (std::size_t i = 0; i < outcome.trace.size(); ++i) {
            QCOMPARE(outcome.trace[i].step, int(i));
            // The trace's distance is a float sum on the device, ours a double one.
            compareClose(outcome.trace[i].distance, distancesBetween(*items[image].image, (*outcome.iterates)[i].image).in(norm), 1e-5, 1e-6);
            if (outcome.trace[i].margin < -1e-3F)
                QVERIFY(outcome.trace[i].predicted != items[image].criterion.reference);
        }
    }
    // Room for three images: the first of every stride stays.
    request.iterateBytes = 3 * images[0].size() * sizeof(float);
    const auto thinned = run(model, request, items);
    QVERIFY(thinned[0].iterates->size() <= 3);
    QCOMPARE(thinned[0].iterates->front().step, 0);
    for (const AttackIterate& kept : *thinned[0].iterates)
        QCOMPARE(kept.image.pixels, (*outcomes[0].iterates)[std::size_t(kept.step)].image.pixels);
    request.keepTrace = false;
    request.iterateBytes = 0;
    const auto bare = run(model, request, items);
    QVERIFY(bare[0].trace.empty() && !bare[0].iterates);
}

void TestAttacks::jsonHasTheSchema()
{
    const Image image = affineImage();
    const AttackItem item{&image, {0, 2, 0}, 1};
    const Json json = toJson(run(affineModel(), requestFor("fmn", Norm::L2, {"steps=50"}), std::span(&item, 1)).front());
    for (const char* key : {"name", "norm", "target", "success", "class", "distance", "survives8bit", "steps", "forwards", "backwards", "seconds"})
        QVERIFY2(json.contains(key), key);
    QCOMPARE(json["name"].get<std::string>(), std::string("fmn"));
    QCOMPARE(json["norm"].get<std::string>(), std::string("l2"));
    QCOMPARE(json["target"].get<int>(), 2);
    QCOMPARE(json["class"].get<int>(), 2);
    for (const char* key : {"l0", "l1", "l2", "linf"})
        QVERIFY2(json["distance"].contains(key), key);
    QCOMPARE(json["steps"].get<int>(), 50);
}

void TestAttacks::badRequestsAreRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Norm>("norm");
    QTest::addColumn<double>("eps");
    QTest::addColumn<float>("pixel");
    QTest::addColumn<int>("reference");
    QTest::addColumn<int>("target");
    QTest::addColumn<QString>("said");
    const float fine = 0.5F;
    QTest::addRow("unknown attack") << QStringLiteral("fgms") << Norm::Linf << 0.1 << fine << 0 << -1 << QStringLiteral("fgsm");
    QTest::addRow("norm it has not") << QStringLiteral("ddn") << Norm::L1 << -1.0 << fine << 0 << -1 << QStringLiteral("l2");
    QTest::addRow("budget beyond the box") << QStringLiteral("pgd") << Norm::Linf << 8.0 << fine << 0 << -1 << QStringLiteral("pixel");
    QTest::addRow("pixel above 1") << QStringLiteral("pgd") << Norm::Linf << 0.1 << 1.5F << 0 << -1 << QStringLiteral("[0,1]");
    QTest::addRow("pixel not a number") << QStringLiteral("pgd") << Norm::Linf << 0.1 << NAN << 0 << -1 << QStringLiteral("[0,1]");
    QTest::addRow("class outside") << QStringLiteral("pgd") << Norm::Linf << 0.1 << fine << 3 << -1 << QStringLiteral("between 0 and 2");
    QTest::addRow("target outside") << QStringLiteral("pgd") << Norm::Linf << 0.1 << fine << 0 << 7 << QStringLiteral("between 0 and 2");
    QTest::addRow("target is its own class") << QStringLiteral("pgd") << Norm::Linf << 0.1 << fine << 0 << 0 << QStringLiteral("target");
}

void TestAttacks::badRequestsAreRefused()
{
    QFETCH(QString, name);
    QFETCH(Norm, norm);
    QFETCH(double, eps);
    QFETCH(float, pixel);
    QFETCH(int, reference);
    QFETCH(int, target);
    QFETCH(QString, said);
    Image image = affineImage();
    image.pixels[2] = pixel;
    const AttackItem item{&image, {reference, target < 0 ? std::nullopt : std::optional<std::int64_t>(target), 0}, 1};
    AttackRequest request;
    request.name = name.toStdString();
    request.norm = norm;
    try {
        if (eps > 0 && name == QStringLiteral("pgd")) {
            request.parameters = Params(attackInfo("pgd").parameters);
            request.parameters.set("eps", eps);
        }
        (void)run(affineModel(), request, std::span(&item, 1));
        QFAIL("nothing was thrown");
    } catch (const Error& error) {
        QVERIFY2(QString::fromStdString(error.message()).contains(said), error.what());
    }
}

void TestAttacks::recommendedAttacksFindTheDistance_data()
{
    QTest::addColumn<Norm>("norm");
    for (const Norm norm : {Norm::L0, Norm::L1, Norm::L2, Norm::Linf})
        QTest::addRow("%s", normName(norm).c_str()) << norm;
}

void TestAttacks::recommendedAttacksFindTheDistance()
{
    QFETCH(Norm, norm);
    const Image image = affineImage();
    const AttackItem item{&image, {0, {}, 0}, 1};
    for (const Preset preset : {Preset::Preview, Preset::Paper}) {
        double best = 1e9;
        for (AttackRequest& request : recommendedAttacks(norm, preset)) {
            if (request.parameters.contains("searches")) // 9 x 1000 steps are for a longer test
                request.parameters = solidRequestFor(request.name, norm).parameters;
            QCOMPARE(request.norm, norm);
            best = std::min(best, run(affineModel(), request, std::span(&item, 1)).front().distance->in(norm));
        }
        compareClose(best, affineDistance(norm), 0.005, 0);
    }
}

QTEST_APPLESS_MAIN(TestAttacks)
#include "tst_attacks.moc"
