// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/ballsampler.h"

#include "tests/support/compare.h"

#include <cmath>
#include <vector>

using namespace brink;

namespace {

constexpr int points = 4000;

Image greyImage(int side, float value)
{
    Image image;
    image.channels = 1;
    image.height = image.width = side;
    image.pixels.assign(std::size_t(side) * std::size_t(side), value);
    return image;
}

double length(const std::vector<float>& point, const Image& centre, Norm norm)
{
    double sum = 0;
    double top = 0;
    for (std::size_t i = 0; i < point.size(); ++i) {
        const double delta = std::fabs(double(point[i]) - double(centre.pixels[i]));
        sum += norm == Norm::L1 ? delta : delta * delta;
        top = std::max(top, delta);
    }
    return norm == Norm::Linf ? top : norm == Norm::L1 ? sum : std::sqrt(sum);
}

} // namespace

class TestBallSampler : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pointsStayInTheBall_data();
    void pointsStayInTheBall();
    void radiusFollowsItsLaw_data();
    void radiusFollowsItsLaw();
    void isIsotropic_data();
    void isIsotropic();
    void clipsToTheBoxAndSaysHowFar();
    void sameGeneratorSamePoints();
    void drawSpeed_data();
    void drawSpeed();
};

void TestBallSampler::pointsStayInTheBall_data()
{
    QTest::addColumn<Norm>("norm");
    QTest::addColumn<RadialLaw>("law");
    QTest::addRow("L1, paper") << Norm::L1 << RadialLaw::Uniform;
    QTest::addRow("L2, paper") << Norm::L2 << RadialLaw::Uniform;
    QTest::addRow("Linf, paper") << Norm::Linf << RadialLaw::Uniform;
    QTest::addRow("L1, released code") << Norm::L1 << RadialLaw::ReleasedCode;
    QTest::addRow("L2, released code") << Norm::L2 << RadialLaw::ReleasedCode;
    QTest::addRow("Linf, released code") << Norm::Linf << RadialLaw::ReleasedCode;
}

void TestBallSampler::pointsStayInTheBall()
{
    QFETCH(Norm, norm);
    QFETCH(RadialLaw, law);
    const Image centre = greyImage(7, 0.5F);
    const double radius = 0.4;
    BallSampler sampler(centre, norm, radius, law);
    Rng rng(1);
    std::vector<float> point(centre.size());
    double sum = 0;
    for (int i = 0; i < 500; ++i) {
        const double fraction = sampler.draw(rng, point);
        const double distance = length(point, centre, norm);
        QVERIFY(distance <= radius * (1 + 1e-5)); // float rounding of 49 sums
        if (norm != Norm::Linf)
            compareClose(distance, radius * fraction, 1e-4, 1e-6);
        sum += distance;
    }
    compareClose(sampler.meanDistance(), sum / 500, 1e-5, 0);
}

void TestBallSampler::radiusFollowsItsLaw_data()
{
    QTest::addColumn<Norm>("norm");
    QTest::addColumn<RadialLaw>("law");
    QTest::addColumn<double>("mean");
    const double d = 9;
    QTest::addRow("L2 by volume") << Norm::L2 << RadialLaw::Uniform << d / (d + 1);
    QTest::addRow("L1 by volume") << Norm::L1 << RadialLaw::Uniform << d / (d + 1);
    QTest::addRow("L2 as released") << Norm::L2 << RadialLaw::ReleasedCode << d / (d + 1) / 2;
    QTest::addRow("L1 as released") << Norm::L1 << RadialLaw::ReleasedCode << 0.5;
}

void TestBallSampler::radiusFollowsItsLaw()
{
    QFETCH(Norm, norm);
    QFETCH(RadialLaw, law);
    QFETCH(double, mean);
    const Image centre = greyImage(3, 0.5F);
    BallSampler sampler(centre, norm, 0.3, law);
    Rng rng(2);
    std::vector<float> point(centre.size());
    double sum = 0;
    for (int i = 0; i < points; ++i)
        sum += sampler.draw(rng, point);
    compareClose(sum / points, mean, 0, 5 * 0.29 / std::sqrt(double(points))); // five standard errors of U(0,1)
}

void TestBallSampler::isIsotropic_data() { pointsStayInTheBall_data(); }

void TestBallSampler::isIsotropic()
{
    QFETCH(Norm, norm);
    QFETCH(RadialLaw, law);
    const Image centre = greyImage(2, 0.5F);
    BallSampler sampler(centre, norm, 0.4, law);
    Rng rng(3);
    std::vector<float> point(centre.size());
    std::vector<double> sums(4), squares(4);
    for (int i = 0; i < points; ++i) {
        (void)sampler.draw(rng, point);
        for (std::size_t k = 0; k < 4; ++k) {
            const double delta = double(point[k]) - 0.5;
            sums[k] += delta;
            squares[k] += delta * delta;
        }
    }
    const double expected = (squares[0] + squares[1] + squares[2] + squares[3]) / 4;
    for (std::size_t k = 0; k < 4; ++k) {
        QVERIFY(std::abs(sums[k]) < 5 * std::sqrt(squares[k]));
        compareClose(squares[k], expected, 0.12, 0); // about five standard errors
    }
}

void TestBallSampler::clipsToTheBoxAndSaysHowFar()
{
    const Image black = greyImage(10, 0.0F);
    BallSampler sampler(black, Norm::L2, 5, RadialLaw::Uniform);
    Rng rng(4);
    std::vector<float> point(black.size());
    for (int i = 0; i < 100; ++i) {
        (void)sampler.draw(rng, point);
        for (const float value : point)
            QVERIFY(value >= 0.0F && value <= 1.0F);
    }
    // Half of the coordinates are cut off at black, so about 1/sqrt(2) of the length is left.
    compareClose(sampler.meanDistance(), 5 / std::sqrt(2.0), 0.1, 0);
}

void TestBallSampler::sameGeneratorSamePoints()
{
    const Image centre = greyImage(5, 0.5F);
    std::vector<float> a(centre.size()), b(centre.size());
    Rng first(9), second(9);
    BallSampler one(centre, Norm::L2, 1, RadialLaw::Uniform);
    BallSampler two(centre, Norm::L2, 1, RadialLaw::Uniform);
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(one.draw(first, a), two.draw(second, b));
        QCOMPARE(a, b);
    }
}

void TestBallSampler::drawSpeed_data()
{
    QTest::addColumn<Norm>("norm");
    QTest::addRow("784 values, L1") << Norm::L1;
    QTest::addRow("784 values, L2") << Norm::L2;
    QTest::addRow("784 values, Linf") << Norm::Linf;
}

void TestBallSampler::drawSpeed()
{
    QFETCH(Norm, norm);
    const Image centre = greyImage(28, 0.5F);
    BallSampler sampler(centre, norm, 1, RadialLaw::Uniform);
    Rng rng(5);
    std::vector<float> point(centre.size());
    QBENCHMARK { (void)sampler.draw(rng, point); }
    QVERIFY(sampler.meanDistance() > 0);
}

QTEST_APPLESS_MAIN(TestBallSampler)
#include "tst_ballsampler.moc"
