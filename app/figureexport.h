// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"
#include "widgets/controls/exportdialog.h"

#include <QString>
#include <QStringList>

namespace brink {

/// What it takes to see this figure of the session again: its model, image, settings, selection and zoom.
[[nodiscard]] SessionState originOf(const Session& session, const std::string& figure, const FigureZoom& zoom);

/// The figure with its origin in what it carries, for a file in `folder`. @param paths omitted: model and image are named by
/// hash only, and the image by the name of its file.
[[nodiscard]] Figure withOrigin(Figure figure, const SessionState& origin, const QString& folder, PathChoice paths);

/// Writes one figure, and its data as CSV beside it when chosen. Returns the path, with an ending when it had none.
/// @throws Error(Io|Resource) naming the file.
QString writeFigure(const Figure& figure, const ExportChoice& choice, const QString& path);

/// Every figure the result has data for.
[[nodiscard]] std::vector<Figure> allFigures(const InspectResult& result, const FigureSelection& selection);

/// Writes them all into a folder, named like the figures. Returns the paths. @throws Error(Io|Resource) naming the file.
QStringList writeAllFigures(const InspectResult& result, const FigureSelection& selection, const ExportChoice& choice, const QString& folder);

} // namespace brink
