// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <torch/script.h>

#include "core/threat/metric_torch.h"

#include "core/base/error.h"
#include "core/base/rng.h"

#include "tests/support/compare.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace brink;

namespace {

at::Tensor randomRows(std::uint64_t seed, std::int64_t rows, std::int64_t length, bool isNormal = true)
{
    const at::Tensor values = at::empty({rows, 1, 1, length});
    Rng rng(seed);
    const std::span<float> out(values.data_ptr<float>(), std::size_t(values.numel()));
    if (isNormal)
        rng.fillNormal(out);
    else
        rng.fillUniform(out, 0, 1);
    return values;
}

/// Independent projection on the L1 ball: bisection on the soft threshold, in double.
std::vector<double> projectL1ByBisection(const float* values, std::int64_t length, double radius)
{
    const auto shrunk = [&](double theta, std::int64_t i) { return std::max(std::abs(double(values[i])) - theta, 0.0); };
    const auto sum = [&](double theta) {
        double total = 0;
        for (std::int64_t i = 0; i < length; ++i)
            total += shrunk(theta, i);
        return total;
    };
    double low = 0, high = 1e3;
    for (int i = 0; i < 200 && sum(0) > radius; ++i) {
        const double middle = (low + high) / 2;
        (sum(middle) > radius ? low : high) = middle;
    }
    const double theta = sum(0) > radius ? high : 0;
    std::vector<double> projected;
    for (std::int64_t i = 0; i < length; ++i)
        projected.push_back(std::copysign(shrunk(theta, i), double(values[i])));
    return projected;
}

} // namespace

class TestMetric : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lengthOfKnownRow_data();
    void lengthOfKnownRow();
    void projectionStaysInBallAndIsIdentityInside_data();
    void projectionStaysInBallAndIsIdentityInside();
    void infiniteRadiusChangesNothing();
    void l1ProjectionAgreesWithBisection();
    void l0KeepsLargest();
    void steepestStepAttainsDualNorm_data();
    void steepestStepAttainsDualNorm();
    void uniformBallHasVolumeLaw_data();
    void uniformBallHasVolumeLaw();
    void farthestInBox();
    void rowsAreIndependent();
    void l0HasNoDual();
};

void TestMetric::lengthOfKnownRow_data()
{
    QTest::addColumn<Norm>("norm");
    QTest::addColumn<double>("expected");
    QTest::addRow("l0") << Norm::L0 << 2.0;
    QTest::addRow("l1") << Norm::L1 << 7.0;
    QTest::addRow("l2") << Norm::L2 << 5.0;
    QTest::addRow("linf") << Norm::Linf << 4.0;
}

void TestMetric::lengthOfKnownRow()
{
    QFETCH(Norm, norm);
    QFETCH(double, expected);
    const at::Tensor rows = at::tensor({3.0F, 0.0F, -4.0F, 0.0F, 0.0F, 0.0F}).view({2, 3});
    const at::Tensor length = DistanceMetric(norm).length(rows);
    QCOMPARE(double(length[0].item<float>()), expected);
    QCOMPARE(double(length[1].item<float>()), 0.0);
}

void TestMetric::projectionStaysInBallAndIsIdentityInside_data()
{
    QTest::addColumn<Norm>("norm");
    for (const auto& [name, norm] : {std::pair("l0", Norm::L0), {"l1", Norm::L1}, {"l2", Norm::L2}, {"linf", Norm::Linf}})
        QTest::addRow("%s", name) << norm;
}

void TestMetric::projectionStaysInBallAndIsIdentityInside()
{
    QFETCH(Norm, norm);
    const DistanceMetric metric(norm);
    const at::Tensor delta = randomRows(1, 20, 200);
    const at::Tensor radius = at::linspace(0, 3, 20).mul(norm == Norm::L0 || norm == Norm::L1 ? 20.0 : 1.0);
    const at::Tensor projected = metric.project(delta, radius);
    // A projection ends on the sphere to float rounding of 200 summands.
    QVERIFY((metric.length(projected) <= radius * (1 + 1e-5) + 1e-6).all().item<bool>());
    QVERIFY(at::equal(metric.project(projected, radius * 1.0001 + 1e-4), projected));
}

void TestMetric::infiniteRadiusChangesNothing()
{
    const at::Tensor delta = randomRows(2, 3, 50);
    for (const Norm norm : {Norm::L0, Norm::L1, Norm::L2, Norm::Linf})
        QVERIFY(at::equal(DistanceMetric(norm).project(delta, at::full({3}, std::numeric_limits<double>::infinity())), delta));
}

void TestMetric::l1ProjectionAgreesWithBisection()
{
    const at::Tensor delta = randomRows(3, 30, 100);
    const at::Tensor radius = at::linspace(0.01, 60, 30);
    const at::Tensor projected = DistanceMetric(Norm::L1).project(delta, radius).contiguous();
    for (std::int64_t row = 0; row < 30; ++row) {
        const auto expected = projectL1ByBisection(delta[row].data_ptr<float>(), 100, radius[row].item<float>());
        for (std::size_t i = 0; i < 100; ++i)
            // float cumulative sums of 100 values near 1
            compareClose(projected[row].data_ptr<float>()[i], expected[i], 0, 3e-6);
    }
}

