// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/scheduler.h"
#include "core/model/classifier.h"

#include <QStringList>

#include <optional>

namespace brink {

/// What every job did, as text to read and to copy: start, end, cost, notes and errors with time stamps. The newest lines count.
class JobLog {
public:
    static constexpr int mostLines = 2000;

    /// A job that has ended.
    void add(const JobSnapshot& job, const std::optional<EvaluationCounts>& counts);
    void clear() { m_lines.clear(); }
    [[nodiscard]] QString text() const { return m_lines.join(QLatin1Char('\n')); }
    [[nodiscard]] const QStringList& lines() const { return m_lines; }

private:
    QStringList m_lines;
};

} // namespace brink
