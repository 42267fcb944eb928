// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/pathfigure.h"
#include "core/report/planefigures.h"
#include "core/report/planeparts.h"
#include "core/report/slicefigure.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace brink;

namespace {

Image pixels(std::vector<float> values)
{
    Image image;
    image.channels = 1;
    image.height = 1;
    image.width = int(values.size());
    image.pixels = std::move(values);
    image.source = "set.idx#3";
    return image;
}

/// 16 x 16 cells: class 0 on the left, class 9 on the right, an island of class 2; every second point computed.
SliceResult sampleSlice()
{
    Plane plane = makePlane(PlaneKind::Gradient, Norm::L2, pixels({0.5F, 0.5F, 0.5F}), {std::vector<float>{1, 0, 0}, std::vector<float>{0, 1, 0}},
        {"against the margin gradient", "along a random orthogonal direction"});
    addMarker(plane, PlaneMarkerKind::Adversarial, "DDN", pixels({0.75F, 0.5F, 0.5F}));
    addMarker(plane, PlaneMarkerKind::Image, "image 5", pixels({0.5F, 0.9F, 0.9F}));
    plane.seed = 7;
    auto grid = std::make_shared<SliceGrid>();
    grid->size = 16;
    for (int row = 0; row < 16; ++row)
        for (int column = 0; column < 16; ++column) {
            const bool isIsland = row > 10 && row < 14 && column > 1 && column < 5;
            grid->labels.push_back(std::int16_t(isIsland ? 2 : column < 8 ? 0 : 9));
            grid->margins.push_back(float(std::abs(column - 7.5)));
            grid->confidences.push_back(0.75F);
            grid->isComputed.push_back(column % 2 == 0);
        }
    SliceResult slice;
    slice.modelName = "cnn";
    slice.modelSha256 = "abc";
    slice.imageIndex = 3;
    slice.frame = {-0.8, 0.8, -0.8, 0.8};
    slice.box = boxOutline(plane, slice.frame);
    slice.insideBox = 1.0 / 2.56;
    slice.plane = std::make_shared<const Plane>(std::move(plane));
    slice.grid = grid;
    slice.wanted = 16;
    slice.classes = {{0, "cat", 0.47, 1}, {9, "truck", 0.5, 1}, {2, "bird", 0.03, 1}};
    slice.components = 3;
    slice.computedShare = 0.5;
    return slice;
}

template <typename T> const T* layer(const Figure& figure, const std::string& id)
{
    for (const Panel& panel : figure.panels)
        for (const Layer& each : panel.layers)
            if (layerId(each) == id)
                return std::get_if<T>(&each);
    return nullptr;
}

RegionPath samplePath(bool isFound)
{
    RegionPath path;
    path.modelName = "cnn";
    path.className = "cat";
    path.toIndex = 8;
    path.straight = {{0, 0, 2}, {0.5, 1, -1}, {1, 0, 3}};
    path.straightMargin = -1;
    path.straightLength = 2;
    path.failure = isFound ? "" : "No path up to depth 8: some piece still leaves the class.";
    path.isFound = isFound;
    if (!isFound)
        return path;
    path.anchors = {pixels({0, 0}), pixels({1, 1}), pixels({2, 0})};
    path.length = 2 * std::sqrt(2.0);
    path.path = {{0, 0, 2}, {0.25, 0, 1.5}, {0.5, 0, 1}, {1, 0, 3}};
    path.smallestMargin = 1;
    path.gridPoints = 4;
    path.repaired = 1;
    path.depth = 1;
    return path;
}

} // namespace

