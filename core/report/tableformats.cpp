// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/figureparts.h"
#include "core/report/studytables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace brink {

namespace {

std::string csvCell(const std::string& text)
{
    if (text.find_first_of(",\"\n\r") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

/// Numbers in the shortest form that reads back the same; nothing for a missing one.
std::string csvCell(const Json& value)
{
    if (value.is_null())
        return {};
    return value.is_string() ? csvCell(value.get<std::string>()) : value.dump();
}

/// Letters that TeX does not print, and those that its usual fonts lack.
constexpr std::array<std::pair<std::string_view, std::string_view>, 21> texWords{{
    {"\\", "\\textbackslash{}"}, {"&", "\\&"}, {"%", "\\%"}, {"$", "\\$"}, {"#", "\\#"}, {"_", "\\_"}, {"{", "\\{"}, {"}", "\\}"},
    {"~", "\\textasciitilde{}"}, {"^", "\\textasciicircum{}"}, {"<", "\\textless{}"}, {">", "\\textgreater{}"}, {"|", "\\textbar{}"},
    {"∞", "$\\infty$"}, {"−", "$-$"}, {"→", "$\\to$"}, {"≤", "$\\le$"}, {"≥", "$\\ge$"}, {"ε", "$\\varepsilon$"}, {"κ", "$\\kappa$"},
    {"\u00a0", "~"},
}};

std::string texText(std::string_view text)
{
    std::string escaped;
    for (std::size_t i = 0; i < text.size();) {
        const auto word = std::ranges::find_if(texWords, [&](const auto& each) { return text.substr(i).starts_with(each.first); });
        escaped += word == texWords.end() ? text.substr(i, 1) : word->second;
        i += word == texWords.end() ? 1 : word->first.size();
    }
    return escaped;
}

/// A table in print shows three digits; the CSV has all of them.
std::string texCell(const Json& value)
{
    if (value.is_null())
        return "--";
    if (value.is_number_float())
        return texText(report::threeDigits(value.get<double>()));
    if (value.is_boolean())
        return value.get<bool>() ? "yes" : "no";
    return value.is_string() ? texText(value.get<std::string>()) : value.dump();
}

/// Numbers to the right, words to the left; long words in a paragraph column.
std::string texColumn(const StudyTable& table, std::size_t column)
{
    constexpr std::size_t longest = 40;
    bool isNumber = true;
    std::size_t letters = 0;
    for (const auto& row : table.rows) {
        isNumber = isNumber && (row[column].is_number() || row[column].is_null());
        letters = std::max(letters, row[column].is_string() ? row[column].get_ref<const std::string&>().size() : 0);
    }
    return letters > longest ? "p{0.22\\linewidth}" : isNumber ? "r" : "l";
}

} // namespace

std::string tableCsv(const StudyTable& table)
{
    std::string csv;
    const auto write = [&csv](const auto& cells) {
        bool isFirst = true;
        for (const auto& value : cells) {
            csv += (isFirst ? "" : ",") + csvCell(value);
            isFirst = false;
        }
        csv += "\r\n";
    };
    write(table.columns);
    for (const auto& row : table.rows)
        write(row);
    return csv;
}

Json tableJson(const StudyTable& table)
{
    Json json{{"schema", "brink.table/1"}, {"name", table.name}, {"caption", table.caption}, {"columns", table.columns}, {"rows", Json::array()}};
    for (const auto& row : table.rows) {
        Json object = Json::object();
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            if (!row[i].is_null())
                object[table.columns[i]] = row[i];
        json["rows"].push_back(std::move(object));
    }
    return json;
}

std::string tableLatex(const StudyTable& table)
{
    std::string columns;
    std::string header;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        columns += texColumn(table, i);
        header += (i == 0 ? "" : " & ") + texText(table.columns[i]);
    }
    std::string tex = "% needs \\usepackage{booktabs}\n% " + table.caption + "\n\\begin{tabular}{" + columns + "}\n\\toprule\n" + header
        + " \\\\\n\\midrule\n";
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            tex += (i == 0 ? "" : " & ") + texCell(row[i]);
        tex += " \\\\\n";
    }
    return tex + "\\bottomrule\n\\end{tabular}\n";
}

} // namespace brink
