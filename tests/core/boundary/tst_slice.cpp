// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include "core/base/error.h"
#include "core/boundary/slice.h"
#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "tests/support/compare.h"
#include "tests/support/realdata.h"

#include <QElapsedTimer>
#include <QTest>

#include <thread>

using namespace brink;
using namespace brink::test;

namespace {

SliceRequest requestOn(const std::shared_ptr<const Classifier>& model, const Plane& plane, int resolution)
{
    SliceRequest request;
    request.model = model;
    request.plane = plane;
    request.frame = suggestedFrame(plane);
    request.resolution = resolution;
    return request;
}

SliceResult sliceOf(const SliceRequest& request, const SlicePublish& publish = {})
{
    PlainMonitor monitor;
    return computeSlice(request, monitor, publish);
}

/// Class regions with islands and thin lines: the sign of waves of many lengths.
std::shared_ptr<const Classifier> wavesModel()
{
    return makeClassifier("waves", {1, 1, 2}, 3, [](const at::Tensor& x) {
        const at::Tensor a = x.flatten(1).select(1, 0), b = x.flatten(1).select(1, 1);
        return at::stack({(7 * a).sin() + (5 * b).cos(), (3 * a + 4 * b).sin() + 0.3, (11 * b).sin() * 0.9}, 1);
    });
}

Plane pixelPlane(const Image& image)
{
    return makePlane(PlaneKind::Directions, Norm::L2, image, {std::vector<float>{1, 0}, std::vector<float>{0, 1}}, {"along the first pixel", "along the second pixel"});
}

/// Lets so many polls pass.
class StoppingMonitor : public PlainMonitor {
public:
    explicit StoppingMonitor(int polls) : m_left(polls) {}
    [[nodiscard]] bool stopRequested() const override { return m_left-- <= 0; }

private:
    mutable int m_left;
};

/// Runs tasks on threads of their own.
class ThreadedMonitor : public PlainMonitor {
public:
    [[nodiscard]] int lanes() const override { return 3; }
    void runTogether(std::span<const Task> tasks) override
    {
        std::vector<std::jthread> threads;
        for (const Task& task : tasks)
            threads.emplace_back(task);
    }
};

} // namespace

