// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/classifier_torch.h"

#include "core/clever/clever.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "tests/support/compare.h"

#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

using namespace brink;

namespace {

using Function = std::function<at::Tensor(const at::Tensor&)>;

std::shared_ptr<const Classifier> classifier(std::array<int, 3> input, int classes, Function function, int batch = 64, bool isSmooth = false,
    bool givesProbabilities = false)
{
    auto impl = std::make_unique<Classifier::Impl>();
    impl->card.name = "test";
    impl->input = input;
    impl->classes = classes;
    impl->bestBatch = batch;
    impl->isSmooth = isSmooth;
    impl->givesProbabilities = givesProbabilities;
    impl->run = std::move(function);
    return std::make_shared<const Classifier>(std::move(impl));
}

Function affine(at::Tensor weights, at::Tensor bias)
{
    return [weights, bias](const at::Tensor& x) { return at::addmm(bias, x.flatten(1), weights.t()); };
}

/// g(x) = top - |x - centre|^2 / 2 against a second logit of 0.
Function paraboloid(double top, double centre)
{
    return [top, centre](const at::Tensor& x) {
        const at::Tensor g = top - (x - centre).square().flatten(1).sum(1) / 2;
        return at::stack({g, at::zeros_like(g)}, 1);
    };
}

/// A small smooth net with fixed pseudo-random weights, logits times `factor`.
Function smoothNet(int dimension, int classes, double factor = 1)
{
    at::Tensor first = at::empty({24, dimension});
    at::Tensor second = at::empty({classes, 24});
    Rng rng(77);
    rng.fillNormal({first.data_ptr<float>(), std::size_t(first.numel())});
    rng.fillNormal({second.data_ptr<float>(), std::size_t(second.numel())});
    first /= std::sqrt(double(dimension));
    return [first, second, factor](const at::Tensor& x) { return (x.flatten(1).matmul(first.t()).tanh().matmul(second.t())) * factor; };
}

Image image(std::array<int, 3> input, std::vector<float> pixels)
{
    Image made;
    made.channels = input[0];
    made.height = input[1];
    made.width = input[2];
    made.pixels = std::move(pixels);
    return made;
}

Image flatImage(std::array<int, 3> input, float value)
{
    return image(input, std::vector<float>(std::size_t(input[0]) * std::size_t(input[1]) * std::size_t(input[2]), value));
}

constexpr std::array<int, 3> four{1, 2, 2};

/// The affine reference model: K = 3, d = 4, logits (1.25, .35, .15) at the reference image.
Function referenceModel()
{
    return affine(at::tensor({1.0, 2.0, -1.0, 0.5, 0.0, -1.0, 1.0, 0.5, -1.0, 0.5, 0.5, 1.0}).to(at::kFloat).view({3, 4}),
        at::tensor({0.1, 0.0, -0.2}).to(at::kFloat));
}

Image referenceImage() { return image(four, {0.6F, 0.4F, 0.5F, 0.5F}); }

CleverRequest smallRequest(Norm norm = Norm::L2)
{
    CleverRequest request;
    request.norm = norm;
    request.batches = 12;
    request.samples = 20;
    return request;
}

CleverResult run(std::shared_ptr<const Classifier> model, const Image& centre, const CleverRequest& request)
{
    PlainMonitor monitor;
    return computeClever(std::move(model), centre, request, monitor);
}

bool hasWarning(const CleverResult& result, const std::string& code)
{
    return std::ranges::find(result.warnings, code, &Warning::code) != result.warnings.end();
}

/// Stops at the given poll.
class StopAt : public PlainMonitor {
public:
    explicit StopAt(int poll) : m_left(poll) {}
    [[nodiscard]] bool stopRequested() const override { return m_left-- <= 0; }

private:
    mutable int m_left;
};

double rowNorm(const at::Tensor& w, Norm norm)
{
    const at::Tensor v = w.to(at::kDouble).abs();
    return (norm == Norm::L1 ? v.max() : norm == Norm::Linf ? v.sum() : v.square().sum().sqrt()).item<double>();
}

} // namespace

Q_DECLARE_METATYPE(brink::CleverRequest)

