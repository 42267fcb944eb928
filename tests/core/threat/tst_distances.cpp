// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/threat/distances.h"

#include "tests/support/compare.h"

#include <QTest>

#include <cmath>

using namespace brink;

class TestDistances : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knownPerturbation();
    void identicalImagesAreAtZero();
    void normRelationsHold();
    void differentSizesAreRefused();
};

namespace {

Image image(std::vector<float> pixels, int width)
{
    Image made;
    made.channels = 1;
    made.height = 1;
    made.width = width;
    made.pixels = std::move(pixels);
    return made;
}

} // namespace

void TestDistances::knownPerturbation()
{
    const Distances distances = distancesBetween(image({0.0F, 0.5F, 1.0F, 0.25F}, 4), image({0.5F, 0.25F, 1.0F, 0.0F}, 4));
    // All values are exact in binary, so only the square root rounds.
    QCOMPARE(distances.in(Norm::L0), 3.0);
    QCOMPARE(distances.in(Norm::L1), 1.0);
    QCOMPARE(distances.in(Norm::L2), std::sqrt(0.375));
    QCOMPARE(distances.in(Norm::Linf), 0.5);
}

void TestDistances::identicalImagesAreAtZero()
{
    const Image one = image({0.1F, 0.2F}, 2);
    QCOMPARE(distancesBetween(one, one), Distances{});
}

void TestDistances::normRelationsHold()
{
    const Distances d = distancesBetween(image({0.1F, 0.9F, 0.3F}, 3), image({0.7F, 0.2F, 0.31F}, 3));
    QVERIFY(d.linf <= d.l2 && d.l2 <= d.l1 && d.l2 <= std::sqrt(d.l0) * d.linf);
}

void TestDistances::differentSizesAreRefused()
{
    QVERIFY_THROWS_EXCEPTION(Error, (void)distancesBetween(image({0.1F}, 1), image({0.1F, 0.2F}, 2)));
}

QTEST_APPLESS_MAIN(TestDistances)
#include "tst_distances.moc"
