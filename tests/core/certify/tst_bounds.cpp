// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/bounds_torch.h"

#include "core/base/error.h"
#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"
#include "core/threat/metric_torch.h"
#include "tests/core/certify/certifymodels_torch.h"
#include "tests/support/compare.h"

#include <QTest>

using namespace brink;
using namespace brink::certify;
using namespace brink::test;

namespace {

const std::vector<Norm> norms{Norm::L1, Norm::L2, Norm::Linf};

/// Radii at which about half of the activations of the small models are unstable.
double usualEps(Norm norm) { return norm == Norm::L1 ? 1.5 : norm == Norm::L2 ? 0.3 : 0.03; }

Network networkOf(const std::string& body) { return readNetwork(*operatorModel(body)); }

Region regionOf(const at::Tensor& images, Norm norm, double eps)
{
    return {images.to(at::kDouble), at::full({images.size(0)}, eps, at::kDouble), norm};
}

std::vector<std::int64_t> batched(std::int64_t rows, const std::vector<std::int64_t>& shape)
{
    std::vector<std::int64_t> all{rows};
    all.insert(all.end(), shape.begin(), shape.end());
    return all;
}

Bounds boundsOf(const Network& network, const Region& region, InnerBounds inner, BoundSettings settings = {})
{
    static PlainMonitor monitor;
    settings.inner = inner;
    return Bounds(network, region, settings, monitor);
}

std::vector<std::int64_t> predictedBy(const Network& network, const at::Tensor& images)
{
    const at::Tensor classes = logitsOf(network, images.to(at::kDouble)).argmax(1);
    return {classes.data_ptr<std::int64_t>(), classes.data_ptr<std::int64_t>() + classes.numel()};
}

at::Tensor marginsOf(const Network& network, const Rows& rows, const at::Tensor& images)
{
    return (rows.coefficients * logitsOf(network, images).index_select(0, rows.image)).sum(1);
}

/// Points of the ball around one image, most of them on its surface: noise, single pixels, corners, and steps down the margins.
at::Tensor pointsInside(const Network& network, const at::Tensor& image, Norm norm, double eps, int count)
{
    const auto generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t(21));
    std::vector<std::int64_t> shape = image.sizes().vec();
    shape[0] = count;
    at::Tensor directions = at::randn(shape, generator, at::kDouble);
    directions.slice(0, 0, count / 4).copy_(directions.slice(0, 0, count / 4).sign());
    at::Tensor sparse = directions.slice(0, count / 4, count / 2);
    sparse.mul_((at::rand(sparse.sizes().vec(), generator, at::kDouble) < 0.02).to(at::kDouble));
    // Steepest descent of each margin, by differences of the whole: no derivative of the network is needed.
    const std::int64_t d = image.numel();
    const at::Tensor nudged = image.expand(shape).slice(0, 0, 1) + 1e-5 * at::eye(d, at::kDouble).view({d, image.size(1), image.size(2), image.size(3)});
    const at::Tensor slopes = (logitsOf(network, nudged) - logitsOf(network, image)).t(); // [K,d]
    for (std::int64_t a = 0, row = count / 2; a < slopes.size(0); ++a)
        for (std::int64_t b = 0; b < slopes.size(0) && row < count; ++b)
            if (a != b) {
                const at::Tensor slope = (slopes[b] - slopes[a]).view(image[0].sizes());
                directions[row++] = norm == Norm::Linf ? slope.sign() : slope;
                if (row < count) { // the steepest pixel alone
                    const at::Tensor size = slope.abs();
                    directions[row++] = at::where(size == size.max(), slope, at::zeros_like(slope));
                }
            }
    const at::Tensor flat = directions.flatten(1);
    const at::Tensor length = norm == Norm::Linf ? flat.abs().amax(1) : flat.norm(norm == Norm::L1 ? 1 : 2, 1);
    at::Tensor radius = at::full({count}, eps, at::kDouble);
    radius.slice(0, 0, count / 8).mul_(at::rand({count / 8}, generator, at::kDouble));
    at::Tensor points = image + directions * (radius / length.clamp_min(1e-12)).view({-1, 1, 1, 1});
    return norm == Norm::Linf ? points.clamp(0, 1) : points;
}

bool isBelow(const at::Tensor& low, const at::Tensor& high, double slack) { return (low <= high + slack).all().item<bool>(); }

} // namespace

