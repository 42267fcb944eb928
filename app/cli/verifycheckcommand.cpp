// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "core/study/verifycheck.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

namespace brink::cli {

namespace {

/// Balls checked together. A constant, so that no result depends on the number of workers.
constexpr std::size_t blockSize = 32;

/// Balls of one model, by their places in the table.
struct Block {
    std::string model;
    std::vector<std::size_t> places;
};

/// Models in the order of the table, each in blocks; balls around one image stay together.
std::vector<Block> blocksOf(const std::vector<VerifyInstance>& instances)
{
    std::vector<std::string> models;
    for (const VerifyInstance& instance : instances)
        if (std::ranges::find(models, instance.model) == models.end())
            models.push_back(instance.model);
    std::vector<Block> blocks;
    for (const std::string& model : models) {
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < instances.size(); ++i)
            if (instances[i].model == model)
                places.push_back(i);
        std::ranges::stable_sort(places, {}, [&](std::size_t i) { return instances[i].record; });
        for (std::size_t begin = 0; begin < places.size();) {
            std::size_t end = std::min(begin + blockSize, places.size());
            while (end < places.size() && instances[places[end]].record == instances[places[end - 1]].record)
                ++end;
            blocks.push_back({model, {places.begin() + std::ptrdiff_t(begin), places.begin() + std::ptrdiff_t(end)}});
            begin = end;
        }
    }
    return blocks;
}

using Models = std::map<std::string, std::shared_ptr<const Classifier>>;

Models modelsOf(const Options& options, const VerifyTable& table)
{
    std::filesystem::path folder = options.text(QStringLiteral("models"));
    if (!options.isSet(QStringLiteral("models")))
        folder = std::filesystem::path(table.path).parent_path() / ".." / "models";
    LoadOptions load;
    load.device = options.text(QStringLiteral("device"));
    Models models;
    for (const VerifyInstance& instance : table.instances) {
        if (models.contains(instance.model))
            continue;
        const std::string path = (folder / (instance.model + ".pt")).lexically_normal().string();
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored))
            throw Error(ErrorCode::Io, path + ": model \"" + instance.model + "\" of the table is not there; name the folder with --models.");
        models[instance.model] = loadClassifier(path, load);
    }
    return models;
}

std::vector<AttackRequest> attacksOf(const Options& options, Preset preset)
{
    const std::string text = options.text(QStringLiteral("attacks"));
    if (text == "best")
        return verifyAttacks(preset);
    std::vector<AttackRequest> attacks;
    for (const std::string& name : split(text, ',')) {
        const AttackInfo& info = attackInfo(trimmed(name));
        if (std::ranges::find(info.norms, Norm::Linf) == info.norms.end())
            throw Error(ErrorCode::Usage, "Attack \"" + info.name + "\" has no norm linf, in which the balls are.");
        attacks.push_back({info.name, Norm::Linf, Params(info.parameters, preset), false, 0});
    }
    return attacks;
}

using Outcomes = std::vector<std::optional<VerifyOutcome>>;

struct ModelCounts {
    std::string model;
    VerifyCounts counts;
};

/// By model in the order of the table, and in all at the end.
std::vector<ModelCounts> countsOf(const VerifyTable& table, const Outcomes& outcomes)
{
    std::vector<ModelCounts> all;
    VerifyCounts total;
    for (std::size_t i = 0; i < table.instances.size(); ++i) {
        const VerifyInstance& instance = table.instances[i];
        auto found = std::ranges::find(all, instance.model, &ModelCounts::model);
        if (found == all.end())
            found = all.insert(all.end(), {instance.model, {}});
        found->counts.add(instance, outcomes[i]);
        total.add(instance, outcomes[i]);
    }
    all.push_back({"all", total});
    return all;
}

Json documentOf(const VerifyTable& table, const Outcomes& outcomes, const Models& models, const std::vector<AttackRequest>& attacks, const RunSettings& settings)
{
    Json json{{"schema", "brink.verify-check/1"}, {"brink", version}, {"seed", settings.seed}, {"table", table.path}, {"leftOut", table.leftOut}};
    for (const auto& [name, model] : models)
        json["models"].push_back({{"name", name}, {"sha256", model->sha256()}});
    for (const AttackRequest& attack : attacks)
        json["attacks"].push_back({{"name", attack.name}, {"parameters", attack.parameters.toJson()}});
    for (const ModelCounts& each : countsOf(table, outcomes)) {
        if (each.model == "all")
            json["all"] = toJson(each.counts);
        else
            json["byModel"][each.model] = toJson(each.counts);
    }
    json["items"] = Json::array();
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (outcomes[i])
            json["items"].push_back(toJson(table.instances[i], *outcomes[i]));
    return json;
}

std::string percent(std::int64_t part, std::int64_t whole) { return formatReal(100.0 * double(part) / double(whole), 3) + " %"; }

void printCounts(const std::vector<ModelCounts>& all)
{
    std::size_t width = 5;
    for (const ModelCounts& each : all)
        width = std::max(width, each.model.size());
    std::printf("%-*s  verified robust  broken  violated  found  not checked\n", int(width), "model");
    for (const ModelCounts& each : all)
        std::printf("%-*s  %15lld  %6lld  %8lld  %5lld  %11lld\n", int(width), each.model.c_str(), (long long)each.counts.robust,
            (long long)each.counts.broken, (long long)each.counts.violated, (long long)each.counts.found, (long long)each.counts.open);
}