class TestClever : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void affineReferenceIsExact_data();
    void affineReferenceIsExact();
    void linearTenClassesAreExact_data();
    void linearTenClassesAreExact();
    void dualNormsAreWiredRight_data();
    void dualNormsAreWiredRight();
    void paraboloidHasItsEndPointAndShape();
    void scoreIsFreeOfLogitScale();
    void curveOverRadiusFollowsTheParaboloid_data();
    void curveOverRadiusFollowsTheParaboloid();
    void curveOverBatchesEndsAtTheScore();
    void cappedScoreIsMarked();
    void tieHasScoreZero();
    void zeroGradientsAreRefused();
    void gradientThatIsNotANumberIsAnError();
    void sameSeedSameBits();
    void deviceBatchDoesNotMatter();
    void lanesDoNotMatter();
    void stopKeepsCompleteBatches();
    void stopBeforeTheFirstBatchHasNoScore();
    void countsAreExact_data();
    void countsAreExact();
    void oneL2BallServesAllNorms();
    void targetsAreChosen_data();
    void targetsAreChosen();
    void secondOrderHasItsClosedForm_data();
    void secondOrderHasItsClosedForm();
    void secondOrderNeedsASmoothModelAndL2();
    void predictedClassIsNoTarget();
    void wrongReferenceScoresZero();
    void probabilitiesAreNamed();
    void snapshotsGrowIntoTheResult();
    void absurdRequestsAreRefusedBeforeAnyWork_data();
    void absurdRequestsAreRefusedBeforeAnyWork();
    void jsonHasTheAgreedFields();
};

void TestClever::affineReferenceIsExact_data()
{
    QTest::addColumn<Norm>("norm");
    QTest::addColumn<CleverSampling>("sampling");
    QTest::addColumn<double>("first");
    QTest::addColumn<double>("second");
    for (const bool isPaper : {true, false}) {
        const CleverSampling sampling = isPaper ? CleverSampling::Paper : CleverSampling::ReleasedCode;
        const char* mode = isPaper ? "paper" : "released code";
        QTest::addRow("L1, %s", mode) << Norm::L1 << sampling << 0.300000 << 0.550000;
        QTest::addRow("L2, %s", mode) << Norm::L2 << sampling << 0.240535 << 0.371868;
        QTest::addRow("Linf, %s", mode) << Norm::Linf << sampling << 0.150000 << 0.200000;
    }
}

void TestClever::affineReferenceIsExact()
{
    QFETCH(Norm, norm);
    QFETCH(CleverSampling, sampling);
    QFETCH(double, first);
    QFETCH(double, second);
    for (const int batches : {1, 3, 40}) {
        CleverRequest request = smallRequest(norm);
        request.batches = batches;
        request.sampling = sampling;
        const CleverResult result = run(classifier(four, 3, referenceModel()), referenceImage(), request);
        QVERIFY(result.score && result.interval);
        compareClose(*result.score, first, 0, 1e-6); // the references have six decimals
        compareClose((*result.interval)[0], first, 0, 1e-6);
        compareClose((*result.interval)[1], first, 0, 1e-6);
        QCOMPARE(*result.target, std::int64_t(1));
        QVERIFY(!result.capped);
        QCOMPARE(result.targets.size(), std::size_t(2));
        compareClose(result.targets[1].score, second, 0, 1e-6);
        QVERIFY(result.targets[0].fit.status == WeibullStatus::Degenerate);
        compareClose(result.targets[0].linearisedDistance, first, 0, 1e-6);
    }
}

void TestClever::linearTenClassesAreExact_data()
{
    QTest::addColumn<Norm>("norm");
    QTest::addRow("L1") << Norm::L1;
    QTest::addRow("L2") << Norm::L2;
    QTest::addRow("Linf") << Norm::Linf;
}

void TestClever::linearTenClassesAreExact()
{
    QFETCH(Norm, norm);
    const std::array<int, 3> input{3, 4, 4};
    at::Tensor weights = at::empty({10, 48});
    Rng(5).fillNormal({weights.data_ptr<float>(), 480});
    const at::Tensor bias = at::arange(10, at::kFloat) / 5;
    CleverRequest request = smallRequest(norm);
    request.radius = 100;
    const Image centre = flatImage(input, 0.4F);
    const CleverResult result = run(classifier(input, 10, affine(weights, bias)), centre, request);
    const at::Tensor logits = affine(weights, bias)(at::full({1, 3, 4, 4}, 0.4F))[0];
    const auto predicted = logits.argmax().item<std::int64_t>();
    QCOMPARE(result.reference, predicted);
    QCOMPARE(result.targets.size(), std::size_t(9));
    double previous = 0;
    for (const CleverTargetResult& target : result.targets) {
        const double margin = (logits[predicted] - logits[target.target]).item<double>();
        // Float32 products of 48 terms.
        compareClose(target.score, margin / rowNorm(weights[predicted] - weights[target.target], norm), 1e-5, 0);
        QVERIFY(target.score >= previous);
        previous = target.score;
    }
    QCOMPARE(*result.score, result.targets.front().score);
}

