// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include <QTest>

#include <algorithm>
#include <numeric>
#include <set>

using namespace brink;
using namespace brink::test;

/// JSMA on affine nets, where the saliency of every pair of values is known.
class TestJsma : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pairsAreTheMostSalient_data();
    void pairsAreTheMostSalient();
    void candidatesHoldThePair();
    void onlyTheDirectionAsked_data();
    void onlyTheDirectionAsked();
    void noMoreValuesThanTheirShare();
    void valuesDoNotGoBack();
};

namespace {

constexpr int classCount = 4, valueCount = 36;

/// Weights [K][d] of an affine net on 6 x 6 images.
std::vector<std::vector<float>> randomWeights(std::uint64_t seed)
{
    std::vector<std::vector<float>> weights(classCount, std::vector<float>(valueCount));
    Rng rng(seed);
    for (auto& row : weights)
        rng.fillNormal(row);
    return weights;
}

std::shared_ptr<const Classifier> affineNet(const std::vector<std::vector<float>>& weights)
{
    std::vector<float> flat;
    for (const auto& row : weights)
        flat.insert(flat.end(), row.begin(), row.end());
    const at::Tensor matrix = at::tensor(flat).view({1, classCount, valueCount});
    return makeClassifier("affine 6 x 6", {1, 6, 6}, classCount, [matrix](const at::Tensor& x) { return (x.flatten(1).unsqueeze(1) * matrix).sum(2); });
}

Image greyNoise(std::uint64_t seed)
{
    std::vector<float> pixels(valueCount);
    Rng(seed).fillUniform(pixels, 0.2F, 0.8F);
    return makeImage(std::move(pixels), 6, 6);
}

std::vector<double> logitsOf(const std::vector<std::vector<float>>& weights, const std::vector<float>& x)
{
    std::vector<double> logits;
    for (const auto& row : weights)
        logits.push_back(std::inner_product(row.begin(), row.end(), x.begin(), 0.0));
    return logits;
}

/// Algorithm 3 of the paper by brute force: every pair of values, every way, for target `t`; full changes.
struct SalientPair {
    std::set<int> values;
    std::vector<float> next;
    double saliency = 0;
};

SalientPair mostSalientPair(const std::vector<std::vector<float>>& weights, const std::vector<float>& x, const std::vector<float>& clean, int t)
{
    const auto others = [&](int value) {
        double sum = 0;
        for (int j = 0; j < classCount; ++j)
            sum += j == t ? 0.0 : double(weights[std::size_t(j)][std::size_t(value)]);
        return sum;
    };
    const auto canGo = [&](int value, int way) {
        const auto v = std::size_t(value);
        return way > 0 ? x[v] < 1 && x[v] >= clean[v] : x[v] > 0 && x[v] <= clean[v];
    };
    SalientPair best;
    for (int p = 0; p < valueCount; ++p)
        for (int q = p + 1; q < valueCount; ++q)
            for (const int wayP : {1, -1})
                for (const int wayQ : {1, -1}) {
                    const double gain = wayP * double(weights[std::size_t(t)][std::size_t(p)]) + wayQ * double(weights[std::size_t(t)][std::size_t(q)]);
                    const double loss = -wayP * others(p) - wayQ * others(q);
                    if (!canGo(p, wayP) || !canGo(q, wayQ) || gain <= 0 || loss <= 0 || gain * loss <= best.saliency)
                        continue;
                    best = {{p, q}, x, gain * loss};
                    best.next[std::size_t(p)] = wayP > 0 ? 1.0F : 0.0F;
                    best.next[std::size_t(q)] = wayQ > 0 ? 1.0F : 0.0F;
                }
    return best;
}

std::set<int> changedValues(const Image& before, const Image& after)
{
    std::set<int> changed;
    for (int i = 0; i < valueCount; ++i)
        if (before.pixels[std::size_t(i)] != after.pixels[std::size_t(i)])
            changed.insert(i);
    return changed;
}

} // namespace

void TestJsma::pairsAreTheMostSalient_data()
{
    QTest::addColumn<int>("seed");
    for (const int seed : {1, 2, 3, 4, 5})
        QTest::addRow("net %d", seed) << seed;
}

