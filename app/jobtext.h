// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/scheduler.h"
#include "core/model/classifier.h"
#include "widgets/controls/joblist.h"

namespace brink {

/// A job as the list shows it. @param counts what the job has cost so far, where that is known.
[[nodiscard]] JobRow jobRow(const JobSnapshot& job, const std::optional<EvaluationCounts>& counts = {});

} // namespace brink
