// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include <QTest>

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
    }
};

QTEST_APPLESS_MAIN(TestFmn)
#include "tst_fmn.moc"
