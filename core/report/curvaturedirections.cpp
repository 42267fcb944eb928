// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/boundaryparts.h"
#include "core/report/figureparts.h"
#include "core/report/rasters.h"

#include <algorithm>
#include <cmath>

namespace brink {

using namespace report;

namespace {

/// More pictures in a row are too small to be read in print.
constexpr std::size_t mostPictures = 4;

const SurveyImage* chosenImage(const CurvatureSurvey& survey, const CurvatureSelection& selection)
{
    const auto found = std::ranges::find_if(survey.images, [&](const SurveyImage& image) {
        return image.result && !image.result->lowest.empty() && !image.result->lowest.front().vector.empty() && (!selection.image || image.index == *selection.image);
    });
    return found == survey.images.end() ? nullptr : &*found;
}

double largestValue(const std::vector<float>& values)
{
    double largest = 0;
    for (const float value : values)
        largest = std::max(largest, std::abs(double(value)));
    return largest;
}

Panel directionPanel(const std::string& id, const std::string& title, const Image& shape, const std::vector<float>& vector, int row, int column)
{
    return imagePanel(title,
        signedRaster(id, shape.channels, shape.height, shape.width, interleaved(shape.channels, shape.height, shape.width, vector), 1 / std::max(largestValue(vector), 1e-30)), row, column);
}

std::optional<Figure> makeDirections(const CurvatureSurvey& survey, const CurvatureSelection& selection)
{
    const SurveyImage* image = chosenImage(survey, selection);
    if (!image)
        return std::nullopt;
    const CurvatureResult& result = *image->result;
    const Image& z = result.point.point;
    const std::size_t shown = std::min({mostPictures, result.lowest.size(), result.highest.size()});
    Figure figure;
    figure.name = "curvature-directions";
    figure.panels.push_back(imagePanel("z", imageRaster("point", z), 0, 0));
    figure.panels.push_back(directionPanel("normal", "n", z, result.point.normal, 1, 0));
    for (const bool isLow : {true, false})
        for (std::size_t i = 0; i < shown; ++i) {
            const PrincipalDirection& direction = (isLow ? result.lowest : result.highest)[i];
            const std::string name = std::string(isLow ? "lowest " : "highest ") + std::to_string(i + 1);
            figure.panels.push_back(
                directionPanel(name, threeDigits(direction.curvature), z, direction.vector, isLow ? 0 : 1, int(i) + 1));
        }
    for (Panel& panel : figure.panels)
        panel.keepsTitle = true;
    figure.panels.push_back(signedScalePanel("signed picture, each to its own largest value", 2));
    // Low rows, so that the height and not the column, which is narrower at the ends, decides how large a picture is: all are equal.
    figure.aspect = 1.05 * 2.0 * double(z.height) / double(std::max(1, z.width)) / double(shown + 1);
    figure.caption = "Directions in which the decision boundary is most curved at the boundary point z of one image, as signed pictures with their curvature (1 / L2 distance, "
                     "pixels in [0,1]): above the most negative, along which the boundary bends towards the image, below the most positive. The sign of a direction as a whole is "
                     "arbitrary; n is the normal"
        + std::string(z.channels > 1 ? "; of the colour channels the one of largest magnitude is shown" : "") + ". Distance of the image to z: L2 "
        + threeDigits(result.point.distance) + ". " + methodSentence(result.method, result.step) + " Model " + survey.modelName + ", image " + image->source + " (index "
        + std::to_string(image->index) + ", class " + std::to_string(result.point.own) + " against " + std::to_string(result.point.other) + "), seed "
        + std::to_string(survey.seed) + ".";
    return figure;
}

} // namespace

CurvatureFigureInfo curvaturedirectionsCurvatureFigure()
{
    return {"curvature-directions", "Curved directions", "The most curved directions of the decision boundary of one image, as signed pictures",
        withSurveyProvenance<makeDirections>};
}

} // namespace brink
