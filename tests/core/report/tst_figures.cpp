// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/figure/signedcolours.h"
#include "core/report/figureparts.h"
#include "core/report/registry.h"
#include "tests/support/compare.h"
#include "tests/support/sampleresult.h"

#include <QTest>

#include <numeric>
#include <set>
#include <tuple>

using namespace brink;
using namespace brink::report;
using namespace brink::test;

namespace {

Figure made(const char* name, const InspectResult& result, const FigureSelection& selection = {})
{
    auto figure = figureInfo(name).make(result, selection);
    if (!figure)
        throw Error(ErrorCode::Domain, std::string("no figure ") + name);
    return *figure;
}

template <typename T>
const T* findLayer(const Figure& figure, std::string_view panelId, std::string_view id)
{
    for (const Panel& panel : figure.panels)
        if (panel.id == panelId)
            for (const Layer& layer : panel.layers)
                if (layerId(layer) == id)
                    return std::get_if<T>(&layer);
    return nullptr;
}

bool says(const Figure& figure, const char* words) { return figureText(figure).find(words) != std::string::npos; }

InspectResult emptyResult()
{
    InspectResult result;
    result.modelName = "cnn";
    return result;
}

} // namespace

class TestFigures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFigureIsListed();
    void unknownNameSuggestsNearest();
    void nothingToShowGivesNoFigure();
    void everyFigureCarriesProvenanceAndCaption();
    void histogramIsADensity();
    void weibullMarksEndPoint();
    void weibullWithoutFitSaysWhy();
    void degenerateFitDrawsNoLaw();
    void batchesCompareWithBestAttack();
    void radiusMarksCappedScores();
    void ladderShowsEveryDistance();
    void certifiedBoundIsTheLeftEnd();
    void ladderNamesAlarms_data();
    void ladderNamesAlarms();
    void cappedEstimateIsOpenWithArrow();
    void everyAttackHasALookOfItsOwn();
    void aLookStaysWithItsAttack();
    void aCrowdedLadderIsHigher();
    void capIsNamedWhereNoScoreLies();
    void farRandomDirectionsAreNamed();
    void farAttacksAreNamed();
    void otherNormsGetTheirOwnAxis();
    void runningStudyHasNoVerdict();
    void traceMarksFirstSuccessAndBest();
    void trioStatesAmplification();
    void classBarsAreProbabilities();
    void manyClassesShowTheTopTen();
    void signedColoursHaveEqualLightness();
    void aClassThatWasRuledOutSaysSo();
    void numbersKeepThreeDigits_data();
    void numbersKeepThreeDigits();
};

void TestFigures::everyFigureIsListed()
{
    std::vector<std::string> names;
    for (const FigureInfo& info : figureInfos())
        names.push_back(info.name);
    QCOMPARE(names, (std::vector<std::string>{"weibull", "clever-batches", "clever-radius", "ladder", "trace", "attack-cost", "trio", "classes"}));
}

void TestFigures::aClassThatWasRuledOutSaysSo()
{
    InspectResult result = test::sampleResult();
    CleverTargetResult& target = result.clever->targets[1];
    target.isRuledOut = true;
    target.maxima.resize(20);
    FigureSelection selection;
    selection.target = target.target;
    for (const char* name : {"weibull", "clever-batches"}) {
        const auto caption = [&] { return figureInfo(name).make(result, selection)->caption; };
        QVERIFY(caption().find("ruled out after 20 of them") != std::string::npos);
        selection.target = result.clever->targets[0].target;
        QVERIFY(caption().find("ruled out") == std::string::npos);
        selection.target = target.target;
    }
}

void TestFigures::unknownNameSuggestsNearest()
{
    try {
        static_cast<void>(figureInfo("weibul"));
        QFAIL("no error");
    } catch (const Error& error) {
        QCOMPARE(error.code(), ErrorCode::Usage);
        QVERIFY(error.message().find("did you mean \"weibull\"?") != std::string::npos);
    }
}

void TestFigures::nothingToShowGivesNoFigure()
{
    for (const FigureInfo& info : figureInfos())
        QVERIFY2(!info.make(emptyResult(), {}), info.name.c_str());
    FigureSelection selection;
    selection.target = 8; // no CLEVER result for this class
    selection.attack = "nothing";
    for (const char* name : {"weibull", "clever-batches", "clever-radius", "trace", "trio"})
        QVERIFY2(!figureInfo(name).make(sampleResult(), selection), name);
}

