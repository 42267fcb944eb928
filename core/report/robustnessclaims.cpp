// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/claimevidence.h"
#include "core/report/figureparts.h"
#include "core/report/paretodata.h"
#include "core/report/studyparts.h"
#include "core/stats/rank.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace brink::report {

namespace {

StudyClaim searchedBudgetFalls(Evidence& evidence)
{
    const Analyses searches = evidence.attacks([](const StudyAnalysis& each) { return each.attack.name == "bim-search"; });
    return alongParameter(evidence, {"The searched budget of I-FGSM does not rise with its iterations", "mean L∞ distance does not rise", "pareto", {}, {}},
        searches, "steps", false, [&](int a) { return evidence.distance(a, Norm::Linf); }, threeDigits);
}

/// The mean distance in each attack's own norm is the smaller one.
StudyClaim ownNormIsNearest(Evidence& evidence, Norm norm)
{
    const bool isBox = norm == Norm::Linf;
    const std::string text = isBox ? "Mean I-FGSM L∞ distance is at most that of C&W" : "Mean C&W L2 distance is at most that of I-FGSM";
    StudyClaim claim{text, "for each pair with the same goal, budgets searched", "pareto", {}, {}};
    const auto isPlain = [](const StudyAnalysis& each) { return each.attack.name == "cw" && each.attack.parameters.real("confidence") == 0; };
    const auto isSearch = [](const StudyAnalysis& each) { return each.attack.name == "bim-search"; };
    for (const int cw : evidence.attacks(isPlain)) {
        for (const int bim : evidence.attacks(isSearch)) {
            const auto first = evidence.distance(cw, norm);
            const auto second = evidence.distance(bim, norm);
            if (evidence.analysis(cw).target != evidence.analysis(bim).target || !first || !second)
                continue;
            judge(claim, isBox ? *second <= *first : *first <= *second,
                reading(evidence, cw, threeDigits(*first)) + ", " + reading(evidence, bim, threeDigits(*second)));
        }
    }
    return claim;
}

constexpr std::ptrdiff_t fewestOnFrontier = 3;

StudyClaim accuracyCostsRobustness(Evidence& evidence)
{
    StudyClaim claim{"The more accurate models are less robust: distance = a + b ln(error) with b above 0",
        "b over the frontier of at least 3 models is positive with its whole interval (their figure 2)", "pareto", {}, {}};
    for (const int a : evidence.robustnessMeasures()) {
        const auto data = paretoData(evidence.results(), evidence.selectionOf(a, DistanceStatistic::Mean), 2);
        // A line through two models fits them, whatever they say.
        if (!data || !data->fits.frontier || !data->bootstrap.frontier || std::ranges::count(data->fits.isOnFrontier, true) < fewestOnFrontier)
            continue;
        const auto& slope = data->bootstrap.frontier->slope;
        judge(claim, slope[0] > 0, reading(evidence, a, "b = " + threeDigits(data->fits.frontier->slope) + " " + intervalText(slope)));
    }
    return claim;
}

StudyClaim frontierIgnoresScale(Evidence& evidence)
{
    StudyClaim claim{"The frontier does not depend on the scale of robustness", "the same models after taking the square and the logarithm",
        "pareto", {}, {}};
    for (const int a : evidence.robustnessMeasures()) {
        std::vector<double> accuracy, plain, square, logarithm;
        for (const ModelPoint& point : evidence.points(a)) {
            if (!point.isComplete())
                continue;
            accuracy.push_back(*point.accuracy);
            plain.push_back(*point.robustness);
            square.push_back(*point.robustness * *point.robustness);
            logarithm.push_back(std::log(std::max(*point.robustness, 1e-300)));
        }
        if (plain.empty())
            continue;
        const std::vector<bool> isOn = paretoFrontier(accuracy, plain);
        judge(claim, paretoFrontier(accuracy, square) == isOn && paretoFrontier(accuracy, logarithm) == isOn,
            reading(evidence, a, countText(std::ranges::count(isOn, true)) + " of " + countText(std::ssize(isOn)) + " models"));
    }
    return claim;
}

/// Share of the variance of y that group means explain; absent without two groups and a group of two.
std::optional<double> explainedByGroups(const std::vector<double>& y, const std::vector<int>& group)
{
    std::map<int, std::vector<double>> members;
    for (std::size_t i = 0; i < y.size(); ++i)
        members[group[i] >= 0 ? group[i] : -2 - int(i)].push_back(y[i]);
    if (members.size() < 2 || members.size() == y.size())
        return std::nullopt;
    const double mean = std::accumulate(y.begin(), y.end(), 0.0) / double(y.size());
    double whole = 0;
    double between = 0;
    for (const double value : y)
        whole += (value - mean) * (value - mean);
    for (const auto& [key, values] : members) {
        const double own = std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
        between += double(values.size()) * (own - mean) * (own - mean);
    }
    return whole > 0 ? std::optional(between / whole) : std::nullopt;
}

/// Robustness, family and size of the models that have all of them.
struct Sized {
    std::vector<double> robustness, logSize;
    std::vector<int> family;
};
Sized sizedModels(Evidence& evidence, int a)
{
    Sized sized;
    for (std::size_t i = 0; i < evidence.models().size(); ++i) {
        const int model = evidence.models()[i];
        const auto parameters = evidence.results().models[std::size_t(model)].parameters;
        const std::optional<double> robustness = evidence.points(a)[i].robustness;
        if (!robustness || parameters < 1)
            continue;
        sized.robustness.push_back(*robustness);
        sized.logSize.push_back(std::log(double(parameters)));
        sized.family.push_back(familyLook(evidence.results(), model).index);
    }
    return sized;
}

bool isVaried(const std::vector<double>& values) { return std::ranges::adjacent_find(values, std::not_equal_to()) != values.end(); }

StudyClaim architectureMattersMore(Evidence& evidence)
{
    StudyClaim claim{"Architecture matters more than size",
        "families explain more of the variance of robustness than the squared rank correlation with the number of parameters does", "pareto", {}, {}};
    for (const int a : evidence.robustnessMeasures()) {
        const Sized sized = sizedModels(evidence, a);
        const auto byFamily = explainedByGroups(sized.robustness, sized.family);
        if (!byFamily || !isVaried(sized.logSize) || !isVaried(sized.robustness))
            continue;
        const double rho = spearmanRho(sized.robustness, sized.logSize);
        judge(claim, *byFamily > rho * rho, reading(evidence, a, "families " + percentText(*byFamily) + ", size " + percentText(rho * rho)));
    }
    return claim;
}

StudyClaim deeperIsBetter(Evidence& evidence)
{
    StudyClaim claim{"Within a family the deeper model is slightly more robust in L∞",
        "of two models of a family the one with more parameters (the depth is not known) has the larger mean L∞ distance in more than half of the pairs",
        "pareto", {}, {}};
    for (const int a : evidence.robustnessMeasures()) {
        if (evidence.analysis(a).norm() != Norm::Linf || evidence.analysis(a).kind != AnalysisKind::Attack)
            continue;
        const Sized sized = sizedModels(evidence, a);
        int pairs = 0;
        int better = 0;
        for (std::size_t i = 0; i < sized.family.size(); ++i) {
            for (std::size_t k = 0; k < sized.family.size(); ++k) {
                if (sized.family[i] < 0 || sized.family[i] != sized.family[k] || !(sized.logSize[i] > sized.logSize[k]))
                    continue;
                ++pairs;
                better += sized.robustness[i] > sized.robustness[k];
            }
        }
        if (pairs == 0)
            continue;
        judge(claim, 2 * better > pairs, reading(evidence, a, countText(better) + " of " + countText(pairs) + " pairs"));
    }
    return claim;
}

} // namespace

std::vector<StudyClaim> robustnessClaims(Evidence& evidence)
{
    return {accuracyCostsRobustness(evidence), architectureMattersMore(evidence), deeperIsBetter(evidence), searchedBudgetFalls(evidence),
        ownNormIsNearest(evidence, Norm::L2), ownNormIsNearest(evidence, Norm::Linf), frontierIgnoresScale(evidence)};
}

} // namespace brink::report
