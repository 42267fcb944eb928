// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include "tests/support/compare.h"

#include <QTest>

#include <cmath>

using namespace brink;
using namespace brink::test;

namespace {

/// Two classes on 8 x 8 images. Around mid grey the margin is a bowl that never falls below 0.5, so that its gradient keeps an
/// image there; from L2 distance 1.5 on it falls steeply. Uniform noise is 2.3 away.
std::shared_ptr<const Classifier> trap()
{
    return makeClassifier("trap", {1, 8, 8}, 2, [](const at::Tensor& x) {
        const at::Tensor away = x.flatten(1) - 0.5;
        const at::Tensor cliff = (away.square().sum(1) - 2.25).relu().square();
        const at::Tensor margin = 0.5 + 0.2 * (away - 0.04).square().sum(1) - 50 * cliff;
        return at::stack({margin, margin * 0}, 1);
    });
}

/// In the middle of the bowl, and just beyond its rim (distance 1.52).
std::vector<Image> trappedAndFree()
{
    return {makeImage(std::vector<float>(64, 0.5F), 8, 8, "trapped"), makeImage(std::vector<float>(64, 0.69F), 8, 8, "free")};
}

constexpr double plainDistance = 0.3, dentBegins = 0.1, dentSteepness = 100, denseSlope = 0.2;

/// Two classes on 8 x 8 images. Along the first pixel the boundary is `plainDistance` away. All others have a fifth of its slope,
/// but where together they have risen by `dentBegins` the margin falls steeply, and the boundary is half as far.
std::shared_ptr<const Classifier> dented()
{
    return makeClassifier("dented", {1, 8, 8}, 2, [](const at::Tensor& x) {
        const at::Tensor moved = x.flatten(1) - 0.5;
        const at::Tensor together = moved.narrow(1, 1, 63).sum(1);
        const at::Tensor margin
            = plainDistance - moved.select(1, 0) - denseSlope * together - dentSteepness * (together - dentBegins).relu().square();
        return at::stack({margin, margin * 0}, 1);
    });
}

/// Where plainDistance - denseSlope s - dentSteepness (s - dentBegins)^2 is 0: with the first pixel as it is.
double distanceThroughDent()
{
    const double b = denseSlope - 2 * dentSteepness * dentBegins, c = dentSteepness * dentBegins * dentBegins - plainDistance;
    return (-b + std::sqrt(b * b - 4 * dentSteepness * c)) / (2 * dentSteepness);
}

std::vector<AttackOutcome> attack(std::span<const Image> images, std::vector<std::string> settings)
{
    std::vector<AttackItem> items;
    for (std::size_t i = 0; i < images.size(); ++i)
        items.push_back({&images[i], {0, {}, 0}, 7});
    settings.push_back("restarts=1");
    return run(trap(), requestFor("fmn", Norm::L2, settings), items);
}

} // namespace

/// What FMN does for images that its steps do not fool.
class TestFmn : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Half way the walk begins anew from noise: eight forwards of that image alone.
    void noiseStartsWhereGradientsTrap()
    {
        const auto outcomes = attack(trappedAndFree(), {"steps=200", "step-size=0.1"});
        QVERIFY(outcomes[0].success && outcomes[1].success);
        QCOMPARE(outcomes[0].counts, (EvaluationCounts{1 + 200 + 8 + 3, 200}));
        QCOMPARE(outcomes[1].counts, (EvaluationCounts{1 + 200 + 3, 200}));
        // Where the cliff outweighs the bowl, whatever the direction: between 1.5 and the 1.6 of the far side.
        QVERIFY2(outcomes[0].distance->l2 > 1.5 && outcomes[0].distance->l2 < 1.6, qPrintable(QString::number(outcomes[0].distance->l2)));
    }

    // Steps of length 1 do not reach the rim and those three times as long do, so that no noise is needed.
    void longerStepsAreTriedFirst()
    {
        const auto outcome = attack(trappedAndFree(), {"steps=200", "step-size=1"}).front();
        QVERIFY(outcome.success);
        QCOMPARE(outcome.counts, (EvaluationCounts{1 + 200 + 3, 200}));
        QVERIFY(!attack(trappedAndFree(), {"steps=40", "step-size=0.1"}).front().success);
    }

    void helpDoesNotDependOnTheBatch()
    {
        const auto images = trappedAndFree();
        const auto together = attack(images, {"steps=120", "step-size=0.1"});
        for (std::size_t i = 0; i < images.size(); ++i) {
            const auto alone = attack(std::span(images).subspan(i, 1), {"steps=120", "step-size=0.1"}).front();
            QVERIFY(alone.success);
            QCOMPARE(alone.counts, together[i].counts);
            QCOMPARE(alone.adversarial->pixels, together[i].adversarial->pixels);
        }
    }

    void startsShareTheSteps()
    {
        const auto model = reluNet(3);
        const auto images = randomImages(4, 4);
        const auto items = itemsFor(model, images);
        for (const int restarts : {1, 2, 3, 50}) {
            const auto request = requestFor("fmn", Norm::L1, {"steps=40", "restarts=" + std::to_string(restarts)});
            for (const AttackOutcome& outcome : run(model, request, items)) {
                QCOMPARE(outcome.steps, 40);
                QCOMPARE(outcome.counts, (EvaluationCounts{1 + 40 + (outcome.success ? 3 : 0), 40}));
            }
        }
        const auto request = requestFor("fmn", Norm::L1, {"steps=40", "ddn-start=true"});
        for (const AttackOutcome& outcome : run(model, request, items))
            QCOMPARE(outcome.counts, (EvaluationCounts{1 + 40 + (outcome.success ? 3 : 0), 40}));
    }

    // The steps in L1 keep the largest gradient alone, so that they never meet the dent; those of DDN move all pixels at once.
    void ddnStartFindsWhatSparseStepsMiss()
    {
        const std::vector<Image> images{makeImage(std::vector<float>(64, 0.5F), 8, 8, "grey")};
        const std::vector<AttackItem> items{{images.data(), {0, {}, 0}, 7}};
        const auto without = run(dented(), requestFor("fmn", Norm::L1, {"steps=900"}), items).front();
        compareClose(without.distance->l1, plainDistance, 0.01, 0);
        const auto with = run(dented(), requestFor("fmn", Norm::L1, {"steps=900", "ddn-start=true"}), items).front();
        compareClose(with.distance->l1, distanceThroughDent(), 0.02, 0);
        QVERIFY(with.norm == Norm::L1 && with.distance->l1 < 0.6 * plainDistance);
    }

    // The switch is of no meaning in norms other than L1.
    void ddnStartBelongsToL1()
    {
        const auto model = reluNet(3);
        const auto images = randomImages(2, 4);
        const auto items = itemsFor(model, images);
        for (const Norm norm : {Norm::L0, Norm::L2, Norm::Linf}) {
            const auto plain = run(model, requestFor("fmn", norm, {"steps=40"}), items);
            const auto switched = run(model, requestFor("fmn", norm, {"steps=40", "ddn-start=true"}), items);
            for (std::size_t i = 0; i < items.size(); ++i) {
                QCOMPARE(plain[i].success, switched[i].success);
                QVERIFY(!plain[i].success || plain[i].adversarial->pixels == switched[i].adversarial->pixels);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestFmn)
#include "tst_fmn.moc"
