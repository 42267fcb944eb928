// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/boundary/curvature.h"
#include "tests/core/boundary/boundarymodels_torch.h"
#include "tests/support/compare.h"

#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

using Model = std::shared_ptr<const Classifier>;

Image offCentre(float shift)
{
    Image image = flatToyImage(0.5F);
    image.pixels[3] += shift;
    return image;
}

CurvatureRequest requestOf(CurvatureMethod method, CurvatureSpectrum spectrum)
{
    CurvatureRequest request;
    request.method = method;
    request.spectrum = spectrum;
    request.directions = 3;
    request.lanczosSteps = toyDimension - 1;
    return request;
}

CurvatureResult measured(const Model& model, const Image& image, const CurvatureRequest& request)
{
    PlainMonitor monitor;
    const CurvatureOutcome outcome = curvatureOfImage(model, image, {}, request, monitor);
    if (!outcome.result)
        qFatal("%s", outcome.failure.c_str());
    return *outcome.result;
}

/// The point on the paraboloid's summit, where curvatures are exact, without a search.
BoundaryPoint summit(const Model& model)
{
    BoundaryPoint point;
    point.point = flatToyImage(0.5F);
    point.other = 1;
    point.distance = 0.2;
    Evaluator evaluator(model);
    const ForwardPass pass = evaluator.forward(tensorFromImages(std::span(&point.point, 1)));
    const at::Tensor gradient = evaluator.gradient(pass, pass.logits.select(1, 0) - pass.logits.select(1, 1)).flatten();
    point.gradientNorm = gradient.norm().item<double>();
    point.normal.assign(gradient.data_ptr<float>(), gradient.data_ptr<float>() + gradient.numel());
    for (float& value : point.normal)
        value /= float(point.gradientNorm);
    return point;
}

/// Own region: a side of a smooth, bent surface without symmetry. `zoom` scales the input about the grey image.
Model bentModel(double scale = 1, double zoom = 1)
{
    at::Tensor first = at::empty({8, toyDimension}), second = at::empty({8});
    Rng(11).fillNormal({first.data_ptr<float>(), std::size_t(first.numel())});
    Rng(12).fillNormal({second.data_ptr<float>(), std::size_t(second.numel())});
    return twoClasses([=](const at::Tensor& x) {
        const at::Tensor hidden = ((x - 0.5) * zoom).unsqueeze(1).mul(first).sum(2);
        return scale * ((hidden.tanh() * second).sum(1) + 0.3);
    });
}

Model kinkedModel()
{
    return twoClasses([](const at::Tensor& x) { return 0.3 - (x - 0.5).relu().sum(1) - 0.3 * (0.5 - x).relu().sum(1); }, false);
}

void addMethods()
{
    QTest::addColumn<CurvatureMethod>("method");
    QTest::addColumn<CurvatureSpectrum>("spectrum");
    QTest::addRow("second derivatives, full") << CurvatureMethod::DoubleBackward << CurvatureSpectrum::Full;
    QTest::addRow("second derivatives, extremes") << CurvatureMethod::DoubleBackward << CurvatureSpectrum::Extremes;
    QTest::addRow("differences, full") << CurvatureMethod::Difference << CurvatureSpectrum::Full;
    QTest::addRow("differences, extremes") << CurvatureMethod::Difference << CurvatureSpectrum::Extremes;
}

} // namespace

