// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QMainWindow;

namespace brink {

struct Views;

/// Gives every view of numbers its definition with formula and source, for Shift+F1.
void addWhatsThis(const Views& views, const QMainWindow& window);

} // namespace brink
