// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/boundary/boundarypoint.h"
#include "tests/core/boundary/boundarymodels_torch.h"
#include "tests/support/compare.h"

#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

BoundaryPointResult find(const std::shared_ptr<const Classifier>& model, const Image& image, const BoundaryPointRequest& request = {})
{
    PlainMonitor monitor;
    return findBoundaryPoint(model, image, request, monitor);
}

Image offCentre(float shift)
{
    Image image = flatToyImage(0.5F);
    image.pixels[3] += shift;
    return image;
}

} // namespace

class TestBoundaryPoint : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // From a point of the ball the nearest point of the sphere is on the ray through it, and the normal points to the centre.
    void nearestPointOfASphere_data()
    {
        QTest::addColumn<double>("radius");
        QTest::addColumn<double>("scale");
        QTest::addRow("small ball") << 0.2 << 1.0;
        QTest::addRow("logits times 1000") << 0.3 << 1000.0;
        QTest::addRow("logits over 1000") << 0.3 << 0.001;
    }

    void nearestPointOfASphere()
    {
        QFETCH(const double, radius);
        QFETCH(const double, scale);
        const float shift = 0.1F;
        const BoundaryPointResult result = find(ballModel(radius, scale), offCentre(shift));
        QVERIFY2(result.point, result.failure.c_str());
        const BoundaryPoint& z = *result.point;
        QCOMPARE(z.own, 0);
        QCOMPARE(z.other, 1);
        QVERIFY(std::abs(z.margin) <= 1e-4 * z.cleanMargin);
        compareClose(z.cleanMargin, scale * (radius * radius - double(shift) * double(shift)), 1e-5, 0);
        // |F| <= 1e-4 F(x) and a gradient of 2 s R leave 1e-4 (R^2 - a^2) / 2R of the way.
        compareClose(z.distance, radius - double(shift), 0, 1e-4 * radius);
        compareClose(z.gradientNorm, 2 * scale * radius, 1e-3, 0);
        compareClose(double(z.normal[3]), -1, 1e-4, 0);
        QVERIFY(result.counts.forwards > z.bisections);
    }

    void staysInTheBox()
    {
        // The image has saturated pixels; its neighbours beyond them do not exist.
        Image image = flatToyImage(1.0F);
        const BoundaryPointResult result = find(halfSpaceModel(), image);
        QVERIFY2(result.point, result.failure.c_str());
        for (const float pixel : result.point->point.pixels)
            QVERIFY(pixel >= 0 && pixel <= 1);
        QVERIFY(std::abs(result.point->margin) <= 1e-4 * result.point->cleanMargin);
    }

    void walksToAGivenImage()
    {
        BoundaryPointRequest request;
        request.beyond = flatToyImage(1.0F);
        const BoundaryPointResult result = find(ballModel(0.4), flatToyImage(0.5F), request);
        QVERIFY(result.point);
        compareClose(result.point->distance, 0.4, 1e-3, 0);
        // On the diagonal: every pixel has the same share of the way.
        for (const float pixel : result.point->point.pixels)
            compareClose(double(pixel), 0.6, 1e-3, 0);
        QCOMPARE(result.counts.backwards, 1);
    }

    // The pair of the boundary is what is on top at z, not where the segment ends: a third class lies in between.
    void firstChangeOfTheDecisionCounts()
    {
        const auto model = makeClassifier("three", {1, toySide, toySide}, 3, [](const at::Tensor& x) {
            const at::Tensor t = x.flatten(1).select(1, 0);
            return at::stack({0.2 - t, at::full_like(t, -0.1), 2.0 * (t - 0.6)}, 1);
        });
        BoundaryPointRequest request;
        request.beyond = flatToyImage(1.0F);
        const BoundaryPointResult result = find(model, flatToyImage(0.0F), request);
        QVERIFY(result.point);
        QCOMPARE(result.point->other, 1);
        compareClose(double(result.point->point.pixels[0]), 0.3, 1e-3, 0);
    }

    void failuresAreValues()
    {
        BoundaryPointRequest other;
        other.own = 1;
        const BoundaryPointResult notIts = find(ballModel(0.3), flatToyImage(0.5F), other);
        QVERIFY(!notIts.point);
        QVERIFY(QString::fromStdString(notIts.failure).contains("not classified"));
        const BoundaryPointResult never = find(ballModel(10), flatToyImage(0.5F));
        QVERIFY(!never.point);
        QVERIFY(!never.failure.empty());
    }

    void wrongRequestsAreRefused()
    {
        BoundaryPointRequest request;
        request.own = 7;
        QVERIFY_EXCEPTION_THROWN((void)find(ballModel(0.3), flatToyImage(0.5F), request), Error);
        QVERIFY_EXCEPTION_THROWN((void)find(ballModel(0.3), Image{1, 2, 2, {0, 0, 0, 0}, "small", {}}), Error);
        request = {};
        request.beyond = flatToyImage(0.5F);
        QVERIFY_EXCEPTION_THROWN((void)find(ballModel(0.3), flatToyImage(0.5F), request), Error);
    }

    void stoppedBeforeTheStart()
    {
        PlainMonitor monitor;
        monitor.requestStop();
        const BoundaryPointResult result = findBoundaryPoint(ballModel(0.3), flatToyImage(0.55F), {}, monitor);
        QVERIFY(!result.point);
        QVERIFY(result.stopped);
    }
};

QTEST_GUILESS_MAIN(TestBoundaryPoint)
#include "tst_boundarypoint.moc"
