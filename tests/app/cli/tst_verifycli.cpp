// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// `brink verify-check` as a user runs it.
#include "tests/app/cli/program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace brink::test;

namespace {

const QString examples = QStringLiteral(BRINK_EXAMPLES_DIR);

/// A ball around an example glyph; glyph n shows the digit n modulo 10.
QByteArray ballLine(const char* id, const char* model, int record, double eps, const char* verdict, const char* trust = "hard")
{
    const QJsonObject image{{"file", "example-images-idx3-ubyte.gz"}, {"record", record}};
    const QJsonObject line{{"id", id}, {"model", model}, {"norm", "Linf"}, {"eps", eps}, {"label", record % 10}, {"verdict", verdict},
        {"trust", trust}, {"property", "untargeted: violated iff some other logit >= logit[label]"}, {"image", image}};
    return QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

class TestVerifyCli : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString& name) const { return m_folder.filePath(name); }
    QString table(const QByteArray& lines) const
    {
        QFile file(path(QStringLiteral("table.jsonl")));
        if (file.open(QFile::WriteOnly))
            file.write(lines);
        return file.fileName();
    }
    QStringList check(const QString& file) const
    {
        return {QStringLiteral("verify-check"), file, QStringLiteral("--models"), examples, QStringLiteral("--preset"), QStringLiteral("preview"),
            QStringLiteral("--json"), path(QStringLiteral("out.json"))};
    }
    QJsonObject written() const
    {
        QFile file(path(QStringLiteral("out.json")));
        return file.open(QFile::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(QFile::copy(examples + QStringLiteral("/example-images-idx3-ubyte.gz"), path(QStringLiteral("example-images-idx3-ubyte.gz"))));
    }

    /// A thousandth of a grey level moves no class; half the grey range moves every one.
    void verdictsThatHold()
    {
        const QString file = table(ballLine("small 1", "cnn", 3, 1e-5, "robust") + ballLine("large 1", "cnn", 3, 0.5, "violated")
            + ballLine("small 2", "mlp", 5, 1e-5, "robust") + ballLine("large 2", "mlp", 5, 0.5, "violated") + ballLine("open", "mlp", 6, 0.1, "unknown"));
        const TextOutcome ended = brinkText(check(file));
        QVERIFY2(ended.status == 0, qPrintable(ended.err + ended.out));
        QVERIFY2(ended.out.contains(QStringLiteral("0 of 2 verified balls broken; 2 of 2 violated balls found (100 %)")), qPrintable(ended.out));
        QVERIFY(ended.out.contains(QStringLiteral("1 lines left out")));
        QVERIFY(!ended.out.contains(QStringLiteral("contradiction")));
        const QJsonObject document = written();
        QCOMPARE(document[QLatin1String("schema")].toString(), QStringLiteral("brink.verify-check/1"));
        QCOMPARE(document[QLatin1String("items")].toArray().size(), 4);
        QCOMPARE(document[QLatin1String("byModel")].toObject()[QLatin1String("cnn")].toObject()[QLatin1String("found")].toInt(), 1);
        QCOMPARE(document[QLatin1String("all")].toObject()[QLatin1String("broken")].toInt(-1), 0);
        for (const auto& item : document[QLatin1String("items")].toArray())
            if (item.toObject()[QLatin1String("found")].toBool())
                QVERIFY(item.toObject()[QLatin1String("distance")].toDouble() <= 0.5);
    }

    void aBrokenVerdictEndsWithOne()
    {
        const QString file = table(ballLine("claimed", "cnn", 3, 0.5, "robust", "majority") + ballLine("small", "cnn", 4, 1e-5, "violated"));
        const TextOutcome ended = brinkText(check(file) + QStringList{QStringLiteral("--trust"), QStringLiteral("majority")});
        QCOMPARE(ended.status, 1);
        QVERIFY2(ended.out.contains(QStringLiteral("contradiction: claimed, eps 0.5: verified robust by a majority")), qPrintable(ended.out));
        QVERIFY2(ended.out.contains(QStringLiteral("missed: small, eps 1e-05")), qPrintable(ended.out));
        const TextOutcome hard = brinkText(check(file));
        QVERIFY2(hard.status == 0 && hard.out.contains(QStringLiteral("0 of 0 verified balls broken; 0 of 1 violated")), qPrintable(hard.out));
    }

    /// Proofs beside attacks or alone; what is proved is counted by method.
    void ballsAreProved()
    {
        const QString file = table(ballLine("small", "cnn", 3, 1e-4, "robust") + ballLine("large", "mlp", 5, 0.5, "violated"));
        const TextOutcome ended = brinkText(check(file) + QStringList{QStringLiteral("--method"), QStringLiteral("crown, ibp"), QStringLiteral("--attacks"), QStringLiteral("none")});
        QVERIFY2(ended.status == 0 && !ended.out.contains(QStringLiteral("contradiction")), qPrintable(ended.err + ended.out));
        QVERIFY2(ended.out.contains(QStringLiteral("0 of 0 verified balls broken")), qPrintable(ended.out)); // none was attacked
        const QJsonObject document = written();
        QCOMPARE(document[QLatin1String("methods")].toArray(), (QJsonArray{"crown", "ibp"}));
        const QJsonObject crown = document[QLatin1String("all")].toObject()[QLatin1String("proofs")].toArray()[0].toObject();
        QCOMPARE(crown[QLatin1String("method")].toString(), QStringLiteral("crown"));
        QCOMPARE(crown[QLatin1String("verifiedRobust")].toInt(), 1);
        QCOMPARE(crown[QLatin1String("proved")].toInt(), 1);
        QCOMPARE(crown[QLatin1String("wrong")].toInt(-1), 0);
        QCOMPARE(document[QLatin1String("items")].toArray()[1].toObject()[QLatin1String("proofs")].toArray()[0].toObject()[QLatin1String("proved")].toBool(true), false);
    }

    void workersDoNotMatter()
    {
        QByteArray lines;
        for (int i = 0; i < 40; ++i)
            lines += ballLine("ball", i % 2 ? "cnn" : "mlp", i, 0.04, "violated");
        QList<QJsonArray> items;
        for (const char* workers : {"1", "3"}) {
            const TextOutcome ended = brinkText(check(table(lines)) + QStringList{QStringLiteral("--workers"), QString::fromLatin1(workers), QStringLiteral("--attacks"), QStringLiteral("pgd,fgsm")});
            QVERIFY2(ended.status == 0, qPrintable(ended.err));
            items.append(written()[QLatin1String("items")].toArray());
        }
        QCOMPARE(items[0].size(), 40);
        QCOMPARE(items[0], items[1]);
    }

    void wrongUseIsRefused_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("complaint");
        QTest::addRow("no table") << QStringList{QStringLiteral("verify-check")} << 2 << QStringLiteral("Name one table");
        QTest::addRow("unknown attack") << (check(path(QStringLiteral("table.jsonl"))) + QStringList{QStringLiteral("--attacks"), QStringLiteral("fgms")}) << 2 << QStringLiteral("did you mean \"fgsm\"");
        QTest::addRow("attack of another norm") << (check(path(QStringLiteral("table.jsonl"))) + QStringList{QStringLiteral("--attacks"), QStringLiteral("ddn")}) << 2 << QStringLiteral("has no norm linf");
        QTest::addRow("unknown method") << (check(path(QStringLiteral("table.jsonl"))) + QStringList{QStringLiteral("--method"), QStringLiteral("crwon")}) << 2 << QStringLiteral("did you mean \"crown\"");
        QTest::addRow("nothing to do") << (check(path(QStringLiteral("table.jsonl"))) + QStringList{QStringLiteral("--attacks"), QStringLiteral("none")}) << 2 << QStringLiteral("nothing to do");
        QTest::addRow("unknown trust") << (check(path(QStringLiteral("table.jsonl"))) + QStringList{QStringLiteral("--trust"), QStringLiteral("blind")}) << 2 << QStringLiteral("Unknown trust");
        QTest::addRow("no such table") << check(path(QStringLiteral("lost.jsonl"))) << 1 << QStringLiteral("lost.jsonl");
        QTest::addRow("models elsewhere") << QStringList{QStringLiteral("verify-check"), path(QStringLiteral("table.jsonl")), QStringLiteral("--models"), path(QString())} << 1 << QStringLiteral("--models");
    }
    void wrongUseIsRefused()
    {
        QFETCH(const QStringList, more);
        QFETCH(const int, status);
        QFETCH(const QString, complaint);
        (void)table(ballLine("small", "cnn", 3, 1e-5, "robust"));
        const TextOutcome ended = brinkText(more);
        QVERIFY2(ended.status == status && ended.err.contains(complaint), qPrintable(QString::number(ended.status) + ended.err));
        QCOMPARE(ended.err.count(QLatin1Char('\n')), 1);
    }
};

QTEST_GUILESS_MAIN(TestVerifyCli)
#include "tst_verifycli.moc"
