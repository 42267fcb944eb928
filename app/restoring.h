// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/controller.h"
#include "app/trustresults.h"
#include "core/store/sessionfile.h"

#include <QString>
#include <QStringList>

namespace brink {

/// What is open already and need not be loaded again.
struct OpenNow {
    std::vector<std::shared_ptr<const Classifier>> models;
    std::shared_ptr<const Dataset> dataset;
    QStringList imagePaths;
};

/// A session or figure as read, before its models and images are looked for.
struct Remembered {
    QString path;
    SessionState state;
    std::vector<StoredResult> results;
    TrustResults trust;
    bool isFigure = false;
    bool isRecovered = false; ///< what a program that was killed left: the user has no such file
    std::string figure;  ///< name of the figure in a figure file
    QStringList remarks; ///< one sentence each
};

/// @throws Error(Io|Format|Unsupported), one sentence that names the file.
[[nodiscard]] Remembered readSessionFile(const QString& path);
/// @throws as readSessionFile; also for a figure that says too little to be opened again.
[[nodiscard]] Remembered readFigureFile(const QString& path);

/// A session ready to be shown, but for models other than the current one.
struct Restored {
    Restoration restoration;
    std::vector<std::pair<int, ModelRef>> others; ///< by place in the state
    TrustResults trust;
    QStringList remarks; ///< what is not as it was and what to do, one sentence each
};

/// Finds and loads the current model, the images and the chosen image; what is not there becomes a remark. Runs in a job.
[[nodiscard]] Restored restored(Remembered remembered, const OpenNow& now, const LoadOptions& options);

/// The model of a reference. @throws Error when the file is not there, cannot be loaded, or is another by now.
[[nodiscard]] std::shared_ptr<const Classifier> loadReferenced(const ModelRef& model, const LoadOptions& options);

} // namespace brink
