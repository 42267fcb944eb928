// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figureexport.h"
#include "app/figureexporter.h"
#include "app/inspectworkspace.h"
#include "core/store/studyreading.h"
#include "tests/app/boundaryalbum.h"
#include "tests/app/desk.h"
#include "tests/app/detectorsalbum.h"
#include "tests/app/pictures.h"
#include "tests/app/smoothingalbum.h"
#include "tests/app/studyalbum.h"
#include "tests/app/trustalbum.h"
#include "tests/support/colourblindness.h"
#include "widgets/controls/messagebar.h"
#include "widgets/controls/actionlist.h"
#include "widgets/controls/cardeditor.h"
#include "widgets/controls/tourpanel.h"
#include "widgets/image/imagecompare.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

using namespace brink;
using namespace brink::test;

namespace {

/// The real models take their time on a busy machine.
constexpr int patienceMs = 300000;

/// Pictures of the window and its figures, to be looked at.
class Album {
public:
    Album(QDir folder, QStringList files) : m_folder(std::move(folder)), m_files(std::move(files)) {}

    /// @return whether the analysis ended in time.
    bool make()
    {
        shoot("empty");
        if (m_files.isEmpty())
            m_desk.openExample();
        else
            m_desk.controller.openFiles(m_files);
        if (!QTest::qWaitFor([this] { return m_desk.session.result() && m_desk.session.result()->clever; }, patienceMs))
            return false;
        shoot("running");
        if (!QTest::qWaitFor([this] { return m_desk.isComplete() && m_desk.scheduler.isIdle(); }, patienceMs))
            return false;
        shoot("complete");
        shootExport();
        shootOffer();
        shootHelpers();
        press(QStringLiteral("Trace"));
        m_desk.session.showStep(3);
        shoot("trace");
        m_desk.session.showStep(-1);
        press(QStringLiteral("Cost"));
        m_desk.window.views().inspect->images()->showHistogram(true);
        shoot("cost");
        m_desk.window.views().inspect->images()->showHistogram(false);
        press(QStringLiteral("Weibull"));
        AnalysisSettings edited = m_desk.session.settings();
        edited.randomDirections += 1;
        m_desk.session.setSettings(edited);
        shoot("stale");
        for (const double widthMm : {85.0, 170.0})
            writeFigures(widthMm);
        BoundaryAlbum(m_desk, m_folder).make();
        TrustAlbum(m_desk, m_folder).make();
        DetectorsAlbum(m_desk, m_folder).make();
        StudyAlbum(m_desk, m_folder).make({});
        return true;
    }

private:
    void press(const QString& text)
    {
        for (auto* button : m_desk.window.findChildren<QToolButton*>())
            if (button->text() == text && button->isVisible())
                return button->click();
    }

    /// What stands beside the window: card editor, action list, job log, and each step of the tour.
    void shootHelpers()
    {
        const Actions& actions = m_desk.window.actions();
        inEachTheme(m_desk, [&](const QString& theme) {
            const auto shoot = [&](const QString& what, QWidget* widget) {
                QTest::qWait(200);
                savePicture(*widget, m_folder, QStringLiteral("%1-%2").arg(what, theme));
            };
            actions.modelCard->trigger();
            auto* card = m_desk.window.findChild<CardEditor*>();
            shoot(QStringLiteral("card"), card);
            card->close();
            actions.actionList->trigger();
            auto* list = m_desk.window.findChild<ActionList*>();
            list->findChild<QLineEdit*>()->setText(QStringLiteral("ima"));
            shoot(QStringLiteral("actions"), list);
            list->close();
            m_desk.window.resize(1280, 720);
            actions.tour->trigger();
            auto* tour = m_desk.window.findChild<TourPanel*>();
            for (int step = 0; step < 3; ++step) {
                shoot(QStringLiteral("tour-%1").arg(step + 1), &m_desk.window);
                for (auto* button : tour->findChildren<QPushButton*>())
                    if (button->property("primary").toBool())
                        button->click();
            }
        });
    }

    void shoot(const char* state)
    {
        m_desk.window.show();
        shootWindow(m_desk, m_folder, QLatin1String(state));
    }

    void shootExport()
    {
        inEachTheme(m_desk, [&](const QString& theme) {
            m_desk.window.exporter().exportFigure("weibull");
            auto* dialog = m_desk.window.findChild<ExportDialog*>();
            QTest::qWait(300);
            savePicture(*dialog, m_folder, QStringLiteral("export-") + theme);
            delete dialog;
        });
    }

    /// What the start after a crash looks like.
    void shootOffer()
    {
        m_desk.window.messages()->post(MessageBar::Kind::Information,
            QStringLiteral("Brink ended unexpectedly on 21/11/2026 14:03; its models, images, parameters and results can be brought back."),
            {{QStringLiteral("Restore"), {}, [] {}}, {QStringLiteral("Discard"), {}, [] {}}});
        shoot("offer");
        m_desk.window.messages()->dismissAll();
    }

    void writeFigures(double widthMm)
    {
        ExportChoice choice;
        choice.format = QStringLiteral("png");
        choice.widthMm = widthMm;
        const QString name = QStringLiteral("figures-%1mm").arg(widthMm);
        m_folder.mkpath(name);
        for (const QString& path : writeAllFigures(*m_desk.session.result(), {}, choice, m_folder.filePath(name)))
            for (const ColourBlindness& blindness : colourBlindness)
                simulated(QImage(path), blindness).save(QStringLiteral("%1-%2.png").arg(path.chopped(4), QLatin1String(blindness.name)));
    }

    QDir m_folder;
    QStringList m_files;
    Desk m_desk;
};

} // namespace

/// screenshots [FOLDER [FILE...]]: the built-in example, or the model and images given; into "pictures" unless a folder is named.
/// Of a study file only the Study and Transfer workspaces; "study" stands for an invented one. "boundary"
/// or "trust" alone, or before files, stands for that workspace only, "detectors" and "smoothing" for its pages.
int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    prepareApplication();
    const QStringList arguments = QApplication::arguments().mid(1);
    const QDir folder(arguments.value(0, QStringLiteral("pictures")));
    if (!folder.mkpath(QStringLiteral(".")))
        return 2;
    const QString file = arguments.value(1);
    if (file == QStringLiteral("study") || (QFile::exists(file) && isStudyFile(file.toStdString()))) {
        Desk desk;
        StudyAlbum(desk, folder).make(QFile::exists(file) ? file : QString());
        return 0;
    }
    if (file == QStringLiteral("boundary")) {
        Desk desk;
        if (arguments.size() > 2)
            desk.controller.openFiles(arguments.mid(2));
        else
            desk.openExample();
        BoundaryAlbum(desk, folder).make();
        return 0;
    }
    if (file == QStringLiteral("trust") || file == QStringLiteral("detectors") || file == QStringLiteral("smoothing")) {
        Desk desk;
        if (arguments.size() > 2)
            desk.controller.openFiles(arguments.mid(2));
        else
            desk.openExample();
        if (file == QStringLiteral("trust"))
            TrustAlbum(desk, folder).make();
        if (file != QStringLiteral("smoothing"))
            DetectorsAlbum(desk, folder).make();
        if (file != QStringLiteral("detectors"))
            SmoothingAlbum(desk, folder).make();
        return 0;
    }
    return Album(folder, arguments.mid(1)).make() ? 0 : 1;
}