void TestClever::dualNormsAreWiredRight_data()
{
    QTest::addColumn<bool>("isAxis");
    QTest::addColumn<Norm>("norm");
    QTest::addColumn<double>("score");
    const double g = 0.25;
    QTest::addRow("one axis, L1") << true << Norm::L1 << g;
    QTest::addRow("one axis, L2") << true << Norm::L2 << g;
    QTest::addRow("one axis, Linf") << true << Norm::Linf << g;
    QTest::addRow("all ones, L1") << false << Norm::L1 << g;
    QTest::addRow("all ones, L2") << false << Norm::L2 << g / 4;
    QTest::addRow("all ones, Linf") << false << Norm::Linf << g / 16;
}

void TestClever::dualNormsAreWiredRight()
{
    QFETCH(bool, isAxis);
    QFETCH(Norm, norm);
    QFETCH(double, score);
    const std::array<int, 3> input{1, 4, 4};
    at::Tensor weights = at::zeros({2, 16});
    if (isAxis)
        weights[0][0] = 1;
    else
        weights[0].fill_(1);
    const double value = isAxis ? 0.5 : 8;
    const at::Tensor bias = at::tensor({0.25 - value, 0.0}).to(at::kFloat);
    const CleverResult result = run(classifier(input, 2, affine(weights, bias)), flatImage(input, 0.5F), smallRequest(norm));
    compareClose(*result.score, score, 1e-6, 0);
}

void TestClever::paraboloidHasItsEndPointAndShape()
{
    // |grad g| = |x - x0|: batch maxima follow (y/R)^(d N), a reverse Weibull law with a = R, c = 1, b = R / (d N).
    const std::array<int, 3> input{1, 28, 28};
    CleverRequest request;
    request.batches = 500;
    request.samples = 48;
    request.radius = 0.4;
    const CleverResult result = run(classifier(input, 2, paraboloid(0.1, 0.5), 256, true), flatImage(input, 0.5F), request);
    const WeibullFit& fit = result.targets[0].fit;
    QVERIFY2(fit.status == WeibullStatus::Ok, fit.reason.c_str());
    compareClose(fit.location, 0.4, 1e-4, 0);
    QVERIFY2(fit.shape > 0.85 && fit.shape < 1.15, qPrintable(QString::number(fit.shape)));
    compareClose(fit.scale, 0.4 / (784 * 48), 0.25, 0);
    QVERIFY(fit.p > 0.01);
    compareClose(*result.score, 0.1 / 0.4, 1e-4, 0);
    compareClose(result.effectiveRadius, 0.4 * 784 / 785, 1e-4, 0);
}

void TestClever::scoreIsFreeOfLogitScale()
{
    const std::array<int, 3> input{1, 5, 5};
    CleverRequest request = smallRequest();
    request.batches = 60;
    request.radius = 2;
    const Image centre = flatImage(input, 0.45F);
    const CleverResult one = run(classifier(input, 4, smoothNet(25, 4)), centre, request);
    const CleverResult seven = run(classifier(input, 4, smoothNet(25, 4, 7)), centre, request);
    QVERIFY(one.targets[0].fit.status == WeibullStatus::Ok);
    compareClose(*seven.score, *one.score, 1e-4, 0); // float32 gradients, and the fit amplifies their rounding
    compareClose(seven.targets[0].lipschitz, 7 * one.targets[0].lipschitz, 1e-4, 0);
}

void TestClever::curveOverRadiusFollowsTheParaboloid_data()
{
    QTest::addColumn<CleverSampling>("sampling");
    QTest::addRow("paper, inner balls sampled afresh") << CleverSampling::Paper;
    QTest::addRow("released code, nested points") << CleverSampling::ReleasedCode;
}