void TestJsma::pairsAreTheMostSalient()
{
    QFETCH(const int, seed);
    const auto weights = randomWeights(std::uint64_t(seed));
    const auto model = affineNet(weights);
    const Image image = greyNoise(std::uint64_t(seed) + 100);
    const std::vector<double> logits = logitsOf(weights, image.pixels);
    const int reference = int(std::ranges::max_element(logits) - logits.begin());
    for (int target = 0; target < classCount; ++target) {
        if (target == reference)
            continue;
        AttackRequest request = requestFor("jsma", Norm::L0, {"candidates=1000"});
        request.iterateBytes = std::size_t(1) << 20;
        const AttackItem item{&image, {reference, target, 0}, 1};
        const AttackOutcome outcome = run(model, request, std::span(&item, 1)).front();
        QVERIFY2(outcome.success, outcome.failure.c_str());
        QCOMPARE(*outcome.adversarialClass, std::int64_t(target));
        const auto& iterates = *outcome.iterates;
        std::vector<float> x = image.pixels;
        for (std::size_t step = 1; step < iterates.size(); ++step) {
            const SalientPair pair = mostSalientPair(weights, x, image.pixels, target);
            QVERIFY(changedValues(iterates[step - 1].image, iterates[step].image) == pair.values);
            QCOMPARE(iterates[step].image.pixels, pair.next);
            x = pair.next;
        }
        QVERIFY(iterates.size() >= 2);
        QCOMPARE(outcome.distance->l0, double(2 * (iterates.size() - 1)));
        QCOMPARE(outcome.counts.backwards, std::int64_t(2 * (iterates.size() - 1)) + 2); // the successful iterate's, too
    }
}

// The few values that are weighed by default hold the pair that all values would give.
void TestJsma::candidatesHoldThePair()
{
    int same = 0, tried = 0;
    for (int seed = 1; seed <= 20; ++seed) {
        const auto weights = randomWeights(std::uint64_t(seed));
        const auto model = affineNet(weights);
        const Image image = greyNoise(std::uint64_t(seed) + 100);
        const std::vector<double> logits = logitsOf(weights, image.pixels);
        const AttackItem item{&image, {std::ranges::max_element(logits) - logits.begin(), {}, 0}, 1};
        const auto all = run(model, requestFor("jsma", Norm::L0, {"candidates=1000"}), std::span(&item, 1)).front();
        const auto few = run(model, requestFor("jsma", Norm::L0, {"candidates=12"}), std::span(&item, 1)).front();
        QVERIFY(all.success && few.success);
        ++tried;
        same += all.adversarial->pixels == few.adversarial->pixels;
    }
    QVERIFY2(same >= tried - 2, qPrintable(QStringLiteral("%1 of %2").arg(same).arg(tried)));
}

void TestJsma::onlyTheDirectionAsked_data()
{
    QTest::addColumn<QString>("direction");
    QTest::addRow("brighter") << QStringLiteral("brighter");
    QTest::addRow("darker") << QStringLiteral("darker");
}

void TestJsma::onlyTheDirectionAsked()
{
    QFETCH(const QString, direction);
    const auto model = reluNet(3);
    const auto images = randomImages(4, 12);
    const auto items = itemsFor(model, images);
    int found = 0;
    const auto outcomes = run(model, requestFor("jsma", Norm::L0, {"direction=" + direction.toStdString()}), items);
    for (std::size_t i = 0; i < items.size(); ++i) {
        found += outcomes[i].success;
        for (std::size_t k = 0; outcomes[i].success && k < images[i].pixels.size(); ++k) {
            const float change = outcomes[i].adversarial->pixels[k] - images[i].pixels[k];
            QVERIFY(direction == QStringLiteral("brighter") ? change >= 0 : change <= 0);
        }
    }
    QVERIFY(found >= 4);
}

void TestJsma::noMoreValuesThanTheirShare()
{
    const auto model = reluNet(3);
    const auto images = randomImages(4, 24);
    const auto items = itemsFor(model, images);
    const auto many = run(model, requestFor("jsma", Norm::L0), items);
    const auto few = run(model, requestFor("jsma", Norm::L0, {"gamma=0.0625"}), items); // 4 of 64
    int fewer = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        QCOMPARE(few[i].success, many[i].success && many[i].distance->l0 <= 4);
        QVERIFY(few[i].success || !few[i].failure.empty());
        fewer += !few[i].success && many[i].success;
    }
    QVERIFY(fewer > 0); // else the share was never felt
}

// With small steps a value is changed again and again, always the same way: no distance shrinks along the walk.
void TestJsma::valuesDoNotGoBack()
{
    const auto model = reluNet(3);
    const auto images = randomImages(4, 8);
    const auto items = itemsFor(model, images);
    AttackRequest request = requestFor("jsma", Norm::L0, {"theta=0.3"});
    request.iterateBytes = std::size_t(1) << 20;
    for (const AttackOutcome& outcome : run(model, request, items))
        for (std::size_t step = 1; step < outcome.iterates->size(); ++step) {
            const auto before = distancesBetween((*outcome.iterates)[0].image, (*outcome.iterates)[step - 1].image);
            const auto after = distancesBetween((*outcome.iterates)[0].image, (*outcome.iterates)[step].image);
            QVERIFY(after.l1 > before.l1 && after.l0 >= before.l0);
        }
}

QTEST_APPLESS_MAIN(TestJsma)
#include "tst_jsma.moc"
