// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/params/paramspec.h"

#include <map>
#include <string>
#include <string_view>

namespace brink {

enum class Preset { Paper, Preview };

/// @throws Error(Usage) for anything but "paper" and "preview".
[[nodiscard]] Preset presetFromName(std::string_view name);

/// Values that satisfy a list of specifications: every key known, every value of the right type and in range.
class Params {
public:
    Params() = default;
    /// All defaults of the preset.
    explicit Params(ParamSpecs specs, Preset preset = Preset::Paper);

    [[nodiscard]] const ParamSpecs& specs() const { return m_specs; }
    /// @throws Error(Usage) for an unknown key (names the nearest), Error(Domain) for a bad value.
    void set(std::string_view key, const ParamValue& value);
    /// Reads the text as the parameter's type. @throws as set().
    void setText(std::string_view key, std::string_view text);
    /// "key=value". @throws as set().
    void assign(std::string_view keyAndValue);

    [[nodiscard]] bool contains(std::string_view key) const;
    /// @throws Error(Usage) for an unknown key; the wrong type is a programming error.
    [[nodiscard]] bool boolean(std::string_view key) const;
    [[nodiscard]] long long integer(std::string_view key) const;
    [[nodiscard]] double real(std::string_view key) const;
    [[nodiscard]] const std::string& text(std::string_view key) const;
    [[nodiscard]] const ParamValue& value(std::string_view key) const;

    [[nodiscard]] Json toJson() const;
    bool operator==(const Params& other) const { return m_values == other.m_values; }

private:
    [[nodiscard]] const ParamSpec& spec(std::string_view key) const;

    ParamSpecs m_specs;
    std::map<std::string, ParamValue, std::less<>> m_values;
};

/// Specifications as JSON for `brink list` and the documentation.
[[nodiscard]] Json toJson(const ParamSpecs& specs);

} // namespace brink