class TestCurvature : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sphere_data() { addMethods(); }

    // C1: every tangent curvature of a ball of radius R is -1/R, and with the sides exchanged +1/R.
    void sphere()
    {
        QFETCH(const CurvatureMethod, method);
        QFETCH(const CurvatureSpectrum, spectrum);
        const double radius = 0.25;
        const CurvatureResult inside = measured(ballModel(radius), offCentre(0.1F), requestOf(method, spectrum));
        // The gradient is linear: differences have no error but that of float32, 1e-7 over h |grad F|.
        compareClose(inside.mean, -1 / radius, 1e-3, 0);
        compareClose(inside.meanError, 0, 0, 1e-3);
        compareClose(inside.rootMeanSquare, 1 / radius, 1e-3, 0);
        for (const auto* side : {&inside.lowest, &inside.highest})
            for (const PrincipalDirection& direction : *side)
                compareClose(direction.curvature, -1 / radius, 1e-3, 0);
        for (const double curvature : inside.profile)
            compareClose(curvature, -1 / radius, 1e-3, 0);
        QCOMPARE(inside.profile.size(), spectrum == CurvatureSpectrum::Full ? std::size_t(toyDimension - 1) : 0U);
        QCOMPARE(tailAsymmetry(inside).negativeShare, 1.0);

        const CurvatureResult outside = measured(ballModel(radius), offCentre(0.4F), requestOf(method, spectrum));
        QCOMPARE(outside.point.own, 1);
        compareClose(outside.mean, 1 / radius, 1e-3, 0);
        QCOMPARE(tailAsymmetry(outside).negativeShare, 0.0);
    }

    void paraboloid_data() { addMethods(); }

    // C2: principal curvatures and directions of a paraboloid.
    void paraboloid()
    {
        QFETCH(const CurvatureMethod, method);
        QFETCH(const CurvatureSpectrum, spectrum);
        const std::vector<double> kappa{5, 3, 2, 0.1, 0.05, 0.02, -0.01, -0.03, -0.2, -1, -1.5, -4};
        const Model model = paraboloidModel(kappa);
        PlainMonitor monitor;
        const CurvatureResult result = computeCurvature(model, summit(model), requestOf(method, spectrum), monitor);
        const double lowest[] = {-5, -3, -2}, highest[] = {4, 1.5, 1};
        const std::size_t lowestAxis[] = {1, 2, 3}, highestAxis[] = {12, 11, 10};
        for (std::size_t i = 0; i < 3; ++i) {
            compareClose(result.lowest[i].curvature, lowest[i], 1e-4, 0);
            compareClose(result.highest[i].curvature, highest[i], 1e-4, 0);
            compareClose(std::abs(double(result.lowest[i].vector[lowestAxis[i]])), 1, 1e-4, 0);
            compareClose(std::abs(double(result.highest[i].vector[highestAxis[i]])), 1, 1e-4, 0);
            QVERIFY(result.lowest[i].residual <= 1e-3 * 5 && result.highest[i].residual <= 1e-3 * 5);
        }
        if (spectrum == CurvatureSpectrum::Full) {
            // Lanczos on the matrix and the dense solver agree to 1e-6.
            for (std::size_t i = 0; i < 3; ++i) {
                const double tolerance = method == CurvatureMethod::DoubleBackward ? 1e-6 : 1e-4; // differences: two sets of products
                compareClose(result.highest[i].eigenvalue, result.profile[i], tolerance, 0);
                compareClose(result.lowest[i].eigenvalue, result.profile[result.profile.size() - 1 - i], tolerance, 0);
            }
            QVERIFY(*result.matrixAsymmetry < 1e-4);
            double sum = 0;
            for (const double curvature : result.profile)
                sum += curvature;
            compareClose(sum, -3.43, 0, 2e-3); // -sum of kappa: the trace
        }
    }

    // C3: an affine boundary is flat up to float32.
    void halfSpace_data() { addMethods(); }

    void halfSpace()
    {
        QFETCH(const CurvatureMethod, method);
        QFETCH(const CurvatureSpectrum, spectrum);
        const CurvatureResult result = measured(halfSpaceModel(), flatToyImage(0.6F), requestOf(method, spectrum));
        compareClose(result.mean, 0, 0, 1e-5);
        compareClose(result.lowest.front().curvature, 0, 0, 1e-5);
        compareClose(result.highest.front().curvature, 0, 0, 1e-5);
        for (const double curvature : result.profile)
            compareClose(curvature, 0, 0, 1e-5);
    }

    // C4: the scale of the logits does not matter, that of the pixels divides.
    void scales()
    {
        const CurvatureRequest request = requestOf(CurvatureMethod::DoubleBackward, CurvatureSpectrum::Full);
        const CurvatureResult plain = measured(bentModel(), flatToyImage(0.5F), request);
        const CurvatureResult loud = measured(bentModel(1000), flatToyImage(0.5F), request);
        const CurvatureResult zoomed = measured(bentModel(1, 2), flatToyImage(0.5F), request);
        QVERIFY(std::abs(plain.profile.front()) > 0.1);
        compareClose(zoomed.point.distance, plain.point.distance / 2, 1e-3, 0);
        const double largest = std::max(plain.profile.front(), -plain.profile.back());
        for (std::size_t i = 0; i < plain.profile.size(); ++i) {
            compareClose(loud.profile[i], plain.profile[i], 0, 1e-3 * largest);
            compareClose(zoomed.profile[i], 2 * plain.profile[i], 0, 4e-3 * largest);
        }
    }

    // C5: what is reported is tangential, of length 1, and orthogonal; projecting again changes nothing.
    void directionsAreTangential()
    {
        for (const CurvatureSpectrum spectrum : {CurvatureSpectrum::Full, CurvatureSpectrum::Extremes}) {
            const CurvatureResult result = measured(bentModel(), flatToyImage(0.5F), requestOf(CurvatureMethod::Auto, spectrum));
            QCOMPARE(result.method, CurvatureMethod::DoubleBackward);
            for (const auto* side : {&result.lowest, &result.highest})
                for (const PrincipalDirection& direction : *side) {
                    double dot = 0, length = 0;
                    for (std::size_t i = 0; i < direction.vector.size(); ++i) {
                        dot += double(direction.vector[i]) * double(result.point.normal[i]);
                        length += double(direction.vector[i]) * double(direction.vector[i]);
                    }
                    QVERIFY2(std::abs(dot) <= 1e-5, qPrintable(QString::number(dot)));
                    compareClose(length, 1, 1e-5, 0);
                }
        }
    }

    void methodsAgreeOnASmoothBoundary()
    {
        const CurvatureResult exact = measured(bentModel(), flatToyImage(0.5F), requestOf(CurvatureMethod::DoubleBackward, CurvatureSpectrum::Full));
        CurvatureRequest request = requestOf(CurvatureMethod::Difference, CurvatureSpectrum::Full);
        request.step = 0.2;
        const CurvatureResult compared = measured(bentModel(), flatToyImage(0.5F), request);
        compareClose(compared.lowest.front().curvature, exact.lowest.front().curvature, 0.02, 0);
        compareClose(compared.highest.front().curvature, exact.highest.front().curvature, 0.02, 0);
        // The table of scales is made of differences whatever the method is.
        QCOMPARE(exact.scales.size(), 3U);
        compareClose(exact.scales[0].lowest, exact.lowest.front().curvature, 0.02, 0);
        compareClose(exact.scales[0].mean, exact.mean, 0.05, 1e-3);
    }

    // C6: second derivatives of a ReLU net are zero; differences of its gradients are not.
    void kinksNeedDifferences()
    {
        CurvatureRequest request = requestOf(CurvatureMethod::Auto, CurvatureSpectrum::Full);
        request.step = 2;
        const CurvatureResult chosen = measured(kinkedModel(), flatToyImage(0.505F), request);
        QCOMPARE(chosen.method, CurvatureMethod::Difference);
        QVERIFY(QString::fromStdString(chosen.methodReason).contains("kinks"));
        QVERIFY(chosen.lowest.front().curvature < -0.1);
        QVERIFY(chosen.warnings.empty());

        request.method = CurvatureMethod::DoubleBackward;
        const CurvatureResult forced = measured(kinkedModel(), flatToyImage(0.505F), request);
        QCOMPARE(forced.method, CurvatureMethod::Difference);
        QCOMPARE(forced.warnings.front().code, std::string("zero-hessian"));
        QCOMPARE(forced.lowest.front().curvature, chosen.lowest.front().curvature);
    }

    // C7: two Gaussians of different width; the boundary is a sphere of known centre and radius, found by DeepFool.
    void twoQuadratics()
    {
        const double s1 = 1, s2 = 3;
        const at::Tensor m1 = at::full({toyDimension}, 0.4), m2 = at::full({toyDimension}, 0.55);
        const auto model = makeClassifier("quadratics", {1, toySide, toySide}, 2,
            [=](const at::Tensor& x) {
                const at::Tensor flat = x.flatten(1);
                return at::stack({(flat - m1).square().sum(1) / -s1, (flat - m2).square().sum(1) / -s2}, 1);
            },
            true);
        // |x - m1|^2 / s1 = |x - m2|^2 / s2: centre (s2 m1 - s1 m2) / (s2 - s1), R^2 = s1 s2 |m1 - m2|^2 / (s2 - s1)^2.
        const double centre = (s2 * 0.4 - s1 * 0.55) / (s2 - s1);
        const double radius = std::sqrt(s1 * s2 * toyDimension * 0.15 * 0.15) / (s2 - s1);
        const CurvatureResult result = measured(model, flatToyImage(0.4F), requestOf(CurvatureMethod::Auto, CurvatureSpectrum::Full));
        double distance = 0;
        for (const float pixel : result.point.point.pixels)
            distance += std::pow(double(pixel) - centre, 2);
        compareClose(std::sqrt(distance), radius, 1e-3, 0);
        for (const double curvature : result.profile)
            compareClose(curvature, -1 / radius, 1e-3, 0);
    }

    void meanHasAStandardError()
    {
        const std::vector<double> kappa{8, 4, 2, 1};
        const Model model = paraboloidModel(kappa);
        CurvatureRequest request = requestOf(CurvatureMethod::DoubleBackward, CurvatureSpectrum::Extremes);
        request.probes = 4000;
        PlainMonitor monitor;
        const CurvatureResult result = computeCurvature(model, summit(model), request, monitor);
        const double truth = -15.0 / (toyDimension - 1);
        QVERIFY(std::abs(result.mean - truth) < 4 * result.meanError);
        // Variance of v^T G v on the sphere of n dimensions: 2 / (n + 2) (mean square - square of the mean).
        const double meanSquare = (64 + 16 + 4 + 1) / double(toyDimension - 1);
        const double spread = std::sqrt(2.0 / (toyDimension + 1) * (meanSquare - truth * truth));
        compareClose(result.meanError, spread / std::sqrt(4000.0), 0.1, 0);
        compareClose(result.rootMeanSquare, std::sqrt(meanSquare), 0.1, 0);
    }

    void sameSeedSameNumbers()
    {
        const CurvatureRequest request = requestOf(CurvatureMethod::Difference, CurvatureSpectrum::Extremes);
        const CurvatureResult first = measured(bentModel(), flatToyImage(0.5F), request);
        const CurvatureResult again = measured(bentModel(), flatToyImage(0.5F), request);
        QCOMPARE(first.lowest.front().curvature, again.lowest.front().curvature);
        QCOMPARE(first.mean, again.mean);
        CurvatureRequest other = request;
        other.seed = 2;
        QVERIFY(measured(bentModel(), flatToyImage(0.5F), other).mean != first.mean);
    }

    void costsAreCounted()
    {
        CurvatureRequest request = requestOf(CurvatureMethod::Difference, CurvatureSpectrum::Full);
        request.scales = {0.5};
        PlainMonitor monitor;
        const Model model = bentModel();
        const CurvatureResult result = computeCurvature(model, summit(model), request, monitor);
        // Two gradients a product: probes, a full basis, Lanczos, three directions at each end, and the probes and two directions again.
        QVERIFY(result.lanczosSteps > 0);
        // Lanczos itself: two products to begin with, and one or two a step, as a space that is exhausted has to be left.
        const std::int64_t others = request.probes + (toyDimension - 1) + 6 + request.probes + 2;
        QCOMPARE(result.counts.forwards, result.counts.backwards);
        QVERIFY(result.counts.forwards >= 2 * (others + result.lanczosSteps));
        QVERIFY(result.counts.forwards <= 2 * (others + 2 * result.lanczosSteps + 2));
    }

    void stoppedRunsKeepWhatTheyHave()
    {
        PlainMonitor monitor;
        monitor.requestStop();
        const Model model = bentModel();
        const CurvatureResult result
            = computeCurvature(model, summit(model), requestOf(CurvatureMethod::Difference, CurvatureSpectrum::Full), monitor);
        QVERIFY(result.partial);
        QVERIFY(result.profile.empty());
        QVERIFY(!toJson(result).contains("mean"));
    }

    void absurdRequestsAreRefused()
    {
        const Model model = bentModel();
        PlainMonitor monitor;
        CurvatureRequest request;
        request.step = 0;
        QVERIFY_EXCEPTION_THROWN((void)computeCurvature(model, summit(model), request, monitor), Error);
        request = {};
        request.directions = 100;
        QVERIFY_EXCEPTION_THROWN((void)computeCurvature(model, summit(model), request, monitor), Error);
        request = {};
        request.probes = 1;
        QVERIFY_EXCEPTION_THROWN((void)computeCurvature(model, summit(model), request, monitor), Error);
        QVERIFY_EXCEPTION_THROWN((void)curvatureMethodFromName("magic"), Error);
    }

    void json()
    {
        const CurvatureResult result = measured(bentModel(), flatToyImage(0.5F), requestOf(CurvatureMethod::Difference, CurvatureSpectrum::Full));
        const Json json = toJson(result);
        QCOMPARE(json["method"].get<std::string>(), std::string("difference"));
        QCOMPARE(json["profile"].size(), std::size_t(toyDimension - 1));
        compareClose(json["profile"][0].get<double>(), result.profile[0], 1e-5, 0);
        QCOMPARE(json["lowest"].size(), 3U);
        QCOMPARE(json["scales"].size(), 3U);
        QVERIFY(json["boundary"]["distance"].get<double>() > 0);
    }
};

QTEST_GUILESS_MAIN(TestCurvature)
#include "tst_curvature.moc"
