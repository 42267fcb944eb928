// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Surveys over many images: the same on one thread and on many, whole images after a stop, known answers where regions are convex.
#include "core/base/error.h"
#include "core/boundary/curvaturerun.h"
#include "core/boundary/detectionrun.h"
#include "core/boundary/pathpairs.h"
#include "tests/core/boundary/boundarymodels_torch.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace brink;
using namespace brink::test;

namespace {

/// Random images around grey, all inside of the ball of radius 0.5.
class GreySet : public Dataset {
public:
    [[nodiscard]] std::string name() const override { return "grey"; }
    [[nodiscard]] std::int64_t size() const override { return 40; }
    [[nodiscard]] Image image(std::int64_t index) const override
    {
        Rng rng(std::uint64_t(index) + 1);
        std::vector<float> pixels;
        for (int i = 0; i < toyDimension; ++i)
            pixels.push_back(float(0.5 + 0.06 * rng.normal()));
        return toyImage(std::move(pixels));
    }
    [[nodiscard]] std::optional<std::int64_t> label(std::int64_t) const override { return 0; }
    [[nodiscard]] const std::vector<std::string>& classNames() const override { return m_names; }

private:
    std::vector<std::string> m_names{"inside", "outside"};
};

SurveyImages greyImages(std::int64_t count)
{
    SurveyImages images{std::make_shared<GreySet>(), {}, "grey"};
    for (std::int64_t i = 0; i < count; ++i)
        images.indices.push_back(i);
    return images;
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

Json withoutCost(Json json)
{
    if (json.is_object()) {
        json.erase("cost");
        json.erase("seconds");
    }
    if (json.is_structured())
        for (Json& part : json)
            part = withoutCost(std::move(part));
    return json;
}

CurvatureRunRequest curvatureRequest()
{
    CurvatureRunRequest request;
    request.curvature.directions = 2;
    request.subspace = 3;
    request.noiseDraws = 2;
    return request;
}

std::string textOf(const CurvatureSurvey& survey)
{
    Json json = withoutCost(summaryJson(survey));
    for (const SurveyImage& image : survey.images)
        json["items"].push_back(withoutCost(itemJson(image)));
    return json.dump(1);
}

std::string textOf(const DetectionSurvey& survey)
{
    Json json;
    for (const DetectionImage& image : survey.images)
        json.push_back(withoutCost(itemJson(image, 1)));
    return json.dump(1);
}

std::string textOf(const RegionSurvey& survey)
{
    Json json;
    for (const RegionPath& path : survey.paths)
        json["paths"].push_back(withoutCost(toJson(path)));
    json["convexity"] = survey.convexity ? withoutCost(toJson(*survey.convexity)) : Json();
    return json.dump(1);
}

DetectionRunRequest detectionRequest()
{
    DetectionRunRequest request;
    request.attacks = detectionAttacks({"deepfool", "ddn"}, Preset::Preview);
    request.scales = {1, 2};
    return request;
}

} // namespace

class TestSurveys : public QObject {
    Q_OBJECT
private slots:
    void oneThreadOrMany()
    {
        const auto model = ballModel(0.5);
        PlainMonitor alone;
        CrowdMonitor crowd;
        QCOMPARE(textOf(surveyCurvature(model, greyImages(12), curvatureRequest(), crowd)), textOf(surveyCurvature(model, greyImages(12), curvatureRequest(), alone)));
        QCOMPARE(textOf(surveyDetection(model, greyImages(12), detectionRequest(), crowd)), textOf(surveyDetection(model, greyImages(12), detectionRequest(), alone)));
        QCOMPARE(textOf(surveyRegions(model, greyImages(12), {6, 20, 1}, crowd)), textOf(surveyRegions(model, greyImages(12), {6, 20, 1}, alone)));
        QCOMPARE(crowd.done(), crowd.total());
    }

