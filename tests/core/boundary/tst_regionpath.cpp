// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include "core/base/error.h"
#include "core/boundary/regionpath.h"
#include "tests/support/compare.h"

#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

/// Two pixels as a plane; class 0 is the region where `value` is positive.
std::shared_ptr<const Classifier> planar(const char* name, const std::function<at::Tensor(const at::Tensor& x, const at::Tensor& y)>& value)
{
    return makeClassifier(name, {1, 1, 2}, 2, [value](const at::Tensor& pixels) {
        const at::Tensor inside = value(pixels.flatten(1).select(1, 0), pixels.flatten(1).select(1, 1));
        return at::stack({inside, at::zeros_like(inside)}, 1);
    });
}

/// A ring of radius 0.3 and half width 0.05 around the middle of the box.
std::shared_ptr<const Classifier> annulus()
{
    return planar("annulus", [](const at::Tensor& x, const at::Tensor& y) {
        const at::Tensor radius = ((x - 0.5).square() + (y - 0.5).square() + 1e-12).sqrt();
        return 0.05 * 0.05 - (radius - 0.3).square();
    });
}

/// Two discs of radius 0.15 that do not touch.
std::shared_ptr<const Classifier> twoDiscs()
{
    return planar("two discs", [](const at::Tensor& x, const at::Tensor& y) {
        const auto disc = [&](double centre) { return 0.15 * 0.15 - (x - centre).square() - (y - 0.5).square(); };
        return at::maximum(disc(0.25), disc(0.75));
    });
}

std::shared_ptr<const Classifier> disc()
{
    return planar("disc", [](const at::Tensor& x, const at::Tensor& y) { return 0.4 * 0.4 - (x - 0.5).square() - (y - 0.5).square(); });
}

Image point(double x, double y) { return makeImage({float(x), float(y)}, 1, 2); }

RegionPathRequest pathBetween(const std::shared_ptr<const Classifier>& model, const Image& from, const Image& to)
{
    RegionPathRequest request;
    request.model = model;
    request.from = from;
    request.to = to;
    return request;
}

RegionPath pathOf(const RegionPathRequest& request)
{
    PlainMonitor monitor;
    return findRegionPath(request, monitor);
}

} // namespace

