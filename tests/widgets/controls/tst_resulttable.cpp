// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/resulttable.h"

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QSignalSpy>
#include <QTest>

using namespace brink;

namespace {

TableRow row(const QString& key, double value)
{
    return {key, {{key, {}, {}, false, false}, {QString::number(value), value, {}, false, false}}};
}

std::vector<TableColumn> columns() { return {{QStringLiteral("class"), {}, false}, {QStringLiteral("score"), {}, true}}; }

} // namespace

class TestResultTable : public QObject {
    Q_OBJECT
private slots:
    void modelKeepsItsPromises()
    {
        ResultTableModel model(columns());
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows({row(QStringLiteral("3"), 2.5), row(QStringLiteral("5"), 1.5)});
        model.setRows({row(QStringLiteral("3"), 2.6), row(QStringLiteral("5"), 1.4)});
        QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("2.6"));
        model.setRows({});
    }

    void numbersSortAsNumbers()
    {
        ResultTable table(columns(), {});
        table.setRows({row(QStringLiteral("a"), 10), row(QStringLiteral("b"), 9), row(QStringLiteral("c"), 100)});
        table.sortByColumn(1, Qt::AscendingOrder);
        QStringList order;
        for (int i = 0; i < 3; ++i)
            order << table.model()->index(i, 0).data().toString();
        QCOMPARE(order, (QStringList{QStringLiteral("b"), QStringLiteral("a"), QStringLiteral("c")}));
    }

    void selectionSurvivesNewRows()
    {
        ResultTable table(columns(), {});
        QSignalSpy picked(&table, &ResultTable::rowPicked);
        table.setRows({row(QStringLiteral("3"), 2.5), row(QStringLiteral("5"), 1.5)});
        table.setCurrentKey(QStringLiteral("5"));
        table.setRows({row(QStringLiteral("5"), 1.4), row(QStringLiteral("7"), 1.45), row(QStringLiteral("3"), 2.6)});
        QCOMPARE(table.currentKey(), QStringLiteral("5"));
        QVERIFY(picked.isEmpty());
    }

    void columnsComeAndGo()
    {
        ResultTable table(columns(), {});
        const QAbstractItemModelTester tester(table.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.resize(600, 100);
        TableRow only = row(QStringLiteral("3"), 2.5);
        table.setRows({only});
        table.setCurrentKey(QStringLiteral("3"));
        std::vector<TableColumn> three = columns();
        three.push_back({QStringLiteral("bound"), {}, true});
        table.setColumns(three);
        QCOMPARE(table.model()->columnCount(), 3);
        QVERIFY(!table.model()->index(0, 2).data().isValid()); // not yet
        only.cells.push_back({QStringLiteral("4"), 4, {}, false, false});
        table.setRows({only});
        QCOMPARE(table.model()->index(0, 2).data().toString(), QStringLiteral("4"));
        QCOMPARE(table.model()->headerData(2, Qt::Horizontal).toString(), QStringLiteral("bound"));
        QCOMPARE(table.currentKey(), QStringLiteral("3"));
        table.setColumns(columns());
        QCOMPARE(table.model()->columnCount(), 2);
        QCOMPARE(table.currentKey(), QStringLiteral("3"));
        QCOMPARE(table.horizontalHeader()->sectionResizeMode(0), QHeaderView::Stretch);
    }

    void namesKeepTheirRoom()
    {
        std::vector<TableColumn> three = columns();
        three.push_back({QStringLiteral("a long heading that may go"), {}, true, true});
        ResultTable table(three, {});
        table.show();
        table.resize(500, 200);
        TableRow only = row(QStringLiteral("triangle"), 0.25);
        only.cells.push_back({QStringLiteral("7"), {}, {}, false, false});
        table.setRows({only});
        QVERIFY(!table.isColumnHidden(2));
        table.resize(160, 200);
        QVERIFY(table.isColumnHidden(2));
        QVERIFY(!table.isColumnHidden(1));
        QVERIFY(table.columnWidth(0) >= table.fontMetrics().horizontalAdvance(QStringLiteral("triang")));
        table.resize(500, 200);
        QVERIFY(!table.isColumnHidden(2));
        // What somebody else left out stays out.
        table.setColumnHidden(1, true);
        table.resize(600, 200);
        QVERIFY(table.isColumnHidden(1));
    }

    void severalRowsArePickedAndStay()
    {
        ResultTable table(columns(), {});
        table.setPicksMany();
        table.setRows({row(QStringLiteral("a"), 3), row(QStringLiteral("b"), 2), row(QStringLiteral("c"), 1)});
        QSignalSpy picked(&table, &ResultTable::rowsPicked);
        QSignalSpy single(&table, &ResultTable::rowPicked);
        table.selectRow(0);
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked[0][0].toStringList(), QStringList{QStringLiteral("a")});
        table.setPickedKeys({QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("gone")});
        QCOMPARE(picked.size(), 1);
        QCOMPARE(table.pickedKeys().size(), 2);
        table.setRows({row(QStringLiteral("a"), 3), row(QStringLiteral("c"), 1), row(QStringLiteral("b"), 2), row(QStringLiteral("d"), 5)});
        table.setSort(1, Qt::DescendingOrder);
        QStringList keys = table.pickedKeys();
        keys.sort();
        QCOMPARE(keys, (QStringList{QStringLiteral("b"), QStringLiteral("c")}));
        QCOMPARE(picked.size(), 1);
        QCOMPARE(single.size(), 0);
        QCOMPARE(table.model()->index(0, 0).data().toString(), QStringLiteral("d"));
    }

    void keysPickRows()
    {
        ResultTable table(columns(), {});
        table.setRows({row(QStringLiteral("3"), 2.5), row(QStringLiteral("5"), 1.5)});
        table.setCurrentKey(QStringLiteral("3"));
        QSignalSpy picked(&table, &ResultTable::rowPicked);
        table.show();
        QVERIFY(QTest::qWaitForWindowExposed(&table));
        QTest::keyClick(&table, Qt::Key_Down);
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked.first().first().toString(), QStringLiteral("5"));
    }
};

QTEST_MAIN(TestResultTable)
#include "tst_resulttable.moc"
