// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/autosave.h"
#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/filedrops.h"
#include "app/inspectworkspace.h"
#include "app/trustresults.h"
#include "app/trustroom.h"
#include "app/workspacetabs.h"
#include "tests/app/sessionbench.h"
#include "widgets/plot/figureview.h"

#include <QAction>
#include <QDir>
#include <QDockWidget>
#include <QDropEvent>
#include <QFile>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <map>
#include <memory>

using namespace brink;
using namespace brink::test;

namespace {

void drop(Desk& desk, const QString& path)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDropEvent event(QPointF(4, 3), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QVERIFY(desk.window.drops().eventFilter(&desk.window, &event));
}

FigureView* viewOf(Desk& desk, const char* name)
{
    for (const FigurePane* pane : desk.window.views().inspect->panes())
        if (pane->name() == name)
            return pane->view();
    return nullptr;
}

std::string textOf(const TrustResults& results)
{
    std::map<std::string, std::string> all; // in whichever order they came
    for (const SessionDocument& document : documentsOf(results))
        all[document.content.header.dump()] = document.content.data;
    std::string text;
    for (const auto& [header, data] : all)
        text += header + data;
    return text;
}

/// A little of everything, on the current model.
void runTrust(TrustRoom& trust)
{
    DiagnosisChoices diagnosis = trust.diagnosis().choices();
    diagnosis.images = 4;
    diagnosis.preset = Preset::Preview;
    trust.diagnosis().setChoices(diagnosis);
    DetectorsChoices detectors;
    detectors.clean = 20;
    detectors.attacked = 2;
    detectors.hasPublished = detectors.isAdaptive = false;
    trust.detectors().desk().setChoices(detectors);
    SmoothingChoices smoothing;
    smoothing.images = 2;
    smoothing.samples = 100;
    trust.smoothing().setChoices(smoothing);
    trust.diagnosis().start();
    trust.detectors().start();
    trust.smoothing().start();
    QTRY_VERIFY_WITH_TIMEOUT(trust.diagnosis().state() == ViewState::Complete && trust.smoothing().state() == ViewState::Complete
            && !trust.commands()->canStop() && trust.detectors().desk().running().empty(), limitMs);
}

QString sentences(const Desk& desk) { return desk.window.messages()->sentences().join(QLatin1Char('\n')); }

} // namespace

