// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studyedits.h"

#include <QCoreApplication>
#include <QPointer>
#include <QUndoCommand>
#include <QUndoStack>

namespace brink {

namespace {

QString words(const char* sentence) { return QCoreApplication::translate("StudyEdits", sentence); }

/// What differs, for the menu.
QString changeText(const StudyView& before, const StudyView& after)
{
    if (before.models != after.models)
        return words("picking models");
    if (before.rule != after.rule)
        return words("which images count");
    if (before.order != after.order)
        return words("order of the models");
    if (before.analysis != after.analysis || before.transferAnalysis != after.transferAnalysis)
        return words("analysis shown");
    if (before.sort != after.sort || before.filter != after.filter)
        return words("images shown");
    if (before.tableColumn != after.tableColumn || before.isTableDescending != after.isTableDescending)
        return words("sorting of the table");
    return words("what the study shows");
}

class ViewStep : public QUndoCommand {
public:
    ViewStep(StudyDesk& desk, const StudyView& after)
        : QUndoCommand(changeText(desk.view(), after)), m_desk(&desk), m_path(desk.path()), m_before(desk.view()), m_after(after)
    {
    }
    void undo() override { show(m_before); }
    void redo() override { show(m_after); }

private:
    void show(const StudyView& view)
    {
        if (m_desk && m_desk->path() == m_path)
            m_desk->setView(view);
    }

    QPointer<StudyDesk> m_desk;
    QString m_path;
    StudyView m_before, m_after;
};

} // namespace

void editView(QUndoStack& stack, StudyDesk& desk, const StudyView& view)
{
    if (view != desk.view())
        stack.push(new ViewStep(desk, view));
}

} // namespace brink
