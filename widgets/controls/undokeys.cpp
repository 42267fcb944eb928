// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/undokeys.h"

#include <QKeyEvent>
#include <QKeySequence>
#include <QLineEdit>

namespace brink {

namespace {

class UndoKeys : public QObject {
public:
    using QObject::QObject;

    bool eventFilter(QObject*, QEvent* event) override
    {
        if (event->type() != QEvent::ShortcutOverride)
            return false;
        const auto* key = static_cast<QKeyEvent*>(event);
        if (!key->matches(QKeySequence::Undo) && !key->matches(QKeySequence::Redo))
            return false;
        event->ignore();
        return true;
    }
};

} // namespace

void leaveUndoToWindow(QWidget* field)
{
    auto* keys = new UndoKeys(field);
    field->installEventFilter(keys);
    for (auto* line : field->findChildren<QLineEdit*>())
        line->installEventFilter(keys);
}

} // namespace brink
