// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/monitor.h"

#include <QString>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace brink::cli {

/// How a run of many units ended.
struct UnitReport {
    std::vector<std::optional<Error>> errors; ///< one a unit; absent when it went well
    bool stopped = false;                     ///< Ctrl-C: units not started have no result
    std::int64_t failures = 0;
};

/// Runs `work(unit, monitor)` for units 0..count-1 on `workers` threads and returns when all have ended. Progress goes
/// to standard error when that is a terminal; Ctrl-C stops cleanly. `finished(unit)`, in the calling thread, follows
/// each unit that went well. What a unit computes must not depend on the number of workers.
[[nodiscard]] UnitReport runUnits(const QString& title, std::int64_t count, int workers,
    const std::function<void(std::int64_t unit, Monitor&)>& work, const std::function<void(std::int64_t unit)>& finished = {});

/// Prints the failures and the stop as sentences; the exit status they call for.
[[nodiscard]] int reportUnits(const UnitReport& report, const char* unitName);

} // namespace brink::cli
