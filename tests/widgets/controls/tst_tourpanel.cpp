// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/tourpanel.h"

#include <QLabel>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>

using namespace brink;

namespace {

struct Bench {
    QWidget window;
    QWidget* left = new QWidget(&window);
    QWidget* right = new QWidget(&window);
    TourPanel* tour = new TourPanel(&window);

    Bench()
    {
        window.resize(1000, 600);
        left->setGeometry(0, 0, 300, 600);
        right->setGeometry(500, 100, 500, 200);
        window.show();
    }
    void start()
    {
        tour->start({{QStringLiteral("Left"), QStringLiteral("What is left."), left, {}},
            {QStringLiteral("Right"), QStringLiteral("What is right."), right, [] { return QRect(10, 10, 50, 50); }},
            {QStringLiteral("Gone"), QStringLiteral("Nothing to point at."), nullptr, {}}});
    }
    [[nodiscard]] QPushButton* button(const QString& text) const
    {
        for (auto* found : tour->findChildren<QPushButton*>())
            if (found->text() == text && found->isVisible())
                return found;
        return nullptr;
    }
    [[nodiscard]] QRect place() const { return tour->geometry(); }
};

} // namespace

class TestTourPanel : public QObject {
    Q_OBJECT
private slots:
    void goesThroughItsStepsAndTellsTheEnd()
    {
        Bench bench;
        QSignalSpy closed(bench.tour, &TourPanel::closed);
        bench.start();
        QVERIFY(bench.tour->isVisible());
        QVERIFY(!bench.button(QStringLiteral("Back"))->isEnabled());
        bench.button(QStringLiteral("Next"))->click();
        bench.button(QStringLiteral("Next"))->click();
        QCOMPARE(bench.tour->step(), 2);
        bench.button(QStringLiteral("Back"))->click();
        QCOMPARE(bench.tour->step(), 1);
        bench.button(QStringLiteral("Next"))->click();
        QVERIFY(closed.isEmpty());
        bench.button(QStringLiteral("Done"))->click();
        QCOMPARE(closed.size(), 1);
        QVERIFY(!bench.tour->isVisible());
        bench.start();
        QCOMPARE(bench.tour->step(), 0);
    }

    void standsBesideWhatItSpeaksOfAndInsideTheWindow_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addRow("large") << QSize(1000, 600);
        QTest::addRow("grown while shown") << QSize(1600, 900);
        QTest::addRow("small") << QSize(640, 400);
    }
    void standsBesideWhatItSpeaksOfAndInsideTheWindow()
    {
        QFETCH(QSize, size);
        Bench bench;
        bench.start();
        bench.window.resize(size);
        QTRY_VERIFY(bench.window.rect().contains(bench.place()));
        const QRect covered = bench.place().intersected(bench.left->geometry());
        QVERIFY2(covered.width() * covered.height() < 20000, "it stands beside the tall place on the left");
    }

    /// The style sheet's border takes some of the width.
    void allItsWordsAreInSight()
    {
        const auto reset = qScopeGuard([] { qApp->setStyleSheet({}); });
        Bench bench;
        QString text;
        for (int words = 1; words <= 40; ++words) // some of these end just behind the end of a line
            text += QStringLiteral("word%1 ").arg(words);
        bench.tour->start({{text, text, bench.right, {}}});
        qApp->setStyleSheet(QStringLiteral("#tour { border: 6px solid; }"));
        QTest::qWait(50);
        for (const QLabel* label : bench.tour->findChildren<QLabel*>())
            QVERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text()));
    }

    void pausedItIsOutOfSightAndThenAtTheSameStep()
    {
        Bench bench;
        bench.tour->setPaused(true);
        bench.tour->setPaused(false);
        QVERIFY(!bench.tour->isVisible()); // it was not begun
        QSignalSpy closed(bench.tour, &TourPanel::closed);
        bench.start();
        bench.button(QStringLiteral("Next"))->click();
        bench.tour->setPaused(true);
        QVERIFY(!bench.tour->isVisible());
        bench.window.resize(900, 500);
        QTest::qWait(20);
        QVERIFY(!bench.tour->isVisible());
        bench.tour->setPaused(false);
        QVERIFY(bench.tour->isVisible());
        QCOMPARE(bench.tour->step(), 1);
        QVERIFY(closed.isEmpty());
        QTest::keyClick(bench.button(QStringLiteral("Next")), Qt::Key_Escape);
        bench.tour->setPaused(true);
        bench.tour->setPaused(false);
        QVERIFY(!bench.tour->isVisible()); // ended
    }

    void escapeClosesIt()
    {
        Bench bench;
        QSignalSpy closed(bench.tour, &TourPanel::closed);
        bench.start();
        QTest::keyClick(bench.button(QStringLiteral("Next")), Qt::Key_Escape);
        QCOMPARE(closed.size(), 1);
        QVERIFY(!bench.tour->isVisible());
    }
};

QTEST_MAIN(TestTourPanel)
#include "tst_tourpanel.moc"