void TestFigures::everyFigureCarriesProvenanceAndCaption()
{
    InspectResult result = sampleResult();
    result.warnings = {{"few", "Too few."}};
    for (const FigureInfo& info : figureInfos()) {
        const auto figure = info.make(result, {});
        QVERIFY2(figure, info.name.c_str());
        QCOMPARE(figure->name, info.name);
        QCOMPARE(figure->provenance.at("model").at("sha256").get<std::string>(), result.modelSha256);
        QVERIFY(figure->warnings == result.warnings);
        QVERIFY(figure->caption.find("Model cnn, image digits.png#17 (index 17, classified as 7).") != std::string::npos);
        QVERIFY2(figure->caption.find("CLEVER bound") == std::string::npos && figure->caption.find("lower bound") == std::string::npos, "an estimate is not a bound");
    }
}

void TestFigures::histogramIsADensity()
{
    const Figure figure = made("weibull", sampleResult());
    const auto* bars = findLayer<BarLayer>(figure, "density", "maxima");
    QVERIFY(bars);
    const double area = bars->width * std::accumulate(bars->height->begin(), bars->height->end(), 0.0);
    compareClose(area, 1.0, 1e-9, 0); // exact up to summation
}

void TestFigures::weibullMarksEndPoint()
{
    const InspectResult result = sampleResult();
    const WeibullFit& fit = result.clever->targets.front().fit;
    QCOMPARE(fit.status, WeibullStatus::Ok);
    const Figure figure = made("weibull", result);
    const auto* rule = findLayer<RuleLayer>(figure, "density", "end-point");
    const auto* span = findLayer<SpanLayer>(figure, "density", "end-point-interval");
    const auto* points = findLayer<ScatterLayer>(figure, "qq", "maxima");
    QVERIFY(rule && span && points);
    QCOMPARE(rule->at, fit.location);
    QCOMPARE(rule->label, "end point " + threeDigits(fit.location) + "\n" + intervalText(*fit.locationInterval));
    QCOMPARE(span->from, (*fit.locationInterval)[0]);
    QCOMPARE(points->x->size(), result.clever->targets.front().maxima.size());
    // The middle quantile of the law against its closed form: a - b (-ln p)^(1/c).
    const std::size_t middle = points->x->size() / 2;
    const double p = (double(middle) + 0.5) / double(points->x->size());
    compareClose((*points->x)[middle], fit.location - fit.scale * std::pow(-std::log(p), 1 / fit.shape), 1e-9, 0);
    QVERIFY(says(figure, "‖∇(f_{c} − f_{j})‖₂ (1 per pixel unit)"));
}

void TestFigures::weibullWithoutFitSaysWhy()
{
    InspectResult result = sampleResult();
    WeibullFit& fit = result.clever->targets.front().fit;
    fit.status = WeibullStatus::Fallback;
    fit.reason = "no end point within range";
    const Figure figure = made("weibull", result);
    QCOMPARE(figure.panels.size(), std::size_t(2)); // no quantiles without a law
    QVERIFY(!findLayer<LineLayer>(figure, "density", "fit"));
    QVERIFY(!findLayer<RuleLayer>(figure, "density", "end-point"));
    QVERIFY(says(figure, "no fit: no end point within range"));
}

void TestFigures::degenerateFitDrawsNoLaw()
{
    InspectResult result = sampleResult();
    CleverTargetResult& target = result.clever->targets.front();
    target.maxima.assign(50, 3.5);
    target.fit = fitReverseWeibull(target.maxima);
    QCOMPARE(target.fit.status, WeibullStatus::Degenerate);
    const Figure figure = made("weibull", result);
    const auto* bars = findLayer<BarLayer>(figure, "density", "maxima");
    QCOMPARE(bars->position->size(), std::size_t(1));
    QCOMPARE(bars->position->front(), 3.5);
    QVERIFY(says(figure, "the end point is exact"));
}

