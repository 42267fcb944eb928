// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// `brink diagnose` as a user runs it.
#include "tests/app/cli/program.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace brink::test;

namespace {

const QString examples = QStringLiteral(BRINK_EXAMPLES_DIR);

} // namespace

class TestDiagnoseCli : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] TextOutcome diagnose(const QStringList& more) const
    {
        return brinkText(QStringList{"diagnose", "--model", examples + "/cnn.pt", "--images", examples + "/example-images-idx3-ubyte.gz#0:12", "--preset", "preview"} + more);
    }
    static QJsonObject read(const QString& file)
    {
        QFile json(file);
        return json.open(QFile::ReadOnly) ? QJsonDocument::fromJson(json.readAll()).object() : QJsonObject();
    }
    static QJsonObject light(const QJsonObject& document, const QString& code)
    {
        for (const auto& each : document["lights"].toArray())
            if (each.toObject()["code"] == code)
                return each.toObject();
        return {};
    }

private Q_SLOTS:
    void cleanNetIsGreen()
    {
        const TextOutcome outcome = diagnose({"--eps", "0.06", "--json", path("a.json"), "--figures", path("figures"), "--format", "svg"});
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY2(!outcome.out.contains("ALARM") && !outcome.out.contains("CAUTION"), qPrintable(outcome.out));
        const QJsonObject document = read(path("a.json"));
        QCOMPARE(document["schema"].toString(), QStringLiteral("brink.result/1"));
        QCOMPARE(document["state"].toString(), QStringLiteral("good"));
        QCOMPARE(document["attacked"].toArray().size(), 12);
        QVERIFY(document["cost"].toObject()["forwards"].toInt() > 0);
        QCOMPARE(light(document, "scale")["state"].toString(), QStringLiteral("good"));
        QVERIFY(!light(document, "scale").contains("remedy"));
        QVERIFY(QDir(path("figures")).exists("diagnosis-scale.svg"));
        // The same whatever the number of workers.
        const TextOutcome again = diagnose({"--eps", "0.06", "--json", path("b.json"), "--workers", "2"});
        QVERIFY2(again.status == 0, qPrintable(again.err));
        QCOMPARE(read(path("b.json"))["lights"], document["lights"]);
    }

    // The line printed below a light starts its remedy.
    void remedyLineTurnsTheLightGreen()
    {
        const TextOutcome ill = diagnose({"--eps", "15/255", "--set", "steps=3", "--set", "step-size=0.005", "--json", path("ill.json")});
        QVERIFY2(ill.status == 0, qPrintable(ill.err));
        const QJsonObject raised = light(read(path("ill.json")), "incomplete");
        QCOMPARE(raised["state"].toString(), QStringLiteral("alarm"));
        QCOMPARE(light(read(path("ill.json")), "more-steps")["follows"].toString(), QStringLiteral("incomplete"));
        const QString line = raised["remedy"].toObject()["command"].toString();
        QVERIFY2(ill.out.contains(line), qPrintable(ill.out));
        QVERIFY2(line.startsWith("brink diagnose ") && line.contains("--set steps=100"), qPrintable(line));
        QStringList arguments = line.split(' ').mid(1);
        const TextOutcome well = brinkText(arguments << "--json" << path("well.json"));
        QVERIFY2(well.status == 0, qPrintable(well.err));
        QCOMPARE(light(read(path("well.json")), "incomplete")["state"].toString(), QStringLiteral("good"));
    }

    void onlyTheChecksAskedFor()
    {
        const TextOutcome outcome = diagnose({"--checks", "gradients,outputs", "--json", path("few.json")});
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        const QJsonArray lights = read(path("few.json"))["lights"].toArray();
        QCOMPARE(lights.size(), 2);
        QCOMPARE(lights[0].toObject()["code"].toString(), QStringLiteral("outputs")); // from cause to consequence
    }

    void checksAreListed()
    {
        const TextOutcome outcome = brinkText({"list", "checks"});
        QCOMPARE(outcome.status, 0);
        for (const char* code : {"outputs", "gradients", "silent-success", "incomplete", "unconstrained", "stability", "transfer-failure", "square", "clever"})
            QVERIFY2(outcome.out.contains(QLatin1String(code)), code);
    }

    void badValuesAreOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("check") << QStringList{"--checks", "gradeints"};
        QTest::newRow("budget") << QStringList{"--eps", "much"};
        QTest::newRow("zero") << QStringList{"--eps", "0"};
        QTest::newRow("too much") << QStringList{"--eps", "2"};
        QTest::newRow("attack without budget") << QStringList{"--attack", "ddn"};
        QTest::newRow("norm") << QStringList{"--norm", "l0"};
        QTest::newRow("parameter") << QStringList{"--set", "stpes=3"};
        QTest::newRow("surrogate") << QStringList{"--surrogate", "nowhere.pt"};
    }
    void badValuesAreOneSentence()
    {
        QFETCH(const QStringList, arguments);
        const TextOutcome outcome = diagnose(arguments);
        QVERIFY(outcome.status == 1 || outcome.status == 2);
        QCOMPARE(outcome.err.trimmed().count('\n'), 0);
        QVERIFY2(outcome.err.startsWith("brink: "), qPrintable(outcome.err));
    }
};

QTEST_GUILESS_MAIN(TestDiagnoseCli)
#include "tst_diagnosecli.moc"
