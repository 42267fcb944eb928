// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/boundaryanalysis.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <utility>

namespace brink {

namespace {

ParamSpec spec(std::string key, std::string label, std::string unit, ParamValue standard, std::string help)
{
    ParamSpec made;
    made.key = std::move(key);
    made.label = std::move(label);
    made.unit = std::move(unit);
    made.standard = std::move(standard);
    made.help = std::move(help);
    return made;
}

ParamSpec number(std::string key, std::string label, std::string unit, ParamValue standard, double minimum, double maximum, std::string help)
{
    ParamSpec made = spec(std::move(key), std::move(label), std::move(unit), std::move(standard), std::move(help));
    made.minimum = minimum;
    made.maximum = maximum;
    return made;
}

ParamSpec choice(std::string key, std::string label, std::string standard, std::vector<std::string> choices, std::string help)
{
    ParamSpec made = spec(std::move(key), std::move(label), "", std::move(standard), std::move(help));
    made.choices = std::move(choices);
    return made;
}

ParamSpecs curvatureParameters()
{
    const CurvatureRunRequest run;
    const CurvatureRequest& one = run.curvature;
    return {spec("attack", "Boundary by", "", run.attack, "What finds the boundary: an attack that minimises the L2 distance"),
        choice("profile", "Spectrum", curvatureSpectrumName(one.spectrum), {"extremes", "full"}, "Both ends, by Lanczos, or all principal curvatures (up to 4096 pixel values)"),
        choice("method", "Derivatives", curvatureMethodName(one.method), {"auto", "difference", "double-backward"}, "Differences of gradients, or exact where the model is smooth"),
        number("step", "Scale", "of |r|", one.step, 1e-4, 100, "Scale of the differences, as a part of the image's distance to the boundary"),
        number("directions", "Directions", "at each end", (long long)one.directions, 1, 500, "Principal directions at each end"),
        number("probes", "Random tangents", "", (long long)one.probes, 2, 100'000, "For the mean curvature"),
        number("lanczos-steps", "Lanczos steps", "products", (long long)one.lanczosSteps, 3, 10'000, "Products of Lanczos at most"),
        number("subspace", "Shared directions", "", (long long)run.subspace, 0, 2048, "Kept and compared on held-out images, every second one; 0 leaves that out"),
        number("noise-draws", "Noise draws", "", (long long)run.noiseDraws, 0, 10'000, "An image, kind and norm; 0 leaves the experiment out")};
}

ParamSpecs detectionParameters()
{
    const DetectionRunRequest run;
    return {spec("attacks", "Attacks", "", std::string("deepfool+ddn"), "To detect, joined by +; DeepFool, which chooses the threshold, is always among them"),
        choice("strength", "Strength of attacks", "preview", {"preview", "paper"}, "Preset of their parameters"),
        spec("scales", "Scales", "", std::string("1+2+3+5+10"), "DeepFool's perturbation is also tried times these, joined by +"),
        number("probes", "Random directions", "", (long long)run.probes, 1, 100'000, "Of the statistic"),
        number("other-classes", "Other classes", "", (long long)run.classes, 1, 100'000, "Looked at, the most likely ones"),
        number("step", "Scale", "", run.step, 1e-4, 100, "Scale of the differences, as a part of DeepFool's median distance")};
}

ParamSpecs regionParameters()
{
    const RegionSurveyRequest run;
    return {number("pairs", "Pairs", "", (long long)run.pairs, 1, 1'000'000, "Pairs of images of one class to connect"),
        number("samples", "Combinations", "", (long long)run.samples, 0, 1'000'000, "Convex combinations of each number of images; 0: none")};
}

/// "deepfool+ddn": a comma would be a list of analyses.
std::vector<std::string> joinedNames(const std::string& text)
{
    std::vector<std::string> names = split(text, '+');
    std::erase(names, std::string());
    return names;
}

std::vector<double> scalesOf(const std::string& text)
{
    std::vector<double> scales{1};
    for (const std::string& part : joinedNames(text)) {
        const auto scale = parseReal(trimmed(part));
        if (!scale || !(*scale > 0) || *scale > 1e6)
            throw Error(ErrorCode::Usage, "Parameter \"scales\" is \"" + text + "\"; write positive numbers joined by +, e.g. 1+2+5.");
        scales.push_back(*scale);
    }
    std::ranges::sort(scales);
    scales.erase(std::ranges::unique(scales).begin(), scales.end());
    return scales;
}

} // namespace

const std::vector<BoundaryAnalysisInfo>& boundaryAnalyses()
{
    static const std::vector<BoundaryAnalysisInfo> infos{
        {AnalysisKind::Curvature, "curvature", "Curvature", "Principal curvatures of the decision boundary, shared directions and noise in them (Fawzi et al. 2017)", curvatureParameters()},
        {AnalysisKind::Detection, "detection", "Detection by curvature", "Whether small perturbations can be told from clean images, and their labels recovered (Fawzi et al. 2017)", detectionParameters()},
        {AnalysisKind::Regions, "regions", "Connected regions", "Paths between images of one class, and convex combinations (Fawzi et al. 2017)", regionParameters()},
        {AnalysisKind::Certified, "certified", "Certified radius", "The largest ball around each image that is proved to hold no image of another class (Zhang et al. 2018, Xu et al. 2021)",
            certificationParameters()}};
    return infos;
}

const BoundaryAnalysisInfo& boundaryAnalysis(std::string_view name)
{
    std::vector<std::string> known;
    for (const BoundaryAnalysisInfo& info : boundaryAnalyses()) {
        if (info.name == name)
            return info;
        known.push_back(info.name);
    }
    throw Error(ErrorCode::Usage, unknownName("boundary analysis", name, known));
}

const BoundaryAnalysisInfo& boundaryAnalysis(AnalysisKind kind) { return *std::ranges::find(boundaryAnalyses(), kind, &BoundaryAnalysisInfo::kind); }

CurvatureRunRequest curvatureRunRequest(const Params& parameters, std::uint64_t seed)
{
    CurvatureRunRequest run;
    run.attack = parameters.text("attack");
    checkBoundaryAttack(run.attack);
    CurvatureRequest& one = run.curvature;
    one.spectrum = curvatureSpectrumFromName(parameters.text("profile"));
    one.method = curvatureMethodFromName(parameters.text("method"));
    one.step = parameters.real("step");
    one.directions = int(parameters.integer("directions"));
    one.probes = int(parameters.integer("probes"));
    one.lanczosSteps = std::max(int(parameters.integer("lanczos-steps")), 2 * one.directions + 1);
    run.subspace = int(parameters.integer("subspace"));
    run.noiseDraws = int(parameters.integer("noise-draws"));
    run.seed = seed;
    return run;
}

DetectionRunRequest detectionRunRequest(const Params& parameters, std::uint64_t seed)
{
    DetectionRunRequest run;
    run.attacks = detectionAttacks(joinedNames(parameters.text("attacks")), presetFromName(parameters.text("strength")));
    run.scales = scalesOf(parameters.text("scales"));
    run.probes = int(parameters.integer("probes"));
    run.classes = int(parameters.integer("other-classes"));
    run.step = parameters.real("step");
    run.seed = seed;
    return run;
}

RegionSurveyRequest regionSurveyRequest(const Params& parameters, std::uint64_t seed)
{
    return {int(parameters.integer("pairs")), int(parameters.integer("samples")), seed};
}

} // namespace brink