void TestFigures::batchesCompareWithBestAttack()
{
    const InspectResult result = sampleResult();
    const Figure figure = made("clever-batches", result);
    const auto* rule = findLayer<RuleLayer>(figure, "batches", "best-attack");
    const auto* band = findLayer<BandLayer>(figure, "batches", "interval");
    QVERIFY(rule && band);
    QCOMPARE(rule->at, result.attacks[0].distance->l2);
    QCOMPARE(rule->dash, Dash::Dashed);
    QCOMPARE(band->x->size(), result.clever->targets.front().byBatches.size());
}

void TestFigures::radiusMarksCappedScores()
{
    const InspectResult result = sampleResult();
    const Figure figure = made("clever-radius", result);
    const auto* capped = findLayer<ScatterLayer>(figure, "radius", "capped");
    const auto* plain = findLayer<ScatterLayer>(figure, "radius", "score-points");
    QVERIFY(capped && plain);
    QVERIFY(capped->isOpen);
    QCOMPARE(capped->arrow, Arrow::Up);
    QCOMPARE(*capped->x, *capped->y); // the score is the radius
    QCOMPARE(capped->x->size() + plain->x->size(), result.clever->targets.front().byRadius.size());
}

void TestFigures::ladderShowsEveryDistance()
{
    const InspectResult result = sampleResult();
    const Figure figure = made("ladder", result);
    QCOMPARE(figure.panels.size(), std::size_t(1));
    const auto* clever = findLayer<ScatterLayer>(figure, "l2", "clever");
    QVERIFY(clever);
    QCOMPARE(clever->x->front(), *result.clever->score);
    QCOMPARE(clever->xLow->front(), (*result.clever->interval)[0]);
    QVERIFY(!clever->isOpen);
    QVERIFY((clever->refs == std::vector<DataRef>{{"target", "3"}}));
    for (std::size_t i = 0; i < 4; ++i) {
        const auto* attack = findLayer<ScatterLayer>(figure, "l2", "attack-" + std::to_string(i) + "-" + result.attacks[i].name);
        QVERIFY(attack);
        QCOMPARE(attack->x->front(), result.attacks[i].distance->l2);
        QCOMPARE(attack->marker, attackMarker(result.attacks[i].name));
        QVERIFY((attack->refs == std::vector<DataRef>{{"attack", result.attacks[i].name}}));
    }
    QVERIFY(findLayer<ScatterLayer>(figure, "l2", "linearised")->isOpen);
    const auto* random = findLayer<SpanLayer>(figure, "l2", "random-directions");
    QVERIFY(random);
    QCOMPARE(random->from, 6.05);
    QCOMPARE(random->to, 7.94);
    QVERIFY(says(figure, "✓ order holds: estimate ≤ attacks"));
    QVERIFY(says(figure, "failed: PGD (ε 0.5)"));
}

void TestFigures::certifiedBoundIsTheLeftEnd()
{
    InspectResult result = sampleResult();
    CertifyResult proof;
    proof.norm = result.norm;
    proof.radius = 0.7;
    result.certified = proof;
    const Figure figure = made("ladder", result);
    const auto* mark = findLayer<ScatterLayer>(figure, "l2", "certified");
    QVERIFY(mark);
    QCOMPARE(mark->x->front(), 0.7);
    QVERIFY(!mark->isOpen);
    QVERIFY(says(figure, "✓ order holds: bound, estimate ≤ attacks"));
    QVERIFY(says(figure, "0.700 (CROWN)"));
    QVERIFY(says(figure, "proves that nothing is of another class"));
    const auto* ball = findLayer<SpanLayer>(figure, "l2", "certified-ball");
    QVERIFY(ball && ball->from == 0 && ball->to == *proof.radius);
    // A nearest image one permille away: the distance is known.
    const InspectResult before = result;
    AttackOutcome met = result.attacks.front();
    met.name = "beta-crown";
    met.norm = result.norm;
    met.success = true;
    met.distance = Distances{1, 1, 0.7007, 1};
    met.trace.clear();
    result.attacks.push_back(met);
    result.best = result.attacks.size() - 1;
    const Figure known = made("ladder", result);
    QVERIFY(says(known, "distance known within 0.1 %: proved up to 0.7, found at 0.7007") && says(known, "β-CROWN 0.701"));
    QVERIFY(says(known, "and of what the proof met"));
    QVERIFY(!says(made("attack-cost", result), "β-CROWN"));
    result = before;
    result.certified->radius = 0;
    const Figure atZero = made("ladder", result);
    const auto* nothing = findLayer<ScatterLayer>(atZero, "l2", "certified");
    QVERIFY(nothing && nothing->isOpen);
    QVERIFY(atZero.panels.front().x.range->at(0) < 0 && figure.panels.front().x.range->at(0) == 0); // drawn whole
    result.certified.reset();
    result.uncertified = "The graph has aten::expand.";
    const Figure without = made("ladder", result);
    QVERIFY(!findLayer<ScatterLayer>(without, "l2", "certified"));
    QVERIFY(says(without, "certified bound: not available") && says(without, "aten::expand"));
}

