// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/tangents.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace brink::certify;

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// The least that the tangent at a place exceeds the function by, of 2001 points of the interval.
double leastExcess(double place, double lower, double upper)
{
    const double value = sigmoid(place), slope = value * (1 - value);
    double least = 1;
    for (int i = 0; i <= 2000; ++i) {
        const double x = lower + (upper - lower) * i / 2000;
        least = std::min(least, value + slope * (x - place) - sigmoid(x));
    }
    return least;
}

} // namespace

class TestTangents : public QObject {
    Q_OBJECT

private slots:
    /// By brute force: all tangents of the range lie above, one a little before it does not, and without a range not even the last does.
    void rangesAreWholeAndHold()
    {
        int none = 0, cut = 0, all = 0;
        for (const double lower : {-40.0, -8.0, -3.0, -1.0, -0.1, -1e-3, -1e-9, 0.0, 0.5, 6.0}) {
            for (const double width : {1e-9, 1e-3, 0.05, 0.3, 1.5, 2.5, 7.0, 45.0}) {
                const double upper = lower + width;
                const TangentPlaces places = sigmoidTangentsAbove(lower, upper);
                if (!places.exist) {
                    QVERIFY(upper <= 0 || leastExcess(upper, lower, upper) < 0);
                    QCOMPARE(places.begin, lower);
                    QCOMPARE(places.end, lower);
                    ++none;
                    continue;
                }
                QVERIFY(places.begin >= 0 && places.begin <= upper);
                QCOMPARE(places.end, upper);
                for (const double part : {0.0, 0.01, 0.5, 1.0})
                    QVERIFY(leastExcess(places.begin + part * (places.end - places.begin), lower, upper) >= -1e-14);
                if (lower < -1e-4 && width > 0.01) { // what less lacks is lost in rounding
                    QVERIFY(leastExcess(places.begin - 1e-4 * width, lower, upper) < 0);
                    ++cut;
                } else if (lower >= 0) {
                    QCOMPARE(places.begin, lower);
                    ++all;
                }
            }
        }
        QVERIFY(none >= 10 && cut >= 10 && all >= 10);
    }

    void whatIsNoIntervalHasNone()
    {
        const double nan = std::nan(""), infinity = HUGE_VAL;
        QVERIFY(!sigmoidTangentsAbove(nan, 1).exist);
        QVERIFY(!sigmoidTangentsAbove(-1, nan).exist);
        QVERIFY(!sigmoidTangentsAbove(-infinity, 1).exist);
    }
};

QTEST_APPLESS_MAIN(TestTangents)
#include "tst_tangents.moc"
