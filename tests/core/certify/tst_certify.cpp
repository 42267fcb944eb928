// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/certify.h"

#include "core/base/error.h"
#include "core/certify/counterexample_torch.h"
#include "core/certify/radiussearch.h"
#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"
#include "tests/core/certify/certifymodels_torch.h"
#include "tests/core/certify/exactdistance.h"
#include "tests/support/compare.h"

#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

constexpr double tolerance = 1e-3;
const std::vector<CertifyMethod> allMethods{CertifyMethod::Ibp, CertifyMethod::CrownIbp, CertifyMethod::Crown, CertifyMethod::AlphaCrown, CertifyMethod::BetaCrown};
const std::vector<Norm> norms{Norm::L1, Norm::L2, Norm::Linf};

CertifyResult largestBall(CertifyRequest request)
{
    PlainMonitor monitor;
    request.tolerance = tolerance;
    return runCertify(request, monitor).front();
}

double radiusOf(const CertifyRequest& request) { return *largestBall(request).radius; }

std::vector<double> listed(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.to(at::kDouble).flatten().contiguous();
    return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

/// 2 pixels -> 6 relus -> 6 relus -> 3 classes, with the weights of a seed.
struct TinyNet {
    std::shared_ptr<const Classifier> classifier;
    std::vector<ExactLayer> layers;
};

TinyNet tinyNet(int seed)
{
    const std::vector<at::Tensor> weights{fixedNormal({6, 2}, seed, 1.5), fixedNormal({6}, seed + 1, 0.7), fixedNormal({6, 6}, seed + 2, 0.7),
        fixedNormal({6}, seed + 3, 0.4), fixedNormal({3, 6}, seed + 4, 0.7), fixedNormal({3}, seed + 5, 0.3)};
    TinyNet net;
    net.classifier = savedAndLoaded(moduleOf("def forward(self, x):\n  x = torch.relu(torch.linear(torch.flatten(x, 1), self.w0, self.w1))\n"
                                             "  x = torch.relu(torch.linear(x, self.w2, self.w3))\n  return torch.linear(x, self.w4, self.w5)\n",
                                        weights),
        {1, 1, 2});
    for (std::size_t i = 0; i < 6; i += 2)
        net.layers.push_back({int(weights[i].size(0)), int(weights[i].size(1)), listed(weights[i]), listed(weights[i + 1])});
    return net;
}

} // namespace