void TestClever::curveOverRadiusFollowsTheParaboloid()
{
    QFETCH(CleverSampling, sampling);
    const std::array<int, 3> input{1, 6, 6};
    CleverRequest request;
    request.batches = 100;
    request.samples = 200;
    request.radius = 0.48;
    request.sampling = sampling;
    request.radiusCurve = true;
    const double margin = 0.04;
    const CleverResult result = run(classifier(input, 2, paraboloid(margin, 0.5), 256), flatImage(input, 0.5F), request);
    const auto& curve = result.targets[0].byRadius;
    QCOMPARE(curve.size(), std::size_t(8));
    for (std::size_t k = 0; k < curve.size(); ++k) {
        const double r = 0.06 * double(k + 1);
        compareClose(curve[k].at, r, 1e-9, 0);
        // The slope's supremum in a ball of radius r is r; the samples come within a few per cent of it.
        compareClose(curve[k].score, std::min(margin / r, r), 0.03, 0);
        QCOMPARE(curve[k].capped, r <= 0.2);
    }
    QCOMPARE(curve.back().score, *result.score);
    const std::int64_t inner = sampling == CleverSampling::Paper ? 7 * 2 * 200 : 0;
    QCOMPARE(result.counts.forwards, std::int64_t(1 + 100 * 200) + inner);
}

void TestClever::curveOverBatchesEndsAtTheScore()
{
    const std::array<int, 3> input{1, 5, 5};
    CleverRequest request = smallRequest();
    request.batches = 70;
    request.radius = 2;
    const CleverResult result = run(classifier(input, 4, smoothNet(25, 4)), flatImage(input, 0.45F), request);
    const CleverTargetResult& nearest = result.targets[0];
    QCOMPARE(nearest.byBatches.size(), std::size_t(4));
    const std::array<double, 4> at{10, 20, 50, 70};
    for (std::size_t i = 0; i < 4; ++i)
        QCOMPARE(nearest.byBatches[i].at, at[i]);
    QCOMPARE(nearest.byBatches[3].score, nearest.score);
    const WeibullFit prefix = fitReverseWeibull(std::span(nearest.maxima).first(20), request.fit);
    QCOMPARE(nearest.byBatches[1].score, std::min(nearest.margin / prefix.location, 2.0));
    QVERIFY(nearest.hasInterval && nearest.interval[0] <= nearest.score && nearest.score <= nearest.interval[1]);
}

void TestClever::cappedScoreIsMarked()
{
    CleverRequest request = smallRequest();
    request.radius = 0.2;
    const CleverResult result = run(classifier(four, 3, referenceModel()), referenceImage(), request);
    QCOMPARE(*result.score, 0.2);
    QVERIFY(result.capped);
    QVERIFY(result.targets[0].capped && result.targets[1].capped);
    QVERIFY(hasWarning(result, "capped"));
}

void TestClever::tieHasScoreZero()
{
    const at::Tensor weights = at::tensor({1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0}).to(at::kFloat).view({2, 4});
    const CleverResult result = run(classifier(four, 2, affine(weights, at::zeros({2}))), flatImage(four, 0.5F), smallRequest());
    QCOMPARE(*result.score, 0.0);
    QCOMPARE(result.targets[0].margin, 0.0);
    QVERIFY(!result.capped);
}

void TestClever::zeroGradientsAreRefused()
{
    // A staircase in front of a good model: nearly the same function, gradients zero almost everywhere.
    const Function staircase = [](const at::Tensor& x) { return referenceModel()((x * 64).round() / 64); };
    const CleverResult result = run(classifier(four, 3, staircase), referenceImage(), smallRequest());
    QVERIFY(!result.score && !result.interval && !result.target);
    QVERIFY(hasWarning(result, "zero-gradients"));
    QCOMPARE(result.targets[0].zeroGradientShare, 1.0);
    QVERIFY(!toJson(result).contains("score"));
    QVERIFY(!toJson(result).at("targets")[0].contains("score"));
    QVERIFY(!toJson(result).at("targets")[0].contains("linearisedDistance"));
}

void TestClever::gradientThatIsNotANumberIsAnError()
{
    const Function broken = [](const at::Tensor& x) {
        const at::Tensor g = (x.flatten(1).select(1, 0) - 0.3).sqrt();
        return at::stack({g, g - 1}, 1);
    };
    try {
        (void)run(classifier(four, 2, broken), flatImage(four, 0.5F), smallRequest());
        QFAIL("accepted");
    } catch (const Error& error) {
        QVERIFY(error.code() == ErrorCode::Domain);
    }
}

