// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/thumbnaillist.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace brink;

namespace {

std::shared_ptr<const std::vector<int>> orderOf(std::initializer_list<int> images)
{
    return std::make_shared<const std::vector<int>>(images);
}

} // namespace

class TestThumbnailList : public QObject {
    Q_OBJECT
private slots:
    void modelKeepsItsPromises()
    {
        ThumbnailModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setCount(5);
        model.setThumbnail(2, QImage(4, 4, QImage::Format_RGB32), QStringLiteral("seven"), QStringLiteral("file"));
        QCOMPARE(model.index(2).data().toString(), QStringLiteral("seven"));
        model.setOrder(orderOf({4, 2}));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(1).data().toString(), QStringLiteral("seven"));
        QCOMPARE(model.rowOf(2), 1);
        QCOMPARE(model.rowOf(0), -1);
        model.setCount(0);
        QCOMPARE(model.rowCount(), 0);
    }

    void marksSayRightOrWrongAndWhat()
    {
        ThumbnailModel model;
        model.setCount(3);
        ThumbnailMarks marks(3);
        marks[0] = {ThumbnailMark::State::Right, 1, 2.5F, 0.9F};
        marks[1] = {ThumbnailMark::State::Wrong, 0, 0.5F, 0.6F};
        marks[2] = {ThumbnailMark::State::Wrong, 7, 0.5F, 0.6F};
        model.setMarks(std::make_shared<const ThumbnailMarks>(marks), {QStringLiteral("ring"), QStringLiteral("square")});
        QCOMPARE(model.index(0).data(ThumbnailModel::PredictedRole).toString(), QStringLiteral("square"));
        QCOMPARE(model.index(2).data(ThumbnailModel::PredictedRole).toString(), QStringLiteral("7"));
        const QString spoken = model.index(1).data(Qt::AccessibleTextRole).toString();
        QVERIFY2(spoken.contains(QStringLiteral("ring (wrong)")) && spoken.contains(QStringLiteral("0.5")), qPrintable(spoken));
        model.setCount(3);
        QVERIFY(model.index(0).data(ThumbnailModel::PredictedRole).toString().isEmpty());
    }

    void onlyVisibleThumbnailsAreAskedForOnce()
    {
        ThumbnailList list;
        list.resize(232, 300);
        list.setCount(100000);
        QSignalSpy wanted(list.thumbnails(), &ThumbnailModel::thumbnailsWanted);
        list.show();
        QVERIFY(QTest::qWaitForWindowExposed(&list));
        QTRY_VERIFY(!wanted.isEmpty());
        const auto images = wanted.first().first().value<QList<int>>();
        QVERIFY(images.contains(0));
        QVERIFY2(images.size() < 50, qPrintable(QString::number(images.size())));
        wanted.clear();
        list.viewport()->repaint();
        QCoreApplication::processEvents();
        QVERIFY(wanted.isEmpty());
        list.thumbnails()->forgetAsked({0});
        QTRY_COMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first().first().value<QList<int>>(), QList<int>{0});
    }

    void aHundredThousandImagesCostWhatIsSeen()
    {
        ThumbnailList list;
        list.resize(232, 600);
        list.show();
        QVERIFY(QTest::qWaitForWindowExposed(&list));
        qint64 longest = 0;
        const auto timed = [&longest](const auto& work) {
            QElapsedTimer clock;
            clock.start();
            work();
            longest = std::max(longest, clock.elapsed());
        };
        timed([&] { list.setCount(100000); });
        timed([&] { list.resize(300, 600); QCoreApplication::processEvents(); });
        for (int step = 0; step <= 100; ++step)
            timed([&] {
                list.verticalScrollBar()->setValue(list.verticalScrollBar()->maximum() * step / 100);
                list.viewport()->repaint();
            });
        auto reversed = std::make_shared<std::vector<int>>(100000);
        std::ranges::generate(*reversed, [image = 100000]() mutable { return --image; });
        timed([&] { list.setOrder(reversed); list.viewport()->repaint(); });
        timed([&] { list.setCurrentImage(50000); list.viewport()->repaint(); });
        QCOMPARE(list.thumbnails()->imageAt(list.currentIndex().row()), 50000);
        qInfo("the longest of 105 steps took %lld ms", longest);
        QVERIFY2(longest <= 50, qPrintable(QString::number(longest)));
    }

    void arrowsPickAndSettingDoesNot_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("picked");
        // At this width four stand beside each other.
        QTest::addRow("right") << int(Qt::Key_Right) << 6;
        QTest::addRow("left") << int(Qt::Key_Left) << 4;
        QTest::addRow("down") << int(Qt::Key_Down) << 9;
        QTest::addRow("up") << int(Qt::Key_Up) << 1;
        QTest::addRow("end") << int(Qt::Key_End) << 49;
        QTest::addRow("home") << int(Qt::Key_Home) << 0;
    }
    void arrowsPickAndSettingDoesNot()
    {
        QFETCH(int, key);
        QFETCH(int, picked);
        ThumbnailList list;
        list.resize(232, 300);
        list.setCount(50);
        QSignalSpy spy(&list, &ThumbnailList::imagePicked);
        list.setCurrentImage(5);
        QVERIFY(spy.isEmpty());
        list.show();
        QVERIFY(QTest::qWaitForWindowExposed(&list));
        QTest::keyClick(&list, Qt::Key(key));
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy.first().first().toInt(), picked);
    }

    void aClickPicksTheImageBelowThePointer()
    {
        ThumbnailList list;
        list.resize(232, 300);
        list.setCount(1000);
        list.setOrder(orderOf({7, 3, 900, 12, 40, 41}));
        list.show();
        QVERIFY(QTest::qWaitForWindowExposed(&list));
        QSignalSpy spy(&list, &ThumbnailList::imagePicked);
        QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, list.visualRect(list.model()->index(2, 0)).center());
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy.first().first().toInt(), 900);
    }

    void theCurrentImageStaysThroughAnotherOrder()
    {
        ThumbnailList list;
        list.resize(232, 300);
        list.setCount(20);
        list.setCurrentImage(3);
        QSignalSpy spy(&list, &ThumbnailList::imagePicked);
        list.setOrder(orderOf({9, 3}));
        QCOMPARE(list.currentIndex().row(), 1);
        list.setOrder(orderOf({9}));
        QVERIFY(!list.currentIndex().isValid());
        list.setOrder(nullptr);
        QCOMPARE(list.currentIndex().row(), 3);
        QVERIFY(spy.isEmpty());
    }
};

QTEST_MAIN(TestThumbnailList)
#include "tst_thumbnaillist.moc"
