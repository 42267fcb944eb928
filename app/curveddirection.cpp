// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/curveddirection.h"

#include "app/qtext.h"
#include "core/report/figureparts.h"

#include <QCoreApplication>

namespace brink {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(CurvedDirection)
};

QString number(double value) { return qtext(report::threeDigits(value)); }

const CurvatureResult* resultOf(const CurvatureSurvey& survey)
{
    return survey.images.empty() || !survey.images.front().result ? nullptr : &*survey.images.front().result;
}

} // namespace

std::optional<CurvedDirection> curvedDirection(const std::shared_ptr<const CurvatureSurvey>& survey, int index)
{
    const CurvatureResult* result = survey ? resultOf(*survey) : nullptr;
    if (!result || index < 0)
        return std::nullopt;
    const auto low = result->lowest.size(), place = std::size_t(index);
    if (place >= low + result->highest.size())
        return std::nullopt;
    return CurvedDirection{survey, result, place < low ? &result->lowest[place] : &result->highest[place - low]};
}

QStringList curvedDirectionNames(const CurvatureSurvey& survey)
{
    QStringList names;
    if (const CurvatureResult* result = resultOf(survey))
        for (const auto* end : {&result->lowest, &result->highest})
            for (const PrincipalDirection& direction : *end)
                names << (direction.curvature < 0 ? Words::tr("%1, bends towards the image") : Words::tr("%1, bends away")).arg(number(direction.curvature));
    return names;
}

QString curvatureSummary(const CurvatureSurvey& survey)
{
    const CurvatureResult* result = resultOf(survey);
    if (!result || result->lowest.empty() || result->highest.empty())
        return {};
    QString text = Words::tr("boundary at %1 (L2) · mean %2 ± %3 · %4 to %5, 1/L2")
                       .arg(number(result->point.distance), number(result->mean), number(result->meanError), number(result->lowest.front().curvature),
                           number(result->highest.front().curvature));
    if (result->method == CurvatureMethod::Difference)
        text += Words::tr(" · differences at %1 of the distance").arg(number(result->step));
    for (const Warning& warning : result->warnings)
        text += QStringLiteral(" · ") + qtext(warning.text);
    return text;
}

Plane bendingPlane(const CurvatureResult& result, const PrincipalDirection& direction, const Image& image, const PrincipalDirection* against)
{
    const auto name = [](const PrincipalDirection& each) { return "along curvature " + report::threeDigits(each.curvature); };
    Plane plane = makePlane(PlaneKind::Directions, Norm::L2, result.point.point, {direction.vector, against ? against->vector : result.point.normal},
        {name(direction), against ? name(*against) : std::string("along the normal")});
    plane.markers.front().kind = PlaneMarkerKind::BoundaryPoint;
    plane.markers.front().name = "boundary point";
    addMarker(plane, PlaneMarkerKind::Original, "original", image);
    return plane;
}

} // namespace brink
