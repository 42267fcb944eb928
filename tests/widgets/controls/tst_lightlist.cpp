// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/lightlist.h"

#include <QAbstractItemModelTester>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace brink;

namespace {

std::vector<LightRow> rows()
{
    return {{"a", StatusBadge::Grade::Good, "good", "Outputs", "All is well.", {}},
        {"b", StatusBadge::Grade::Alarm, "alarm", "Gradients", "A long finding that does not fit into one line of a narrow list and wraps, then wraps again and goes on.", {}},
        {"c", StatusBadge::Grade::Neutral, "not done", "Slope", "To come.", {}}};
}

} // namespace

class TestLightList : public QObject {
    Q_OBJECT
private slots:
    void arrowKeysPick()
    {
        LightList list;
        const QAbstractItemModelTester tester(list.model());
        list.resize(300, 400);
        list.setLights(rows());
        list.show();
        QVERIFY(QTest::qWaitForWindowExposed(&list));
        list.setCurrentKey("a");
        QSignalSpy picked(&list, &LightList::lightPicked);
        QTest::keyClick(&list, Qt::Key_Down);
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked.first().first().toString(), QStringLiteral("b"));
        QCOMPARE(list.currentKey(), QStringLiteral("b"));
    }

    void settingEmitsNothingAndKeepsTheChoice()
    {
        LightList list;
        QSignalSpy picked(&list, &LightList::lightPicked);
        list.setLights(rows());
        list.setCurrentKey("b");
        std::vector<LightRow> others = rows();
        others.erase(others.begin());
        others[0].finding = "Shorter.";
        list.setLights(others);
        QCOMPARE(list.currentKey(), QStringLiteral("b"));
        QCOMPARE(list.count(), 2);
        list.setCurrentKey("nothing of the kind");
        QVERIFY(list.currentKey().isEmpty());
        QCOMPARE(picked.size(), 0);
    }

    void findingsWrapWithTheWidth()
    {
        LightList list;
        list.setLights(rows());
        list.resize(240, 500);
        list.show();
        QVERIFY(QTest::qWaitForWindowExposed(&list));
        const int narrow = list.visualItemRect(list.item(1)).height();
        list.resize(900, 500);
        QTRY_VERIFY(list.visualItemRect(list.item(1)).height() < narrow);
        QVERIFY(!list.horizontalScrollBar()->isVisible());
    }

    void stateIsReadOut()
    {
        LightList list;
        list.setLights(rows());
        QCOMPARE(list.item(0)->data(Qt::AccessibleTextRole).toString(), QStringLiteral("good: Outputs. All is well."));
    }
};

QTEST_MAIN(TestLightList)
#include "tst_lightlist.moc"
