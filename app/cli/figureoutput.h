// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"
#include "core/figure/figure.h"
#include "widgets/plot/exportfigure.h"

#include <QDir>
#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace brink::cli {

/// Where and how the figures of a command are written.
struct FigureOutput {
    std::optional<QDir> folder;       ///< of --figures: every figure
    std::vector<std::string> formats; ///< in the folder
    ExportSpec spec;
};

/// --figures, --format, --width-mm, --font-pt and --dpi.
void addFigureOptions(Options& options);
/// --figure FILE, which may be repeated, for a command with a main figure.
void addMainFigureOption(Options& options, const QString& name);
/// Makes the folder. @throws Error(Usage|Domain|Io).
[[nodiscard]] FigureOutput figureOutput(const Options& options);

/// Writes the figure into the folder in every format, with this stem, and says so on standard error.
void writeToFolder(const FigureOutput& output, const Figure& figure, const QString& stem);
/// Writes the main figure to the files of --figure. @throws Error(Domain) when files were asked for and there is no figure.
void writeMain(const Options& options, const FigureOutput& output, const std::optional<Figure>& figure);

} // namespace brink::cli