void TestFigures::ladderNamesAlarms_data()
{
    QTest::addColumn<int>("alarm");
    QTest::addColumn<QString>("words");
    QTest::addRow("attack below certificate") << int(LadderAlarm::AttackBelowCertificate) << "attack below a certified bound";
    QTest::addRow("attack below CLEVER") << int(LadderAlarm::AttackBelowClever) << "attack below the CLEVER estimate";
    QTest::addRow("gradient-free best") << int(LadderAlarm::GradientFreeBest) << "gradient-free best";
}

void TestFigures::ladderNamesAlarms()
{
    QFETCH(int, alarm);
    QFETCH(QString, words);
    InspectResult result = sampleResult();
    result.alarms = {LadderAlarm(alarm)};
    const Figure figure = made("ladder", result);
    const auto* verdict = findLayer<TextLayer>(figure, "l2", "verdict");
    QVERIFY(verdict);
    QCOMPARE(verdict->role, ColourRole::Alarm);
    QVERIFY(QString::fromStdString(verdict->text).contains(words));
    QVERIFY(!says(figure, "order holds"));
}

void TestFigures::cappedEstimateIsOpenWithArrow()
{
    InspectResult result = sampleResult();
    result.clever->capped = true;
    result.clever->score = 5.0;
    const Figure figure = made("ladder", result);
    const auto* clever = findLayer<ScatterLayer>(figure, "l2", "clever");
    QVERIFY(clever->isOpen);
    QCOMPARE(clever->arrow, Arrow::Right);
    QVERIFY(!clever->xLow);
    QCOMPARE(clever->labels.front(), std::string("CLEVER estimate\n≥ 5.00"));
}

void TestFigures::everyAttackHasALookOfItsOwn()
{
    std::set<std::pair<ColourRole, Marker>> looks;
    for (const AttackInfo& info : attackInfos())
        looks.emplace(attackRole(info.name), attackMarker(info.name));
    QCOMPARE(looks.size(), attackInfos().size());
}

// Figures of two versions of the program can lie side by side: a look goes with the name, not with the place in a list.
void TestFigures::aLookStaysWithItsAttack()
{
    using enum ColourRole;
    const std::vector<std::tuple<std::string, ColourRole, Marker>> looks{{"fgsm", Series2, Marker::Cross}, {"pgd", Series5, Marker::Cross},
        {"apgd", Series8, Marker::Cross}, {"square", Series2, Marker::Plus}, {"ddn", Series3, Marker::Plus}, {"fmn", Series4, Marker::Plus},
        {"deepfool", Series8, Marker::Plus}, {"cw", Series2, Marker::Star}, {"fab", Series4, Marker::Star}, {"random-directions", Series5, Marker::Star}};
    for (const auto& [name, role, marker] : looks) {
        QVERIFY2(attackRole(name) == role, name.c_str());
        QVERIFY2(attackMarker(name) == marker, name.c_str());
    }
}

void TestFigures::aCrowdedLadderIsHigher()
{
    InspectResult result = sampleResult();
    const double plain = made("ladder", result).aspect;
    for (const char* name : {"eadl1", "deepfool", "mifgsm"})
        result.attacks.push_back(sampleOutcome(name, 0.58F));
    QVERIFY(made("ladder", result).aspect > plain);
}

void TestFigures::capIsNamedWhereNoScoreLies()
{
    InspectResult result = sampleResult();
    std::vector<CleverCurvePoint>& points = result.clever->targets.front().byRadius;
    points = {{1, 1, std::nullopt, true}, {2, 2, std::nullopt, true}, {5, 0.4, std::array{0.3, 0.5}, false}};
    const Figure figure = made("clever-radius", result);
    const auto* cap = findLayer<LineLayer>(figure, "radius", "cap");
    const auto* name = findLayer<ScatterLayer>(figure, "radius", "cap-name");
    QVERIFY(cap && name);
    QCOMPARE(name->labels.size(), std::size_t(1));
    QVERIFY(name->x->front() > 2 && name->x->front() <= cap->x->back()); // on the line, beyond what was capped
    QCOMPARE(name->y->front(), name->x->front());
}

