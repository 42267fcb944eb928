// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "app/cli/ratio.h"
#include "app/cli/unitrunner.h"

#include "core/attack/autoattack.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/npyfile.h"
#include "core/data/preprocessing.h"
#include "core/study/resultjson.h"

#include <cstdio>

namespace brink::cli {

namespace {

std::vector<double> budgets(const Options& options)
{
    std::vector<double> list;
    for (const std::string& word : split(options.text(QStringLiteral("eps")), ',')) {
        const auto eps = ratioFrom(word);
        if (!eps || !(*eps > 0))
            throw Error(ErrorCode::Usage, "--eps takes budgets above 0 in pixel units, e.g. 0.01,0.03 or 2/255,8/255, not \"" + word + "\".");
        list.push_back(*eps);
    }
    return list;
}

std::string percent(double share) { return formatReal(100 * share, 4) + " %"; }

void printTable(const Classifier& model, const AutoAttackResult& result)
{
    std::printf("%s, %s, AutoAttack %s, %zu images, clean accuracy %s\n", model.card().name.c_str(), normName(result.norm).c_str(),
        autoAttackVersionName(result.version).c_str(), result.images.size(), percent(result.cleanAccuracy).c_str());
    std::printf("%-10s %-10s %9s %8s %16s %12s %12s %9s\n", "eps", "stage", "attacked", "fooled", "robust accuracy", "forwards", "gradients", "seconds");
    for (const AutoAttackLevel& level : result.levels) {
        const std::string eps = formatReal(level.eps, 6);
        if (level.fooledBefore > 0)
            std::printf("%-10s %-10s %9s %8lld\n", eps.c_str(), "smaller", "", static_cast<long long>(level.fooledBefore));
        for (const AutoAttackStageResult& stage : level.stages)
            std::printf("%-10s %-10s %9lld %8lld %16s %12lld %12lld %9s\n", eps.c_str(), stage.name.c_str(), static_cast<long long>(stage.attacked),
                static_cast<long long>(stage.fooled), percent(stage.robustAccuracy).c_str(), static_cast<long long>(stage.counts.forwards),
                static_cast<long long>(stage.counts.backwards), formatReal(stage.seconds).c_str());
        std::printf("%-10s %-10s %9s %8s %16s%s\n", eps.c_str(), "all", "", "", percent(level.robustAccuracy).c_str(),
            level.isComplete ? "" : "  (stopped: at most)");
    }
    for (const Warning& warning : result.warnings)
        std::printf("  ! %s\n", warning.text.c_str());
}

Json resultFile(const Classifier& model, const RunSettings& settings, const ChosenImages& images, const AutoAttackResult& result)
{
    Json document = resultDocument(model, settings.seed);
    const Json own = toJson(result);
    for (const auto& [key, value] : own.items())
        document[key] = value;
    for (std::size_t i = 0; i < images.indices.size(); ++i)
        document["items"][i]["index"] = images.indices[i];
    return document;
}

/// Row i for item i: the adversarial image of the smallest budget that fooled it, or the clean image.
void writeAdversarials(const std::string& path, const std::vector<Image>& clean, const AutoAttackResult& result)
{
    std::vector<Image> rows;
    for (std::size_t i = 0; i < clean.size(); ++i)
        rows.push_back(result.images[i].fool ? *result.images[i].fool->adversarial : clean[i]);
    writeNpy(path, rows);
}

} // namespace

int runAutoAttackCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("autoattack"), QStringLiteral("robust accuracy by the AutoAttack cascade: each attack runs on what the ones before it left."));
    options.addModel();
    options.addImages();
    options.add(QStringLiteral("norm"), QStringLiteral("l1, l2 or linf."), QStringLiteral("NORM"), QStringLiteral("linf"));
    options.add(QStringLiteral("eps"), QStringLiteral("Budgets in pixel units; an image fooled at a smaller one is not attacked again at a larger one."),
        QStringLiteral("EPS[,EPS...]"), QStringLiteral("8/255"));
    options.add(QStringLiteral("version"),
        QStringLiteral("standard; plus, with more starts and untargeted attacks; rand, for models that answer at random."), QStringLiteral("NAME"),
        QStringLiteral("standard"));
    options.addRun(false); // fixed steps and queries: a preset is answered with that reason
    options.addOutput();
    options.add(QStringLiteral("adversarials"), QStringLiteral("Write the images that fooled, or the clean ones, as float32 [N,C,H,W]."),
        QStringLiteral("FILE.npy"));
    if (!options.parse(arguments))
        return 0;

    const RunSettings settings = runSettings(options);
    if (settings.preset == Preset::Preview)
        throw Error(ErrorCode::Usage,
            "AutoAttack has fixed steps and queries, so --preset preview has nothing to shorten: choose fewer --images, or a quick look by brink attack --preset preview.");
    AutoAttackRequest request;
    request.norm = normFromName(options.text(QStringLiteral("norm")));
    request.eps = budgets(options);
    request.version = autoAttackVersionFromName(options.text(QStringLiteral("version")));
    request.seed = settings.seed;
    const ChosenImages images = chosenImages(options);
    const auto model = loadModel(options);
    std::vector<Image> pixels;
    std::vector<AutoAttackItem> items(images.indices.size());
    for (const std::int64_t index : images.indices)
        pixels.push_back(prepareImage(images.dataset->image(index), model->channels(), model->height(), model->width(), model->card().resizeRule).image);
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto label = images.dataset->label(images.indices[i]);
        if (!label)
            throw Error(ErrorCode::Usage, "Robust accuracy needs the true classes of the images: give --labels FILE.");
        items[i] = {&pixels[i], *label, std::uint64_t(images.indices[i])};
    }

    AutoAttackResult result;
    const UnitReport report = runUnits(QStringLiteral("autoattack"), 1, settings.workers,
        [&](std::int64_t, Monitor& monitor) { result = runAutoAttack(model, request, items, monitor); });
    if (report.errors.front())
        throw *report.errors.front();
    if (result.images.empty()) // stopped before it began
        return reportUnits(report, "cascades");
    writeJson(options, resultFile(*model, settings, images, result));
    if (options.isSet(QStringLiteral("adversarials")))
        writeAdversarials(options.text(QStringLiteral("adversarials")), pixels, result);
    if (options.value(QStringLiteral("json")) != QStringLiteral("-"))
        printTable(*model, result);
    return reportUnits(report, "cascades");
}

} // namespace brink::cli
