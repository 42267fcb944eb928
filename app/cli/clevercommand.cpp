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

    std::vector<ItemSlot> items(images.indices.size());
    const UnitReport report = runUnits(
        QStringLiteral("clever"), std::int64_t(items.size()), settings.workers, [&](std::int64_t unit, Monitor& monitor) {
            InspectRequest own = request;
            own.index = images.indices[std::size_t(unit)];
            own.source = images.dataset->image(own.index);
            own.label = images.dataset->label(own.index);
            items[std::size_t(unit)] = runInspect(own, monitor);
        });
    const std::string preset = settings.preset == Preset::Preview ? "preview" : "paper";
    writeJson(options, resultFile(*request.model, settings, preset, images.indices, items, report.errors));
    printSummary(options, *request.model, items);
    return reportUnits(report, "images");
}

} // namespace brink::cli
