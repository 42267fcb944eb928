// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/figureoutput.h"
#include "app/cli/options.h"
#include "app/cli/resultfile.h"
#include "app/cli/unitrunner.h"

#include "core/report/registry.h"
#include "core/study/inspect.h"

namespace brink::cli {

namespace {

/// Every figure the result has data for, in every format asked for.
void writeFigures(const FigureOutput& output, const InspectResult& result)
{
    for (const FigureInfo& info : figureInfos())
        if (const std::optional<Figure> figure = info.make(result, {}))
            writeToFolder(output, *figure, QStringLiteral("%1-%2").arg(QString::fromStdString(info.name)).arg(result.index));
}

std::optional<BoundRequest> boundOption(const Options& options, Preset preset)
{
    Params params(boundParameters(), preset);
    const std::string method = options.text(QStringLiteral("certify"));
    if (method == "none")
        return std::nullopt;
    if (!method.empty())
        params.setText("method", method);
    return boundRequest(params);
}

} // namespace

int runInspectCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("inspect"), QStringLiteral("how close images are to changing class, by every method that counts."));
    options.addModel();
    options.addImages();
    options.add(QStringLiteral("norm"), QStringLiteral("l1, l2 or linf."), QStringLiteral("NORM"), QStringLiteral("l2"));
    options.addClever();
    options.addAttack();
    options.add(QStringLiteral("certify"), QStringLiteral("Certified bound: ibp, crown-ibp, crown, alpha-crown or beta-crown; auto is crown where that is quick, else crown-ibp; none leaves it out. The preview takes auto, paper settings crown."),
        QStringLiteral("METHOD"));
    options.add(QStringLiteral("directions"), QStringLiteral("Random directions to cross; 0 for none."), QStringLiteral("N"), QStringLiteral("200"));
    options.addRun();
    options.addOutput();
    addFigureOptions(options);
    if (!options.parse(arguments))
        return 0;

    RunSettings settings = runSettings(options);
    // Paper settings take half a million gradients a class: an interactive look starts from the preview.
    if (!options.isSet(QStringLiteral("preset")))
        settings.preset = Preset::Preview;
    const Norm norm = normOption(options);
    InspectRequest request;
    request.norm = norm;
    request.seed = settings.seed;
    request.clever = cleverOption(options, norm, settings.preset);
    request.bound = boundOption(options, settings.preset);
    request.attacks = attackOption(options, norm, settings.preset);
    request.targetRule = targetRuleFromText(options.text(QStringLiteral("target")));
    request.randomDirections = int(options.integer(QStringLiteral("directions"), 0, 1'000'000));
    const FigureOutput output = figureOutput(options);
    const ChosenImages images = chosenImages(options);
    request.classNames = images.dataset->classNames();
    request.model = loadModel(options);

    std::vector<ItemSlot> items;
    const UnitReport report = inspectImages(QStringLiteral("inspect"), request, images, settings.workers, items);
    const std::string preset = settings.preset == Preset::Preview ? "preview" : "paper";
    writeJson(options, resultFile(*request.model, settings, preset, images.indices, items, report.errors));
    printSummary(options, *request.model, items);
    if (output.folder)
        for (const ItemSlot& item : items)
            if (item)
                writeFigures(output, *item);
    return reportUnits(report, "images");
}

} // namespace brink::cli