void TestFigures::farRandomDirectionsAreNamed()
{
    InspectResult result = sampleResult();
    result.randomDirections->q05 = 40;
    result.randomDirections->q95.reset();
    const Figure figure = made("ladder", result);
    QVERIFY(!findLayer<SpanLayer>(figure, "l2", "random-directions"));
    const auto* text = findLayer<TextLayer>(figure, "l2", "off-axis");
    QVERIFY(text);
    QCOMPARE(text->text, std::string("random directions 5–95 %: 40.0 and more, off axis"));
    QVERIFY((*figure.panels.front().x.range)[1] < 5);
}

void TestFigures::farAttacksAreNamed()
{
    InspectResult result = sampleResult();
    result.randomDirections.reset();
    AttackOutcome far = sampleOutcome("fmn", 0.5F);
    far.distance->l2 = 20;
    result.attacks.push_back(far);
    const Figure figure = made("ladder", result);
    const auto* text = findLayer<TextLayer>(figure, "l2", "off-axis");
    QVERIFY(text);
    QCOMPARE(text->text, std::string("FMN 20.0, off axis"));
    // So is a linearised distance that saturated gradients send far away; alone it is drawn.
    result.linearisedDistance = 50;
    const Figure masked = made("ladder", result);
    QVERIFY(!findLayer<ScatterLayer>(masked, "l2", "linearised") && says(masked, "g/‖∇g‖ 50.0, FMN 20.0, off axis"));
    result.attacks.clear();
    result.best.reset();
    result.clever.reset();
    QVERIFY(findLayer<ScatterLayer>(made("ladder", result), "l2", "linearised"));
    QVERIFY(!findLayer<ScatterLayer>(figure, "l2", "attack-5-fmn"));
    QVERIFY((*figure.panels.front().x.range)[1] < 5);
}

void TestFigures::otherNormsGetTheirOwnAxis()
{
    InspectResult result = sampleResult();
    AttackOutcome linf = sampleOutcome("fab", 0.2F);
    linf.norm = Norm::Linf;
    result.attacks.push_back(linf);
    const Figure figure = made("ladder", result);
    QCOMPARE(figure.panels.size(), std::size_t(2));
    QCOMPARE(figure.panels[1].id, std::string("linf"));
    const auto* own = findLayer<ScatterLayer>(figure, "linf", "attack-5-fab");
    QVERIFY(own);
    QCOMPARE(own->x->front(), linf.distance->linf);
    QVERIFY(!findLayer<ScatterLayer>(figure, "linf", "attack-0-fab")); // an L2 attack does not minimise Linf
    QVERIFY(findLayer<ScatterLayer>(figure, "l2", "attack-5-fab"));    // but its distance counts in the result's norm
}

void TestFigures::runningStudyHasNoVerdict()
{
    InspectResult result = sampleResult();
    result.partial = true;
    QVERIFY(!findLayer<TextLayer>(made("ladder", result), "l2", "verdict"));
}

void TestFigures::traceMarksFirstSuccessAndBest()
{
    const InspectResult result = sampleResult();
    const std::vector<TraceStep>& trace = result.attacks[0].trace;
    const auto first = std::ranges::find_if(trace, [](const TraceStep& step) { return step.margin < 0; });
    float nearest = 1e9F;
    for (const TraceStep& step : trace)
        if (step.margin < 0)
            nearest = std::min(nearest, step.distance);
    const Figure figure = made("trace", result);
    const auto* rule = findLayer<RuleLayer>(figure, "margin", "first-success");
    const auto* best = findLayer<ScatterLayer>(figure, "distance", "best");
    QVERIFY(rule && best);
    QCOMPARE(rule->at, double(first->step));
    QCOMPARE(best->y->front(), double(nearest));
    QCOMPARE(findLayer<LineLayer>(figure, "margin", "margin")->x->size(), trace.size());
}

