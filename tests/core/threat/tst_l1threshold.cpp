// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/rng.h"
#include "core/threat/l1threshold.h"

#include "tests/support/compare.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace brink;

/// The thresholds against what they promise, summed in double, and against sorting.
class TestL1Threshold : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void leavesTheRadius_data() { rows(); }
    void leavesTheRadius();
    void asBySorting_data() { rows(); }
    void asBySorting();
    void leavesTheRadiusInTheBox_data() { rows(); }
    void leavesTheRadiusInTheBox();
    void nothingToTake();
    void radiusOfZero();

private:
    static void rows();
};

namespace {

/// Magnitudes of many kinds: a heavy tail, ties, zeros, all equal, one large value among small ones.
std::vector<float> magnitudes(const QString& kind, int length)
{
    std::vector<float> u(std::size_t(length), 0.25F);
    Rng rng(7);
    if (kind == QStringLiteral("uniform"))
        rng.fillUniform(u, 0, 1);
    if (kind == QStringLiteral("heavy tail") || kind == QStringLiteral("ties") || kind == QStringLiteral("half zeros"))
        rng.fillNormal(u);
    for (std::size_t i = 0; i < u.size(); ++i) {
        if (kind == QStringLiteral("heavy tail"))
            u[i] = std::abs(u[i] * u[i] * u[i]);
        if (kind == QStringLiteral("ties"))
            u[i] = std::round(std::abs(u[i]) * 4) / 4;
        if (kind == QStringLiteral("half zeros"))
            u[i] = std::max(u[i], 0.0F);
    }
    if (kind == QStringLiteral("one large"))
        u[u.size() / 2] = 50;
    return u;
}

double leftAfter(const std::vector<float>& u, const std::vector<float>& room, double theta)
{
    double sum = 0;
    for (std::size_t i = 0; i < u.size(); ++i)
        sum += std::min(std::max(double(u[i]) - theta, 0.0), room.empty() ? 1e9 : double(room[i]));
    return sum;
}

} // namespace

void TestL1Threshold::rows()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("length");
    QTest::addColumn<double>("share"); // radius as a share of what there is
    for (const char* kind : {"uniform", "heavy tail", "ties", "half zeros", "all equal", "one large"})
        for (const int length : {1, 7, 784, 3072})
            for (const double share : {1e-3, 0.1, 0.5, 0.999})
                QTest::newRow(qPrintable(QStringLiteral("%1, %2 values, %3 of the sum").arg(QLatin1String(kind)).arg(length).arg(share))) << QString::fromLatin1(kind) << length << share;
}

void TestL1Threshold::leavesTheRadius()
{
    QFETCH(const QString, kind);
    QFETCH(const int, length);
    QFETCH(const double, share);
    const std::vector<float> u = magnitudes(kind, length);
    const double radius = share * leftAfter(u, {}, 0);
    const float theta = l1Threshold(u, radius);
    // theta is a float: half a unit in its last place for each value that is left.
    compareClose(leftAfter(u, {}, double(theta)), radius, 1e-9, double(theta) * 1.2e-7 * length + 1e-12);
}

void TestL1Threshold::asBySorting()
{
    QFETCH(const QString, kind);
    QFETCH(const int, length);
    QFETCH(const double, share);
    std::vector<float> u = magnitudes(kind, length);
    const double radius = share * leftAfter(u, {}, 0);
    const float theta = l1Threshold(u, radius);
    std::ranges::sort(u, std::greater{});
    double sum = 0, expected = 0;
    for (std::size_t k = 0; k < u.size(); ++k) {
        sum += double(u[k]);
        if (double(u[k]) > (sum - radius) / double(k + 1))
            expected = (sum - radius) / double(k + 1);
    }
    compareClose(double(theta), expected, 2e-7, 1e-9);
}

void TestL1Threshold::leavesTheRadiusInTheBox()
{
    QFETCH(const QString, kind);
    QFETCH(const int, length);
    QFETCH(const double, share);
    const std::vector<float> u = magnitudes(kind, length);
    std::vector<float> room(u.size());
    Rng(8).fillUniform(room, 0, 1);
    for (std::size_t i = 0; i < room.size(); i += 5)
        room[i] = 0; // on a face
    const double radius = share * leftAfter(u, room, 0);
    const float theta = l1ThresholdInBox(u, room, radius);
    compareClose(leftAfter(u, room, double(theta)), radius, 1e-7, double(theta) * 1.2e-7 * length + 1e-12);
}

void TestL1Threshold::nothingToTake()
{
    const std::vector<float> u = magnitudes(QStringLiteral("uniform"), 100), room(100, 0.1F);
    QCOMPARE(l1Threshold(u, 1000), 0.0F);
    QCOMPARE(l1ThresholdInBox(u, room, 10), 0.0F);
}

void TestL1Threshold::radiusOfZero()
{
    const std::vector<float> u = magnitudes(QStringLiteral("uniform"), 100), room(100, 0.5F), zeros(100, 0.0F);
    compareClose(leftAfter(u, {}, double(l1Threshold(u, 0))), 0, 0, 1e-5);
    compareClose(leftAfter(u, room, double(l1ThresholdInBox(u, room, 0))), 0, 0, 1e-5);
    QCOMPARE(l1Threshold(zeros, 0), 0.0F);
    QCOMPARE(l1ThresholdInBox(zeros, room, 0), 0.0F);
}

QTEST_APPLESS_MAIN(TestL1Threshold)
#include "tst_l1threshold.moc"
