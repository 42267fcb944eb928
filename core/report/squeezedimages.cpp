// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/report/detectorsparts.h"
#include "core/report/figureparts.h"
#include "core/report/rasters.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace brink::report {

namespace {

std::string classOf(const DetectorSurvey& survey, std::int64_t index)
{
    return index >= 0 && std::size_t(index) < survey.classNames.size() ? survey.classNames[std::size_t(index)] : std::to_string(index);
}

/// What is shown: an image and what an attack made of it, both through every squeezer.
struct Subject {
    std::size_t detector = 0;
    const DetectorAttack* attack = nullptr;
    const AttackedImage* perturbed = nullptr;
    std::shared_ptr<const Image> original;
    DetectorScore originalScore;
};

std::optional<Subject> subjectOf(const DetectorSurvey& survey, const DetectorsView& view)
{
    const auto squeezing = std::ranges::find_if(survey.detectors, [](const CalibratedDetector& detector) { return detector.choice.kind == DetectorKind::Squeezing; });
    if (squeezing == survey.detectors.end())
        return std::nullopt;
    const auto d = std::size_t(squeezing - survey.detectors.begin());
    for (std::size_t a = 0; a < survey.attacks.size(); ++a) {
        const DetectorAttack& attack = survey.attacks[a];
        if (view.attack ? *view.attack != a : attack.adaptiveTo.has_value())
            continue;
        for (std::size_t i = 0; i < attack.images.size(); ++i) {
            const AttackedImage& image = attack.images[i];
            if ((!view.image || *view.image == image.index) && image.isFooled && image.image && survey.originals[i])
                return Subject{d, &attack, &image, survey.originals[i], survey.originalScores[i][d]};
        }
    }
    return std::nullopt;
}

/// Two significant digits, rounded down, so that the strongest change nearly fills the colour scale.
double amplification(const Image& from, const Image& to)
{
    double largest = 0;
    for (std::size_t i = 0; i < from.pixels.size(); ++i)
        largest = std::max(largest, std::abs(double(to.pixels[i]) - double(from.pixels[i])));
    if (!(largest > 0))
        return 1;
    const double unit = std::pow(10, std::floor(std::log10(1 / largest)) - 1);
    return std::floor(1 / largest / unit) * unit;
}

RasterLayer change(const std::string& id, const Image& from, const Image& to, double amplified)
{
    const std::vector<double> before = interleaved(from.channels, from.height, from.width, from.pixels);
    std::vector<double> values = interleaved(to.channels, to.height, to.width, to.pixels);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] -= before[i];
    return signedRaster(id, from.channels, from.height, from.width, std::move(values), amplified);
}

/// Distances lie between 0 and 2: two decimals are all that is told apart.
std::string distanceText(double distance)
{
    char text[32];
    std::snprintf(text, sizeof text, "d %.2f", distance);
    return text;
}

std::string factorText(double amplified) { return "×" + (amplified < 10 ? formatReal(amplified, 2) : countText(std::llround(amplified))); }

/// One image above its squeezed ones: titles fit three columns of a narrow figure, however many squeezers there are.
void addColumn(Figure& figure, const DetectorSurvey& survey, const std::vector<Squeezer>& squeezers, const Image& image, const DetectorScore& score, const std::string& word, int column)
{
    figure.panels.push_back(imagePanel(word + "\n" + classOf(survey, score.predicted), imageRaster(word, image), 0, column));
    for (std::size_t s = 0; s < squeezers.size(); ++s)
        figure.panels.push_back(imagePanel(squeezerLabel(squeezers[s]) + "\n" + classOf(survey, score.partClasses[s]) + ", " + distanceText(score.parts[s]),
            imageRaster(word + " " + squeezerName(squeezers[s]), squeezed(image, squeezers[s])), int(s) + 1, column));
}

std::string verdictOf(double score, double threshold)
{
    return threeDigits(score) + (score > threshold ? " above the threshold " : " not above the threshold ") + threeDigits(threshold)
        + (score > threshold ? ", so it is called perturbed" : ", so it passes");
}

} // namespace

std::optional<Figure> squeezedImagesFigure(const DetectorSurvey& survey, const DetectorSummary&, const DetectorsView& view)
{
    const auto subject = subjectOf(survey, view);
    if (!subject)
        return std::nullopt;
    const CalibratedDetector& detector = survey.detectors[subject->detector];
    const std::vector<Squeezer>& squeezers = detector.choice.squeezers;
    const DetectorScore& found = subject->perturbed->scores[subject->detector];
    const Image &clean = *subject->original, &perturbed = *subject->perturbed->image;
    Figure figure;
    figure.name = "squeezed-images";
    addColumn(figure, survey, squeezers, clean, subject->originalScore, "clean", 0);
    addColumn(figure, survey, squeezers, perturbed, found, "perturbed", 1);
    const double amplified = amplification(clean, perturbed);
    figure.panels.push_back(imagePanel("perturbation\n" + factorText(amplified), change("perturbation", clean, perturbed, amplified), 0, 2));
    for (std::size_t s = 0; s < squeezers.size(); ++s) {
        const Image after = squeezed(perturbed, squeezers[s]);
        const double stronger = amplification(perturbed, after);
        figure.panels.push_back(imagePanel(squeezerLabel(squeezers[s]) + "\nchange " + factorText(stronger),
            change("change " + squeezerName(squeezers[s]), perturbed, after, stronger), int(s) + 1, 2));
    }
    const double rows = double(squeezers.size()) + 1;
    figure.aspect = rows * 1.28 / 3 * double(clean.height) / double(std::max(1, clean.width));
    figure.caption = "A clean image (left) and the same perturbed by " + attackTitle(*subject->attack) + " (distance " + normLabel(subject->attack->norm) + " "
        + threeDigits(subject->perturbed->distance) + ", middle), below through every squeezer with its class and d, the L1 distance between the outputs (softmax) for the image and the "
          "squeezed image, in [0, 2]; the score is the largest d. Clean: score "
        + verdictOf(subject->originalScore.score, detector.threshold) + ". Perturbed: score " + verdictOf(found.score, detector.threshold)
        + ". Right: the perturbation and what each squeezer changes of the perturbed image, amplified as written; blue is darker, red brighter. Image " + std::to_string(subject->perturbed->index)
        + ". " + detectorsSentence(survey);
    return figure;
}

} // namespace brink::report