void TestClever::sameSeedSameBits()
{
    const std::array<int, 3> input{1, 5, 5};
    CleverRequest request = smallRequest();
    request.radiusCurve = true;
    const auto model = classifier(input, 4, smoothNet(25, 4));
    const Image centre = flatImage(input, 0.45F);
    const CleverResult first = run(model, centre, request);
    QCOMPARE(toJson(first).dump(), toJson(run(model, centre, request)).dump());
    QCOMPARE(first.targets[0].maxima, run(model, centre, request).targets[0].maxima);
    request.seed = 2;
    QVERIFY(first.targets[0].maxima != run(model, centre, request).targets[0].maxima);
}

void TestClever::deviceBatchDoesNotMatter()
{
    const std::array<int, 3> input{1, 5, 5};
    const CleverRequest request = smallRequest();
    const Image centre = flatImage(input, 0.45F);
    const CleverResult wide = run(classifier(input, 4, smoothNet(25, 4), 1000), centre, request);
    for (const int batch : {1, 7, 33}) {
        const CleverResult narrow = run(classifier(input, 4, smoothNet(25, 4), batch), centre, request);
        for (std::size_t t = 0; t < 3; ++t)
            for (std::size_t b = 0; b < 12; ++b)
                compareClose(narrow.targets[t].maxima[b], wide.targets[t].maxima[b], 1e-5, 0); // float32 products
    }
}

void TestClever::lanesDoNotMatter()
{
    /// Several lanes, whose tasks end in the opposite order.
    class Lanes : public PlainMonitor {
    public:
        explicit Lanes(int count) : m_count(count) {}
        [[nodiscard]] int lanes() const override { return m_count; }
        void runTogether(std::span<const Task> tasks) override
        {
            for (std::size_t i = tasks.size(); i-- > 0;)
                tasks[i]();
        }

    private:
        int m_count;
    };
    const std::array<int, 3> input{1, 5, 5};
    CleverRequest request = smallRequest();
    request.radiusCurve = true;
    const auto model = classifier(input, 4, smoothNet(25, 4), 7);
    const Image centre = flatImage(input, 0.45F);
    const CleverResult one = run(model, centre, request);
    for (const int lanes : {2, 5, 100}) {
        Lanes monitor(lanes);
        const CleverResult several = computeClever(model, centre, request, monitor);
        QCOMPARE(toJson(several).dump(), toJson(one).dump());
        QCOMPARE(several.targets[0].maxima, one.targets[0].maxima);
        QCOMPARE(several.effectiveRadius, one.effectiveRadius);
        QCOMPARE(several.counts, one.counts);
        QCOMPARE(monitor.done(), monitor.total());
    }
}

void TestClever::stopKeepsCompleteBatches()
{
    const std::array<int, 3> input{1, 5, 5};
    const CleverRequest request = smallRequest(); // 12 batches of 20
    const auto model = classifier(input, 4, smoothNet(25, 4), 16);
    const Image centre = flatImage(input, 0.45F);
    StopAt monitor(7); // a maximum is a device batch of 16 and one of 4: 76 points, 3 maxima
    const CleverResult stopped = computeClever(model, centre, request, monitor);
    QVERIFY(stopped.partial);
    QCOMPARE(stopped.batchesDone, 3);
    QCOMPARE(stopped.counts.forwards, std::int64_t(1 + 76));
    QVERIFY(stopped.score);
    const CleverResult full = run(model, centre, request);
    for (const CleverTargetResult& target : stopped.targets) {
        const auto same = std::ranges::find(full.targets, target.target, &CleverTargetResult::target);
        QCOMPARE(target.maxima, std::vector<double>(same->maxima.begin(), same->maxima.begin() + 3));
    }
    QCOMPARE(toJson(stopped).at("batchesDone").get<int>(), 3);
}

void TestClever::stopBeforeTheFirstBatchHasNoScore()
{
    StopAt monitor(0);
    const CleverResult result = computeClever(classifier(four, 3, referenceModel()), referenceImage(), smallRequest(), monitor);
    QVERIFY(result.partial && !result.score && result.targets.empty());
    QCOMPARE(result.batchesDone, 0);
    QVERIFY(!toJson(result).contains("score"));
}

void TestClever::countsAreExact_data()
{
    QTest::addColumn<bool>("isAll");
    QTest::addColumn<int>("targets");
    QTest::addRow("one target") << false << 1;
    QTest::addRow("all targets share the forward") << true << 3;
}

