// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/figure/contours.h"
#include "core/figure/figure.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace brink;

class TestContours : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // A square of another label has one ring of four corners around it, straight sides in one piece.
    void ringAroundAnIsland()
    {
        std::vector<std::int16_t> labels(36, 0);
        for (int row = 2; row < 4; ++row)
            for (int column = 1; column < 4; ++column)
                labels[std::size_t(row * 6 + column)] = 5;
        const auto lines = labelEdges(labels, 6, 6);
        QCOMPARE(lines.size(), std::size_t(1));
        QCOMPARE(lines.front().front(), lines.front().back());
        double length = 0;
        for (std::size_t i = 1; i < lines.front().size(); ++i)
            length += std::hypot(lines.front()[i][0] - lines.front()[i - 1][0], lines.front()[i][1] - lines.front()[i - 1][1]);
        QCOMPARE(length, 10.0);
        QVERIFY(lines.front().size() <= 6); // four corners, and where the ring starts
    }

    // Where three regions meet, three lines end.
    void threeRegions()
    {
        const std::vector<std::int16_t> labels{0, 0, 1, 1, //
            0, 0, 1, 1,                                    //
            2, 2, 2, 2,                                    //
            2, 2, 2, 2};
        const auto lines = labelEdges(labels, 4, 4);
        QCOMPARE(lines.size(), std::size_t(3));
        for (const auto& line : lines) {
            const std::array<double, 2> centre{2, 2};
            QVERIFY(line.front() == centre || line.back() == centre);
            QCOMPARE(line.size(), std::size_t(2));
        }
    }

    void oneRegionHasNoEdges()
    {
        const std::vector<std::int16_t> labels(12, 3);
        QVERIFY(labelEdges(labels, 3, 4).empty());
        const std::vector<double> values(12, 1.0);
        QVERIFY(isoLines(values, labels, 3, 4, 0.5).empty());
    }

    // On a ramp the line of a level is straight and where the ramp has that value.
    void rampAndCone()
    {
        constexpr int n = 20;
        std::vector<double> ramp(n * n), cone(n * n);
        for (int row = 0; row < n; ++row)
            for (int column = 0; column < n; ++column) {
                ramp[std::size_t(row * n + column)] = column + 0.5;
                cone[std::size_t(row * n + column)] = std::hypot(column + 0.5 - 10, row + 0.5 - 10);
            }
        const std::vector<std::int16_t> labels(n * n, 0);
        const auto straight = isoLines(ramp, labels, n, n, 7.25);
        QCOMPARE(straight.size(), std::size_t(1));
        for (const auto& [x, y] : straight.front())
            QVERIFY(std::abs(x - 7.25) < 1e-12);
        const auto round = isoLines(cone, labels, n, n, 6);
        QCOMPARE(round.size(), std::size_t(1));
        QCOMPARE(round.front().front(), round.front().back());
        for (const auto& [x, y] : round.front())
            QVERIFY(std::abs(std::hypot(x - 10, y - 10) - 6) < 0.05);
    }

    // Margins fall to 0 between two classes, whatever the numbers of neighbouring cells say: no line crosses over.
    void noLineAcrossClasses()
    {
        const std::vector<double> values{1, 3, 1, 3, 1, 3, 1, 3, 1};
        const std::vector<std::int16_t> labels{0, 1, 2, 3, 4, 5, 6, 7, 8};
        QVERIFY(isoLines(values, labels, 3, 3, 2).empty());
        QVERIFY(!isoLines(values, std::vector<std::int16_t>(9, 0), 3, 3, 2).empty());
    }

    void namesStandInTheMiddle()
    {
        std::vector<std::int16_t> labels(81, 0);
        for (int row = 1; row < 6; ++row)
            for (int column = 2; column < 7; ++column)
                labels[std::size_t(row * 9 + column)] = 4;
        const auto places = labelPlaces(labels, 9, 9);
        const auto island = std::ranges::find(places, 4, &LabelPlace::label);
        QVERIFY(island != places.end());
        QCOMPARE(island->x, 4.5);
        QCOMPARE(island->y, 3.5);
        QCOMPARE(island->distance, 3);
    }

    // The bounds decide by the middles of the cells, also where the polygon turns inwards.
    void cellsInsideOfBounds()
    {
        RegionLayer layer;
        layer.rows = 4;
        layer.columns = 4;
        layer.frame = {0, 4, 0, 4};
        QCOMPARE(cellsInBounds(layer), std::vector<std::uint8_t>(16, 1));
        layer.boundsX = makeColumn({0, 4, 4, 2, 2, 0});
        layer.boundsY = makeColumn({0, 0, 4, 4, 2, 2});
        const std::vector<std::uint8_t> expected{0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        QCOMPARE(cellsInBounds(layer), expected);
        layer.boundsX = makeColumn({});
        layer.boundsY = makeColumn({});
        QCOMPARE(cellsInBounds(layer), std::vector<std::uint8_t>(16, 0));
    }
};

QTEST_APPLESS_MAIN(TestContours)
#include "tst_contours.moc"