class TestCertify : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    /// IBP <= CROWN <= alpha-CROWN <= beta-CROWN <= exact distance, found by enumeration of all activation patterns: 20 nets of 12 relus. As
    /// beta-CROWN is complete, it ends where the enumeration does.
    void theExactDistanceIsNotExceeded_data()
    {
        QTest::addColumn<int>("norm");
        for (const Norm norm : norms)
            QTest::addRow("%s", normName(norm).c_str()) << int(norm);
    }
    void theExactDistanceIsNotExceeded()
    {
        QFETCH(int, norm);
        Image image{1, 1, 2, {0.5F, 0.5F}, {}, {}};
        int inside = 0, met = 0;
        double part = 0, best = 0, complete = 1, nearest = 0;
        for (int seed = 0; seed < 200; seed += 10) {
            const TinyNet net = tinyNet(seed);
            const double exact = exactDistance(net.layers, {0.5, 0.5}, Norm(norm));
            if (!(exact < 0.5)) // beyond the pixel box
                continue;
            ++inside;
            CertifyRequest request{.model = std::make_shared<const CertifiableModel>(net.classifier), .images = {image}, .norm = Norm(norm)};
            std::vector<double> radii;
            for (const CertifyMethod method : allMethods) {
                request.method = method;
                const CertifyResult result = largestBall(request);
                radii.push_back(*result.radius);
                // The classifier rounds to float32, so it may leave the class this much before the exact net does.
                QVERIFY2(!result.counterexample || result.counterexample->distance >= exact - 3e-6,
                    qPrintable(QStringLiteral("an image of another class at %1, the exact distance is %2").arg(result.counterexample->distance, 0, 'g', 10).arg(exact, 0, 'g', 10)));
                if (result.counterexample)
                    nearest = std::max(nearest, result.counterexample->distance / exact);
                met += result.counterexample ? 1 : 0;
            }
            request.method = CertifyMethod::AlphaCrown;
            request.optimisesInner = true;
            radii.push_back(radiusOf(request));
            const auto text = QStringLiteral("seed %1: %2 <= %3 <= %4 <= %5 (inner: %6) <= %7").arg(seed).arg(radii[0]).arg(radii[2]).arg(radii[3]).arg(radii[4]).arg(radii[5]).arg(exact);
            const double slack = 1 + tolerance; // a radius may lie this much below where its proof ends
            QVERIFY2(radii[0] > 0 && radii[0] <= radii[2] * slack && radii[2] <= radii[3] * slack && radii[3] <= radii[4] * slack, qPrintable(text));
            QVERIFY2(radii[3] <= radii[5] * slack, qPrintable(text));
            for (const double radius : radii)
                QVERIFY2(radius <= exact, qPrintable(text));
            part += radii[3] / exact;
            best = std::max(best, radii[5] / exact);
            complete = std::min(complete, radii[4] / exact);
        }
        qInfo("%d nets, alpha-CROWN proves %.3f of the exact distance on average, %.3f at best; beta-CROWN %.4f at least; its counterexamples lie at %.4f at most",
            inside, part / inside, best, complete, nearest);
        QVERIFY(inside >= 8);
        QVERIFY(complete > 1 - 3 * tolerance);
        QVERIFY(met >= inside - 1);
        // In L1 the line ends at a corner of the ball, which need not lead to the nearest image.
        QVERIFY(nearest < (Norm(norm) == Norm::L1 ? 1.2 : 1 + 3 * tolerance));
        QVERIFY(part / inside > 0.5 && best > 0.98);
    }

    /// |margin| / |w|_q, rounded down within the tolerance, by every method (methods 8.1).
    void linearModelsAreExact_data()
    {
        QTest::addColumn<int>("norm");
        QTest::addColumn<double>("distance");
        QTest::addRow("linf") << int(Norm::Linf) << 0.15;
        QTest::addRow("l2") << int(Norm::L2) << 0.9 / std::sqrt(14.0);
        QTest::addRow("l1") << int(Norm::L1) << 0.3;
    }
    void linearModelsAreExact()
    {
        QFETCH(int, norm);
        QFETCH(double, distance);
        const at::Tensor weight = at::tensor({1.0, 2.0, -1.0, 0.5, 0.0, -1.0, 1.0, 0.5, -1.0, 0.5, 0.5, 1.0}, at::kFloat).view({3, 4});
        const auto model = std::make_shared<const CertifiableModel>(savedAndLoaded(
            moduleOf("def forward(self, x):\n  return torch.linear(torch.flatten(x, 1), self.w0, self.w1)\n", {weight, at::tensor({0.1, 0.0, -0.2}, at::kFloat)}), {1, 2, 2}));
        CertifyRequest request{.model = model, .images = {Image{1, 2, 2, {0.6F, 0.4F, 0.5F, 0.5F}, {}, {}}}, .norm = Norm(norm)};
        for (const CertifyMethod method : allMethods) {
            request.method = method;
            PlainMonitor monitor;
            const CertifyResult result = runCertify(request, monitor).front();
            QVERIFY(*result.radius <= distance * (1 + 1e-6)); // float32 weights
            QVERIFY(*result.radius >= distance * (1 - 1.1e-3));
            QVERIFY(*result.nextFailed > *result.radius && *result.nextFailed <= *result.radius * 1.0011);
            // The slope of a linear margin is the same everywhere: the certified constant is exact.
            compareClose(result.margins[0].lipschitz, 0.9 / distance, 1e-6, 0);
        }
    }

    /// From a point where the class still holds, down to an image of another class, and only where one is as near; targeted as well.
    void pointsAHairInsideLeadOut_data() { linearModelsAreExact_data(); }
    void pointsAHairInsideLeadOut()
    {
        QFETCH(int, norm);
        QFETCH(double, distance);
        const at::Tensor weight = at::tensor({1.0, 2.0, -1.0, 0.5, 0.0, -1.0, 1.0, 0.5, -1.0, 0.5, 0.5, 1.0}, at::kFloat).view({3, 4});
        Evaluator evaluator(savedAndLoaded(
            moduleOf("def forward(self, x):\n  return torch.linear(torch.flatten(x, 1), self.w0, self.w1)\n", {weight, at::tensor({0.1, 0.0, -0.2}, at::kFloat)}), {1, 2, 2}));
        const Image image{1, 2, 2, {0.6F, 0.4F, 0.5F, 0.5F}, {}, {}};
        // The last pixel alone changes no lead over class 1.
        const auto from = [&](double radius) { return at::tensor({0.6, 0.4, 0.5, 0.5 + radius}, at::kDouble).view({1, 1, 2, 2}); };
        const auto found = certify::counterexampleTowards(evaluator, image, from(1.1 * distance), {0, {}, 0}, Norm(norm));
        QVERIFY(found);
        QCOMPARE(found->predicted, std::int64_t(1));
        QVERIFY(found->distance >= distance * (1 - 1e-5) && found->distance <= 1.1 * distance * (1 + 1e-5));
        QVERIFY(!certify::counterexampleTowards(evaluator, image, from(0.95 * distance), {0, {}, 0}, Norm(norm)));
        const auto towards = certify::counterexampleTowards(evaluator, image, from(1.1 * distance), {0, 1, 0}, Norm(norm));
        QVERIFY(towards && towards->predicted == 1);
        QVERIFY(!certify::counterexampleTowards(evaluator, image, from(1.1 * distance), {0, 2, 0}, Norm(norm)) || Norm(norm) == Norm::L1);
    }

    void aBallIsProvedOrNot()
    {
        const TinyNet net = tinyNet(10);
        CertifyRequest request{.model = std::make_shared<const CertifiableModel>(net.classifier), .images = {Image{1, 1, 2, {0.5F, 0.5F}, {}, {}}}, .norm = Norm::L2};
        const double radius = radiusOf(request);
        PlainMonitor monitor;
        for (const double factor : {0.5, 1.0, 1.01}) {
            request.eps = factor * radius;
            const CertifyResult result = runCertify(request, monitor).front();
            QCOMPARE(result.isProved, factor <= 1);
            QVERIFY(!result.radius);
            QCOMPARE(result.eps, *request.eps);
        }
        request.eps.reset();
        request.references = {(runCertify(request, monitor).front().reference + 1) % 3}; // not its class: nothing to prove
        const CertifyResult wrong = runCertify(request, monitor).front();
        QCOMPARE(*wrong.radius, 0.0);
        QVERIFY(!wrong.isProved && wrong.balls == 0);
    }

    /// The nearest of the targets is what all classes together give.
    void targetsAreNoNearerThanAnyClass()
    {
        const TinyNet net = tinyNet(30);
        CertifyRequest request{.model = std::make_shared<const CertifiableModel>(net.classifier), .images = {Image{1, 1, 2, {0.5F, 0.5F}, {}, {}}}, .norm = Norm::Linf};
        const double all = radiusOf(request);
        PlainMonitor monitor;
        double nearest = 1e9;
        const CertifyResult untargeted = runCertify(request, monitor).front();
        for (const CertifiedMargin& each : untargeted.margins) {
            request.target = each.target;
            nearest = std::min(nearest, radiusOf(request));
        }
        compareClose(nearest, all, 2 * tolerance, 0);
    }

    /// A certified local Lipschitz constant is at least the slope anywhere in the ball: between any two points of it.
    void noSlopeExceedsTheConstant_data() { addOperatorRows(); }
    void noSlopeExceedsTheConstant()
    {
        QFETCH(QString, body);
        const auto classifier = operatorModel(body.toStdString());
        const at::Tensor x = someImages(1, {3, 8, 8}, 3);
        CertifyRequest request{.model = std::make_shared<const CertifiableModel>(classifier), .images = {imageFromTensor(x[0])}, .eps = 0.05};
        for (const Norm norm : norms) {
            request.norm = norm;
            request.eps = norm == Norm::L1 ? 1.0 : norm == Norm::L2 ? 0.2 : 0.02;
            PlainMonitor monitor;
            const CertifyResult result = runCertify(request, monitor).front();
            const auto generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t(4));
            const at::Tensor noise = at::randn({200, 3, 8, 8}, generator, at::kFloat).flatten(1);
            const at::Tensor length = norm == Norm::Linf ? noise.abs().amax(1) : noise.norm(norm == Norm::L1 ? 1 : 2, 1);
            const at::Tensor points = (x + (noise / length.unsqueeze(1)).view({200, 3, 8, 8}) * *request.eps).clamp(0, 1);
            for (const CertifiedMargin& each : result.margins) {
                Evaluator evaluator(classifier);
                const ForwardPass pass = evaluator.forward(points);
                const at::Tensor slope = evaluator.gradient(pass, pass.logits.select(1, result.reference) - pass.logits.select(1, each.target)).flatten(1);
                const at::Tensor sizes = norm == Norm::Linf ? slope.abs().sum(1) : norm == Norm::L2 ? slope.norm(2, 1) : slope.abs().amax(1);
                const double largest = sizes.max().item<double>();
                QVERIFY2(largest <= each.lipschitz * (1 + 1e-5), qPrintable(QStringLiteral("%1 above %2").arg(largest).arg(each.lipschitz)));
                QVERIFY(each.lowerBound <= each.margin);
            }
        }
    }

    void aStopLeavesWhatHolds()
    {
        const TinyNet net = tinyNet(10);
        const CertifyRequest request{.model = std::make_shared<const CertifiableModel>(net.classifier), .images = {Image{1, 1, 2, {0.5F, 0.5F}, {}, {}}}};
        PlainMonitor monitor;
        monitor.requestStop();
        const CertifyResult result = runCertify(request, monitor).front();
        QVERIFY(result.isPartial);
        QCOMPARE(*result.radius, 0.0);
    }

    void wrongRequestsAreRefused()
    {
        const TinyNet net = tinyNet(10);
        CertifyRequest request{.model = std::make_shared<const CertifiableModel>(net.classifier), .images = {Image{1, 1, 2, {0.5F, 0.5F}, {}, {}}}};
        PlainMonitor monitor;
        const auto isRefused = [&](const auto& change) {
            CertifyRequest changed = request;
            change(changed);
            try {
                (void)runCertify(changed, monitor);
                return false;
            } catch (const Error&) {
                return true;
            }
        };
        QVERIFY(isRefused([](CertifyRequest& r) { r.norm = Norm::L0; }));
        QVERIFY(isRefused([](CertifyRequest& r) { r.eps = -1; }));
        QVERIFY(isRefused([](CertifyRequest& r) { r.tolerance = 0; }));
        QVERIFY(isRefused([](CertifyRequest& r) { r.target = 3; }));
        QVERIFY(isRefused([](CertifyRequest& r) { r.references = {0, 1}; }));
        QVERIFY(isRefused([](CertifyRequest& r) { r.references = {5}; }));
        QVERIFY(isRefused([](CertifyRequest& r) { r.images[0] = Image{1, 2, 2, {0, 0, 0, 0}, {}, {}}; }));
        QVERIFY(!isRefused([](CertifyRequest&) {}));
        QVERIFY_EXCEPTION_THROWN((void)certifyMethodFromName("krown"), Error);
    }

    /// Whatever the shape of the margin over the radius, the search ends within its tolerance, below the zero, in few steps.
    void theSearchEndsBelowTheZero_data()
    {
        QTest::addColumn<double>("zero");
        QTest::addColumn<double>("power");
        for (const double zero : {1e-5, 0.003, 0.2, 0.999})
            for (const double power : {0.3, 1.0, 4.0})
                QTest::addRow("zero at %g, power %g", zero, power) << zero << power;
    }
    void theSearchEndsBelowTheZero()
    {
        QFETCH(double, zero);
        QFETCH(double, power);
        certify::RadiusSearch search(1, 0.01, 1, tolerance);
        int steps = 0;
        for (; !search.isDone(); ++steps) {
            const double radius = search.next();
            QVERIFY(radius > search.proved() && (!search.failed() || radius < *search.failed()));
            search.tried(1 - std::pow(radius / zero, power));
        }
        QVERIFY(search.proved() < zero && search.proved() >= zero * (1 - 1.01 * tolerance));
        QVERIFY2(steps <= 25, qPrintable(QString::number(steps)));
        const auto marginAt = [&](double radius) { return 1 - std::pow(radius / zero, power); };
        const double low = 0.9 * zero, high = 1.02 * zero;
        certify::RadiusSearch between({low, marginAt(low), high, marginAt(high)}, tolerance);
        for (steps = 0; !between.isDone(); ++steps) {
            QVERIFY(between.next() > between.proved() && between.next() < *between.failed());
            between.tried(marginAt(between.next()));
        }
        QVERIFY(!between.isCapped() && between.proved() < zero && between.proved() >= zero * (1 - 1.01 * tolerance));
        QVERIFY2(steps <= 8, qPrintable(QString::number(steps)));
        certify::RadiusSearch cut(1, 0.01, 1, tolerance); // of margins that stop above 0
        cut.ignoreSizes();
        for (steps = 0; !cut.isDone(); ++steps)
            cut.tried(std::min(marginAt(cut.next()), 1e-6));
        QVERIFY(cut.proved() < zero && cut.proved() >= zero * (1 - 1.01 * tolerance));
        QVERIFY2(steps <= 25, qPrintable(QString::number(steps)));
        certify::RadiusSearch everything(1, 0.01, 1, tolerance);
        while (!everything.isDone())
            everything.tried(1);
        QVERIFY(everything.isCapped() && everything.proved() == 1);
    }
};

QTEST_GUILESS_MAIN(TestCertify)
#include "tst_certify.moc"