    // The ball is convex and its boundary is curved alike everywhere, against the image: 1 / radius.
    void knownAnswers()
    {
        PlainMonitor monitor;
        const auto model = ballModel(0.5);
        const RegionSurvey regions = surveyRegions(model, greyImages(40), {20, 100, 1}, monitor);
        QCOMPARE(regions.paths.size(), std::size_t(20));
        QVERIFY(std::ranges::all_of(regions.paths, [](const RegionPath& path) { return path.isFound && path.isStraight && path.className == "inside"; }));
        QVERIFY(std::ranges::all_of(regions.paths, [](const RegionPath& path) { return path.fromIndex != path.toIndex; }));
        QVERIFY(!regions.convexity->points.empty());
        for (const ConvexityPoint& point : regions.convexity->points)
            QCOMPARE(point.inside, point.samples);

        const CurvatureSurvey curvature = surveyCurvature(model, greyImages(12), curvatureRequest(), monitor);
        QCOMPARE(curvature.images.size(), std::size_t(12));
        for (const SurveyImage& image : curvature.images)
            QVERIFY2(std::abs(std::abs(image.result->mean) - 2) < 0.02, qPrintable(QString::number(image.result->mean)));
        QVERIFY(curvature.shared);
        QCOMPARE(std::ranges::count_if(curvature.images, &SurveyImage::isHeldOut), 6);
        QVERIFY(std::ranges::all_of(curvature.images, [](const SurveyImage& image) { return image.isHeldOut == (image.generalisation && image.noise); }));
    }

    void picturesGrow()
    {
        PlainMonitor monitor;
        std::vector<std::size_t> images, paths;
        (void)surveyCurvature(ballModel(0.5), greyImages(20), curvatureRequest(), monitor, [&](std::shared_ptr<const CurvatureSurvey> survey) {
            images.push_back(survey->images.size());
            QVERIFY(survey->partial);
        });
        QCOMPARE(images, (std::vector<std::size_t>{8, 16, 20}));
        (void)surveyRegions(ballModel(0.5), greyImages(20), {6, 0, 1}, monitor, [&](std::shared_ptr<const RegionSurvey> survey) { paths.push_back(survey->paths.size()); });
        QCOMPARE(paths, (std::vector<std::size_t>{4, 6}));
    }

    void stopLeavesWholeImages_data()
    {
        QTest::addColumn<double>("share");
        QTest::addRow("before the first image") << 0.0;
        QTest::addRow("while images are measured") << 0.2;
        QTest::addRow("while held-out images are tested") << 0.8;
    }
    void stopLeavesWholeImages()
    {
        QFETCH(const double, share);
        ImpatientMonitor monitor(share), other(share), third(share);
        const CurvatureSurvey curvature = surveyCurvature(ballModel(0.5), greyImages(20), curvatureRequest(), monitor);
        QVERIFY(curvature.partial);
        QVERIFY(share > 0.5 ? curvature.images.size() == 20 : curvature.images.size() < 20);
        QVERIFY(std::ranges::all_of(curvature.images, [](const SurveyImage& image) { return image.result.has_value(); }));
        const DetectionSurvey detection = surveyDetection(ballModel(0.5), greyImages(20), detectionRequest(), other);
        QVERIFY(detection.partial);
        QVERIFY(std::ranges::all_of(detection.images, [](const DetectionImage& image) { return image.perturbed.size() == 3; }));
        const RegionSurvey regions = surveyRegions(ballModel(0.5), greyImages(20), {10, 5000, 1}, third);
        QVERIFY(regions.partial);
        QVERIFY(share > 0.5 ? regions.paths.size() >= 8 : regions.paths.size() < 10);
    }

    void oneImageGivesNoPair()
    {
        SurveyImages images = greyImages(1);
        PlainMonitor monitor;
        QVERIFY_THROWS_EXCEPTION(Error, (void)surveyRegions(ballModel(0.5), images, {1, 0, 1}, monitor));
    }
};

QTEST_APPLESS_MAIN(TestSurveys)
#include "tst_surveys.moc"
