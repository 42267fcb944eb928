// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Randomised smoothing against a half space, where the radius is known in closed form.
#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/smoothing/smoothing.h"
#include "core/stats/binomial.h"
#include "core/stats/summary.h"
#include "tests/core/boundary/boundarymodels_torch.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace brink;
using namespace brink::test;

namespace {

/// x_0 above one half is class 0: the margin of an image is its distance to it, whatever the noise.
std::shared_ptr<const Classifier> halfSpace()
{
    return twoClasses([](const at::Tensor& x) { return 7 * (x.select(1, 0) - 0.5); });
}

Image imageAt(double distance)
{
    Image image = flatToyImage(0.5F);
    image.pixels.front() = float(0.5 + distance);
    return image;
}

SmoothedImage certified(const std::shared_ptr<const Classifier>& model, const Image& image, const SmoothingRequest& request)
{
    PlainMonitor monitor;
    return *certifySmoothed(model, image, request, monitor);
}

/// Stops after so many questions.
class StoppingMonitor : public PlainMonitor {
public:
    explicit StoppingMonitor(int polls) : m_left(polls) {}
    [[nodiscard]] bool stopRequested() const override { return m_left-- <= 0; }

private:
    mutable int m_left;
};

} // namespace

class TestSmoothing : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Handbook 7.2: R = |g| / |w|_2, independent of sigma, as n grows; with n samples it stays below with probability 1 - alpha.
    void radiusOfAHalfSpace_data()
    {
        QTest::addColumn<double>("distance");
        QTest::addColumn<double>("sigma");
        for (const double sigma : {0.1, 0.25, 0.5})
            for (const double distance : {0.05, 0.2, -0.2, 0.4})
                QTest::addRow("%g at sigma %g", distance, sigma) << distance << sigma;
    }
    void radiusOfAHalfSpace()
    {
        QFETCH(double, distance);
        QFETCH(double, sigma);
        SmoothingRequest request{sigma, 100, 40'000, 0.001, 3};
        const SmoothedImage result = certified(halfSpace(), imageAt(distance), request);
        const double exact = std::abs(distance), ceiling = largestCertifiableRadius(request);
        QVERIFY(!result.abstains);
        QCOMPARE(result.top, std::int64_t(distance > 0 ? 0 : 1));
        QCOMPARE(result.base, result.top);
        QVERIFY2(result.radius <= exact, qPrintable(QString::number(result.radius)));
        const double share = 0.5 * std::erfc(-exact / sigma / std::sqrt(2)), deviation = std::sqrt(share * (1 - share) / double(request.samples));
        QVERIFY2(std::abs(double(result.votes) / double(request.samples) - share) <= 4 * deviation + 1e-4, qPrintable(QString::number(result.votes)));
        QCOMPARE(result.radius, sigma * normalQuantile(clopperPearsonLower(result.votes, request.samples, request.alpha)));
        QVERIFY(result.radius <= ceiling);
        QCOMPARE(result.counts.forwards, std::int64_t(40'101));
        QCOMPARE(result.counts.backwards, std::int64_t(0));
    }

    void onTheBoundaryItAbstains()
    {
        const SmoothingRequest request{0.25, 100, 2000, 0.001, 1};
        const SmoothedImage result = certified(halfSpace(), imageAt(0), request);
        QVERIFY(result.abstains);
        QCOMPARE(result.radius, 0.0);
        PlainMonitor monitor;
        const auto prediction = predictSmoothed(halfSpace(), imageAt(0), request, monitor);
        QVERIFY(prediction && !prediction->predicted);
        QCOMPARE(prediction->votes + prediction->runnerUpVotes, std::int64_t(2000));
        const auto certain = predictSmoothed(halfSpace(), imageAt(0.3), request, monitor);
        QVERIFY(certain && certain->predicted == 0);
    }

    // Handbook 7.2: p_A <= alpha^(1/n).
    void ceilingIsThatOfTheHandbook()
    {
        QVERIFY(std::abs(largestCertifiableRadius({1, 100, 100'000, 0.001, 1}) - 3.81) < 0.005);
        QVERIFY(std::abs(largestCertifiableRadius({1, 100, 1000, 0.001, 1}) - 2.46) < 0.005);
        QCOMPARE(largestCertifiableRadius({1, 100, 5, 0.001, 1}), 0.0); // too few to be certain of anything
        const SmoothingRequest request{0.25, 100, 1000, 0.001, 1};
        QCOMPARE(certified(halfSpace(), imageAt(50), request).radius, largestCertifiableRadius(request)); // all of them agree
    }

    /// A certificate may be wrong once in a thousand: over many seeds at a point of known probability it is far below that here.
    void failsSeldom()
    {
        SmoothingRequest request{0.25, 20, 300, 0.05, 0};
        int tooLarge = 0;
        for (request.seed = 1; request.seed <= 400; ++request.seed)
            tooLarge += certified(halfSpace(), imageAt(0.2), request).radius > 0.2 ? 1 : 0;
        QVERIFY2(tooLarge <= 32, qPrintable(QString::number(tooLarge))); // 20 are expected at most; three standard deviations
        QVERIFY(tooLarge > 0); // the limit is used, not a coarser one
    }

    void sameSeedSameNumbers()
    {
        const SmoothingRequest request{0.3, 100, 1001, 0.01, 9};
        const SmoothedImage a = certified(halfSpace(), imageAt(0.1), request), b = certified(halfSpace(), imageAt(0.1), request);
        QCOMPARE(a.votes, b.votes);
        std::set<std::int64_t> votes;
        for (SmoothingRequest other = request; other.seed < 15; ++other.seed)
            votes.insert(certified(halfSpace(), imageAt(0.1), other).votes);
        QVERIFY(votes.size() > 3);
    }

    void stopsAtOnce()
    {
        StoppingMonitor monitor(3);
        QVERIFY(!certifySmoothed(halfSpace(), imageAt(0.1), {0.25, 100, 1'000'000, 0.001, 1}, monitor));
    }

    void curveCounts()
    {
        SmoothingSurvey survey;
        const auto add = [&](std::int64_t label, std::int64_t base, std::int64_t top, bool abstains, double radius) {
            SmoothedImage image;
            image.label = label;
            image.base = base;
            image.top = top;
            image.abstains = abstains;
            image.radius = radius;
            survey.images.push_back(image);
        };
        add(1, 1, 1, false, 0.5);
        add(1, 0, 1, false, 0.2); // right with noise only
        add(1, 1, 0, false, 0.9); // certified for the wrong class
        add(1, 1, 1, true, 0);
        const CertifiedCurve curve = certifiedCurve(survey);
        QCOMPARE(curve.radius, (std::vector<double>{0, 0.2, 0.5}));
        QCOMPARE(curve.accuracy, (std::vector<double>{0.5, 0.5, 0.25}));
        QCOMPARE(curve.abstained, std::int64_t(1));
        QCOMPARE(curve.wrong, std::int64_t(1));
        QCOMPARE(curve.baseAccuracy, 0.75);
        QCOMPARE(certifiedAccuracyAt(survey, 0.51), 0.0);
        QVERIFY(summaryJson(survey).contains("note"));
    }

    void absurdNumbersAreRefused_data()
    {
        QTest::addColumn<double>("sigma");
        QTest::addColumn<int>("samples");
        QTest::addColumn<double>("alpha");
        QTest::newRow("no noise") << 0.0 << 100 << 0.001;
        QTest::newRow("negative") << -1.0 << 100 << 0.001;
        QTest::newRow("not a number") << std::nan("") << 100 << 0.001;
        QTest::newRow("no samples") << 0.25 << 0 << 0.001;
        QTest::newRow("alpha 0") << 0.25 << 100 << 0.0;
        QTest::newRow("alpha 1") << 0.25 << 100 << 1.0;
    }
    void absurdNumbersAreRefused()
    {
        QFETCH(double, sigma);
        QFETCH(int, samples);
        QFETCH(double, alpha);
        PlainMonitor monitor;
        QVERIFY_THROWS_EXCEPTION(Error, (void)certifySmoothed(halfSpace(), imageAt(0.1), {sigma, 10, samples, alpha, 1}, monitor));
    }

    void coinTestIsExact()
    {
        QCOMPARE(fairCoinTest(5, 10), 1.0);
        QVERIFY(std::abs(fairCoinTest(9, 10) - 2 * 11.0 / 1024) < 1e-12);
        QVERIFY(std::abs(fairCoinTest(0, 10) - 2.0 / 1024) < 1e-15);
        QCOMPARE(fairCoinTest(0, 0), 1.0);
        QVERIFY(std::abs(normalQuantile(0.975) - 1.959963984540054) < 1e-12);
        QVERIFY_THROWS_EXCEPTION(Error, (void)normalQuantile(1));
        QVERIFY_THROWS_EXCEPTION(Error, (void)fairCoinTest(3, 2));
    }
};

QTEST_GUILESS_MAIN(TestSmoothing)
#include "tst_smoothing.moc"
