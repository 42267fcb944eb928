// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/options.h"

#include "app/examples.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/detectors/detectorsurvey.h"
#include "core/diagnosis/diagnosis.h"
#include "core/report/boundaryfigures.h"
#include "core/report/detectorsfigures.h"
#include "core/report/planefigures.h"
#include "core/report/registry.h"
#include "core/report/studyfigures.h"
#include "core/study/boundaryanalysis.h"

#include <algorithm>
#include <cstdio>

namespace brink::cli {

namespace {

Json attacksJson()
{
    Json list = Json::array();
    for (const AttackInfo& info : attackInfos()) {
        Json norms = Json::array();
        for (const Norm norm : info.norms)
            norms.push_back(normName(norm));
        list.push_back({{"name", info.name}, {"label", info.label}, {"summary", info.summary}, {"source", info.source},
            {"kind", info.kind == AttackKind::FixedBudget ? "fixed-budget" : "minimum-norm"}, {"norms", norms},
            {"targeted", info.canTarget}, {"parameters", toJson(info.parameters)}});
    }
    return list;
}

/// An analysis that looks at many images of a model together, in studies and by a command of its own.
Json surveyJson(const char* name, const char* source = "Fawzi et al. 2017, arXiv 1705.09552")
{
    const BoundaryAnalysisInfo& info = boundaryAnalysis(name);
    return {{"name", info.name}, {"label", info.label}, {"summary", info.summary}, {"source", source},
        {"parameters", toJson(info.parameters)}};
}

Json analysesJson()
{
    return Json::array({{{"name", "clever"}, {"label", "CLEVER"}, {"summary", "cross-Lipschitz extreme value estimate of the distance"},
                            {"source", "Weng et al. 2018, arXiv 1801.10578"}, {"parameters", toJson(cleverParameters())}},
        {{"name", "attack"}, {"label", "Attacks"}, {"summary", "the nearest adversarial image an attack finds"},
            {"source", "brink list attacks"}, {"parameters", Json::array()}},
        {{"name", "inspect"}, {"label", "Inspect"}, {"summary", "CLEVER, attacks and random directions for one image"},
            {"source", ""}, {"parameters", Json::array()}},
        {{"name", "detectors"}, {"label", "Detectors"}, {"summary", "feature squeezing and curvature at a chosen false positive rate, and attacks that know them"},
            {"source", "Xu, Evans and Qi 2018, arXiv 1704.01155; Fawzi et al. 2017, arXiv 1705.09552"}, {"parameters", Json::array()}},
        surveyJson("curvature"), surveyJson("detection"), surveyJson("regions"),
        surveyJson("certified", "Zhang et al. 2018, arXiv 1811.00866; Xu et al. 2021")});
}

Json figuresJson()
{
    Json list = Json::array();
    for (const FigureInfo& info : figureInfos())
        list.push_back({{"name", info.name}, {"label", info.label}, {"summary", info.summary}, {"of", "inspect"}});
    for (const StudyFigureInfo& info : studyFigureInfos())
        list.push_back({{"name", info.name}, {"label", info.label}, {"summary", info.summary}, {"of", "study"}});
    for (const CurvatureFigureInfo& info : curvatureFigureInfos())
        list.push_back({{"name", info.name}, {"label", info.label}, {"summary", info.summary}, {"of", "curvature"}});
    for (const DetectionFigureInfo& info : detectionFigureInfos())
        list.push_back({{"name", info.name}, {"label", info.label}, {"summary", info.summary}, {"of", "detect"}});
    for (const DetectorsFigureInfo& info : detectorsFigureInfos())
        list.push_back({{"name", info.name}, {"label", info.label}, {"summary", info.summary}, {"of", "detectors"}});
    for (const PlaneFigureInfo& info : planeFigureInfos())
        list.push_back({{"name", info.name}, {"label", info.label}, {"summary", info.summary}, {"of", info.command}});
    return list;
}

Json checksJson()
{
    Json list = Json::array();
    for (const LightInfo& info : lightInfos())
        list.push_back({{"name", info.code}, {"label", info.title}, {"summary", info.summary}, {"source", info.source},
            {"about", info.subject == LightSubject::Model ? "model" : "attack"}});
    return list;
}

Json formatsJson()
{
    Json list = Json::array();
    for (const DatasetFormat& format : datasetFormats())
        list.push_back({{"name", format.name}, {"endings", format.endings}, {"summary", format.summary}});
    return list;
}

Json modelsJson()
{
    Json list = Json::array();
    for (const QString& file : findExamples().models) {
        const std::string path = file.toStdString();
        const ModelCard card = loadModelCard(path);
        list.push_back({{"name", card.name}, {"summary", card.family}, {"path", path}});
    }
    return list;
}

} // namespace

int runListCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("list"), QStringLiteral("what is built in: models, attacks, analyses, checks, figures or formats."));
    options.addOutput();
    if (!options.parse(arguments))
        return 0;
    const std::vector<std::string> kinds{"models", "attacks", "analyses", "checks", "figures", "formats"};
    const QStringList words = options.positional();
    if (words.size() != 1)
        throw Error(ErrorCode::Usage, "Say what to list: models, attacks, analyses, checks, figures or formats.");
    const std::string kind = words.front().toStdString();
    if (std::ranges::find(kinds, kind) == kinds.end())
        throw Error(ErrorCode::Usage, unknownName("list", kind, kinds));
    const Json list = kind == "attacks" ? attacksJson()
        : kind == "analyses"            ? analysesJson()
        : kind == "checks"              ? checksJson()
        : kind == "figures"             ? figuresJson()
        : kind == "formats"             ? formatsJson()
                                        : modelsJson();
    writeJson(options, list);
    if (options.text(QStringLiteral("json")) != "-")
        for (const Json& entry : list)
            std::printf("%-20s %s\n", entry["name"].get<std::string>().c_str(), entry["summary"].get<std::string>().c_str());
    return 0;
}

} // namespace brink::cli
