// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as its user meets it: the real program, its exit status, its sentences and its files.
#include <QDir>
#include "tests/app/cli/program.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace brink::test;

namespace {

QString example(const QString& file) { return QStringLiteral(BRINK_EXAMPLES_DIR "/") + file; }
QString model() { return example(QStringLiteral("cnn.pt")); }
QString images(const QString& range) { return example(QStringLiteral("example-images-idx3-ubyte.gz#")) + range; }

/// The document without what may differ between runs: costs in seconds.
QByteArray comparable(const QByteArray& json)
{
    QJsonObject document = QJsonDocument::fromJson(json).object();
    document.remove("cost");
    QJsonArray items;
    for (const QJsonValue& value : document["items"].toArray()) {
        QJsonObject item = value.toObject();
        item.remove("cost");
        QJsonArray attacks;
        for (const QJsonValue& attackValue : item["attacks"].toArray()) {
            QJsonObject attack = attackValue.toObject();
            attack.remove("seconds");
            attacks.append(attack);
        }
        item["attacks"] = attacks;
        QJsonObject clever = item["clever"].toObject();
        clever.remove("cost");
        clever.remove("seconds");
        item["clever"] = clever;
        for (const QString& name : {QStringLiteral("certified"), QStringLiteral("certifiedBall")}) {
            QJsonObject bound = item[name].toObject();
            bound.remove("seconds");
            item[name] = bound;
        }
        items.append(item);
    }
    document["items"] = items;
    return QJsonDocument(document).toJson();
}

} // namespace

