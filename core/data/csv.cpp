// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/csv.h"

#include "core/base/text.h"

#include <utility>

namespace brink {

CsvTable parseCsv(std::string_view text)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    CsvTable table;
    std::vector<std::string> row;
    std::string field;
    bool isQuoted = false;
    const auto endField = [&] { row.push_back(std::exchange(field, {})); };
    const auto endRow = [&] {
        endField();
        if (row.size() > 1 || !trimmed(row.front()).empty())
            table.push_back(row);
        row.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isQuoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
            field += text[++i];
        else if (c == '"' && (isQuoted || field.empty()))
            isQuoted = !isQuoted;
        else if (c == ',' && !isQuoted)
            endField();
        else if (c == '\n' && !isQuoted)
            endRow();
        else if (c != '\r' || isQuoted)
            field += c;
    }
    endRow();
    return table;
}

std::optional<std::size_t> columnNamed(const std::vector<std::string>& header, std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names)
        for (std::size_t column = 0; column < header.size(); ++column)
            if (lowerCase(trimmed(header[column])) == name)
                return column;
    return std::nullopt;
}

} // namespace brink