class TestPlaneFigures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFigureIsListed()
    {
        std::vector<std::string> names;
        for (const PlaneFigureInfo& info : planeFigureInfos()) {
            names.push_back(info.name);
            QVERIFY(!info.label.empty() && !info.summary.empty() && !info.command.empty());
        }
        QCOMPARE(names, (std::vector<std::string>{"slice", "bending-towards", "bending-away", "path", "convexity"}));
    }

    // Colour by the class's index, a hatch where the eight colours repeat: the same class looks the same in every figure.
    void classesKeepTheirColours()
    {
        QCOMPARE(report::classRole(2), ColourRole::Series3);
        QCOMPARE(report::classRole(9), ColourRole::Series2);
        QCOMPARE(report::classHatch(2), 0);
        QCOMPARE(report::classHatch(9), 1);
        QCOMPARE(report::classHatch(31), 3);
        QCOMPARE(report::classHatch(32), 0);
        const Figure figure = sliceFigure(sampleSlice());
        const auto* regions = layer<RegionLayer>(figure, "regions");
        QCOMPARE(regionClass(*regions, 9)->role, ColourRole::Series2);
        QCOMPARE(regionClass(*regions, 9)->hatch, 1);
        QVERIFY(!regionClass(*regions, 5));
    }

    void sliceHasAxesInTheNorm()
    {
        const Figure figure = sliceFigure(sampleSlice());
        const Panel& panel = figure.panels.front();
        QCOMPARE(panel.x.label, std::string("distance against the margin gradient, L2 (pixel range [0,1])"));
        QVERIFY(panel.keepsAspect);
        QCOMPARE(*panel.x.range, (std::array{-0.8, 0.8}));
        QVERIFY(figureText(figure).find("16 × 16 points") != std::string::npos);
        QVERIFY(figure.caption.find("50 % of them computed") != std::string::npos);
        QVERIFY(figure.caption.find("not smoothed") != std::string::npos);
        QVERIFY(figure.provenance.at("parameters").at("plane").at("kind") == "gradient");
        QCOMPARE(figure.provenance.at("seed").get<int>(), 7);
    }

    // A marker off the plane is open and says how far off it is.
    void markersSayHowFarOff()
    {
        const Figure figure = sliceFigure(sampleSlice());
        const auto* inPlane = layer<ScatterLayer>(figure, "marker-1");
        const auto* off = layer<ScatterLayer>(figure, "marker-2");
        QVERIFY(!inPlane->isOpen && off->isOpen);
        QCOMPARE(inPlane->labels.front(), std::string("DDN"));
        QVERIFY(off->labels.front().find("0.400 off the plane") != std::string::npos);
        QVERIFY(!layer<ScatterLayer>(sliceFigure(sampleSlice(), {.hasMarkers = false}), "marker-1"));
    }

    void ballAndBoxAreOutlined()
    {
        const Figure figure = sliceFigure(sampleSlice(), {.eps = 0.25});
        const auto* ball = layer<LineLayer>(figure, "ball");
        QVERIFY(ball);
        for (std::size_t i = 0; i < ball->x->size(); ++i)
            QVERIFY(std::abs(std::hypot((*ball->x)[i], (*ball->y)[i]) - 0.25) < 1e-6);
        QCOMPARE(ball->x->front(), ball->x->back());
        const auto* box = layer<LineLayer>(figure, "box");
        QVERIFY(box);
        for (std::size_t i = 0; i < box->x->size(); ++i)
            QVERIFY(std::isnan((*box->x)[i]) || std::abs(std::max(std::abs((*box->x)[i]), std::abs((*box->y)[i])) - 0.5) < 1e-5);
        QVERIFY(layer<RegionLayer>(figure, "regions")->boundsX);
        // Nearly all of it outside: there is nothing to tell apart, which is said in words.
        SliceResult outside = sampleSlice();
        outside.insideBox = 1e-9;
        const Figure bare = sliceFigure(outside);
        QVERIFY(!layer<LineLayer>(bare, "box") && !layer<RegionLayer>(bare, "regions")->boundsX);
        QVERIFY(layer<TextLayer>(bare, "resolution")->text.find("outside of the pixel box") != std::string::npos);
    }

    void isoLevelsAreRound_data()
    {
        QTest::addColumn<double>("most");
        QTest::addColumn<double>("step");
        QTest::addRow("below a power of ten") << 7.9 << 2.0;
        QTest::addRow("exact") << 8.0 << 2.0;
        QTest::addRow("above") << 8.1 << 5.0;
        QTest::addRow("small") << 0.031 << 0.01;
    }
    void isoLevelsAreRound()
    {
        QFETCH(const double, most);
        QFETCH(const double, step);
        QVERIFY(std::abs(report::roundStep(most, 4) - step) < 1e-12);
    }

    // Every point is in the table, with whether it was computed.
    void tableHasEveryPoint()
    {
        const std::string csv = figureCsv(sliceFigure(sampleSlice()));
        const QByteArray text = QByteArray::fromStdString(csv);
        QCOMPARE(text.count("\nslice,regions,"), 256);
        QVERIFY(text.contains("\nslice,regions,-0.75,0.75,0,cat,7.5,0.75,1\n"));
        QVERIFY(text.contains("\nslice,regions,-0.65,0.75,0,cat,6.5,0.75,0\n"));
    }

    void pathBesideTheStraightLine()
    {
        const Figure figure = pathFigure(samplePath(true), {"cat", "dog"});
        QVERIFY(layer<LineLayer>(figure, "straight") && layer<LineLayer>(figure, "path"));
        const auto* straight = layer<RegionLayer>(figure, "straight-classes");
        QCOMPARE(straight->classes.size(), std::size_t(2));
        QCOMPARE(layer<RegionLayer>(figure, "path-classes")->classes.size(), std::size_t(1));
        // Labels belong to the nearest point looked at.
        const auto& labels = *straight->labels;
        QCOMPARE(int(labels[std::size_t(0.2 * double(labels.size()))]), 0);
        QCOMPARE(int(labels[std::size_t(0.3 * double(labels.size()))]), 1);
        QCOMPARE(int(labels[std::size_t(0.8 * double(labels.size()))]), 0);
        QCOMPARE(std::ranges::count_if(figure.panels, [](const Panel& panel) { return panel.id.starts_with("image-"); }), std::ptrdiff_t(3));
        const auto* corners = layer<ScatterLayer>(figure, "corners");
        QCOMPARE((*corners->x)[1], 0.5);
        QVERIFY(figure.caption.find("verified on a grid of 4 points") != std::string::npos);
        QVERIFY(figure.caption.find("proven") == std::string::npos);
    }

    void noPathSaysWhy()
    {
        const Figure figure = pathFigure(samplePath(false), {});
        QVERIFY(!layer<LineLayer>(figure, "path"));
        QVERIFY(figure.caption.find("No path was found") != std::string::npos);
    }

    void convexityHasIntervals()
    {
        const ConvexityResult result{"cnn", "abc", 40, {{2, 90, 100, 0.82, 0.94}, {5, 60, 100, 0.5, 0.69}}, 3, false, {}, 0};
        const Figure figure = convexityFigure(result);
        const auto* points = layer<ScatterLayer>(figure, "share");
        QCOMPARE(*points->y, (std::vector<double>{0.9, 0.6}));
        QCOMPARE(*points->yLow, (std::vector<double>{0.82, 0.5}));
        QVERIFY(figure.caption.find("Wilson") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestPlaneFigures)
#include "tst_planefigures.moc"
