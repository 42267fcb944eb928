// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "app/cli/resultfile.h"
#include "app/cli/unitrunner.h"

namespace brink::cli {

int runCleverCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("clever"), QStringLiteral("CLEVER scores (Weng et al. 2018) with their Weibull fits."));
    options.addModel();
    options.addImages();
    options.add(QStringLiteral("norm"), QStringLiteral("l1, l2 or linf."), QStringLiteral("NORM"), QStringLiteral("l2"));
    options.addClever();
    options.addRun();
    options.addOutput();
    if (!options.parse(arguments))
        return 0;

    const RunSettings settings = runSettings(options);
    InspectRequest request;
    request.norm = normOption(options);
    request.seed = settings.seed;
    request.clever = cleverOption(options, request.norm, settings.preset);
    request.randomDirections = 0;
    const ChosenImages images = chosenImages(options);
    request.model = loadModel(options);

    std::vector<ItemSlot> items;
    const UnitReport report = inspectImages(QStringLiteral("clever"), request, images, settings.workers, items);
    const std::string preset = settings.preset == Preset::Preview ? "preview" : "paper";
    writeJson(options, resultFile(*request.model, settings, preset, images.indices, items, report.errors));
    printSummary(options, *request.model, items);
    return reportUnits(report, "images");
}

} // namespace brink::cli
