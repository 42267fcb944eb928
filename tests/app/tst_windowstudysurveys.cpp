// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Surveys of the decision boundary in the Study workspace: chosen, picked by model, exported, an image of them opened.
#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/session.h"
#include "app/studycertifiedpage.h"
#include "app/studysurveypage.h"
#include "app/surveypanel.h"
#include "core/store/studyrun.h"
#include "tests/app/cli/program.h"
#include "tests/app/studybench.h"
#include "widgets/controls/resulttable.h"
#include "widgets/plot/figureview.h"

#include <QComboBox>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace brink;
using namespace brink::test;

namespace {

Study surveyStudy()
{
    const Examples examples = findExamples();
    const std::string folder = QFileInfo(examples.models[0]).path().toStdString(); // not all of them can be certified: one has a clamp
    return studyFromJson({{"name", "surveys"}, {"models", {folder + "/cnn.pt", folder + "/mlp.pt"}}, {"images", examples.images.toStdString() + "#0:40"},
                             {"analyses",
                                 {{{"attack", "fgsm"}, {"norm", "linf"}, {"set", {{"eps", 0.05}}}},
                                     {{"boundary", "curvature"}, {"images", 12}, {"set", {{"lanczos-steps", 12}, {"directions", 2}, {"probes", 3}, {"subspace", 2}, {"noise-draws", 3}}}},
                                     {{"boundary", "detection"}, {"images", 24}, {"set", {{"attacks", "deepfool"}, {"scales", "1+3"}, {"probes", 2}, {"other-classes", 3}}}},
                                     {{"boundary", "regions"}, {"set", {{"pairs", 6}, {"samples", 20}}}},
                                     {{"boundary", "certified"}, {"images", 6}, {"set", {{"norm", "linf"}, {"method", "crown-ibp"}}}},
                                     {{"attack", "fmn"}, {"norm", "linf"}, {"preset", "preview"}, {"images", 6}}}}},
        {});
}

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestWindowStudySurveys : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_file;
    std::unique_ptr<Desk> m_desk;

    [[nodiscard]] StudyRoom& room() { return m_desk->window.studies(); }
    [[nodiscard]] StudySurveyPage& page(SurveyKind kind)
    {
        for (StudySurveyPage* each : room().study()->surveys())
            if (each->kind() == kind)
                return *each;
        qFatal("no page");
    }
    [[nodiscard]] bool choose(const QString& start)
    {
        for (auto* list : room().study()->findChildren<QComboBox*>()) {
            const int place = list->findText(start, Qt::MatchStartsWith);
            if (list->accessibleName() != QStringLiteral("Analysis") || place < 0)
                continue;
            list->setCurrentIndex(place);
            Q_EMIT list->activated(place);
            QTest::qWait(60);
            return QTest::qWaitFor([this] { return room().isDrawn(); }, limitMs);
        }
        return false;
    }

private Q_SLOTS:
    void initTestCase()
    {
        prepareApplication();
        m_file = m_folder.filePath(QStringLiteral("surveys.brink"));
        PlainMonitor monitor;
        QVERIFY(runStudy(m_file.toStdString(), surveyStudy(), {}, monitor).failures.empty());
        m_desk = std::make_unique<Desk>();
        m_desk->window.show();
        m_desk->controller.openFiles({m_file});
        QTRY_VERIFY_WITH_TIMEOUT(room().desk().results() && room().desk().state() == StudyState::Complete, limitMs);
        m_desk->window.tabs().setCurrentIndex(StudyTab);
        QTest::qWait(60);
        QTRY_VERIFY_WITH_TIMEOUT(room().isDrawn(), limitMs);
    }
    void cleanupTestCase() { m_desk.reset(); }

    void anAttackIsShownFirst()
    {
        QVERIFY(room().study()->table()->isVisible());
        for (StudySurveyPage* each : room().study()->surveys())
            QVERIFY(!each->isVisible());
    }

    void certifiedRadiiShowTheirModelsAndFigure()
    {
        QVERIFY(choose(QStringLiteral("Certified")));
        StudyCertifiedPage& page = *room().study()->certified();
        QVERIFY(page.isVisible() && !room().study()->table()->isVisible());
        QCOMPARE(page.table()->model()->rowCount(), 2);
        const FigurePane* pane = page.pane();
        QVERIFY(pane->isVisible() && pane->figure());
        const auto lines = [&] {
            int count = 0;
            for (const Layer& layer : pane->figure()->panels.front().layers)
                count += std::holds_alternative<LineLayer>(layer);
            return count;
        };
        QCOMPARE(lines(), 4); // proved and attacked, of two models
        page.table()->setPickedKeys({page.table()->model()->index(0, 0).data().toString()});
        Q_EMIT page.table()->rowsPicked(page.table()->pickedKeys());
        QTRY_VERIFY_WITH_TIMEOUT(room().isDrawn() && lines() == 2, limitMs);
        Q_EMIT page.table()->rowsPicked({});
        QVERIFY(choose(QStringLiteral("FGSM")));
        QVERIFY(room().study()->table()->isVisible() && !page.isVisible());
    }