class TestRegionPath : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // C8: between opposite points of a ring the straight line leaves it and a path with corners stays inside.
    void ringIsConnected()
    {
        const RegionPath path = pathOf(pathBetween(annulus(), point(0.2, 0.5), point(0.8, 0.51)));
        QVERIFY2(path.isFound, path.failure.c_str());
        QVERIFY(!path.isStraight);
        QVERIFY(path.straightMargin < 0);
        QVERIFY(path.smallestMargin > 0);
        QVERIFY(path.anchors.size() > 4);
        QVERIFY(path.repaired >= 1);
        // Half of the ring's inner circle is the shortest way, half of the outer one the longest that does not turn back.
        compareClose(path.straightLength, std::hypot(0.6, 0.01), 1e-5, 0);
        QVERIFY2(path.length >= std::acos(-1.0) * 0.25 && path.length <= std::acos(-1.0) * 0.36, qPrintable(QString::number(path.length)));
        compareClose(path.lengthRatio(), path.length / path.straightLength, 1e-12, 0);
        // Verified independently, between the points that were looked at.
        Evaluator evaluator(annulus());
        for (std::size_t i = 0; i + 1 < path.anchors.size(); ++i)
            for (const double share : {0.0, 0.137, 0.29, 0.51, 0.777, 1.0}) {
                Image between = path.anchors[i];
                for (std::size_t k = 0; k < 2; ++k)
                    between.pixels[k] = float((1 - share) * double(path.anchors[i].pixels[k]) + share * double(path.anchors[i + 1].pixels[k]));
                QCOMPARE(evaluator.logits(tensorFromImages(std::span(&between, 1))).argmax(1).item<std::int64_t>(), std::int64_t(0));
            }
        QCOMPARE(path.path.front().at, 0.0);
        compareClose(path.path.back().at, 1, 1e-9, 0);
        QVERIFY(std::ranges::is_sorted(path.path, {}, &PathPoint::at));
        QCOMPARE(path.gridPoints, std::int64_t(path.path.size()));
    }

    // C8: a region in two parts has no path, and the answer is "not found" after finitely many forwards.
    void separateDiscsAreNot()
    {
        const RegionPath path = pathOf(pathBetween(twoDiscs(), point(0.25, 0.5), point(0.75, 0.5)));
        QVERIFY(!path.isFound);
        QVERIFY(!path.failure.empty());
        QVERIFY(path.path.empty());
        QVERIFY(!path.straight.empty());
        QVERIFY(path.counts.forwards < 100'000);
        QVERIFY(!path.stopped);
        // The two ends of one disc are connected.
        QVERIFY(pathOf(pathBetween(twoDiscs(), point(0.15, 0.5), point(0.35, 0.5))).isStraight);
    }

    void straightWhereConvex()
    {
        const RegionPath path = pathOf(pathBetween(disc(), point(0.2, 0.5), point(0.8, 0.55)));
        QVERIFY(path.isFound && path.isStraight);
        QCOMPARE(path.anchors.size(), std::size_t(2));
        QCOMPARE(path.depth, 0);
        QCOMPARE(path.counts.backwards, std::int64_t(0));
        compareClose(path.length, path.straightLength, 1e-6, 0);
        compareClose(path.smallestMargin, 0.16 - 0.09 - 0.0025, 1e-4, 0); // at the second end
    }

    // A thin wall is seen only by a grid fine enough: the grid goes on while the smallest margin falls.
    void gridIsDoubledUntilStable()
    {
        const auto walled = planar("wall", [](const at::Tensor& x, const at::Tensor& y) { return ((x - 0.471).abs() - 0.002) * 10 + 0 * y; });
        RegionPathRequest request = pathBetween(walled, point(0.1, 0.5), point(0.9, 0.5));
        request.depth = 3;
        const RegionPath fine = pathOf(request);
        QVERIFY(!fine.isFound);
        request.finestGrid = request.coarsestGrid;
        QVERIFY(pathOf(request).isFound); // why the number of points is stated
    }

    void movesIntoTheClass()
    {
        EvaluationCounts counts;
        const auto moved = movedInto(affineModel(), affineImage(), 1, 50, 0.02, counts);
        QVERIFY(moved);
        compareClose(distancesBetween(*moved, affineImage()).l2, 1.02 * affineDistance(Norm::L2), 1e-3, 0);
        QCOMPARE(counts, (EvaluationCounts{2, 1}));
        EvaluationCounts none;
        QCOMPARE(movedInto(affineModel(), affineImage(), 0, 50, 0.02, none)->pixels, affineImage().pixels);
        QCOMPARE(none, (EvaluationCounts{1, 0}));
        const auto flat = planar("flat", [](const at::Tensor& x, const at::Tensor& y) { return -1 + 0 * (x + y); });
        QVERIFY(!movedInto(flat, point(0.5, 0.5), 0, 10, 0.02, none));
    }

    void stopsAndRefuses()
    {
        PlainMonitor stopped;
        stopped.requestStop();
        const RegionPathRequest request = pathBetween(annulus(), point(0.2, 0.5), point(0.8, 0.51));
        const RegionPath path = findRegionPath(request, stopped);
        QVERIFY(!path.isFound && path.stopped);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(pathOf(pathBetween(disc(), point(0.5, 0.5), point(0.01, 0.01)))), Error);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(pathOf(pathBetween(affineModel(), point(0.5, 0.5), point(0.5, 0.4)))), Error);
        RegionPathRequest bad = request;
        bad.coarsestGrid = 1;
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(pathOf(bad)), Error);
    }

    void summaryOfManyPairs()
    {
        const std::vector<RegionPath> paths{pathOf(pathBetween(annulus(), point(0.2, 0.5), point(0.8, 0.51))),
            pathOf(pathBetween(twoDiscs(), point(0.25, 0.5), point(0.75, 0.5))), pathOf(pathBetween(disc(), point(0.2, 0.5), point(0.8, 0.55)))};
        const PathSummary summary = summarise(paths);
        QCOMPARE(summary.pairs, 3);
        QCOMPARE(summary.found, 2);
        QCOMPARE(summary.straight, 1);
        compareClose(*summary.largestRatio, paths[0].lengthRatio(), 1e-12, 0);
        compareClose(*summary.smallestMargin, std::min(paths[0].smallestMargin, paths[2].smallestMargin), 1e-12, 0);
        QVERIFY(!summarise({paths[1]}).medianRatio);
    }

    // All combinations of points of a disc are in it; of a ring fewer are, the more points take part.
    void convexity()
    {
        const auto ring = annulus();
        std::vector<Image> onRing;
        for (int i = 0; i < 24; ++i)
            onRing.push_back(point(0.5 + 0.3 * std::cos(i * std::acos(-1.0) / 12), 0.5 + 0.3 * std::sin(i * std::acos(-1.0) / 12)));
        ConvexityRequest request;
        request.model = disc();
        request.images = onRing;
        request.labels.assign(onRing.size(), 0);
        PlainMonitor monitor;
        for (const ConvexityPoint& each : computeConvexity(request, monitor).points)
            QCOMPARE(each.inside, each.samples);
        request.model = ring;
        const ConvexityResult result = computeConvexity(request, monitor);
        QCOMPARE(result.points.size(), request.counts.size());
        QVERIFY(result.points.front().inside < result.points.front().samples);
        QVERIFY(result.points.back().inside < result.points.front().inside);
        for (const ConvexityPoint& each : result.points) {
            QCOMPARE(each.samples, std::int64_t(request.samples));
            const double share = double(each.inside) / double(each.samples);
            QVERIFY(each.low <= share && share <= each.high);
        }
        QCOMPARE(toJson(computeConvexity(request, monitor)).dump(), toJson(result).dump()); // same seed
        request.images.resize(1);
        request.labels.resize(1);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(computeConvexity(request, monitor)), Error);
    }
};

QTEST_APPLESS_MAIN(TestRegionPath)
#include "tst_regionpath.moc"