void TestFigures::trioStatesAmplification()
{
    InspectResult result = sampleResult();
    const Figure figure = made("trio", result);
    QCOMPARE(figure.panels.size(), std::size_t(3));
    const auto* perturbation = findLayer<RasterLayer>(figure, "perturbation", "perturbation");
    QVERIFY(perturbation);
    double largest = 0;
    for (std::size_t i = 0; i < result.image.size(); ++i) {
        const double change = double(result.attacks[0].adversarial->pixels[i]) - double(result.image.pixels[i]);
        QCOMPARE((*perturbation->values)[i], change);
        largest = std::max(largest, std::abs(change));
    }
    // Two digits, rounded down: the strongest change fills the scale to at least ten elevenths and is not clipped.
    const std::string& title = figure.panels[2].title;
    const std::size_t sign = title.find("×") + std::string("×").size();
    const double factor = std::stod(title.substr(sign));
    QVERIFY(factor * largest <= 1 + 1e-6);
    QVERIFY(factor * largest > 10.0 / 11);
    QVERIFY2(title.find(threeDigits(result.attacks[0].distance->l2)) != std::string::npos, title.c_str());
    const auto white = signedChangeColour(0);
    QCOMPARE((*perturbation->pixels)[0], white[0]); // an unchanged corner
}

void TestFigures::classBarsAreProbabilities()
{
    const Figure figure = made("classes", sampleResult());
    for (const char* id : {"original", "adversarial"}) {
        const auto* bars = findLayer<BarLayer>(figure, "classes", id);
        QVERIFY(bars);
        QCOMPARE(bars->height->size(), std::size_t(10));
        compareClose(std::accumulate(bars->height->begin(), bars->height->end(), 0.0), 1.0, 1e-12, 0); // double softmax
    }
    QCOMPARE(findLayer<BarLayer>(figure, "classes", "original")->isOpen, true);
    InspectResult result = sampleResult();
    result.adversarialLogits.clear();
    QVERIFY(!findLayer<BarLayer>(made("classes", result), "classes", "adversarial"));
}

void TestFigures::manyClassesShowTheTopTen()
{
    InspectResult result = sampleResult();
    result.classes = 100;
    result.logits.assign(100, 0);
    result.adversarialLogits.assign(100, 0);
    result.logits[41] = 9;
    result.adversarialLogits[77] = 8;
    const Figure figure = made("classes", result);
    const auto& ticks = figure.panels.front().y.ticks;
    QCOMPARE(ticks.size(), std::size_t(10));
    QCOMPARE(ticks[0].second, std::string("41"));
    QCOMPARE(ticks[1].second, std::string("77"));
    QVERIFY(figure.caption.find("The 10 most probable of 100 classes.") != std::string::npos);
}

void TestFigures::signedColoursHaveEqualLightness()
{
    const auto luminance = [](const std::array<std::uint8_t, 3>& rgb) {
        const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
        return 0.2126 * linear(rgb[0] / 255.0) + 0.7152 * linear(rgb[1] / 255.0) + 0.0722 * linear(rgb[2] / 255.0);
    };
    for (const double value : {0.1, 0.3, 0.5, 0.8, 1.0}) {
        const auto red = signedChangeColour(value);
        const auto blue = signedChangeColour(-value);
        // One step of an 8-bit channel moves the luminance by about one per cent.
        compareClose(luminance(red), luminance(blue), 0.02, 0.002);
        QVERIFY(red[0] > red[2]);
        QVERIFY(blue[2] > blue[0]);
    }
    QVERIFY(signedChangeColour(7) == signedChangeColour(1));
    QVERIFY(luminance(signedChangeColour(0)) > 0.9);
}

void TestFigures::numbersKeepThreeDigits_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::addRow("trailing zero kept") << 2.1 << "2.10";
    QTest::addRow("small") << 0.0314 << "0.0314";
    QTest::addRow("hundreds") << 123.4 << "123";
    QTest::addRow("zero") << 0.0 << "0";
    QTest::addRow("negative has a minus sign") << -0.25 << "−0.250";
    QTest::addRow("thousands") << 12345.0 << "12345";
}

void TestFigures::numbersKeepThreeDigits()
{
    QFETCH(double, value);
    QTEST(QString::fromStdString(threeDigits(value)), "text");
}

QTEST_APPLESS_MAIN(TestFigures)
#include "tst_figures.moc"
