// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// `brink detectors` as a user runs it.
#include "tests/app/cli/program.h"

#include <QDir>
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

class TestDetectorsCli : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] TextOutcome detectors(const QStringList& more) const
    {
        return brinkText(QStringList{"detectors", "--model", examples + "/cnn.pt", "--images", examples + "/example-images-idx3-ubyte.gz", "--calibration", "50", "--held-out", "50",
                             "--attacked", "6", "--fpr", "0.1"}
            + more);
    }
    static QJsonObject read(const QString& file)
    {
        QFile json(file);
        return json.open(QFile::ReadOnly) ? QJsonDocument::fromJson(json.readAll()).object() : QJsonObject();
    }

private Q_SLOTS:
    void bothDetectorsOnTheSameImages()
    {
        const QStringList asked{"--detector", "squeezing,curvature", "--probes", "3", "--attack", "published,ddn", "--set", "cw.steps=40", "--adaptive", "--adaptive-steps", "40"};
        const TextOutcome outcome = detectors(asked + QStringList{"--json", path("a.json"), "--figure", path("a.svg"), "--figures", path("figures"), "--workers", "1"});
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        for (const char* words : {"Feature squeezing (1 bit, median 2 × 2): threshold", "10 % asked for", "FGSM, L∞ ≤ 0.3", "C&W L2", "knowing the detector", "Curvature: threshold"})
            QVERIFY2(outcome.out.contains(QString::fromUtf8(words)), words);
        QVERIFY(QFileInfo(path("a.svg")).size() > 2000);
        QCOMPARE(QDir(path("figures")).entryList({"*.pdf"}).size(), 3);
        const QJsonObject json = read(path("a.json")), summary = json["summary"].toObject();
        QCOMPARE(json["analysis"].toString(), QStringLiteral("detectors"));
        QCOMPARE(json["items"].toArray().size(), 100);
        QCOMPARE(summary["falseAlarms"].toArray().size(), 2);
        for (const auto& alarms : summary["falseAlarms"].toArray())
            QVERIFY(alarms.toObject()["calibration"].toObject()["hits"].toInt() <= 5);
        const int attacks = int(json["parameters"].toObject()["attacks"].toArray().size());
        QCOMPARE(attacks, 4 + 2 * 2); // FGSM and I-FGSM share norm and budget, C&W and DDN too; each pair once a detector
        for (const auto& row : summary["detection"].toArray()) {
            const QJsonObject found = row.toObject()["detected"].toObject(), passing = row.toObject()["evading"].toObject();
            QCOMPARE(passing["total"].toInt(), 6);
            QCOMPARE(passing["hits"].toInt(), found["total"].toInt() - found["hits"].toInt());
        }
        const TextOutcome again = detectors(asked + QStringList{"--json", path("b.json"), "--workers", "2"});
        QVERIFY2(again.status == 0, qPrintable(again.err));
        QCOMPARE(read(path("b.json"))["items"], json["items"]);
        QCOMPARE(read(path("b.json"))["summary"], json["summary"]);
    }

    void squeezersOfOnesOwn()
    {
        const TextOutcome outcome = detectors({"--config", "bit_depth_4,median-3-3", "--config", "nlm-11-3-4", "--attack", "fgsm", "--eps", "0.1", "--json", path("c.json")});
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        const QJsonArray known = read(path("c.json"))["parameters"].toObject()["detectors"].toArray();
        QCOMPARE(known.size(), 2);
        QCOMPARE(known[0].toObject()["squeezers"].toArray(), (QJsonArray{"bit-depth-4", "median-3-3"}));
        QVERIFY(outcome.out.contains(QString::fromUtf8("FGSM, L∞ ≤ 0.1")));
        QVERIFY(!outcome.out.contains("knowing the detector"));
    }

    void isListed()
    {
        QVERIFY(brinkText({"list", "figures"}).out.contains("squeezed-images"));
        QVERIFY(brinkText({"list", "analyses"}).out.contains("detectors"));
        QVERIFY(brinkText({"--help"}).out.contains("brink detectors"));
    }

    void badValuesAreOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("detector") << QStringList{"--detector", "squeze"};
        QTest::newRow("squeezer") << QStringList{"--config", "jpeg-75"};
        QTest::newRow("bits") << QStringList{"--config", "bit-depth-12"};
        QTest::newRow("rate") << QStringList{"--fpr", "5"};
        QTest::newRow("attack") << QStringList{"--attack", "fgms"};
        QTest::newRow("no pictures of that image") << QStringList{"--image", "x"};
    }
    void badValuesAreOneSentence()
    {
        QFETCH(const QStringList, arguments);
        const TextOutcome outcome = detectors(arguments + QStringList{"--attacked", "0"});
        QVERIFY(outcome.status == 1 || outcome.status == 2);
        QVERIFY2(outcome.err.trimmed().split('\n').last().startsWith("brink: "), qPrintable(outcome.err));
    }
};

QTEST_GUILESS_MAIN(TestDetectorsCli)
#include "tst_detectorscli.moc"
