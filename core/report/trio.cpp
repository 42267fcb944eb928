// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/report/figureparts.h"
#include "core/report/rasters.h"

#include <algorithm>
#include <cmath>

namespace brink {

using namespace report;

namespace {

/// Two significant digits, rounded down, so that the strongest change nearly fills the colour scale and none is clipped.
double amplification(double largestChange)
{
    if (!(largestChange > 0))
        return 1;
    const double unit = std::pow(10, std::floor(std::log10(1 / largestChange)) - 1);
    return std::floor(1 / largestChange / unit) * unit;
}

/// Signed change of every pixel.
RasterLayer perturbation(const Image& from, const Image& to, double amplified)
{
    const std::vector<double> before = interleaved(from.channels, from.height, from.width, from.pixels);
    std::vector<double> change = interleaved(to.channels, to.height, to.width, to.pixels);
    for (std::size_t i = 0; i < change.size(); ++i)
        change[i] -= before[i];
    return signedRaster("perturbation", from.channels, from.height, from.width, std::move(change), amplified);
}

std::string percent(double probability)
{
    return probability >= 0.9995 ? "100 %" : threeDigits(100 * probability) + " %";
}

/// "original" over "7, 99.9 %".
std::string imageTitle(const char* word, const InspectResult& result, std::int64_t index, const std::vector<double>& logits)
{
    std::string title = std::string(word) + "\n" + className(result, index);
    if (std::size_t(index) < logits.size())
        title.append(", ").append(percent(probabilities(logits)[std::size_t(index)]));
    return title;
}

/// The selected attack's image, else that of the best; null without one.
const AttackOutcome* chosenOutcome(const InspectResult& result, const FigureSelection& selection)
{
    if (selection.attack) {
        const auto found = std::ranges::find(result.attacks, *selection.attack, &AttackOutcome::name);
        return found != result.attacks.end() && found->adversarial ? &*found : nullptr;
    }
    return result.best && result.attacks[*result.best].adversarial ? &result.attacks[*result.best] : nullptr;
}

std::optional<Figure> makeTrio(const InspectResult& result, const FigureSelection& selection)
{
    const AttackOutcome* outcome = chosenOutcome(result, selection);
    if (!outcome || result.image.empty() || outcome->adversarial->size() != result.image.size() || !outcome->distance)
        return std::nullopt;
    const bool isBest = result.best && outcome == &result.attacks[*result.best];
    double largest = 0;
    for (std::size_t i = 0; i < result.image.size(); ++i)
        largest = std::max(largest, std::abs(double(outcome->adversarial->pixels[i]) - double(result.image.pixels[i])));
    const double amplified = amplification(largest);
    const std::string factor = formatReal(amplified, 6); // has two digits, and 120 is not to be 1.2e+02
    const std::string distance = normLabel(result.norm) + " " + threeDigits(outcome->distance->in(result.norm));
    Figure figure;
    figure.name = "trio";
    figure.aspect = 0.43 * double(result.image.height) / double(std::max(1, result.image.width));
    figure.panels.push_back(imagePanel(imageTitle("original", result, result.predicted, result.logits), imageRaster("original", result.image), 0, 0));
    figure.panels.push_back(imagePanel(imageTitle("adversarial", result, outcome->adversarialClass.value_or(-1),
                                           isBest ? result.adversarialLogits : std::vector<double>()),
        imageRaster("adversarial", *outcome->adversarial), 0, 1));
    figure.panels.push_back(imagePanel("perturbation\n×" + factor + ", " + distance, perturbation(result.image, *outcome->adversarial, amplified), 0, 2));
    figure.caption = std::string("Original image, ") + (isBest ? "nearest adversarial image found" : "adversarial image") + " (" + attackLabel(outcome->name) + ", "
        + distance + "), and the signed change times " + factor + ": blue is darker, red brighter, white unchanged"
        + (result.image.channels > 1 ? "; of the colour channels the one that changed most" : "") + ". " + subjectSentence(result);
    return figure;
}

} // namespace

FigureInfo trioFigure()
{
    return {"trio", "Image trio", "Original, adversarial image and signed perturbation with its amplification", withProvenance<makeTrio>};
}

} // namespace brink
