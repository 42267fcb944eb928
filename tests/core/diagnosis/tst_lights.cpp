// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Single lights on functions whose answer is known.
#include "core/diagnosis/diagnosis.h"

#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"

#include <QTest>

#include <cmath>

using namespace brink;

namespace {

constexpr int side = 4;

using Function = std::function<at::Tensor(const at::Tensor&)>;

std::vector<DiagnosisImage> greyImages(int count, float from, float to)
{
    std::vector<DiagnosisImage> images;
    for (int i = 0; i < count; ++i) {
        const float value = from + (to - from) * float(i) / float(std::max(1, count - 1));
        images.push_back({{1, side, side, std::vector<float>(side * side, value), "made by the test", {}}, i, {}});
    }
    return images;
}

/// Three classes: class 0 leads by `margin` of the mean grey value, class 2 is far behind.
std::shared_ptr<const Classifier> threeClasses(const Function& margin)
{
    return makeClassifier("planted", {1, side, side}, 3, [margin](const at::Tensor& x) {
        const at::Tensor lead = margin(x).view({-1, 1});
        return at::cat({lead, at::zeros_like(lead), at::full_like(lead, -50)}, 1);
    });
}

at::Tensor grey(const at::Tensor& x) { return x.flatten(1).mean(1); }

/// Linear: the mean grey value must fall below `bound`.
std::shared_ptr<const Classifier> linear(double bound, double slope = 10)
{
    return threeClasses([=](const at::Tensor& x) { return slope * (grey(x) - bound); });
}

Light lightOf(const std::shared_ptr<const Classifier>& model, const std::string& code, double eps, std::vector<DiagnosisImage> images = greyImages(8, 0.5F, 0.9F),
    const std::function<void(DiagnosisRequest&)>& change = {})
{
    DiagnosisRequest request;
    request.model = model;
    request.images = std::move(images);
    request.preset = Preset::Preview;
    request.attack = standardScrutiny(Norm::Linf, eps, Preset::Preview);
    request.checks = {code};
    if (change)
        change(request);
    PlainMonitor monitor;
    return diagnose(request, monitor).lights.front();
}

QByteArray text(const Light& light) { return QByteArray::fromStdString(lightStateName(light.state) + ": " + light.finding); }

} // namespace

