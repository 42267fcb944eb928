// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/boundaryclaims.h"

#include "core/base/text.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>

namespace brink::report {

namespace {

constexpr double flatEnough = 0.9;
constexpr double sharedEnough = 3;
/// Intervals over fewer images mean nothing.
constexpr std::ptrdiff_t fewestImages = 5;

/// The claim without its verdict where too few images or pairs were measured.
StudyClaim judged(StudyClaim claim, std::ptrdiff_t count, const std::string& what = "images")
{
    if (claim.holds && count < fewestImages) {
        claim.numbers += "; too few " + what + " to judge";
        claim.holds.reset();
    }
    return claim;
}

std::string percentBand(const SurveyBand& band)
{
    return percentText(band.value) + " " + intervalText({100 * band.low, 100 * band.high});
}

std::string bandText(const SurveyBand& band) { return threeDigits(band.value) + " " + intervalText({band.low, band.high}); }

/// Share of the principal curvatures above a tenth of the largest is at most (rms / (0.1 largest))^2: what the extremes alone say.
std::vector<double> flatLowerBounds(const CurvatureSurvey& survey)
{
    std::vector<double> bounds;
    for (const SurveyImage& image : survey.images) {
        if (!image.result || image.result->lowest.empty())
            continue;
        const double largest = std::max(std::abs(image.result->lowest.front().curvature), std::abs(image.result->highest.front().curvature));
        if (largest > 0)
            bounds.push_back(1 - std::min(1.0, std::pow(image.result->rootMeanSquare / (0.1 * largest), 2)));
    }
    return bounds;
}

StudyClaim flatClaim(const CurvatureSurvey& survey)
{
    StudyClaim claim{"The decision boundary is flat along most directions.",
        "at least 90 % of the principal curvatures are at most a tenth of the largest, mean over images with a 95 % interval", "curvature-profile", {}, {}};
    if (const std::vector<double> shares = flatShares(survey); !shares.empty()) {
        const SurveyBand band = meanWithInterval(shares, survey.seed);
        claim.numbers = percentBand(band) + " of the curvatures, " + countText(std::ssize(shares)) + " images";
        claim.holds = band.low >= flatEnough;
        return judged(std::move(claim), std::ssize(shares));
    }
    const std::vector<double> bounds = flatLowerBounds(survey);
    if (bounds.empty())
        return claim;
    const SurveyBand band = meanWithInterval(bounds, survey.seed);
    if (band.low >= flatEnough) {
        claim.numbers = "at least " + percentBand(band) + " by the root mean square, " + countText(std::ssize(bounds)) + " images";
        claim.holds = true;
    } else {
        claim.numbers = "at least " + percentText(band.value) + " by the root mean square, which does not decide it; a full profile does";
    }
    return judged(std::move(claim), std::ssize(bounds));
}

StudyClaim negativeClaim(const CurvatureSurvey& survey)
{
    StudyClaim claim{"Negative curvature dominates: the boundary bends towards natural images.",
        "the negative share of the summed magnitudes is above one half, mean over images with a 95 % interval (F = f_own - f_other, negative where the boundary "
        "bends towards the image; at a nearest point no curvature can lie below -1/|r|)", "curvature-profile", {}, {}};
    const std::vector<double> shares = negativeShares(survey);
    if (shares.empty())
        return claim;
    const SurveyBand band = meanWithInterval(shares, survey.seed);
    const bool isFull = !flatShares(survey).empty();
    const auto negative = std::ranges::count_if(shares, [](double share) { return share > 0.5; });
    claim.numbers = percentBand(band) + (isFull ? " of all curvature" : " of the curvature at both ends") + ", above one half at " + countText(negative) + " of "
        + countText(std::ssize(shares)) + " images; with F written f_other - f_own instead, " + percentText(1 - band.value) + " would be negative";
    claim.holds = band.low > 0.5;
    return judged(std::move(claim), std::ssize(shares));
}

/// Geometric mean of the medians of rho over the leading half of the directions.
StudyClaim sharedClaim(const CurvatureSurvey& survey)
{
    StudyClaim claim{"The curved directions are shared by different images.",
        "held-out images are curved along the leading half of the shared directions at least 3 times as much as along the average direction (median, lower end of its interval), and more "
        "than along random ones",
        "shared-directions", {}, {}};
    if (!survey.shared || rhoOf(survey, 0).empty())
        return claim;
    const std::int64_t leading = std::max<std::int64_t>(1, survey.shared->curved.count() / 2);
    std::vector<double> shared, control;
    for (std::size_t i = 0; i < rhoOf(survey, 0).size(); ++i) {
        std::vector<double> own, other;
        for (std::int64_t k = 0; k < leading; ++k) {
            own.push_back(rhoOf(survey, k)[i]);
            other.push_back(rhoOf(survey, k, true)[i]);
        }
        shared.push_back(median(own));
        control.push_back(median(other));
    }
    const SurveyBand band = medianWithInterval(shared, survey.seed), random = medianWithInterval(control, survey.seed);
    claim.numbers = "ρ " + bandText(band) + ", random directions " + bandText(random) + ", " + countText(std::ssize(shared)) + " held-out images";
    claim.holds = band.low >= sharedEnough && band.low > random.high;
    return judged(std::move(claim), std::ssize(shared));
}

std::string halfText(const HalfNorm& half)
{
    return half.norm ? bandText(*half.norm) : "not reached (" + percentText(half.largestShare) + " at the largest norm)";
}

StudyClaim curvedNoiseClaim(const CurvatureSurvey& survey)
{
    StudyClaim claim{"Noise in the curved directions fools at a smaller norm than noise in all directions.",
        "half of the draws are misclassified at a smaller norm, the intervals do not overlap", "noise-directions", {}, {}};
    if (fooledShares(survey, NoiseKind::Curved, 0).empty())
        return claim;
    const HalfNorm curved = halfNorm(survey, NoiseKind::Curved), full = halfNorm(survey, NoiseKind::Full);
    claim.numbers = "L2 norm at which half are misclassified: curved " + halfText(curved) + ", all directions " + halfText(full);
    if (curved.norm || full.norm)
        claim.holds = curved.norm && (!full.norm || curved.norm->high < full.norm->low);
    return judged(std::move(claim), std::ssize(fooledShares(survey, NoiseKind::Curved, 0)));
}

StudyClaim flatNoiseClaim(const CurvatureSurvey& survey)
{
    StudyClaim claim{"Noise in the flat directions harms no more than noise in all directions.",
        "half of the draws are misclassified at no smaller norm (upper end of the interval against the value)", "noise-directions", {}, {}};
    if (fooledShares(survey, NoiseKind::Flat, 0).empty())
        return claim;
    const HalfNorm flat = halfNorm(survey, NoiseKind::Flat), full = halfNorm(survey, NoiseKind::Full);
    claim.numbers = "L2 norm at which half are misclassified: flat " + halfText(flat) + ", all directions " + halfText(full);
    if (full.norm)
        claim.holds = !flat.norm || flat.norm->high >= full.norm->value;
    else if (!flat.norm)
        claim.holds = flat.largestShare <= full.largestShare + 0.05;
    return judged(std::move(claim), std::ssize(fooledShares(survey, NoiseKind::Flat, 0)));
}

} // namespace

std::vector<StudyClaim> curvatureClaims(const CurvatureSurvey& survey)
{
    return {flatClaim(survey), negativeClaim(survey), sharedClaim(survey), curvedNoiseClaim(survey), flatNoiseClaim(survey)};
}

StudyClaim connectedClaim(const PathSummary& summary)
{
    StudyClaim claim{"The region of a class is connected: images of one class are joined by a path inside it.",
        "every pair is joined by a path that stays in the class at all points of its grid", "path", {}, {}};
    if (summary.pairs == 0)
        return claim;
    claim.numbers = countText(summary.found) + " of " + countText(summary.pairs) + " pairs joined, " + countText(summary.straight) + " by the straight line";
    if (summary.largestRatio)
        claim.numbers += "; paths at most " + formatReal(*summary.largestRatio, 4) + " times as long (L2)";
    claim.holds = summary.found == summary.pairs;
    return judged(std::move(claim), summary.pairs, "pairs");
}

std::string verdictOf(const StudyClaim& claim) { return !claim.holds ? "not tested here" : *claim.holds ? "holds" : "does not hold"; }

Json claimsJson(const std::vector<StudyClaim>& claims)
{
    Json list = Json::array();
    for (const StudyClaim& claim : claims) {
        Json entry{{"claim", claim.claim}, {"criterion", claim.criterion}};
        if (!claim.numbers.empty())
            entry["measured"] = claim.numbers;
        entry["verdict"] = verdictOf(claim);
        entry["figure"] = claim.figure;
        list.push_back(std::move(entry));
    }
    return list;
}

std::string claimsText(const std::vector<StudyClaim>& claims)
{
    std::string text;
    for (const StudyClaim& claim : claims) {
        text += "claim: " + claim.claim + "\n  " + verdictOf(claim);
        if (!claim.numbers.empty())
            text += ": " + claim.numbers;
        text += "\n  counts as holding when " + claim.criterion + "\n";
    }
    return text;
}

} // namespace brink::report
