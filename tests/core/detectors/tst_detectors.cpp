// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Detectors and the attacks that know them on models whose answers are known in closed form.
#include "core/base/error.h"
#include "core/boundary/detectionrun.h"
#include "core/detectors/detectorrun.h"
#include "core/detectors/evasion.h"
#include "core/threat/distances.h"
#include "tests/core/boundary/boundarymodels_torch.h"
#include "tests/support/compare.h"

#include <QTest>

#include <atomic>
#include <cmath>
#include <set>
#include <thread>

using namespace brink;
using namespace brink::test;

namespace {

/// Class 0 where the image is bright: f_0 - f_1 = 10 (mean - 1/2).
std::shared_ptr<const Classifier> brightness()
{
    return twoClasses([](const at::Tensor& x) { return 10 * (x.mean(1) - 0.5); });
}

double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

const std::vector<Squeezer>& oneBit()
{
    static const std::vector<Squeezer> squeezers{squeezerFromName("bit-depth-1")};
    return squeezers;
}

std::vector<DetectorScore> scoresOf(const Detector& detector, const std::vector<Image>& images)
{
    PlainMonitor monitor;
    EvaluationCounts counts;
    const std::vector<std::uint64_t> seeds(images.size(), 7);
    return detector.scores(images, seeds, monitor, counts);
}

Image noisyImage(std::uint64_t seed, double centre = 0.6, double spread = 0.1)
{
    Rng rng(seed);
    std::vector<float> pixels;
    for (int i = 0; i < toyDimension; ++i)
        pixels.push_back(float(std::clamp(centre + spread * rng.normal(), 0.0, 1.0)));
    return toyImage(std::move(pixels));
}

struct Evaded {
    std::vector<Evasion> found;
    EvaluationCounts counts;
};
Evaded evade(const std::vector<Image>& images, double threshold, const EvasionRequest& request, Monitor& monitor)
{
    std::vector<EvasionItem> items;
    for (const Image& image : images)
        items.push_back({&image, 0});
    Evaded result;
    result.found = evadeSqueezing(brightness(), oneBit(), threshold, items, request, monitor, result.counts);
    return result;
}

/// Bright and dark noisy images, in turns, or grey ones inside of the ball of radius 0.5 around the grey image.
class ToySet : public Dataset {
public:
    ToySet(std::int64_t size, bool isGrey) : m_size(size), m_isGrey(isGrey) {}
    [[nodiscard]] std::string name() const override { return "toys"; }
    [[nodiscard]] std::int64_t size() const override { return m_size; }
    [[nodiscard]] Image image(std::int64_t index) const override 
    {
        return noisyImage(std::uint64_t(index) + 1, m_isGrey ? 0.5 : index % 2 == 0 ? 0.62 : 0.38, m_isGrey ? 0.06 : 0.08);
    }
    [[nodiscard]] std::optional<std::int64_t> label(std::int64_t index) const override { return m_isGrey ? 0 : index % 2; }
    [[nodiscard]] const std::vector<std::string>& classNames() const override { return m_names; }

private:
    std::int64_t m_size;
    bool m_isGrey;
    std::vector<std::string> m_names{"bright", "dark"};
};

SurveyImages toyImages(std::int64_t count, bool isGrey = false)
{
    SurveyImages images{std::make_shared<ToySet>(count, isGrey), {}, "toys"};
    for (std::int64_t i = 0; i < count; ++i)
        images.indices.push_back(i);
    return images;
}

DetectorRunRequest toyRequest()
{
    DetectorRunRequest request;
    request.detectors.push_back({DetectorKind::Squeezing, oneBit(), 10, 9, 0.5});
    request.calibration = 100;
    request.heldOut = 100;
    request.attacked = 20;
    request.falsePositiveRate = 0.1;
    request.attacks = detectorAttacks({"pgd", "ddn"}, "mnist", Preset::Preview);
    request.attacks[0].parameters.assign("eps=0.25");
    request.isAdaptive = true;
    request.adaptiveSteps = 60;
    return request;
}

/// Takes the last task first, three at a time.
class CrowdMonitor : public PlainMonitor {
public:
    [[nodiscard]] int lanes() const override { return 3; }
    void runTogether(std::span<const Task> tasks) override
    {
        std::atomic<std::ptrdiff_t> next{std::ssize(tasks) - 1};
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < lanes(); ++thread)
            threads.emplace_back([&] {
                for (std::ptrdiff_t i = next--; i >= 0; i = next--)
                    tasks[std::size_t(i)]();
            });
    }
};

