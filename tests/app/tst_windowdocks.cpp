// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/edits.h"
#include "app/imagebrowser.h"
#include "app/modelpresenter.h"
#include "app/workspacetabs.h"
#include "tests/app/desk.h"
#include "widgets/controls/actionlist.h"
#include "widgets/controls/checkchips.h"
#include "widgets/controls/imagespanel.h"
#include "widgets/controls/logdialog.h"
#include "widgets/controls/messagebar.h"
#include "widgets/controls/modellist.h"
#include "widgets/controls/modelspanel.h"
#include "widgets/controls/resulttable.h"
#include "widgets/controls/thumbnaillist.h"
#include "widgets/controls/tourpanel.h"
#include "widgets/controls/uitheme.h"

#include <QAbstractButton>
#include <QAction>
#include <QButtonGroup>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSet>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUndoStack>

#include <algorithm>

using namespace brink;
using namespace brink::test;

namespace {

/// A desk whose analyses are over at once.
struct QuickDesk : Desk {
    QuickDesk()
    {
        AnalysisSettings quick = standardSettings(Norm::L2, Preset::Preview);
        quick.computesClever = false;
        quick.randomDirections = 0;
        for (AttackChoice& attack : quick.attacks)
            attack.isChosen = attack.name == "fgsm";
        session.setSettings(quick);
    }
    bool openAll()
    {
        const Examples examples = findExamples();
        return open(QStringList{examples.images} + examples.models);
    }
    bool open(const QStringList& paths)
    {
        controller.openFiles(paths);
        window.show();
        return QTest::qWaitFor([this] { return isComplete() && controller.predictions().isComplete(); }, limitMs);
    }
    [[nodiscard]] QLineEdit* cardField(const QString& name) const
    {
        for (auto* line : window.findChild<CardEditor*>()->findChildren<QLineEdit*>())
            if (line->accessibleName() == name)
                return line;
        return nullptr;
    }
};

void typeInto(QLineEdit* line, const QString& text)
{
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
}

/// A model of its own folder, so that a card can be written beside it.
QString copiedModel(const QTemporaryDir& folder)
{
    const QString path = folder.filePath(QStringLiteral("mine.pt"));
    QFile::copy(findExamples().models.first(), path);
    return path;
}

} // namespace

