// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/examples.h"
#include "core/base/json.h"
#include "tests/app/cli/program.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

Json readJson(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return Json::parse(file.readAll().toStdString());
}

/// Costs in time differ between runs.
Json withoutTimes(Json json)
{
    json.erase("seconds");
    return json;
}

} // namespace

/// `brink margins`, as a program.
class TestMarginsCli : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_examples = findExamples();
        QVERIFY(m_folder.isValid() && m_examples.isComplete());
    }

    void measuresAndSaysWhatHolds()
    {
        const Outcome outcome = margins({"--eps", "5/255,0.1", "--out", path("kept.brink"), "--json", path("one.json"), "--figures", path("figures"), "--workers", "1"});
        QVERIFY2(outcome.status == 0, outcome.err);
        QVERIFY(outcome.out.contains("tau-b") && outcome.out.contains("claim: "));
        const Json json = readJson(path("one.json"));
        QCOMPARE(json["schema"].get<std::string>(), std::string("brink.margins/1"));
        QCOMPARE(json["results"].size(), std::size_t(2));
        for (const Json& model : json["results"]) {
            QCOMPARE(model["items"].size(), std::size_t(24));
            QCOMPARE(model["budgets"].size(), std::size_t(2));
            QVERIFY(model["tau"]["value"].get<double>() > 0);
            std::int64_t brittle = 0;
            for (const Json& item : model["items"])
                brittle += item["margin"].is_number() && item["margin"].get<double>() <= 0.1 ? 1 : 0;
            QCOMPARE(model["budgets"][1]["brittle"].get<std::int64_t>(), brittle);
            QVERIFY(model["budgets"][0]["robustAccuracy"].get<double>() >= model["budgets"][1]["robustAccuracy"].get<double>());
        }
        QVERIFY(QDir(path("figures")).entryList({QStringLiteral("margin*.pdf")}).size() >= 2);
    }

    void fewMarginsEstimateTheRobustAccuracyOfAll()
    {
        const Outcome outcome = margins({"--eps", "0.1", "--measure", "10", "--json", path("few.json")});
        QVERIFY2(outcome.status == 0, outcome.err);
        QVERIFY(outcome.out.contains("estimated from 10"));
        for (const Json& model : readJson(path("few.json"))["results"]) {
            QCOMPARE(model["items"].size(), std::size_t(10));
            const Json& estimate = model["budgets"][0]["estimatedRobustAccuracy"];
            QCOMPARE(estimate["measured"].get<int>(), 10);
            QCOMPARE(estimate["images"].get<int>(), 24);
        }
    }

    void continuesAndDoesNotDependOnWorkers()
    {
        const Outcome again = margins({"--eps", "5/255,0.1", "--out", path("kept.brink"), "--json", path("again.json")});
        QVERIFY2(again.status == 0, again.err);
        const Outcome fresh = margins({"--eps", "5/255,0.1", "--json", path("two.json"), "--workers", "2"});
        QVERIFY2(fresh.status == 0, fresh.err);
        const Json one = readJson(path("one.json")), two = readJson(path("two.json"));
        QVERIFY(withoutTimes(one) == withoutTimes(readJson(path("again.json"))));
        QVERIFY(one["results"] == two["results"]);
        QVERIFY(one["claims"] == two["claims"]);
    }

    void aPseudoMarginIsLearned()
    {
        const Outcome outcome = brinkProgram({"margins", "--model", m_examples.models.first(), "--images", m_examples.images + "#0:60", "--preset", "preview",
            "--input-margin", "fmn", "--pseudo-margin", "features", "--json", path("learned.json")});
        QVERIFY2(outcome.status == 0, outcome.err);
        QVERIFY(outcome.out.contains("held-out"));
        const Json learned = readJson(path("learned.json"))["results"][0]["pseudoMargin"];
        QVERIFY(learned.is_object() && !learned.empty());
    }

    void wrongUseIsOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("word");
        QTest::addRow("a fixed budget measures no margin") << QStringList{"--input-margin", "pgd"} << "fixed budget";
        QTest::addRow("no such attack") << QStringList{"--input-margin", "fabb"} << "fab";
        QTest::addRow("not in this norm") << QStringList{"--input-margin", "fab", "--norm", "l0"} << "l0";
        QTest::addRow("no budget") << QStringList{"--eps", "8/255/2"} << "8/255";
        QTest::addRow("negative") << QStringList{"--eps", "-0.1"} << "--eps";
        QTest::addRow("divided by nothing") << QStringList{"--eps", "1/0"} << "--eps";
        QTest::addRow("no such score") << QStringList{"--score", "logit-margins"} << "logit-margin";
        QTest::addRow("no such input") << QStringList{"--pseudo-margin", "feature"} << "features";
    }
    void wrongUseIsOneSentence()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QString, word);
        const Outcome outcome = margins(arguments);
        QCOMPARE(outcome.status, 2);
        QVERIFY2(QString::fromUtf8(outcome.err).contains(word), outcome.err);
        QCOMPARE(outcome.err.count('\n'), 1);
    }

private:
    [[nodiscard]] QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    [[nodiscard]] Outcome margins(const QStringList& arguments) const
    {
        return brinkProgram(QStringList{"margins", "--model", m_examples.models[0], "--model", m_examples.models[1], "--images", m_examples.images + "#0:24",
                                "--preset", "preview"}
            + arguments);
    }

    QTemporaryDir m_folder;
    Examples m_examples;
};

QTEST_GUILESS_MAIN(TestMarginsCli)
#include "tst_marginscli.moc"
