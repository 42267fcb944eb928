// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transferpairs.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <unordered_map>

namespace brink {

namespace {

/// What one side of a contrast does with an adversarial image.
struct Fate {
    bool counts = false;
    bool hits = false;
};
using Fates = std::unordered_map<std::int64_t, Fate>;

bool haveCommonSource(const CellSelection& a, const CellSelection& b)
{
    return std::ranges::any_of(a.sources, [&b](int source) { return std::ranges::find(b.sources, source) != b.sources.end(); });
}

std::int64_t keyOf(int source, std::int32_t image, bool bySource)
{
    return (bySource ? std::int64_t(source) << 32 : 0) | std::int64_t(image);
}

template <typename Visit> void visitPairs(const StudyResults& results, const PairQuery& query, const CellSelection& cells, const Visit& visit)
{
    const auto& transfers = results.transfers[std::size_t(query.analysis)];
    for (const int source : cells.sources)
        for (const int target : cells.targets) {
            const auto found = transfers.find({source, target});
            if (found == transfers.end() || results.refusedPairs.contains({source, target}))
                continue;
            const StudyTransfer& transfer = *found->second;
            for (std::size_t entry = 0; entry < transfer.row.size(); ++entry) {
                const TransferVerdict verdict = transferVerdict(results, query.analysis, source, target, transfer, entry, query.rule);
                if (verdict.counts)
                    visit(source, target, transfer, entry, verdict.hits);
            }
        }
}

Fates fatesIn(const StudyResults& results, const PairQuery& query, const CellSelection& cells, bool bySource)
{
    Fates fates;
    visitPairs(results, query, cells, [&](int source, int, const StudyTransfer& transfer, std::size_t entry, bool hits) {
        const StudyAttackRow& row = results.cell(query.analysis, source).attack[std::size_t(transfer.row[entry])];
        Fate& fate = fates[keyOf(source, row.image, bySource)];
        fate.counts = true;
        fate.hits = fate.hits || hits;
    });
    return fates;
}

TransferPair pairOf(const StudyResults& results, int analysis, int source, int target, const StudyTransfer& transfer, std::size_t entry, bool hits)
{
    const StudyAttackRow& row = results.cell(analysis, source).attack[std::size_t(transfer.row[entry])];
    TransferPair pair{source, target, transfer.row[entry], row.image, transfer.predicted[entry], transfer.margin[entry]};
    if (!hits)
        pair.margin = -pair.margin;
    pair.distance = row.success ? float(row.distance.in(results.study.analyses[std::size_t(analysis)].norm())) : std::numeric_limits<float>::infinity();
    pair.hits = hits;
    return pair;
}

bool isWanted(PairFilter filter, bool hits)
{
    return filter == PairFilter::All || hits == (filter == PairFilter::Transferring);
}

void sortPairs(std::vector<TransferPair>& pairs, PairSort sort)
{
    // Ties keep one order, so that a growing study does not shuffle the gallery.
    const auto place = [](const TransferPair& pair) { return std::tuple(pair.image, pair.source, pair.target); };
    std::ranges::sort(pairs, [sort, &place](const TransferPair& a, const TransferPair& b) {
        if (sort == PairSort::Margin && a.margin != b.margin)
            return a.margin > b.margin;
        if (sort == PairSort::Distance && a.distance != b.distance)
            return a.distance < b.distance;
        return place(a) < place(b);
    });
}

PairList contrast(const StudyResults& results, const PairQuery& query)
{
    const bool bySource = haveCommonSource(query.first, query.second);
    const Fates there = fatesIn(results, query, query.second, bySource);
    const Fates here = fatesIn(results, query, query.first, bySource);
    PairList list;
    for (const auto& [key, fate] : here) {
        const auto other = there.find(key);
        if (other == there.end())
            continue;
        ++list.total;
        list.hits += fate.hits && !other->second.hits;
    }
    visitPairs(results, query, query.first, [&](int source, int target, const StudyTransfer& transfer, std::size_t entry, bool hits) {
        const StudyAttackRow& row = results.cell(query.analysis, source).attack[std::size_t(transfer.row[entry])];
        const auto other = there.find(keyOf(source, row.image, bySource));
        if (other != there.end() && hits && !other->second.hits)
            list.pairs.push_back(pairOf(results, query.analysis, source, target, transfer, entry, hits));
    });
    return list;
}

} // namespace

PairList transferPairs(const StudyResults& results, const PairQuery& query)
{
    if (query.first.empty())
        return {};
    PairList list;
    if (!query.second.empty()) {
        list = contrast(results, query);
    } else {
        visitPairs(results, query, query.first, [&](int source, int target, const StudyTransfer& transfer, std::size_t entry, bool hits) {
            ++list.total;
            list.hits += hits;
            if (isWanted(query.filter, hits))
                list.pairs.push_back(pairOf(results, query.analysis, source, target, transfer, entry, hits));
        });
    }
    sortPairs(list.pairs, query.sort);
    return list;
}

} // namespace brink