class TestCli : public QObject {
    Q_OBJECT
private slots:
    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("part");
        const QStringList clever{"clever", "--model", model(), "--images", images("0")};
        const QStringList attack{"attack", "--model", model(), "--images", images("0")};
        QTest::addRow("unknown command") << QStringList{"inspekt"} << 2 << "did you mean \"inspect\"?";
        QTest::addRow("unknown option") << clever + QStringList{"--radiuss", "3"} << 2 << "did you mean \"--radius\"?";
        QTest::addRow("unknown attack") << attack + QStringList{"--attack", "fgms"} << 2 << "did you mean \"fgsm\"?";
        QTest::addRow("unknown attack parameter") << attack + QStringList{"--attack", "ddn", "--set", "stepz=3"} << 2 << "did you mean \"steps\"?";
        QTest::addRow("unknown norm") << clever + QStringList{"--norm", "l7"} << 2 << "Unknown norm \"l7\"";
        QTest::addRow("unknown preset") << clever + QStringList{"--preset", "papr"} << 2 << "did you mean \"paper\"?";
        QTest::addRow("unknown list") << QStringList{"list", "atacks"} << 2 << "did you mean \"attacks\"?";
        QTest::addRow("unknown figure format")
            << QStringList{"inspect", "--model", model(), "--images", images("0"), "--figures", QDir::tempPath() + "/brink-cli-test", "--format", "pfd"}
            << 2 << "did you mean \"pdf\"?";
        QTest::addRow("model missing") << QStringList{"clever", "--images", images("0")} << 2 << "--model is missing";
        QTest::addRow("negative radius") << clever + QStringList{"--radius", "-1"} << 2 << "radius";
        QTest::addRow("NaN radius") << clever + QStringList{"--radius", "nan"} << 2 << "radius";
        QTest::addRow("absurd batches") << clever + QStringList{"--batches", "99999999999"} << 2 << "batches";
        QTest::addRow("no samples") << clever + QStringList{"--samples", "0"} << 2 << "samples";
        QTest::addRow("negative eps") << attack + QStringList{"--attack", "pgd", "--norm", "linf", "--eps", "-0.1"} << 2 << "eps";
        QTest::addRow("NaN eps") << attack + QStringList{"--attack", "pgd", "--norm", "linf", "--eps", "nan"} << 2 << "eps";
        QTest::addRow("norm an attack cannot") << attack + QStringList{"--attack", "cw", "--norm", "linf"} << 2 << "l2";
        QTest::addRow("index outside") << QStringList{"clever", "--model", model(), "--images", images("1000")} << 2 << "1000";
        QTest::addRow("range that is none") << QStringList{"clever", "--model", model(), "--images", images("a:b")} << 2 << "a:b";
        QTest::addRow("target outside") << attack + QStringList{"--attack", "ddn", "--target", "77"} << 2 << "target class 77";
        QTest::addRow("absurd workers") << clever + QStringList{"--workers", "-4"} << 2 << "--workers must be between";
        QTest::addRow("missing model file") << QStringList{"card", "--model", "no/such/model.pt"} << 1 << "no/such/model.pt";
        QTest::addRow("a file that is no model") << QStringList{"card", "--model", example("example-images-idx3-ubyte.gz")} << 1 << "TorchScript";
        QTest::addRow("a file that is no image") << QStringList{"clever", "--model", model(), "--images", model()} << 1 << "cnn.pt";
        QTest::addRow("unwritable output") << clever + QStringList{"--batches", "2", "--samples", "2", "--json", "/nowhere/at/all.json"} << 1
                                           << "/nowhere/at/all.json";
    }

    void wrongUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, part);
        const Outcome outcome = brinkProgram(arguments);
        const QString sentence = QString::fromUtf8(outcome.err).trimmed();
        QVERIFY2(sentence.contains(part), qPrintable(sentence));
        QCOMPARE(outcome.status, status);
        QVERIFY2(sentence.count('\n') == 0, qPrintable("more than one line: " + sentence));
        QVERIFY2(sentence.endsWith('.') || sentence.endsWith('?'), qPrintable(sentence));
    }

    void standardOutputHoldsOnlyJson()
    {
        const Outcome outcome = brinkProgram({"clever", "--model", model(), "--images", images("0:2"), "--batches", "10", "--samples", "16", "--json", "-"});
        QCOMPARE(outcome.status, 0);
        QJsonParseError error;
        const QJsonObject document = QJsonDocument::fromJson(outcome.out, &error).object();
        QCOMPARE(error.error, QJsonParseError::NoError);
        QCOMPARE(document["schema"].toString(), QStringLiteral("brink.result/1"));
        QCOMPARE(document["items"].toArray().size(), 2);
        const QJsonObject clever = document["items"].toArray()[0].toObject()["clever"].toObject();
        for (const char* key : {"norm", "radius", "batches", "samples", "score", "interval", "target", "capped", "targets"})
            QVERIFY2(clever.contains(QLatin1String(key)), key);
        QCOMPARE(clever["targets"].toArray().size(), 9);
    }

    void workersDoNotChangeResults()
    {
        const auto run = [](const char* workers) {
            const Outcome outcome = brinkProgram({"inspect", "--model", model(), "--images", images("0:4"), "--seed", "7", "--batches", "10", "--samples",
                "32", "--directions", "50", "--workers", workers, "--json", "-"});
            return outcome.status == 0 ? comparable(outcome.out) : outcome.err;
        };
        const QByteArray one = run("1");
        QVERIFY(one.size() > 1000);
        QCOMPARE(run("2"), one);
    }

    void attackBlocksDoNotDependOnWorkers()
    {
        const auto run = [](const char* workers) {
            const Outcome outcome = brinkProgram({"attack", "--model", model(), "--images", images("0:100"), "--norm", "linf", "--attack", "pgd,fmn",
                "--preset", "preview", "--eps", "0.1", "--workers", workers, "--json", "-"});
            return outcome.status == 0 ? comparable(outcome.out) : outcome.err;
        };
        const QByteArray one = run("1");
        QVERIFY(one.size() > 1000);
        QCOMPARE(run("2"), one);
    }

    void adversarialsAreWhatTheJsonSays()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath("adversarials.npy");
        const Outcome attack = brinkProgram({"attack", "--model", model(), "--images", images("0:20"), "--attack", "ddn", "--preset", "preview",
            "--adversarials", file, "--json", "-"});
        QCOMPARE(attack.status, 0);
        const Outcome again = brinkProgram({"attack", "--model", model(), "--images", file, "--attack", "fgsm", "--norm", "linf", "--eps", "0.0001", "--json", "-"});
        QVERIFY2(again.status == 0, again.err.constData());
        const QJsonArray before = QJsonDocument::fromJson(attack.out).object()["items"].toArray();
        const QJsonArray after = QJsonDocument::fromJson(again.out).object()["items"].toArray();
        QCOMPARE(before.size(), 20);
        int successes = 0;
        for (int i = 0; i < before.size(); ++i) {
            const QJsonObject outcome = before[i].toObject()["attacks"].toArray()[0].toObject();
            const bool success = outcome["success"].toBool();
            successes += success;
            QCOMPARE(after[i].toObject()["predicted"].toInt(), success ? outcome["class"].toInt() : before[i].toObject()["predicted"].toInt());
        }
        QVERIFY(successes > 10);
    }

    void interruptKeepsWhatIsDone()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath("partial.json");
        QProcess process;
        process.start(QStringLiteral(BRINK_PROGRAM),
            {"clever", "--model", model(), "--images", images("0:100"), "--batches", "500", "--samples", "1024", "--workers", "1", "--json", file});
        QVERIFY(process.waitForStarted());
        QVERIFY(!process.waitForFinished(4000));
        ::kill(pid_t(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(20000));
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardError().contains("stopped"));
        QFile json(file);
        QVERIFY(json.open(QIODevice::ReadOnly));
        QCOMPARE(QJsonDocument::fromJson(json.readAll()).object()["schema"].toString(), QStringLiteral("brink.result/1"));
    }

    void figuresAreWrittenWithProvenance()
    {
        const QTemporaryDir folder;
        const Outcome outcome = brinkProgram({"inspect", "--model", model(), "--images", images("3"), "--batches", "20", "--samples", "32", "--directions",
            "40", "--figures", folder.path(), "--format", "pdf,svg,png,csv"});
        QVERIFY2(outcome.status == 0, outcome.err.constData());
        for (const QString name : {"weibull-3", "ladder-3", "trio-3", "trace-3", "clever-batches-3"})
            for (const QString format : {"pdf", "svg", "png", "csv"})
                QVERIFY2(QFileInfo(folder.filePath(name + '.' + format)).size() > 300, qPrintable(name + '.' + format));
    }

    void fullDiskLeavesNoHalfFile()
    {
        // A device that is always full, and must still be one afterwards.
        const Outcome outcome = brinkProgram({"clever", "--model", model(), "--images", images("0"), "--batches", "4", "--samples", "4", "--json", "/dev/full"});
        QCOMPARE(outcome.status, 1);
        QVERIFY2(outcome.err.contains("/dev/full"), outcome.err.constData());
        QVERIFY(!QFileInfo(QStringLiteral("/dev/full")).isFile());
    }

    void listsEverything_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("entry");
        QTest::addRow("attacks") << "attacks" << "ddn";
        QTest::addRow("figures") << "figures" << "weibull";
        QTest::addRow("formats") << "formats" << "IDX";
        QTest::addRow("models") << "models" << "cnn";
        QTest::addRow("analyses") << "analyses" << "clever";
    }

    void listsEverything()
    {
        QFETCH(QString, kind);
        QFETCH(QString, entry);
        const Outcome outcome = brinkProgram({"list", kind, "--json", "-"});
        QCOMPARE(outcome.status, 0);
        const QJsonArray list = QJsonDocument::fromJson(outcome.out).array();
        QStringList names;
        for (const QJsonValue& value : list)
            names.append(value.toObject()["name"].toString());
        QVERIFY2(names.contains(entry), qPrintable(names.join(' ')));
    }

    void helpAndVersion()
    {
        QVERIFY(brinkProgram({"--help"}).out.contains("brink inspect"));
        QVERIFY(brinkProgram({"--version"}).out.startsWith("Brink 0."));
        QVERIFY(brinkProgram({"clever", "--help"}).out.contains("--radius"));
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
