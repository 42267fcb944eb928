// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace brink {

/// Undo and redo in this field (a line or spin box) are the window's: a field's own would know only its letters.
void leaveUndoToWindow(QWidget* field);

} // namespace brink
