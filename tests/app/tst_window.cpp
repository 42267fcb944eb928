// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/controller.h"
#include "app/examples.h"
#include "app/figureexport.h"
#include "app/mainwindow.h"
#include "app/session.h"
#include "app/theming.h"
#include "core/jobs/scheduler.h"
#include "core/model/torchruntime.h"
#include "widgets/controls/thumbnaillist.h"
#include "widgets/controls/messagebar.h"
#include "widgets/controls/modellist.h"

#include <QAction>
#include <QDropEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace brink;

namespace {

constexpr int limitMs = 60000;

/// The whole window as runWindow() puts it together, with the built-in example.
struct Desk {
    Session session;
    Scheduler scheduler{2};
    Controller controller{session, scheduler, {}};
    Theming theming{*qApp};
    MainWindow window{session, controller, scheduler, theming, QStringLiteral("CPU 1 × 1")};

    void openExample()
    {
        const Examples examples = findExamples();
        controller.openFiles({examples.images, examples.models.first()});
        window.show();
    }
    [[nodiscard]] bool isComplete() const { return session.resultState() == ResultState::Complete; }
};

/// Paper settings keep a job busy for long enough to be stopped.
void startLongRun(Desk& desk)
{
    desk.session.setSettings(standardSettings(Norm::L2, Preset::Paper));
    desk.window.actions().run->trigger();
}

} // namespace

class TestWindow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("BrinkTest"));
        QCoreApplication::setApplicationName(QStringLiteral("BrinkTest"));
        QLocale::setDefault(QLocale::c());
        configureTorch(1, 1);
        QVERIFY2(findExamples().isComplete(), "the built-in example belongs to the source tree");
    }

    void opensOnTheExampleAndAnalysesIt()
    {
        Desk desk;
        QSignalSpy results(&desk.session, &Session::resultChanged);
        desk.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        const auto result = desk.session.result();
        QVERIFY(result->clever && result->clever->score);
        QVERIFY(!result->attacks.empty());
        // Prediction, CLEVER snapshots and attacks each came on their own.
        QVERIFY2(results.size() >= 3, qPrintable(QString::number(results.size())));
        QCOMPARE(desk.session.imageIndex(), 0);
        QVERIFY(desk.window.messages()->sentences().isEmpty());
    }

    void badFileGivesOneSentenceAndLosesNothing_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addRow("text as an image") << QStringLiteral("notes.txt") << QByteArray("just words");
        QTest::addRow("text as a model") << QStringLiteral("broken.pt") << QByteArray("just words");
        QTest::addRow("truncated image") << QStringLiteral("cut.png") << QByteArray("\x89PNG\r\n\x1a\n");
    }
    void badFileGivesOneSentenceAndLosesNothing()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QTemporaryDir folder;
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        Desk desk;
        desk.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        const auto dataset = desk.session.dataset();

        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(file.fileName())});
        QDropEvent drop(QPointF(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        // QApplication hands drops only to the target of a drag of its own.
        static_cast<QObject&>(desk.window).event(&drop);
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.messages()->sentences().size(), 1, limitMs);
        QVERIFY2(desk.window.messages()->sentences().first().contains(name), qPrintable(desk.window.messages()->sentences().first()));
        QCOMPARE(desk.session.dataset(), dataset);
        QCOMPARE(desk.session.models().size(), std::size_t(1));
        QVERIFY(desk.isComplete());
    }

    void anotherImageReplacesTheResult()
    {
        Desk desk;
        desk.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        desk.window.actions().nextImage->trigger();
        QCOMPARE(desk.session.imageIndex(), 1);
        QVERIFY(!desk.session.result());
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        QCOMPARE(desk.session.result()->index, 1);
    }

    void normIsFollowedByAPreview()
    {
        Desk desk;
        desk.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        desk.controller.pickNorm(Norm::Linf);
        QVERIFY(desk.controller.isRunning());
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        QCOMPARE(desk.session.result()->norm, Norm::Linf);
    }

    void editedSettingsMakeTheResultStale()
    {
        Desk desk;
        desk.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        AnalysisSettings settings = desk.session.settings();
        settings.randomDirections += 1;
        desk.session.setSettings(settings);
        QCOMPARE(desk.session.resultState(), ResultState::Stale);
        QVERIFY(desk.session.result());
    }

    void stopInTheMiddleKeepsAPartialResult()
    {
        Desk desk;
        desk.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        startLongRun(desk);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.result() && desk.session.result()->clever && desk.session.resultState() == ResultState::Running,
            limitMs);
        desk.window.actions().stop->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(desk.session.resultState(), ResultState::Partial, limitMs);
        QVERIFY(desk.session.result());
        QVERIFY(!desk.controller.isRunning());
        desk.window.actions().run->trigger();
        QVERIFY(desk.controller.isRunning());
    }

    void closesWhileRunning()
    {
        auto desk = std::make_unique<Desk>();
        desk->openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk->isComplete(), limitMs);
        startLongRun(*desk);
        QVERIFY(desk->window.close());
        desk.reset();
    }

    void everyFigureIsExported_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addRow("PDF") << QStringLiteral("pdf");
        QTest::addRow("SVG") << QStringLiteral("svg");
        QTest::addRow("PNG") << QStringLiteral("png");
    }
    void everyFigureIsExported()
    {
        QFETCH(QString, format);
        Desk desk;
        desk.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        QTemporaryDir folder;
        ExportChoice choice;
        choice.format = format;
        choice.writesCsv = true;
        const QStringList paths = writeAllFigures(*desk.session.result(), {}, choice, folder.path());
        QCOMPARE(paths.size(), qsizetype(figureInfos().size()));
        for (const QString& path : paths) {
            QVERIFY2(QFileInfo(path).size() > 500, qPrintable(path));
            QVERIFY(QFileInfo::exists(folder.filePath(QFileInfo(path).completeBaseName() + QStringLiteral(".csv"))));
        }
    }

    void everyControlHasANameAndAToolTip()
    {
        Desk desk;
        desk.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        for (const char* type : {"QPushButton", "QComboBox", "QCheckBox", "QLineEdit", "QSpinBox"})
            for (const QWidget* widget : desk.window.findChildren<QWidget*>()) {
                const bool isInner = widget->objectName().startsWith(QStringLiteral("qt_")) || !widget->isVisible();
                if (isInner || QLatin1String(widget->metaObject()->className()) != QLatin1String(type))
                    continue;
                QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(QStringLiteral("%1 at %2,%3 has no accessible name").arg(QLatin1String(type)).arg(widget->x()).arg(widget->y())));
                QVERIFY2(!widget->toolTip().isEmpty(), qPrintable(widget->accessibleName()));
                QVERIFY2(widget->focusPolicy() != Qt::NoFocus, qPrintable(widget->accessibleName()));
            }
    }

    void fitsASmallScreen()
    {
        Desk desk;
        desk.openExample();
        desk.window.resize(1280, 720);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        QCOMPARE(desk.window.size(), QSize(1280, 720));
    }
};

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
