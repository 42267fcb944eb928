// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/pairgallery.h"

#include <QAbstractItemModelTester>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace brink;

namespace {

PairItem itemOf(int row)
{
    return {quint64(row), quint64(row) + 1000000, QStringLiteral("cat → dog %1").arg(row), QStringLiteral("target says bird"), QStringLiteral("a → b"), row % 2 == 0, QStringLiteral("image %1").arg(row)};
}

/// Half a million pairs, on screen.
struct Shown {
    PairGallery gallery{QStringLiteral("empty")};
    QList<quint64> wanted;
    bool isExposed = false;

    Shown()
    {
        QObject::connect(gallery.pairs(), &PairModel::picturesWanted, &gallery, [this](const QList<quint64>& keys) { wanted += keys; });
        gallery.resize(320, 500);
        gallery.setPairs(500000, itemOf);
        gallery.show();
        isExposed = QTest::qWaitForWindowExposed(&gallery);
    }
};

QImage picture()
{
    QImage image(4, 4, QImage::Format_RGB32);
    image.fill(Qt::red);
    return image;
}

} // namespace

class TestPairGallery : public QObject {
    Q_OBJECT
private slots:
    void modelKeepsItsPromises()
    {
        PairModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPairs(5, itemOf);
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(model.index(3).data().toString(), QStringLiteral("cat → dog 3"));
        model.setPairs(0, itemOf);
        QCOMPARE(model.rowCount(), 0);
    }

    void onlyWhatIsSeenIsAskedFor()
    {
        Shown shown;
        QTRY_VERIFY(!shown.wanted.isEmpty());
        QVERIFY2(shown.wanted.size() < 60, qPrintable(QString::number(shown.wanted.size())));
        QVERIFY(shown.wanted.contains(0) && shown.wanted.contains(1000000));
        shown.wanted.clear();
        shown.gallery.verticalScrollBar()->setValue(shown.gallery.verticalScrollBar()->maximum());
        QTRY_VERIFY(shown.wanted.contains(499999));
        QVERIFY2(shown.wanted.size() < 60, qPrintable(QString::number(shown.wanted.size())));
    }

    void aPictureIsAskedForOnceAndShown()
    {
        Shown shown;
        QTRY_VERIFY(!shown.wanted.isEmpty());
        const QList<quint64> first = std::exchange(shown.wanted, {});
        for (const quint64 key : first)
            shown.gallery.pairs()->setPicture(key, picture());
        QTest::qWait(50);
        QVERIFY(shown.wanted.isEmpty());
        QCOMPARE(shown.gallery.pairs()->index(0).data(PairModel::BeforeRole).value<QImage>(), picture());
        shown.gallery.pairs()->forgetPictures();
        shown.gallery.viewport()->update();
        QTRY_VERIFY(shown.wanted.contains(0));
    }

    void anAbsentPictureIsNotAskedForAgain()
    {
        Shown shown;
        QTRY_VERIFY(!shown.wanted.isEmpty());
        for (const quint64 key : std::exchange(shown.wanted, {}))
            shown.gallery.pairs()->setPicture(key, {});
        QTest::qWait(50);
        QVERIFY(shown.wanted.isEmpty());
    }

    void aDoubleClickOrEnterOpens()
    {
        Shown shown;
        QVERIFY(shown.isExposed);
        QSignalSpy opened(&shown.gallery, &PairGallery::pairOpened);
        const QPoint place = shown.gallery.visualRect(shown.gallery.pairs()->index(3)).center();
        QTest::mouseClick(shown.gallery.viewport(), Qt::LeftButton, {}, place);
        QTest::mouseDClick(shown.gallery.viewport(), Qt::LeftButton, {}, place);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened[0][0].toInt(), 3);
        QTest::keyClick(&shown.gallery, Qt::Key_Right);
        QTest::keyClick(&shown.gallery, Qt::Key_Return);
        QCOMPARE(opened.size(), 2);
        QCOMPARE(opened[1][0].toInt(), 4);
    }

    void newTextsLeaveThePlaceAlone()
    {
        Shown shown;
        shown.gallery.verticalScrollBar()->setValue(5000);
        shown.gallery.pairs()->replaceItems(itemOf);
        QCOMPARE(shown.gallery.verticalScrollBar()->value(), 5000);
        shown.gallery.setPairs(500000, itemOf);
        QCOMPARE(shown.gallery.verticalScrollBar()->value(), 0);
    }
};

QTEST_MAIN(TestPairGallery)
#include "tst_pairgallery.moc"
