// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/studytables.h"

#include <QString>

namespace brink {

/// Writes a table of a study as the ending says: .csv (also without one), .json or .tex. What was there before stays when it
/// cannot be written. Slow: may have bootstrap intervals. @return the path, with an ending. @throws Error(Io|Usage) naming the file.
QString writeStudyTable(const StudyResults& results, const std::string& name, const StudySelection& selection, const QString& path);
/// Writes a study for `brink run`. @throws Error(Io) naming the file.
void writeStudyDefinition(const Json& study, const QString& path);

} // namespace brink