/// Sessions saved and opened, and figures opened again, with the real window.
class TestWindowSession : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareApplication();
        const Examples examples = findExamples();
        QVERIFY(examples.isComplete());
        // Copies that a test may move and change.
        QVERIFY(m_folder.isValid());
        for (const QString& file : {examples.models[0], examples.models[1], examples.images, QString(examples.images).replace("images-idx3", "labels-idx1")})
            QVERIFY(QFile::copy(file, m_folder.filePath(QFileInfo(file).fileName())));
        m_model = m_folder.filePath(QFileInfo(examples.models[0]).fileName());
        m_other = m_folder.filePath(QFileInfo(examples.models[1]).fileName());
        m_images = m_folder.filePath(QFileInfo(examples.images).fileName());
    }

    void aSessionComesBack()
    {
        const QString path = m_folder.filePath(QStringLiteral("a.brink"));
        std::string first, second;
        AnalysisSettings settings;
        std::array<double, 4> zoomed{};
        {
            Desk desk;
            open(desk, {m_images, m_model, m_other});
            first = bitsOf(*desk.session.result());
            desk.controller.pickImage(5);
            complete(desk);
            second = bitsOf(*desk.session.result());
            viewOf(desk, "ladder")->setZoom({{viewOf(desk, "ladder")->figure()->panels[0].id, {0.25, 0.75, 0, 1}}});
            zoomed = viewOf(desk, "ladder")->ranges(viewOf(desk, "ladder")->figure()->panels[0].id);
            desk.window.findChild<QDockWidget*>(QStringLiteral("images"))->hide();
            settings = desk.session.settings();
            desk.window.keeper().saveAs(path);
            QTRY_COMPARE_WITH_TIMEOUT(desk.window.keeper().path(), path, limitMs);
            QVERIFY(desk.window.windowTitle().contains("a.brink"));
        }
        Desk desk;
        desk.window.show();
        QSignalSpy running(&desk.controller, &Controller::runningChanged);
        desk.controller.openFiles({path});
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.models().size() == 2 && desk.session.image(), limitMs);
        QVERIFY2(desk.window.messages()->sentences().isEmpty(), qPrintable(sentences(desk)));
        QCOMPARE(QString::fromStdString(desk.session.models()[0].classifier->path()), m_model);
        QCOMPARE(QString::fromStdString(desk.session.models()[1].classifier->path()), m_other);
        QCOMPARE(desk.session.currentModel(), 0);
        QCOMPARE(desk.session.imageIndex(), std::int64_t(5));
        QVERIFY(desk.session.settings() == settings);
        QVERIFY(desk.isComplete());
        QVERIFY(bitsOf(*desk.session.result()) == second);
        QVERIFY(desk.window.findChild<QDockWidget*>(QStringLiteral("images"))->isHidden());
        QTRY_VERIFY(viewOf(desk, "ladder")->figure());
        QCOMPARE(viewOf(desk, "ladder")->ranges(viewOf(desk, "ladder")->figure()->panels[0].id), zoomed);
        // The other image's result came too.
        desk.controller.pickImage(0);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.result() && desk.session.result()->index == 0, limitMs);
        QVERIFY(bitsOf(*desk.session.result()) == first);
        QVERIFY2(running.isEmpty(), "nothing is computed again");
        QCOMPARE(desk.window.keeper().path(), path);
    }

    // What is asked in Trust, too; what does not fit is as at first.
    void trustComesBack()
    {
        const QString path = m_folder.filePath(QStringLiteral("trust.brink"));
        Json written;
        {
            Desk desk;
            open(desk, {m_images, m_model, m_other});
            TrustRoom& trust = desk.window.trust();
            DiagnosisChoices diagnosis = trust.diagnosis().choices();
            diagnosis.images = 7;
            diagnosis.attack.parameters.set("steps", 13LL);
            diagnosis.surrogate = m_other.toStdString();
            trust.diagnosis().setChoices(diagnosis);
            DetectorsChoices detectors;
            detectors.hasCurvature = true;
            detectors.attacked = 3;
            trust.detectors().desk().setChoices(detectors);
            SmoothingChoices smoothing;
            smoothing.sigmas = "0.3";
            trust.smoothing().setChoices(smoothing);
            desk.window.tabs().showWorkspace(QStringLiteral("trust"));
            trust.workspace()->showPage(QStringLiteral("smoothing"));
            written = trust.state();
            desk.window.keeper().saveAs(path);
            QTRY_COMPARE_WITH_TIMEOUT(desk.window.keeper().path(), path, limitMs);
        }
        Desk desk;
        desk.window.show();
        desk.controller.openFiles({path});
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.models().size() == 2 && desk.session.image(), limitMs);
        QTRY_COMPARE(desk.window.tabs().workspace(), QStringLiteral("trust"));
        TrustRoom& trust = desk.window.trust();
        QCOMPARE(QString::fromStdString(trust.state().dump()), QString::fromStdString(written.dump()));
        QCOMPARE(trust.diagnosis().choices().attack.parameters.integer("steps"), 13LL);
        QCOMPARE(trust.smoothing().choices().sigmas, std::string("0.3"));
        const Json standard = [] {
            Desk fresh;
            return fresh.window.trust().state();
        }();
        for (const Json& odd : {Json::object(), Json{{"page", "nowhere"}, {"diagnosis", 3}, {"detectors", {{"clean", "many"}}}, {"smoothing", Json::array()}},
                 Json{{"page", 3}}, Json{{"diagnosis", {{"surrogate", 3}}}}, Json{{"diagnosis", {{"attack", {{"name", "teleport"}, {"norm", "l2"}}}}}}}) {
            Desk fresh;
            fresh.window.trust().restore(odd);
            QCOMPARE(QString::fromStdString(fresh.window.trust().state().dump()), QString::fromStdString(standard.dump()));
        }
    }

    // What Trust found, too: of the model in sight, and of one that is loaded later.
    void trustResultsComeBack()
    {
        const QString path = m_folder.filePath(QStringLiteral("found.brink"));
        std::string found;
        {
            Desk desk;
            open(desk, {m_images, m_other});
            TrustRoom& trust = desk.window.trust();
            runTrust(trust);
            desk.controller.openFiles({m_model});
            QTRY_VERIFY_WITH_TIMEOUT(desk.session.models().size() == 2 && desk.isComplete() && desk.isIdle(), limitMs);
            runTrust(trust);
            found = textOf(trust.results());
            QCOMPARE(trust.results().diagnoses.size(), std::size_t(2));
            QCOMPARE(trust.results().smoothing.size(), std::size_t(2));
            desk.window.keeper().saveAs(path);
            QTRY_COMPARE_WITH_TIMEOUT(desk.window.keeper().path(), path, limitMs);
        }
        Desk desk;
        desk.window.show();
        desk.controller.openFiles({path});
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.models().size() == 2 && desk.session.image() && desk.isIdle(), limitMs);
        QVERIFY2(desk.window.messages()->sentences().isEmpty(), qPrintable(sentences(desk)));
        TrustRoom& trust = desk.window.trust();
        for (const int model : {1, 0}) {
            desk.controller.pickModel(model);
            QTRY_COMPARE(desk.session.currentModel(), model);
            QCOMPARE(trust.diagnosis().state(), ViewState::Complete);
            QCOMPARE(trust.detectors().desk().state(desk.session.classifier()->sha256()), ViewState::Complete);
            QVERIFY(trust.detectors().desk().of(desk.session.classifier()->sha256()).summary);
            QCOMPARE(trust.smoothing().state(), ViewState::Complete);
        }
        QCOMPARE(textOf(trust.results()), found);
        {
            // A set of the same name with other images: they wait for their own.
            Desk other;
            open(other, {m_images, m_model});
            TrustResults foreign = trust.results();
            foreign.firstImage = "00";
            other.window.trust().restoreResults(foreign);
            QCOMPARE(other.window.trust().smoothing().state(), ViewState::Empty);
            QCOMPARE(other.window.trust().results().smoothing.size(), std::size_t(2));
            other.window.trust().restoreResults(trust.results());
            QVERIFY(other.window.trust().smoothing().state() != ViewState::Empty);
        }
        // Another set: they are of no use, and are forgotten as they would be without a session.
        desk.controller.openFiles({findExamples().images});
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.dataset() && trust.smoothing().state() == ViewState::Empty, limitMs);
        QCOMPARE(trust.diagnosis().state(), ViewState::Empty);
    }

    void damagedTrustResultsAreLeftOut()
    {
        TrustResults results;
        results.images = "set";
        results.imageCount = 3;
        results.firstImage = "ff";
        results.smoothing["ab"] = {std::make_shared<const std::vector<SmoothingSurvey>>(2), {}, {}};
        std::vector<SessionDocument> documents = documentsOf(results);
        QCOMPARE(documents.size(), std::size_t(1));
        documents.push_back({"trust/smoothing/cd", {{{"images", 3}}, {}}});
        documents.push_back({"trust/aura/cd", documents[0].content}); // of a later version
        documents.push_back({"other", {{}, {}}});
        const TrustResults back = trustResultsFrom(documents);
        QCOMPARE(back.unreadable, 1);
        QCOMPARE(back.smoothing.size(), std::size_t(1));
        QCOMPARE(back.smoothing.at("ab").surveys->size(), std::size_t(2));
        QCOMPARE(back.images, std::string("set"));
        QCOMPARE(back.firstImage, std::string("ff"));
    }

    void saveWritesIntoTheSameFile()
    {
        const QString path = m_folder.filePath(QStringLiteral("same.brink"));
        Desk desk;
        open(desk, {m_images, m_model});
        desk.window.keeper().saveAs(path);
        QTRY_VERIFY_WITH_TIMEOUT(sentences(desk).contains("Saved"), limitMs);
        desk.window.messages()->dismissAll();
        desk.controller.pickImage(1);
        complete(desk);
        desk.window.actions().saveSession->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(sentences(desk).contains("Saved"), limitMs);
        QCOMPARE(readSession(path.toStdString()).results.size(), std::size_t(2));
    }

    void aModelThatMovedOrChanged_data()
    {
        QTest::addColumn<QString>("fate");
        QTest::addColumn<QString>("part");
        QTest::addRow("gone") << "gone" << "no longer in";
        QTest::addRow("changed") << "changed" << "has changed";
    }
    void aModelThatMovedOrChanged()
    {
        QFETCH(QString, fate);
        QFETCH(QString, part);
        const QTemporaryDir elsewhere;
        const QString path = elsewhere.filePath(QStringLiteral("moved.brink"));
        const QString model = elsewhere.filePath(QStringLiteral("mine.pt"));
        QVERIFY(QFile::copy(m_model, model));
        std::string first, second;
        {
            Desk desk;
            open(desk, {m_images, model});
            first = bitsOf(*desk.session.result());
            desk.controller.pickImage(1);
            complete(desk);
            second = bitsOf(*desk.session.result());
            desk.window.keeper().saveAs(path);
            QTRY_COMPARE_WITH_TIMEOUT(desk.window.keeper().path(), path, limitMs);
        }
        QVERIFY(QFile::remove(model));
        if (fate == "changed")
            QVERIFY(QFile::copy(m_other, model));
        Desk desk;
        desk.window.show();
        desk.window.keeper().open(path);
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.messages()->sentences().size(), 1, limitMs);
        QVERIFY2(sentences(desk).contains(part) && sentences(desk).contains("mine.pt"), qPrintable(sentences(desk)));
        QTRY_VERIFY(desk.session.result());
        QVERIFY(desk.session.models().empty());
        QVERIFY(bitsOf(*desk.session.result()) == second);
        desk.controller.pickImage(0);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.result() && desk.session.result()->index == 0, limitMs);
        QVERIFY(bitsOf(*desk.session.result()) == first);
        // Saving now keeps the model's place in mind.
        const QString again = elsewhere.filePath(QStringLiteral("again.brink"));
        desk.window.keeper().saveAs(again);
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.keeper().path(), again, limitMs);
        QFile::remove(model);
        QVERIFY(QFile::copy(m_model, model));
        Desk healed;
        healed.window.show();
        healed.window.keeper().open(again);
        QTRY_VERIFY_WITH_TIMEOUT(healed.session.classifier() && healed.isComplete(), limitMs);
        QVERIFY(bitsOf(*healed.session.result()) == first);
    }

    void imagesThatAreGoneStillShowTheirResult()
    {
        const QTemporaryDir elsewhere;
        const QString path = elsewhere.filePath(QStringLiteral("noimages.brink"));
        const QString images = elsewhere.filePath(QFileInfo(m_images).fileName());
        QVERIFY(QFile::copy(m_images, images));
        std::string bits;
        {
            Desk desk;
            open(desk, {images, m_model});
            bits = bitsOf(*desk.session.result());
            desk.window.keeper().saveAs(path);
            QTRY_COMPARE_WITH_TIMEOUT(desk.window.keeper().path(), path, limitMs);
        }
        QVERIFY(QFile::remove(images));
        Desk desk;
        desk.window.show();
        desk.window.keeper().open(path);
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.messages()->sentences().size(), 1, limitMs);
        QTRY_VERIFY(desk.session.result());
        QVERIFY(bitsOf(*desk.session.result()) == bits);
        QTest::qWait(100); // every view takes a result without an image set
    }

    void badFilesAreOneSentenceAndChangeNothing_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addRow("text as a session") << "notes.brink" << QByteArray("just words");
        QTest::addRow("cut session") << "cut.brink" << QByteArray("SQLite format 3\0", 16) + QByteArray(84, '\0');
        QTest::addRow("any SVG") << "logo.svg" << QByteArray("<svg xmlns='http://www.w3.org/2000/svg'/>");
        QTest::addRow("any PDF") << "paper.pdf" << QByteArray("%PDF-1.4\n%%EOF");
    }
    void badFilesAreOneSentenceAndChangeNothing()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        const QTemporaryDir folder;
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        Desk desk;
        open(desk, {m_images, m_model});
        const auto result = desk.session.result();
        drop(desk, file.fileName());
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.messages()->sentences().size(), 1, limitMs);
        QVERIFY2(sentences(desk).contains(name) && sentences(desk).endsWith('.'), qPrintable(sentences(desk)));
        QTest::qWait(100);
        QCOMPARE(desk.session.result(), result);
        QVERIFY(desk.isComplete());
    }

    void anUnwritablePlaceIsOneSentence()
    {
        Desk desk;
        open(desk, {m_images, m_model});
        const auto result = desk.session.result();
        desk.window.keeper().saveAs(m_folder.filePath(QStringLiteral("no/such/folder/a.brink")));
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.messages()->sentences().size(), 1, limitMs);
        QVERIFY2(sentences(desk).contains("no/such/folder/a.brink"), qPrintable(sentences(desk)));
        QCOMPARE(desk.session.result(), result);
        QVERIFY(desk.window.keeper().path().isEmpty());
    }

    void aFigureOpensAgain_data()
    {
        QTest::addColumn<QString>("format");
        for (const char* format : {"png", "svg", "pdf"})
            QTest::addRow("%s", format) << QString::fromLatin1(format);
    }
    void aFigureOpensAgain()
    {
        QFETCH(QString, format);
        const QString path = m_folder.filePath(QStringLiteral("ladder.") + format);
        std::string numbers;
        AnalysisSettings settings;
        std::string panel;
        {
            Desk desk;
            open(desk, {m_images, m_model});
            desk.session.setSettings(quickSettings(Norm::Linf));
            desk.controller.pickImage(7);
            complete(desk);
            const std::int64_t target = (desk.session.result()->predicted + 1) % desk.session.result()->classes;
            desk.controller.pickTarget(target);
            complete(desk);
            desk.session.select({target, "fab"});
            QTRY_VERIFY(viewOf(desk, "ladder")->figure());
            panel = viewOf(desk, "ladder")->figure()->panels[0].id;
            viewOf(desk, "ladder")->setZoom({{panel, {0.01, 0.05, 0, 1}}});
            numbers = numbersOf(*desk.session.result());
            settings = desk.session.settings();
            ExportChoice choice;
            choice.format = format;
            desk.window.exporter().save(*desk.window.exporter().shown("ladder"), choice, path);
            QVERIFY2(QFileInfo(path).size() > 500, qPrintable(sentences(desk)));
        }
        Desk desk;
        open(desk, {m_images, m_other}); // something else is open
        drop(desk, path);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.classifier() && QString::fromStdString(desk.session.classifier()->path()) == m_model, limitMs);
        QCOMPARE(desk.session.models().size(), std::size_t(2));
        QCOMPARE(desk.session.imageIndex(), std::int64_t(7));
        QVERIFY(desk.session.settings() == settings);
        QVERIFY(desk.session.target().has_value());
        QCOMPARE(*desk.session.selection().attack, std::string("fab"));
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs); // computed again: the same numbers
        QVERIFY(numbersOf(*desk.session.result()) == numbers);
        QCOMPARE(*desk.session.selection().attack, std::string("fab"));
        QTRY_VERIFY(viewOf(desk, "ladder")->figure());
        QCOMPARE(viewOf(desk, "ladder")->ranges(panel), (std::array<double, 4>{0.01, 0.05, 0, 1}));
    }

    void aFigureOfAStoredResultIsThereAtOnce()
    {
        const QString path = m_folder.filePath(QStringLiteral("stored.png"));
        Desk desk;
        open(desk, {m_images, m_model});
        const auto result = desk.session.result();
        ExportChoice choice;
        choice.format = QStringLiteral("png");
        desk.window.exporter().save(*desk.window.exporter().shown("ladder"), choice, path);
        desk.controller.pickImage(3);
        complete(desk);
        QSignalSpy running(&desk.controller, &Controller::runningChanged);
        drop(desk, path);
        QTRY_COMPARE_WITH_TIMEOUT(desk.session.imageIndex(), std::int64_t(0), limitMs);
        QCOMPARE(desk.session.result(), result);
        QVERIFY(running.isEmpty());
    }

    void aFigureWithoutPathsAsksForTheModel()
    {
        const QString path = m_folder.filePath(QStringLiteral("nopaths.svg"));
        {
            Desk desk;
            open(desk, {m_images, m_model});
            ExportChoice choice;
            choice.format = QStringLiteral("svg");
            choice.includesPaths = false;
            desk.window.exporter().save(*desk.window.exporter().shown("ladder"), choice, path);
        }
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains(m_folder.path().toUtf8()));
        Desk desk;
        desk.window.show();
        drop(desk, path);
        QTRY_VERIFY_WITH_TIMEOUT(sentences(desk).contains("open the model first"), limitMs);
        desk.window.messages()->dismissAll();
        open(desk, {m_images, m_model});
        desk.controller.pickImage(4);
        complete(desk);
        drop(desk, path);
        QTRY_COMPARE_WITH_TIMEOUT(desk.session.imageIndex(), std::int64_t(0), limitMs);
        QVERIFY2(!sentences(desk).contains("first"), qPrintable(sentences(desk)));
    }

private:
    static void open(Desk& desk, const QStringList& files)
    {
        desk.window.show();
        desk.session.setSettings(quickSettings());
        desk.controller.openFiles(files);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && int(desk.session.models().size()) == files.size() - 1, limitMs);
    }
    static void complete(Desk& desk) { QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && !desk.controller.isRunning(), limitMs); }

    QTemporaryDir m_folder;
    QString m_model, m_other, m_images;
};

QTEST_MAIN(TestWindowSession)
#include "tst_windowsession.moc"
