// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/params/params.h"

#include <QTest>

using namespace brink;

namespace {

ParamSpecs specs()
{
    return {
        {"steps", "Steps", "steps", 1000LL, 100LL, 1.0, 100000.0, {}, "Number of iterations."},
        {"rate", "Learning rate", "", 0.01, std::nullopt, 1e-9, 10.0, {}, "Adam step size."},
        {"restart", "Random start", "", true, std::nullopt, {}, {}, {}, "Start inside the ball."},
        {"loss", "Loss", "", std::string("logit"), std::nullopt, {}, {}, {"logit", "cross-entropy"}, "Objective."},
    };
}

/// Code and message of the error that assigning throws; Usage and "" when it does not.
std::pair<ErrorCode, QString> errorOf(const std::string& assignment)
{
    Params params(specs());
    try {
        params.assign(assignment);
    } catch (const Error& error) {
        return {error.code(), QString::fromStdString(error.message())};
    }
    return {ErrorCode::Usage, QString()};
}

} // namespace

class TestParams : public QObject {
    Q_OBJECT
private slots:
    void presetsDiffer()
    {
        QCOMPARE(Params(specs()).integer("steps"), 1000LL);
        QCOMPARE(Params(specs(), Preset::Preview).integer("steps"), 100LL);
        QCOMPARE(Params(specs(), Preset::Preview).real("rate"), 0.01);
    }

    void assignsEveryType()
    {
        Params params(specs());
        params.assign("steps = 7");
        params.assign("rate=1e-3");
        params.assign("restart=off");
        params.assign("loss=cross-entropy");
        QCOMPARE(params.integer("steps"), 7LL);
        QCOMPARE(params.real("rate"), 1e-3);
        QCOMPARE(params.boolean("restart"), false);
        QCOMPARE(QString::fromStdString(params.toJson().dump()),
            QStringLiteral(R"({"steps":7,"rate":0.001,"restart":false,"loss":"cross-entropy"})"));
        params.set("rate", 1LL);
        QCOMPARE(params.real("rate"), 1.0);
        params.setText("rate", " 8 / 255 ");
        QCOMPARE(params.real("rate"), 8.0 / 255);
    }

    void refusesWithASentence_data()
    {
        QTest::addColumn<QString>("assignment");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("part");
        QTest::addRow("misspelt key") << "stepz=3" << int(ErrorCode::Usage) << "did you mean \"steps\"?";
        QTest::addRow("misspelt choice") << "loss=cross-entrpy" << int(ErrorCode::Usage) << "did you mean \"cross-entropy\"?";
        QTest::addRow("not a number") << "rate=fast" << int(ErrorCode::Domain) << "must be a number, not \"fast\"";
        QTest::addRow("no ratio") << "rate=8/255/3" << int(ErrorCode::Domain) << "must be a number";
        QTest::addRow("over zero") << "rate=8/0" << int(ErrorCode::Domain) << "must be a number";
        QTest::addRow("NaN") << "rate=nan" << int(ErrorCode::Domain) << "between 1e-09 and 10";
        QTest::addRow("infinite") << "rate=inf" << int(ErrorCode::Domain) << "between 1e-09 and 10";
        QTest::addRow("negative count") << "steps=-1" << int(ErrorCode::Domain) << "between 1 and 100000, not -1";
        QTest::addRow("absurd count") << "steps=99999999999999" << int(ErrorCode::Domain) << "between 1 and 100000";
        QTest::addRow("fraction of a step") << "steps=1.5" << int(ErrorCode::Domain) << "must be a whole number";
        QTest::addRow("no value") << "steps" << int(ErrorCode::Usage) << "key=value";
        QTest::addRow("no truth value") << "restart=maybe" << int(ErrorCode::Domain) << "true or false";
    }

    void refusesWithASentence()
    {
        QFETCH(QString, assignment);
        QFETCH(int, code);
        QFETCH(QString, part);
        const auto [thrown, message] = errorOf(assignment.toStdString());
        QCOMPARE(int(thrown), code);
        QVERIFY2(message.contains(part), qPrintable(message));
    }

    void specificationsAreListed()
    {
        const Json json = toJson(specs());
        QCOMPARE(json.size(), std::size_t(4));
        QCOMPARE(json[0]["preview"].get<int>(), 100);
        QVERIFY(!json[1].contains("preview"));
        QCOMPARE(json[3]["choices"].size(), std::size_t(2));
    }
};

QTEST_APPLESS_MAIN(TestParams)
#include "tst_params.moc"
