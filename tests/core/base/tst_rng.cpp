// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/rng.h"

#include "tests/support/compare.h"

#include <cmath>
#include <cstring>
#include <set>
#include <vector>

using namespace brink;

namespace {

constexpr int many = 1 << 20;

std::uint64_t bitsHash(const std::vector<float>& values)
{
    std::uint64_t hash = 1469598103934665603ULL;
    for (const float value : values) {
        std::uint32_t word;
        std::memcpy(&word, &value, sizeof word);
        hash = (hash ^ word) * 1099511628211ULL;
    }
    return hash;
}

double moment(const std::vector<float>& values, int power)
{
    double sum = 0;
    for (const float value : values)
        sum += std::pow(double(value), power);
    return sum / double(values.size());
}

} // namespace

class TestRng : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameSeedSameBits();
    void keepsItsBitsOnEveryMachine();
    void otherSeedOtherNumbers();
    void seedsCombineByOrderAndValue();
    void normalHasItsMoments();
    void normalFollowsTheDistributionFunction();
    void normalPairsAreUncorrelated();
    void uniformStaysInsideAndIsFlat();
    void laplaceHasItsMomentsAndSigns();
    void belowIsFlat();
    void oddSizesAreFilled();
    void fillSpeed_data();
    void fillSpeed();
};

void TestRng::sameSeedSameBits()
{
    std::vector<float> a(1000), b(1000);
    Rng first(42), second(42);
    first.fillNormal(a);
    second.fillNormal(b);
    QCOMPARE(bitsHash(a), bitsHash(b));
    QCOMPARE(first.bits(), second.bits());
}

void TestRng::keepsItsBitsOnEveryMachine()
{
    // Frozen when the generator was written, with and without AVX2: results of old seeds must stay what they were.
    std::vector<float> values(10000);
    Rng rng(20180130);
    rng.fillNormal(values);
    QCOMPARE(bitsHash(values), std::uint64_t(15108453135791795403ULL));
    rng.fillUniform(values, -0.25F, 0.5F);
    QCOMPARE(bitsHash(values), std::uint64_t(3680078713381950594ULL));
    rng.fillLaplace(values);
    QCOMPARE(bitsHash(values), std::uint64_t(4106201535217909037ULL));
}

void TestRng::otherSeedOtherNumbers()
{
    std::set<std::uint64_t> words;
    for (std::uint64_t seed = 0; seed < 1000; ++seed)
        words.insert(Rng(seed).bits());
    QCOMPARE(words.size(), std::size_t(1000));
}

void TestRng::seedsCombineByOrderAndValue()
{
    QCOMPARE(combineSeeds({1, 2, 3}), combineSeeds({1, 2, 3}));
    std::set<std::uint64_t> seeds{combineSeeds({}), combineSeeds({0}), combineSeeds({0, 0}), combineSeeds({1}), combineSeeds({1, 2}),
        combineSeeds({2, 1}), combineSeeds({1, 2, 0})};
    QCOMPARE(seeds.size(), std::size_t(7));
}

void TestRng::normalHasItsMoments()
{
    std::vector<float> values(many);
    Rng(1).fillNormal(values);
    // Five standard errors: sqrt(1, 2, 15, 96) / sqrt(n).
    const double unit = 5 / std::sqrt(double(many));
    compareClose(moment(values, 1), 0.0, 0, unit);
    compareClose(moment(values, 2), 1.0, 0, unit * std::sqrt(2.0));
    compareClose(moment(values, 3), 0.0, 0, unit * std::sqrt(15.0));
    compareClose(moment(values, 4), 3.0, 0, unit * std::sqrt(96.0));
}

void TestRng::normalFollowsTheDistributionFunction()
{
    std::vector<float> values(many);
    Rng(2).fillNormal(values);
    for (const double at : {-3.0, -1.5, -0.5, 0.0, 0.25, 1.0, 2.0, 4.0}) {
        int below = 0;
        for (const float value : values)
            below += double(value) < at;
        const double expected = 0.5 * std::erfc(-at / std::sqrt(2.0));
        compareClose(double(below) / many, expected, 0, 5 * std::sqrt(expected * (1 - expected) / many) + 1e-6);
    }
}

void TestRng::normalPairsAreUncorrelated()
{
    std::vector<float> values(many);
    Rng(3).fillNormal(values);
    // Lags of the stream lanes and of the cosine-sine halves of a block.
    for (const int lag : {1, 2, 4, 8, 16, 256, 512}) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i + lag < many; ++i) {
            const double a = double(values[std::size_t(i)]);
            const double b = double(values[std::size_t(i + lag)]);
            sum += a * b;
            squares += (a * a - 1) * (b * b - 1);
        }
        compareClose(sum / many, 0.0, 0, 5 / std::sqrt(double(many)));
        compareClose(squares / many, 0.0, 0, 10 / std::sqrt(double(many)));
    }
}

void TestRng::uniformStaysInsideAndIsFlat()
{
    std::vector<float> values(many);
    Rng(4).fillUniform(values, -2.0F, 6.0F);
    std::vector<int> bins(16);
    for (const float value : values) {
        QVERIFY(value >= -2.0F && value < 6.0F);
        ++bins[std::size_t((value + 2.0F) * 2.0F)];
    }
    for (const int count : bins)
        compareClose(double(count), many / 16.0, 0, 5 * std::sqrt(many / 16.0));
}

void TestRng::laplaceHasItsMomentsAndSigns()
{
    std::vector<float> values(many);
    Rng(5).fillLaplace(values);
    const double unit = 5 / std::sqrt(double(many));
    compareClose(moment(values, 1), 0.0, 0, unit * std::sqrt(2.0)); // variance 2
    compareClose(moment(values, 2), 2.0, 0, unit * std::sqrt(20.0)); // E x^4 - 4 = 24 - 4
    int positive = 0;
    for (const float value : values)
        positive += value > 0;
    compareClose(double(positive) / many, 0.5, 0, unit);
}

void TestRng::belowIsFlat()
{
    Rng rng(6);
    std::vector<int> bins(7);
    for (int i = 0; i < 70000; ++i)
        ++bins[rng.below(7)];
    for (const int count : bins)
        compareClose(double(count), 10000.0, 0, 5 * 100.0);
    QCOMPARE(rng.below(1), std::uint64_t(0));
}

void TestRng::oddSizesAreFilled()
{
    for (const std::size_t size : {std::size_t(1), std::size_t(3), std::size_t(513), std::size_t(784)}) {
        std::vector<float> values(size + 1, 99.0F);
        Rng(7).fillNormal({values.data(), size});
        for (std::size_t i = 0; i < size; ++i)
            QVERIFY(std::fabs(values[i]) < 7.0F);
        QCOMPARE(values.back(), 99.0F); // nothing written behind the end
    }
}

void TestRng::fillSpeed_data()
{
    QTest::addColumn<int>("law");
    QTest::addRow("784 normals") << 0;
    QTest::addRow("784 uniforms") << 1;
    QTest::addRow("784 signed exponentials") << 2;
}

void TestRng::fillSpeed()
{
    QFETCH(int, law);
    std::vector<float> values(784);
    Rng rng(8);
    QBENCHMARK {
        if (law == 0)
            rng.fillNormal(values);
        else if (law == 1)
            rng.fillUniform(values, -1, 1);
        else
            rng.fillLaplace(values);
    }
    QVERIFY(values[0] != values[1]);
}

QTEST_APPLESS_MAIN(TestRng)
#include "tst_rng.moc"
