// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/listparamform.h"

#include "core/base/error.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace brink;

namespace {

Params params()
{
    ParamSpec steps{"steps", "Steps", "steps", 10LL, {}, 1, 1000, {}, "How many"};
    ParamSpec eps{"eps", "Epsilon", "pixel [0,1]", 0.03, {}, 0, 1, {}, "Budget"};
    ParamSpec loss{"loss", "Loss", "", std::string("cw"), {}, {}, {}, {"cw", "ce"}, "What is descended"};
    return Params({steps, eps, loss});
}

} // namespace

class TestListParamForm : public QObject {
    Q_OBJECT
private slots:
    void valuesOfAList_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("values");
        QTest::addRow("one") << "steps" << "30" << QStringList{"30"};
        QTest::addRow("three with spaces") << "steps" << " 10,30 , 50" << QStringList{"10", "30", "50"};
        QTest::addRow("words") << "loss" << "cw, ce" << QStringList{"cw", "ce"};
    }
    void valuesOfAList()
    {
        QFETCH(QString, key);
        QFETCH(QString, text);
        QFETCH(QStringList, values);
        QCOMPARE(listValues(params(), key.toStdString(), text), values);
    }

    void whatCannotBeUsedIsMarkedWhereItIsTyped_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("text");
        QTest::addRow("no number") << "steps" << "many";
        QTest::addRow("one of three out of range") << "steps" << "10, 30, 5000";
        QTest::addRow("a gap") << "eps" << "0.1,,0.2";
        QTest::addRow("twice the same") << "steps" << "10, 10";
        QTest::addRow("an unknown word") << "loss" << "cw, hinge";
        QTest::addRow("nothing") << "eps" << "";
    }
    void whatCannotBeUsedIsMarkedWhereItIsTyped()
    {
        QFETCH(QString, key);
        QFETCH(QString, text);
        ListParamForm form;
        form.setParams(params(), {});
        QVERIFY(form.isValid());
        QLineEdit* line = form.editor(key.toStdString());
        line->selectAll();
        QTest::keyClick(line, Qt::Key_Delete);
        QTest::keyClicks(line, text);
        QVERIFY(!form.isValid());
        QVERIFY(!form.error(key.toStdString()).isEmpty());
        QCOMPARE(line->property("invalid").toBool(), true);
        line->selectAll();
        QTest::keyClicks(line, key == QStringLiteral("loss") ? QStringLiteral("ce") : QStringLiteral("1"));
        QVERIFY2(form.isValid(), qPrintable(form.error(key.toStdString())));
    }

    void onlyWhatDiffersIsKept()
    {
        ListParamForm form;
        form.setParams(params(), {{"steps", QStringLiteral("10, 30")}});
        QCOMPARE(form.editor("steps")->text(), QStringLiteral("10, 30"));
        QCOMPARE(form.editor("eps")->text(), QStringLiteral("0.03"));
        QSignalSpy edited(&form, &ListParamForm::edited);
        form.editor("steps")->selectAll();
        QTest::keyClicks(form.editor("steps"), QStringLiteral("10"));
        QVERIFY(form.texts().empty());
        QVERIFY(edited.size() >= 1);
    }

    void everyFieldHasANameAndAToolTip()
    {
        ListParamForm form;
        form.setParams(params(), {});
        for (const QLineEdit* line : form.findChildren<QLineEdit*>()) {
            QVERIFY(!line->accessibleName().isEmpty());
            QVERIFY(line->toolTip().contains(QStringLiteral("Default")));
        }
    }
};

QTEST_MAIN(TestListParamForm)
#include "tst_listparamform.moc"
