// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the window exports of a study and what brink export writes of the same file are the same bytes.
#include "app/figureexporter.h"
#include "core/base/monitor.h"
#include "core/report/studyfigures.h"
#include "core/report/studytables.h"
#include "core/store/studyrun.h"
#include "tests/app/cli/program.h"
#include "tests/app/studybench.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace brink;
using namespace brink::test;

namespace {

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestSameExport : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareApplication();
        QVERIFY(m_folder.isValid());
        PlainMonitor monitor;
        runStudy(path("study.brink").toStdString(), exampleStudy(QStringLiteral("same")), {}, monitor);
        m_desk = std::make_unique<Desk>();
        m_desk->window.show();
        m_desk->controller.openFiles({path("study.brink")});
        QTRY_VERIFY_WITH_TIMEOUT(room().desk().results() && room().desk().state() == StudyState::Complete, limitMs);
        for (const Tab tab : {StudyTab, TransferTab}) {
            m_desk->window.tabs().setCurrentIndex(tab);
            QTest::qWait(60);
            QTRY_VERIFY_WITH_TIMEOUT(room().isDrawn(), limitMs);
        }
    }
    void cleanupTestCase() { m_desk.reset(); }

    void everyFigure_data()
    {
        QTest::addColumn<QString>("figure");
        QTest::addColumn<QString>("format");
        for (const StudyFigureInfo& info : studyFigureInfos())
            for (const QString format : {"svg", "csv", "png"})
                QTest::newRow(qPrintable(QString::fromStdString(info.name) + '.' + format)) << QString::fromStdString(info.name) << format;
    }

    void everyFigure()
    {
        QFETCH(const QString, figure);
        QFETCH(const QString, format);
        const auto shown = m_desk->window.exporter().shown(figure.toStdString());
        const QString fromProgramIfNone = path("none." + format.toUtf8());
        if (!shown) { // nothing to draw: at the customary budget no image of these models is brittle, or all are
            QVERIFY(figure.startsWith("margin"));
            QVERIFY(brinkProgram({"export", path("study.brink"), "--figure", figure, "--out", fromProgramIfNone, "--analysis", analysis()}).status != 0);
            return;
        }
        ExportChoice choice;
        choice.format = format;
        const QString fromWindow = path(("window-" + figure + '.' + format).toUtf8()), fromProgram = path(("program-" + figure + '.' + format).toUtf8());
        m_desk->window.exporter().save(*shown, choice, fromWindow);
        const Outcome outcome = brinkProgram({"export", path("study.brink"), "--figure", figure, "--out", fromProgram, "--analysis",
            analysis()});
        QVERIFY2(outcome.status == 0, outcome.err);
        QVERIFY(bytesOf(fromWindow).size() > 100);
        QCOMPARE(bytesOf(fromWindow), bytesOf(fromProgram));
    }

    void everyTable_data()
    {
        QTest::addColumn<QString>("table");
        QTest::addColumn<QString>("format");
        for (const QString table : {"models", "transfer", "outcomes", "claims"})
            for (const QString format : {"csv", "json", "tex"})
                QTest::newRow(qPrintable(table + '.' + format)) << table << format;
    }

    void everyTable()
    {
        QFETCH(const QString, table);
        QFETCH(const QString, format);
        const QString fromWindow = path(("window-table-" + table + '.' + format).toUtf8()), fromProgram = path(("program-table-" + table + '.' + format).toUtf8());
        QSignalSpy saved(&room(), &StudyRoom::tableSaved);
        room().saveTable(table.toStdString(), fromWindow);
        QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, limitMs);
        const Outcome outcome = brinkProgram({"export", path("study.brink"), "--table", table, "--out", fromProgram, "--analysis",
            analysis()});
        QVERIFY2(outcome.status == 0, outcome.err);
        QVERIFY(bytesOf(fromWindow).size() > 100);
        QCOMPARE(bytesOf(fromWindow), bytesOf(fromProgram));
    }

private:
    [[nodiscard]] QString path(const QByteArray& name) const { return m_folder.filePath(QString::fromUtf8(name)); }
    [[nodiscard]] QString analysis() { return QString::fromStdString(room().desk().selection().analysis.value_or("")); }
    [[nodiscard]] StudyRoom& room() { return m_desk->window.studies(); }

    QTemporaryDir m_folder;
    std::unique_ptr<Desk> m_desk;
};

QTEST_MAIN(TestSameExport)
#include "tst_sameexport.moc"
