// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/csv.h"
#include "core/data/datasetreader.h"
#include "core/data/imagelist.h"
#include "core/data/labels.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace brink {

namespace {

struct ManifestRow {
    std::string path;
    std::string label; ///< trimmed, empty for none
};

/// Columns by the header line where there is one, else path and label are the first two.
std::vector<ManifestRow> readRows(const std::string& path)
{
    const CsvTable table = parseCsv(readTextFile(path));
    if (table.empty())
        throw Error(ErrorCode::Format, path + ": the manifest is empty. Each line is path,label.");
    const auto pathColumn = columnNamed(table.front(), {"path", "file", "filename", "image"});
    const auto labelColumn = columnNamed(table.front(), {"label", "index", "class"});
    const std::size_t pathAt = pathColumn.value_or(0);
    const std::size_t labelAt = pathColumn ? labelColumn.value_or(table.front().size()) : 1;
    std::vector<ManifestRow> rows;
    for (std::size_t row = pathColumn ? 1 : 0; row < table.size(); ++row) {
        const auto& fields = table[row];
        if (pathAt >= fields.size() || trimmed(fields[pathAt]).empty())
            throw Error(ErrorCode::Format, path + ": row " + std::to_string(row + 1) + " names no image. Each line is path,label.");
        rows.push_back({std::string(trimmed(fields[pathAt])), labelAt < fields.size() ? std::string(trimmed(fields[labelAt])) : ""});
    }
    if (rows.empty())
        throw Error(ErrorCode::Format, path + ": the manifest has a header line only. Each further line is path,label.");
    return rows;
}

/// Names of classes.txt, else none if all labels are numbers, else the labels themselves in alphabetical order.
std::vector<std::string> classNamesOf(const std::vector<ManifestRow>& rows, const std::string& path)
{
    constexpr std::string_view nameFiles[] = {"classes.txt"};
    if (auto names = classNamesBeside(path, nameFiles); !names.empty())
        return names;
    std::set<std::string> labels;
    for (const ManifestRow& row : rows)
        if (!row.label.empty())
            labels.insert(row.label);
    if (std::ranges::all_of(labels, [](const std::string& label) { return parseInteger(label).has_value(); }))
        return {};
    return std::vector<std::string>(labels.begin(), labels.end());
}

std::shared_ptr<const Dataset> openManifest(const std::string& path)
{
    const std::vector<ManifestRow> rows = readRows(path);
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    ImageList list;
    list.name = fileNameOf(path);
    list.classNames = classNamesOf(rows, path);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        list.paths.push_back((folder / rows[i].path).string());
        list.labels.emplace_back();
        if (rows[i].label.empty())
            continue;
        const std::int64_t label = labelFromText(rows[i].label, list.classNames, path + ", image " + std::to_string(i));
        checkLabelsHaveNames(path + " (image " + std::to_string(i) + ")", {&label, 1}, list.classNames);
        list.labels.back() = label;
    }
    return makeImageListDataset(std::move(list));
}

} // namespace

DatasetReader manifestReader()
{
    return {{"CSV manifest", {".csv"}, "Lines path,label with paths relative to the file; labels are numbers or class names"},
        [](const DatasetSource&) { return false; }, openManifest};
}

} // namespace brink
