// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/boundary/curvaturesurvey.h"
#include "tests/core/boundary/boundarymodels_torch.h"
#include "tests/support/compare.h"
#include "tests/support/surveysample.h"

#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

/// Along one axis, with a little of the others from a seed.
PrincipalDirection alongAxis(std::size_t axis, double curvature, double disorder, std::uint64_t seed)
{
    PrincipalDirection direction;
    direction.curvature = curvature;
    direction.vector.assign(toyDimension, 0.0F);
    Rng rng(seed);
    double length = 0;
    for (std::size_t i = 0; i < direction.vector.size(); ++i) {
        direction.vector[i] = float(disorder * rng.normal() + (i == axis ? 1 : 0));
        length += double(direction.vector[i]) * double(direction.vector[i]);
    }
    for (float& value : direction.vector)
        value /= float(std::sqrt(length));
    return direction;
}

/// Images that are curved along axes 1 and 2, and weakly along one of their own.
std::vector<CurvatureResult> curvedAlongTwoAxes(int images, double disorder = 0.02)
{
    std::vector<CurvatureResult> results;
    results.resize(std::size_t(images));
    for (int i = 0; i < images; ++i) {
        const auto seed = std::uint64_t(10 * i);
        results[std::size_t(i)].lowest = {alongAxis(1, -5, disorder, seed), alongAxis(2, -3, disorder, seed + 1)};
        results[std::size_t(i)].highest = {alongAxis(std::size_t(5 + i % 8), 0.1, disorder, seed + 2), alongAxis(4, 0.01, disorder, seed + 3)};
    }
    return results;
}

std::vector<const CurvatureResult*> pointers(const std::vector<CurvatureResult>& results)
{
    std::vector<const CurvatureResult*> all;
    for (const CurvatureResult& result : results)
        all.push_back(&result);
    return all;
}

double dot(std::span<const float> a, std::span<const float> b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += double(a[i]) * double(b[i]);
    return sum;
}

void checkOrthonormal(const DirectionBasis& basis)
{
    for (std::int64_t i = 0; i < basis.count(); ++i)
        for (std::int64_t j = 0; j <= i; ++j)
            compareClose(dot(basis.row(i), basis.row(j)), i == j ? 1 : 0, 0, 1e-5);
}

/// Subspaces of one axis each.
SharedDirections axes(std::size_t curved, std::size_t flat, std::size_t random)
{
    const auto basis = [](std::size_t axis) {
        DirectionBasis made{toyDimension, std::vector<float>(toyDimension, 0.0F)};
        made.rows[axis] = 1;
        return made;
    };
    SharedDirections shared;
    shared.curved = basis(curved);
    shared.flat = basis(flat);
    shared.random = basis(random);
    return shared;
}

} // namespace

