// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/margins/pseudomargin.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/model/torchruntime.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace brink;

namespace {

/// 300 images of six features, two of which decide the margin; the logit margin follows it only loosely. One column never
/// changes and one is large, which a learner without standardised inputs drowns in.
PseudoMarginRequest someRequest(double largestMargin = 0.1)
{
    PseudoMarginRequest request;
    request.width = 6;
    Rng rng(11);
    for (int i = 0; i < 300; ++i) {
        const std::array features{float(rng.normal()), float(rng.normal()), float(rng.normal()), float(rng.normal()), 7.0F, float(1e4 * rng.normal())};
        request.inputs.insert(request.inputs.end(), features.begin(), features.end());
        const double drive = features[0] - 0.5 * features[1];
        request.margins.push_back(largestMargin / (1 + std::exp(-1.5 * drive)));
        request.logitMargins.push_back(drive + 4 * rng.normal());
    }
    request.eps = {0.3 * largestMargin, 0.7 * largestMargin};
    request.hidden = 48;
    request.learningRate = 2e-3; // a small net for few steps
    request.epochs = 300;
    return request;
}

} // namespace

class TestPseudoMargin : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    void learnsAKnownFunction_data()
    {
        QTest::addColumn<double>("largestMargin");
        QTest::addColumn<int>("batch");
        QTest::addRow("margins of Linf, one batch") << 0.1 << 5000;
        QTest::addRow("margins of L2, beyond the sigmoid") << 4.0 << 5000;
        QTest::addRow("several batches an epoch") << 0.1 << 64;
    }
    void learnsAKnownFunction()
    {
        QFETCH(double, largestMargin);
        QFETCH(int, batch);
        PseudoMarginRequest request = someRequest(largestMargin);
        request.batch = batch;
        PlainMonitor monitor;
        const PseudoMarginResult result = learnPseudoMargin(request, monitor);
        QCOMPARE(monitor.done(), std::int64_t(request.epochs));
        QCOMPARE(result.epochs, request.epochs);
        QVERIFY(!result.stopped);
        QCOMPARE(result.warnings.size(), std::size_t(1));
        QCOMPARE(result.warnings.front().code, std::string("few-images"));
        request.input = PseudoMarginInput::Leads; // the same numbers learn the same; hundreds are enough
        const PseudoMarginResult fromLeads = learnPseudoMargin(request, monitor);
        QVERIFY(fromLeads.warnings.empty() && fromLeads.pseudoMargins == result.pseudoMargins);
        QCOMPARE(std::ranges::count(result.isHeldOut, true), 60);
        QVERIFY2(result.after.consistency->tau > 0.9, qPrintable(QString::number(result.after.consistency->tau)));
        QVERIFY2(result.before.consistency->tau < 0.4, qPrintable(QString::number(result.before.consistency->tau)));
        QCOMPARE(result.after.consistency->images, std::int64_t(60));
        for (std::size_t e = 0; e < request.eps.size(); ++e) {
            QVERIFY(*result.after.detection[e].auroc > 0.97);
            QVERIFY(*result.after.detection[e].auroc > *result.before.detection[e].auroc);
            QVERIFY(*result.after.detection[e].fpr95 < *result.before.detection[e].fpr95);
        }
        QVERIFY(result.trainingLoss.back() < 0.05 * result.trainingLoss.front());
        QVERIFY(result.heldOutLoss.back() < 0.05 * result.heldOutLoss.front());
        // In pixel units: the middle error is a small part of the largest margin.
        std::vector<double> errors;
        for (std::size_t i = 0; i < request.margins.size(); ++i)
            if (result.isHeldOut[i])
                errors.push_back(std::abs(result.pseudoMargins[i] - request.margins[i]));
        std::ranges::sort(errors);
        QVERIFY2(errors[30] < 0.05 * largestMargin, qPrintable(QString::number(errors[30])));
        QCOMPARE(result.scale > 1, largestMargin > 1);
    }

    /// Where nothing connects inputs and margins, nothing may be found on images that were held out.
    void nothingIsLearnedFromNoise()
    {
        PseudoMarginRequest request = someRequest();
        Rng rng(5);
        for (double& margin : request.margins)
            margin = 0.1 * rng.uniform();
        request.epochs = 500;
        PlainMonitor monitor;
        const PseudoMarginResult result = learnPseudoMargin(request, monitor);
        QVERIFY2(std::abs(result.after.consistency->tau) < 0.3, qPrintable(QString::number(result.after.consistency->tau)));
        // But by heart: the figures of the training images say nothing.
        QVERIFY2(result.training.consistency->tau > result.after.consistency->tau + 0.2, qPrintable(QString::number(result.training.consistency->tau)));
    }

    void theSeedDecidesEveryBit()
    {
        PseudoMarginRequest request = someRequest();
        request.epochs = 20;
        request.batch = 100;
        PlainMonitor monitor;
        const PseudoMarginResult one = learnPseudoMargin(request, monitor), two = learnPseudoMargin(request, monitor);
        QCOMPARE(one.pseudoMargins, two.pseudoMargins);
        QCOMPARE(one.heldOutLoss, two.heldOutLoss);
        request.seed = 2;
        const PseudoMarginResult other = learnPseudoMargin(request, monitor);
        QVERIFY(other.pseudoMargins != one.pseudoMargins);
        QVERIFY(other.isHeldOut != one.isHeldOut);
    }

    void aConstantMarginHasNoOrder()
    {
        PseudoMarginRequest request = someRequest();
        std::ranges::fill(request.margins, 0.04);
        PlainMonitor monitor;
        const PseudoMarginResult result = learnPseudoMargin(request, monitor);
        QVERIFY(!result.after.consistency && !result.before.consistency);
        QVERIFY(!result.after.detection[0].auroc);
        for (const double margin : result.pseudoMargins)
            QVERIFY(std::abs(margin - 0.04) < 0.02);
        QVERIFY(!toJson(result)["after"].contains("tau"));
    }

    void aStopKeepsTheNetSoFar()
    {
        /// Stops after the seventh epoch.
        class SevenEpochs : public PlainMonitor {
        public:
            void progress(std::int64_t done, std::int64_t total) override
            {
                PlainMonitor::progress(done, total);
                if (done == 7)
                    requestStop();
            }
        };
        PseudoMarginRequest request = someRequest();
        SevenEpochs stopping;
        const PseudoMarginResult result = learnPseudoMargin(request, stopping);
        QVERIFY(result.stopped);
        QCOMPARE(result.epochs, 7);
        QCOMPARE(result.trainingLoss.size(), std::size_t(7));
        QVERIFY(QString::fromStdString(result.warnings.back().text).contains("after 7 epochs"));
        request.epochs = 7;
        PlainMonitor monitor;
        QCOMPARE(result.pseudoMargins, learnPseudoMargin(request, monitor).pseudoMargins);
        monitor.requestStop();
        const PseudoMarginResult atOnce = learnPseudoMargin(request, monitor);
        QCOMPARE(atOnce.epochs, 0);
        QCOMPARE(atOnce.pseudoMargins.size(), request.margins.size());
    }

    void wrongRequestsAreRefused_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("complaint");
        QTest::addRow("a margin that is not a number") << 0 << "leave out images without one";
        QTest::addRow("a margin that no attack found") << 1 << "leave out images without one";
        QTest::addRow("a negative margin") << 2 << "leave out images without one";
        QTest::addRow("features that are not finite") << 3 << "not finite";
        QTest::addRow("too few images") << 4 << "here are 16 and 4";
        QTest::addRow("rows that do not fit") << 5 << "one row of inputs";
        QTest::addRow("nothing to measure on") << 6 << "between 0 and 1";
        QTest::addRow("no epochs") << 7 << "must be positive";
    }
    void wrongRequestsAreRefused()
    {
        QFETCH(int, kind);
        QFETCH(QString, complaint);
        PseudoMarginRequest request = someRequest();
        switch (kind) {
        case 0: request.margins[17] = std::numeric_limits<double>::quiet_NaN(); break;
        case 1: request.margins[17] = std::numeric_limits<double>::infinity(); break;
        case 2: request.margins[17] = -0.01; break;
        case 3: request.inputs[17] = std::numeric_limits<float>::infinity(); break;
        case 4:
            request.margins.resize(20);
            request.logitMargins.resize(20);
            request.inputs.resize(20 * 6);
            break;
        case 5: request.inputs.pop_back(); break;
        case 6: request.trainingShare = 1; break;
        case 7: request.epochs = 0; break;
        }
        PlainMonitor monitor;
        try {
            static_cast<void>(learnPseudoMargin(request, monitor));
            QFAIL("it was taken");
        } catch (const Error& error) {
            QVERIFY2(QString::fromStdString(error.message()).contains(complaint), error.what());
        }
    }

    void leadsDoNotKnowTheClasses()
    {
        const std::vector<float> expected{1, 3, 3.5F};
        QCOMPARE(leadsOf({2, 5, 4, 1.5F}, 4), expected);
        QCOMPARE(leadsOf({1.5F, 2, 4, 5}, 4), expected);
        QCOMPARE(leadsOf({0, 0, 7, 9}, 2), (std::vector<float>{0, 2}));
        QVERIFY(leadsOf({}, 4).empty());
    }

    void inputsHaveNames()
    {
        for (const PseudoMarginInput input : pseudoMarginInputs())
            QCOMPARE(pseudoMarginInputFromName(pseudoMarginInputName(input)), input);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(pseudoMarginInputFromName("pixels")), Error);
    }
};

QTEST_GUILESS_MAIN(TestPseudoMargin)
#include "tst_pseudomargin.moc"
