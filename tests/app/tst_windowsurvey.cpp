// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/edits.h"
#include "app/figureexporter.h"
#include "app/surveypanel.h"
#include "tests/app/boundarybench.h"

#include <QAbstractItemModel>
#include <QCheckBox>
#include <QComboBox>
#include <QSpinBox>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QUndoStack>

#include <algorithm>

using namespace brink;
using namespace brink::test;

namespace {

/// The panel of many images in sight, with few of them.
struct SurveyBench : Bench {
    [[nodiscard]] bool openSurvey(SurveyKind kind, int images = 12, int pairs = 6)
    {
        if (!open())
            return false;
        space().tabs()->setCurrentWidget(&panel());
        BoundaryChoices choices = room().desk().choices();
        choices.survey.kind = kind;
        choices.survey.images = images;
        choices.survey.pairs = pairs;
        room().desk().setChoices(choices);
        return QTest::qWaitFor([this, kind] { return page(kind).isVisible(); }, limitMs);
    }
    [[nodiscard]] SurveyPanel& panel() { return *space().survey(); }
    [[nodiscard]] SurveyPage& page(SurveyKind kind) { return *panel().page(kind); }
    [[nodiscard]] SurveyDesk& surveys() { return room().surveys().desk(); }
    [[nodiscard]] ViewState state() { return surveys().state(desk.session.classifier()->sha256(), room().desk().choices().survey); }
    [[nodiscard]] bool measure()
    {
        press(QStringLiteral("Measure"));
        return QTest::qWaitFor([this] { return state() == ViewState::Complete && !surveys().running() && canMeasure(); }, limitMs);
    }
    /// The panel knows that nothing runs any more.
    [[nodiscard]] bool canMeasure()
    {
        const auto buttons = panel().findChildren<QAbstractButton*>();
        return std::ranges::any_of(buttons, [](const QAbstractButton* button) { return button->accessibleName() == QStringLiteral("Measure many images") && button->isEnabled(); });
    }
    [[nodiscard]] const ModelSurveys& current() { return surveys().of(desk.session.classifier()->sha256()); }
};

} // namespace

