// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "app/cli/resultfile.h"
#include "app/cli/unitrunner.h"

#include "core/data/npyfile.h"
#include "core/data/preprocessing.h"
#include "core/study/attackblock.h"

namespace brink::cli {

namespace {

/// Images attacked together. A constant, so that no result depends on the number of workers.
constexpr std::int64_t blockSize = 64;

/// Row i for item i: the best perturbed image, or the clean one where no attack succeeded.
void writeAdversarials(const std::string& path, const ChosenImages& images, const Classifier& model, const std::vector<ItemSlot>& items)
{
    std::vector<Image> rows;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i] && items[i]->best)
            rows.push_back(*items[i]->attacks[*items[i]->best].adversarial);
        else if (items[i])
            rows.push_back(items[i]->image);
        else
            rows.push_back(prepareImage(images.dataset->image(images.indices[i]), model.channels(), model.height(), model.width(),
                model.card().resizeRule)
                               .image);
    }
    writeNpy(path, rows);
}

AttackBlockRequest blockOf(const AttackBlockRequest& shared, const ChosenImages& images, std::int64_t begin, std::int64_t end)
{
    AttackBlockRequest block = shared;
    for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t index = images.indices[std::size_t(i)];
        block.items.push_back({images.dataset->image(index), index, images.dataset->label(index)});
    }
    return block;
}

} // namespace

int runAttackCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("attack"), QStringLiteral("adversarial attacks on one or many images; every success is re-checked."));
    options.addModel();
    options.addImages();
    options.add(QStringLiteral("norm"), QStringLiteral("l0, l1, l2 or linf."), QStringLiteral("NORM"), QStringLiteral("l2"));
    options.addAttack();
    options.addRun();
    options.addOutput();
    options.add(QStringLiteral("adversarials"), QStringLiteral("Write the best perturbed images as float32 [N,C,H,W]."),
        QStringLiteral("FILE.npy"));
    if (!options.parse(arguments))
        return 0;

    const RunSettings settings = runSettings(options);
    AttackBlockRequest request;
    request.norm = normOption(options);
    request.seed = settings.seed;
    request.attacks = attackOption(options, request.norm, settings.preset);
    request.target = targetRuleFromText(options.text(QStringLiteral("target")));
    const ChosenImages images = chosenImages(options);
    request.model = loadModel(options);

    const auto count = std::int64_t(images.indices.size());
    std::vector<ItemSlot> items(images.indices.size());
    std::vector<std::optional<Error>> errors(images.indices.size());
    const UnitReport report = runUnits(
        QStringLiteral("attack"), (count + blockSize - 1) / blockSize, settings.workers, [&](std::int64_t unit, Monitor& monitor) {
            const std::int64_t begin = unit * blockSize;
            const std::int64_t end = std::min(begin + blockSize, count);
            std::vector<InspectResult> results = runAttackBlock(blockOf(request, images, begin, end), monitor);
            for (std::size_t i = 0; i < results.size(); ++i)
                items[std::size_t(begin) + i] = std::move(results[i]);
        });
    for (std::size_t i = 0; i < errors.size(); ++i)
        errors[i] = report.errors[i / std::size_t(blockSize)];
    const std::string preset = settings.preset == Preset::Preview ? "preview" : "paper";
    writeJson(options, resultFile(*request.model, settings, preset, images.indices, items, errors));
    if (options.isSet(QStringLiteral("adversarials")))
        writeAdversarials(options.text(QStringLiteral("adversarials")), images, *request.model, items);
    printSummary(options, *request.model, items);
    return reportUnits(report, "blocks of images");
}

} // namespace brink::cli
