// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/marginsroom.h"
#include "app/marginsworkspace.h"
#include "app/studyform.h"
#include "app/studysurveypage.h"
#include "app/surveypanel.h"
#include "tests/app/pictures.h"
#include "tests/app/studybench.h"

#include <QDir>

namespace brink::test {

/// Pictures of the Study, Transfer and Margins workspaces, 16 x 16, light and dark, and of the form for a new study.
class StudyAlbum {
public:
    StudyAlbum(Desk& desk, QDir folder) : m_desk(desk), m_folder(std::move(folder)) {}

    /// @param file a study; empty: an invented one.
    void make(const QString& file)
    {
        m_desk.window.show();
        m_desk.window.tabs().setCurrentIndex(StudyTab);
        shoot("study-empty");
        shootForm();
        fill(file);
        shootSurveys();
        m_desk.window.tabs().setCurrentIndex(StudyTab);
        shoot("study");
        room().desk().pickModels({1, 2});
        shoot("study-picked");
        room().desk().pickModels({});
        m_desk.window.tabs().setCurrentIndex(TransferTab);
        shoot("transfer");
        room().desk().pickCells({{0, 1}, {2, 3, 4}});
        shoot("transfer-cells");
        room().desk().pickOtherCells({{0, 1}, {6}});
        shoot("transfer-contrast");
        StudyView view = room().desk().view();
        view.order = ModelOrder::Clustering;
        room().desk().setView(view);
        shoot("transfer-clustering");
        m_desk.window.tabs().setCurrentWidget(m_desk.window.margins().workspace());
        shoot("margins");
        view.models = {room().desk().results()->study.models[1].name};
        room().desk().setView(view);
        shoot("margins-one");
    }

private:
    [[nodiscard]] StudyRoom& room() { return m_desk.window.studies(); }

    void fill(const QString& file)
    {
        if (!file.isEmpty()) {
            room().open(file);
            (void)QTest::qWaitFor([this] { return room().desk().results() != nullptr; }, limitMs);
            return;
        }
        room().desk().setPath(QStringLiteral("/nowhere/sample.brink"));
        room().desk().setResults(std::make_shared<const StudyResults>(studySample(17, 100, 6)));
        room().desk().setState(StudyState::Complete);
    }

    void shoot(const char* state)
    {
        shootWindow(m_desk, m_folder, QLatin1String(state), [this] { return room().isDrawn() && m_desk.window.margins().isDrawn(); });
    }

    /// Each part of each survey of the boundary that the study has.
    void shootSurveys()
    {
        m_desk.window.tabs().setCurrentIndex(StudyTab);
        const StudyView before = room().desk().view();
        for (const StudyAnalysis& analysis : room().desk().results()->study.analyses) {
            const auto kind = surveyKindOf(analysis);
            if (!kind)
                continue;
            StudyView view = before;
            view.analysis = analysis.id;
            room().desk().setView(view);
            for (StudySurveyPage* page : room().study()->surveys())
                for (int part = 0; page->kind() == *kind && part < int(page->survey()->panes().size()) + 2; ++part) {
                    page->survey()->showPart(part);
                    shoot(("study-" + analysis.id + "-" + std::to_string(part)).c_str());
                }
        }
        room().desk().setView(before);
    }

    void shootForm()
    {
        inEachTheme(m_desk, [&](const QString& theme) {
            StudyForm* form = room().openForm();
            form->addModels(findExamples().models);
            form->setImages(findExamples().images, QStringLiteral("0:50"));
            QTest::qWait(400);
            savePicture(*form, m_folder, QStringLiteral("study-form-") + theme);
            form->close();
        });
    }

    Desk& m_desk;
    QDir m_folder;
};

} // namespace brink::test