class TestBounds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    /// The affine reference model of the methods handbook (8.1), and the methods' order of exactness: all of them are exact.
    void linearModelsAreExact_data()
    {
        QTest::addColumn<int>("norm");
        QTest::addColumn<double>("distance1");
        QTest::addColumn<double>("distance2");
        QTest::addRow("linf") << int(Norm::Linf) << 0.15 << 0.2;
        QTest::addRow("l2") << int(Norm::L2) << 0.240535 << 0.371868;
        QTest::addRow("l1") << int(Norm::L1) << 0.3 << 0.55;
    }
    void linearModelsAreExact()
    {
        QFETCH(int, norm);
        QFETCH(double, distance1);
        QFETCH(double, distance2);
        const at::Tensor weight = at::tensor({1.0, 2.0, -1.0, 0.5, 0.0, -1.0, 1.0, 0.5, -1.0, 0.5, 0.5, 1.0}, at::kFloat).view({3, 4});
        const auto classifier = savedAndLoaded(moduleOf("def forward(self, x):\n  return torch.linear(torch.flatten(x, 1), self.w0, self.w1)\n",
                                                   {weight, at::tensor({0.1, 0.0, -0.2}, at::kFloat)}),
            {1, 2, 2});
        const Network network = readNetwork(*classifier);
        const at::Tensor image = at::tensor({0.6, 0.4, 0.5, 0.5}, at::kDouble).view({1, 1, 2, 2});
        for (const double part : {0.25, 0.5, 1.0}) {
            for (const InnerBounds inner : {InnerBounds::Intervals, InnerBounds::Linear, InnerBounds::Optimised}) {
                const Bounds bounds = boundsOf(network, regionOf(image, Norm(norm), part * distance1), inner);
                const Rows rows = marginRows(bounds, std::vector<std::int64_t>{0});
                for (const at::Tensor& low : {bounds.intervalBounds(rows), bounds.linearBounds(rows), bounds.optimisedBounds(rows)}) {
                    compareClose(low[0].item<double>(), 0.9 * (1 - part), 1e-5, 3e-6); // six digits of the published distances, float32 weights
                    compareClose(low[1].item<double>(), 1.1 * (1 - part * distance1 / distance2), 1e-5, 3e-6);
                }
            }
        }
    }

    /// Linf balls are cut to the pixel box, the others are not.
    void onlyLinfIsCutToTheBox()
    {
        const auto classifier = savedAndLoaded(moduleOf("def forward(self, x):\n  return torch.linear(torch.flatten(x, 1), self.w0)\n",
                                                   {at::tensor({1.0, 1.0, 0.0, 0.0}, at::kFloat).view({2, 2})}),
            {1, 1, 2});
        const Network network = readNetwork(*classifier);
        const at::Tensor image = at::tensor({0.05, 0.5}, at::kDouble).view({1, 1, 1, 2}); // margin 0.55
        const std::map<Norm, double> expected{{Norm::Linf, 0.55 - 0.05 - 0.1}, {Norm::L2, 0.55 - 0.1 * std::sqrt(2.0)}, {Norm::L1, 0.55 - 0.1}};
        for (const auto& [norm, margin] : expected) {
            const Bounds bounds = boundsOf(network, regionOf(image, norm, 0.1), InnerBounds::Linear);
            compareClose(bounds.linearBounds(marginRows(bounds, std::vector<std::int64_t>{0}))[0].item<double>(), margin, 0, 1e-9);
        }
    }

    /// Nothing that is sampled in the ball lies outside the bounds, of margins and of every value inside; better methods are better.
    void noSampleIsOutside_data() { addOperatorRows(); }
    void noSampleIsOutside()
    {
        QFETCH(QString, body);
        const Network network = networkOf(body.toStdString());
        const at::Tensor image = someImages(1, {3, 8, 8}, 3).to(at::kDouble);
        const std::vector<std::int64_t> reference = predictedBy(network, image);
        for (const Norm norm : norms) {
            for (const double eps : {0.3 * usualEps(norm), 3 * usualEps(norm)}) {
                const at::Tensor points = pointsInside(network, image, norm, eps, 1000);
                const std::vector<at::Tensor> values = valuesOf(network, points);
                const at::Tensor worst = (logitsOf(network, points).select(1, reference[0]).unsqueeze(1) - logitsOf(network, points)).amin(0);
                std::optional<at::Tensor> before;
                for (const InnerBounds inner : {InnerBounds::Intervals, InnerBounds::Linear, InnerBounds::Optimised}) {
                    const Bounds bounds = boundsOf(network, regionOf(image, norm, eps), inner, {.iterations = 5});
                    const Rows rows = marginRows(bounds, reference);
                    const at::Tensor low = inner == InnerBounds::Intervals ? bounds.intervalBounds(rows)
                        : inner == InnerBounds::Linear                     ? bounds.linearBounds(rows)
                                                                           : bounds.optimisedBounds(rows);
                    for (std::int64_t row = 0; row < rows.coefficients.size(0); ++row)
                        QVERIFY2(low[row].item<double>() <= worst[rows.coefficients[row].argmin().item<std::int64_t>()].item<double>() + 1e-9, qPrintable(body));
                    QVERIFY2(!before || isBelow(*before, low, 1e-9), qPrintable(body));
                    before = low;
                    for (int place = 0; place <= network.last(); ++place) {
                        const Interval& range = bounds.range(place);
                        QVERIFY2(isBelow(range.lower, values[std::size_t(place)], 1e-9), network.nodes[std::size_t(place)].origin.c_str());
                        QVERIFY2(isBelow(values[std::size_t(place)], range.upper, 1e-9), network.nodes[std::size_t(place)].origin.c_str());
                    }
                }
            }
        }
    }

    /// A ball of radius 0 gives the margins themselves.
    void aPointHasItsOwnMargin_data() { addOperatorRows(); }
    void aPointHasItsOwnMargin()
    {
        QFETCH(QString, body);
        const Network network = networkOf(body.toStdString());
        const at::Tensor images = someImages(2, {3, 8, 8}, 5).to(at::kDouble);
        for (const Norm norm : norms) {
            const Bounds bounds = boundsOf(network, regionOf(images, norm, 0), InnerBounds::Linear);
            const Rows rows = marginRows(bounds, predictedBy(network, images));
            const at::Tensor margins = marginsOf(network, rows, images);
            QVERIFY((bounds.intervalBounds(rows) - margins).abs().max().item<double>() < 1e-8);
            QVERIFY((bounds.linearBounds(rows) - margins).abs().max().item<double>() < 1e-8);
        }
    }

    void largerBallsHaveLowerBounds_data() { addOperatorRows(); }
    void largerBallsHaveLowerBounds()
    {
        QFETCH(QString, body);
        const Network network = networkOf(body.toStdString());
        const at::Tensor image = someImages(1, {3, 8, 8}, 6).to(at::kDouble);
        for (const Norm norm : norms) {
            for (const InnerBounds inner : {InnerBounds::Intervals, InnerBounds::Linear}) {
                std::optional<at::Tensor> before;
                for (double eps = 0.1 * usualEps(norm); eps < 4 * usualEps(norm); eps *= 1.3) {
                    const Bounds bounds = boundsOf(network, regionOf(image, norm, eps), inner);
                    const Rows rows = marginRows(bounds, predictedBy(network, image));
                    const at::Tensor low = inner == InnerBounds::Linear ? bounds.linearBounds(rows) : bounds.intervalBounds(rows);
                    QVERIFY2(!before || isBelow(low, *before, 1e-9), qPrintable(QStringLiteral("%1 at %2").arg(body).arg(eps)));
                    before = low;
                }
            }
        }
    }

    /// Images together have the bounds they have alone, and so do rows that are computed a few at a time.
    void batchesChangeNothing_data() { addOperatorRows(); }
    void batchesChangeNothing()
    {
        QFETCH(QString, body);
        const Network network = networkOf(body.toStdString());
        const at::Tensor images = someImages(3, {3, 8, 8}, 8).to(at::kDouble);
        const std::vector<std::int64_t> references = predictedBy(network, images);
        for (const Norm norm : norms) {
            const Region region = regionOf(images, norm, usualEps(norm));
            const Bounds together = boundsOf(network, region, InnerBounds::Linear), few = boundsOf(network, region, InnerBounds::Linear, {.memory = 1});
            const Rows rows = marginRows(together, references);
            const at::Tensor all = together.optimisedBounds(rows);
            QVERIFY((all - few.optimisedBounds(rows)).abs().max().item<double>() < 1e-6);
            std::vector<at::Tensor> alone;
            for (std::int64_t i = 0; i < images.size(0); ++i) {
                const Bounds one = boundsOf(network, {region.centre.slice(0, i, i + 1), region.eps.slice(0, i, i + 1), norm}, InnerBounds::Linear);
                alone.push_back(one.optimisedBounds(marginRows(one, std::vector<std::int64_t>{references[std::size_t(i)]})));
            }
            // Sums in another order; Adam makes more of the last bits of gradients that are nearly 0.
            QVERIFY2((all - at::cat(alone)).abs().max().item<double>() < 1e-6, qPrintable(body));
        }
    }

    /// Inner bounds are carried back through patches; every number as a row of the whole node has the same bound.
    void patchesAreTheWhole_data() { addOperatorRows(); }
    void patchesAreTheWhole()
    {
        QFETCH(QString, body);
        const Network network = networkOf(body.toStdString());
        const at::Tensor images = someImages(2, {3, 8, 8}, 9).to(at::kDouble);
        for (const Norm norm : {Norm::L2, Norm::Linf}) {
            const Bounds bounds = boundsOf(network, regionOf(images, norm, usualEps(norm)), InnerBounds::Linear);
            for (const Node& consumer : network.nodes) {
                if (!consumer.isNonlinear() || consumer.operation == Operation::MaxPool)
                    continue;
                const int place = consumer.inputs[0];
                if (network.nodes[std::size_t(place)].isNonlinear())
                    continue; // narrowed before it
                const Interval& range = bounds.range(place);
                const std::int64_t size = network.nodes[std::size_t(place)].size();
                const at::Tensor units = at::eye(size, at::kDouble).repeat({2, 1}).view(batched(2 * size, network.nodes[std::size_t(place)].shape));
                const at::Tensor image = at::arange(2, at::kLong).repeat_interleave(size);
                const bool isBent = consumer.operation == Operation::Relu || consumer.operation == Operation::Clamp; // at its low alone
                const at::Tensor isOpen = isBent ? at::logical_and(range.lower < consumer.low, range.upper > consumer.low).flatten() : at::ones({2 * size}, at::kBool);
                // Intervals of sums are not as good as of the row, which adds before it bounds; where these decide, nothing is compared.
                const auto isSame = [&](const at::Tensor& coefficients, const at::Tensor& bound) {
                    const at::Tensor expected = bounds.linearBounds({place, coefficients, image});
                    const at::Tensor counts = at::logical_and(isOpen, bounds.intervalBounds({place, coefficients, image}) < expected - 1e-9);
                    return (counts * (bound.flatten() - expected)).abs().max().item<double>() < 1e-9;
                };
                QVERIFY2(isSame(units, range.lower), qPrintable(body));
                QVERIFY2(isSame(-units, -range.upper), qPrintable(body));
            }
        }
    }

    /// By hand: a number of the second convolution (6 x 3 x 3 terms) sees 3 x 3 places of 6 relus, each after 3 x 3 x 3 terms. Two rows each.
    void theCostOfCrownIsKnown()
    {
        const Network network = networkOf("  x = torch.conv2d(x, self.w0, self.w1, [1, 1], [1, 1])\n  x = torch.relu(torch.conv2d(torch.relu(x), self.w8))\n"
                                          "  return torch.linear(torch.flatten(x, 1), self.w3)\n");
        QCOMPARE(crownCost(network), 2.0 * (6 * 6 * 6) * (6 * 54 + 6 * 9 + 6 * 9 * 27));
        QCOMPARE(crownCost(networkOf("  return torch.linear(torch.flatten(x, 1), self.w2)\n")), 0.0);
    }

    void onlyTheTargetsAskedForHaveRows()
    {
        const Network network = networkOf("  return torch.linear(torch.flatten(x, 1), self.w2)\n");
        const at::Tensor images = someImages(2, {3, 8, 8}, 8).to(at::kDouble);
        const Bounds bounds = boundsOf(network, regionOf(images, Norm::L2, 0.1), InnerBounds::Linear);
        const Rows rows = marginRows(bounds, std::vector<std::int64_t>{1, 3}, std::vector<std::int64_t>{3});
        QCOMPARE(rows.image.size(0), std::int64_t(1));
        QCOMPARE(rows.coefficients[0].argmin().item<std::int64_t>(), std::int64_t(3));
        QVERIFY_EXCEPTION_THROWN((void)boundsOf(network, regionOf(images, Norm::L0, 1), InnerBounds::Linear), Error);
    }
};

QTEST_GUILESS_MAIN(TestBounds)
#include "tst_bounds.moc"