void TestClever::countsAreExact()
{
    QFETCH(bool, isAll);
    QFETCH(int, targets);
    const std::array<int, 3> input{1, 5, 5};
    CleverRequest request = smallRequest();
    request.targets = isAll ? CleverTargets::All : CleverTargets::Top2;
    PlainMonitor monitor;
    const CleverResult result
        = computeClever(classifier(input, 4, smoothNet(25, 4), 50), flatImage(input, 0.45F), request, monitor);
    QCOMPARE(result.counts.forwards, std::int64_t(1 + 240));
    QCOMPARE(result.counts.backwards, std::int64_t(targets * (1 + 240)));
    QVERIFY(monitor.total() > 0);
    QCOMPARE(monitor.done(), monitor.total());
}

void TestClever::oneL2BallServesAllNorms()
{
    CleverRequest request = smallRequest(Norm::Linf);
    request.sampling = CleverSampling::ReleasedCode;
    request.allNorms = true;
    request.radius = 3;
    const CleverResult result = run(classifier(four, 3, referenceModel()), referenceImage(), request);
    QCOMPARE(result.counts.backwards, std::int64_t(2 * (1 + 240)));
    compareClose(*result.score, 0.15, 0, 1e-6);
    QCOMPARE(result.radius, 1.5); // 3 / sqrt(4)
    QCOMPARE(result.otherNorms.size(), std::size_t(2));
    QVERIFY(result.otherNorms[0].norm == Norm::L1 && result.otherNorms[1].norm == Norm::L2);
    compareClose(*result.otherNorms[0].score, 0.30, 0, 1e-6);
    compareClose(*result.otherNorms[1].score, 0.240535, 0, 1e-6);
    QCOMPARE(toJson(result).at("otherNorms").size(), std::size_t(2));
}

void TestClever::targetsAreChosen_data()
{
    QTest::addColumn<CleverTargets>("choice");
    QTest::addColumn<QList<qint64>>("expected");
    QTest::addRow("second largest") << CleverTargets::Top2 << QList<qint64>{4};
    QTest::addRow("least likely") << CleverTargets::LeastLikely << QList<qint64>{0};
    QTest::addRow("third largest") << CleverTargets::RunnerUp << QList<qint64>{1};
    QTest::addRow("two classes, one twice") << CleverTargets::Classes << QList<qint64>{1, 3};
    QTest::addRow("three most likely") << CleverTargets::Likely << QList<qint64>{1, 3, 4};
    QTest::addRow("all") << CleverTargets::All << QList<qint64>{0, 1, 3, 4};
}

void TestClever::targetsAreChosen()
{
    QFETCH(CleverTargets, choice);
    QFETCH(QList<qint64>, expected);
    at::Tensor weights = at::empty({5, 4});
    Rng(9).fillNormal({weights.data_ptr<float>(), 20});
    const at::Tensor bias = at::tensor({-90.0, 20.0, 50.0, 0.0, 30.0}).to(at::kFloat);
    CleverRequest request = smallRequest();
    request.targets = choice;
    request.runnerUp = 2;
    request.likely = 3;
    request.classes = {3, 1, 3};
    const CleverResult result = run(classifier(four, 5, affine(weights, bias)), flatImage(four, 0.5F), request);
    QCOMPARE(result.reference, std::int64_t(2));
    QList<qint64> found;
    for (const CleverTargetResult& target : result.targets)
        found << target.target;
    std::ranges::sort(found);
    QCOMPARE(found, expected);
    request.targets = CleverTargets::Random;
    const auto chosen = run(classifier(four, 5, affine(weights, bias)), flatImage(four, 0.5F), request).targets;
    QCOMPARE(chosen.size(), std::size_t(1));
    QVERIFY(chosen[0].target != 2);
}

void TestClever::secondOrderHasItsClosedForm_data()
{
    QTest::addColumn<QList<double>>("curvatures");
    QTest::addColumn<double>("mostNegative");
    QTest::addRow("concave") << QList<double>{-1, -3, -0.5, -2} << 3.0;
    QTest::addRow("dominant curvature is positive") << QList<double>{5, -2, 1, -0.5} << 2.0;
    QTest::addRow("convex: nothing bends down") << QList<double>{4, 2, 1, 0.5} << 0.0;
    QTest::addRow("flat") << QList<double>{0, 0, 0, 0} << 0.0;
}

