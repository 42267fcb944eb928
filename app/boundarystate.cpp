// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/boundarystate.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr int mostPoints = 4096;

const char* surveyWord(SurveyKind kind)
{
    switch (kind) {
    case SurveyKind::Regions: return "regions";
    case SurveyKind::Detection: return "detection";
    default: return "curvature";
    }
}

SurveyChoices surveyFromJson(const Json& json)
{
    SurveyChoices survey;
    for (const SurveyKind kind : surveyKinds)
        if (json.value("kind", std::string()) == surveyWord(kind))
            survey.kind = kind;
    survey.images = std::max(2, json.value("images", survey.images));
    survey.onlyRight = json.value("onlyRight", survey.onlyRight);
    survey.pairs = std::max(2, json.value("pairs", survey.pairs));
    survey.step = std::clamp(json.value("step", survey.step), leastSurveyStep, mostSurveyStep);
    survey.isFull = json.value("full", survey.isFull);
    survey.beside = json.value("beside", std::string());
    return survey;
}

std::optional<SliceFrame> frameFromJson(const Json& json)
{
    const auto sides = json.get<std::array<double, 4>>();
    const SliceFrame frame{sides[0], sides[1], sides[2], sides[3]};
    const bool isSound = std::isfinite(frame.width()) && std::isfinite(frame.height()) && frame.width() > 0 && frame.height() > 0;
    return isSound ? std::optional(frame) : std::nullopt;
}

BoundaryChoices choicesFromJson(const Json& json)
{
    BoundaryChoices choices;
    choices.plane = planeFromName(json.value("plane", planeName(choices.plane)));
    choices.turn = std::clamp(json.value("turn", 0.0), -180.0, 180.0);
    choices.clips = json.value("clips", choices.clips);
    choices.resolution = std::clamp(json.value("resolution", choices.resolution), 32, mostPoints);
    choices.eps = std::max(0.0, json.value("eps", choices.eps));
    if (json.contains("frame"))
        choices.frame = frameFromJson(json.at("frame"));
    choices.direction = std::max(0, json.value("direction", 0));
    choices.against = std::max(-1, json.value("against", -1));
    choices.images = json.value("images", choices.images);
    choices.showsSteps = json.value("showsSteps", choices.showsSteps);
    choices.partner = json.value("partner", choices.partner);
    choices.survey = surveyFromJson(json.value("survey", Json::object()));
    return choices;
}

} // namespace

Json toJson(const BoundaryChoices& choices)
{
    const SurveyChoices& survey = choices.survey;
    Json json{{"plane", planeName(choices.plane)}, {"turn", choices.turn}, {"clips", choices.clips}, {"resolution", choices.resolution}, {"eps", choices.eps},
        {"direction", choices.direction}, {"against", choices.against}, {"images", choices.images}, {"showsSteps", choices.showsSteps}, {"partner", choices.partner},
        {"survey", {{"kind", surveyWord(survey.kind)}, {"images", survey.images}, {"onlyRight", survey.onlyRight}, {"pairs", survey.pairs}, {"step", survey.step}, {"full", survey.isFull}}}};
    if (!survey.beside.empty())
        json["survey"]["beside"] = survey.beside;
    if (choices.frame && !choices.centre)
        json["frame"] = {choices.frame->left, choices.frame->right, choices.frame->bottom, choices.frame->top};
    return json;
}

BoundaryChoices boundaryChoicesFromJson(const Json& json)
{
    try {
        return choicesFromJson(json);
    } catch (const Json::exception&) { // of a later version, or written by hand: no reason to refuse a session
        return {};
    } catch (const Error&) {
        return {};
    }
}

} // namespace brink
