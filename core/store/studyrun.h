// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/study/study.h"

#include <cstdint>
#include <string>
#include <vector>

namespace brink {

struct StudyRunOptions {
    std::string device = "cpu";
    int shard = 0, shards = 1; ///< this run computes part `shard` of `shards`; the parts do not depend on anything else
};

/// How a run ended. Units that failed are tried again by the next run.
struct StudyRunEnd {
    bool stopped = false;
    std::int64_t unitsDone = 0;      ///< in the file now
    std::int64_t unitsTotal = 0;
    std::int64_t unitsComputed = 0;  ///< by this run
    std::vector<std::string> failures; ///< one sentence each
};

/// Computes what the file at `path` still lacks of the study; makes the file when there is none. Units run beside each other
/// on the monitor's lanes, each finished one is written in one transaction: whatever ends the program loses only the units
/// that were running. What is in the file and no longer asked for stays there unused.
/// @throws Error(Io) when the file cannot be written, another process works on it, or the images are gone; Error(Usage) when the
/// file holds another study's results that this one would not find (other name).
StudyRunEnd runStudy(const std::string& path, const Study& study, const StudyRunOptions& options, Monitor& monitor);

/// Joins files of one study, made by shards or by runs that were cut off. Units are taken once.
/// @throws Error(Usage) naming the file and the difference when they are not of the same study.
void mergeStudies(const std::string& out, const std::vector<std::string>& in);

} // namespace brink