void TestClever::secondOrderHasItsClosedForm()
{
    QFETCH(QList<double>, curvatures);
    QFETCH(double, mostNegative);
    // g(x) = 0.4 + w.(x - x0) + sum c_i (x_i - x0_i)^2 / 2, so the Hessian is diag(c) everywhere.
    const at::Tensor c = at::tensor(std::vector<double>(curvatures.begin(), curvatures.end())).to(at::kFloat);
    const at::Tensor w = at::tensor({0.3, -0.4, 0.0, 1.2}).to(at::kFloat);
    const Function function = [c, w](const at::Tensor& x) {
        const at::Tensor delta = x.flatten(1) - 0.5;
        const at::Tensor g = 0.4 + (delta * w).sum(1) + (delta.square() * c).sum(1) / 2;
        return at::stack({g, g * 0}, 1);
    };
    CleverRequest request = smallRequest();
    request.secondOrder = true;
    request.curvatureBatches = 8;
    request.curvatureSamples = 5;
    const CleverResult result = run(classifier(four, 2, function, 64, true), flatImage(four, 0.5F), request);
    QCOMPARE(result.secondOrder.size(), std::size_t(1));
    const SecondOrderResult& second = result.secondOrder[0];
    const double gradient = 1.3;
    compareClose(second.gradientNorm, gradient, 1e-6, 0);
    // The Rayleigh quotient stops at 1e-3 of the dominant eigenvalue.
    compareClose(second.curvature, mostNegative, 0.01, 0.02);
    const double expected = mostNegative > 0
        ? (-gradient + std::sqrt(gradient * gradient + 2 * 0.4 * mostNegative)) / mostNegative
        : 0.4 / gradient;
    compareClose(second.score, expected, 0.005, 0);
    QVERIFY(!second.capped);
    QVERIFY(result.counts.backwards > 1 + 240 + 8 * 5);
    QCOMPARE(toJson(result).at("secondOrder").size(), std::size_t(1));
}

void TestClever::secondOrderNeedsASmoothModelAndL2()
{
    CleverRequest request = smallRequest();
    request.secondOrder = true;
    try {
        (void)run(classifier(four, 3, referenceModel()), referenceImage(), request);
        QFAIL("accepted a model with kinks");
    } catch (const Error& error) {
        QVERIFY(error.code() == ErrorCode::Unsupported);
    }
    request.norm = Norm::Linf;
    QVERIFY_EXCEPTION_THROWN((void)run(classifier(four, 3, referenceModel(), 64, true), referenceImage(), request), Error);
}

void TestClever::predictedClassIsNoTarget()
{
    CleverRequest request = smallRequest();
    request.targets = CleverTargets::Classes;
    request.classes = {1, 0};
    try {
        (void)run(classifier(four, 3, referenceModel()), referenceImage(), request);
        QFAIL("accepted");
    } catch (const Error& error) {
        QVERIFY(error.code() == ErrorCode::Domain);
        QVERIFY(error.message().find("predicted") != std::string::npos);
    }
}

void TestClever::wrongReferenceScoresZero()
{
    CleverRequest request = smallRequest();
    request.reference = 2;
    const CleverResult result = run(classifier(four, 3, referenceModel()), referenceImage(), request);
    QVERIFY(result.isMisclassified);
    QCOMPARE(*result.score, 0.0);
    QVERIFY(hasWarning(result, "misclassified"));
    QCOMPARE(result.counts.forwards, std::int64_t(1));
    request.reference = 0;
    QVERIFY(!run(classifier(four, 3, referenceModel()), referenceImage(), request).isMisclassified);
}

void TestClever::probabilitiesAreNamed()
{
    const Function softmax = [](const at::Tensor& x) { return referenceModel()(x).softmax(1); };
    const CleverResult result = run(classifier(four, 3, softmax, 64, false, true), referenceImage(), smallRequest());
    QVERIFY(hasWarning(result, "probabilities"));
    compareClose(*result.score, 0.240535, 1e-4, 0); // log-probabilities differ like the logits
}

