// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/options.h"

#include "core/base/text.h"
#include "core/data/preprocessing.h"
#include "core/model/checks.h"

#include <cstdio>

namespace brink::cli {

namespace {

/// At most this many images of --images serve as probes.
constexpr std::size_t probeImages = 32;

const char* stateWord(CheckState state)
{
    switch (state) {
    case CheckState::Good: return "good";
    case CheckState::Caution: return "caution";
    case CheckState::Alarm: return "alarm";
    }
    return "good";
}

void printReport(const Classifier& model, const ModelReport& report)
{
    std::printf("%s: input %d x %d x %d, %d classes, %lld parameters, %s\n", model.card().name.c_str(), model.channels(),
        model.height(), model.width(), model.classes(), (long long)model.parameterCount(), model.device().c_str());
    std::printf("forward %s us, forward and gradient %s us an image at batch %d\n",
        formatReal(report.forwardSecondsPerImage * 1e6).c_str(), formatReal(report.gradientSecondsPerImage * 1e6).c_str(),
        model.bestBatch());
    for (const ModelCheck& check : report.checks)
        std::printf("%-8s %-16s %s%s%s\n", stateWord(check.state), check.code.c_str(), check.finding.c_str(),
            check.remedy.empty() ? "" : " ", check.remedy.c_str());
}

} // namespace

int runCardCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("card"), QStringLiteral("model card and sanity checks of a model."));
    options.addModel();
    options.addImages();
    options.addRun();
    options.addOutput();
    if (!options.parse(arguments))
        return 0;
    (void)runSettings(options);
    const std::shared_ptr<const Classifier> model = loadModel(options);
    std::vector<Image> probes;
    if (options.isSet(QStringLiteral("images"))) {
        const ChosenImages images = chosenImages(options);
        for (const std::int64_t index : images.indices) {
            if (probes.size() == probeImages)
                break;
            probes.push_back(prepareImage(images.dataset->image(index), model->channels(), model->height(), model->width(),
                model->card().resizeRule)
                                 .image);
        }
    }
    const ModelReport report = checkModel(model, probes);
    writeJson(options, toJson(report, *model));
    if (options.text(QStringLiteral("json")) != "-")
        printReport(*model, report);
    return 0;
}

} // namespace brink::cli
