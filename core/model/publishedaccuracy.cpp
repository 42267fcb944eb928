// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/publishedaccuracy.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/model/cardfile.h"

#include <algorithm>
#include <fstream>

namespace brink {

namespace {

[[noreturn]] void refuse(const std::string& what)
{
    throw Error(ErrorCode::Format, "Model card key \"published\" " + what
            + R"(; write e.g. [{"norm": "linf", "eps": 0.0314, "robustAccuracy": 0.57, "source": "..."}].)");
}

double numberIn(const Json& entry, const char* key, double low, double high)
{
    if (!entry.contains(key) || !entry[key].is_number())
        refuse(std::string("needs a number \"") + key + "\" in every entry");
    const double value = entry[key].get<double>();
    if (!(value >= low && value <= high))
        refuse(std::string("has a \"") + key + "\" outside " + formatReal(low) + " to " + formatReal(high));
    return value;
}

std::string textIn(const Json& entry, const char* key, const std::string& standard = {})
{
    if (!entry.contains(key) && !standard.empty())
        return standard;
    if (!entry.contains(key) || !entry[key].is_string() || entry[key].get<std::string>().empty())
        refuse(std::string("needs text \"") + key + "\" in every entry");
    return entry[key].get<std::string>();
}

} // namespace

std::vector<PublishedAccuracy> publishedAccuraciesFrom(const Json& json)
{
    if (!json.is_array())
        refuse("must be a list");
    std::vector<PublishedAccuracy> published;
    for (const Json& entry : json) {
        if (!entry.is_object())
            refuse("must hold objects");
        PublishedAccuracy each;
        each.norm = textIn(entry, "norm");
        if (const std::vector<std::string> norms{"linf", "l2", "l1", "l0"}; std::ranges::find(norms, each.norm) == norms.end())
            refuse("has the norm \"" + each.norm + "\", which is none of linf, l2, l1 and l0");
        each.eps = numberIn(entry, "eps", 0, 1e9);
        each.robustAccuracy = numberIn(entry, "robustAccuracy", 0, 1);
        each.attack = textIn(entry, "attack", each.attack);
        each.source = textIn(entry, "source");
        published.push_back(std::move(each));
    }
    return published;
}

Json toJson(const std::vector<PublishedAccuracy>& published)
{
    Json list = Json::array();
    for (const PublishedAccuracy& each : published)
        list.push_back({{"norm", each.norm}, {"eps", each.eps}, {"robustAccuracy", each.robustAccuracy}, {"attack", each.attack}, {"source", each.source}});
    return list;
}

std::vector<PublishedAccuracy> publishedAccuracies(const std::string& modelPath, const Json& overrides)
{
    if (overrides.contains("published"))
        return publishedAccuraciesFrom(overrides["published"]);
    std::ifstream file(modelCardPath(modelPath));
    const Json card = file ? Json::parse(file, nullptr, false) : Json();
    return card.is_object() && card.contains("published") ? publishedAccuraciesFrom(card["published"]) : std::vector<PublishedAccuracy>();
}

} // namespace brink