void TestClever::snapshotsGrowIntoTheResult()
{
    const Function slow = [net = smoothNet(25, 4)](const at::Tensor& x) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return net(x);
    };
    const std::array<int, 3> input{1, 5, 5};
    CleverRequest request = smallRequest();
    request.batches = 80;
    std::vector<std::shared_ptr<const CleverResult>> snapshots;
    PlainMonitor monitor;
    const CleverResult result = computeClever(classifier(input, 4, slow, 20), flatImage(input, 0.45F), request, monitor,
        [&](std::shared_ptr<const CleverResult> snapshot) { snapshots.push_back(std::move(snapshot)); });
    QVERIFY(snapshots.size() >= 2);
    QVERIFY(snapshots.size() <= 1 + std::size_t(result.seconds / 0.1)); // at most ten a second
    int before = 0;
    for (const auto& snapshot : snapshots) {
        QVERIFY(snapshot->partial && snapshot->score);
        QVERIFY(snapshot->batchesDone > before);
        before = snapshot->batchesDone;
        QCOMPARE(snapshot->targets.size(), std::size_t(3));
        QCOMPARE(snapshot->targets[0].maxima.size(), std::size_t(before));
    }
    QVERIFY(!result.partial);
}

void TestClever::absurdRequestsAreRefusedBeforeAnyWork_data()
{
    QTest::addColumn<CleverRequest>("request");
    const auto row = [](const char* name, auto change) {
        CleverRequest request = smallRequest();
        change(request);
        QTest::addRow("%s", name) << request;
    };
    row("radius 0", [](CleverRequest& r) { r.radius = 0; });
    row("radius negative", [](CleverRequest& r) { r.radius = -1; });
    row("radius not a number", [](CleverRequest& r) { r.radius = std::nan(""); });
    row("radius infinite", [](CleverRequest& r) { r.radius = std::numeric_limits<double>::infinity(); });
    row("no batches", [](CleverRequest& r) { r.batches = 0; });
    row("too many batches", [](CleverRequest& r) { r.batches = 2'000'000'000; });
    row("no samples", [](CleverRequest& r) { r.samples = 0; });
    row("too many samples", [](CleverRequest& r) { r.samples = 2'000'000'000; });
    row("L0", [](CleverRequest& r) { r.norm = Norm::L0; });
    row("penalty not a number", [](CleverRequest& r) { r.fit.shapePenalty = std::nan(""); });
    row("all norms in paper mode", [](CleverRequest& r) { r.allNorms = true; });
    row("target outside", [](CleverRequest& r) { r.targets = CleverTargets::Classes; r.classes = {3}; });
    row("no target", [](CleverRequest& r) { r.targets = CleverTargets::Classes; });
    row("runner-up outside", [](CleverRequest& r) { r.targets = CleverTargets::RunnerUp; r.runnerUp = 3; });
    row("reference outside", [](CleverRequest& r) { r.reference = 3; });
    row("no curvature batches", [](CleverRequest& r) { r.curvatureBatches = 0; });
}

void TestClever::absurdRequestsAreRefusedBeforeAnyWork()
{
    QFETCH(CleverRequest, request);
    int calls = 0;
    const Function counted = [&calls](const at::Tensor& x) {
        ++calls;
        return referenceModel()(x);
    };
    QVERIFY_EXCEPTION_THROWN((void)run(classifier(four, 3, counted), referenceImage(), request), Error);
    QVERIFY_EXCEPTION_THROWN((void)run(classifier(four, 3, counted), flatImage({1, 3, 3}, 0.5F), smallRequest()), Error);
    QVERIFY_EXCEPTION_THROWN((void)run(classifier(four, 3, counted), flatImage(four, 1.5F), smallRequest()), Error);
    QVERIFY_EXCEPTION_THROWN((void)run(classifier(four, 3, counted), flatImage(four, std::nanf("")), smallRequest()), Error);
    QCOMPARE(calls, 0);
}

void TestClever::jsonHasTheAgreedFields()
{
    const Json json = toJson(run(classifier(four, 3, referenceModel()), referenceImage(), smallRequest()));
    for (const char* key : {"norm", "radius", "batches", "samples", "score", "interval", "target", "capped", "targets"})
        QVERIFY2(json.contains(key), key);
    const Json& target = json.at("targets")[0];
    for (const char* key : {"class", "margin", "lipschitz", "score", "interval", "capped", "fit"})
        QVERIFY2(target.contains(key), key);
    QCOMPARE(target.at("fit").at("status").get<std::string>(), std::string("degenerate"));
    QVERIFY(!target.at("fit").contains("shape"));
    QVERIFY(!json.contains("partial"));
}

QTEST_GUILESS_MAIN(TestClever)
#include "tst_clever.moc"
