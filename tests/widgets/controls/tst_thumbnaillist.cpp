// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/thumbnaillist.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace brink;

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
        model.setCount(0);
        QCOMPARE(model.rowCount(), 0);
    }

    void onlyVisibleThumbnailsAreAskedForOnce()
    {
        ThumbnailList list;
        list.resize(232, 300);
        list.setCount(10000);
        QSignalSpy wanted(list.thumbnails(), &ThumbnailModel::thumbnailsWanted);
        list.show();
        QVERIFY(QTest::qWaitForWindowExposed(&list));
        QTRY_VERIFY(!wanted.isEmpty());
        const auto rows = wanted.first().first().value<QList<int>>();
        QVERIFY(rows.contains(0));
        QVERIFY2(rows.size() < 100, qPrintable(QString::number(rows.size())));
        wanted.clear();
        list.viewport()->repaint();
        QCoreApplication::processEvents();
        QVERIFY(wanted.isEmpty());
        list.thumbnails()->forgetAsked({0});
        QTRY_COMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first().first().value<QList<int>>(), QList<int>{0});
    }

    void arrowsPickAndSettingDoesNot()
    {
        ThumbnailList list;
        list.resize(232, 300);
        list.setCount(50);
        QSignalSpy picked(&list, &ThumbnailList::rowPicked);
        list.setCurrent(3);
        QVERIFY(picked.isEmpty());
        list.show();
        QVERIFY(QTest::qWaitForWindowExposed(&list));
        QTest::keyClick(&list, Qt::Key_Right);
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked.first().first().toInt(), 4);
    }
};

QTEST_MAIN(TestThumbnailList)
#include "tst_thumbnaillist.moc"
