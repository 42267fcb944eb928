// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/stats/density.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

using namespace brink;

namespace {

constexpr int cells = 40;

struct Points {
    std::vector<double> x, y;
};

Points normalPoints(int count, double centre, double deviation)
{
    Rng rng(11);
    Points points;
    for (int i = 0; i < count; ++i) {
        points.x.push_back(centre + deviation * rng.normal());
        points.y.push_back(centre + 2 * deviation * rng.normal());
    }
    return points;
}

double mass(const DensityGrid& density) { return std::accumulate(density.values.begin(), density.values.end(), 0.0); }

} // namespace

class TestDensity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void twoPointsAreTheirKernels()
    {
        // Quartiles of two points: half of their distance apart; along a line, so that kernels are as narrow as they may be.
        const std::vector<double> x{2, 4}, y{3, 7};
        const DensityGrid density = densityOver(x, y, {0, 8, 0, 10}, 5, 4);
        const double shrink = 0.3 * std::pow(2.0, -1.0 / 6);
        const double hx = 1 / 1.349 * shrink, hy = 2 / 1.349 * shrink;
        const auto bell = [](double distance, double h) { return std::exp(-distance * distance / (2 * h * h)) / (h * std::sqrt(2 * std::numbers::pi)); };
        for (int row = 0; row < 5; ++row)
            for (int column = 0; column < 4; ++column) {
                const double at = 2 * column + 1, above = 10 - 2 * row - 1;
                double expected = 0;
                for (int i = 0; i < 2; ++i)
                    expected += (bell(at - x[std::size_t(i)], hx) + bell(at + x[std::size_t(i)], hx)) * (bell(above - y[std::size_t(i)], hy) + bell(above + y[std::size_t(i)], hy));
                expected *= 2 * 2 / 2.0; // cells of 2 by 2, two points
                QVERIFY(std::abs(density.values[std::size_t(row * 4 + column)] - expected) < 1e-12);
            }
    }

    void aNormalLawIsFound()
    {
        const Points points = normalPoints(20'000, 10, 1);
        const DensityGrid density = densityOver(points.x, points.y, {5, 15, 0, 20}, cells, cells);
        QVERIFY(std::abs(mass(density) - 1) < 1e-3);
        const auto largest = std::ranges::max_element(density.values) - density.values.begin();
        QVERIFY(std::abs(double(largest % cells) + 0.5 - cells / 2.0) < 3 && std::abs(double(largest / cells) + 0.5 - cells / 2.0) < 3);
        // Smallest regions of a normal law with a share s are ellipses where the density is 1 - s of the largest.
        for (const double share : {0.5, 0.9})
            QVERIFY(std::abs(levelHolding(density, share) / density.values[std::size_t(largest)] - (1 - share)) < 0.05);
    }

    void pointsAlongALineAreNotSmeared()
    {
        Rng rng(5);
        Points points;
        for (int i = 0; i < 2000; ++i) {
            points.x.push_back(10 * rng.uniform());
            points.y.push_back(points.x.back() + 0.2 * rng.normal());
        }
        const DensityGrid density = densityOver(points.x, points.y, {0, 10, 0, 10}, cells, cells);
        const double level = levelHolding(density, 0.9);
        int inside = 0;
        for (int row = 0; row < cells; ++row)
            for (int column = 0; column < cells; ++column)
                if (density.values[std::size_t(row * cells + column)] >= level) {
                    ++inside;
                    QVERIFY(std::abs((cells - 1 - row) - column) * 10.0 / cells < 1.5);
                }
        QVERIFY(inside > cells);
    }

    void nothingIsLostAtTheEdge()
    {
        Points points = normalPoints(20'000, 0, 1);
        for (std::vector<double>* values : {&points.x, &points.y})
            for (double& value : *values)
                value = std::abs(value);
        const DensityGrid density = densityOver(points.x, points.y, {0, 6, 0, 12}, cells, cells);
        QVERIFY(std::abs(mass(density) - 1) < 1e-3);
        const double corner = density.values[std::size_t(cells * (cells - 1))]; // below left
        QVERIFY(corner > 0.9 * std::ranges::max(density.values));
    }

    void pointsInALineHaveADensity()
    {
        const std::vector<double> x{1, 1, 1, 1}, y{1, 2, 3, 4};
        const DensityGrid density = densityOver(x, y, {0, 2, 0, 5}, cells, cells);
        QVERIFY(std::ranges::all_of(density.values, [](double value) { return std::isfinite(value) && value >= 0; }));
    }

    void levelsHoldTheirShare()
    {
        const DensityGrid density{2, 2, {1, 4, 2, 3}};
        QCOMPARE(levelHolding(density, 0.3), 4.0);
        QCOMPARE(levelHolding(density, 0.5), 3.0);
        QCOMPARE(levelHolding(density, 0.95), 1.0);
        QVERIFY_THROWS_EXCEPTION(Error, (void)levelHolding(density, 1));
        QVERIFY_THROWS_EXCEPTION(Error, (void)levelHolding({1, 1, {0}}, 0.5));
    }

    void wrongInputIsRefused()
    {
        const std::vector<double> one{1}, two{1, 2}, three{1, 2, 3};
        QVERIFY_THROWS_EXCEPTION(Error, (void)densityOver(one, one, {0, 1, 0, 1}, 2, 2));
        QVERIFY_THROWS_EXCEPTION(Error, (void)densityOver(two, three, {0, 1, 0, 1}, 2, 2));
        QVERIFY_THROWS_EXCEPTION(Error, (void)densityOver(two, two, {1, 1, 0, 1}, 2, 2));
        QVERIFY_THROWS_EXCEPTION(Error, (void)densityOver(two, two, {0, 1, 0, 1}, 0, 2));
    }
};

QTEST_APPLESS_MAIN(TestDensity)
#include "tst_density.moc"
