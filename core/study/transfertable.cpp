// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/transfertable.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <array>

namespace brink {

namespace {

struct RuleWords {
    TransferRule rule;
    const char* name;
    const char* label;
};
constexpr std::array<RuleWords, 4> rules{{
    {TransferRule::All, "all", "all images"},
    {TransferRule::CorrectOnTarget, "correct-on-target", "correct on target"},
    {TransferRule::CorrectOnBoth, "correct-on-both", "correct on both"},
    {TransferRule::FooledSource, "fooled-source", "fooled the source"},
}};

const RuleWords& wordsOf(TransferRule rule) { return rules.at(std::size_t(rule)); }

const StudyTransfer* transferOf(const StudyResults& results, int analysis, int source, int target)
{
    const auto& pairs = results.transfers[std::size_t(analysis)];
    const auto found = pairs.find({source, target});
    return found == pairs.end() ? nullptr : found->second.get();
}

bool countsUnder(TransferRule rule, bool isCorrectOnSource, bool isCorrectOnTarget, bool isSuccess)
{
    switch (rule) {
    case TransferRule::All: return true;
    case TransferRule::CorrectOnTarget: return isCorrectOnTarget;
    case TransferRule::CorrectOnBoth: return isCorrectOnTarget && isCorrectOnSource;
    case TransferRule::FooledSource: return isSuccess;
    }
    return false;
}

} // namespace

std::string transferRuleName(TransferRule rule) { return wordsOf(rule).name; }

std::string transferRuleLabel(TransferRule rule) { return wordsOf(rule).label; }

TransferRule transferRuleFromName(std::string_view name)
{
    std::vector<std::string> names;
    for (const RuleWords& words : rules) {
        if (name == words.name)
            return words.rule;
        names.emplace_back(words.name);
    }
    throw Error(ErrorCode::Usage, unknownName("rule", name, names));
}

TransferVerdict transferVerdict(const StudyResults& results, int analysis, int source, int target, const StudyTransfer& transfer,
    std::size_t entry, TransferRule rule)
{
    (void)target; // what it says to the clean image, converted in the same way, is part of the transfer
    const StudyAttackRow& row = results.cell(analysis, source).attack[std::size_t(transfer.row[entry])];
    const std::int64_t label = results.images[std::size_t(row.image)].label;
    const std::int32_t says = transfer.predicted[entry];
    TransferVerdict verdict;
    verdict.counts = countsUnder(rule, results.isCorrect(source, row.image), transfer.clean[entry] == label, row.success);
    verdict.hits = row.target >= 0 ? says == row.target : says != label;
    return verdict;
}

std::optional<TransferCount> transferCount(const StudyResults& results, int analysis, int source, int target, TransferRule rule)
{
    const StudyTransfer* transfer = transferOf(results, analysis, source, target);
    if (!transfer || results.refusedPairs.contains({source, target}))
        return std::nullopt;
    TransferCount count;
    for (std::size_t entry = 0; entry < transfer->row.size(); ++entry) {
        const TransferVerdict verdict = transferVerdict(results, analysis, source, target, *transfer, entry, rule);
        count.total += verdict.counts;
        count.hits += verdict.counts && verdict.hits;
    }
    return count;
}

TransferTable transferTable(const StudyResults& results, int analysis, TransferRule rule)
{
    const int models = int(results.models.size());
    TransferTable table;
    for (int source = 0; source < models; ++source) {
        auto& row = table.emplace_back();
        for (int target = 0; target < models; ++target)
            row.push_back(transferCount(results, analysis, source, target, rule));
    }
    return table;
}

} // namespace brink