class TestSlice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Handbook 7.6: the boundaries of an affine model are straight lines at analytic places, in any plane and at every point.
    void affineLines_data()
    {
        QTest::addColumn<std::uint64_t>("seed");
        QTest::addColumn<Norm>("norm");
        for (const std::uint64_t seed : {1, 2, 3}) {
            QTest::addRow("seed %d, l2", int(seed)) << seed << Norm::L2;
            QTest::addRow("seed %d, linf", int(seed)) << seed << Norm::Linf;
        }
    }
    void affineLines()
    {
        QFETCH(const std::uint64_t, seed);
        QFETCH(const Norm, norm);
        const Plane plane = gradientPlane(affineModel(), affineImage(), norm, norm == Norm::Linf, seed);
        const SliceResult result = sliceOf(requestOn(affineModel(), plane, 128));
        const SliceGrid& grid = *result.grid;
        QCOMPARE(grid.size, 128);
        // The three logits are affine on the plane: logit_k = w_k.x0 + a w_k.u + b w_k.v + c_k.
        const std::array<std::array<double, 4>, 3> weight{{{1, 2, -1, 0.5}, {0, -1, 1, 0.5}, {-1, 0.5, 0.5, 1}}};
        const std::array bias{0.1, 0.0, -0.2};
        int wrong = 0;
        double largest = 0;
        for (int row = 0; row < grid.size; ++row) {
            for (int column = 0; column < grid.size; ++column) {
                const auto [a, b] = slicePlace(result.frame, grid.size, 128, row, column);
                std::array<double, 3> logits = bias;
                for (std::size_t k = 0; k < 3; ++k)
                    for (std::size_t i = 0; i < 4; ++i)
                        logits[k] += weight[k][i] * (double(affineImage().pixels[i]) + a * plane.unit[0] * double(plane.directions[0][i]) + b * plane.unit[1] * double(plane.directions[1][i]));
                const auto best = std::ranges::max_element(logits) - logits.begin();
                std::ranges::sort(logits);
                const double margin = logits[2] - logits[1];
                const std::size_t cell = grid.at(row, column);
                wrong += margin > 1e-5 && grid.labels[cell] != best;
                // Interpolation of an affine margin inside a region is exact but at its outer rows, where it is held.
                if (grid.isComputed[cell])
                    largest = std::max(largest, std::abs(double(grid.margins[cell]) - margin));
            }
        }
        QCOMPARE(wrong, 0);
        QVERIFY2(largest < 1e-5, qPrintable(QString::number(largest)));
        if (norm == Norm::L2) {
            // Along the gradient class 1 begins at 0.9 / sqrt(14), to within half a cell.
            int column = 0;
            while (grid.labels[grid.at(grid.size / 2, column)] != 1)
                ++column;
            const double cell = result.frame.width() / grid.size;
            QVERIFY(std::abs(slicePlace(result.frame, 128, 128, 64, column)[0] - cell / 2 - affineDistance(Norm::L2)) <= cell * 0.51);
        }
        QCOMPARE(result.counts.backwards, std::int64_t(0));
        QVERIFY(result.computedShare < 1);
    }

    // Pictures come complete, each twice as fine; points of coarser ones are points of finer ones, so none is asked twice.
    void coarseToFine()
    {
        const SliceRequest request = requestOn(wavesModel(), pixelPlane(makeImage({0.5F, 0.5F}, 1, 2)), 256);
        std::vector<std::shared_ptr<const SliceResult>> published;
        const SliceResult last = sliceOf(request, [&](std::shared_ptr<const SliceResult> each) { published.push_back(std::move(each)); });
        QCOMPARE(published.size(), std::size_t(3));
        std::int64_t before = 0;
        int size = 32;
        for (const auto& each : published) {
            QCOMPARE(each->grid->size, size);
            QVERIFY(each->partial);
            QVERIFY(each->counts.forwards > before);
            before = each->counts.forwards;
            size *= 2;
        }
        QVERIFY(!last.partial);
        QCOMPARE(last.grid->size, 256);
        const auto computed = std::accumulate(last.grid->isComputed.begin(), last.grid->isComputed.end(), std::int64_t(0));
        QCOMPARE(last.counts.forwards, computed);
        // A cell of the coarsest picture keeps the label of its point in the finest.
        const SliceGrid& coarse = *published.front()->grid;
        for (int row = 0; row < 32; ++row) {
            for (int column = 0; column < 32; ++column) {
                const auto place = slicePlace(last.frame, 32, 256, row, column);
                const int r = int((last.frame.top - place[1]) / last.frame.height() * 256);
                const int c = int((place[0] - last.frame.left) / last.frame.width() * 256);
                QCOMPARE(last.grid->labels[last.grid->at(r, c)], coarse.labels[coarse.at(row, column)]);
            }
        }
    }

    void labelsEqualTheFullGrid()
    {
        SliceRequest request = requestOn(wavesModel(), pixelPlane(makeImage({0.5F, 0.5F}, 1, 2)), 256);
        request.frame = {-2, 2, -2, 2};
        const SliceResult refined = sliceOf(request);
        request.computesAll = true;
        const SliceResult full = sliceOf(request);
        QVERIFY(refined.grid->labels == full.grid->labels);
        QCOMPARE(full.counts.forwards, std::int64_t(256) * 256);
        QCOMPARE(full.computedShare, 1.0);
        QVERIFY2(refined.computedShare < 0.9, qPrintable(QString::number(refined.computedShare)));
        QCOMPARE(refined.components, full.components);
    }

    // The same on real nets, planes of every kind that needs no search; what is saved is printed.
    void labelsEqualTheFullGridOnRealNets_data()
    {
        requireRealData();
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("images");
        for (const char* model : {"cifar10_cnn_a_adv", "cifar10_conv_small_sigmoid", "cifar10_marabou_small"})
            QTest::addRow("%s", model) << QString::fromLatin1(model) << QStringLiteral("cifar10/test_batch.bin");
        for (const char* model : {"mnist_fc_256x2", "mnist_conv_maxpool"})
            QTest::addRow("%s", model) << QString::fromLatin1(model) << QStringLiteral("mnist/t10k-images-idx3-ubyte.gz");
    }
    void labelsEqualTheFullGridOnRealNets()
    {
        QFETCH(const QString, model);
        QFETCH(const QString, images);
        const auto classifier = loadClassifier((realDataFolder() + QStringLiteral("/models/") + model + QStringLiteral(".pt")).toStdString());
        const auto dataset = openDataset((realDataFolder() + u'/' + images).toStdString(), {});
        const auto image = [&](int i) {
            return prepareImage(dataset->image(i), classifier->channels(), classifier->height(), classifier->width(), classifier->card().resizeRule).image;
        };
        double computed = 0;
        for (int i = 0; i < 4; ++i) {
            Plane plane = gradientPlane(classifier, image(i), Norm::L2, false, 1);
            if (i >= 2)
                plane = planeThrough(PlaneKind::Images, Norm::L2, {PlaneMarkerKind::Image, "one", {}, std::make_shared<const Image>(image(i))},
                    {PlaneMarkerKind::Image, "two", {}, std::make_shared<const Image>(image(i + 1))},
                    {PlaneMarkerKind::Image, "three", {}, std::make_shared<const Image>(image(i + 2))}, 1);
            SliceRequest request = requestOn(classifier, plane, 128);
            const SliceResult refined = sliceOf(request);
            request.computesAll = true;
            const SliceResult full = sliceOf(request);
            int different = 0;
            for (std::size_t cell = 0; cell < full.grid->labels.size(); ++cell)
                different += full.grid->labels[cell] != refined.grid->labels[cell];
            QCOMPARE(different, 0);
            computed += refined.computedShare / 4;
            qInfo("%s, slice %d: %d classes, %d regions, %.1f %% computed", qPrintable(model), i, int(full.classes.size()), full.components,
                100 * refined.computedShare);
        }
        qInfo("%s: on average %.1f %% of the points were computed", qPrintable(model), 100 * computed);
        QVERIFY(computed < 0.75);
    }

    // Neither the threads nor the batch change a bit.
    void sameBits()
    {
        const auto images = randomImages(4, 1);
        const Plane plane = gradientPlane(reluNet(3), images.front(), Norm::L2, false, 1);
        const SliceRequest request = requestOn(reluNet(3), plane, 64);
        const SliceResult first = sliceOf(request);
        ThreadedMonitor threads;
        const SliceResult second = computeSlice(request, threads);
        QVERIFY(first.grid->labels == second.grid->labels);
        QVERIFY(first.grid->margins == second.grid->margins);
        QVERIFY(first.grid->confidences == second.grid->confidences);
        QCOMPARE(first.counts, second.counts);
    }

    void stops()
    {
        const SliceRequest request = requestOn(wavesModel(), pixelPlane(makeImage({0.5F, 0.5F}, 1, 2)), 256);
        StoppingMonitor atOnce(0);
        const SliceResult none = computeSlice(request, atOnce);
        QVERIFY(!none.grid);
        QVERIFY(none.partial);
        QCOMPARE(none.counts.forwards, std::int64_t(0));
        StoppingMonitor later(30); // batches of 64: the first picture takes 16
        const SliceResult coarse = computeSlice(request, later);
        QVERIFY(coarse.partial);
        QVERIFY(coarse.grid && coarse.grid->size < 256);
        QCOMPARE(coarse.wanted, 256);
    }

    // Points beyond the box go to the model as they are, or clipped.
    void boxIsKeptOrNot()
    {
        const auto first = makeClassifier("first pixel", {1, 1, 2}, 2, [](const at::Tensor& x) {
            const at::Tensor value = x.flatten(1).select(1, 0);
            return at::stack({at::zeros_like(value), value - 1.5}, 1);
        });
        SliceRequest request = requestOn(first, pixelPlane(makeImage({0.5F, 0.5F}, 1, 2)), 64);
        request.frame = {-2, 2, -2, 2};
        const SliceResult free = sliceOf(request);
        QCOMPARE(free.classes.size(), std::size_t(2));
        compareClose(free.insideBox, 1.0 / 16, 1e-4, 0);
        request.clipsToBox = true;
        QCOMPARE(sliceOf(request).classes.size(), std::size_t(1));
        const SlicePoint outside = slicePoint(first, request.plane, 1.2, 0, false);
        QVERIFY(!outside.isInBox);
        QCOMPARE(outside.label, std::int64_t(1));
        QCOMPARE(slicePoint(first, request.plane, 1.2, 0, true).label, std::int64_t(0));
        QVERIFY(slicePoint(first, request.plane, 0.2, 0, false).isInBox);
    }

    void countsRegions()
    {
        const std::vector<std::int16_t> labels{0, 0, 1, 0, //
            0, 1, 0, 0,                                    //
            1, 1, 0, 2,                                    //
            0, 1, 1, 2};
        QCOMPARE(labelComponents(labels, 4), (std::vector<int>{3, 2, 1}));
    }

    void wrongRequests()
    {
        const SliceRequest good = requestOn(affineModel(), gradientPlane(affineModel(), affineImage(), Norm::L2, false, 1), 64);
        SliceRequest bad = good;
        bad.resolution = 100;
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(sliceOf(bad)), Error);
        bad = good;
        bad.frame.right = bad.frame.left;
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(sliceOf(bad)), Error);
        bad = good;
        bad.model = reluNet(3);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(sliceOf(bad)), Error);
        bad = good;
        bad.coarsest = 1;
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(sliceOf(bad)), Error);
    }
};

QTEST_GUILESS_MAIN(TestSlice)
#include "tst_slice.moc"
