// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/certifiedparts.h"

#include "core/base/text.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/report/surveyparts.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace brink::report {

namespace {

/// Distances are of float32 images: a last bit of each value.
constexpr double rounding = 1e-6;

/// Of radius and distance, where the distance to the boundary is called known.
constexpr double known = 0.99;

using Places = std::map<std::int32_t, BoundedImage*>; ///< by place in the study

/// What proofs of the same norm met, of whichever analysis.
void addCounterexamples(const Places& places, const std::map<std::int64_t, std::int32_t>& byIndex, const StudyResults& results, int model, Norm norm)
{
    for (int a = 0; a < int(results.study.analyses.size()); ++a) {
        const auto survey = results.cell(a, model).survey.certified;
        if (!survey || survey->request.norm != norm)
            continue;
        for (const CertifiedImage& image : survey->images) {
            const auto index = byIndex.find(image.index);
            const auto place = index == byIndex.end() ? places.end() : places.find(index->second);
            if (!image.found || place == places.end())
                continue;
            ++place->second->attacks;
            place->second->distance = std::min(place->second->distance.value_or(HUGE_VAL), *image.found);
        }
    }
}

/// Nearest success of each image over the attacks of a norm, targeted ones, too: another class is another class.
void addAttacks(const BoundedModel& bounded, const Places& places, const StudyResults& results, Norm norm)
{
    for (int a = 0; a < int(results.study.analyses.size()); ++a) {
        const StudyAnalysis& analysis = results.study.analyses[std::size_t(a)];
        if (analysis.kind != AnalysisKind::Attack || analysis.norm() != norm)
            continue;
        for (const StudyAttackRow& row : results.cell(a, bounded.model).attack) {
            const auto found = places.find(row.image);
            if (found == places.end())
                continue;
            ++found->second->attacks;
            if (row.success)
                found->second->distance = std::min(found->second->distance.value_or(HUGE_VAL), row.distance.in(norm));
        }
    }
}

std::string shareText(double share) { return formatReal(100 * share, 3) + " %"; }

/// One norm and method, all models of the study.
StudyClaim boundClaim(const StudyResults& results, const StudySelection& selection, int analysis)
{
    const StudyAnalysis& own = results.study.analyses[std::size_t(analysis)];
    StudyClaim claim{"No attack finds an adversarial image inside a certified radius (" + analysisLabel(own) + ").",
        "certified radius at most the distance of every success in the same norm, on every image", "certified", {}, {}};
    BoundAgreement all;
    for (const int model : workingModels(results)) {
        const auto bounded = boundedModel(results, selection, analysis, model);
        if (!bounded)
            continue;
        const BoundAgreement one = agreementOf(*bounded);
        all.compared += one.compared;
        all.violations += one.violations;
        all.known += one.known;
        all.largestShare = std::max(all.largestShare, one.largestShare);
    }
    if (all.compared == 0)
        return claim;
    claim.holds = all.violations == 0;
    claim.numbers = countText(all.compared) + " pairs of model and image, " + countText(all.violations) + " violations; at most " + shareText(all.largestShare)
        + " of the best distance is proved";
    if (all.known > 0)
        claim.numbers += "; within 1 % of it on " + countText(all.known);
    return claim;
}

/// Images of both analyses, and on how many the one that should prove more proves less than the tolerances of both allow.
StudyClaim orderClaim(const StudyResults& results, const StudySelection& selection, int looser, int tighter)
{
    const auto label = [&](int a) { return analysisLabel(results.study.analyses[std::size_t(a)]); };
    StudyClaim claim{"The tighter method proves at least as large a radius (" + label(tighter) + ", against " + label(looser) + ").",
        "on every image, but for the tolerance of the search", "certified", {}, {}};
    std::int64_t images = 0, less = 0;
    std::vector<double> gains;
    for (const int model : workingModels(results)) {
        const auto one = boundedModel(results, selection, looser, model), other = boundedModel(results, selection, tighter, model);
        if (!one || !other)
            continue;
        const double slack = 1 - one->survey->request.tolerance - other->survey->request.tolerance;
        std::map<std::int32_t, double> radii;
        for (const BoundedImage& image : one->images)
            radii[image.image] = image.radius;
        for (const BoundedImage& image : other->images)
            if (const auto found = radii.find(image.image); found != radii.end()) {
                ++images;
                less += image.radius < slack * found->second;
                if (found->second > 0)
                    gains.push_back(image.radius / found->second);
            }
    }
    if (images == 0)
        return claim;
    claim.holds = less == 0;
    claim.numbers = countText(images) + " pairs of model and image, less on " + countText(less);
    if (!gains.empty())
        claim.numbers += "; median " + formatReal(median(gains), 3) + " times the radius";
    return claim;
}

} // namespace

std::optional<BoundedModel> boundedModel(const StudyResults& results, const StudySelection& selection, int analysis, int model)
{
    BoundedModel bounded{model, results.cell(analysis, model).survey.certified, {}};
    if (!bounded.survey)
        return std::nullopt;
    std::map<std::int64_t, std::int32_t> places;
    for (std::size_t i = 0; i < results.images.size(); ++i)
        places[results.images[i].index] = std::int32_t(i);
    for (const CertifiedImage& image : bounded.survey->images)
        if (const auto place = places.find(image.index); place != places.end() && isShown(results, selection, place->second))
            bounded.images.push_back({place->second, image.radius, 0, {}});
    Places shown;
    for (BoundedImage& image : bounded.images)
        shown[image.image] = &image;
    addAttacks(bounded, shown, results, bounded.survey->request.norm);
    addCounterexamples(shown, places, results, model, bounded.survey->request.norm);
    return bounded;
}

BoundAgreement agreementOf(const BoundedModel& bounded)
{
    BoundAgreement agreement;
    std::vector<double> shares;
    for (const BoundedImage& image : bounded.images) {
        if (!image.distance)
            continue;
        shares.push_back(*image.distance > 0 ? image.radius / *image.distance : image.radius > 0 ? HUGE_VAL : 0.0);
        agreement.violations += image.radius > *image.distance * (1 + rounding);
        agreement.known += shares.back() >= known;
    }
    agreement.compared = std::ssize(shares);
    if (!shares.empty()) {
        agreement.largestShare = *std::ranges::max_element(shares);
        agreement.medianShare = median(shares);
    }
    return agreement;
}

std::vector<StudyClaim> certifiedClaims(const StudyResults& results, const StudySelection& selection)
{
    const std::vector<StudyAnalysis>& analyses = results.study.analyses;
    std::vector<int> certified;
    for (int a = 0; a < int(analyses.size()); ++a)
        if (analyses[std::size_t(a)].kind == AnalysisKind::Certified)
            certified.push_back(a);
    std::vector<StudyClaim> claims;
    for (const int a : certified)
        claims.push_back(boundClaim(results, selection, a));
    const auto methodOf = [&](int a) { return certificationRequest(analyses[std::size_t(a)].boundary).method; };
    std::ranges::stable_sort(certified, {}, [&](int a) { return std::pair(analyses[std::size_t(a)].norm(), methodOf(a)); });
    for (std::size_t i = 1; i < certified.size(); ++i)
        if (analyses[std::size_t(certified[i])].norm() == analyses[std::size_t(certified[i - 1])].norm() && methodOf(certified[i]) != methodOf(certified[i - 1]))
            claims.push_back(orderClaim(results, selection, certified[i - 1], certified[i]));
    return claims;
}

} // namespace brink::report
