// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QApplication;

namespace brink::cli {

/// `brink [FILE...]`: reads the window's few options and opens it. Returns the exit status.
int runWindowCommand(QApplication& application, const QStringList& arguments);

} // namespace brink::cli
