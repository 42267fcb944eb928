// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/certification.h"

#include "core/base/error.h"
#include "core/study/certifiedbound.h"

#include <algorithm>
#include <limits>

namespace brink {

namespace {

Json jsonOf(const CertifiedImage& image)
{
    Json json{{"index", image.index}, {"reference", image.reference}, {"margin", image.margin}, {"radius", image.radius}, {"capped", image.isCapped},
        {"seconds", image.seconds}};
    setIfPresent(json, "nextFailed", image.nextFailed);
    setIfPresent(json, "found", image.found);
    return json;
}

CertifiedImage imageFrom(const Json& json)
{
    CertifiedImage image;
    image.index = json.at("index").get<std::int64_t>();
    image.reference = json.at("reference").get<std::int64_t>();
    image.margin = json.at("margin").get<double>();
    image.radius = json.at("radius").get<double>();
    image.isCapped = json.at("capped").get<bool>();
    image.seconds = json.at("seconds").get<double>();
    if (json.contains("nextFailed"))
        image.nextFailed = json.at("nextFailed").get<double>();
    if (json.contains("found"))
        image.found = json.at("found").get<double>();
    return image;
}

std::string cborOf(const Json& json)
{
    std::string bytes;
    Json::to_cbor(json, bytes);
    return bytes;
}

template <typename Read>
auto readCbor(std::string_view bytes, Read read)
{
    try {
        return read(Json::from_cbor(bytes.begin(), bytes.end()));
    } catch (const Json::exception&) {
        throw Error(ErrorCode::Format, "certified radii of the study are damaged; they are computed again by the next run");
    }
}

} // namespace

ParamSpecs certificationParameters()
{
    ParamSpec norm;
    norm.key = "norm";
    norm.label = "Norm";
    norm.standard = normName(CertificationRequest().norm);
    norm.choices = {normName(Norm::L1), normName(Norm::L2), normName(Norm::Linf)};
    norm.help = "Of the balls; those of L∞ are cut to the pixel box";
    ParamSpecs specs{norm};
    for (ParamSpec& each : boundParameters()) {
        if (each.key == "method") { // a study compares methods: none is chosen for it
            std::erase(each.choices, "auto");
            each.preview = certifyMethodName(CertifyMethod::CrownIbp);
        }
        specs.push_back(std::move(each));
    }
    return specs;
}

CertificationRequest certificationRequest(const Params& parameters)
{
    const BoundRequest bound = boundRequest(parameters);
    return {normFromName(parameters.text("norm")), *bound.method, bound.tolerance, bound.iterations, bound.domains};
}

std::shared_ptr<const CertifiableModel> certifiableModel(const std::shared_ptr<const Classifier>& classifier)
{
    return std::make_shared<const CertifiableModel>(classifier);
}

std::optional<CertifiedImage> certifyImage(const std::shared_ptr<const CertifiableModel>& model, const SurveyImages& images, std::int64_t index,
    const CertificationRequest& request, Monitor& monitor)
{
    CertifyRequest ball{.model = model, .norm = request.norm, .method = request.method, .tolerance = request.tolerance, .iterations = request.iterations, .domains = request.domains};
    ball.images.push_back(surveyImage(images, index, model->classifier()));
    const CertifyResult proof = runCertify(ball, monitor).front();
    if (proof.isPartial || monitor.stopRequested())
        return std::nullopt;
    CertifiedImage image{.index = index, .reference = proof.reference, .radius = proof.radius.value_or(0), .nextFailed = proof.nextFailed, .found = {}, .isCapped = proof.isCapped,
        .seconds = proof.seconds};
    if (proof.counterexample)
        image.found = proof.counterexample->distance;
    image.margin = std::numeric_limits<double>::max();
    for (const CertifiedMargin& margin : proof.margins)
        image.margin = std::min(image.margin, margin.margin);
    return image;
}

std::string bytesOf(const CertifiedImage& image) { return cborOf(jsonOf(image)); }

std::string bytesOf(const CertifiedSurvey& survey)
{
    Json json{{"model", survey.modelName}, {"sha256", survey.modelSha256}, {"norm", normName(survey.request.norm)}, {"method", certifyMethodName(survey.request.method)},
        {"tolerance", survey.request.tolerance}, {"iterations", survey.request.iterations}, {"domains", survey.request.domains}, {"disagreement", survey.disagreement}, {"certified", Json::array()}};
    for (const CertifiedImage& image : survey.images)
        json["certified"].push_back(jsonOf(image));
    return cborOf(json);
}

CertifiedImage certifiedImageFrom(std::string_view bytes) { return readCbor(bytes, imageFrom); }

CertifiedSurvey certifiedSurveyFrom(std::string_view bytes)
{
    return readCbor(bytes, [](const Json& json) {
        CertifiedSurvey survey{json.at("model").get<std::string>(), json.at("sha256").get<std::string>(),
            {normFromName(json.at("norm").get<std::string>()), certifyMethodFromName(json.at("method").get<std::string>()), json.at("tolerance").get<double>(),
                json.at("iterations").get<int>(), json.value("domains", CertificationRequest().domains)},
            json.at("disagreement").get<double>(), {}};
        for (const Json& image : json.at("certified"))
            survey.images.push_back(imageFrom(image));
        return survey;
    });
}

} // namespace brink
