// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/store/resultdocument.h"
#include "tests/support/fieldcount.h"
#include "tests/support/fullresult.h"

#include <QTest>

#include <bit>
#include <cmath>

using namespace brink;
using namespace brink::test;

namespace {

bool isSame(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b)); }
bool isSame(const std::vector<double>& a, const std::vector<double>& b)
{
    return std::ranges::equal(a, b, [](double x, double y) { return isSame(x, y); });
}

void compare(const CleverResult& a, const CleverResult& b);

template <typename T, typename Compare> void compareAll(const std::vector<T>& a, const std::vector<T>& b, Compare compareOne)
{
    QCOMPARE(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        compareOne(a[i], b[i]);
}

/// Every field, so that a difference is named by its line.
void compare(const Image& a, const Image& b)
{
    QCOMPARE(a.channels, b.channels);
    QCOMPARE(a.height, b.height);
    QCOMPARE(a.width, b.width);
    QVERIFY(a.pixels == b.pixels);
    QCOMPARE(a.source, b.source);
    QVERIFY(a.notes == b.notes);
}

void compare(const WeibullFit& a, const WeibullFit& b)
{
    QCOMPARE(a.status, b.status);
    QCOMPARE(a.reason, b.reason);
    QVERIFY(isSame(a.location, b.location));
    QVERIFY(isSame(a.scale, b.scale));
    QVERIFY(isSame(a.shape, b.shape));
    QVERIFY(a.locationInterval == b.locationInterval);
    QVERIFY(isSame(a.negativeLogLikelihood, b.negativeLogLikelihood));
    QVERIFY(isSame(a.ks, b.ks));
    QVERIFY(isSame(a.p, b.p));
    QVERIFY(isSame(a.sampleMaximum, b.sampleMaximum));
}

void compare(const std::vector<CleverCurvePoint>& a, const std::vector<CleverCurvePoint>& b)
{
    QCOMPARE(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        QVERIFY(isSame(a[i].at, b[i].at));
        QVERIFY(isSame(a[i].score, b[i].score));
        QVERIFY(a[i].interval == b[i].interval);
        QCOMPARE(a[i].capped, b[i].capped);
    }
}

void compare(const CleverTargetResult& a, const CleverTargetResult& b)
{
    QCOMPARE(a.target, b.target);
    QVERIFY(isSame(a.margin, b.margin));
    QVERIFY(isSame(a.lipschitz, b.lipschitz));
    QVERIFY(isSame(a.score, b.score));
    QVERIFY(a.interval == b.interval);
    QCOMPARE(a.hasInterval, b.hasInterval);
    QCOMPARE(a.isRefused, b.isRefused);
    QCOMPARE(a.capped, b.capped);
    QVERIFY(isSame(a.gradientNorm, b.gradientNorm));
    QVERIFY(isSame(a.linearisedDistance, b.linearisedDistance));
    compare(a.fit, b.fit);
    QVERIFY(isSame(a.zeroGradientShare, b.zeroGradientShare));
    QVERIFY(isSame(a.maxima, b.maxima));
    QCOMPARE(a.isRuledOut, b.isRuledOut);
    compare(a.byBatches, b.byBatches);
    compare(a.byRadius, b.byRadius);
}

void compare(const SecondOrderResult& a, const SecondOrderResult& b)
{
    QCOMPARE(a.target, b.target);
    QVERIFY(isSame(a.margin, b.margin) && isSame(a.gradientNorm, b.gradientNorm) && isSame(a.curvature, b.curvature));
    QVERIFY(isSame(a.score, b.score));
    QCOMPARE(a.capped, b.capped);
    compare(a.fit, b.fit);
}

void compare(const CleverResult& a, const CleverResult& b)
{
    QCOMPARE(a.norm, b.norm);
    QVERIFY(isSame(a.radius, b.radius));
    QCOMPARE(a.batches, b.batches);
    QCOMPARE(a.samples, b.samples);
    QCOMPARE(a.sampling, b.sampling);
    QCOMPARE(a.fitOptions.method, b.fitOptions.method);
    QVERIFY(isSame(a.fitOptions.shapePenalty, b.fitOptions.shapePenalty));
    QCOMPARE(a.fitOptions.computeInterval, b.fitOptions.computeInterval);
    QCOMPARE(a.reference, b.reference);
    QVERIFY(a.score == b.score && a.interval == b.interval && a.target == b.target);
    QCOMPARE(a.capped, b.capped);
    QVERIFY(isSame(a.effectiveRadius, b.effectiveRadius));
    compareAll(a.targets, b.targets, [](const auto& x, const auto& y) { compare(x, y); });
    compareAll(a.otherNorms, b.otherNorms, [](const auto& x, const auto& y) { compare(x, y); });
    compareAll(a.secondOrder, b.secondOrder, [](const auto& x, const auto& y) { compare(x, y); });
    QCOMPARE(a.isMisclassified, b.isMisclassified);
    QCOMPARE(a.partial, b.partial);
    QCOMPARE(a.isSettled, b.isSettled);
    QCOMPARE(a.batchesDone, b.batchesDone);
    QVERIFY(isSame(a.savedShare, b.savedShare));
    QVERIFY(a.counts == b.counts);
    QVERIFY(isSame(a.seconds, b.seconds));
    QVERIFY(a.warnings == b.warnings);
}

void compare(const TraceStep& a, const TraceStep& b)
{
    QCOMPARE(a.step, b.step);
    QCOMPARE(std::bit_cast<std::uint32_t>(a.loss), std::bit_cast<std::uint32_t>(b.loss));
    QCOMPARE(std::bit_cast<std::uint32_t>(a.margin), std::bit_cast<std::uint32_t>(b.margin));
    QCOMPARE(std::bit_cast<std::uint32_t>(a.distance), std::bit_cast<std::uint32_t>(b.distance));
    QCOMPARE(a.predicted, b.predicted);
}

void compare(const AttackOutcome& a, const AttackOutcome& b)
{
    QCOMPARE(a.name, b.name);
    QCOMPARE(a.norm, b.norm);
    QVERIFY(a.eps == b.eps);
    QCOMPARE(a.reference, b.reference);
    QVERIFY(a.target == b.target);
    QCOMPARE(a.success, b.success);
    QCOMPARE(a.wasMisclassified, b.wasMisclassified);
    QVERIFY(a.adversarialClass == b.adversarialClass);
    QCOMPARE(a.adversarial.has_value(), b.adversarial.has_value());
    if (a.adversarial)
        compare(*a.adversarial, *b.adversarial);
    QCOMPARE(a.attempt.has_value(), b.attempt.has_value());
    if (a.attempt)
        compare(*a.attempt, *b.attempt);
    QVERIFY(a.distance == b.distance);
    QVERIFY(a.survives8bit == b.survives8bit);
    QVERIFY(a.survivesJpeg == b.survivesJpeg);
    QCOMPARE(a.failure, b.failure);
    QCOMPARE(a.stopped, b.stopped);
    QCOMPARE(a.steps, b.steps);
    QVERIFY(a.counts == b.counts);
    QVERIFY(isSame(a.seconds, b.seconds));
    QVERIFY(a.parameters == b.parameters);
    compareAll(a.trace, b.trace, [](const auto& x, const auto& y) { compare(x, y); });
    QCOMPARE(a.iterates != nullptr, b.iterates != nullptr);
    if (a.iterates)
        compareAll(*a.iterates, *b.iterates, [](const auto& x, const auto& y) {
            QCOMPARE(x.step, y.step);
            compare(x.image, y.image);
        });
    QVERIFY(a.warnings == b.warnings);
}

void compare(const std::optional<CertifyResult>& a, const std::optional<CertifyResult>& b)
{
    QCOMPARE(a.has_value(), b.has_value());
    if (!a)
        return;
    QVERIFY(a->norm == b->norm && a->method == b->method && a->reference == b->reference);
    QVERIFY(isSame(a->eps, b->eps) && a->isProved == b->isProved && a->radius == b->radius && a->nextFailed == b->nextFailed);
    QVERIFY(a->isCapped == b->isCapped && isSame(a->slack, b->slack) && a->balls == b->balls && a->domains == b->domains && a->isPartial == b->isPartial);
    QVERIFY(isSame(a->seconds, b->seconds));
    QCOMPARE(a->counterexample.has_value(), b->counterexample.has_value());
    if (a->counterexample) {
        compare(a->counterexample->image, b->counterexample->image);
        QVERIFY(a->counterexample->predicted == b->counterexample->predicted && isSame(a->counterexample->distance, b->counterexample->distance));
    }
    compareAll(a->margins, b->margins, [](const CertifiedMargin& x, const CertifiedMargin& y) {
        QVERIFY(x.target == y.target && isSame(x.margin, y.margin) && isSame(x.lowerBound, y.lowerBound) && isSame(x.lipschitz, y.lipschitz));
    });
}

void compare(const InspectResult& a, const InspectResult& b)
{
    QCOMPARE(a.modelName, b.modelName);
    QCOMPARE(a.modelSha256, b.modelSha256);
    QCOMPARE(a.imageSource, b.imageSource);
    QVERIFY(a.channels == b.channels && a.height == b.height && a.width == b.width && a.classes == b.classes);
    QVERIFY(a.classNames == b.classNames);
    QCOMPARE(a.index, b.index);
    QVERIFY(a.label == b.label);
    QCOMPARE(a.predicted, b.predicted);
    QVERIFY(isSame(a.logits, b.logits));
    compare(a.image, b.image);
    QVERIFY(a.conversions == b.conversions);
    QCOMPARE(a.norm, b.norm);
    QCOMPARE(a.seed, b.seed);
    QVERIFY(a.target == b.target);
    QCOMPARE(a.clever.has_value(), b.clever.has_value());
    if (a.clever)
        compare(*a.clever, *b.clever);
    compareAll(a.attacks, b.attacks, [](const auto& x, const auto& y) { compare(x, y); });
    QCOMPARE(a.uncertified, b.uncertified);
    compare(a.certified, b.certified);
    compare(a.certifiedBall, b.certifiedBall);
    QCOMPARE(a.randomDirections.has_value(), b.randomDirections.has_value());
    if (a.randomDirections) {
        QCOMPARE(a.randomDirections->norm, b.randomDirections->norm);
        QCOMPARE(a.randomDirections->directions, b.randomDirections->directions);
        QCOMPARE(a.randomDirections->crossings, b.randomDirections->crossings);
        QVERIFY(a.randomDirections->minimum == b.randomDirections->minimum && a.randomDirections->q05 == b.randomDirections->q05);
        QVERIFY(a.randomDirections->median == b.randomDirections->median && a.randomDirections->q95 == b.randomDirections->q95);
    }
    QVERIFY(a.best == b.best);
    QVERIFY(isSame(a.adversarialLogits, b.adversarialLogits));
    QVERIFY(a.linearisedDistance == b.linearisedDistance);
    QVERIFY(a.alarms == b.alarms);
    QCOMPARE(a.partial, b.partial);
    QVERIFY(a.counts == b.counts);
    QVERIFY(isSame(a.seconds, b.seconds));
    QVERIFY(a.warnings == b.warnings);
    QVERIFY(a.parameters == b.parameters);
}

} // namespace

