// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"
#include "core/study/predictions.h"

#include "tests/support/compare.h"

#include <QTest>

#include <cmath>

using namespace brink;

namespace {

/// Two classes: the logits are the two pixels.
std::shared_ptr<const Classifier> pixelModel()
{
    return makeClassifier("pixels", {1, 1, 2}, 2, [](const at::Tensor& x) { return x.flatten(1) * 4; });
}

/// Image i has the pixels (i / n, 1 - i / n) and the label `i % 2`; some cannot be read or have another size.
class RampSet : public Dataset {
public:
    explicit RampSet(std::int64_t size) : m_size(size) {}
    [[nodiscard]] std::string name() const override { return "ramp"; }
    [[nodiscard]] std::int64_t size() const override { return m_size; }
    [[nodiscard]] Image image(std::int64_t index) const override
    {
        ++reads;
        if (index == unreadable)
            throw Error(ErrorCode::Format, "broken");
        const float value = float(index) / float(m_size);
        return {1, 1, 2, {value, 1 - value}, "ramp#" + std::to_string(index), {}};
    }
    [[nodiscard]] std::optional<std::int64_t> label(std::int64_t index) const override
    {
        return hasLabels ? std::optional(index % 2) : std::nullopt;
    }
    [[nodiscard]] const std::vector<std::string>& classNames() const override { return m_names; }

    std::int64_t unreadable = -1;
    bool hasLabels = true;
    mutable int reads = 0;

private:
    std::int64_t m_size;
    std::vector<std::string> m_names;
};

} // namespace

class TestPredictions : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { configureTorch(1, 1); }

    void everyImageHasItsClassMarginAndConfidence()
    {
        const RampSet set(100);
        PlainMonitor monitor;
        const Predictions predictions = predictSet(pixelModel(), set, {}, monitor);
        QCOMPARE(predictions.size(), std::size_t(100));
        for (std::size_t i = 0; i < predictions.size(); ++i) {
            const double difference = 4 * (2.0 * double(i) / 100 - 1); // logit 0 minus logit 1
            QCOMPARE(predictions[i].state, ImagePrediction::State::Known);
            if (i != 50)
                QCOMPARE(predictions[i].predicted, difference > 0 ? 0 : 1);
            compareClose(double(predictions[i].margin), std::abs(difference), 1e-5, 1e-6); // float32 pixels
            compareClose(double(predictions[i].confidence), 1 / (1 + std::exp(-std::abs(difference))), 1e-5, 1e-6);
        }
        QCOMPARE(monitor.done(), 100);
    }

    void accuracyCountsWhatHasALabel_data()
    {
        QTest::addColumn<bool>("hasLabels");
        QTest::addColumn<qint64>("unreadable");
        QTest::addColumn<qint64>("right");
        QTest::addColumn<qint64>("labelled");
        // Up to image 49 class 1 is predicted, from 51 on class 0; image 50 is a tie.
        QTest::addRow("all labelled") << true << qint64(-1) << qint64(25 + 24) << qint64(100);
        QTest::addRow("one unreadable") << true << qint64(3) << qint64(24 + 24) << qint64(99);
        QTest::addRow("no labels") << false << qint64(-1) << qint64(0) << qint64(0);
    }
    void accuracyCountsWhatHasALabel()
    {
        QFETCH(bool, hasLabels);
        QFETCH(qint64, unreadable);
        QFETCH(qint64, right);
        QFETCH(qint64, labelled);
        RampSet set(100);
        set.hasLabels = hasLabels;
        set.unreadable = unreadable;
        PlainMonitor monitor;
        Predictions predictions = predictSet(pixelModel(), set, {}, monitor);
        predictions[50].predicted = 1; // the tie, counted as wrong
        const Accuracy accuracy = accuracyOf(predictions);
        QCOMPARE(accuracy.right, right);
        QCOMPARE(accuracy.labelled, labelled);
        QCOMPARE(accuracy.refused, unreadable < 0 ? 0 : 1);
        QVERIFY(accuracy.isComplete());
    }

    void aStopKeepsWhatIsDoneAndTheNextRunContinues()
    {
        class StopAfter : public PlainMonitor {
        public:
            void progress(std::int64_t done, std::int64_t total) override
            {
                PlainMonitor::progress(done, total);
                if (done >= 20)
                    requestStop();
            }
        };
        const RampSet set(2000);
        StopAfter stopping;
        const Predictions half = predictSet(pixelModel(), set, {}, stopping);
        const Accuracy done = accuracyOf(half);
        QVERIFY(done.done >= 20 && done.done < 2000);
        set.reads = 0;
        PlainMonitor monitor;
        const Predictions whole = predictSet(pixelModel(), set, half, monitor);
        QCOMPARE(std::int64_t(set.reads), 2000 - done.done);
        PlainMonitor fresh;
        QVERIFY(whole == predictSet(pixelModel(), set, {}, fresh));
    }

    void aStopBeforeTheStartDoesNothing()
    {
        const RampSet set(10);
        PlainMonitor monitor;
        monitor.requestStop();
        const Predictions predictions = predictSet(pixelModel(), set, {}, monitor);
        QCOMPARE(set.reads, 0);
        QCOMPARE(accuracyOf(predictions).done, 0);
    }

    void logitsThatAreNotFiniteAreRefused()
    {
        const auto model = makeClassifier("broken", {1, 1, 2}, 2, [](const at::Tensor& x) { return x.flatten(1) / 0.0; });
        const RampSet set(3);
        PlainMonitor monitor;
        const Predictions predictions = predictSet(model, set, {}, monitor);
        QCOMPARE(predictions[1].state, ImagePrediction::State::Refused);
        QVERIFY(!predictions[1].isRight() && !predictions[1].isWrong());
    }
};

QTEST_GUILESS_MAIN(TestPredictions)
#include "tst_predictions.moc"