void TestMetric::l0KeepsLargest()
{
    const at::Tensor delta = at::tensor({0.1F, -0.9F, 0.4F, 0.0F, 0.5F, 0.2F, -0.3F, 0.6F}).view({2, 4});
    const at::Tensor expected = at::tensor({0.0F, -0.9F, 0.4F, 0.0F, 0.0F, 0.0F, 0.0F, 0.6F}).view({2, 4});
    QVERIFY(at::equal(DistanceMetric(Norm::L0).project(delta, at::tensor({2.0F, 1.7F})), expected));
}

void TestMetric::steepestStepAttainsDualNorm_data()
{
    QTest::addColumn<Norm>("norm");
    for (const auto& [name, norm] : {std::pair("l1", Norm::L1), {"l2", Norm::L2}, {"linf", Norm::Linf}})
        QTest::addRow("%s", name) << norm;
}

/// Hoelder: the rise of a linear function over a step of length 1 is at most the dual norm; the steepest attains it.
void TestMetric::steepestStepAttainsDualNorm()
{
    QFETCH(Norm, norm);
    const DistanceMetric metric(norm);
    const at::Tensor gradient = randomRows(4, 10, 300);
    const at::Tensor step = metric.steepest(gradient);
    QVERIFY(at::allclose(metric.length(step), at::ones({10}), 1e-5, 1e-6));
    QVERIFY(at::allclose((step * gradient).flatten(1).sum(1), metric.dualLength(gradient), 1e-5, 1e-5));
    QVERIFY(at::equal(metric.steepest(at::zeros({2, 3})), at::zeros({2, 3})));
}

void TestMetric::uniformBallHasVolumeLaw_data()
{
    QTest::addColumn<Norm>("norm");
    for (const auto& [name, norm] : {std::pair("l1", Norm::L1), {"l2", Norm::L2}, {"linf", Norm::Linf}})
        QTest::addRow("%s", name) << norm;
}

/// P(length < t) = t^d for the uniform law in d dimensions: the mean of length^d is 1/2.
void TestMetric::uniformBallHasVolumeLaw()
{
    QFETCH(Norm, norm);
    const std::int64_t count = 20000, dimension = 3;
    const at::Tensor raw = randomRows(5, count, dimension, norm == Norm::L2);
    const at::Tensor signs = randomRows(6, count, dimension, false).sub(0.5).sign();
    const at::Tensor radial = randomRows(7, 1, count, false).flatten();
    const DistanceMetric metric(norm);
    const at::Tensor point = metric.ballFromRandom(raw, signs, radial);
    const at::Tensor length = metric.length(point);
    QVERIFY(length.max().item<float>() <= 1.0F + 1e-6F);
    // standard error 0.0020; four of them
    compareClose(length.pow(double(dimension)).mean().item<float>(), 0.5, 0, 0.0082);
    // centred: a coordinate's standard error is below 0.0042
    QVERIFY(point.flatten(1).mean(0).abs().max().item<float>() < 0.017F);
}

void TestMetric::farthestInBox()
{
    const at::Tensor image = at::tensor({0.0F, 0.25F, 1.0F}).view({1, 3});
    QCOMPARE(DistanceMetric(Norm::Linf).farthestInBox(image).item<float>(), 1.0F);
    QCOMPARE(DistanceMetric(Norm::L1).farthestInBox(image).item<float>(), 2.75F);
    QCOMPARE(DistanceMetric(Norm::L0).farthestInBox(image).item<float>(), 3.0F);
}

/// Bit for bit: a row alone and among others.
void TestMetric::rowsAreIndependent()
{
    const at::Tensor delta = randomRows(8, 64, 784);
    const at::Tensor radius = at::full({64}, 2.0);
    for (const Norm norm : {Norm::L0, Norm::L1, Norm::L2, Norm::Linf}) {
        const DistanceMetric metric(norm);
        const at::Tensor together = metric.project(delta, radius);
        const at::Tensor length = metric.length(delta);
        for (const std::int64_t row : {0, 17, 63}) {
            const at::Tensor alone = delta.slice(0, row, row + 1);
            QVERIFY(at::equal(metric.project(alone, radius.slice(0, 0, 1)), together.slice(0, row, row + 1)));
            QVERIFY(at::equal(metric.length(alone), length.slice(0, row, row + 1)));
        }
    }
}

void TestMetric::l0HasNoDual()
{
    QVERIFY_THROWS_EXCEPTION(Error, (void)DistanceMetric(Norm::L0).dualLength(at::ones({1, 2})));
    QVERIFY_THROWS_EXCEPTION(Error, (void)DistanceMetric(Norm::L0).steepest(at::ones({1, 2})));
}

QTEST_APPLESS_MAIN(TestMetric)
#include "tst_metric.moc"