/// Every line of the table that did not come out as it should, with what was measured.
void printSurprises(const VerifyTable& table, const Outcomes& outcomes)
{
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (!outcomes[i])
            continue;
        const VerifyInstance& instance = table.instances[i];
        const VerifyOutcome& outcome = *outcomes[i];
        const std::string ball = instance.id + ", eps " + formatReal(instance.eps, 6);
        if (instance.verdict == VerifyVerdict::Robust && outcome.isFound)
            std::printf("contradiction: %s: verified robust%s, but %s found another class at %s, ahead by %s\n", ball.c_str(),
                instance.isHard ? "" : " by a majority", outcome.foundBy.c_str(), formatReal(outcome.distance, 6).c_str(), formatReal(outcome.margin).c_str());
        if (instance.verdict == VerifyVerdict::Violated && outcome.isComplete && !outcome.isFound)
            std::printf("missed: %s: %s\n", ball.c_str(),
                outcome.nearest ? ("the nearest found is at " + formatReal(*outcome.nearest, 6) + ", by " + outcome.nearestBy).c_str()
                                : "nothing found at any distance");
        if (outcome.witness && !outcome.witness->holds())
            std::printf("contradiction: %s: the stored witness at %s, ahead by %s, does not hold on this model\n", ball.c_str(),
                formatReal(outcome.witness->distance, 6).c_str(), formatReal(outcome.witness->margin).c_str());
    }
}

void printVerdict(const VerifyCounts& counts, const VerifyTable& table)
{
    std::printf("%lld of %lld verified balls broken", (long long)counts.broken, (long long)counts.robust);
    if (counts.violated > 0)
        std::printf("; %lld of %lld violated balls found (%s)", (long long)counts.found, (long long)counts.violated,
            percent(counts.found, counts.violated).c_str());
    if (counts.witnesses > 0)
        std::printf("; %lld of %lld stored witnesses hold", (long long)(counts.witnesses - counts.failedWitnesses), (long long)counts.witnesses);
    std::printf("; %lld lines left out (no verdict, or not trusted enough)\n", (long long)table.leftOut);
}

} // namespace

int runVerifyCheckCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("verify-check"),
        QStringLiteral("attacks against verdicts of complete verifiers: in a ball verified robust none may succeed.\n"
                       "TABLE.jsonl has one ball a line; the exit status is 1 when one verified robust was broken."));
    options.add(QStringLiteral("models"), QStringLiteral("Folder of the models, NAME.pt each; otherwise models beside the table's folder."), QStringLiteral("DIR"));
    options.add(QStringLiteral("attacks"), QStringLiteral("best (recommended ones and all with a budget), or NAME,... ."), QStringLiteral("NAME,..."), QStringLiteral("best"));
    options.add(QStringLiteral("trust"), QStringLiteral("hard: verdicts that nothing speaks against; majority: those of most verifiers, too."),
        QStringLiteral("LEVEL"), QStringLiteral("hard"));
    options.add(QStringLiteral("limit"), QStringLiteral("Only the first N balls of the table."), QStringLiteral("N"));
    options.add(QStringLiteral("device"), QStringLiteral("cpu or cuda."), QStringLiteral("NAME"), QStringLiteral("cpu"));
    options.addRun();
    options.addOutput();
    if (!options.parse(arguments))
        return 0;
    if (options.positional().size() != 1)
        throw Error(ErrorCode::Usage, "Name one table: brink verify-check TABLE.jsonl.");

    const RunSettings settings = runSettings(options);
    VerifyTable table = readVerifyTable(options.positional().first().toStdString(), verifyTrustFromName(options.text(QStringLiteral("trust"))));
    if (options.isSet(QStringLiteral("limit")))
        table.instances.resize(std::min(table.instances.size(), std::size_t(options.integer(QStringLiteral("limit"), 1, INT32_MAX))));
    if (table.instances.empty())
        throw Error(ErrorCode::Domain, table.path + ": no ball has a verdict that is trusted enough; try --trust majority.");
    const std::vector<AttackRequest> attacks = attacksOf(options, settings.preset);
    const Models models = modelsOf(options, table);
    const std::vector<Block> blocks = blocksOf(table.instances);

    Outcomes outcomes(table.instances.size());
    const UnitReport report = runUnits(
        QStringLiteral("verify-check"), std::int64_t(blocks.size()), settings.workers, [&](std::int64_t unit, Monitor& monitor) {
            const Block& block = blocks[std::size_t(unit)];
            VerifyRequest request{models.at(block.model), {}, attacks, settings.seed};
            for (const std::size_t i : block.places) {
                Image image = verifyImage(table.instances[i]);
                std::optional<Image> witness = verifyWitness(table.instances[i], image);
                request.items.push_back({table.instances[i], std::move(image), std::move(witness)});
            }
            std::vector<VerifyOutcome> found = runVerifyCheck(request, monitor);
            for (std::size_t k = 0; k < found.size(); ++k)
                outcomes[block.places[k]] = std::move(found[k]);
        });
    const std::vector<ModelCounts> counts = countsOf(table, outcomes);
    writeJson(options, documentOf(table, outcomes, models, attacks, settings));
    if (options.text(QStringLiteral("json")) != "-") {
        printCounts(counts);
        printSurprises(table, outcomes);
        printVerdict(counts.back().counts, table);
    }
    const int status = reportUnits(report, "blocks of balls");
    return counts.back().counts.isContradicted() ? 1 : status;
}

} // namespace brink::cli
