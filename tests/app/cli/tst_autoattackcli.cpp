// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// `brink autoattack` as a user runs it.
#include <QFile>
#include "tests/app/cli/program.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace brink::test;

namespace {

const QString model = QStringLiteral(BRINK_EXAMPLES_DIR "/cnn.pt");
const QString images = QStringLiteral(BRINK_EXAMPLES_DIR "/example-images-idx3-ubyte.gz#0:12");

QStringList command(const QStringList& more)
{
    return QStringList{QStringLiteral("autoattack"), QStringLiteral("--model"), model, QStringLiteral("--images"), images} + more;
}

/// The document without what may differ between runs: seconds.
QByteArray comparable(const QByteArray& json)
{
    QByteArrayList kept;
    for (const QByteArray& line : json.split('\n'))
        if (!line.contains("\"seconds\""))
            kept.append(line);
    return kept.join('\n');
}

} // namespace

class TestAutoAttackCli : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tableAndFile()
    {
        QTemporaryDir folder;
        const QString json = folder.filePath(QStringLiteral("aa.json")), adversarials = folder.filePath(QStringLiteral("adv.npy"));
        const TextOutcome ended = brinkText(command({QStringLiteral("--eps"), QStringLiteral("0.1,2/255"), QStringLiteral("--json"), json, QStringLiteral("--adversarials"), adversarials}));
        QVERIFY2(ended.status == 0, qPrintable(ended.err));
        QVERIFY(ended.out.contains(QStringLiteral("apgd-ce")) && ended.out.contains(QStringLiteral("robust accuracy")));
        QFile file(json);
        QVERIFY(file.open(QFile::ReadOnly));
        const QJsonObject document = QJsonDocument::fromJson(file.readAll()).object();
        QVERIFY(!document[QLatin1String("model")].toObject()[QLatin1String("sha256")].toString().isEmpty());
        QCOMPARE(document[QLatin1String("version")].toString(), QStringLiteral("standard"));
        const QJsonArray levels = document[QLatin1String("levels")].toArray();
        QCOMPARE(levels.size(), 2);
        QCOMPARE(levels[0].toObject()[QLatin1String("eps")].toDouble(), 2.0 / 255); // ascending
        QVERIFY(levels[1].toObject()[QLatin1String("robustAccuracy")].toDouble() <= levels[0].toObject()[QLatin1String("robustAccuracy")].toDouble());
        const QJsonArray items = document[QLatin1String("items")].toArray();
        QCOMPARE(items.size(), 12);
        int robust = 0;
        for (const auto& item : items)
            robust += item.toObject()[QLatin1String("correct")].toBool() && !item.toObject().contains(QLatin1String("fooledAt"));
        QCOMPARE(levels[1].toObject()[QLatin1String("robustAccuracy")].toDouble(), robust / 12.0);
        QVERIFY(QFileInfo(adversarials).size() > 12 * 4);
    }

    void sameResultWithOneWorkerAndTwo()
    {
        const auto run = [](const char* workers) {
            return brinkProgram(command({QStringLiteral("--norm"), QStringLiteral("l2"), QStringLiteral("--eps"), QStringLiteral("0.5"), QStringLiteral("--workers"), QLatin1String(workers), QStringLiteral("--json"), QStringLiteral("-")}));
        };
        const Outcome one = run("1"), two = run("2");
        QCOMPARE(one.status, 0);
        QVERIFY(!comparable(one.out).isEmpty());
        QCOMPARE(comparable(one.out), comparable(two.out));
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("said");
        QTest::addRow("budget of nothing") << QStringList{QStringLiteral("--eps"), QStringLiteral("0")} << QStringLiteral("2/255");
        QTest::addRow("budget in 0 to 255") << QStringList{QStringLiteral("--eps"), QStringLiteral("8")} << QStringLiteral("pixel");
        QTest::addRow("norm") << QStringList{QStringLiteral("--norm"), QStringLiteral("l0"), QStringLiteral("--eps"), QStringLiteral("3")} << QStringLiteral("linf");
        QTest::addRow("preset that would not be AutoAttack") << QStringList{QStringLiteral("--preset"), QStringLiteral("preview")} << QStringLiteral("fixed steps");
        QTest::addRow("version") << QStringList{QStringLiteral("--version"), QStringLiteral("standart")} << QStringLiteral("standard");
    }

    void wrongUse()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QString, said);
        const TextOutcome ended = brinkText(command(arguments));
        QCOMPARE(ended.status, 2);
        QVERIFY2(ended.err.contains(said), qPrintable(ended.err));
    }
};

QTEST_APPLESS_MAIN(TestAutoAttackCli)
#include "tst_autoattackcli.moc"
