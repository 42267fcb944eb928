// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Randomised smoothing in the window: run, stop, other questions, what is wrong is said; the numbers are those of the function.
#include "app/figurepane.h"
#include "app/smoothingpage.h"
#include "app/smoothingroom.h"
#include "core/base/rng.h"
#include "core/boundary/surveyimages.h"
#include "tests/app/desk.h"
#include "widgets/controls/resulttable.h"

#include <QAbstractItemModelTester>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

#include <memory>

using namespace brink;
using namespace brink::test;

namespace {

/// The page by itself, on the built-in example.
struct SmoothingBench {
    Desk desk;
    SmoothingRoom room{desk.session, desk.scheduler, &desk.window};

    SmoothingBench() { page().setWindowFlag(Qt::Window); }

    [[nodiscard]] bool open()
    {
        desk.session.setSettings(quickSettings());
        desk.openExample();
        page().resize(900, 620);
        page().show();
        return QTest::qWaitForWindowExposed(&page()) && QTest::qWaitFor([this] { return desk.isComplete() && page().runButton()->isEnabled(); }, limitMs);
    }
    [[nodiscard]] SmoothingPage& page() { return *room.page(); }
    template <typename Box> [[nodiscard]] Box* box(const char* name)
    {
        for (Box* each : page().findChildren<Box*>())
            if (each->accessibleName() == QLatin1String(name))
                return each;
        qFatal("no such control");
    }
    void choose(const char* sigmas, int images, int samples)
    {
        auto* sigma = box<QLineEdit>("Standard deviations of the noise");
        sigma->setFocus();
        sigma->selectAll();
        QTest::keyClicks(sigma, QLatin1String(sigmas));
        QTest::keyClick(sigma, Qt::Key_Return);
        box<QSpinBox>("Images")->setValue(images);
        box<QSpinBox>("Samples")->setValue(samples);
    }
    [[nodiscard]] bool run()
    {
        QTest::mouseClick(page().runButton(), Qt::LeftButton);
        return QTest::qWaitFor([this] { return room.state() == ViewState::Complete && page().runButton()->isEnabled(); }, limitMs);
    }
};

} // namespace

class TestWindowSmoothing : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { prepareApplication(); }

    void nothingRunsWithoutAModel()
    {
        SmoothingBench bench;
        bench.page().show();
        QTRY_VERIFY(!bench.page().runButton()->isEnabled());
        QVERIFY(!bench.room.whyNot().isEmpty());
        bench.room.start();
        QCOMPARE(bench.room.state(), ViewState::Empty);
    }

    void imagesAndCurveAreThoseOfTheFunction()
    {
        SmoothingBench bench;
        QVERIFY(bench.open());
        bench.choose("0.1, 0.3", 6, 200);
        QVERIFY(bench.run());
        const QAbstractItemModelTester sigmas(bench.page().sigmas()->model()), images(bench.page().images()->model());
        QTRY_COMPARE(bench.page().sigmas()->model()->rowCount(), 2);
        QTRY_COMPARE(bench.page().images()->model()->rowCount(), 6);
        QVERIFY(bench.page().pane()->figure());
        const Session& session = bench.desk.session;
        PlainMonitor monitor;
        const SurveyImages set{session.dataset(), {0, 1, 2, 3, 4, 5}, {}};
        const auto expected = certifySmoothed(session.classifier(), surveyImage(set, 0, *session.classifier()),
            {0.1, 100, 200, 0.001, combineSeeds({session.settings().seed, 0})}, monitor);
        QVERIFY(expected);
        const QString radius = bench.page().images()->model()->index(0, 5).data().toString();
        QCOMPARE(radius == QStringLiteral("–"), expected->abstains);
        if (!expected->abstains)
            QVERIFY(std::abs(radius.toDouble() - expected->radius) <= 0.006 * expected->radius); // three digits are shown
        // The other sigma has rows of its own.
        bench.page().sigmas()->setFocus();
        bench.page().sigmas()->setCurrentIndex(bench.page().sigmas()->model()->index(1, 0));
        QTRY_COMPARE(bench.page().images()->model()->rowCount(), 6);
        QSignalSpy opened(&bench.page(), &SmoothingPage::imageOpened);
        bench.page().images()->setCurrentIndex(bench.page().images()->model()->index(3, 0));
        Q_EMIT bench.page().images()->doubleClicked(bench.page().images()->currentIndex());
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened.front().front().toLongLong(), 3LL);
    }

    void anotherQuestionMakesItStale()
    {
        SmoothingBench bench;
        QVERIFY(bench.open());
        bench.choose("0.2", 2, 100);
        QVERIFY(bench.run());
        bench.box<QSpinBox>("Samples")->setValue(200);
        QTRY_COMPARE(bench.room.state(), ViewState::Stale);
        bench.box<QSpinBox>("Samples")->setValue(100);
        QTRY_COMPARE(bench.room.state(), ViewState::Complete);
    }

    void aStopKeepsWhatIsDone()
    {
        SmoothingBench bench;
        QVERIFY(bench.open());
        bench.choose("0.2", 100, 20'000);
        QTest::mouseClick(bench.page().runButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(bench.page().images()->model()->rowCount() > 0, limitMs);
        QVERIFY(bench.page().stopButton()->isVisible());
        QTest::mouseClick(bench.page().stopButton(), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(bench.room.state(), ViewState::Partial, limitMs);
        QVERIFY(bench.page().images()->model()->rowCount() < 100);
        QTRY_VERIFY(bench.page().runButton()->isEnabled());
    }

    void nonsenseIsSaidAtOnce_data()
    {
        QTest::addColumn<QByteArray>("sigmas");
        QTest::newRow("word") << QByteArray("0.1, much");
        QTest::newRow("negative") << QByteArray("-1");
        QTest::newRow("nothing") << QByteArray(",");
    }
    void nonsenseIsSaidAtOnce()
    {
        QFETCH(QByteArray, sigmas);
        SmoothingBench bench;
        QVERIFY(bench.open());
        bench.choose(sigmas.constData(), 2, 100);
        QTRY_VERIFY(!bench.page().runButton()->isEnabled());
        QVERIFY(bench.room.whyNot().size() > 10);
    }

    void theWindowMayGoWhileItRuns()
    {
        auto bench = std::make_unique<SmoothingBench>();
        QVERIFY(bench->open());
        bench->choose("0.2", 100, 20'000);
        QTest::mouseClick(bench->page().runButton(), Qt::LeftButton);
        QTRY_VERIFY(bench->room.state() == ViewState::Running);
        bench.reset();
    }
};

QTEST_MAIN(TestWindowSmoothing)
#include "tst_windowsmoothing.moc"
