// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/labels.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/csv.h"
#include "core/data/filebytes.h"
#include "core/data/idxfile.h"
#include "core/data/npyfile.h"

#include <algorithm>
#include <filesystem>

namespace brink {

namespace {

std::vector<std::string> textLines(const std::string& path)
{
    std::vector<std::string> lines = split(readTextFile(path), '\n');
    for (std::string& line : lines)
        line = std::string(trimmed(line));
    while (!lines.empty() && lines.back().empty())
        lines.pop_back();
    return lines;
}

/// The label column of a table without its header line.
std::vector<std::string> labelColumn(const std::string& path)
{
    const CsvTable table = parseCsv(readTextFile(path));
    const std::size_t width = table.empty() ? 0 : table.front().size();
    const auto named = width ? columnNamed(table.front(), {"label", "index", "class"}) : std::nullopt;
    std::vector<std::string> column;
    for (std::size_t row = named ? 1 : 0; row < table.size(); ++row) {
        if (table[row].size() != width)
            throw Error(ErrorCode::Format, path + ": row " + std::to_string(row + 1) + " has another number of columns than the first.");
        column.push_back(table[row][named.value_or(width - 1)]);
    }
    return column;
}

} // namespace

std::vector<std::int64_t> readLabels(const std::string& path, std::span<const std::string> classNames)
{
    const std::string name = lowerCase(path);
    if (name.ends_with(".npy"))
        return readNpyLabels(path);
    const bool isTable = name.ends_with(".csv");
    if (!isTable && !name.ends_with(".txt"))
        return readIdxLabels(path);
    std::vector<std::int64_t> labels;
    for (const std::string& text : isTable ? labelColumn(path) : textLines(path))
        labels.push_back(labelFromText(text, classNames, path + ", label " + std::to_string(labels.size())));
    return labels;
}

std::vector<std::string> readClassNames(const std::string& path)
{
    return textLines(path);
}

std::vector<std::string> classNamesBeside(const std::string& path, std::span<const std::string_view> fileNames)
{
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    for (const std::string_view fileName : fileNames) {
        const std::filesystem::path candidate = folder / fileName;
        std::error_code ignored;
        if (std::filesystem::is_regular_file(candidate, ignored))
            return readClassNames(candidate.string());
    }
    return {};
}

std::int64_t labelFromText(std::string_view text, std::span<const std::string> classNames, const std::string& source)
{
    const std::string_view label = trimmed(text);
    const auto named = std::ranges::find(classNames, label);
    if (named != classNames.end())
        return named - classNames.begin();
    if (const auto number = parseInteger(label))
        return *number;
    throw Error(ErrorCode::Domain,
        source + ": " + unknownName("class", label, std::vector<std::string>(classNames.begin(), classNames.end())));
}

void checkLabelsHaveNames(const std::string& source, std::span<const std::int64_t> labels, std::span<const std::string> classNames)
{
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::string place = source + ": image " + std::to_string(i) + " has the label " + std::to_string(labels[i]);
        if (labels[i] < 0)
            throw Error(ErrorCode::Domain, place + "; class numbers begin at 0.");
        if (!classNames.empty() && labels[i] >= std::int64_t(classNames.size()))
            throw Error(ErrorCode::Domain, place + ", but there are only " + std::to_string(classNames.size())
                    + " class names. Correct the labels or the list of class names beside the file.");
    }
}

} // namespace brink
