// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/attackblock.h"

#include "core/study/describe_torch.h"

namespace brink {

namespace {

std::vector<InspectResult> describeItems(const AttackBlockRequest& request)
{
    std::vector<InspectResult> results;
    for (const BlockItem& item : request.items) {
        Evaluator evaluator(request.model);
        InspectRequest single;
        single.model = request.model;
        single.source = item.source;
        single.index = item.index;
        single.label = item.label;
        single.norm = request.norm;
        single.seed = request.seed;
        InspectResult result = describeImage(single, evaluator);
        result.target = targetFor(request.target, result.logits, result.predicted, imageSeeds(request.seed, item.index).target);
        result.counts = evaluator.counts();
        results.push_back(std::move(result));
    }
    return results;
}

} // namespace

std::vector<InspectResult> runAttackBlock(const AttackBlockRequest& request, Monitor& monitor)
{
    std::vector<InspectResult> results = describeItems(request);
    std::vector<AttackItem> items;
    for (const InspectResult& result : results)
        items.push_back({&result.image, {result.predicted, result.target, 0}, imageSeeds(request.seed, result.index).attacks});

    const auto parts = std::int64_t(request.attacks.size());
    for (std::int64_t part = 0; part < parts && !monitor.stopRequested(); ++part) {
        PartMonitor inner(monitor, part, 1, parts);
        std::vector<AttackOutcome> outcomes = runAttack(request.model, request.attacks[std::size_t(part)], items, inner);
        for (std::size_t i = 0; i < results.size(); ++i) {
            results[i].counts += outcomes[i].counts;
            results[i].seconds += outcomes[i].seconds;
            results[i].attacks.push_back(std::move(outcomes[i]));
        }
        inner.progress(1, 1);
    }
    for (InspectResult& result : results) {
        findBest(result);
        result.partial = monitor.stopRequested();
    }
    return results;
}

} // namespace brink
