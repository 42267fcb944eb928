// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/transferrates.h"

#include "core/base/rng.h"
#include "core/report/studyparts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace brink::report {

namespace {

constexpr int permutations = 10000;
constexpr std::uint64_t permutationStream = 0x7a115f0;

/// Counts of one pair, of the common images alone when `isCommon` is not empty.
std::optional<TransferCount> countOf(const StudyResults& results, int analysis, int source, int target, TransferRule rule,
    const std::vector<bool>& isCommon)
{
    if (isCommon.empty())
        return transferCount(results, analysis, source, target, rule);
    const auto& pairs = results.transfers[std::size_t(analysis)];
    const auto found = pairs.find({source, target});
    if (found == pairs.end() || results.refusedPairs.contains({source, target}))
        return std::nullopt;
    const std::vector<StudyAttackRow>& rows = results.cell(analysis, source).attack;
    TransferCount count;
    for (std::size_t entry = 0; entry < found->second->row.size(); ++entry) {
        if (!isCommon[std::size_t(rows[std::size_t(found->second->row[entry])].image)])
            continue;
        const TransferVerdict verdict = transferVerdict(results, analysis, source, target, *found->second, entry, rule);
        count.total += verdict.counts;
        count.hits += verdict.counts && verdict.hits;
    }
    return count;
}

void fillCounts(TransferRates& rates, const StudyResults& results, int analysis, const StudySelection& selection)
{
    std::vector<bool> isCommon;
    if (selection.commonSet)
        for (int image = 0; image < int(results.images.size()); ++image)
            isCommon.push_back(results.isCorrectOnAll(image));
    rates.rates.size = rates.size();
    for (const int source : rates.models) {
        for (const int target : rates.models) {
            rates.counts.push_back(countOf(results, analysis, source, target, selection.rule, isCommon));
            const auto& count = rates.counts.back();
            rates.rates.values.push_back(
                count && count->total > 0 ? double(count->hits) / double(count->total) : std::numeric_limits<double>::quiet_NaN());
        }
    }
}

DistanceMatrix unlikeness(const SquareMatrix& rates)
{
    DistanceMatrix distances{rates.size, std::vector<double>(rates.size * rates.size, 0)};
    for (std::size_t i = 0; i < rates.size; ++i) {
        for (std::size_t k = i + 1; k < rates.size; ++k) {
            double sum = 0;
            int known = 0;
            for (const double rate : {rates.at(i, k), rates.at(k, i)}) {
                sum += std::isfinite(rate) ? rate : 0;
                known += std::isfinite(rate);
            }
            distances.values[i * rates.size + k] = distances.values[k * rates.size + i] = known == 0 ? 1 : 1 - sum / known;
        }
    }
    return distances;
}

/// The same rates with row and column i taken from order[i].
TransferRates reordered(const TransferRates& rates, const std::vector<int>& order)
{
    TransferRates result;
    result.rates.size = rates.size();
    for (const int row : order) {
        result.models.push_back(rates.models[std::size_t(row)]);
        for (const int column : order) {
            result.counts.push_back(rates.count(std::size_t(row), std::size_t(column)));
            result.rates.values.push_back(rates.rates.at(std::size_t(row), std::size_t(column)));
        }
    }
    return result;
}

Dendrogram renumbered(Dendrogram tree)
{
    std::vector<int> place(tree.order.size());
    for (std::size_t i = 0; i < tree.order.size(); ++i)
        place[std::size_t(tree.order[i])] = int(i);
    for (ClusterMerge& merge : tree.merges)
        for (int* node : {&merge.left, &merge.right})
            if (std::size_t(*node) < place.size())
                *node = place[std::size_t(*node)];
    std::iota(tree.order.begin(), tree.order.end(), 0);
    return tree;
}

/// Mean over the other models of rate(i).
template <typename Rate>
std::optional<double> meanOfOthers(std::size_t self, std::size_t models, Rate rate)
{
    double sum = 0;
    int known = 0;
    for (std::size_t i = 0; i < models; ++i) {
        if (i == self || !std::isfinite(rate(i)))
            continue;
        sum += rate(i);
        ++known;
    }
    return known == 0 ? std::nullopt : std::optional(sum / known);
}

void fillMeans(TransferRates& rates)
{
    for (std::size_t i = 0; i < rates.size(); ++i) {
        rates.sourceStrength.push_back(meanOfOthers(i, rates.size(), [&](std::size_t k) { return rates.rates.at(i, k); }));
        rates.targetVulnerability.push_back(meanOfOthers(i, rates.size(), [&](std::size_t k) { return rates.rates.at(k, i); }));
    }
}

} // namespace

TransferRates transferRates(const StudyResults& results, int analysis, const StudySelection& selection)
{
    TransferRates rates;
    rates.models = orderedModels(results, selection.order);
    fillCounts(rates, results, analysis, selection);
    if (selection.order == ModelOrder::Clustering) {
        const Dendrogram tree = clusterAverage(unlikeness(rates.rates));
        rates = reordered(rates, tree.order);
        rates.tree = renumbered(tree);
    }
    fillMeans(rates);
    return rates;
}

std::optional<FamilyTransfer> familyTransfer(const StudyResults& results, const TransferRates& rates)
{
    // In the order of the study, so that the draws do not depend on the order shown.
    std::vector<int> order(rates.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [&](int i) { return rates.models[std::size_t(i)]; });
    const TransferRates given = reordered(rates, order);
    std::vector<int> families;
    for (const int model : given.models)
        families.push_back(familyLook(results, model).index);
    const auto means = groupMeans(given.rates, families);
    if (!means)
        return std::nullopt;
    const auto p = groupPermutationP(given.rates, families, permutations, combineSeeds({results.study.seed, permutationStream}));
    return FamilyTransfer{*means, p.value_or(1)};
}

} // namespace brink::report
