// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/clever.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <cmath>

namespace brink {

namespace {

const std::vector<std::string> targetWords{"all", "likely:N", "top2", "random", "least-likely", "runner-up:K", "CLASS"};

[[noreturn]] void throwUnknownTargets(std::string_view text) { throw Error(ErrorCode::Usage, unknownName("target", text, targetWords)); }

std::vector<std::int64_t> parseClasses(std::string_view text)
{
    std::vector<std::int64_t> classes;
    for (const std::string& part : split(text, ',')) {
        const auto number = parseInteger(trimmed(part));
        if (!number)
            throwUnknownTargets(text);
        if (*number < 0)
            throw Error(ErrorCode::Usage, "A target class cannot be negative: " + part + ".");
        classes.push_back(*number);
    }
    return classes;
}

WeibullMethod methodFromName(const std::string& name)
{
    if (name == "multi-start")
        return WeibullMethod::MultiStart;
    return name == "maximum" ? WeibullMethod::SampleMaximum : WeibullMethod::ProfileLikelihood;
}

double parseRadius(const std::string& text, Norm norm, CleverSampling sampling)
{
    if (lowerCase(trimmed(text)) == "auto")
        return standardCleverRadius(norm, sampling);
    const auto radius = parseReal(trimmed(text));
    if (!radius || !(*radius > 0) || !std::isfinite(*radius))
        throw Error(ErrorCode::Domain, "Parameter \"radius\" must be \"auto\" or a number above 0, not " + text + ".");
    return *radius;
}

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

ParamSpec count(std::string key, std::string label, std::string unit, long long standard, long long preview, double maximum,
    std::string help)
{
    ParamSpec made = spec(std::move(key), std::move(label), std::move(unit), standard, std::move(help));
    made.preview = preview;
    made.minimum = 1;
    made.maximum = maximum;
    return made;
}

/// The first of `choices` is the default.
ParamSpec choice(std::string key, std::string label, std::vector<std::string> choices, std::string help)
{
    ParamSpec made = spec(std::move(key), std::move(label), "", choices.front(), std::move(help));
    made.choices = std::move(choices);
    return made;
}

ParamSpec shapePenalty()
{
    ParamSpec made = spec("shape-penalty", "Shape penalty", "", WeibullOptions{}.shapePenalty,
        "Weight of c^2 in the fit, the authors' regulariser; 0 switches it off");
    made.minimum = 0;
    made.maximum = 1e6;
    return made;
}

ParamSpec anytimeSpec()
{
    ParamSpec made = spec("anytime", "Rule out targets", "", false,
        "Stop sampling a target once its interval lies above the smallest score's: the same smallest score from fewer gradients");
    made.preview = true;
    return made;
}

ParamSpec intervalWidthSpec()
{
    ParamSpec made = spec("interval-width", "Stop at width", "of the score", 0.0,
        "When ruling out targets: stop once the score's 95 % interval is so wide, as a part of the score, and there are 50 maxima; 0: never");
    made.minimum = 0;
    made.maximum = 10;
    return made;
}

/// The paper's untargeted score needs all classes; a first look at a model of 1000 cannot wait for 999 gradients a point.
ParamSpec targetsSpec()
{
    ParamSpec made = spec("targets", "Targets", "", std::string("all"),
        "all, likely:N (the N most likely other classes), top2, random, least-likely, runner-up:K, or classes as 3,5");
    made.preview = std::string("likely:9");
    return made;
}

} // namespace

double standardCleverRadius(Norm norm, CleverSampling sampling)
{
    switch (norm) {
    case Norm::L1:
        return 30;
    case Norm::L2:
        return sampling == CleverSampling::Paper ? 5 : 3;
    case Norm::Linf:
        return 0.1;
    case Norm::L0:
        break;
    }
    throw Error(ErrorCode::Domain, "CLEVER has no L0 form: L0 has no dual norm. Use l1, l2 or linf.");
}

void setCleverTargets(CleverRequest& request, std::string_view text)
{
    const std::string word = lowerCase(trimmed(text));
    request.classes.clear();
    if (word == "all") {
        request.targets = CleverTargets::All;
    } else if (word.starts_with("likely:")) {
        const auto most = parseInteger(word.substr(7));
        if (!most || *most < 1 || *most > 1'000'000)
            throw Error(ErrorCode::Usage, "Write likely:N with the number of other classes, most likely first, not \"" + word + "\".");
        request.targets = CleverTargets::Likely;
        request.likely = int(*most);
    } else if (word == "top2") {
        request.targets = CleverTargets::Top2;
    } else if (word == "random") {
        request.targets = CleverTargets::Random;
    } else if (word == "least-likely") {
        request.targets = CleverTargets::LeastLikely;
    } else if (word.starts_with("runner-up:")) {
        const auto rank = parseInteger(word.substr(10));
        if (!rank || *rank < 1 || *rank > 1'000'000)
            throw Error(ErrorCode::Usage, "Write runner-up:K with K = 1 for the second largest logit, not \"" + word + "\".");
        request.targets = CleverTargets::RunnerUp;
        request.runnerUp = int(*rank);
    } else {
        request.classes = parseClasses(word);
        request.targets = CleverTargets::Classes;
    }
}

ParamSpecs cleverParameters()
{
    const double manyPoints = 1e8;
    const double manyMaxima = 1e6;
    return {
        spec("radius", "Radius", "pixel [0,1]", std::string("auto"),
            "R of the sampling ball and cap of the score; auto: L2 5 (paper) or 3 (released code), L1 30, Linf 0.1"),
        count("batches", "Batches", "maxima", 500, 50, manyMaxima,
            "N_b: number of maxima the Weibull law is fitted to (Weng et al. 2018)"),
        count("samples", "Samples per batch", "points", 1024, 128, manyPoints, "N_s: fresh points per maximum (Weng et al. 2018)"),
        choice("sampling", "Sampling", {"paper", "released-code"},
            "paper: uniform in the ball; released-code: the authors' code, radius uniform in (0,R) for L1 and L2"),
        targetsSpec(),
        choice("fit", "Fit", {"profile", "multi-start", "maximum"},
            "Profile likelihood over the end point, the authors' multi-start simplex, or the plain sample maximum"),
        shapePenalty(),
        spec("all-norms", "All norms", "", false, "Released code only: L1, L2 and Linf from the same gradients of one L2 ball"),
        spec("radius-curve", "Score against radius", "", true,
            "Also score seven smaller radii; paper sampling spends about 14 % more gradients on it"),
        anytimeSpec(),
        intervalWidthSpec(),
        spec("second-order", "Second order", "", false,
            "Smooth models, L2: bound with the curvature in the ball (Weng et al. 2018, arXiv 1810.08640)"),
        count("curvature-batches", "Curvature batches", "maxima", 50, 10, manyMaxima,
            "Second order: number of maxima; a point costs tens of gradients"),
        count("curvature-samples", "Curvature samples", "points", 64, 16, manyPoints, "Second order: fresh points per maximum"),
    };
}

CleverRequest cleverRequest(const Params& params, Norm norm)
{
    CleverRequest request;
    request.norm = norm;
    request.sampling = params.text("sampling") == "paper" ? CleverSampling::Paper : CleverSampling::ReleasedCode;
    request.allNorms = params.boolean("all-norms");
    // All norms share one L2 ball.
    request.radius = parseRadius(params.text("radius"), request.allNorms ? Norm::L2 : norm, request.sampling);
    request.batches = int(params.integer("batches"));
    request.samples = int(params.integer("samples"));
    setCleverTargets(request, params.text("targets"));
    request.fit.method = methodFromName(params.text("fit"));
    request.fit.shapePenalty = params.real("shape-penalty");
    request.radiusCurve = params.boolean("radius-curve");
    request.anytime = params.boolean("anytime");
    request.intervalWidth = params.real("interval-width");
    request.secondOrder = params.boolean("second-order");
    request.curvatureBatches = int(params.integer("curvature-batches"));
    request.curvatureSamples = int(params.integer("curvature-samples"));
    return request;
}

} // namespace brink
