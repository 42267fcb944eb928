// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/trustresults.h"

#include "app/truststate.h"
#include "core/base/error.h"
#include "core/margins/margins.h"
#include "core/store/trustdocument.h"

#include <string_view>

namespace brink {

namespace {

constexpr std::string_view prefix = "trust/"; ///< of the names of documents; kind and number or model follow

Json cardOf(Json card)
{
    card.erase("origin"); // where the card was found says nothing about the model
    return card;
}

/// What a document says beside what was found.
ResultDocument framed(Json frame, ResultDocument found)
{
    frame["found"] = std::move(found.header);
    return {std::move(frame), std::move(found.data)};
}

DiagnosisChoices choicesFrom(const Json& json)
{
    const Norm norm = normFromName(json.at("attack").at("norm").get<std::string>());
    return diagnosisChoicesFromJson(json, {.attack = standardScrutiny(norm, customaryEps(norm), Preset::Paper)});
}

KeptDetectors detectorsFrom(const Json& choices, const Json& found, std::string_view data)
{
    KeptDetectors kept;
    kept.survey = std::make_shared<const DetectorSurvey>(detectorSurveyFrom(found, data));
    if (auto summary = summarise(*kept.survey))
        kept.summary = std::make_shared<const DetectorSummary>(std::move(*summary));
    kept.asked = detectorsChoicesFromJson(choices);
    return kept;
}

void take(TrustResults& results, const std::string& kind, const Json& frame, std::string_view data)
{
    const Json& model = frame.at("model");
    const auto sha256 = model.at("sha256").get<std::string>();
    const Json &choices = frame.at("choices"), &found = frame.at("found");
    results.images = frame.at("images").at("name").get<std::string>();
    results.imageCount = frame.at("images").at("count").get<std::int64_t>();
    results.firstImage = frame.at("images").at("first").get<std::string>();
    if (kind == "diagnosis")
        results.diagnoses.push_back({{sha256, model.at("card")}, frame.at("seed").get<std::uint64_t>(), choicesFrom(choices), std::make_shared<const Diagnosis>(diagnosisFrom(found, data))});
    else if (kind == "detectors")
        results.detectors[sha256] = detectorsFrom(choices, found, data);
    else if (kind == "smoothing")
        results.smoothing[sha256] = {std::make_shared<const std::vector<SmoothingSurvey>>(smoothingSurveysFrom(found, data)), smoothingChoicesFromJson(choices), {}};
}

} // namespace

bool KeptDiagnosis::isOf(const Classifier& classifier) const
{
    const ModelIdentity other = identityOf(classifier);
    return other.sha256 == model.sha256 && cardOf(other.card) == cardOf(model.card);
}

std::vector<SessionDocument> documentsOf(const TrustResults& results)
{
    const Json images{{"name", results.images}, {"count", results.imageCount}, {"first", results.firstImage}};
    std::vector<SessionDocument> all;
    for (const KeptDiagnosis& kept : results.diagnoses) {
        const Json frame{{"images", images}, {"model", {{"sha256", kept.model.sha256}, {"card", cardOf(kept.model.card)}}}, {"seed", kept.seed}, {"choices", toJson(kept.choices)}};
        all.push_back({std::string(prefix) + "diagnosis/" + std::to_string(all.size()), framed(frame, documentOf(*kept.diagnosis))});
    }
    const auto add = [&](const char* kind, const std::string& sha256, Json choices, ResultDocument found) {
        all.push_back({std::string(prefix) + kind + '/' + sha256, framed({{"images", images}, {"model", {{"sha256", sha256}}}, {"choices", std::move(choices)}}, std::move(found))});
    };
    for (const auto& [sha256, kept] : results.detectors)
        if (kept.survey)
            add("detectors", sha256, toJson(kept.asked), documentOf(*kept.survey));
    for (const auto& [sha256, kept] : results.smoothing)
        if (kept.surveys)
            add("smoothing", sha256, toJson(kept.asked), documentOf(*kept.surveys));
    return all;
}

TrustResults trustResultsFrom(const std::vector<SessionDocument>& documents)
{
    TrustResults results;
    for (const SessionDocument& document : documents) {
        const auto end = document.name.find('/', prefix.size());
        if (!document.name.starts_with(prefix) || end == std::string::npos)
            continue;
        try {
            take(results, document.name.substr(prefix.size(), end - prefix.size()), document.content.header, document.content.data);
        } catch (const Error&) {
            ++results.unreadable;
        } catch (const Json::exception&) {
            ++results.unreadable;
        }
    }
    return results;
}

} // namespace brink
