// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/studydocuments.h"

namespace brink {

Json toJson(const std::vector<StudyModelFacts>& models)
{
    Json all = Json::array();
    for (const StudyModelFacts& model : models) {
        Json json{{"sha256", model.sha256}};
        if (!model.error.empty())
            json["error"] = model.error;
        else
            json.update({{"input", model.input}, {"classes", model.classes}, {"parameters", model.parameters},
                {"conversions", model.conversions}});
        if (model.head)
            json["head"] = toJson(*model.head);
        if (!model.published.empty())
            json["published"] = toJson(model.published);
        all.push_back(std::move(json));
    }
    return all;
}

std::vector<StudyModelFacts> modelFactsFrom(const Json& json)
{
    std::vector<StudyModelFacts> models;
    for (const Json& each : json) {
        StudyModelFacts model;
        model.sha256 = each.value("sha256", std::string());
        model.error = each.value("error", std::string());
        model.input = each.value("input", std::array<int, 3>{});
        model.classes = each.value("classes", 0);
        model.parameters = each.value("parameters", std::int64_t(0));
        model.conversions = each.value("conversions", std::vector<std::string>());
        if (each.contains("head"))
            model.head = headSummaryFrom(each.at("head"));
        if (each.contains("published"))
            model.published = publishedAccuraciesFrom(each.at("published"));
        models.push_back(std::move(model));
    }
    return models;
}

Json toJson(const std::vector<StudyImageFacts>& images)
{
    Json all = Json::array();
    for (const StudyImageFacts& image : images)
        all.push_back({image.index, image.source, image.label, image.sha256});
    return all;
}

std::vector<StudyImageFacts> imageFactsFrom(const Json& json)
{
    std::vector<StudyImageFacts> images;
    for (const Json& each : json)
        images.push_back({each.at(0).get<std::int64_t>(), each.at(1).get<std::string>(), each.at(2).get<std::int64_t>(),
            each.at(3).get<std::string>()});
    return images;
}

Json pairsJson(const RefusedPairs& pairs)
{
    Json all = Json::array();
    for (const auto& [pair, reason] : pairs)
        all.push_back({pair.first, pair.second, reason});
    return all;
}

RefusedPairs pairsFrom(const Json& json)
{
    RefusedPairs pairs;
    for (const Json& each : json)
        pairs.emplace(std::pair(each.at(0).get<int>(), each.at(1).get<int>()), each.at(2).get<std::string>());
    return pairs;
}

} // namespace brink