    void everySurveyShowsItsModelsAndFigure_data()
    {
        QTest::addColumn<QString>("analysis");
        QTest::addColumn<int>("kind");
        QTest::newRow("curvature") << "Curvature" << int(SurveyKind::Curvature);
        QTest::newRow("detection") << "Detection" << int(SurveyKind::Detection);
        QTest::newRow("regions") << "Connected" << int(SurveyKind::Regions);
    }

    void everySurveyShowsItsModelsAndFigure()
    {
        QFETCH(const QString, analysis);
        QFETCH(const int, kind);
        QVERIFY(choose(analysis));
        StudySurveyPage& shown = page(SurveyKind(kind));
        QVERIFY(shown.isVisible());
        QVERIFY(!room().study()->table()->isVisible());
        QVERIFY(shown.table()->model()->rowCount() >= 2);
        QCOMPARE(shown.table()->model()->index(0, 0).data().toString().isEmpty(), false);
        for (int part = 0; part < int(shown.survey()->panes().size()); ++part) {
            shown.survey()->showPart(part);
            const FigurePane* pane = shown.survey()->panes()[std::size_t(part)];
            if (pane->name() != "path") // every line may be straight
                QVERIFY2(pane->figure(), pane->name().c_str());
        }
        shown.survey()->showPart(int(shown.survey()->panes().size()) + 1);
        QVERIFY(shown.survey()->images()->model()->rowCount() > 0);
        shown.survey()->showPart(0);
        QVERIFY(choose(QStringLiteral("FGSM")));
        QVERIFY(room().study()->table()->isVisible() && !shown.isVisible());
    }

    void aPickedModelIsShownAndASecondLiesOverIt()
    {
        QVERIFY(choose(QStringLiteral("Curvature")));
        StudySurveyPage& shown = page(SurveyKind::Curvature);
        const auto& models = room().desk().results()->study.models;
        const auto captionAfter = [&](const QStringList& names) {
            Q_EMIT shown.modelsPicked(names);
            QTest::qWait(60);
            (void)QTest::qWaitFor([this] { return room().isDrawn(); }, limitMs);
            const auto& figure = shown.survey()->panes().front()->figure();
            return figure ? figure->caption : std::string();
        };
        const std::string second = captionAfter({QString::fromStdString(models[1].name)});
        QVERIFY2(second.find("Model " + models[1].name) != std::string::npos, second.c_str());
        const std::string both = captionAfter({QString::fromStdString(models[0].name), QString::fromStdString(models[1].name)});
        QVERIFY2(both.find("Model " + models[0].name) != std::string::npos && both.find(models[1].name + ": ") != std::string::npos, both.c_str());
        (void)captionAfter({});
    }

    void windowAndCommandLineExportTheSame()
    {
        QVERIFY(choose(QStringLiteral("Curvature")));
        for (const char* figure : {"curvature-profile", "noise-directions", "convexity"}) {
            const auto shown = m_desk->window.exporter().shown(studySurveyName(figure));
            QVERIFY2(shown, figure);
            ExportChoice choice;
            choice.format = QStringLiteral("svg");
            const QString mine = m_folder.filePath(QStringLiteral("w.svg")), theirs = m_folder.filePath(QStringLiteral("c.svg"));
            m_desk->window.exporter().save(*shown, choice, mine);
            const Outcome outcome = brinkProgram({"export", m_file, "--figure", figure, "--out", theirs, "--analysis", QString::fromStdString(*room().desk().selection().analysis)});
            QVERIFY2(outcome.status == 0, outcome.err);
            QVERIFY(bytesOf(mine).size() > 1000);
            QVERIFY(bytesOf(mine) == bytesOf(theirs));
        }
    }

    void anImageOpensInInspect()
    {
        QVERIFY(choose(QStringLiteral("Curvature")));
        StudySurveyPage& shown = page(SurveyKind::Curvature);
        shown.survey()->showPart(int(shown.survey()->panes().size()) + 1);
        ResultTable* images = shown.survey()->images();
        QVERIFY(images->model()->rowCount() > 2);
        QTest::mouseClick(images->viewport(), Qt::LeftButton, {}, images->visualRect(images->model()->index(2, 0)).center());
        QTRY_COMPARE_WITH_TIMEOUT(m_desk->window.tabs().currentIndex(), int(InspectTab), limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->session.currentModel() >= 0, limitMs);
    }
};

QTEST_MAIN(TestWindowStudySurveys)
#include "tst_windowstudysurveys.moc"
