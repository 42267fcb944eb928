// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/boundary/curvature.h"

#include <array>
#include <cmath>
#include <utility>

namespace brink {

namespace {

constexpr std::array methods{std::pair(CurvatureMethod::Auto, "auto"), std::pair(CurvatureMethod::Difference, "difference"),
    std::pair(CurvatureMethod::DoubleBackward, "double-backward")};
constexpr std::array spectra{std::pair(CurvatureSpectrum::Extremes, "extremes"), std::pair(CurvatureSpectrum::Full, "full")};

template <typename Names, typename Value>
std::string nameIn(const Names& names, Value value)
{
    for (const auto& [each, name] : names)
        if (each == value)
            return name;
    return {};
}

template <typename Names>
auto valueIn(const Names& names, std::string_view kind, std::string_view text)
{
    std::vector<std::string> known;
    for (const auto& [value, name] : names) {
        if (name == text)
            return value;
        known.emplace_back(name);
    }
    throw Error(ErrorCode::Usage, unknownName(kind, text, known));
}

/// Six significant digits: a profile has thousands of numbers, and float32 gradients have no more.
double rounded(double value)
{
    if (value == 0 || !std::isfinite(value))
        return value;
    const double unit = std::pow(10.0, 5 - std::floor(std::log10(std::abs(value))));
    return std::round(value * unit) / unit;
}

Json directionsJson(const std::vector<PrincipalDirection>& directions)
{
    Json list = Json::array();
    for (const PrincipalDirection& direction : directions)
        list.push_back({{"curvature", direction.curvature}, {"eigenvalue", direction.eigenvalue}, {"residual", direction.residual}});
    return list;
}

} // namespace

std::string curvatureMethodName(CurvatureMethod method) { return nameIn(methods, method); }
CurvatureMethod curvatureMethodFromName(std::string_view name) { return valueIn(methods, "method", name); }
std::string curvatureSpectrumName(CurvatureSpectrum spectrum) { return nameIn(spectra, spectrum); }
CurvatureSpectrum curvatureSpectrumFromName(std::string_view name) { return valueIn(spectra, "profile", name); }

Json toJson(const CurvatureRequest& request)
{
    return {{"method", curvatureMethodName(request.method)}, {"profile", curvatureSpectrumName(request.spectrum)}, {"step", request.step},
        {"directions", request.directions}, {"lanczosSteps", request.lanczosSteps}, {"tolerance", request.tolerance},
        {"probes", request.probes}, {"scales", request.scales}};
}

Json toJson(const CurvatureResult& result)
{
    const TailAsymmetry tails = tailAsymmetry(result);
    Json json{{"boundary", toJson(result.point)}, {"method", curvatureMethodName(result.method)}, {"methodReason", result.methodReason},
        {"step", result.step}, {"reach", result.reach}, {"partial", result.partial}};
    if (result.probes > 0) {
        json["mean"] = {{"value", result.mean}, {"standardError", result.meanError}, {"probes", result.probes}};
        json["meanMagnitude"] = result.meanMagnitude;
        json["rootMeanSquare"] = result.rootMeanSquare;
    }
    if (!result.lowest.empty()) {
        json["lowest"] = directionsJson(result.lowest);
        json["highest"] = directionsJson(result.highest);
        json["converged"] = result.isConverged;
        if (result.lanczosSteps > 0)
            json["lanczosSteps"] = result.lanczosSteps;
        json["tails"] = {{"of", result.profile.empty() ? "principal directions" : "all principal curvatures"}, {"negative", tails.negative},
            {"positive", tails.positive}, {"negativeShare", tails.negativeShare}, {"negativeCount", tails.negativeCount},
            {"positiveCount", tails.positiveCount}};
    }
    if (!result.scales.empty()) {
        json["scales"] = Json::array();
        for (const CurvatureScale& scale : result.scales)
            json["scales"].push_back({{"step", scale.step}, {"mean", scale.mean}, {"lowest", scale.lowest}, {"highest", scale.highest}});
    }
    setIfPresent(json, "matrixAsymmetry", result.matrixAsymmetry);
    if (!result.profile.empty()) {
        json["profile"] = Json::array();
        for (const double curvature : result.profile)
            json["profile"].push_back(rounded(curvature));
    }
    json["cost"] = {{"forwards", result.counts.forwards}, {"backwards", result.counts.backwards}, {"seconds", result.seconds}};
    return json;
}

} // namespace brink