class TestResultDocument : public QObject {
    Q_OBJECT
private slots:
    /// A field added to a result must be added to core/store/resultdocument.cpp and to compare() here.
    void everyFieldIsKnown()
    {
        QCOMPARE(fieldCount<InspectResult>(), std::size_t(32));
        QCOMPARE(fieldCount<RandomDirectionResult>(), std::size_t(7));
        QCOMPARE(fieldCount<CleverResult>(), std::size_t(23));
        QCOMPARE(fieldCount<CertifyResult>(), std::size_t(15));
        QCOMPARE(fieldCount<CertifiedMargin>(), std::size_t(4));
        QCOMPARE(fieldCount<Counterexample>(), std::size_t(3));
        QCOMPARE(fieldCount<CleverTargetResult>(), std::size_t(16));
        QCOMPARE(fieldCount<CleverCurvePoint>(), std::size_t(4));
        QCOMPARE(fieldCount<SecondOrderResult>(), std::size_t(7));
        QCOMPARE(fieldCount<WeibullFit>(), std::size_t(10));
        QCOMPARE(fieldCount<AttackOutcome>(), std::size_t(22));
        QCOMPARE(fieldCount<AttackIterate>(), std::size_t(2));
        QCOMPARE(fieldCount<WeibullOptions>(), std::size_t(3));
        QCOMPARE(fieldCount<TraceStep>(), std::size_t(5));
        QCOMPARE(fieldCount<Image>(), std::size_t(6));
        QCOMPARE(fieldCount<Distances>(), std::size_t(4));
        QCOMPARE(fieldCount<EvaluationCounts>(), std::size_t(2));
        QCOMPARE(fieldCount<Warning>(), std::size_t(2));
    }

