// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"
#include "widgets/controls/exportdialog.h"

#include <QString>
#include <QStringList>

namespace brink {

/// Writes one figure, and its data as CSV beside it when chosen. Returns the path, with an ending when it had none.
/// @throws Error(Io|Resource) naming the file.
QString writeFigure(const Figure& figure, const ExportChoice& choice, const QString& path);

/// Writes every figure the result has data for into a folder, named like the figures. Returns the paths.
/// @throws Error(Io|Resource) naming the file.
QStringList writeAllFigures(const InspectResult& result, const FigureSelection& selection, const ExportChoice& choice, const QString& folder);

} // namespace brink
