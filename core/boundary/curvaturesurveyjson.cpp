// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/boundary/curvaturesurvey.h"
#include "core/stats/summary.h"

namespace brink {

namespace {

Json toJson(const SurveyBand& band) { return {{"value", band.value}, {"interval", {band.low, band.high}}}; }

Json warningsJson(const Warnings& warnings)
{
    Json list = Json::array();
    for (const Warning& warning : warnings)
        list.push_back({{"code", warning.code}, {"text", warning.text}});
    return list;
}

Json sharedJson(const CurvatureSurvey& survey)
{
    const SharedDirections& shared = *survey.shared;
    Json json{{"images", shared.images}, {"each", survey.sharedRequest.each}, {"stacked", shared.stacked}, {"subspace", shared.curved.count()},
        {"singularValues", shared.singularValues}, {"directions", Json::array()}};
    for (std::int64_t i = 0; i < shared.curved.count(); ++i) {
        const std::vector<double> rho = rhoOf(survey, i), control = rhoOf(survey, i, true);
        if (rho.empty())
            continue;
        json["heldOut"] = rho.size();
        json["directions"].push_back({{"rho", toJson(medianWithInterval(rho, survey.seed))}, {"random", toJson(medianWithInterval(control, survey.seed))}});
    }
    return json;
}

Json noiseJson(const CurvatureSurvey& survey)
{
    Json json{{"norm", "l2"}, {"norms", survey.noiseNorms}, {"draws", survey.noiseDraws}, {"kinds", Json::object()}};
    for (const NoiseKind kind : noiseKinds) {
        Json entry{{"misclassified", Json::array()}, {"interval", Json::array()}};
        for (std::size_t n = 0; n < survey.noiseNorms.size(); ++n) {
            const SurveyBand band = meanWithInterval(fooledShares(survey, kind, n), survey.seed);
            entry["misclassified"].push_back(band.value);
            entry["interval"].push_back({band.low, band.high});
        }
        if (const HalfNorm half = halfNorm(survey, kind); half.norm)
            entry["halfNorm"] = toJson(*half.norm);
        json["kinds"][noiseKindName(kind)] = std::move(entry);
    }
    return json;
}

} // namespace

Json itemJson(const SurveyImage& image)
{
    Json json{{"index", image.index}, {"source", image.source}, {"sha256", image.sha256}};
    setIfPresent(json, "label", image.label);
    json["heldOut"] = image.isHeldOut;
    if (!image.failure.empty())
        json["failure"] = image.failure;
    if (image.result) {
        json["curvature"] = toJson(*image.result);
        json["warnings"] = warningsJson(image.result->warnings);
    }
    if (image.generalisation)
        json["generalisation"] = {{"rho", image.generalisation->rho}, {"random", image.generalisation->controlRho},
            {"curvature", image.generalisation->curvature}};
    if (image.noise) {
        json["misclassified"] = Json::object();
        for (const NoiseKind kind : noiseKinds)
            json["misclassified"][noiseKindName(kind)] = image.noise->fooled[std::size_t(kind)];
    }
    return json;
}

Json summaryJson(const CurvatureSurvey& survey)
{
    Json json = Json::object();
    std::vector<double> means, distances;
    for (const SurveyImage& image : survey.images)
        if (image.result && image.result->probes > 0) {
            means.push_back(image.result->mean);
            distances.push_back(image.result->point.distance);
        }
    json["images"] = means.size();
    json["partial"] = survey.partial;
    if (means.empty())
        return json;
    json["distance"] = toJson(medianWithInterval(distances, survey.seed));
    json["meanCurvature"] = toJson(meanWithInterval(means, survey.seed));
    if (const std::vector<double> shares = negativeShares(survey); !shares.empty())
        json["negativeShare"] = toJson(meanWithInterval(shares, survey.seed));
    if (const std::vector<double> shares = flatShares(survey); !shares.empty())
        json["flatShare"] = toJson(meanWithInterval(shares, survey.seed));
    json["nearerBoundary"] = imagesWithNearerBoundary(survey);
    if (const auto profile = curvatureProfile(survey))
        json["profile"] = toJson(*profile);
    if (survey.shared)
        json["shared"] = sharedJson(survey);
    if (std::ranges::any_of(survey.images, [](const SurveyImage& image) { return image.noise.has_value(); }))
        json["noise"] = noiseJson(survey);
    return json;
}

Json toJson(const CurvatureProfile& profile)
{
    Json json{{"model", profile.model}, {"full", profile.isFull}, {"ranks", profile.ranks}, {"images", profile.images}, {"step", profile.step},
        {"method", curvatureMethodName(profile.method)}, {"rank", profile.rank}, {"mean", Json::array()}, {"q10", Json::array()},
        {"q90", Json::array()}};
    for (const SurveyBand& band : profile.curvature) {
        json["mean"].push_back(band.value);
        json["q10"].push_back(band.low);
        json["q90"].push_back(band.high);
    }
    return json;
}

CurvatureProfile profileFromJson(const Json& json)
{
    try {
        CurvatureProfile profile;
        profile.model = json.at("model").get<std::string>();
        profile.isFull = json.at("full").get<bool>();
        profile.ranks = json.at("ranks").get<std::int64_t>();
        profile.images = json.at("images").get<int>();
        profile.step = json.at("step").get<double>();
        profile.method = curvatureMethodFromName(json.at("method").get<std::string>());
        profile.rank = json.at("rank").get<std::vector<std::int64_t>>();
        const auto mean = json.at("mean").get<std::vector<double>>(), low = json.at("q10").get<std::vector<double>>(),
                   high = json.at("q90").get<std::vector<double>>();
        if (mean.size() != profile.rank.size() || low.size() != mean.size() || high.size() != mean.size() || mean.empty())
            throw Error(ErrorCode::Format, "The curvature profile of the file is not whole.");
        for (std::size_t i = 0; i < mean.size(); ++i)
            profile.curvature.push_back({mean[i], low[i], high[i]});
        return profile;
    } catch (const Json::exception&) {
        throw Error(ErrorCode::Format, "The file holds no curvature profile; name a result of brink curvature.");
    }
}

} // namespace brink
