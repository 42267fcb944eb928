// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/boundaryparts.h"

#include "core/base/hash.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "core/model/torchruntime.h"
#include "core/report/figureparts.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace brink {

#define CURVATURE_FIGURE(name) CurvatureFigureInfo name##CurvatureFigure();
#include "core/report/curvaturefigures.def"
#undef CURVATURE_FIGURE

const std::vector<CurvatureFigureInfo>& curvatureFigureInfos()
{
    static const std::vector<CurvatureFigureInfo> infos{
#define CURVATURE_FIGURE(name) name##CurvatureFigure(),
#include "core/report/curvaturefigures.def"
#undef CURVATURE_FIGURE
    };
    return infos;
}

#define DETECTION_FIGURE(name) DetectionFigureInfo name##DetectionFigure();
#include "core/report/detectionfigures.def"
#undef DETECTION_FIGURE

const std::vector<DetectionFigureInfo>& detectionFigureInfos()
{
    static const std::vector<DetectionFigureInfo> infos{
#define DETECTION_FIGURE(name) name##DetectionFigure(),
#include "core/report/detectionfigures.def"
#undef DETECTION_FIGURE
    };
    return infos;
}

namespace report {

namespace {

std::string fileOf(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

/// What every block of provenance begins with.
Json provenanceHead(const char* kind, const std::string& model, const std::string& modelSha256, std::size_t images, const std::string& hashes,
    const std::string& source, std::uint64_t seed)
{
    Json json{{"program", std::string("Brink ") + version}, {"schema", "brink.provenance/1"}, {"kind", kind}};
    json["model"] = {{"name", model}, {"sha256", modelSha256}};
    json["images"] = {{"count", images}, {"sha256", sha256(hashes)}, {"source", fileOf(source)}};
    json["seed"] = seed;
    const TorchRuntimeInfo runtime = torchRuntimeInfo();
    json["libtorch"] = runtime.version;
    json["threads"] = runtime.innerThreads;
    return json;
}

} // namespace

std::string curvatureAxis() { return "curvature (1 / L2)"; }

std::string surveySentence(const CurvatureSurvey& survey)
{
    std::string text = "Model " + survey.modelName + ", " + countText(measuredImages(survey)) + " images of " + fileOf(survey.imagesSource) + ", seed "
        + std::to_string(survey.seed) + ".";
    const auto failed = std::ranges::count_if(survey.images, [](const SurveyImage& image) { return !image.failure.empty(); });
    if (failed > 0)
        text += " Without " + countText(failed) + " images at which no boundary point was found.";
    if (survey.partial)
        text += " In part: the run was stopped.";
    return text;
}

std::string methodSentence(CurvatureMethod method, double step)
{
    return method == CurvatureMethod::DoubleBackward
        ? std::string("Second derivatives by double backward.")
        : "Differences of the gradient at " + formatReal(step) + " times the image's distance to the boundary on either side.";
}

std::int64_t measuredImages(const CurvatureSurvey& survey)
{
    return std::ranges::count_if(survey.images, [](const SurveyImage& image) { return image.result && !image.result->lowest.empty(); });
}

Panel keyPanel(std::vector<KeyLayer::Entry> entries, int row, int columns)
{
    Panel panel;
    panel.id = "key";
    panel.row = row;
    panel.legend = LegendPlace::None;
    panel.x.isVisible = panel.y.isVisible = false;
    panel.heightEm = 1.4 * std::ceil(double(entries.size()) / columns);
    panel.layers.emplace_back(KeyLayer{"key", std::move(entries)});
    return panel;
}

void addBandedLines(Panel& panel, const std::vector<BandedLine>& lines)
{
    constexpr double edgePt = 0.4, linePt = 1.2;
    std::vector<Layer> above;
    const auto addLine = [&](std::vector<Layer>& layers, const BandedLine& each, const std::string& id, const Column& x, const std::vector<double>& y, double widthPt) {
        LineLayer line;
        line.id = id;
        line.x = x;
        line.y = makeColumn(y);
        line.role = each.role;
        line.dash = widthPt == edgePt ? Dash::Solid : each.dash;
        line.widthPt = widthPt;
        layers.emplace_back(std::move(line));
    };
    for (const BandedLine& each : lines) {
        const Column x = makeColumn(each.x);
        BandLayer band;
        band.id = "band " + each.id;
        band.x = x;
        band.low = makeColumn(each.low);
        band.high = makeColumn(each.high);
        band.role = each.role;
        panel.layers.emplace_back(std::move(band));
        addLine(above, each, "low " + each.id, x, each.low, edgePt);
        addLine(above, each, "high " + each.id, x, each.high, edgePt);
    }
    for (const BandedLine& each : lines)
        addLine(above, each, each.id, makeColumn(each.x), each.value, linePt);
    std::ranges::move(above, std::back_inserter(panel.layers));
}

Json surveyProvenance(const CurvatureSurvey& survey)
{
    std::string hashes;
    for (const SurveyImage& image : survey.images)
        hashes += image.sha256;
    Json json = provenanceHead("curvature", survey.modelName, survey.modelSha256, survey.images.size(), hashes, survey.imagesSource, survey.seed);
    json["parameters"] = toJson(survey.request);
    json["partial"] = survey.partial;
    json["cost"] = toJson(survey.counts, survey.seconds);
    json["warnings"] = toJson(survey.warnings);
    return json;
}

std::string detectionSentence(const DetectionSurvey& survey)
{
    std::string text = "Model " + survey.modelName + ", " + countText(std::ssize(survey.images)) + " images of " + fileOf(survey.imagesSource)
        + ", every second one of them to choose sign and threshold, seed " + std::to_string(survey.seed) + ".";
    if (survey.partial)
        text += " In part: the run was stopped.";
    return text + " " + detectionNote;
}

Json detectionProvenance(const DetectionSurvey& survey)
{
    std::string hashes;
    for (const DetectionImage& image : survey.images)
        hashes += image.sha256;
    Json json = provenanceHead("detection", survey.modelName, survey.modelSha256, survey.images.size(), hashes, survey.imagesSource, survey.seed);
    json["parameters"] = {{"reach", survey.request.reach}, {"step", survey.step}, {"probes", survey.request.probes}, {"otherClasses", survey.request.classes},
        {"attacks", survey.attacks}, {"scales", survey.scales}};
    json["partial"] = survey.partial;
    json["cost"] = toJson(survey.counts, survey.seconds);
    json["warnings"] = toJson(survey.warnings);
    return json;
}

} // namespace report
} // namespace brink
