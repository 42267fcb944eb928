// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/margindrawing.h"

#include "core/report/marginparts.h"

#include <algorithm>
#include <limits>

namespace brink {

const std::vector<std::string>& marginFigureNames()
{
    static const std::vector<std::string> names{"margins", "margin-detection", "margin-consistency"};
    return names;
}

MarginDrawing drawMargins(std::shared_ptr<const StudyResults> results, const StudySelection& selection)
{
    MarginDrawing drawing;
    drawing.selection = selection;
    for (const std::string& name : marginFigureNames())
        drawing.figures[name] = studyFigureInfo(name).make(*results, selection);
    for (report::MarginsOfModel& each : report::marginsOfModels(*results, selection)) {
        for (std::size_t i = 0; i < each.scored.size(); ++i) {
            const MarginRow& row = each.margins.rows[each.rows[i]];
            drawing.images.push_back({each.margins.model, row.image, row.isCorrect, row.margin, row.foundBy, each.scored[i].score});
        }
        drawing.models.push_back({each.margins.model, std::move(each.scored), each.threshold});
    }
    std::ranges::stable_sort(drawing.images, {},
        [](const MarginImage& image) { return image.margin.value_or(std::numeric_limits<double>::infinity()); });
    drawing.hasScores = report::hasScores(*results);
    drawing.results = std::move(results);
    return drawing;
}

} // namespace brink
