// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// `brink smooth` as a user runs it.
#include "tests/app/cli/program.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace brink::test;

namespace {

const QString examples = QStringLiteral(BRINK_EXAMPLES_DIR);

} // namespace

class TestSmoothCli : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] TextOutcome smooth(const QStringList& more) const
    {
        return brinkText(QStringList{"smooth", "--model", examples + "/cnn.pt", "--images", examples + "/example-images-idx3-ubyte.gz#0:6", "--samples", "300"} + more);
    }
    static QJsonObject read(const QString& file)
    {
        QFile json(file);
        return json.open(QFile::ReadOnly) ? QJsonDocument::fromJson(json.readAll()).object() : QJsonObject();
    }

private Q_SLOTS:
    void twoSigmasGiveTwoCurves()
    {
        const TextOutcome outcome = smooth({"--sigma", "0.05,0.5", "--json", path("a.json"), "--figure", path("a.svg"), "--workers", "1"});
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY(outcome.out.contains("certified accuracy at radius") && outcome.out.contains("says nothing about the model itself"));
        QVERIFY(QFileInfo(path("a.svg")).size() > 2000);
        const QJsonArray runs = read(path("a.json"))["runs"].toArray();
        QCOMPARE(runs.size(), 2);
        for (const auto& run : runs) {
            const QJsonObject summary = run.toObject()["summary"].toObject();
            QCOMPARE(run.toObject()["items"].toArray().size(), 6);
            for (const auto& item : run.toObject()["items"].toArray()) {
                const double radius = item.toObject()["radius"].toDouble();
                QVERIFY(radius >= 0 && radius <= summary["ceiling"].toDouble());
                QCOMPARE(item.toObject()["abstains"].toBool(), radius == 0);
                QCOMPARE(item.toObject()["forwards"].toInt(), 401);
            }
        }
        const TextOutcome again = smooth({"--sigma", "0.05,0.5", "--json", path("b.json"), "--workers", "2"});
        QVERIFY2(again.status == 0, qPrintable(again.err));
        for (int run = 0; run < 2; ++run)
            QCOMPARE(read(path("b.json"))["runs"].toArray()[run].toObject()["items"], runs[run].toObject()["items"]);
    }

    void badValuesAreOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("word") << QStringList{"--sigma", "much"};
        QTest::newRow("zero") << QStringList{"--sigma", "0"};
        QTest::newRow("alpha") << QStringList{"--alpha", "1.5"};
        QTest::newRow("samples") << QStringList{"--samples", "0"};
    }
    void badValuesAreOneSentence()
    {
        QFETCH(const QStringList, arguments);
        const TextOutcome outcome = smooth(arguments);
        QVERIFY(outcome.status == 1 || outcome.status == 2);
        QCOMPARE(outcome.err.trimmed().count('\n'), 0);
        QVERIFY2(outcome.err.startsWith("brink: "), qPrintable(outcome.err));
    }
};

QTEST_GUILESS_MAIN(TestSmoothCli)
#include "tst_smoothcli.moc"
