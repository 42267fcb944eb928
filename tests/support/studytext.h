// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/studyresults.h"

#include <bit>
#include <cstdint>
#include <sstream>
#include <string>

namespace brink::test {

/// Every number of a study's results but times and file places; equal texts mean equal bits.
inline std::string studyText(const StudyResults& results)
{
    std::ostringstream text;
    const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
    for (std::size_t m = 0; m < results.models.size(); ++m) {
        text << "model " << results.study.models[m].name << ' ' << results.models[m].sha256 << ' ' << results.models[m].error << '\n';
        for (const std::int32_t predicted : results.predicted[m])
            text << predicted << ' ';
        text << '\n';
    }
    for (std::size_t a = 0; a < results.cells.size(); ++a) {
        for (std::size_t m = 0; m < results.models.size(); ++m) {
            const StudyCell& cell = results.cell(int(a), int(m));
            text << "cell " << results.study.analyses[a].id << ' ' << m << '\n';
            for (const StudyAttackRow& row : cell.attack)
                text << row.image << ' ' << row.target << ' ' << row.adversarialClass << ' ' << row.success << row.survives8bit
                     << row.survivesJpeg << ' ' << row.steps << ' ' << row.forwards << ' ' << row.backwards << ' '
                     << bits(row.distance.l0) << ' ' << bits(row.distance.l1) << ' ' << bits(row.distance.l2) << ' '
                     << bits(row.distance.linf) << '\n';
            for (const StudyCleverRow& row : cell.clever)
                text << row.image << ' ' << row.target << ' ' << bits(row.score) << ' ' << bits(row.interval[0]) << ' '
                     << bits(row.interval[1]) << ' ' << row.capped << row.isRefused << ' ' << row.forwards << '\n';
            for (const std::string& error : cell.errors)
                text << "error " << error << '\n';
        }
        for (const auto& [pair, transfer] : results.transfers[a]) {
            text << "transfer " << pair.first << ' ' << pair.second << '\n';
            for (std::size_t i = 0; i < transfer->row.size(); ++i)
                text << transfer->row[i] << ' ' << transfer->predicted[i] << ' ' << bits(double(transfer->margin[i])) << ' '
                     << transfer->clean[i] << '\n';
        }
    }
    for (const auto& [pair, reason] : results.refusedPairs)
        text << "refused " << pair.first << ' ' << pair.second << ' ' << reason << '\n';
    text << results.unitsDone << " of " << results.unitsTotal << '\n';
    return text.str();
}

} // namespace brink::test
