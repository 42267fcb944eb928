// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/surveyrows.h"

#include "app/inspecttext.h"
#include "app/qtext.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

namespace {

/// Columns of the exported table that a table of models on screen has no place for.
const std::vector<std::string> hiddenColumns{"analysis", "forwards", "backwards"};
/// Those of words; the others are of numbers.
const std::vector<std::string> words{"model", "attack", "norm", "method", "error"};

std::vector<int> shownColumns(const StudyTable& table)
{
    std::vector<int> columns;
    for (int i = 0; i < int(table.columns.size()); ++i)
        if (std::ranges::find(hiddenColumns, table.columns[std::size_t(i)]) == hiddenColumns.end())
            columns.push_back(i);
    return columns;
}

TableCell cellOf(const Json& value)
{
    if (value.is_null())
        return {QStringLiteral("–"), std::numeric_limits<double>::infinity(), {}, false, true};
    if (value.is_number_integer())
        return {shownCount(value.get<std::int64_t>()), qlonglong(value.get<std::int64_t>()), {}, false, false};
    if (value.is_number() && value.get<double>() == std::floor(value.get<double>()) && std::abs(value.get<double>()) < 1000)
        return {QString::number(value.get<double>()), value.get<double>(), {}, false, false};
    if (value.is_number())
        return {shownNumber(value.get<double>()), value.get<double>(), {}, false, false};
    const QString text = qtext(value.get<std::string>());
    return {text, text, text, false, false};
}

} // namespace

QString surveyRowKey(const std::string& model, int row) { return row == 0 ? qtext(model) : QStringLiteral("%1\n%2").arg(qtext(model)).arg(row); }

QString surveyModel(const QString& key) { return key.section(QLatin1Char('\n'), 0, 0); }

std::vector<TableColumn> surveyColumns(const StudyTable& table)
{
    std::vector<TableColumn> columns;
    for (const int i : shownColumns(table)) {
        const std::string& name = table.columns[std::size_t(i)];
        QString header = qtext(name);
        header.front() = header.front().toUpper();
        columns.push_back({header, qtext(table.caption), std::ranges::find(words, name) == words.end()});
    }
    return columns;
}

std::vector<TableRow> surveyRows(const StudyTable& table)
{
    std::vector<TableRow> rows;
    std::string model;
    int number = 0;
    for (const std::vector<Json>& cells : table.rows) {
        const std::string name = cells.front().get<std::string>();
        number = name == model ? number + 1 : 0;
        model = name;
        TableRow row{surveyRowKey(name, number), {}};
        for (const int i : shownColumns(table))
            row.cells.push_back(cellOf(cells[std::size_t(i)]));
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace brink
