// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bendingslices.h"

#include "app/curveddirection.h"
#include "core/boundary/slice.h"
#include "core/report/slicefigure.h"

namespace brink::cli {

namespace {

constexpr double distancesShown = 2;

} // namespace

std::vector<std::pair<std::string, Figure>> bendingSlices(const std::shared_ptr<const Classifier>& model, const CurvatureResult& result, const Image& image,
    std::int64_t index, const std::vector<std::string>& classNames, Monitor& monitor)
{
    std::vector<std::pair<std::string, Figure>> figures;
    for (const bool isLow : {true, false}) {
        SliceRequest request;
        request.model = model;
        request.plane = bendingPlane(result, (isLow ? result.lowest : result.highest).front(), image);
        const double reach = distancesShown * result.point.distance;
        request.frame = {-reach, reach, -reach, reach};
        request.imageIndex = index;
        request.classNames = classNames;
        const SliceResult slice = computeSlice(request, monitor);
        if (!slice.grid || slice.partial)
            return figures;
        figures.emplace_back(isLow ? "bending-towards" : "bending-away", sliceFigure(slice));
    }
    return figures;
}

} // namespace brink::cli