/// The docks as a user works with them.
class TestWindowDocks : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareApplication();
        QVERIFY(findExamples().isComplete());
    }
    void init() { QSettings().clear(); }

    void triageByKeyboard()
    {
        QuickDesk desk;
        QVERIFY(desk.openAll());
        const auto mlp = std::ranges::find_if(desk.session.models(), [](const LoadedModel& model) { return model.classifier->card().name == "mlp"; });
        QVERIFY(mlp != desk.session.models().end());
        desk.window.edits().pickModel(int(mlp - desk.session.models().begin()));
        QTRY_VERIFY_WITH_TIMEOUT(desk.controller.predictions().isComplete(), limitMs);
        const Accuracy accuracy = *desk.controller.predictions().accuracy(desk.session.classifier());
        QVERIFY2(accuracy.right < accuracy.labelled, "the MLP of the example gets some images wrong");
        QTRY_VERIFY(desk.window.actions().nextWrong->isEnabled());
        QTest::keyClick(&desk.window, Qt::Key_Right, Qt::AltModifier | Qt::ShiftModifier);
        const auto first = desk.session.imageIndex();
        QVERIFY(first > 0);
        QVERIFY((*desk.controller.predictions().current())[std::size_t(first)].isWrong());
        QCOMPARE(desk.window.views().images->list()->currentImage(), int(first));
        QTest::keyClick(&desk.window, Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(desk.session.imageIndex(), first + 1);
        QTest::keyClick(&desk.window, Qt::Key_Left, Qt::AltModifier | Qt::ShiftModifier);
        QCOMPARE(desk.session.imageIndex(), first);
        // With a filter the steps stay among what is shown.
        auto* filter = desk.window.views().images->findChild<QComboBox*>();
        filter->setFocus();
        filter->setCurrentIndex(filter->findText(QStringLiteral("wrong")));
        Q_EMIT filter->activated(filter->currentIndex());
        QCOMPARE(desk.window.views().images->countText(), QStringLiteral("%1 of 100").arg(accuracy.labelled - accuracy.right));
        QCOMPARE(desk.window.views().images->list()->thumbnails()->rowCount(), int(accuracy.labelled - accuracy.right));
    }

    void theModelsDockShowsAccuracyAndChecks()
    {
        QuickDesk desk;
        QVERIFY(desk.openAll());
        QTRY_VERIFY_WITH_TIMEOUT(desk.scheduler.isIdle(), limitMs);
        const auto* model = desk.window.views().models->model();
        QCOMPARE(model->rowCount(), int(findExamples().models.size()));
        for (int row = 0; row < model->rowCount(); ++row) {
            QVERIFY2(model->index(row, 0).data(ModelListModel::ValueRole).toString().endsWith(QStringLiteral(" %")), "the share right");
            QCOMPARE(model->index(row, 0).data(ModelListModel::ValueNoteRole).toString(), QStringLiteral("of 100"));
        }
        CheckChips* checks = desk.window.views().modelsPanel->checks();
        QCOMPARE(checks->chips().size(), 7);
        for (const CheckChip& chip : checks->chips()) {
            QVERIFY2(chip.grade != StatusBadge::Grade::Neutral, qPrintable(chip.name));
            QVERIFY2(!chip.finding.isEmpty() && chip.help.contains(chip.name), qPrintable(chip.name));
        }
    }

    void theCardIsEditedWithLiveEffectSavedAndReverted()
    {
        const QTemporaryDir folder;
        QuickDesk desk;
        QVERIFY(desk.open({findExamples().images, copiedModel(folder)}));
        const auto before = desk.session.result()->logits;
        desk.window.actions().modelCard->trigger();
        auto* editor = desk.window.findChild<CardEditor*>();
        QVERIFY(editor && editor->isVisible());
        QVERIFY2(editor->predictionText().contains(QStringLiteral("image 0")), qPrintable(editor->predictionText()));
        // Another range changes what the model sees, and so its prediction.
        typeInto(desk.cardField(QStringLiteral("Value for white")), QStringLiteral("-1"));
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.classifier()->card().range[1] == -1 && desk.isComplete() && desk.session.result()->logits != before, limitMs);
        QCOMPARE(desk.session.models().size(), std::size_t(1));
        QTRY_VERIFY_WITH_TIMEOUT(editor->statusText().contains(QStringLiteral("not saved")), limitMs);
        // What cannot be used is marked and leaves the model alone.
        typeInto(desk.cardField(QStringLiteral("Value for white")), QStringLiteral("x"));
        QVERIFY(desk.cardField(QStringLiteral("Value for white"))->property("invalid").toBool());
        QVERIFY(desk.cardField(QStringLiteral("Value for white"))->accessibleDescription().contains(QStringLiteral("\"x\"")));
        QCOMPARE(desk.session.classifier()->card().range[1], -1.0);
        typeInto(desk.cardField(QStringLiteral("Value for white")), QStringLiteral("0.5"));
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.classifier()->card().range[1] == 0.5, limitMs);
        for (auto* button : editor->findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Save card"))
                button->click();
        QVERIFY(QFileInfo::exists(folder.filePath(QStringLiteral("mine.card.json"))));
        QCOMPARE(loadModelCard(folder.filePath(QStringLiteral("mine.pt")).toStdString()).range[1], 0.5);
        typeInto(desk.cardField(QStringLiteral("Value for white")), QStringLiteral("3"));
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.classifier()->card().range[1] == 3, limitMs);
        for (auto* button : editor->findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Revert"))
                button->click();
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.classifier()->card().range[1] == 0.5, limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(desk.cardField(QStringLiteral("Value for white"))->text(), QStringLiteral("0.5"), limitMs);
    }

    void theLogHasTheWholeCostOfAnAnalysis()
    {
        QuickDesk desk;
        QVERIFY(desk.openAll());
        desk.window.actions().run->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && !desk.controller.isRunning(), limitMs);
        const EvaluationCounts counts = desk.session.result()->counts;
        desk.window.actions().jobLog->trigger();
        const auto* log = desk.window.findChild<LogDialog*>();
        QTRY_VERIFY2(log->text().contains(QStringLiteral(", %1 forwards, %2 backwards").arg(counts.forwards).arg(counts.backwards)), qPrintable(log->text()));
    }

    void undoFromTheMenuSaysWhat()
    {
        QuickDesk desk;
        QVERIFY(desk.openAll());
        const Actions& actions = desk.window.actions();
        QVERIFY(!actions.undo->isEnabled());
        actions.norms.at(Norm::Linf)->trigger();
        QVERIFY2(actions.undo->text().contains(QStringLiteral("L∞")), qPrintable(actions.undo->text()));
        actions.nextImage->trigger();
        QCOMPARE(actions.undo->text(), QStringLiteral("Undo choosing image 1"));
        QTest::keyClick(&desk.window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(desk.session.imageIndex(), 0);
        QTest::keyClick(&desk.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(desk.session.imageIndex(), 1);
        desk.window.edits().stack()->setIndex(0);
        QCOMPARE(desk.session.norm(), Norm::L2);
    }

    void theActionListFindsAndDoes()
    {
        QuickDesk desk;
        QVERIFY(desk.openAll());
        QTest::keyClick(&desk.window, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        auto* list = desk.window.findChild<ActionList*>();
        QVERIFY(list->isVisible());
        QVERIFY(list->shownActions().size() > 40);
        auto* field = list->findChild<QLineEdit*>();
        QTest::keyClicks(field, QStringLiteral("next im"));
        QCOMPARE(list->shownActions().first(), QStringLiteral("Next image"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(desk.session.imageIndex(), 1);
    }

    void recentFilesAreListedAndMissingOnesLeave()
    {
        const QTemporaryDir folder;
        const QString path = copiedModel(folder);
        QuickDesk desk;
        QVERIFY(desk.open({findExamples().images, path}));
        QMenu* recent = desk.window.actions().recentModels;
        QCOMPARE(recent->actions().first()->text(), QStringLiteral("mine.pt"));
        QVERIFY2(!desk.window.actions().recentImages->actions().last()->isEnabled(), "the built-in example is not a recent file");
        QVERIFY(QFile::remove(path));
        recent->actions().first()->trigger();
        QTRY_COMPARE(desk.window.messages()->sentences().size(), 1);
        QVERIFY(desk.window.messages()->sentences().first().contains(QStringLiteral("mine.pt")));
        QVERIFY(recent->actions().first()->text() != QStringLiteral("mine.pt"));
    }

    /// It speaks of Inspect: from elsewhere it goes there, and it waits while something else is in sight.
    void theTourPointsAtItsThreePlaces()
    {
        QuickDesk desk;
        QVERIFY(desk.openAll());
        QVERIFY(!Settings().isTourSeen());
        desk.window.tabs().showWorkspace(QStringLiteral("trust"));
        desk.window.actions().tour->trigger();
        QCOMPARE(desk.window.tabs().workspace(), QStringLiteral("inspect"));
        auto* tour = desk.window.findChild<TourPanel*>();
        QVERIFY(tour->isVisible());
        desk.window.tabs().showWorkspace(QStringLiteral("study"));
        QVERIFY(!tour->isVisible());
        desk.window.tabs().showWorkspace(QStringLiteral("inspect"));
        QVERIFY(tour->isVisible());
        for (int step = 0; step < 3; ++step) {
            QCOMPARE(tour->step(), step);
            QVERIFY(desk.window.rect().contains(tour->geometry()));
            for (auto* button : tour->findChildren<QPushButton*>())
                if (button->text() == (step < 2 ? QStringLiteral("Next") : QStringLiteral("Done"))) {
                    button->click();
                    break;
                }
        }
        QVERIFY(!tour->isVisible());
        QVERIFY(Settings().isTourSeen());
    }

    void docksFloatAreRememberedAndReset_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"models", "images", "parameters", "jobs"})
            QTest::addRow("%s", name) << QString::fromLatin1(name);
    }
    void docksFloatAreRememberedAndReset()
    {
        QFETCH(QString, name);
        {
            QuickDesk desk;
            desk.window.show();
            QTest::qWait(50); // the docks are laid out once the window is shown
            auto* dock = desk.window.findChild<QDockWidget*>(name);
            QVERIFY(dock->features().testFlag(QDockWidget::DockWidgetFloatable) && dock->features().testFlag(QDockWidget::DockWidgetClosable));
            dock->setFloating(true);
            QVERIFY(dock->isWindow() && dock->isVisible());
            QVERIFY2(dock->widget()->isVisible(), "the content floats with it");
            QVERIFY(desk.window.close());
        }
        QuickDesk desk;
        desk.window.show();
        auto* dock = desk.window.findChild<QDockWidget*>(name);
        QTRY_VERIFY(dock->isFloating());
        desk.window.actions().resetLayout->trigger();
        QVERIFY(!dock->isFloating() && dock->isVisible());
        QVERIFY(desk.window.close());
    }

    /// Nothing that can be used or that shows a number is without a name, and nothing that can be used is out of reach.
    void everythingHasANameAndIsInReach()
    {
        QuickDesk desk;
        QVERIFY(desk.openAll());
        const auto isInner = [](const QWidget* widget) {
            return widget->objectName().startsWith(QStringLiteral("qt_")) || widget->inherits("QScrollBar") || widget->inherits("QMenu")
                || widget->inherits("QHeaderView") || widget->inherits("QComboBoxPrivateContainer");
        };
        int checked = 0;
        for (const QWidget* widget : desk.window.findChildren<QWidget*>()) {
            if (!widget->isVisible() || isInner(widget) || widget->window() != &desk.window)
                continue;
            const auto* label = qobject_cast<const QLabel*>(widget);
            const bool showsNumber = label && label->text().contains(QRegularExpression(QStringLiteral("\\d")));
            const bool isButton = qobject_cast<const QAbstractButton*>(widget);
            const bool isControl = isButton || widget->inherits("QComboBox") || widget->inherits("QLineEdit") || widget->inherits("QAbstractSpinBox")
                || widget->inherits("QAbstractItemView") || widget->inherits("QTabBar");
            const QString where = QStringLiteral("%1 \"%2\" in %3")
                                      .arg(QLatin1String(widget->metaObject()->className()), label ? label->text() : widget->toolTip(),
                                          QLatin1String(widget->parentWidget()->metaObject()->className()));
            const bool isFocusable = widget->focusPolicy() != Qt::NoFocus && widget->isEnabled();
            const QString name = widget->accessibleName().isEmpty() && isButton ? qobject_cast<const QAbstractButton*>(widget)->text() : widget->accessibleName();
            // A label is read with its own text.
            if ((isControl || showsNumber) && !label)
                QVERIFY2(!name.isEmpty() || widget->inherits("QTabBar"), qPrintable(where + QStringLiteral(" has no accessible name")));
            if (isControl && widget->isEnabled() && !qobject_cast<const QLineEdit*>(widget->focusProxy())) {
                const bool isInSpinBox = widget->parentWidget()->inherits("QAbstractSpinBox") || widget->parentWidget()->inherits("QComboBox");
                QVERIFY2(isFocusable || isInSpinBox, qPrintable(where + QStringLiteral(" cannot be reached by keyboard")));
            }
            checked += isControl || showsNumber;
        }
        QVERIFY2(checked > 60, qPrintable(QString::number(checked)));
    }

    /// Presses Tab until the focus comes back. Other members of a group than the chosen one are reached
    /// by arrows.
    void tabWalksThroughEverything()
    {
        QuickDesk desk;
        QVERIFY(desk.openAll());
        desk.window.resize(1440, 900);
        desk.window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        const auto isTabStop = [&desk](const QWidget* widget) {
            return widget->isVisibleTo(&desk.window) && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) != 0 && !widget->focusProxy();
        };
        for (int tab = 0; tab < desk.window.tabs().count(); ++tab) {
            desk.window.tabs().setCurrentIndex(tab);
            QTest::qWait(50);
            QSet<const QWidget*> reached;
            constexpr int most = 600;
            for (int presses = 0; presses < most; ++presses) {
                QWidget* focus = QApplication::focusWidget() ? QApplication::focusWidget() : &desk.window;
                if (reached.contains(focus))
                    break;
                reached.insert(focus);
                QTest::keyClick(focus, Qt::Key_Tab);
            }
            QStringList missed;
            for (const QWidget* widget : desk.window.findChildren<QWidget*>()) {
                const auto* button = qobject_cast<const QAbstractButton*>(widget);
                const bool isByArrow = button && button->group() && button->group()->exclusive() && !button->isChecked();
                if (isTabStop(widget) && !isByArrow && !reached.contains(widget))
                    missed << QStringLiteral("%1 \"%2\"").arg(QLatin1String(widget->metaObject()->className()), widget->accessibleName());
            }
            qInfo("tab %d: %d stops", tab, int(reached.size()));
            QVERIFY(reached.size() > 20);
            QVERIFY2(missed.isEmpty(), qPrintable(QStringLiteral("tab %1: %2").arg(tab).arg(missed.join(QStringLiteral(", ")))));
        }
    }

    void everyActionHasATextAndAToolTipAndNoShortcutTwice()
    {
        QuickDesk desk;
        desk.window.show();
        QStringList shortcuts;
        for (const QAction* action : desk.window.findChildren<QAction*>()) {
            if (action->isSeparator() || action->text().isEmpty())
                continue;
            QVERIFY2(!action->toolTip().isEmpty(), qPrintable(action->text()));
            for (const QKeySequence& shortcut : action->shortcuts()) {
                QVERIFY2(!shortcuts.contains(shortcut.toString()), qPrintable(action->text() + QLatin1Char(' ') + shortcut.toString()));
                shortcuts << shortcut.toString();
            }
        }
        QVERIFY(shortcuts.size() > 18);
    }

    void everyDockIsOneShortcutAway_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<QString>("name");
        QTest::addRow("models") << int(Qt::Key_1) << "models";
        QTest::addRow("images") << int(Qt::Key_2) << "images";
        QTest::addRow("parameters") << int(Qt::Key_4) << "parameters";
        QTest::addRow("jobs") << int(Qt::Key_5) << "jobs";
    }
    void everyDockIsOneShortcutAway()
    {
        QFETCH(int, key);
        QFETCH(QString, name);
        QuickDesk desk;
        QVERIFY(desk.openAll());
        auto* dock = desk.window.findChild<QDockWidget*>(name);
        dock->hide();
        QTest::keyClick(&desk.window, Qt::Key(key), Qt::ControlModifier);
        QVERIFY(dock->isVisible());
        QWidget* focus = desk.window.focusWidget();
        QVERIFY2(focus && dock->isAncestorOf(focus), focus ? focus->metaObject()->className() : "no focus");
    }

    void aChangeOfTheSystemsThemeIsFollowedOnlyWhenWanted()
    {
        QuickDesk desk;
        desk.window.show();
        for (const ThemeChoice choice : {ThemeChoice::System, ThemeChoice::Dark}) {
            desk.window.actions().themes.at(choice)->trigger();
            QEvent change(QEvent::ThemeChange);
            QCoreApplication::sendEvent(&desk.window, &change);
            QTest::qWait(50);
            // The off-screen system is light, and what the look took away is back.
            QCOMPARE(isDark(QApplication::palette()), choice == ThemeChoice::Dark);
            QCOMPARE(QApplication::palette().color(QPalette::Link), uiColours(choice == ThemeChoice::Dark).accent);
        }
        desk.window.actions().themes.at(ThemeChoice::System)->trigger();
        QVERIFY(!isDark(QApplication::palette()));
    }

    void everyViewOfNumbersHasADefinition()
    {
        QuickDesk desk;
        QVERIFY(desk.openAll());
        for (const ResultTable* table : desk.window.findChildren<ResultTable*>())
            QVERIFY2(table->whatsThis().size() > 100, qPrintable(table->accessibleName()));
        for (const QWidget* view : {static_cast<QWidget*>(desk.window.views().models), static_cast<QWidget*>(desk.window.views().images)})
            QVERIFY2(view->whatsThis().size() > 100, qPrintable(view->accessibleName()));
        // Whatever shows a figure answers itself, or what it stands in does.
        for (const QWidget* widget : desk.window.findChildren<QWidget*>()) {
            const auto* label = qobject_cast<const QLabel*>(widget);
            const bool showsNumber = label && label->isVisible() && label->text().contains(QRegularExpression(QStringLiteral("\\d")));
            const QWidget* answering = widget;
            while (answering && answering->whatsThis().isEmpty())
                answering = answering->parentWidget();
            QVERIFY2(!showsNumber || answering, qPrintable(label ? label->text() : QString()));
        }
        for (const QToolButton* chip : desk.window.views().modelsPanel->checks()->buttons())
            QVERIFY2(chip->whatsThis().size() > 50, qPrintable(chip->text()));
    }
};

QTEST_MAIN(TestWindowDocks)
#include "tst_windowdocks.moc"
