// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "app/cli/unitrunner.h"

#include "core/examples/trainexamples.h"

#include <cstdio>

namespace brink::cli {

int runTrainExamplesCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("train-examples"), QStringLiteral("train the built-in example models again, from one seed."));
    options.add(QStringLiteral("out"), QStringLiteral("Folder for the models, cards and images."), QStringLiteral("FOLDER"));
    options.addRun();
    if (!options.parse(arguments))
        return 0;
    options.require(QStringLiteral("out"));
    const RunSettings settings = runSettings(options);
    const UnitReport report = runUnits(QStringLiteral("train"), 1, 1, [&](std::int64_t, Monitor& monitor) {
        for (const TrainedExample& example : trainExamples(options.text(QStringLiteral("out")), settings.seed, monitor))
            std::printf("%-12s accuracy %.1f %% of %lld images\n", example.name.c_str(), 100 * example.accuracy,
                (long long)example.testImages);
    });
    return reportUnits(report, "models");
}

} // namespace brink::cli
