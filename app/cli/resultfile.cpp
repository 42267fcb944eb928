// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/resultfile.h"

#include "core/base/text.h"
#include "core/study/resultjson.h"

#include <cstdio>

namespace brink::cli {

Json resultFile(const Classifier& model, const RunSettings& settings, const std::string& preset,
    const std::vector<std::int64_t>& indices, const std::vector<ItemSlot>& items, const std::vector<std::optional<Error>>& errors)
{
    Json document = resultDocument(model, settings.seed);
    document["preset"] = preset;
    EvaluationCounts counts;
    double seconds = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i]) {
            document["items"].push_back(itemJson(*items[i]));
            counts += items[i]->counts;
            seconds += items[i]->seconds;
            if (!document.contains("parameters") && !items[i]->parameters.is_null())
                document["parameters"] = items[i]->parameters;
        } else if (i < errors.size() && errors[i]) {
            document["items"].push_back({{"index", indices[i]}, {"error", errors[i]->message()}});
        }
    }
    document["warnings"] = Json::array();
    document["cost"] = toJson(counts, seconds);
    return document;
}

UnitReport inspectImages(const QString& title, const InspectRequest& request, const ChosenImages& images, int workers,
    std::vector<ItemSlot>& items)
{
    items.assign(images.indices.size(), std::nullopt);
    return runUnits(title, std::int64_t(items.size()), workers, [&](std::int64_t unit, Monitor& monitor) {
        InspectRequest own = request;
        own.index = images.indices[std::size_t(unit)];
        own.source = images.dataset->image(own.index);
        own.label = images.dataset->label(own.index);
        items[std::size_t(unit)] = runInspect(own, monitor);
    });
}

void printSummary(const Options& options, const Classifier& model, const std::vector<ItemSlot>& items)
{
    if (options.isSet(QStringLiteral("json")) && options.text(QStringLiteral("json")) == "-")
        return;
    for (const ItemSlot& item : items) {
        if (!item)
            continue;
        std::printf("image %lld: %s", (long long)item->index, model.className(item->predicted).c_str());
        if (item->label)
            std::printf(*item->label == item->predicted ? " (right)" : " (labelled %s)", model.className(*item->label).c_str());
        std::printf(", distances %s, pixel range [0,1]\n", normLabel(item->norm).c_str());
        if (item->certified && item->certified->radius)
            std::printf("  %-22s %8s  by %s%s\n", "certified bound", formatReal(*item->certified->radius).c_str(), certifyMethodName(item->certified->method).c_str(),
                item->certified->isPartial ? ", stopped early" : "");
        else if (!item->uncertified.empty())
            std::printf("  %-22s %8s  %s\n", "certified bound", "none", item->uncertified.c_str());
        if (item->clever) {
            if (item->clever->score) {
                std::printf("  %-22s %8s", "CLEVER estimate", formatReal(*item->clever->score).c_str());
                if (item->clever->interval)
                    std::printf("  [%s, %s]", formatReal((*item->clever->interval)[0]).c_str(), formatReal((*item->clever->interval)[1]).c_str());
                if (item->clever->target)
                    std::printf("  to %s", model.className(*item->clever->target).c_str());
                std::printf("%s\n", item->clever->capped ? "  capped at the radius" : "");
            } else {
                std::printf("  %-22s %8s\n", "CLEVER estimate", "refused");
            }
        }
        if (item->linearisedDistance)
            std::printf("  %-22s %8s\n", "g/|grad g|", formatReal(*item->linearisedDistance).c_str());
        for (const AttackOutcome& outcome : item->attacks) {
            if (outcome.success && outcome.distance)
                std::printf("  %-22s %8s  to %s%s\n", outcome.name.c_str(), formatReal(outcome.distance->in(outcome.norm)).c_str(),
                    model.className(*outcome.adversarialClass).c_str(),
                    outcome.survives8bit.value_or(true) ? "" : "  (lost by 8-bit rounding)");
            else
                std::printf("  %-22s %8s  %s\n", outcome.name.c_str(), "none", outcome.failure.c_str());
        }
        if (item->randomDirections) {
            if (item->randomDirections->median)
                std::printf("  %-22s %8s  (median of %d)\n", "random directions", formatReal(*item->randomDirections->median).c_str(),
                    item->randomDirections->directions);
            else
                std::printf("  %-22s %8s  (%d of %d left the class)\n", "random directions", "none", item->randomDirections->crossings,
                    item->randomDirections->directions);
        }
        for (const Warning& warning : item->warnings)
            std::printf("  ! %s\n", warning.text.c_str());
    }
}

} // namespace brink::cli
