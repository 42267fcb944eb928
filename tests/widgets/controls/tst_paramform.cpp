// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/paramform.h"

#include <QCheckBox>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace brink;

namespace {

ParamSpecs specs()
{
    ParamSpec steps;
    steps.key = "steps";
    steps.label = "Steps";
    steps.standard = 40LL;
    steps.minimum = 1;
    steps.maximum = 1000;
    steps.help = "Iterations";
    ParamSpec eps;
    eps.key = "eps";
    eps.label = "Budget";
    eps.unit = "pixel [0,1]";
    eps.standard = 0.3;
    eps.minimum = 0;
    ParamSpec loss;
    loss.key = "loss";
    loss.label = "Loss";
    loss.standard = std::string("margin");
    loss.choices = {"margin", "cross-entropy"};
    ParamSpec random;
    random.key = "random-start";
    random.label = "Random start";
    random.standard = false;
    return {steps, eps, loss, random};
}

} // namespace

class TestParamForm : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void aChangedValueIsResetByItself()
    {
        ParamForm form;
        Params values{specs()};
        values.set("steps", 7LL);
        form.setParams(values, Params(specs()));
        form.show();
        QVERIFY(form.resetButton("steps")->isVisible());
        QVERIFY(!form.resetButton("eps")->isVisible());
        QVERIFY(form.resetButton("steps")->toolTip().contains(QStringLiteral("40")));
        QSignalSpy edited(&form, &ParamForm::paramsEdited);
        QTest::mouseClick(form.resetButton("steps"), Qt::LeftButton);
        QCOMPARE(form.params().integer("steps"), 40LL);
        QCOMPARE(qobject_cast<QLineEdit*>(form.editor("steps"))->text(), QStringLiteral("40"));
        QCOMPARE(edited.size(), 1);
        QVERIFY(!form.resetButton("steps")->isVisible());
    }

    void whatCannotBeUsedIsResetToo()
    {
        ParamForm form;
        form.setParams(Params(specs()), Params(specs()));
        form.show();
        auto* steps = qobject_cast<QLineEdit*>(form.editor("steps"));
        steps->selectAll();
        QTest::keyClicks(steps, QStringLiteral("x"));
        QVERIFY(!form.isValid());
        QVERIFY2(!steps->accessibleDescription().isEmpty(), "the reason is read with the field");
        QTest::mouseClick(form.resetButton("steps"), Qt::LeftButton);
        QVERIFY(form.isValid());
        QCOMPARE(steps->text(), QStringLiteral("40"));
    }

    void theToolTipHasUnitRangeAndDefault_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QStringList>("words");
        QTest::addRow("unit and lower end") << "eps" << QStringList{QStringLiteral("Unit: pixel [0,1]"), QStringLiteral("At least 0"), QStringLiteral("Default: 0.3")};
        QTest::addRow("range") << "steps" << QStringList{QStringLiteral("1 to 1000"), QStringLiteral("Default: 40")};
        QTest::addRow("switch") << "random-start" << QStringList{QStringLiteral("Default: off")};
    }
    void theToolTipHasUnitRangeAndDefault()
    {
        QFETCH(QString, key);
        QFETCH(QStringList, words);
        ParamForm form;
        form.setParams(Params(specs()), Params(specs()));
        const QString toolTip = form.editor(key.toStdString())->toolTip();
        for (const QString& word : words)
            QVERIFY2(toolTip.contains(word), qPrintable(toolTip));
    }

    void undoIsTheWindows()
    {
        ParamForm form;
        form.setParams(Params(specs()), Params(specs()));
        QKeyEvent undo(QEvent::ShortcutOverride, Qt::Key_Z, Qt::ControlModifier);
        undo.ignore();
        QCoreApplication::sendEvent(form.editor("steps"), &undo);
        QVERIFY(!undo.isAccepted());
        QKeyEvent letter(QEvent::ShortcutOverride, Qt::Key_A, Qt::NoModifier);
        letter.ignore();
        QCoreApplication::sendEvent(form.editor("steps"), &letter);
        QVERIFY2(letter.isAccepted(), "letters belong to the field");
    }

    void editingPublishesValidValues()
    {
        ParamForm form;
        form.setParams(Params(specs()));
        QSignalSpy edited(&form, &ParamForm::paramsEdited);
        auto* eps = qobject_cast<QLineEdit*>(form.editor("eps"));
        QVERIFY(eps);
        QCOMPARE(eps->text(), QStringLiteral("0.3"));
        eps->selectAll();
        QTest::keyClicks(eps, QStringLiteral("0.25"));
        QCOMPARE(form.params().real("eps"), 0.25);
        QCOMPARE(edited.last().first().value<Params>().real("eps"), 0.25);
        QVERIFY(form.isValid());
    }

    void badValueIsMarkedWhereItIsTyped_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addRow("below the range") << QStringLiteral("0");
        QTest::addRow("above the range") << QStringLiteral("1001");
        QTest::addRow("no whole number") << QStringLiteral("1.5");
        QTest::addRow("no number") << QStringLiteral("many");
        QTest::addRow("nothing") << QString();
    }
    void badValueIsMarkedWhereItIsTyped()
    {
        QFETCH(QString, typed);
        ParamForm form;
        form.setParams(Params(specs()));
        QSignalSpy validity(&form, &ParamForm::validityChanged);
        auto* steps = qobject_cast<QLineEdit*>(form.editor("steps"));
        steps->selectAll();
        QTest::keyClick(steps, Qt::Key_Delete);
        QTest::keyClicks(steps, typed);
        QVERIFY(!form.isValid());
        QCOMPARE(validity.first().first().toBool(), false);
        QVERIFY(steps->property("invalid").toBool());
        steps->selectAll();
        QTest::keyClicks(steps, QStringLiteral("7"));
        QVERIFY(form.isValid());
        QVERIFY(!steps->property("invalid").toBool());
        QCOMPARE(form.params().integer("steps"), 7);
    }

    void settingEmitsNothing()
    {
        ParamForm form;
        QSignalSpy edited(&form, &ParamForm::paramsEdited);
        Params params(specs());
        form.setParams(params);
        params.set("loss", std::string("cross-entropy"));
        params.set("random-start", true);
        form.setParams(params);
        QVERIFY(edited.isEmpty());
        QCOMPARE(qobject_cast<QComboBox*>(form.editor("loss"))->currentData().toString(), QStringLiteral("cross-entropy"));
        QVERIFY(qobject_cast<QCheckBox*>(form.editor("random-start"))->isChecked());
    }

    void everyEditorIsNamedAndExplained()
    {
        ParamForm form;
        form.setParams(Params(specs()));
        for (const ParamSpec& spec : specs()) {
            const QWidget* editor = form.editor(spec.key);
            QVERIFY(editor);
            QCOMPARE(editor->accessibleName(), QString::fromStdString(spec.label));
            QVERIFY(editor->toolTip().contains(QString::fromStdString(spec.key)));
        }
    }
};

QTEST_MAIN(TestParamForm)
#include "tst_paramform.moc"
