// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Boundary workspace in sessions, and its figures opened again.
#include "app/figureexporter.h"
#include "app/pathpanel.h"
#include "app/sessionkeeper.h"
#include "app/surveypanel.h"
#include "tests/app/boundarybench.h"
#include "widgets/controls/messagebar.h"

#include <QTabWidget>
#include <QTemporaryDir>

using namespace brink;
using namespace brink::test;

namespace {

BoundaryChoices someChoices()
{
    BoundaryChoices choices;
    choices.plane = PlaneKind::Images;
    choices.images = {4, 9};
    choices.resolution = 64;
    choices.turn = 15;
    choices.eps = 0.5;
    choices.frame = SliceFrame{-2, 6, -3, 5};
    choices.survey.kind = SurveyKind::Regions;
    choices.survey.images = 12;
    choices.survey.pairs = 4;
    choices.survey.step = 0.3;
    choices.survey.isFull = true;
    return choices;
}

QString sentences(Bench& bench) { return bench.desk.window.messages()->sentences().join(QLatin1Char('\n')); }

} // namespace

class TestWindowBoundarySession : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareApplication();
        QVERIFY(m_folder.isValid());
    }

    void aSessionComesBack()
    {
        const QString path = m_folder.filePath(QStringLiteral("a.brink"));
        {
            Bench bench;
            QVERIFY(bench.open());
            bench.room().desk().setChoices(someChoices());
            QVERIFY(bench.isComplete());
            bench.space().tabs()->setCurrentWidget(bench.space().path());
            bench.desk.window.keeper().saveAs(path);
            QTRY_COMPARE_WITH_TIMEOUT(bench.desk.window.keeper().path(), path, limitMs);
        }
        Bench bench;
        bench.desk.window.show();
        bench.desk.controller.openFiles({path});
        QTRY_COMPARE_WITH_TIMEOUT(bench.desk.window.tabs().workspace(), QStringLiteral("boundary"), limitMs);
        QVERIFY(bench.isComplete());
        QVERIFY(bench.room().desk().choices() == someChoices());
        QCOMPARE(bench.space().tabs()->currentWidget(), bench.space().path());
        QCOMPARE(bench.slice().frame, *someChoices().frame);
        QCOMPARE(bench.slice().plane->markers[2].name, std::string("image 9"));
    }

    // A figure dropped on the window: the same model, image and choices, and the same figure is computed again.
    void aFigureOpensAgain_data()
    {
        QTest::addColumn<QString>("figure");
        QTest::addColumn<QString>("format");
        QTest::addRow("slice") << "slice" << "png";
        QTest::addRow("path") << "path" << "svg";
        QTest::addRow("curvature") << "curvature-directions" << "pdf";
        QTest::addRow("convexity") << "convexity" << "svg";
    }
    void aFigureOpensAgain()
    {
        QFETCH(const QString, figure);
        QFETCH(const QString, format);
        const QString path = m_folder.filePath(figure + QLatin1Char('.') + format);
        std::vector<std::int16_t> labels;
        {
            Bench bench;
            QVERIFY(bench.open());
            bench.desk.controller.pickImage(3);
            QTRY_VERIFY_WITH_TIMEOUT(bench.desk.session.image() && bench.desk.session.image()->index == 3, limitMs);
            bench.room().desk().setChoices(someChoices());
            QVERIFY(bench.isComplete());
            labels = bench.slice().grid->labels;
            bench.room().reopen(figure.toStdString()); // computes what the figure shows
            QTRY_VERIFY_WITH_TIMEOUT(shown(bench, figure).has_value(), limitMs);
            QTRY_VERIFY_WITH_TIMEOUT(bench.room().jobs().isIdle() && !bench.room().surveys().desk().running(), limitMs);
            ExportChoice choice;
            choice.format = format;
            bench.desk.window.exporter().save(*shown(bench, figure), choice, path);
            QVERIFY2(QFileInfo(path).size() > 500, qPrintable(sentences(bench)));
        }
        Bench bench;
        bench.desk.window.show();
        bench.desk.controller.openFiles({path});
        QTRY_COMPARE_WITH_TIMEOUT(bench.desk.window.tabs().workspace(), QStringLiteral("boundary"), limitMs);
        QVERIFY2(bench.desk.window.messages()->sentences().isEmpty(), qPrintable(sentences(bench)));
        QVERIFY(bench.isComplete());
        QCOMPARE(bench.desk.session.imageIndex(), std::int64_t(3));
        QVERIFY(bench.room().desk().choices() == someChoices());
        QCOMPARE(bench.slice().grid->labels, labels);
        QTRY_VERIFY_WITH_TIMEOUT(shown(bench, figure).has_value(), limitMs);
    }

private:
    static std::optional<ShownFigure> shown(Bench& bench, const QString& figure) { return bench.desk.window.exporter().shown(figure.toStdString()); }

    QTemporaryDir m_folder;
};

QTEST_MAIN(TestWindowBoundarySession)
#include "tst_windowboundarysession.moc"
