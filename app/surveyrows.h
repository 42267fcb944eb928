// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/studytables.h"
#include "widgets/controls/resulttable.h"

#include <QString>

#include <string>
#include <vector>

namespace brink {

/// A table of surveys as the window shows it: without the columns of costs, which have no place there.
[[nodiscard]] std::vector<TableColumn> surveyColumns(const StudyTable& table);
[[nodiscard]] std::vector<TableRow> surveyRows(const StudyTable& table);
/// The model's name, and a number where a model has several rows.
[[nodiscard]] QString surveyRowKey(const std::string& model, int row);
[[nodiscard]] QString surveyModel(const QString& key);

} // namespace brink