class TestWindowSurvey : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { prepareApplication(); }

    // Every part of every kind shows something once it is measured, and each figure can be exported.
    void everyKind_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("rows");
        QTest::addRow("curvature") << int(SurveyKind::Curvature) << 12;
        QTest::addRow("regions") << int(SurveyKind::Regions) << 6;
        QTest::addRow("detection") << int(SurveyKind::Detection) << 12;
    }
    void everyKind()
    {
        QFETCH(const int, kind);
        QFETCH(const int, rows);
        const auto wanted = SurveyKind(kind);
        SurveyBench bench;
        QVERIFY(bench.openSurvey(wanted));
        SurveyPage& page = bench.page(wanted);
        for (const FigurePane* pane : page.panes())
            QVERIFY(!bench.desk.window.exporter().shown(pane->name()));
        QVERIFY(bench.measure());
        const QTemporaryDir folder;
        for (int part = 0; part < int(page.panes().size()); ++part) {
            page.showPart(part);
            const FigurePane* pane = page.panes()[std::size_t(part)];
            QTRY_VERIFY_WITH_TIMEOUT(pane->figure() && pane->isVisible(), limitMs);
            const auto shown = bench.desk.window.exporter().shown(pane->name());
            QVERIFY(shown);
            ExportChoice choice;
            for (const char* format : {"pdf", "svg", "png", "csv"}) {
                choice.format = QLatin1String(format);
                const QString path = folder.filePath(QStringLiteral("%1.%2").arg(QString::fromStdString(pane->name()), choice.format));
                bench.desk.window.exporter().save(*shown, choice, path);
                QVERIFY2(QFile(path).size() > 500, qPrintable(path));
            }
        }
        page.showPart(int(page.panes().size()));
        QTRY_VERIFY_WITH_TIMEOUT(!page.findings()->statements().empty(), limitMs);
        page.showPart(int(page.panes().size()) + 1);
        QTRY_COMPARE_WITH_TIMEOUT(page.images()->model()->rowCount(), rows, limitMs);
    }

    // The same numbers as the survey run by itself: the window adds nothing.
    void equalsTheSurvey()
    {
        SurveyBench bench;
        QVERIFY(bench.openSurvey(SurveyKind::Regions));
        QVERIFY(bench.measure());
        SurveyImages images{bench.desk.session.dataset(), {}, {}};
        for (std::int64_t i = 0; i < 12; ++i)
            images.indices.push_back(i); // the example's net is right about all of them
        PlainMonitor monitor;
        const RegionSurvey expected = surveyRegions(bench.desk.session.classifier(), images, {.pairs = 6, .seed = bench.desk.session.settings().seed}, monitor);
        const RegionSurvey& shown = *bench.current().regions.survey;
        QCOMPARE(shown.paths.size(), expected.paths.size());
        for (std::size_t i = 0; i < shown.paths.size(); ++i) {
            QCOMPARE(shown.paths[i].fromIndex, expected.paths[i].fromIndex);
            QCOMPARE(shown.paths[i].toIndex, expected.paths[i].toIndex);
            QCOMPARE(shown.paths[i].smallestMargin, expected.paths[i].smallestMargin);
        }
    }

    // Scale and spectrum are the user's; what was measured with others is stale.
    void curvatureIsMeasuredAsAsked()
    {
        SurveyBench bench;
        QVERIFY(bench.openSurvey(SurveyKind::Curvature, 3));
        QVERIFY(bench.measure());
        QVERIFY(bench.current().curvature.survey->images.front().result->profile.empty());
        QDoubleSpinBox* scale = nullptr;
        for (auto* box : bench.panel().findChildren<QDoubleSpinBox*>())
            if (box->accessibleName() == QStringLiteral("Scale of the differences"))
                scale = box;
        QCheckBox* full = nullptr;
        for (auto* box : bench.panel().findChildren<QCheckBox*>())
            if (box->accessibleName() == QStringLiteral("All principal curvatures"))
                full = box;
        QVERIFY(scale && full && scale->isVisible() && full->isVisible());
        scale->setValue(1.5);
        QCOMPARE(bench.state(), ViewState::Stale);
        full->setChecked(true);
        QVERIFY(bench.measure());
        const CurvatureResult& result = *bench.current().curvature.survey->images.front().result;
        QCOMPARE(result.step, 1.5); // two edits in a row are both kept
        QCOMPARE(std::int64_t(result.profile.size()), bench.current().curvature.survey->dimension() - 1);
        BoundaryChoices other = bench.room().desk().choices();
        other.survey.kind = SurveyKind::Detection; // they are nothing to other kinds
        bench.room().desk().setChoices(other);
        QTRY_VERIFY(!scale->isVisible() && !full->isVisible());
    }

    // A row opens its image; the other one of a pair becomes the goal of Path.
    void aRowOpensItsImage()
    {
        SurveyBench bench;
        QVERIFY(bench.openSurvey(SurveyKind::Regions));
        QVERIFY(bench.measure());
        SurveyPage& page = bench.page(SurveyKind::Regions);
        page.showPart(2);
        const auto& paths = bench.current().regions.survey->paths;
        const auto other = std::ranges::find_if(paths, [](const RegionPath& path) { return path.fromIndex != 0; });
        QVERIFY(other != paths.end());
        QTRY_VERIFY_WITH_TIMEOUT(page.images()->model()->rowCount() > 0, limitMs);
        for (int row = 0; row < page.images()->model()->rowCount(); ++row) {
            const QModelIndex index = page.images()->model()->index(row, 0);
            if (index.data(ResultTableModel::KeyRole).toString() == QStringLiteral("%1 %2").arg(other->fromIndex).arg(other->toIndex))
                QTest::mouseClick(page.images()->viewport(), Qt::LeftButton, {}, page.images()->visualRect(index).center());
        }
        QTRY_VERIFY_WITH_TIMEOUT(bench.desk.session.image()->index == other->fromIndex, limitMs);
        QCOMPARE(bench.room().desk().choices().partner, other->toIndex);
        // The survey is about the set, not about the image.
        QCOMPARE(bench.state(), ViewState::Complete);
        QVERIFY(bench.isComplete());
    }

    void aSecondModelStandsBeside()
    {
        SurveyBench bench;
        QVERIFY(bench.openSurvey(SurveyKind::Curvature));
        bench.desk.controller.openFiles({findExamples().models.at(1)});
        QTRY_COMPARE_WITH_TIMEOUT(bench.desk.session.models().size(), std::size_t(2), limitMs);
        auto* beside = bench.panel().findChildren<QComboBox*>().first();
        QTRY_COMPARE_WITH_TIMEOUT(beside->count(), 2, limitMs);
        QVERIFY(bench.measure());
        SurveyPage& page = bench.page(SurveyKind::Curvature);
        QTRY_VERIFY_WITH_TIMEOUT(page.panes().front()->figure().has_value(), limitMs);
        const auto alone = page.panes().front()->figure()->panels.front().layers.size();
        const auto first = bench.current().curvature.survey;
        beside->setCurrentIndex(1);
        Q_EMIT beside->activated(1);
        bench.press(QStringLiteral("Measure"));
        QTRY_VERIFY_WITH_TIMEOUT(page.panes().front()->figure()->panels.front().layers.size() > alone, limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.surveys().running(), limitMs);
        QCOMPARE(bench.current().curvature.survey, first); // known already
        QVERIFY(bench.surveys().of(beside->currentData().toString().toStdString()).curvature.survey);
    }

    void stopKeepsWhatIsThere()
    {
        SurveyBench bench;
        QVERIFY(bench.openSurvey(SurveyKind::Curvature, 100));
        bench.press(QStringLiteral("Measure"));
        QTRY_VERIFY_WITH_TIMEOUT(bench.current().curvature.survey != nullptr, limitMs); // the first picture
        QCOMPARE(bench.state(), ViewState::Running);
        bench.press(QStringLiteral("Stop"));
        QTRY_COMPARE_WITH_TIMEOUT(bench.state(), ViewState::Partial, limitMs);
        QVERIFY(!bench.current().curvature.survey->images.empty());
        QVERIFY(bench.current().curvature.survey->partial);
        // Other choices: what is in sight answers another question, and says so.
        for (auto* count : bench.panel().findChildren<QSpinBox*>())
            if (count->accessibleName() == QStringLiteral("Images of the survey"))
                count->setValue(30);
        QTRY_COMPARE_WITH_TIMEOUT(bench.state(), ViewState::Stale, limitMs);
        bench.desk.window.actions().undo->trigger();
        QCOMPARE(bench.state(), ViewState::Partial);
    }

    void failureIsOneSentence()
    {
        SurveyBench bench;
        QVERIFY(bench.openSurvey(SurveyKind::Regions, 2)); // a ring and a square
        bench.press(QStringLiteral("Measure"));
        QTRY_COMPARE_WITH_TIMEOUT(bench.state(), ViewState::Failed, limitMs);
        QVERIFY(bench.surveys().failure({bench.desk.session.classifier()->sha256(), SurveyKind::Regions}).contains(QStringLiteral("classified alike")));
    }

    void anotherSetBeginsEmpty()
    {
        SurveyBench bench;
        QVERIFY(bench.openSurvey(SurveyKind::Regions));
        QVERIFY(bench.measure());
        const QTemporaryDir folder;
        QImage picture(28, 28, QImage::Format_Grayscale8);
        picture.fill(128);
        QVERIFY(picture.save(folder.filePath(QStringLiteral("grey.png"))));
        bench.desk.controller.openImages(folder.filePath(QStringLiteral("grey.png")));
        QTRY_VERIFY_WITH_TIMEOUT(bench.desk.session.dataset()->size() == 1, limitMs);
        QCOMPARE(bench.state(), ViewState::Empty);
    }
};

QTEST_MAIN(TestWindowSurvey)
#include "tst_windowsurvey.moc"
