// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figureexport.h"
#include "app/figurepane.h"
#include "app/filedrops.h"
#include "app/inspectworkspace.h"
#include "app/parameterspanel.h"
#include "tests/app/desk.h"
#include "widgets/controls/messagebar.h"
#include "widgets/controls/thumbnaillist.h"
#include "widgets/controls/uitheme.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAction>
#include <QDialog>
#include <QDockWidget>
#include <QDropEvent>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace brink;
using namespace brink::test;

namespace {

/// Drops a file on a widget. QApplication hands drops only to the target of a drag of its own, so this goes without it.
bool isDropTaken(Desk& desk, QObject& target, const QString& path)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDropEvent drop(QPointF(4, 3), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    return desk.window.drops().eventFilter(&target, &drop);
}

bool isInScrollArea(const QWidget* widget)
{
    for (; widget; widget = widget->parentWidget())
        if (qobject_cast<const QAbstractScrollArea*>(widget))
            return true;
    return false;
}

} // namespace

class TestWindow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareApplication();
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

        QVERIFY(isDropTaken(desk, desk.window, file.fileName()));
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.messages()->sentences().size(), 1, limitMs);
        QVERIFY2(desk.window.messages()->sentences().first().contains(name), qPrintable(desk.window.messages()->sentences().first()));
        QCOMPARE(desk.session.dataset(), dataset);
        QCOMPARE(desk.session.models().size(), std::size_t(1));
        QVERIFY(desk.isComplete());
    }

    void filesAreTakenWhereverTheyAreDropped()
    {
        Desk desk;
        desk.window.show();
        const Examples examples = findExamples();
        QVERIFY(isDropTaken(desk, *desk.window.views().parameters->findChild<QLineEdit*>(), examples.models.first()));
        auto* dock = desk.window.findChild<QDockWidget*>(QStringLiteral("images"));
        dock->setFloating(true);
        QVERIFY(dock->acceptDrops());
        QVERIFY(isDropTaken(desk, *desk.window.views().images, examples.images));
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.classifier() && desk.session.image(), limitMs);
        QDialog dialog(&desk.window);
        QLineEdit inDialog(&dialog);
        QVERIFY2(!isDropTaken(desk, inDialog, examples.images), "a dialog's field takes the path as text");
        dock->setFloating(false);
    }

    void everyFigureHasItsPlace()
    {
        Desk desk;
        QStringList names;
        for (const FigurePane* pane : desk.window.views().inspect->panes())
            names << QString::fromStdString(pane->name());
        for (const FigureInfo& info : figureInfos())
            QVERIFY2(names.contains(QString::fromStdString(info.name)) || info.name == "trio", info.name.c_str()); // the trio is shown as pictures
    }

    void layoutIsRememberedAndReset()
    {
        const auto isImagesHidden = [](Desk& desk) { return desk.window.findChild<QDockWidget*>(QStringLiteral("images"))->isHidden(); };
        {
            Desk desk;
            desk.window.show();
            QTest::qWait(50); // the docks are laid out once the window is shown
            QVERIFY(!isImagesHidden(desk));
            desk.window.findChild<QDockWidget*>(QStringLiteral("images"))->hide();
            QVERIFY(desk.window.close());
        }
        Desk desk;
        desk.window.show();
        QTRY_VERIFY(isImagesHidden(desk));
        desk.window.actions().resetLayout->trigger();
        QVERIFY(!isImagesHidden(desk));
        QVERIFY(desk.window.close());
    }

    void themeIsSwitchedAndRemembered()
    {
        Desk desk;
        desk.window.show();
        desk.window.actions().themes.at(ThemeChoice::Dark)->trigger();
        QVERIFY(isDark(QApplication::palette()));
        QCOMPARE(Settings().theme(), ThemeChoice::Dark);
        desk.window.actions().themes.at(ThemeChoice::Light)->trigger();
        QVERIFY(!isDark(QApplication::palette()));
        desk.window.actions().themes.at(ThemeChoice::System)->trigger();
        QCOMPARE(Settings().theme(), ThemeChoice::System);
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
        desk.startLongRun();
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
        desk->startLongRun();
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

    void fitsItsScreen_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addRow("small") << QSize(1280, 720);
        QTest::addRow("usual") << QSize(1440, 900);
        QTest::addRow("large") << QSize(1920, 1080);
    }
    void fitsItsScreen()
    {
        QFETCH(QSize, size);
        Desk desk;
        desk.window.resize(size);
        desk.openExample();
        QCOMPARE(desk.window.size(), size);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && desk.scheduler.isIdle(), limitMs);
        QTest::qWait(100); // redraw and layout of what came last
        QCOMPARE(desk.window.size(), size);
        for (const QWidget* widget : desk.window.findChildren<QWidget*>()) {
            const auto* label = qobject_cast<const QLabel*>(widget);
            const bool isText = qobject_cast<const QAbstractButton*>(widget) || (label && !label->wordWrap());
            // What may be shortened says so by its policy, and has a tool tip.
            if (!isText || !widget->isVisible() || widget->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored)
                continue;
            const QString name = label ? label->text() : qobject_cast<const QAbstractButton*>(widget)->text();
            const QString where = QStringLiteral("\"%1\" is %2 wide and needs %3").arg(name).arg(widget->width()).arg(widget->sizeHint().width());
            QVERIFY2(widget->width() >= widget->minimumSizeHint().width() && widget->width() >= widget->fontMetrics().horizontalAdvance(name), qPrintable(where));
            QVERIFY2(widget->height() >= widget->fontMetrics().height() || name.isEmpty(), qPrintable(where));
            if (widget->window() == &desk.window && !isInScrollArea(widget))
                QVERIFY2(desk.window.rect().contains(QRect(widget->mapTo(&desk.window, QPoint()), widget->size())), qPrintable(where));
        }
    }
};

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
