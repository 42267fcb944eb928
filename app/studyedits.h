// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studydesk.h"

class QUndoStack;

namespace brink {

/// Shows a study as the user wants it, so that undo brings back what was shown before. Of another file nothing is brought back.
void editView(QUndoStack& stack, StudyDesk& desk, const StudyView& view);

} // namespace brink