/// Stops once so much of the work is done.
class ImpatientMonitor : public PlainMonitor {
public:
    explicit ImpatientMonitor(double share) : m_share(share) {}
    void progress(std::int64_t done, std::int64_t total) override
    {
        PlainMonitor::progress(done, total);
        if (double(done) >= m_share * double(total))
            requestStop();
    }

private:
    double m_share;
};

Json valuesOf(DetectorSurvey survey)
{
    for (DetectorAttack& attack : survey.attacks)
        attack.seconds = 0;
    return {parametersJson(survey), itemsJson(survey), toJson(survey, *summarise(survey))};
}

} // namespace

class TestDetectors : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Two classes: |p - q|_1 = 2 |p_0 - q_0|.
    void scoreInClosedForm()
    {
        const Image image = noisyImage(3);
        double mean = 0, whites = 0;
        for (const float value : image.pixels) {
            mean += double(value) / toyDimension;
            whites += value > 0.5F ? 1.0 / toyDimension : 0;
        }
        const std::vector<Squeezer> squeezers{squeezerFromName("bit-depth-8"), oneBit()[0]};
        const auto detector = squeezingDetector(brightness(), squeezers);
        const DetectorScore score = scoresOf(*detector, {image}).front();
        const double expected = 2 * std::abs(sigmoid(10 * (mean - 0.5)) - sigmoid(10 * (whites - 0.5)));
        compareClose(score.parts[1], expected, 1e-5, 0); // logits are float32
        QVERIFY(score.parts[0] < 0.02);
        QCOMPARE(score.score, score.parts[1]);
        QCOMPARE(score.predicted, 0);
        QCOMPARE(score.partClasses, (std::vector<std::int64_t>{0, whites > 0.5 ? 0 : 1}));
        QVERIFY_EXCEPTION_THROWN((void)squeezingDetector(brightness(), {}), Error);
    }

    void aloneAndInCompany()
    {
        std::vector<Image> images;
        for (std::uint64_t i = 0; i < 150; ++i) // more than a batch
            images.push_back(noisyImage(i, 0.5, 0.3));
        const auto squeezing = squeezingDetector(brightness(), squeezersFromText("bit-depth-1,median-2-2,nlm-13-3-10"));
        const std::vector<DetectorScore> together = scoresOf(*squeezing, images);
        QCOMPARE(together.size(), images.size());
        for (std::size_t i = 0; i < images.size(); i += 37) {
            QVERIFY(scoresOf(*squeezing, {images[i]}).front() == together[i]);
            QVERIFY(together[i].score >= 0 && together[i].score <= 2);
        }
    }

    void curvatureIsItsStatistic()
    {
        const auto model = ballModel(0.25);
        const Image image = noisyImage(2, 0.5, 0.05);
        DetectionRequest request;
        request.seed = 7;
        PlainMonitor monitor;
        const double statistic = detectionStatistic(model, image, request, monitor)->statistic;
        QCOMPARE(scoresOf(*curvatureDetector(model, request, 1), {image, image})[1].score, statistic);
        QCOMPARE(scoresOf(*curvatureDetector(model, request, -1), {image}).front().score, -statistic);
    }

    // A plain nearest image of the other class lies at a mean just below 1/2, all pixels but few on one side of 1/2: one bit tells it at once.
    // To pass, the mean and the share of white pixels have to agree within the threshold.
    void evadesWithoutBudget_data()
    {
        QTest::addColumn<int>("norm");
        for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf})
            QTest::addRow("%s", normName(norm).c_str()) << int(norm);
    }
    void evadesWithoutBudget()
    {
        QFETCH(int, norm);
        constexpr double threshold = 0.2;
        std::vector<Image> images;
        for (std::uint64_t i = 0; i < 6; ++i)
            images.push_back(noisyImage(i, 0.62, 0.04));
        PlainMonitor monitor;
        const Evaded result = evade(images, threshold, {Norm(norm), {}, 300, 1}, monitor);
        const auto detector = squeezingDetector(brightness(), oneBit());
        for (std::size_t i = 0; i < images.size(); ++i) {
            QVERIFY(result.found[i]);
            const DetectorScore score = scoresOf(*detector, {*result.found[i]}).front();
            QCOMPARE(score.predicted, 1);
            QVERIFY2(score.score <= threshold, qPrintable(QString::number(score.score)));
            QVERIFY(std::ranges::all_of(result.found[i]->pixels, [](float value) { return value >= 0 && value <= 1; }));
            // Not nearer than the boundary, and not twice as far as an even shade that is dark to both views.
            double excess = -0.5;
            for (const float value : images[i].pixels)
                excess += double(value) / toyDimension;
            const double even = 0.5 - 0.287 + excess; // mean 0.287: 2 |p - q| = 0.2 against all black
            const double perUnit = Norm(norm) == Norm::L1 ? toyDimension : Norm(norm) == Norm::L2 ? toySide : 1;
            const double distance = distancesBetween(images[i], *result.found[i]).in(Norm(norm));
            QVERIFY2(distance >= perUnit * excess * (1 - 1e-4) && distance <= 2 * perUnit * even, qPrintable(QString::number(distance / perUnit)));
        }
        QCOMPARE(result.counts.backwards, std::int64_t(2 * 6 * 300)); // a view, an image and a step
        QCOMPARE(result.counts.forwards, std::int64_t(2 * 6 * 301));
    }

    void staysInsideItsBudget_data()
    {
        QTest::addColumn<int>("norm");
        QTest::addColumn<double>("eps");
        QTest::addColumn<bool>("fools");
        QTest::addRow("too small to fool, Linf") << int(Norm::Linf) << 0.05 << false;
        QTest::addRow("too small to fool, L2") << int(Norm::L2) << 0.2 << false;
        QTest::addRow("enough, Linf") << int(Norm::Linf) << 0.4 << true;
        QTest::addRow("enough, L2") << int(Norm::L2) << 1.6 << true;
        QTest::addRow("enough, L1") << int(Norm::L1) << 6.4 << true;
    }
    void staysInsideItsBudget()
    {
        QFETCH(int, norm);
        QFETCH(double, eps);
        QFETCH(bool, fools);
        const Image image = flatToyImage(0.62F);
        PlainMonitor monitor;
        const Evaded result = evade({image}, 0.2, {Norm(norm), eps, 100, 1}, monitor);
        QCOMPARE(result.found[0].has_value(), fools);
        if (!fools)
            return;
        QVERIFY(distancesBetween(image, *result.found[0]).in(Norm(norm)) <= eps * (1 + 1e-5));
        QVERIFY(scoresOf(*squeezingDetector(brightness(), oneBit()), {*result.found[0]}).front().score <= 0.2);
        QVERIFY(result.counts.backwards < 200); // it ends when all pass
    }

    /// Where nothing can pass, what fools with the smallest score is there to be looked at.
    void theLeastSuspiciousOtherwise()
    {
        const Image image = flatToyImage(0.62F);
        PlainMonitor monitor;
        const Evaded result = evade({image}, -1, {Norm::L2, {}, 60, 1}, monitor); // no score is below 0
        QVERIFY(result.found[0]);
        const DetectorScore score = scoresOf(*squeezingDetector(brightness(), oneBit()), {*result.found[0]}).front();
        QCOMPARE(score.predicted, 1);
        const Evaded nearest = evade({image}, 2, {Norm::L2, {}, 60, 1}, monitor);
        QVERIFY(score.score < scoresOf(*squeezingDetector(brightness(), oneBit()), {*nearest.found[0]}).front().score);
    }

    void evasionDependsOnItsImageOnly()
    {
        std::vector<Image> images;
        for (std::uint64_t i = 0; i < 70; ++i) // several batches
            images.push_back(noisyImage(i, 0.62, 0.05));
        PlainMonitor monitor;
        const Evaded all = evade(images, 0.2, {Norm::L2, {}, 20, 1}, monitor), one = evade({images[66]}, 0.2, {Norm::L2, {}, 20, 1}, monitor);
        QVERIFY(all.found[66] && one.found[0]);
        QCOMPARE(all.found[66]->pixels, one.found[0]->pixels);
    }

    void wrongRequestsAndStops()
    {
        PlainMonitor monitor;
        const Image image = flatToyImage(0.6F);
        QVERIFY_EXCEPTION_THROWN((void)evade({image}, 0.2, {Norm::L0, {}, 10, 1}, monitor), Error);
        QVERIFY_EXCEPTION_THROWN((void)evade({image}, 0.2, {Norm::L2, 0.0, 10, 1}, monitor), Error);
        QVERIFY_EXCEPTION_THROWN((void)evade({image}, 0.2, {Norm::L2, {}, 0, 1}, monitor), Error);
        monitor.requestStop();
        const Evaded stopped = evade({image}, 0.2, {Norm::L2, {}, 1000, 1}, monitor);
        QCOMPARE(stopped.found.size(), 1U);
        QVERIFY(stopped.counts.forwards <= 4);
        QVERIFY(scoresOf(*squeezingDetector(brightness(), oneBit()), {image}).size() == 1);
    }

    void scalingWalksOutwards()
    {
        // Along the line through both the score falls once all pixels are dark.
        const auto detector = squeezingDetector(brightness(), oneBit());
        const Image clean = flatToyImage(0.6F), perturbed = flatToyImage(0.49F);
        PlainMonitor monitor;
        EvaluationCounts counts;
        const Evasion far = evadeByScaling(*detector, 0.2, {&clean, 0}, perturbed, false, 1, monitor, counts);
        QVERIFY(far);
        compareClose(far->pixels[0], 0.6 - 3 * 0.11, 1e-5, 0); // 2 is mean 0.38, score 0.45; 3 is mean 0.27, score 0.17
        const Evasion near = evadeByScaling(*detector, 0.2, {&clean, 0}, perturbed, true, 1, monitor, counts);
        QVERIFY(near);
        compareClose(near->pixels[0], 0.49, 1e-5, 0); // shorter ones do not fool
        QVERIFY(!evadeByScaling(*detector, 0.2, {&clean, 0}, flatToyImage(0.6F), false, 1, monitor, counts));
    }

    void runCountsWhatItSays()
    {
        PlainMonitor monitor;
        std::int64_t published = 0;
        const DetectorSurvey survey = surveyDetectors(brightness(), toyImages(300), toyRequest(), monitor, [&](std::shared_ptr<const DetectorSurvey> part) {
            ++published;
            QVERIFY(part->partial);
        });
        QVERIFY(!survey.partial);
        QVERIFY(published >= 1);
        std::set<std::int64_t> indices;
        for (const CleanImage& image : survey.clean)
            indices.insert(image.index);
        QCOMPARE(indices.size(), 200U); // each once
        QCOMPARE(std::ranges::count_if(survey.clean, &CleanImage::isCalibration), 100);
        QCOMPARE(survey.attacks.size(), 4U); // PGD, DDN, and an attack that knows for each norm and budget
        QCOMPARE(survey.attacks[0].eps, std::optional(0.25));
        QVERIFY(survey.attacks[2].adaptiveTo && survey.attacks[2].norm == Norm::Linf && survey.attacks[3].norm == Norm::L2 && !survey.attacks[3].eps);
        const auto summary = summarise(survey);
        QVERIFY(summary->falseAlarms[0].calibration.hits <= 10);
        for (const DetectorAttack& attack : survey.attacks) {
            QCOMPARE(attack.images.size(), 20U);
            QVERIFY(attack.counts.forwards > 0);
            for (std::size_t i = 0; i < attack.images.size(); ++i) {
                const AttackedImage& image = attack.images[i];
                const auto clean = std::ranges::find(survey.clean, image.index, &CleanImage::index);
                QVERIFY(!clean->isCalibration && clean->predicted == clean->label);
                if (!image.isFooled)
                    continue;
                QCOMPARE(image.distance, distancesBetween(*survey.originals[i], *image.image).in(attack.norm));
                QVERIFY(!attack.eps || image.distance <= *attack.eps + 1e-6);
                QVERIFY(scoresOf(*squeezingDetector(brightness(), oneBit()), {*image.image}).front() == image.scores.front());
            }
        }
        const DetectorScoreRow& ddn = summary->rows[1];
        QCOMPARE(ddn.detected.total, 20);
        const DetectorScoreRow* knowing = adaptiveTwin(survey, *summary, ddn);
        QVERIFY(knowing);
        QVERIFY2(knowing->evading.hits >= 19 && ddn.evading.hits <= 16, qPrintable(QStringLiteral("%1 and %2").arg(knowing->evading.hits).arg(ddn.evading.hits)));
        QVERIFY(knowing->medianDistance >= ddn.medianDistance); // that has its price
        // It is never behind an attack that knows nothing, image by image.
        const double threshold = survey.detectors[0].threshold;
        for (std::size_t i = 0; i < 20; ++i) {
            const AttackedImage &plain = survey.attacks[1].images[i], &informed = survey.attacks[3].images[i];
            if (plain.isFooled && plain.scores[0].score <= threshold)
                QVERIFY(informed.isFooled && informed.scores[0].score <= threshold && informed.distance <= plain.distance);
        }
    }

    void doesNotDependOnThreads()
    {
        DetectorRunRequest request = toyRequest();
        request.detectors.push_back({DetectorKind::Curvature, {}, 4, 9, 0.5});
        PlainMonitor alone;
        CrowdMonitor crowd;
        QCOMPARE(valuesOf(surveyDetectors(ballModel(0.45), toyImages(200), request, crowd)).dump(), valuesOf(surveyDetectors(ballModel(0.45), toyImages(200), request, alone)).dump());
        request.seed = 2; // other images calibrate
        QVERIFY(surveyDetectors(ballModel(0.45), toyImages(200), request, alone).clean.front().index != surveyDetectors(ballModel(0.45), toyImages(200), toyRequest(), alone).clean.front().index);
    }

    void curvatureInTheSameFrame()
    {
        DetectorRunRequest request = toyRequest();
        request.detectors.push_back({DetectorKind::Curvature, {}, 10, 9, 0.5});
        PlainMonitor monitor;
        const DetectorSurvey survey = surveyDetectors(ballModel(0.5), toyImages(200, true), request, monitor);
        QCOMPARE(survey.detectors.size(), 2U);
        QVERIFY(survey.detectors[1].reach > 0);
        // Inside the ball the level sets curve one way, outside the other: found without fail (C1 of the handbook).
        const auto summary = summarise(survey);
        for (const DetectorScoreRow& row : summary->rows)
            if (row.detector == 1 && !survey.attacks[row.attack].adaptiveTo && row.detected.total > 1)
                QCOMPARE(*row.auroc, 1.0);
        const auto knows = [](const DetectorAttack& attack) { return attack.adaptiveTo == 1U; };
        QVERIFY(std::ranges::any_of(survey.attacks, knows));
        // However far from the ball, its level sets keep their sign: scaling does not help.
        for (const DetectorScoreRow& row : summary->rows)
            if (knows(survey.attacks[row.attack]))
                QCOMPARE(row.evading.hits, 0);
    }

    void stopsAnywhere_data()
    {
        QTest::addColumn<double>("share");
        for (const double share : {0.0, 0.15, 0.5, 0.9})
            QTest::addRow("at %g", share) << share;
    }
    void stopsAnywhere()
    {
        QFETCH(double, share);
        ImpatientMonitor monitor(share);
        DetectorRunRequest request = toyRequest();
        request.attacked = 90;
        const DetectorSurvey survey = surveyDetectors(brightness(), toyImages(300), request, monitor);
        QVERIFY(survey.partial);
        for (const CleanImage& image : survey.clean)
            QCOMPARE(image.scores.size(), 1U);
        for (const DetectorAttack& attack : survey.attacks)
            QCOMPARE(attack.images.size(), survey.originals.size()); // whole images only
        (void)summarise(survey);
    }

    void fewImagesAreShared()
    {
        PlainMonitor monitor;
        const DetectorSurvey survey = surveyDetectors(brightness(), toyImages(30), toyRequest(), monitor);
        QCOMPARE(survey.clean.size(), 30U);
        QCOMPARE(std::ranges::count_if(survey.clean, &CleanImage::isCalibration), 15);
        QVERIFY(std::ranges::find(survey.warnings, "few-images", &Warning::code) != survey.warnings.end());
        QVERIFY_EXCEPTION_THROWN(DetectorRun(brightness(), toyImages(3), toyRequest()), Error);
        DetectorRunRequest wrong = toyRequest();
        wrong.falsePositiveRate = 1;
        QVERIFY_EXCEPTION_THROWN(DetectorRun(brightness(), toyImages(30), wrong), Error);
        wrong = toyRequest();
        wrong.detectors.clear();
        QVERIFY_EXCEPTION_THROWN(DetectorRun(brightness(), toyImages(30), wrong), Error);
    }

    void publishedSettings()
    {
        const auto mnist = detectorAttacks({"published", "ddn", "cw"}, "mnist", Preset::Preview);
        QCOMPARE(mnist.size(), 4U); // C&W is there already
        QCOMPARE(mnist[0].parameters.real("eps"), 0.3);
        QCOMPARE(mnist[1].parameters.real("step-size"), 0.06);
        QCOMPARE(mnist[2].parameters.real("confidence"), 10.0);
        QCOMPARE(detectorAttacks({"published"}, "cifar10", Preset::Preview)[1].parameters.real("step-size"), 0.0012);
        QCOMPARE(detectorAttacks({"published"}, "imagenet", Preset::Preview)[0].parameters.real("eps"), 0.0078);
        QVERIFY_EXCEPTION_THROWN((void)detectorAttacks({"fgms"}, "mnist", Preset::Preview), Error);
    }
};

QTEST_GUILESS_MAIN(TestDetectors)
#include "tst_detectors.moc"
