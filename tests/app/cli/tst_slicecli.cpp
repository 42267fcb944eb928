// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// `brink slice` and `brink connect` as a user runs them.
#include <QFile>
#include "tests/app/cli/program.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace brink::test;

namespace {

const QString model = QStringLiteral(BRINK_EXAMPLES_DIR "/cnn.pt");
const QString images = QStringLiteral(BRINK_EXAMPLES_DIR "/example-images-idx3-ubyte.gz");

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonObject jsonOf(const QString& path) { return QJsonDocument::fromJson(contentOf(path)).object(); }

} // namespace

class TestSliceCli : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString& name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void slicesOfEveryPlane_data()
    {
        QTest::addColumn<QString>("plane");
        QTest::addColumn<QString>("range");
        QTest::addColumn<QString>("norm");
        QTest::addColumn<int>("markers");
        QTest::addRow("gradient") << QStringLiteral("gradient") << QStringLiteral("#4") << QStringLiteral("l2") << 1;
        QTest::addRow("sign, linf") << QStringLiteral("sign") << QStringLiteral("#4") << QStringLiteral("linf") << 1;
        QTest::addRow("adversarials, l1") << QStringLiteral("adversarials") << QStringLiteral("#4") << QStringLiteral("l1") << 3;
        QTest::addRow("images") << QStringLiteral("images") << QStringLiteral("#4:7") << QStringLiteral("l2") << 3;
        QTest::addRow("tangent") << QStringLiteral("tangent") << QStringLiteral("#4") << QStringLiteral("l2") << 2;
    }

    void slicesOfEveryPlane()
    {
        QFETCH(const QString, plane);
        QFETCH(const QString, range);
        QFETCH(const QString, norm);
        QFETCH(const int, markers);
        const QStringList arguments{QStringLiteral("slice"), QStringLiteral("--model"), model, QStringLiteral("--images"), images + range, QStringLiteral("--plane"), plane,
            QStringLiteral("--norm"), norm, QStringLiteral("--size"), QStringLiteral("64"), QStringLiteral("--json"), path(QStringLiteral("slice.json")),
            QStringLiteral("--figure"), path(QStringLiteral("slice.svg")), QStringLiteral("--data"), path(QStringLiteral("slice.csv"))};
        const TextOutcome ended = brinkText(arguments);
        QVERIFY2(ended.status == 0, qPrintable(ended.err));
        const QJsonObject document = jsonOf(path(QStringLiteral("slice.json")));
        QVERIFY(!document[QLatin1String("model")].toObject()[QLatin1String("sha256")].toString().isEmpty());
        const QJsonObject item = document[QLatin1String("items")].toArray().first().toObject();
        QCOMPARE(item[QLatin1String("resolution")].toInt(), 64);
        QCOMPARE(item[QLatin1String("plane")].toObject()[QLatin1String("kind")].toString(), plane);
        QCOMPARE(int(item[QLatin1String("plane")].toObject()[QLatin1String("markers")].toArray().size()), markers);
        double share = 0;
        for (const auto& each : item[QLatin1String("classes")].toArray())
            share += each.toObject()[QLatin1String("share")].toDouble();
        QVERIFY(std::abs(share - 1) < 1e-9);
        // The table has every point, the figure says where it comes from.
        const QByteArray csv = contentOf(path(QStringLiteral("slice.csv")));
        QCOMPARE(csv.count("\nslice,regions,"), 64 * 64);
        QVERIFY(csv.contains("panel,layer,x,y,class,name,margin,confidence,computed"));
        QVERIFY(contentOf(path(QStringLiteral("slice.svg"))).contains("brink.provenance/1"));
        QVERIFY(ended.out.contains(QStringLiteral("connected regions")));
        const TextOutcome again = brinkText(arguments);
        QCOMPARE(contentOf(path(QStringLiteral("slice.csv"))).count('\n'), csv.count('\n'));
        const auto rows = [](const QByteArray& text) { return text.mid(text.indexOf("panel,layer,x,y,class")); };
        QVERIFY(rows(contentOf(path(QStringLiteral("slice.csv")))) == rows(csv)); // same seed
        QCOMPARE(again.out, ended.out);
    }

    void connectsPairs()
    {
        const TextOutcome ended = brinkText({QStringLiteral("connect"), QStringLiteral("--model"), model, QStringLiteral("--images"), images + QStringLiteral("#0:60"),
            QStringLiteral("--pairs"), QStringLiteral("6"), QStringLiteral("--samples"), QStringLiteral("60"), QStringLiteral("--json"), path(QStringLiteral("connect.json")),
            QStringLiteral("--figure"), path(QStringLiteral("path.svg")), QStringLiteral("--convexity"), path(QStringLiteral("convexity.svg"))});
        QVERIFY2(ended.status == 0, qPrintable(ended.err));
        const QJsonObject document = jsonOf(path(QStringLiteral("connect.json")));
        QCOMPARE(int(document[QLatin1String("items")].toArray().size()), 6);
        const QJsonObject summary = document[QLatin1String("summary")].toObject();
        QCOMPARE(summary[QLatin1String("pairs")].toInt(), 6);
        QVERIFY(summary[QLatin1String("found")].toInt() > 0);
        QVERIFY(summary[QLatin1String("smallestMargin")].toDouble() > 0);
        QVERIFY(summary[QLatin1String("largestLengthRatio")].toDouble() >= 0.999999);
        QVERIFY(!document[QLatin1String("convexity")].toObject()[QLatin1String("points")].toArray().isEmpty());
        QVERIFY(contentOf(path(QStringLiteral("path.svg"))).size() > 2000);
        QVERIFY(contentOf(path(QStringLiteral("convexity.svg"))).size() > 2000);
        QVERIFY(ended.out.contains(QStringLiteral("not proven")));
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("sentence");
        const QStringList base{QStringLiteral("--model"), model, QStringLiteral("--images")};
        QTest::addRow("plane") << (QStringList{QStringLiteral("slice")} << base << images + QStringLiteral("#1") << QStringLiteral("--plane") << QStringLiteral("gradiant")) << QStringLiteral("gradient");
        QTest::addRow("norm") << (QStringList{QStringLiteral("slice")} << base << images + QStringLiteral("#1") << QStringLiteral("--norm") << QStringLiteral("l0")) << QStringLiteral("L0");
        QTest::addRow("two images") << (QStringList{QStringLiteral("slice")} << base << images + QStringLiteral("#1:3") << QStringLiteral("--plane") << QStringLiteral("images")) << QStringLiteral("three");
        QTest::addRow("figure of many") << (QStringList{QStringLiteral("slice")} << base << images + QStringLiteral("#1:3") << QStringLiteral("--figure") << QStringLiteral("x.pdf")) << QStringLiteral("one slice");
        QTest::addRow("one image") << (QStringList{QStringLiteral("connect")} << base << images + QStringLiteral("#1")) << QStringLiteral("two images");
    }

    void wrongUse()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QString, sentence);
        const TextOutcome ended = brinkText(arguments);
        QCOMPARE(ended.status, 2);
        QVERIFY2(ended.err.contains(sentence), qPrintable(ended.err));
    }
};

QTEST_GUILESS_MAIN(TestSliceCli)
#include "tst_slicecli.moc"
