// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/messagebar.h"

#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace brink;

class TestMessageBar : public QObject {
    Q_OBJECT
private slots:
    void nothingIsLost()
    {
        MessageBar bar;
        QVERIFY(bar.isHidden());
        for (int i = 0; i < 5; ++i)
            bar.post(MessageBar::Kind::Alarm, QStringLiteral("message %1").arg(i));
        QCOMPARE(bar.sentences().size(), 5);
        QCOMPARE(bar.sentences().first(), QStringLiteral("message 4"));
        QVERIFY(!bar.isHidden());
    }

    void theSameSentenceIsShownOnce()
    {
        MessageBar bar;
        bar.post(MessageBar::Kind::Alarm, QStringLiteral("no file"));
        bar.post(MessageBar::Kind::Alarm, QStringLiteral("no file"));
        QCOMPARE(bar.sentences(), QStringList{QStringLiteral("no file")});
    }

    void dismissTakesOneAway()
    {
        MessageBar bar;
        bar.post(MessageBar::Kind::Alarm, QStringLiteral("first"));
        bar.post(MessageBar::Kind::Caution, QStringLiteral("second"));
        QToolButton* newest = nullptr;
        for (auto* button : bar.findChildren<QToolButton*>())
            if (button->accessibleName().contains(QStringLiteral("second")))
                newest = button;
        QVERIFY(newest);
        QTest::mouseClick(newest, Qt::LeftButton);
        QCOMPARE(bar.sentences(), QStringList{QStringLiteral("first")});
        bar.dismissAll();
        QVERIFY(bar.isHidden());
    }
};

QTEST_MAIN(TestMessageBar)
#include "tst_messagebar.moc"