class TestLights : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    void slopesOfAnAffineModelAgree()
    {
        const Light light = lightOf(linear(0.3), "slope", 0.05);
        QVERIFY2(light.state == LightState::Good, text(light));
        QVERIFY(*light.value < 1e-3);
        // |gradient| = 10 / 16 in each of 16 values.
        for (const double slope : light.plot->series.front().x)
            QVERIFY(std::abs(slope - 2.5) < 1e-4);
        for (const double slope : light.plot->series.front().y)
            QVERIFY(std::abs(slope - 2.5) < 1e-2);
    }

    void gradientOfAnotherFunctionIsSeen()
    {
        // The value is the linear one, the gradient a tenth of it: a branch is detached.
        const Light light = lightOf(threeClasses([](const at::Tensor& x) {
            const at::Tensor lead = 10 * (grey(x) - 0.3);
            return 0.1 * lead + (0.9 * lead).detach();
        }), "slope", 0.05);
        QVERIFY2(light.state == LightState::Alarm, text(light));
        QVERIFY(std::abs(*light.value - 0.9) < 0.01);
        QCOMPARE(light.flagged.size(), 8u);
        QVERIFY(light.remedy.setsBpda);
    }

    void tremblingIsItsClosedForm()
    {
        // One pixel decides: |change| / |loss| of uniform noise in +-4/255 is 2/255 / (x - 0.4) on average.
        const auto model = makeClassifier("pixel", {1, side, side}, 2, [](const at::Tensor& x) {
            const at::Tensor lead = x.flatten(1).select(1, 0).unsqueeze(1) - 0.4;
            return at::cat({lead, at::zeros_like(lead)}, 1);
        });
        const Light light = lightOf(model, "stability", 0.05, greyImages(1, 0.5F, 0.5F));
        QVERIFY2(std::abs(*light.value - 2.0 / 255 / 0.1) < 0.015, text(light));
        QCOMPARE(light.state, LightState::Good);
        const Light near = lightOf(model, "stability", 0.05, greyImages(1, 0.42F, 0.42F));
        QVERIFY2(std::abs(*near.value - 2.0 / 255 / 0.02) < 0.06, text(near));
        QVERIFY(near.isRaised());
    }

    void budgetsFollowTheDistances()
    {
        // Linf distance of image i to the boundary is its grey value minus 0.3: 0.2 to 0.6.
        const Light light = lightOf(linear(0.3), "budgets", 0.2);
        QVERIFY2(light.state == LightState::Good, text(light));
        const LightSeries& curve = light.plot->series.front();
        QCOMPARE(curve.x.size(), 5u);
        for (std::size_t i = 0; i < curve.x.size(); ++i) {
            int within = 0;
            for (int image = 0; image < 8; ++image)
                within += 0.5 + 0.4 * image / 7.0 - 0.3 < curve.x[i] - 1e-4;
            QCOMPARE(curve.y[i], 100.0 * within / 8);
        }
    }

    void whatNoStepReachesIsUnconstrainedFailure()
    {
        // Far from a narrow valley of class 1 at a mean of 0.5 the gradient leads away from it.
        const auto trap = threeClasses([](const at::Tensor& x) { return at::where((grey(x) - 0.1).abs().lt(0.02), grey(x) * 0 - 1, 2 - grey(x)); });
        const Light light = lightOf(trap, "unconstrained", 0.05);
        QVERIFY2(light.state == LightState::Alarm, text(light));
        QCOMPARE(light.flagged.size(), 8u);
        QVERIFY2(lightOf(linear(0.3), "unconstrained", 0.05).state == LightState::Good, "a linear model is always left");
    }

    void singleStepBeatsStepsThatStay()
    {
        const auto small = [](DiagnosisRequest& request) { request.attack.parameters.set("step-size", 1e-4); };
        const Light light = lightOf(linear(0.3), "single-step", 0.4, greyImages(8, 0.5F, 0.6F), [&](DiagnosisRequest& request) {
            small(request);
            request.attack.parameters.set("random-start", false);
        });
        QVERIFY2(light.state == LightState::Alarm, text(light));
        QCOMPARE(*light.value, 8.0);
        QVERIFY2(lightOf(linear(0.3), "single-step", 0.4).state == LightState::Good, "steps of their own size reach as far");
    }

    void moreStepsHelpWhereStepsAreShort()
    {
        // 20 steps of 0.006 go 0.12, twice as many 0.24: images at 0.2 are reached by the second only.
        const Light light = lightOf(linear(0.3), "more-steps", 0.4, greyImages(8, 0.5F, 0.52F), [](DiagnosisRequest& request) {
            request.attack.parameters.set("step-size", 0.006);
            request.attack.parameters.set("random-start", false);
        });
        QVERIFY2(light.state == LightState::Alarm, text(light));
        QCOMPARE(*light.value, 1.0);
        QVERIFY(light.remedy.attack && light.remedy.attack->parameters.integer("steps") == 100);
    }

    void noiseThatBeatsTheAttackIsSeen()
    {
        // The outputs fall with the mean grey value only where no gradient shows it.
        const auto masked = threeClasses([](const at::Tensor& x) { return (10 * (x.flatten(1).select(1, 0) - 0.5)).detach() + 0 * grey(x); });
        const Light light = lightOf(masked, "noise", 0.2, greyImages(8, 0.52F, 0.6F), [](DiagnosisRequest& request) { request.attack.parameters.set("random-start", false); });
        QVERIFY2(light.state == LightState::Alarm, text(light));
        QCOMPARE(light.flagged.size(), 8u);
        QVERIFY2(lightOf(linear(0.3), "noise", 0.05).state == LightState::Good, "noise does not beat the steepest way");
    }

    void squareThatBeatsGradientsIsSeen()
    {
        const auto masked = threeClasses([](const at::Tensor& x) { return (10 * (grey(x) - 0.4)).detach() + 0 * grey(x); });
        const Light light = lightOf(masked, "square", 0.3, greyImages(8, 0.5F, 0.6F));
        QVERIFY2(light.state == LightState::Alarm, text(light));
        QCOMPARE(light.flagged.size(), 8u);
        QCOMPARE(lightOf(linear(0.4), "square", 0.3, greyImages(8, 0.5F, 0.6F)).state, LightState::Good);
        const Light l1 = lightOf(linear(0.4), "square", 1, greyImages(8, 0.5F, 0.6F), [](DiagnosisRequest& request) { request.attack.norm = Norm::L1; });
        QCOMPARE(l1.state, LightState::NotJudged);
    }

    void classesAloneThatBeatGradientsAreSeen()
    {
        const auto masked = threeClasses([](const at::Tensor& x) { return (10 * (grey(x) - 0.4)).detach() + 0 * grey(x); });
        const Light light = lightOf(masked, "hard-label", 0.3, greyImages(8, 0.5F, 0.6F));
        QVERIFY2(light.state == LightState::Alarm, text(light));
        QCOMPARE(light.flagged.size(), 8u);
        // All images are nearer than 0.3; HopSkipJump finds them, and so does the gradient.
        const Light open = lightOf(linear(0.4), "hard-label", 0.3, greyImages(8, 0.5F, 0.6F));
        QVERIFY2(open.state == LightState::Good && QString::fromStdString(open.finding).contains("8 of 8 images, APGD 8"), text(open));
        const Light l1 = lightOf(linear(0.4), "hard-label", 1, greyImages(8, 0.5F, 0.6F), [](DiagnosisRequest& request) { request.attack.norm = Norm::L1; });
        QCOMPARE(l1.state, LightState::NotJudged);
    }

    void nothingFooledIsNothingToCompare()
    {
        const Light light = lightOf(linear(0.1), "single-step", 0.001, greyImages(8, 0.5F, 0.6F));
        QVERIFY2(light.state == LightState::NotJudged, text(light));
        QVERIFY(QString::fromStdString(light.finding).contains("larger one"));
    }

    void lossesOfALinearModelAgree()
    {
        QCOMPARE(lightOf(linear(0.3), "losses", 0.3).state, LightState::Good);
        const auto two = makeClassifier("two", {1, side, side}, 2, [](const at::Tensor& x) { return at::stack({grey(x) - 0.3, -grey(x) + 0.3}, 1); });
        const Light light = lightOf(two, "losses", 0.3);
        QCOMPARE(light.state, LightState::NotJudged);
        QVERIFY(light.finding.find("two classes") != std::string::npos);
    }

    void transferFromAnOpenModelBeatsMaskedGradients()
    {
        const auto masked = threeClasses([](const at::Tensor& x) { return (10 * (grey(x) - 0.4)).detach() + 0 * grey(x); });
        const auto withSurrogate = [](DiagnosisRequest& request) { request.surrogate = linear(0.4); };
        const Light light = lightOf(masked, "transfer", 0.3, greyImages(8, 0.5F, 0.6F), withSurrogate);
        QVERIFY2(light.state == LightState::Alarm, text(light));
        QCOMPARE(lightOf(linear(0.4), "transfer", 0.3, greyImages(8, 0.5F, 0.6F), withSurrogate).state, LightState::Good);
        // A target whose boundary lies farther out is not fooled by images that stop at the surrogate's.
        const Light failure = lightOf(linear(0.1), "transfer-failure", 0.3, greyImages(8, 0.5F, 0.6F), withSurrogate);
        QVERIFY2(failure.state == LightState::Caution, text(failure));
        QCOMPARE(lightOf(linear(0.4), "transfer-failure", 0.3, greyImages(8, 0.5F, 0.6F), withSurrogate).state, LightState::Good);
        QCOMPARE(lightOf(masked, "transfer", 0.3).state, LightState::NotJudged);
    }

    void cleverIsHeldAgainstTheNearestImage()
    {
        const auto two = [](DiagnosisRequest& request) { request.cleverImages = 2; };
        const Light light = lightOf(linear(0.3), "clever", 0.3, greyImages(4, 0.34F, 0.38F), two);
        QVERIFY2(light.plot.has_value(), text(light));
        // On an affine model both are the distance itself.
        for (const LightSeries& series : light.plot->series)
            for (std::size_t i = 0; i < series.x.size(); ++i)
                QVERIFY(std::abs(series.x[i] - series.y[i]) < 0.02 * series.x[i]);
    }

    void everyLightIsDescribed()
    {
        for (const LightInfo& info : lightInfos()) {
            QVERIFY(!info.code.empty() && !info.title.empty() && info.summary.ends_with('?') && !info.source.empty());
            QCOMPARE(&lightInfo(info.code), &info);
        }
    }
};

QTEST_APPLESS_MAIN(TestLights)
#include "tst_lights.moc"
