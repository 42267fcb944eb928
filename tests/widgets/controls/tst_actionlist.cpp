// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/actionlist.h"
#include "widgets/controls/fuzzymatch.h"

#include <QAction>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QSignalSpy>
#include <QTest>

using namespace brink;

namespace {

/// A window with a few actions and their list.
struct Bench {
    QMainWindow window;
    QAction* open;
    QAction* reset;
    QAction* wrong;
    QAction* dark;
    ActionList* list;

    Bench()
    {
        QMenu* file = window.menuBar()->addMenu(QStringLiteral("&File"));
        open = file->addAction(QStringLiteral("Open &model..."));
        open->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_M));
        file->addSeparator();
        QMenu* view = window.menuBar()->addMenu(QStringLiteral("&View"));
        reset = view->addAction(QStringLiteral("Reset layout"));
        wrong = view->addAction(QStringLiteral("Next wrong image"));
        dark = view->addMenu(QStringLiteral("Theme"))->addAction(QStringLiteral("Dark"));
        list = new ActionList(window.menuBar(), &window);
        window.resize(700, 500);
        window.show();
        list->open();
    }
    [[nodiscard]] QLineEdit* field() const { return list->findChild<QLineEdit*>(); }
};

} // namespace

class TestActionList : public QObject {
    Q_OBJECT
private slots:
    void scoresPreferWordStartsAndRows_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("better");
        QTest::addColumn<QString>("worse");
        QTest::addRow("beginning of a word") << QStringLiteral("wr") << QStringLiteral("Next wrong image") << QStringLiteral("Narrow row");
        QTest::addRow("first letters") << QStringLiteral("nwi") << QStringLiteral("Next wrong image") << QStringLiteral("Unwind it");
        QTest::addRow("in a row") << QStringLiteral("expo") << QStringLiteral("Export ladder") << QStringLiteral("Explain options");
        QTest::addRow("shorter") << QStringLiteral("open") << QStringLiteral("Open") << QStringLiteral("Open built-in example");
    }
    void scoresPreferWordStartsAndRows()
    {
        QFETCH(QString, typed);
        QFETCH(QString, better);
        QFETCH(QString, worse);
        QVERIFY(fuzzyScore(typed, better).value_or(-1000) > fuzzyScore(typed, worse).value_or(-1000));
    }

    void lettersMustOccurInOrder()
    {
        QVERIFY(fuzzyScore(QStringLiteral("image next"), QStringLiteral("Next image"))); // words in any order
        QVERIFY(!fuzzyScore(QStringLiteral("txen"), QStringLiteral("Next")));
        QVERIFY(!fuzzyScore(QStringLiteral("nextz"), QStringLiteral("Next")));
        QVERIFY(fuzzyScore(QString(), QStringLiteral("Next")));
    }

    void listsEveryActionAndNarrows()
    {
        Bench bench;
        QCOMPARE(bench.list->shownActions(),
            (QStringList{QStringLiteral("Open model..."), QStringLiteral("Reset layout"), QStringLiteral("Next wrong image"), QStringLiteral("Dark")}));
        QTest::keyClicks(bench.field(), QStringLiteral("theme"));
        QCOMPARE(bench.list->shownActions(), QStringList{QStringLiteral("Dark")});
    }

    void arrowsAndEnterDoTheAction()
    {
        Bench bench;
        QSignalSpy reset(bench.reset, &QAction::triggered);
        QTest::keyClick(bench.field(), Qt::Key_Down);
        QTest::keyClick(bench.field(), Qt::Key_Return);
        QCOMPARE(reset.size(), 1);
        QVERIFY(!bench.list->isVisible());
    }

    void whatCannotBeDoneIsPassedByAndNotDone()
    {
        Bench bench;
        bench.list->close();
        bench.reset->setEnabled(false);
        bench.list->open();
        QSignalSpy reset(bench.reset, &QAction::triggered);
        QSignalSpy wrong(bench.wrong, &QAction::triggered);
        QTest::keyClick(bench.field(), Qt::Key_Down);
        QTest::keyClick(bench.field(), Qt::Key_Return);
        QVERIFY(reset.isEmpty() && bench.list->isVisible());
        QTest::keyClick(bench.field(), Qt::Key_Down);
        QTest::keyClick(bench.field(), Qt::Key_Return);
        QCOMPARE(wrong.size(), 1);
    }

    void escapeClosesAndTheNextOpeningIsEmpty()
    {
        Bench bench;
        QTest::keyClicks(bench.field(), QStringLiteral("res"));
        QTest::keyClick(bench.field(), Qt::Key_Escape);
        QVERIFY(!bench.list->isVisible());
        bench.list->open();
        QVERIFY(bench.field()->text().isEmpty());
        QCOMPARE(bench.list->shownActions().size(), 4);
    }

    void anActionThatGoesAwayIsNotDone()
    {
        Bench bench;
        QTest::keyClicks(bench.field(), QStringLiteral("dark"));
        delete bench.dark;
        QTest::keyClick(bench.field(), Qt::Key_Return);
        QVERIFY(!bench.list->isVisible());
    }
};

QTEST_MAIN(TestActionList)
#include "tst_actionlist.moc"
