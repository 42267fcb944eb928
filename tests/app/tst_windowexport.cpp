// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figureexporter.h"
#include "tests/app/desk.h"
#include "widgets/controls/figurepreview.h"
#include "widgets/controls/messagebar.h"

#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

using namespace brink;
using namespace brink::test;

namespace {

QStringList entries(const QTemporaryDir& folder)
{
    return QDir(folder.path()).entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot);
}

} // namespace

/// Export from the window when the file cannot be written: one plain sentence, and nothing is lost.
class TestWindowExport : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareApplication();
        QVERIFY(findExamples().isComplete());
        m_desk = std::make_unique<Desk>();
        m_desk->openExample();
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->isComplete(), limitMs);
    }
    void cleanupTestCase() { m_desk.reset(); }
    void init() { m_desk->window.messages()->dismissAll(); }

    void aWrittenFigureIsNamedWithItsEnding()
    {
        const QTemporaryDir folder;
        m_desk->window.exporter().save(ladder(), {}, folder.filePath(QStringLiteral("near")));
        QCOMPARE(entries(folder).size(), 1);
        QVERIFY2(sentence().contains(folder.filePath(entries(folder).first())), qPrintable(sentence()));
    }

    /// Rendering needs the window's thread; between two figures it is free. The longest pause is said, the bound is for busy machines.
    void exportingAllLetsTheWindowLive()
    {
        const QTemporaryDir folder;
        QElapsedTimer clock;
        qint64 longest = 0;
        QTimer heart;
        connect(&heart, &QTimer::timeout, this, [&] { longest = std::max(longest, clock.restart()); });
        QSignalSpy done(&m_desk->window.exporter(), &FigureExporter::allSaved);
        heart.start(0);
        clock.start();
        m_desk->window.exporter().saveAll(m_desk->window.exporter().allShown(), {}, folder.path());
        QTRY_COMPARE_WITH_TIMEOUT(done.size(), 1, limitMs);
        QCOMPARE(entries(folder).size(), int(figureInfos().size()));
        qInfo("longest pause of the window while it exports %d PDF files: %lld ms", int(entries(folder).size()), longest);
        QVERIFY2(longest < 1000, qPrintable(QString::number(longest)));
    }

    void aFigureIsCopiedAsPictureAndSvg()
    {
        m_desk->window.actions().copyFigure->trigger();
        const QMimeData* data = QGuiApplication::clipboard()->mimeData();
        QVERIFY(data->hasImage());
        QVERIFY(data->data(QStringLiteral("image/svg+xml")).contains("<svg"));
        QVERIFY2(sentence().contains("Copied"), qPrintable(sentence()));
        QCOMPARE(m_desk->window.actions().copyFigure->shortcut(), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
    }

    void theDialogShowsWhatWillBeWritten()
    {
        m_desk->window.exporter().exportFigure("weibull");
        auto* dialog = m_desk->window.findChild<ExportDialog*>();
        QVERIFY(dialog);
        QTRY_VERIFY(!dialog->findChild<FigurePreview*>()->picture().isNull());
        dialog->reject();
    }

    void unwritableFolder()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("no/such/folder/ladder.pdf"));
        failsPlainly([&] { m_desk->window.exporter().save(ladder(), {}, path); });
        QVERIFY2(sentence().contains(path), qPrintable(sentence()));
        QVERIFY(entries(folder).isEmpty());
        failsPlainly([&] { m_desk->window.exporter().saveAll(m_desk->window.exporter().allShown(), {}, QFileInfo(path).path()); });
    }

    void fullDisk()
    {
        if (!QFile::exists(QStringLiteral("/dev/full")))
            QSKIP("there is no /dev/full here");
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("ladder.pdf"));
        QVERIFY(QFile::link(QStringLiteral("/dev/full"), path));
        failsPlainly([&] { m_desk->window.exporter().save(ladder(), {}, path); });
        QVERIFY2(sentence().contains(QStringLiteral("space")), qPrintable(sentence()));
        QCOMPARE(entries(folder), QStringList{QStringLiteral("ladder.pdf")});
    }

    void aFileThatCannotBeReplacedStays()
    {
        const QTemporaryDir folder;
        QVERIFY(QDir().mkpath(folder.filePath(QStringLiteral("ladder.pdf/inside"))));
        failsPlainly([&] { m_desk->window.exporter().save(ladder(), {}, folder.filePath(QStringLiteral("ladder.pdf"))); });
        QVERIFY(QFileInfo(folder.filePath(QStringLiteral("ladder.pdf/inside"))).isDir());
    }

private:
    [[nodiscard]] ShownFigure ladder() const { return *m_desk->window.exporter().shown("ladder"); }
    [[nodiscard]] QString sentence() const { return m_desk->window.messages()->sentences().value(0); }

    template <typename Work>
    void failsPlainly(const Work& work)
    {
        const auto result = m_desk->session.result();
        m_desk->window.messages()->dismissAll();
        work();
        QCOMPARE(m_desk->window.messages()->sentences().size(), 1);
        QVERIFY2(sentence().endsWith(QLatin1Char('.')) && !sentence().contains(QLatin1Char('\n')), qPrintable(sentence()));
        QCOMPARE(m_desk->session.result(), result);
        QVERIFY(m_desk->isComplete());
        // And the window can still export elsewhere.
        const QTemporaryDir elsewhere;
        m_desk->window.exporter().save(ladder(), {}, elsewhere.filePath(QStringLiteral("ladder.pdf")));
        QCOMPARE(entries(elsewhere).size(), 1);
        m_desk->window.messages()->dismissAll();
        work();
    }

    std::unique_ptr<Desk> m_desk;
};

QTEST_MAIN(TestWindowExport)
#include "tst_windowexport.moc"
