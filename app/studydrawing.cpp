// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studydrawing.h"

#include "core/report/studytables.h"
#include "core/study/boundaryanalysis.h"

#include <algorithm>
#include <string>

namespace brink {

namespace {

/// Which models stand along the rows and columns of the heatmap: its cells know.
void takeOrder(const HeatmapLayer& layer, TransferDrawing& drawing)
{
    const auto part = [&layer](int cell, bool isTarget) {
        const std::string& key = layer.refs[std::size_t(cell)].key;
        const std::size_t comma = key.find(',');
        return std::stoi(isTarget ? key.substr(comma + 1) : key.substr(0, comma));
    };
    if (int(layer.refs.size()) != layer.rows * layer.columns)
        return;
    for (int row = 0; row < layer.rows; ++row)
        drawing.sources.push_back(part(row * layer.columns, false));
    for (int column = 0; column < layer.columns; ++column)
        drawing.targets.push_back(part(column, true));
}

} // namespace

const std::vector<std::string>& studyFigureNames()
{
    static const std::vector<std::string> names{"pareto", "success", "robust-accuracy"};
    return names;
}

StudyDrawing drawStudy(std::shared_ptr<const StudyResults> results, int analysis, const StudySelection& selection)
{
    StudyDrawing drawing;
    drawing.table = modelTable(*results, analysis, selection);
    const StudyAnalysis* shown = analysis < 0 ? nullptr : &results->study.analyses[std::size_t(analysis)];
    if (shown && isOfBoundary(shown->kind))
        drawing.survey = studyTable(*results, boundaryAnalysis(shown->kind).name, selection);
    if (shown && shown->kind == AnalysisKind::Certified)
        drawing.figures["certified"] = studyFigureInfo("certified").make(*results, selection);
    if (!drawing.survey)
        for (const std::string& name : studyFigureNames())
            drawing.figures[name] = studyFigureInfo(name).make(*results, selection);
    for (int image = 0; image < int(results->images.size()); ++image)
        drawing.commonImages += results->isCorrectOnAll(image);
    for (const ModelSummary& summary : drawing.table.summaries) {
        const bool isFirst = &summary == &drawing.table.summaries.front();
        drawing.leastOwn = isFirst ? summary.correct : std::min(drawing.leastOwn, summary.correct);
        drawing.mostOwn = std::max(drawing.mostOwn, summary.correct);
    }
    drawing.results = std::move(results);
    return drawing;
}

TransferDrawing drawTransfer(std::shared_ptr<const StudyResults> results, int analysis, const StudySelection& selection)
{
    TransferDrawing drawing{nullptr, analysis, selection.rule, {}, {}, {}};
    if (analysis >= 0)
        drawing.figure = studyFigureInfo("transfer").make(*results, selection);
    if (drawing.figure)
        for (const Panel& panel : drawing.figure->panels)
            for (const Layer& layer : panel.layers)
                if (const auto* cells = std::get_if<HeatmapLayer>(&layer); cells && panel.id == transferPanel)
                    takeOrder(*cells, drawing);
    drawing.results = std::move(results);
    return drawing;
}

} // namespace brink
