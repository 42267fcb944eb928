// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The boundary commands as their user meets them.
#include <QDir>
#include "tests/app/cli/program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <csignal>

using namespace brink::test;

namespace {

QString example(const QString& file) { return QStringLiteral(BRINK_EXAMPLES_DIR "/") + file; }
QString images(const QString& range = {}) { return example(QStringLiteral("example-images-idx3-ubyte.gz")) + range; }

QJsonObject documentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

QJsonObject withoutTimes(QJsonObject document)
{
    document.remove("cost");
    QJsonArray items;
    for (const QJsonValue& value : document["items"].toArray()) {
        QJsonObject item = value.toObject();
        QJsonObject curvature = item["curvature"].toObject();
        curvature.remove("cost");
        item["curvature"] = curvature;
        items.append(item);
    }
    document["items"] = items;
    return document;
}

QStringList curvature(const QString& model, const QStringList& more)
{
    return QStringList{"curvature", "--model", example(model), "--images", images()} + more;
}

} // namespace

class TestBoundaryCli : public QObject {
    Q_OBJECT
private slots:
    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("part");
        QTest::addRow("unknown method") << curvature("cnn.pt", {"--method", "diference"}) << 2 << "did you mean \"difference\"?";
        QTest::addRow("unknown profile") << curvature("cnn.pt", {"--profile", "ful"}) << 2 << "did you mean \"full\"?";
        QTest::addRow("no step") << curvature("cnn.pt", {"--step", "0"}) << 2 << "--step must be between";
        QTest::addRow("no directions") << curvature("cnn.pt", {"--directions", "0"}) << 2 << "--directions must be between";
        QTest::addRow("no images") << curvature("cnn.pt", {"--count", "0"}) << 2 << "--count must be between";
        QTest::addRow("unknown entry") << curvature("cnn.pt", {"--entry", "corect"}) << 2 << "did you mean \"correct\"?";
        QTest::addRow("compared file is none") << curvature("cnn.pt", {"--compare", example("study.json")}) << 1 << "no curvature profile";
        QTest::addRow("attack without L2 distance") << curvature("cnn.pt", {"--attack", "pgd"}) << 2 << "does not minimise the L2 distance";
        QTest::addRow("unknown attack") << QStringList{"detect", "--model", example("cnn.pt"), "--images", images(), "--attack", "deepfol"} << 2 << "did you mean \"deepfool\"?";
        QTest::addRow("scale that is none") << QStringList{"detect", "--model", example("cnn.pt"), "--images", images(), "--scales", "1,x"} << 2 << "--scales takes numbers";
        QTest::addRow("model missing") << QStringList{"curvature", "--images", images()} << 2 << "--model is missing";
    }

    void wrongUse()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const int, status);
        QFETCH(const QString, part);
        const TextOutcome outcome = brinkText(arguments);
        QCOMPARE(outcome.status, status);
        QVERIFY2(outcome.err.contains(part), qPrintable(outcome.err));
        QCOMPARE(outcome.err.count('\n'), 1);
    }

    void curvatureOfAReluNetAndASmoothOne_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("method");
        QTest::addRow("relu") << "cnn.pt" << "difference";
        QTest::addRow("smooth") << "cnn-smooth.pt" << "double-backward";
    }

    void curvatureOfAReluNetAndASmoothOne()
    {
        QFETCH(const QString, model);
        QFETCH(const QString, method);
        QTemporaryDir folder;
        const QString json = folder.filePath("c.json"), vectors = folder.filePath("v.npy"), pdf = folder.filePath("profile.pdf");
        const TextOutcome outcome = brinkText(curvature(model,
            {"--count", "8", "--directions", "3", "--subspace", "4", "--noise-draws", "3", "--json", json, "--vectors", vectors, "--figures", folder.filePath("f"),
                "--format", "svg,csv", "--figure", pdf}));
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY(outcome.out.contains("claim: The curved directions are shared"));
        const QJsonObject document = documentOf(json);
        QCOMPARE(document["schema"].toString(), QStringLiteral("brink.result/1"));
        QCOMPARE(document["analysis"].toString(), QStringLiteral("curvature"));
        const QJsonArray items = document["items"].toArray();
        QCOMPARE(items.size(), 8);
        for (const QJsonValue& value : items) {
            const QJsonObject item = value.toObject(), measured = item["curvature"].toObject();
            QCOMPARE(measured["method"].toString(), method);
            QCOMPARE(measured["lowest"].toArray().size(), 3);
            QVERIFY(measured["boundary"].toObject()["distance"].toDouble() > 0);
            QVERIFY(measured["lowest"].toArray()[0].toObject()["curvature"].toDouble() < measured["highest"].toArray()[0].toObject()["curvature"].toDouble());
            QCOMPARE(measured["scales"].toArray().size(), 3);
            QCOMPARE(item["sha256"].toString().size(), 64);
            QCOMPARE(item["heldOut"].toBool(), item.contains("generalisation"));
        }
        QCOMPARE(document["claims"].toArray().size(), 5);
        QVERIFY(document["summary"].toObject()["noise"].toObject()["kinds"].toObject().contains("curved"));
        for (const char* name : {"curvature-profile", "curvature-directions", "shared-directions", "noise-directions", "bending-towards", "bending-away"})
            for (const char* format : {"svg", "csv"})
                QVERIFY2(QFile::exists(folder.filePath(QStringLiteral("f/%1.%2").arg(name, format))), name);
        QVERIFY(QFile::exists(pdf));
        // 8 images, 6 directions each, float32 behind a header of 128 bytes.
        const qint64 pixels = document["model"].toObject()["input"].toArray()[1].toInt() * document["model"].toObject()["input"].toArray()[2].toInt();
        QCOMPARE(QFile(vectors).size(), 128 + 8 * 6 * pixels * 4);
    }

    void resultsDoNotDependOnWorkers()
    {
        QTemporaryDir folder;
        for (const char* workers : {"1", "2"}) {
            const TextOutcome outcome = brinkText(curvature("cnn.pt", {"--count", "6", "--subspace", "3", "--workers", workers, "--json", folder.filePath(workers)}));
            QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        }
        QCOMPARE(withoutTimes(documentOf(folder.filePath("1"))), withoutTimes(documentOf(folder.filePath("2"))));
    }

    void fullProfileBesideAnother()
    {
        QTemporaryDir folder;
        const QString first = folder.filePath("first.json"), second = folder.filePath("second.json");
        QCOMPARE(brinkText(curvature("cnn.pt", {"--count", "2", "--profile", "full", "--json", first})).status, 0);
        const QJsonObject profile = documentOf(first)["summary"].toObject()["profile"].toObject();
        QVERIFY(profile["full"].toBool());
        QCOMPARE(profile["mean"].toArray().size(), profile["ranks"].toInt());
        const TextOutcome outcome = brinkText(curvature("cnn-pgd.pt", {"--count", "2", "--profile", "full", "--json", second, "--compare", first, "--figures", folder.path(), "--format", "csv"}));
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QFile csv(folder.filePath("curvature-profile.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(csv.readAll());
        QVERIFY(text.contains(profile["model"].toString()));
    }

    void detection()
    {
        QTemporaryDir folder;
        const QString json = folder.filePath("d.json");
        const TextOutcome outcome = brinkText(QStringList{"detect", "--model", example("cnn.pt"), "--images", images(), "--count", "16", "--attack", "deepfool,fgsm", "--eps", "0.2",
            "--scales", "2,5", "--probes", "4", "--json", json, "--figures", folder.path(), "--format", "svg", "--figure", folder.filePath("main.png")});
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY(outcome.out.contains("adaptive attacker"));
        QVERIFY(outcome.out.contains("as published for other networks"));
        const QJsonObject document = documentOf(json), summary = document["summary"].toObject();
        QCOMPARE(document["items"].toArray().size(), 16);
        QCOMPARE(summary["calibrationImages"].toInt(), 8);
        const QJsonObject deepfool = summary["attacks"].toArray()[0].toObject();
        QCOMPARE(deepfool["attack"].toString(), QStringLiteral("deepfool"));
        QVERIFY(deepfool["auroc"].toDouble() >= 0 && deepfool["auroc"].toDouble() <= 1);
        QCOMPARE(summary["scales"].toArray()[0].toObject()["scale"].toDouble(), 1.0);
        for (const QJsonValue& value : document["items"].toArray())
            for (const QJsonValue& perturbed : value.toObject()["perturbed"].toArray())
                QVERIFY(perturbed.toObject()["distance"].toDouble() > 0);
        QVERIFY(QFile::exists(folder.filePath("detection-roc.svg")));
        QVERIFY(QFile::exists(folder.filePath("detection-labels.svg")));
        QVERIFY(QFile::exists(folder.filePath("main.png")));

        // What was chosen is used on other images.
        const QString verdicts = folder.filePath("verdicts.json");
        const TextOutcome applied = brinkText(QStringList{"detect", "--model", example("cnn.pt"), "--images", images("#0:5"), "--calibrated", json, "--json", verdicts});
        QVERIFY2(applied.status == 0, qPrintable(applied.err));
        QCOMPARE(applied.out.count("image "), 5);
        const double threshold = summary["threshold"].toDouble();
        const int sign = summary["sign"].toInt();
        for (const QJsonValue& value : documentOf(verdicts)["items"].toArray()) {
            const QJsonObject item = value.toObject();
            QCOMPARE(item["perturbed"].toBool(), sign * item["statistic"].toDouble() > threshold);
            QCOMPARE(item.contains("recovered"), item["perturbed"].toBool());
        }
        const TextOutcome other = brinkText(QStringList{"detect", "--model", example("mlp.pt"), "--images", images("#0:5"), "--calibrated", json});
        QCOMPARE(other.status, 2);
        QVERIFY2(other.err.contains("another model file"), qPrintable(other.err));
    }

    void interruptedRunKeepsItsImages()
    {
        QTemporaryDir folder;
        const QString json = folder.filePath("c.json");
        qsizetype count = 0;
        // A slow machine needs longer for the first image; all of them take half a minute on a fast one.
        for (const int patienceMs : {3000, 8000, 20000}) {
            QProcess process;
            process.start(QStringLiteral(BRINK_PROGRAM), curvature("cnn.pt", {"--profile", "full", "--workers", "1", "--json", json}));
            QVERIFY(process.waitForStarted());
            QTest::qWait(patienceMs);
            ::kill(pid_t(process.processId()), SIGINT);
            QVERIFY(process.waitForFinished(60000));
            QCOMPARE(process.exitCode(), 1);
            const QJsonObject document = documentOf(json);
            QVERIFY(document["summary"].toObject()["partial"].toBool());
            count = document["items"].toArray().size();
            if (count > 0)
                break;
        }
        QVERIFY2(count > 0 && count < 100, qPrintable(QString::number(count)));
    }
};

QTEST_GUILESS_MAIN(TestBoundaryCli)
#include "tst_boundarycli.moc"
