// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <cstdint>

class QApplication;

namespace brink {

/// What the command line says about the window.
struct WindowOptions {
    QStringList files;                        ///< models, images, folders, data sets; empty: the built-in example
    QString device = QStringLiteral("cpu");   ///< "cpu", "cuda:0"
    int workers = 1;                          ///< analyses at a time
    int threads = 1;                          ///< LibTorch threads inside each
    std::uint64_t seed = 1;
    bool trustsModels = false;                ///< graphs with file or process access are allowed
    QString examples;                         ///< folder of the built-in example; empty: where it is installed
};

/// Shows the window and runs the event loop. LibTorch must be configured before (configureTorch).
/// @return the exit status.
int runWindow(QApplication& application, const WindowOptions& options);

} // namespace brink
