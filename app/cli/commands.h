// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace brink::cli {

/// One subcommand: its own options, its own file.
struct Command {
    QString name;
    QString summary;
    /// Arguments after the subcommand's name. Returns the exit status. @throws Error, which main prints.
    int (*run)(const QStringList& arguments);
    bool needsFonts = false; ///< draws figures: wants a QApplication
};

/// All subcommands, in the order of the help text.
[[nodiscard]] const std::vector<Command>& commands();
[[nodiscard]] const Command* findCommand(const QString& name);

/// The text of `brink --help`.
[[nodiscard]] QString helpText();

/// Runs a subcommand; prints errors as one sentence on standard error. Exit status 0 done, 1 failed, 2 wrong use.
[[nodiscard]] int runCommand(const Command& command, const QStringList& arguments);

int runInspectCommand(const QStringList& arguments);
int runCleverCommand(const QStringList& arguments);
int runAttackCommand(const QStringList& arguments);
int runAutoAttackCommand(const QStringList& arguments);
int runCertifyCommand(const QStringList& arguments);
int runCurvatureCommand(const QStringList& arguments);
int runDetectCommand(const QStringList& arguments);
int runDetectorsCommand(const QStringList& arguments);
int runDiagnoseCommand(const QStringList& arguments);
int runSmoothCommand(const QStringList& arguments);
int runSliceCommand(const QStringList& arguments);
int runConnectCommand(const QStringList& arguments);
int runCardCommand(const QStringList& arguments);
int runMarginsCommand(const QStringList& arguments);
int runRunCommand(const QStringList& arguments);
int runMergeCommand(const QStringList& arguments);
int runExportCommand(const QStringList& arguments);
int runListCommand(const QStringList& arguments);
int runVerifyCheckCommand(const QStringList& arguments);
int runTrainExamplesCommand(const QStringList& arguments);

} // namespace brink::cli
