// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/params/params.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace brink {

namespace {

std::string rangeText(const ParamSpec& spec)
{
    if (spec.minimum && spec.maximum)
        return "between " + formatReal(*spec.minimum, 6) + " and " + formatReal(*spec.maximum, 6);
    if (spec.minimum)
        return "at least " + formatReal(*spec.minimum, 6);
    return "at most " + formatReal(*spec.maximum, 6);
}

/// "0.03", or "8/255" as people write budgets.
std::optional<double> realFrom(std::string_view text)
{
    const std::vector<std::string> parts = split(text, '/');
    const auto top = parseReal(trimmed(parts.front()));
    if (parts.size() == 1 || !top)
        return top;
    const auto bottom = parts.size() == 2 ? parseReal(trimmed(parts.back())) : std::nullopt;
    return bottom && *bottom > 0 ? std::optional(*top / *bottom) : std::nullopt;
}

[[noreturn]] void throwOutOfRange(const ParamSpec& spec, const std::string& got)
{
    throw Error(ErrorCode::Domain, "Parameter \"" + spec.key + "\" must be " + rangeText(spec) + ", not " + got + ".");
}

void checkRange(const ParamSpec& spec, double value, const std::string& got)
{
    if (std::isnan(value) || (spec.minimum && value < *spec.minimum) || (spec.maximum && value > *spec.maximum)) {
        if (std::isnan(value) && !spec.minimum && !spec.maximum)
            throw Error(ErrorCode::Domain, "Parameter \"" + spec.key + "\" must be a number, not " + got + ".");
        throwOutOfRange(spec, got);
    }
}

[[noreturn]] void throwWrongType(const ParamSpec& spec, std::string_view expected, std::string_view got)
{
    throw Error(ErrorCode::Domain,
        "Parameter \"" + spec.key + "\" must be " + std::string(expected) + ", not \"" + std::string(got) + "\".");
}

Json valueJson(const ParamValue& value)
{
    return std::visit([](const auto& held) { return Json(held); }, value);
}

std::string valueText(const ParamValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    return valueJson(value).dump();
}

} // namespace

Preset presetFromName(std::string_view name)
{
    if (name == "paper")
        return Preset::Paper;
    if (name == "preview")
        return Preset::Preview;
    throw Error(ErrorCode::Usage, unknownName("preset", name, {"paper", "preview"}));
}

Params::Params(ParamSpecs specs, Preset preset) : m_specs(std::move(specs))
{
    for (const ParamSpec& spec : m_specs)
        m_values[spec.key] = preset == Preset::Preview && spec.preview ? *spec.preview : spec.standard;
}

const ParamSpec& Params::spec(std::string_view key) const
{
    const auto found = std::ranges::find(m_specs, key, &ParamSpec::key);
    if (found != m_specs.end())
        return *found;
    std::vector<std::string> known;
    for (const ParamSpec& candidate : m_specs)
        known.push_back(candidate.key);
    throw Error(ErrorCode::Usage, unknownName("parameter", key, known));
}

void Params::set(std::string_view key, const ParamValue& value)
{
    const ParamSpec& wanted = spec(key);
    ParamValue stored = value;
    if (std::holds_alternative<double>(wanted.standard)) {
        if (const auto* whole = std::get_if<long long>(&value))
            stored = double(*whole);
        if (!std::holds_alternative<double>(stored))
            throwWrongType(wanted, "a number", valueText(value));
        checkRange(wanted, std::get<double>(stored), valueText(value));
    } else if (std::holds_alternative<long long>(wanted.standard)) {
        if (!std::holds_alternative<long long>(value))
            throwWrongType(wanted, "a whole number", valueText(value));
        checkRange(wanted, double(std::get<long long>(value)), valueText(value));
    } else if (std::holds_alternative<bool>(wanted.standard)) {
        if (!std::holds_alternative<bool>(value))
            throwWrongType(wanted, "true or false", valueText(value));
    } else {
        if (!std::holds_alternative<std::string>(value))
            throwWrongType(wanted, "text", valueText(value));
        const auto& text = std::get<std::string>(value);
        if (!wanted.choices.empty() && std::ranges::find(wanted.choices, text) == wanted.choices.end())
            throw Error(ErrorCode::Usage, unknownName("value of \"" + wanted.key + "\"", text, wanted.choices));
    }
    m_values[wanted.key] = std::move(stored);
}

void Params::setText(std::string_view key, std::string_view text)
{
    const ParamSpec& wanted = spec(key);
    if (std::holds_alternative<double>(wanted.standard)) {
        const auto number = realFrom(text);
        if (!number)
            throwWrongType(wanted, "a number", text);
        set(key, *number);
    } else if (std::holds_alternative<long long>(wanted.standard)) {
        const auto number = parseInteger(text);
        if (!number)
            throwWrongType(wanted, "a whole number", text);
        set(key, *number);
    } else if (std::holds_alternative<bool>(wanted.standard)) {
        const std::string lower = lowerCase(trimmed(text));
        if (lower == "true" || lower == "1" || lower == "yes" || lower == "on")
            set(key, true);
        else if (lower == "false" || lower == "0" || lower == "no" || lower == "off")
            set(key, false);
        else
            throwWrongType(wanted, "true or false", text);
    } else {
        set(key, std::string(text));
    }
}

void Params::assign(std::string_view keyAndValue)
{
    const auto equals = keyAndValue.find('=');
    if (equals == std::string_view::npos)
        throw Error(ErrorCode::Usage, "Write a parameter as key=value, not \"" + std::string(keyAndValue) + "\".");
    setText(trimmed(keyAndValue.substr(0, equals)), trimmed(keyAndValue.substr(equals + 1)));
}

bool Params::contains(std::string_view key) const { return m_values.contains(key); }

const ParamValue& Params::value(std::string_view key) const { return m_values.at(spec(key).key); }

bool Params::boolean(std::string_view key) const { return std::get<bool>(value(key)); }
long long Params::integer(std::string_view key) const { return std::get<long long>(value(key)); }
double Params::real(std::string_view key) const { return std::get<double>(value(key)); }
const std::string& Params::text(std::string_view key) const { return std::get<std::string>(value(key)); }

Json Params::toJson() const
{
    Json json = Json::object();
    for (const ParamSpec& spec : m_specs)
        json[spec.key] = valueJson(m_values.at(spec.key));
    return json;
}

Json toJson(const ParamSpecs& specs)
{
    Json list = Json::array();
    for (const ParamSpec& spec : specs) {
        Json entry{{"key", spec.key}, {"label", spec.label}};
        if (!spec.unit.empty())
            entry["unit"] = spec.unit;
        entry["default"] = valueJson(spec.standard);
        if (spec.preview)
            entry["preview"] = valueJson(*spec.preview);
        setIfPresent(entry, "minimum", spec.minimum);
        setIfPresent(entry, "maximum", spec.maximum);
        if (!spec.choices.empty())
            entry["choices"] = spec.choices;
        entry["help"] = spec.help;
        list.push_back(std::move(entry));
    }
    return list;
}

} // namespace brink