    void comesBackToTheBit_data()
    {
        QTest::addColumn<bool>("isFull");
        QTest::addRow("every field set") << true;
        QTest::addRow("nothing set") << false;
    }
    void comesBackToTheBit()
    {
        QFETCH(bool, isFull);
        const InspectResult result = isFull ? fullResult() : InspectResult();
        const ResultDocument document = documentOf(result);
        compare(result, resultFrom(Json::parse(document.header.dump()), document.data));
    }

    void damageIsAnErrorNotACrash_data()
    {
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("value");
        QTest::addRow("a number where a list belongs") << QByteArray("/attacks") << QByteArray("3");
        QTest::addRow("bytes beyond the end") << QByteArray("/image/pixels/count") << QByteArray("99999999999");
        QTest::addRow("negative place") << QByteArray("/image/pixels/at") << QByteArray("-1");
        QTest::addRow("wrong size of the image") << QByteArray("/image/width") << QByteArray("29");
        QTest::addRow("best beyond the attacks") << QByteArray("/best") << QByteArray("77");
        QTest::addRow("an interval of one") << QByteArray("/clever/interval") << QByteArray("[1]");
        QTest::addRow("no object") << QByteArray("") << QByteArray("\"words\"");
    }
    void damageIsAnErrorNotACrash()
    {
        QFETCH(QByteArray, pointer);
        QFETCH(QByteArray, value);
        ResultDocument document = documentOf(fullResult());
        document.header[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
        QVERIFY_EXCEPTION_THROWN((void)resultFrom(document.header, document.data), Error);
    }

    void aCutRowOfNumbersIsAnError()
    {
        const ResultDocument document = documentOf(fullResult());
        QVERIFY_EXCEPTION_THROWN((void)resultFrom(document.header, std::string_view(document.data).substr(0, document.data.size() - 1)), Error);
    }
};

QTEST_GUILESS_MAIN(TestResultDocument)
#include "tst_resultdocument.moc"