class TestDirections : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sharedAxesAreFound()
    {
        const auto results = curvedAlongTwoAxes(20);
        const SharedDirections shared = shareDirections(pointers(results), {2, 2, 1});
        QCOMPARE(shared.images, 20);
        QCOMPARE(shared.stacked, 40);
        // All images have the same two directions: both singular values near the square root of 20.
        for (const double value : shared.singularValues)
            compareClose(value, std::sqrt(20.0), 0.02, 0);
        for (std::int64_t i = 0; i < 2; ++i) {
            const auto row = shared.curved.row(i);
            compareClose(std::hypot(double(row[1]), double(row[2])), 1, 0.01, 0);
        }
        checkOrthonormal(shared.curved);
        checkOrthonormal(shared.flat);
        checkOrthonormal(shared.random);
    }

    void flatIsOrthogonalToAllThatIsCurved()
    {
        const auto results = curvedAlongTwoAxes(3);
        const SharedDirections shared = shareDirections(pointers(results), {2, 2, 1});
        for (const CurvatureResult& result : results)
            for (const PrincipalDirection& direction : result.lowest)
                for (std::int64_t i = 0; i < shared.flat.count(); ++i)
                    compareClose(dot(shared.flat.row(i), direction.vector), 0, 0, 1e-5);
    }

    // More stacked directions than dimensions: the Gram matrix is taken on the other side.
    void moreImagesThanDimensions()
    {
        const auto results = curvedAlongTwoAxes(60);
        const SharedDirections shared = shareDirections(pointers(results), {3, 3, 1});
        QCOMPARE(shared.stacked, 180);
        checkOrthonormal(shared.curved);
        compareClose(shared.singularValues[0], std::sqrt(60.0), 0.02, 0);
    }

    void tooFewDirectionsAreRefused()
    {
        const auto results = curvedAlongTwoAxes(2);
        QVERIFY_EXCEPTION_THROWN((void)shareDirections(pointers(results), {1, 3, 1}), Error);
        QVERIFY_EXCEPTION_THROWN((void)shareDirections({}, {1, 3, 1}), Error);
        QVERIFY_EXCEPTION_THROWN((void)shareDirections(pointers(results), {2, 0, 1}), Error);
    }

    // rho of an axis of a paraboloid is its own curvature over the mean magnitude along random tangents.
    void rhoOfKnownCurvatures()
    {
        const auto model = paraboloidModel({8, 2, 0, 0, 1});
        PlainMonitor monitor;
        CurvatureRequest request;
        request.directions = 2;
        request.probes = 500;
        BoundaryPoint point;
        point.point = flatToyImage(0.5F);
        point.distance = 0.2;
        point.other = 1;
        point.gradientNorm = 1;
        point.normal.assign(toyDimension, 0.0F);
        point.normal[0] = 1;
        const CurvatureResult at = computeCurvature(model, point, request, monitor);
        const auto found = generalise(model, at, axes(1, 3, 5), monitor);
        QVERIFY(found);
        compareClose(found->curvature[0], -8, 1e-3, 0);
        compareClose(found->rho[0], 8 / at.meanMagnitude, 1e-3, 0);
        compareClose(found->controlRho[0], 1 / at.meanMagnitude, 1e-3, 0);
        // The normal has no curvature of its own, and what lies along it does not count.
        const auto normal = generalise(model, at, axes(0, 3, 5), monitor);
        compareClose(normal->rho[0], 0, 0, 1e-3);
    }

    // On the image side of a paraboloid: leaving along the curved axis takes sqrt(2 F / kappa), along a flat one it never happens.
    void noiseInKnownDirections()
    {
        const auto model = paraboloidModel({8, 0, 0});
        Image image = flatToyImage(0.5F);
        image.pixels[0] = 0.7F;
        const double leaves = std::sqrt(2 * 0.2 / 8);
        PlainMonitor monitor;
        const NoiseRequest request{{0.5 * leaves, 0.98 * leaves, 1.02 * leaves, 5}, 6, 3};
        const auto response = noiseResponse(model, image, 0, axes(1, 2, 3), request, monitor);
        QVERIFY(response);
        const auto& curved = response->fooled[std::size_t(NoiseKind::Curved)];
        QCOMPARE(curved, (std::vector<double>{0, 0, 1, 1}));
        QCOMPARE(response->fooled[std::size_t(NoiseKind::Flat)], (std::vector<double>{0, 0, 0, 0}));
        QCOMPARE(response->counts.forwards, std::int64_t(4 * 4 * 6));
        QCOMPARE(response->counts.backwards, 0);
        const auto again = noiseResponse(model, image, 0, axes(1, 2, 3), request, monitor);
        QCOMPARE(again->fooled, response->fooled);
    }

    void wrongNoiseIsRefused()
    {
        PlainMonitor monitor;
        const auto model = paraboloidModel({8, 0, 0});
        for (const std::vector<double>& norms : {std::vector<double>{}, {0.0, 1.0}, {2.0, 1.0}})
            QVERIFY_EXCEPTION_THROWN((void)noiseResponse(model, flatToyImage(0.7F), 0, axes(1, 2, 3), {norms, 5, 1}, monitor), Error);
    }

    void stopIsFelt()
    {
        PlainMonitor monitor;
        monitor.requestStop();
        QVERIFY(!noiseResponse(paraboloidModel({8, 0, 0}), flatToyImage(0.7F), 0, axes(1, 2, 3), {{1.0}, 5, 1}, monitor));
    }

    // Sorted values are averaged rank by rank, not image by image.
    void profileOfManyImages()
    {
        const CurvatureSurvey survey = sampleSurvey();
        const auto profile = curvatureProfile(survey);
        QVERIFY(profile);
        QVERIFY(profile->isFull);
        QCOMPARE(profile->images, 12);
        QCOMPARE(profile->rank.size(), 255U);
        double sum = 0;
        for (const SurveyImage& image : survey.images)
            sum += image.result->profile[9];
        compareClose(profile->curvature[9].value, sum / 12, 1e-12, 0);
        QVERIFY(profile->curvature[9].low < profile->curvature[9].value && profile->curvature[9].value < profile->curvature[9].high);
        const CurvatureProfile back = profileFromJson(Json::parse(toJson(*profile).dump()));
        QCOMPARE(back.model, profile->model);
        QCOMPARE(back.rank, profile->rank);
        QCOMPARE(back.curvature[200].low, profile->curvature[200].low);
        QVERIFY_EXCEPTION_THROWN((void)profileFromJson(Json::parse("{\"model\":\"x\"}")), Error);
    }

    void profileOfBothEnds()
    {
        SurveySettings settings;
        settings.isFull = false;
        const auto profile = curvatureProfile(sampleSurvey(settings));
        QVERIFY(!profile->isFull);
        QCOMPARE(profile->rank, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 251, 252, 253, 254, 255}));
        QVERIFY(profile->curvature.front().value > 0 && profile->curvature.back().value < 0);
        QVERIFY(!curvatureProfile(CurvatureSurvey()));
    }

    void halfOfTheDraws()
    {
        const CurvatureSurvey survey = sampleSurvey();
        const HalfNorm curved = halfNorm(survey, NoiseKind::Curved), full = halfNorm(survey, NoiseKind::Full);
        // The made-up shares are one half at 1 to 1.2 and at 8 to 9.6.
        compareClose(curved.norm->value, 1.1, 0.05, 0);
        compareClose(full.norm->value, 8.8, 0.05, 0);
        QVERIFY(curved.norm->low <= curved.norm->value && curved.norm->value <= curved.norm->high);
        SurveySettings robust;
        robust.fullHalf = 1e6;
        const HalfNorm never = halfNorm(sampleSurvey(robust), NoiseKind::Full);
        QVERIFY(!never.norm);
        QVERIFY(never.largestShare < 0.01);
    }

    void nearerBoundaries()
    {
        SurveySettings settings;
        settings.negativeWeight = 1; // at most 1.55 at a distance of at most 0.31
        CurvatureSurvey survey = sampleSurvey(settings);
        QCOMPARE(imagesWithNearerBoundary(survey), 0);
        // On a sphere of radius 0.1 around a place between them the boundary passes nearer than 0.2.
        survey.images[0].result->lowest[0].curvature = -10;
        QCOMPARE(imagesWithNearerBoundary(survey), 1);
    }

    void summary()
    {
        const CurvatureSurvey survey = sampleSurvey();
        const Json json = summaryJson(survey);
        QCOMPARE(json["images"].get<int>(), 12);
        QCOMPARE(json["noise"]["kinds"]["curved"]["misclassified"].size(), survey.noiseNorms.size());
        compareClose(json["noise"]["kinds"]["curved"]["halfNorm"]["value"].get<double>(), 1.1, 0.05, 0);
        QCOMPARE(json["shared"]["heldOut"].get<int>(), 6);
        // Two exponential tails, the negative one three times as high.
        compareClose(json["negativeShare"]["value"].get<double>(), 0.75, 0.02, 0);
        QVERIFY(itemJson(survey.images[1]).contains("generalisation"));
        QVERIFY(!itemJson(survey.images[0]).contains("generalisation"));
        QCOMPARE(summaryJson(CurvatureSurvey())["images"].get<int>(), 0);
    }
};

QTEST_GUILESS_MAIN(TestDirections)
#include "tst_directions.moc"
