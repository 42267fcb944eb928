// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/trustdocument.h"

#include "core/store/fieldarchive.h"

#include <algorithm>

namespace brink {

// The fields of each struct by name; tests/core/store counts them.

template <typename A> void fields(A& a, AttackRequest& v)
{
    a("name", v.name);
    a("norm", v.norm);
    if constexpr (A::isReading)
        v.parameters = Params(attackInfo(v.name).parameters);
    a("parameters", v.parameters);
    a("keepTrace", v.keepTrace);
    a("iterateBytes", v.iterateBytes);
}

template <typename A> void fields(A& a, LightSeries& v)
{
    a("name", v.name);
    a("x", v.x);
    a("y", v.y);
    a("isPoints", v.isPoints);
    a("isRaised", v.isRaised);
    a("tips", v.tips);
}

template <typename A> void fields(A& a, LightPlot& v)
{
    a("xLabel", v.xLabel);
    a("yLabel", v.yLabel);
    a("isLogarithmicX", v.isLogarithmicX);
    a("isLogarithmicY", v.isLogarithmicY);
    a("yRange", v.yRange);
    a("threshold", v.threshold);
    a("hasDiagonal", v.hasDiagonal);
    a("series", v.series);
}

template <typename A> void fields(A& a, Remedy& v)
{
    a("kind", v.kind);
    a("sentence", v.sentence);
    a("attack", v.attack);
    a("setsBpda", v.setsBpda);
}

template <typename A> void fields(A& a, Light& v)
{
    a("code", v.code);
    a("state", v.state);
    a("finding", v.finding);
    a("value", v.value);
    a("threshold", v.threshold);
    a("follows", v.follows);
    a("measured", v.measured);
    a("flagged", v.flagged);
    a("remedy", v.remedy);
    a("plot", v.plot);
}

template <typename A> void fields(A& a, Diagnosis& v)
{
    a("modelName", v.modelName);
    a("modelSha256", v.modelSha256);
    a("norm", v.norm);
    a("eps", v.eps);
    a("attack", v.attack);
    a("preset", v.preset);
    a("seed", v.seed);
    a("images", v.images);
    a("attacked", v.attacked);
    a("success", v.success);
    a("lights", v.lights);
    a("partial", v.partial);
    a("counts", v.counts);
    a("seconds", v.seconds);
    a("warnings", v.warnings);
}

template <typename A> void fields(A& a, Squeezer& v)
{
    a("kind", v.kind);
    a("bits", v.bits);
    a("height", v.height);
    a("width", v.width);
    a("search", v.search);
    a("patch", v.patch);
    a("strength", v.strength);
}

template <typename A> void fields(A& a, DetectorChoice& v)
{
    a("kind", v.kind);
    a("squeezers", v.squeezers);
    a("probes", v.probes);
    a("classes", v.classes);
    a("step", v.step);
}

template <typename A> void fields(A& a, CalibratedDetector& v)
{
    a("choice", v.choice);
    a("sign", v.sign);
    a("reach", v.reach);
    a("threshold", v.threshold);
}

template <typename A> void fields(A& a, CleanImage& v)
{
    a("index", v.index);
    a("label", v.label);
    a("predicted", v.predicted);
    a("isCalibration", v.isCalibration);
    a("source", v.source);
    a("sha256", v.sha256);
    a("scores", v.scores);
}

template <typename A> void fields(A& a, DetectorScore& v)
{
    a("score", v.score);
    a("predicted", v.predicted);
    a("parts", v.parts);
    a("partClasses", v.partClasses);
}

template <typename A> void fields(A& a, AttackedImage& v)
{
    a("index", v.index);
    a("isFooled", v.isFooled);
    a("failure", v.failure);
    a("distance", v.distance);
    a("scores", v.scores);
    a("image", v.image);
}

template <typename A> void fields(A& a, DetectorAttack& v)
{
    a("name", v.name);
    a("norm", v.norm);
    a("eps", v.eps);
    a("parameters", v.parameters);
    a("adaptiveTo", v.adaptiveTo);
    a("images", v.images);
    a("counts", v.counts);
    a("seconds", v.seconds);
}

template <typename A> void fields(A& a, DetectorSurvey& v)
{
    a("modelName", v.modelName);
    a("modelSha256", v.modelSha256);
    a("classNames", v.classNames);
    a("classes", v.classes);
    a("imagesSource", v.imagesSource);
    a("seed", v.seed);
    a("falsePositiveRate", v.falsePositiveRate);
    a("detectors", v.detectors);
    a("clean", v.clean);
    a("originals", v.originals);
    a("originalScores", v.originalScores);
    a("attacks", v.attacks);
    a("partial", v.partial);
    a("counts", v.counts);
    a("seconds", v.seconds);
    a("warnings", v.warnings);
}

template <typename A> void fields(A& a, SmoothingRequest& v)
{
    a("sigma", v.sigma);
    a("selection", v.selection);
    a("samples", v.samples);
    a("alpha", v.alpha);
    a("seed", v.seed);
}

template <typename A> void fields(A& a, SmoothedImage& v)
{
    a("index", v.index);
    a("label", v.label);
    a("source", v.source);
    a("sha256", v.sha256);
    a("base", v.base);
    a("top", v.top);
    a("abstains", v.abstains);
    a("votes", v.votes);
    a("probability", v.probability);
    a("radius", v.radius);
    a("counts", v.counts);
}

template <typename A> void fields(A& a, SmoothingSurvey& v)
{
    a("modelName", v.modelName);
    a("modelSha256", v.modelSha256);
    a("imagesSource", v.imagesSource);
    a("request", v.request);
    a("images", v.images);
    a("partial", v.partial);
    a("counts", v.counts);
    a("seconds", v.seconds);
}

namespace {

using archive::require;

/// What figures and tables rely on.
void checkShape(const Diagnosis& diagnosis)
{
    for (const Light& light : diagnosis.lights) {
        (void)lightInfo(light.code);
        if (!light.plot)
            continue;
        for (const LightSeries& series : light.plot->series)
            require(series.x.size() == series.y.size() && (series.tips.empty() || series.tips.size() == series.x.size()));
    }
}

void checkShape(const DetectorSurvey& survey)
{
    const std::size_t detectors = survey.detectors.size(), attacked = survey.originals.size();
    const auto isWhole = [](const std::shared_ptr<const Image>& image) { return !image || archive::isWhole(*image); };
    require(survey.originalScores.size() == attacked && std::ranges::all_of(survey.originals, isWhole));
    for (const CleanImage& clean : survey.clean)
        require(clean.scores.size() == detectors);
    for (const std::vector<DetectorScore>& scores : survey.originalScores)
        require(scores.empty() || scores.size() == detectors);
    for (const DetectorAttack& attack : survey.attacks) {
        require(attack.images.size() <= attacked && attack.adaptiveTo.value_or(0) < std::max<std::size_t>(detectors, 1));
        for (const AttackedImage& image : attack.images)
            require((image.scores.empty() ? !image.isFooled : image.scores.size() == detectors) && isWhole(image.image));
    }
}

/// What names something that is not known here was written by a later version.
template <typename T> T checkedFrom(const Json& header, std::string_view data)
{
    try {
        T value = archive::valueFrom<T>(header, data);
        checkShape(value);
        return value;
    } catch (const Error& error) {
        throw Error(ErrorCode::Format, error.message());
    }
}

} // namespace

ResultDocument documentOf(const Diagnosis& diagnosis) { return archive::documentOfValue(diagnosis); }
Diagnosis diagnosisFrom(const Json& header, std::string_view data) { return checkedFrom<Diagnosis>(header, data); }

ResultDocument documentOf(const DetectorSurvey& survey) { return archive::documentOfValue(survey); }
DetectorSurvey detectorSurveyFrom(const Json& header, std::string_view data) { return checkedFrom<DetectorSurvey>(header, data); }

ResultDocument documentOf(const std::vector<SmoothingSurvey>& surveys) { return archive::documentOfValue(surveys); }
std::vector<SmoothingSurvey> smoothingSurveysFrom(const Json& header, std::string_view data)
{
    return archive::valueFrom<std::vector<SmoothingSurvey>>(header, data);
}

} // namespace brink
