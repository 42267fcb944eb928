// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <utility>

namespace brink {

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return lower;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view space = " \t\r\n";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    for (std::size_t begin = 0;;) {
        const auto end = text.find(separator, begin);
        parts.emplace_back(text.substr(begin, end - begin));
        if (end == std::string_view::npos)
            return parts;
        begin = end + 1;
    }
}

int editDistance(std::string_view a, std::string_view b)
{
    std::vector<int> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        int diagonal = std::exchange(row[0], int(i) + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const int substituted = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::optional<std::string> nearestName(std::string_view name, const std::vector<std::string>& candidates)
{
    const std::string wanted = lowerCase(name);
    std::optional<std::string> best;
    int bestDistance = std::max<int>(2, int(wanted.size()) / 2);
    for (const std::string& candidate : candidates) {
        const int distance = editDistance(wanted, lowerCase(candidate));
        if (distance < bestDistance || (distance == bestDistance && !best)) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

std::string unknownName(std::string_view kind, std::string_view name, const std::vector<std::string>& candidates)
{
    std::string text = "Unknown " + std::string(kind) + " \"" + std::string(name) + "\"";
    if (const auto nearest = nearestName(name, candidates))
        text += "; did you mean \"" + *nearest + "\"?";
    else
        text += ".";
    if (!candidates.empty()) {
        text += " Known: ";
        for (std::size_t i = 0; i < candidates.size(); ++i)
            text += (i ? ", " : "") + candidates[i];
        text += ".";
    }
    return text;
}

namespace {

template <typename Number>
std::optional<Number> parseNumber(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    Number value{};
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

} // namespace

std::optional<double> parseReal(std::string_view text) { return parseNumber<double>(text); }

std::optional<long long> parseInteger(std::string_view text) { return parseNumber<long long>(text); }

std::string formatReal(double value, int significantDigits)
{
    if (!std::isfinite(value))
        return std::isnan(value) ? "nan" : (value > 0 ? "inf" : "-inf");
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*g", significantDigits, value);
    return buffer;
}

} // namespace brink
