// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundaryroom.h"
#include "app/boundaryworkspace.h"
#include "app/figureexporter.h"
#include "app/surveypanel.h"
#include "app/workspacetabs.h"
#include "tests/app/pictures.h"
#include "tests/support/colourblindness.h"

#include <QAction>
#include <QDir>
#include <QTabWidget>
#include <QTest>

namespace brink::test {

/// Pictures of the Boundary workspace, light and dark, and of its figures as they are printed.
class BoundaryAlbum {
public:
    BoundaryAlbum(Desk& desk, QDir folder) : m_desk(desk), m_folder(std::move(folder)) {}

    /// @pre a model and an image are open, or about to be.
    void make()
    {
        m_desk.window.show();
        m_desk.window.tabs().setCurrentWidget(room().workspace());
        (void)QTest::qWaitFor([this] { return room().desk().slice() != nullptr; }, limitMs);
        shoot("boundary-gradient");
        const SliceFrame frame = room().desk().slice()->frame;
        room().desk().pin(BoundaryPlace{0.7 * frame.right, 0.4 * frame.top});
        shoot("boundary-point");
        choose(PlaneKind::Adversarials, 0);
        shoot("boundary-adversarials");
        choose(PlaneKind::Images, 1.5);
        shoot("boundary-images");
        saveFigure("slice");
        room().workspace()->tabs()->setCurrentIndex(1);
        room().jobs().startPath();
        (void)QTest::qWaitFor([this] { return room().desk().path() != nullptr; }, limitMs);
        shoot("boundary-path");
        saveFigure("path");
        room().workspace()->tabs()->setCurrentIndex(2);
        choose(PlaneKind::Directions, 0);
        shoot("boundary-curvature");
        choose(PlaneKind::Gradient, 0);
        shootSurveys();
        room().workspace()->tabs()->setCurrentIndex(0);
        BoundaryChoices choices = room().desk().choices();
        choices.showsSteps = true;
        room().desk().setChoices(choices);
        QTest::qWait(1000);
        shoot("boundary-steps");
    }

private:
    [[nodiscard]] BoundaryRoom& room() { return m_desk.window.boundary(); }

    /// Every part of every survey.
    void shootSurveys()
    {
        room().workspace()->tabs()->setCurrentWidget(room().workspace()->survey());
        QTest::qWait(200);
        shoot("boundary-survey-empty");
        for (const SurveyKind kind : surveyKinds) {
            BoundaryChoices choices = room().desk().choices();
            choices.survey.kind = kind;
            choices.survey.images = 40;
            choices.survey.pairs = 20;
            room().desk().setChoices(choices);
            room().surveys().start();
            (void)QTest::qWaitFor([this] { return !room().surveys().desk().running(); }, limitMs);
            SurveyPage* page = room().workspace()->survey()->page(kind);
            for (int part = 0; part < int(page->panes().size()) + 2; ++part) {
                page->showPart(part);
                shoot(QStringLiteral("boundary-survey-%1-%2").arg(int(kind)).arg(part).toUtf8().constData());
            }
        }
    }

    void choose(PlaneKind plane, double eps)
    {
        BoundaryChoices choices = room().desk().choices();
        choices.plane = plane;
        choices.eps = eps;
        choices.frame.reset();
        room().desk().pin(std::nullopt);
        room().desk().setChoices(choices);
        (void)QTest::qWaitFor([this, plane] { return room().desk().slice() && room().desk().slice()->plane->kind == plane; }, limitMs);
    }

    void shoot(const char* state)
    {
        shootWindow(m_desk, m_folder, QLatin1String(state), [this] { return room().desk().state() == ViewState::Complete; });
    }

    void saveFigure(const char* name)
    {
        const auto shown = m_desk.window.exporter().shown(name);
        if (!shown)
            return;
        ExportChoice choice;
        choice.format = QStringLiteral("png");
        const QString path = m_folder.filePath(QStringLiteral("figure-%1.png").arg(QLatin1String(name)));
        m_desk.window.exporter().save(*shown, choice, path);
        (void)QTest::qWaitFor([&path] { return QFile::exists(path); }, limitMs);
        for (const ColourBlindness& blindness : colourBlindness)
            simulated(QImage(path), blindness).save(QStringLiteral("%1-%2.png").arg(path.chopped(4), QLatin1String(blindness.name)));
    }

    Desk& m_desk;
    QDir m_folder;
};

} // namespace brink::test
