// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include "core/base/error.h"
#include "core/boundary/plane.h"
#include "core/boundary/planechoice.h"
#include "tests/support/compare.h"

#include <QTest>

#include <numeric>

using namespace brink;
using namespace brink::test;

namespace {

double dot(const std::vector<float>& a, const std::vector<float>& b)
{
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0, std::plus<>{}, [](float x, float y) { return double(x) * double(y); });
}

Plane twoDirections(Norm norm, const Image& image = affineImage())
{
    return makePlane(PlaneKind::Directions, norm, image, {std::vector<float>{1, 3, -2, 0}, std::vector<float>{1, 1, 1, 1}}, {"along a", "along b"});
}

PlaneMarker marked(const Image& image, const std::string& name) { return {PlaneMarkerKind::Image, name, {}, std::make_shared<const Image>(image)}; }

} // namespace

class TestPlane : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void norms_data()
    {
        QTest::addColumn<Norm>("norm");
        QTest::addRow("l1") << Norm::L1;
        QTest::addRow("l2") << Norm::L2;
        QTest::addRow("linf") << Norm::Linf;
    }

    // Directions are orthonormal, and a step of 1 along either has length 1 in the plane's norm.
    void norms()
    {
        QFETCH(const Norm, norm);
        const Plane plane = twoDirections(norm);
        compareClose(dot(plane.directions[0], plane.directions[0]), 1, 1e-6, 0);
        compareClose(dot(plane.directions[1], plane.directions[1]), 1, 1e-6, 0);
        compareClose(dot(plane.directions[0], plane.directions[1]), 0, 0, 1e-7);
        for (const auto& [a, b] : {std::pair{1.0, 0.0}, std::pair{0.0, 1.0}, std::pair{-1.0, 0.0}}) {
            compareClose(lengthInPlane(plane, a, b), 1, 1e-6, 0);
            compareClose(distancesBetween(imageAt(plane, a, b), plane.origin).in(norm), 1, 1e-6, 0);
        }
        for (const auto& [a, b] : ballOutline(plane, 0.3, 24))
            compareClose(lengthInPlane(plane, a, b), 0.3, 1e-6, 0);
    }

    // An image in the plane comes back to its coordinates; one off it says how far it is.
    void placesWithTheirResidual()
    {
        Plane plane = twoDirections(Norm::L2);
        const PlanePoint in = placeIn(plane, imageAt(plane, 0.12, -0.4));
        compareClose(in.a, 0.12, 1e-5, 0);
        compareClose(in.b, -0.4, 1e-5, 0);
        compareClose(in.residual, 0, 0, 1e-6);
        std::vector<float> away = randomOrthogonal(plane.directions[0], Norm::L2, 5);
        const double along = dot(away, plane.directions[1]);
        for (std::size_t i = 0; i < away.size(); ++i)
            away[i] -= float(along * double(plane.directions[1][i]));
        const double length = std::sqrt(dot(away, away));
        Image off = imageAt(plane, 0.12, -0.4);
        for (std::size_t i = 0; i < away.size(); ++i)
            off.pixels[i] += float(0.05 * double(away[i]) / length);
        addMarker(plane, PlaneMarkerKind::Image, "off", off);
        compareClose(plane.markers.back().at.a, 0.12, 1e-5, 0);
        compareClose(plane.markers.back().at.residual, 0.05, 1e-4, 0);
    }

    // On the affine model the boundary of the nearest class lies across the first axis at its closed-form distance.
    void gradientPlaneOfAnAffineModel_data() { norms_data(); }
    void gradientPlaneOfAnAffineModel()
    {
        QFETCH(const Norm, norm);
        const bool isSign = norm == Norm::Linf;
        const Plane plane = gradientPlane(affineModel(), affineImage(), norm, isSign, 7);
        if (norm != Norm::L1)
            compareClose(plane.reach, affineDistance(norm), 1e-5, 0);
        Evaluator evaluator(affineModel());
        for (const double share : {0.999, 1.001}) {
            const Image image = imageAt(plane, share * plane.reach, 0);
            QCOMPARE(evaluator.logits(tensorFromImages(std::span(&image, 1))).argmax(1).item<std::int64_t>(), share < 1 ? 0 : 1);
        }
        QCOMPARE(plane.counts, (EvaluationCounts{11, 1}));
        QCOMPARE(suggestedFrame(plane), (SliceFrame{-3 * plane.reach, 3 * plane.reach, -3 * plane.reach, 3 * plane.reach}));
    }

    // Where the model is flat at the image, the linearised distance is far too short: the plane reaches to where the class ends.
    void reachesTheBoundary()
    {
        const auto saturated = makeClassifier("saturated", {1, 2, 2}, 2, [](const at::Tensor& x) {
            const at::Tensor value = 0.55 - x.flatten(1).select(1, 0);
            const at::Tensor margin = (8 * value).pow(3);
            return at::stack({margin, at::zeros_like(margin)}, 1);
        });
        const Plane plane = gradientPlane(saturated, makeImage({0.1F, 0.5F, 0.5F, 0.5F}, 2, 2), Norm::L2, false, 1);
        QVERIFY(plane.reach >= 0.45 && plane.reach <= 0.75); // the margin's tangent ends at 0.15
    }

    void sameSeedSamePlane()
    {
        const Plane first = gradientPlane(affineModel(), affineImage(), Norm::L2, false, 7);
        QVERIFY(first.directions == gradientPlane(affineModel(), affineImage(), Norm::L2, false, 7).directions);
        QVERIFY(first.directions[1] != gradientPlane(affineModel(), affineImage(), Norm::L2, false, 8).directions[1]);
    }

    void noGradientIsSaid()
    {
        const auto flat = makeClassifier("flat", {1, 2, 2}, 3, [](const at::Tensor& x) {
            return x.flatten(1).sum(1, true) * 0 + at::tensor({3.0F, 1.0F, 2.0F});
        });
        const Plane plane = gradientPlane(flat, affineImage(), Norm::L2, false, 1);
        QCOMPARE(plane.warnings.size(), std::size_t(1));
        QCOMPARE(plane.warnings.front().code, std::string("zero-gradients"));
        compareClose(dot(plane.directions[0], plane.directions[1]), 0, 0, 1e-7);
    }

    // dbViz: the images lie at (0,0), (|x2 - x1|, 0) and the parts of x3 - x1 along and across.
    void threeImages()
    {
        const Image x1 = makeImage({0, 0, 0, 0}, 2, 2);
        const Image x2 = makeImage({0.6F, 0.8F, 0, 0}, 2, 2);
        const Image x3 = makeImage({0.6F, 0, 0.5F, 0}, 2, 2);
        const Plane plane = planeThrough(PlaneKind::Images, Norm::L2, marked(x1, "one"), marked(x2, "two"), marked(x3, "three"), 1);
        const double along = 0.6 * 0.6;
        const double across = std::sqrt(0.6 * 0.6 + 0.25 - along * along);
        QCOMPARE(plane.markers.size(), std::size_t(3));
        compareClose(plane.markers[1].at.a, 1, 1e-6, 0);
        compareClose(plane.markers[1].at.b, 0, 0, 1e-6);
        compareClose(plane.markers[2].at.a, along, 1e-6, 0);
        compareClose(plane.markers[2].at.b, across, 1e-6, 0);
        for (const PlaneMarker& marker : plane.markers)
            compareClose(marker.at.residual, 0, 0, 1e-6);
        const SliceFrame frame = suggestedFrame(plane);
        QVERIFY(frame.left < 0 && frame.right > 1 && frame.bottom < 0 && frame.top > across);
        compareClose(frame.width(), 1.2, 1e-6, 0);
        compareClose(frame.height(), frame.width(), 1e-9, 0);
    }

    void imagesOnALine()
    {
        const Image x1 = makeImage({0, 0, 0, 0}, 2, 2);
        const Image x2 = makeImage({0.2F, 0.4F, 0, 0}, 2, 2);
        const Image x3 = makeImage({0.4F, 0.8F, 0, 0}, 2, 2);
        const Plane plane = planeThrough(PlaneKind::Images, Norm::L2, marked(x1, "one"), marked(x2, "two"), marked(x3, "three"), 1);
        QCOMPARE(plane.warnings.front().code, std::string("images-on-a-line"));
        compareClose(plane.markers[2].at.residual, 0, 0, 1e-6);
        QVERIFY_EXCEPTION_THROWN(
            static_cast<void>(planeThrough(PlaneKind::Images, Norm::L2, marked(x1, "one"), marked(x1, "two"), marked(x3, "three"), 1)), Error);
    }

    // Turning by a quarter exchanges the second direction for another; a whole turn brings it back; the first stays.
    void turning()
    {
        const Plane plane = twoDirections(Norm::L2);
        const Plane quarter = turned(plane, std::acos(-1.0) / 2, 3);
        QVERIFY(quarter.directions[0] == plane.directions[0]);
        compareClose(dot(quarter.directions[1], plane.directions[1]), 0, 0, 1e-6);
        compareClose(dot(quarter.directions[1], plane.directions[0]), 0, 0, 1e-6);
        const Plane whole = turned(plane, 2 * std::acos(-1.0), 3);
        compareClose(dot(whole.directions[1], plane.directions[1]), 1, 1e-6, 0);
        compareClose(dot(turned(plane, 0.3, 3).directions[1], plane.directions[1]), std::cos(0.3), 1e-6, 0);
    }

    // Moving the centre keeps the directions; the old centre is marked where it now lies.
    void movedCentre()
    {
        const Plane plane = twoDirections(Norm::L2);
        const Plane moved = movedTo(plane, imageAt(plane, 0.2, 0.1), "new centre");
        QVERIFY(moved.directions == plane.directions);
        QCOMPARE(moved.markers.front().name, std::string("original"));
        compareClose(moved.markers.front().at.a, -0.2, 1e-5, 0);
        compareClose(moved.markers.front().at.b, -0.1, 1e-5, 0);
    }

    // With one value per axis the box is the square [0,1] seen from the image.
    void pixelBox()
    {
        const Image image = makeImage({0.25F, 0.5F}, 1, 2);
        const Plane plane = makePlane(PlaneKind::Directions, Norm::L2, image, {std::vector<float>{1, 0}, std::vector<float>{0, 1}}, {"a", "b"});
        const auto box = boxOutline(plane, {-2, 2, -2, 2});
        double left = 0, right = 0, bottom = 0, top = 0;
        for (const auto& [a, b] : box) {
            left = std::min(left, a);
            right = std::max(right, a);
            bottom = std::min(bottom, b);
            top = std::max(top, b);
        }
        QCOMPARE(box.size(), std::size_t(4));
        compareClose(left, -0.25, 1e-5, 0);
        compareClose(right, 0.75, 1e-5, 0);
        compareClose(bottom, -0.5, 1e-5, 0);
        compareClose(top, 0.5, 1e-5, 0);
        QVERIFY(boxOutline(plane, {1, 2, 1, 2}).empty());
        QCOMPARE(boxOutline(plane, {-0.1, 0.1, -0.1, 0.1}).size(), std::size_t(4));
    }

    void wrongPlanes()
    {
        const Image image = affineImage();
        const std::vector<float> a{1, 0, 0, 0}, b{2, 0, 0, 0}, none{0, 0, 0, 0}, wrong{1, 0};
        for (const auto& second : {b, none, wrong})
            QVERIFY_EXCEPTION_THROWN(static_cast<void>(makePlane(PlaneKind::Directions, Norm::L2, image, {a, second}, {"a", "b"})), Error);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(makePlane(PlaneKind::Directions, Norm::L0, image, {a, {0, 1, 0, 0}}, {"a", "b"})), Error);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(planeFromName("gradiant")), Error);
        for (const PlaneKind kind : {PlaneKind::Gradient, PlaneKind::Sign, PlaneKind::Adversarials, PlaneKind::Images, PlaneKind::Tangent, PlaneKind::Directions})
            QCOMPARE(planeFromName(planeName(kind)), kind);
    }

    // The two nearest adversarial images of the recommended attacks span the plane; both lie in it.
    void adversarials()
    {
        PlaneRequest request;
        request.model = reluNet(3);
        request.image = randomImages(4, 1).front();
        request.kind = PlaneKind::Adversarials;
        PlainMonitor monitor;
        const std::optional<Plane> plane = findPlane(request, monitor);
        QVERIFY(plane);
        QCOMPARE(plane->markers.size(), std::size_t(3));
        Evaluator evaluator(request.model);
        const auto classOf = [&](const Image& image) { return evaluator.logits(tensorFromImages(std::span(&image, 1))).argmax(1).item<std::int64_t>(); };
        for (std::size_t i : {1, 2}) {
            compareClose(plane->markers[i].at.residual, 0, 0, 1e-5);
            QVERIFY(classOf(*plane->markers[i].image) != classOf(request.image));
        }
        QVERIFY(plane->markers[1].at.a <= std::hypot(plane->markers[2].at.a, plane->markers[2].at.b) + 1e-6);
        monitor.requestStop();
        QVERIFY(!findPlane(request, monitor));
    }

    // The tangent plane of an affine boundary lies in the boundary.
    void tangent()
    {
        PlaneRequest request;
        request.model = affineModel();
        request.image = affineImage();
        request.kind = PlaneKind::Tangent;
        PlainMonitor monitor;
        const std::optional<Plane> plane = findPlane(request, monitor);
        QVERIFY(plane);
        const std::vector<float> normal{1, 3, -2, 0};
        for (const auto& direction : plane->directions)
            compareClose(dot(direction, normal), 0, 0, 1e-4);
        compareClose(plane->markers.back().at.residual, affineDistance(Norm::L2), 1e-3, 0);
    }
};

QTEST_APPLESS_MAIN(TestPlane)
#include "tst_plane.moc"
