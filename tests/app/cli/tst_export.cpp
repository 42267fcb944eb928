// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// brink export as its user meets it: the real program on the file of a small study that brink run made.
#include "tests/app/cli/program.h"
#include "widgets/plot/exportfigure.h"

#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace brink::test;

namespace {

const QByteArray study = R"({"name": "small", "seed": 3, "images": "%1/example-images-idx3-ubyte.gz#0:8",
  "models": [{"path": "%1/cnn.pt", "family": "CNN"}, {"path": "%1/mlp.pt", "family": "MLP"}],
  "analyses": [{"attack": "bim", "norm": "linf", "set": {"steps": [2, 5], "eps": 0.2}, "transfers": true},
               {"attack": "ddn", "norm": "l2", "set": {"steps": 20}}]})";

} // namespace

class TestExport : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        QFile file(path("study.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(study).replace("%1", BRINK_EXAMPLES_DIR));
        file.close();
        const Outcome run = brinkProgram({"run", path("study.json"), "--out", path("study.brink")});
        QVERIFY2(run.status == 0, run.err);
    }

    void everyFigureInEveryFormat_data()
    {
        QTest::addColumn<QString>("figure");
        QTest::addColumn<QString>("format");
        for (const char* figure : {"pareto", "transfer", "success", "robust-accuracy"})
            for (const char* format : {"pdf", "svg", "png", "csv"})
                QTest::addRow("%s as %s", figure, format) << figure << format;
    }
    void everyFigureInEveryFormat()
    {
        QFETCH(QString, figure);
        QFETCH(QString, format);
        const QString out = path(figure + '.' + format);
        const Outcome outcome = brinkProgram({"export", path("study.brink"), "--figure", figure, "--out", out, "--width-mm", "120"});
        QVERIFY2(outcome.status == 0, outcome.err);
        if (format == "csv") {
            QFile file(out);
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY(file.readAll().contains("# provenance {"));
            return;
        }
        const brink::Json document = brink::readProvenance(out);
        QCOMPARE(QString::fromStdString(document["figure"].get<std::string>()), figure);
        const brink::Json& provenance = document["provenance"];
        QCOMPARE(QString::fromStdString(provenance["study"]["name"].get<std::string>()), QStringLiteral("small"));
        QCOMPARE(provenance["study"]["seed"].get<int>(), 3);
        QCOMPARE(provenance["models"][0]["sha256"].get<std::string>().size(), std::size_t(64));
        if (format == "png")
            QCOMPARE(QImage(out).width(), int(std::lround(120 / 25.4 * 300)));
    }

    void heatmapTableAndFigureAgree()
    {
        const QStringList common{"export", path("study.brink"), "--analysis", "bim-linf-steps5-eps0.2-untargeted"};
        QVERIFY2(brinkProgram(common + QStringList{"--figure", "transfer", "--rule", "all", "--out", path("t.pdf"), "--data", path("t.csv")}).status == 0, "figure");
        const Outcome table = brinkProgram(common + QStringList{"--table", "transfer", "--format", "json", "--out", "-"});
        QVERIFY2(table.status == 0, table.err);
        QFile file(path("t.csv"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray csv = file.readAll();
        const QJsonArray rows = QJsonDocument::fromJson(table.out).object()["rows"].toArray();
        QCOMPARE(rows.size(), 4);
        for (const QJsonValue& row : rows) {
            const QByteArray line = "cells,rates," + row["source"].toString().toUtf8() + ',' + row["target"].toString().toUtf8() + ',';
            const qsizetype begin = csv.indexOf(line);
            QVERIFY2(begin >= 0, line);
            const qsizetype from = begin + line.size();
            const double cell = csv.mid(from, csv.indexOf('\n', from) - from).toDouble();
            QCOMPARE(cell, 100.0 * row["all images hits"].toInt() / row["all images total"].toInt());
        }
    }

    void tablesInEveryFormat_data()
    {
        QTest::addColumn<QString>("table");
        QTest::addColumn<QString>("ending");
        QTest::addColumn<QByteArray>("begin");
        for (const char* table : {"models", "transfer", "outcomes", "claims"}) {
            QTest::addRow("%s as CSV", table) << table << "csv" << QByteArray();
            QTest::addRow("%s as JSON", table) << table << "json" << QByteArray("{");
            QTest::addRow("%s as LaTeX", table) << table << "tex" << QByteArray("% needs \\usepackage{booktabs}");
        }
    }
    void tablesInEveryFormat()
    {
        QFETCH(QString, table);
        QFETCH(QString, ending);
        QFETCH(QByteArray, begin);
        const QString out = path(table + '.' + ending);
        const Outcome outcome = brinkProgram({"export", path("study.brink"), "--table", table, "--out", out});
        QVERIFY2(outcome.status == 0, outcome.err);
        QFile file(out);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.startsWith(begin));
        QVERIFY(text.count('\n') > 2);
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("part");
        const QString out = path("x.pdf");
        QTest::addRow("no study") << QStringList{"--figure", "pareto", "--out", out} << 2 << "Say which study";
        QTest::addRow("neither figure nor table") << QStringList{path("study.brink"), "--out", out} << 2 << "either --figure";
        QTest::addRow("nowhere to write") << QStringList{path("study.brink"), "--figure", "pareto"} << 2 << "--out is missing";
        QTest::addRow("unknown figure") << QStringList{path("study.brink"), "--figure", "paretto", "--out", out} << 2 << "did you mean \"pareto\"?";
        QTest::addRow("unknown table") << QStringList{path("study.brink"), "--table", "model", "--out", "-"} << 2 << "did you mean \"models\"?";
        QTest::addRow("unknown rule")
            << QStringList{path("study.brink"), "--figure", "transfer", "--rule", "correct", "--out", out} << 2 << "Unknown rule \"correct\"";
        QTest::addRow("unknown order")
            << QStringList{path("study.brink"), "--figure", "transfer", "--order", "familly", "--out", out} << 2 << "did you mean \"family\"?";
        QTest::addRow("unknown analysis")
            << QStringList{path("study.brink"), "--figure", "pareto", "--analysis", "ddn-l2-steps2-untargeted", "--out", out} << 2
            << "did you mean \"ddn-l2-steps20-untargeted\"?";
        QTest::addRow("unknown model")
            << QStringList{path("study.brink"), "--figure", "pareto", "--models", "nobody", "--out", out} << 2 << "Unknown model \"nobody\"";
        QTest::addRow("unknown ending") << QStringList{path("study.brink"), "--figure", "pareto", "--out", path("x.pfd")} << 2 << "did you mean \"pdf\"?";
        QTest::addRow("nothing for this figure")
            << QStringList{path("study.brink"), "--figure", "transfer", "--analysis", "ddn-l2-steps20-untargeted", "--out", out} << 2
            << "nothing for the figure \"transfer\"";
        QTest::addRow("no such file") << QStringList{path("none.brink"), "--figure", "pareto", "--out", out} << 1 << "none.brink";
        QTest::addRow("no study file") << QStringList{path("study.json"), "--figure", "pareto", "--out", out} << 1 << "study.json";
    }
    void wrongUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, part);
        const Outcome outcome = brinkProgram(QStringList{"export"} + arguments);
        QVERIFY2(QString::fromUtf8(outcome.err).contains(part), outcome.err);
        QCOMPARE(outcome.status, status);
        QCOMPARE(outcome.err.trimmed().count('\n'), 0);
        QVERIFY(!QFile::exists(path("x.pdf")));
    }

    void listNamesTheFigures()
    {
        const QByteArray list = brinkProgram({"list", "figures"}).out;
        for (const char* name : {"weibull", "pareto", "transfer", "success", "robust-accuracy"})
            QVERIFY(list.contains(name));
    }

private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

QTEST_MAIN(TestExport)
#include "tst_export.moc"
