// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/stepscrubber.h"

#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

using namespace brink;

namespace {

ScrubbedTrace sampleTrace()
{
    ScrubbedTrace trace;
    trace.steps = 50;
    trace.firstSuccess = 7;
    trace.best = 31;
    trace.text = QStringLiteral("kept image");
    return trace;
}

QToolButton* button(const StepScrubber& scrubber, const QString& name)
{
    for (auto* each : scrubber.findChildren<QToolButton*>())
        if (each->accessibleName() == name)
            return each;
    return nullptr;
}

} // namespace

class TestStepScrubber : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void settingATraceSaysNothing()
    {
        StepScrubber scrubber;
        const QSignalSpy picked(&scrubber, &StepScrubber::stepPicked);
        scrubber.setTrace(sampleTrace());
        QCOMPARE(picked.count(), 0);
        auto* slider = scrubber.findChild<QSlider*>();
        QCOMPARE(slider->maximum(), 49);
        QCOMPARE(slider->value(), 31); // the kept image is nearest to the best step
        QVERIFY(!button(scrubber, QStringLiteral("Kept image"))->isEnabled());
    }

    void keysStepAndButtonsJump()
    {
        StepScrubber scrubber;
        scrubber.resize(300, 30);
        scrubber.show();
        QVERIFY(QTest::qWaitForWindowExposed(&scrubber));
        QSignalSpy picked(&scrubber, &StepScrubber::stepPicked);
        ScrubbedTrace trace = sampleTrace();
        scrubber.setTrace(trace);
        auto* slider = scrubber.findChild<QSlider*>();
        QTest::keyClick(slider, Qt::Key_Left);
        QCOMPARE(picked.takeFirst().at(0).toInt(), 30);
        trace.shown = 30;
        scrubber.setTrace(trace);
        QTest::mouseClick(button(scrubber, QStringLiteral("First success")), Qt::LeftButton);
        QCOMPARE(picked.takeFirst().at(0).toInt(), 7);
        QTest::mouseClick(button(scrubber, QStringLiteral("Best step")), Qt::LeftButton);
        QCOMPARE(picked.takeFirst().at(0).toInt(), 31);
        QTest::mouseClick(button(scrubber, QStringLiteral("Kept image")), Qt::LeftButton);
        QCOMPARE(picked.takeFirst().at(0).toInt(), -1);
    }

    void withoutATraceThereIsNothingToPick()
    {
        StepScrubber scrubber;
        scrubber.setTrace({});
        QVERIFY(!scrubber.findChild<QSlider*>()->isEnabled());
        for (auto* each : scrubber.findChildren<QToolButton*>())
            QVERIFY(!each->isEnabled());
    }
};

QTEST_MAIN(TestStepScrubber)
#include "tst_stepscrubber.moc"
