// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace brink {

using ParamValue = std::variant<bool, long long, double, std::string>;

/// One parameter of an analysis as data. Forms, command line, study files and documentation are made from it.
/// The alternative held by `standard` decides the type. Text with `choices` is an enumeration.
struct ParamSpec {
    std::string key;   ///< spelling on the command line and in JSON, e.g. "steps"
    std::string label; ///< sentence case, for the form, e.g. "Steps"
    std::string unit;  ///< "pixel [0,1]", "steps" ...; empty for pure numbers
    ParamValue standard;                  ///< the paper's or reference implementation's default
    std::optional<ParamValue> preview;    ///< the quick preset's value where it differs
    std::optional<double> minimum;        ///< inclusive
    std::optional<double> maximum;        ///< inclusive
    std::vector<std::string> choices;
    std::string help;  ///< one line with the source, e.g. "Step size schedule (Rony 2019, algorithm 1)"
};

using ParamSpecs = std::vector<ParamSpec>;

} // namespace brink
