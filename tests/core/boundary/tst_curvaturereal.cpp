// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Curvature of real networks: the two methods against each other, and Lanczos against the dense solver.
#include "core/boundary/curvature.h"
#include "core/data/dataset.h"
#include "tests/support/compare.h"
#include "tests/support/realdata.h"

#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

std::shared_ptr<const Classifier> model(const char* name)
{
    return loadClassifier((realDataFolder() + "/models/" + name).toStdString());
}

std::vector<Image> cifarImages(int count)
{
    const auto dataset = openDataset((realDataFolder() + "/vnncomp/cifar10_images.bin").toStdString(), {});
    std::vector<Image> images;
    for (int i = 0; i < count; ++i)
        images.push_back(dataset->image(i));
    return images;
}

} // namespace

class TestCurvatureReal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Done-when 6: on a smooth net differences and second derivatives agree within 2 %.
    void methodsAgreeOnASmoothNet()
    {
        requireRealData();
        const auto net = model("cifar10_conv_small_sigmoid.pt");
        QVERIFY(net->isSmooth());
        PlainMonitor monitor;
        CurvatureRequest request;
        request.scales = {};
        // The error falls with the square of the step: 4 to 20 % at half the distance, 1 to 8 % at a tenth of it.
        request.step = 0.02;
        for (const Image& image : cifarImages(8)) {
            const BoundaryPointResult found = findBoundaryPoint(net, image, {}, monitor);
            QVERIFY2(found.point, found.failure.c_str());
            request.method = CurvatureMethod::Auto;
            const CurvatureResult exact = computeCurvature(net, *found.point, request, monitor);
            QCOMPARE(exact.method, CurvatureMethod::DoubleBackward);
            request.method = CurvatureMethod::Difference;
            const CurvatureResult compared = computeCurvature(net, *found.point, request, monitor);
            qInfo("|r| %.3f, lowest %.4f and %.4f, highest %.4f and %.4f, mean %.5f and %.5f", found.point->distance,
                exact.lowest[0].curvature, compared.lowest[0].curvature, exact.highest[0].curvature, compared.highest[0].curvature,
                exact.mean, compared.mean);
            for (std::size_t i = 0; i < exact.lowest.size(); ++i) {
                compareClose(compared.lowest[i].curvature, exact.lowest[i].curvature, 0.02, 0);
                compareClose(compared.highest[i].curvature, exact.highest[i].curvature, 0.02, 0);
            }
            compareClose(compared.mean, exact.mean, 0.02, 0);
        }
    }

    void reluNetIsSeenAsOne()
    {
        requireRealData();
        const auto net = model("cifar10_marabou_small.pt");
        QVERIFY(!net->isSmooth());
        PlainMonitor monitor;
        const CurvatureOutcome outcome = curvatureOfImage(net, cifarImages(1).front(), {}, {}, monitor);
        QVERIFY2(outcome.result, outcome.failure.c_str());
        QCOMPARE(outcome.result->method, CurvatureMethod::Difference);
        QVERIFY(outcome.result->lowest[0].curvature < 0);
        CurvatureRequest forced;
        forced.method = CurvatureMethod::DoubleBackward;
        const CurvatureResult switched = computeCurvature(net, outcome.result->point, forced, monitor);
        QCOMPARE(switched.method, CurvatureMethod::Difference);
        QCOMPARE(switched.warnings.front().code, std::string("zero-hessian"));
        qInfo("lowest %.4f, highest %.4f, mean %.5f +- %.5f, rms %.4f", switched.lowest[0].curvature, switched.highest[0].curvature,
            switched.mean, switched.meanError, switched.rootMeanSquare);
    }
};

QTEST_GUILESS_MAIN(TestCurvatureReal)
#include "tst_curvaturereal.moc"
