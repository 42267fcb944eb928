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

struct CheckedModel {
    std::shared_ptr<const Classifier> classifier;
    VerifyProving proving;
    std::string unprovable; ///< why no ball of it can be proved
};
using Models = std::map<std::string, CheckedModel>;

VerifyProving provingOf(const Options& options)
{
    VerifyProving proving;
    if (options.isSet(QStringLiteral("method")))
        for (const std::string& name : split(options.text(QStringLiteral("method")), ','))
            proving.methods.push_back(certifyMethodFromName(trimmed(name)));
    proving.domains = options.integer(QStringLiteral("domains"), 1, 10'000'000);
    return proving;
}

/// Reads the graph of the model where its balls are to be proved.
void readGraph(CheckedModel& model)
{
    if (model.proving.methods.empty())
        return;
    try {
        model.proving.model = std::make_shared<const CertifiableModel>(model.classifier);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::Unsupported)
            throw;
        model.unprovable = error.message();
    }
}

Models modelsOf(const Options& options, const VerifyTable& table, const VerifyProving& proving)
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
        CheckedModel& model = models[instance.model];
        model.classifier = loadClassifier(path, load);
        model.proving = proving;
        readGraph(model);
    }
    return models;
}

std::vector<AttackRequest> attacksOf(const Options& options, Preset preset)
{
    const std::string text = options.text(QStringLiteral("attacks"));
    if (text == "best")
        return verifyAttacks(preset);
    if (text == "none")
        return {};
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

Json documentOf(const VerifyTable& table, const Outcomes& outcomes, const Models& models, const std::vector<AttackRequest>& attacks, const VerifyProving& proving, const RunSettings& settings)
{
    Json json{{"schema", "brink.verify-check/1"}, {"brink", version}, {"seed", settings.seed}, {"table", table.path}, {"leftOut", table.leftOut}};
    for (const auto& [name, model] : models) {
        Json each{{"name", name}, {"sha256", model.classifier->sha256()}};
        if (!model.unprovable.empty())
            each["unprovable"] = model.unprovable;
        json["models"].push_back(each);
    }
    for (const AttackRequest& attack : attacks)
        json["attacks"].push_back({{"name", attack.name}, {"parameters", attack.parameters.toJson()}});
    for (const CertifyMethod method : proving.methods)
        json["methods"].push_back(certifyMethodName(method));
    if (!proving.methods.empty())
        json["domains"] = proving.domains;
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

/// What was proved of the balls verified robust, and what that took.
void printProofs(const std::vector<ModelCounts>& all)
{
    const std::vector<VerifyProofCounts>& methods = all.back().counts.proofs;
    if (methods.empty())
        return;
    const std::size_t width = std::ranges::max(all, {}, [](const ModelCounts& each) { return each.model.size(); }).model.size();
    std::printf("\n%-*s  verified robust", int(width), "proved");
    for (const VerifyProofCounts& method : methods)
        std::printf("  %18s", certifyMethodName(method.method).c_str());
    std::printf("\n");
    for (const ModelCounts& each : all) {
        if (each.counts.proofs.empty())
            continue;
        std::printf("%-*s  %15lld", int(width), each.model.c_str(), (long long)each.counts.proofs.front().robust);
        for (const VerifyProofCounts& method : each.counts.proofs)
            std::printf("  %18s", (std::to_string(method.proved) + " in " + formatReal(method.seconds, 3) + " s").c_str());
        std::printf("\n");
    }
    std::printf("\n");
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
        for (const VerifyProof& proof : outcome.proofs)
            if (proof.isProved && (outcome.isFound || instance.verdict == VerifyVerdict::Violated))
                std::printf("contradiction: %s: %s proves it, by %s, but it %s\n", ball.c_str(), certifyMethodName(proof.method).c_str(),
                    formatReal(proof.bound).c_str(), outcome.isFound ? ("holds another class, found by " + outcome.foundBy).c_str() : "was verified to be violated");
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
        QStringLiteral("attacks and proofs against verdicts of complete verifiers: in a ball verified robust no attack may succeed, and no\n"
                       "violated one may be proved. TABLE.jsonl has one ball a line; the exit status is 1 when a verdict was contradicted."));
    options.add(QStringLiteral("models"), QStringLiteral("Folder of the models, NAME.pt each; otherwise models beside the table's folder."), QStringLiteral("DIR"));
    options.add(QStringLiteral("attacks"), QStringLiteral("best (recommended ones and all with a budget), or NAME,...; none: only prove."), QStringLiteral("NAME,..."), QStringLiteral("best"));
    options.add(QStringLiteral("method"), QStringLiteral("Also prove each ball: ibp, crown-ibp, crown, alpha-crown or beta-crown; several separated by commas."), QStringLiteral("NAME,..."));
    options.add(QStringLiteral("domains"), QStringLiteral("Domains that beta-CROWN divides each ball into at most."), QStringLiteral("N"), QStringLiteral("1000"));
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
    const VerifyProving proving = provingOf(options);
    if (attacks.empty() && proving.methods.empty())
        throw Error(ErrorCode::Usage, "Without attacks and without --method there is nothing to do.");
    const Models models = modelsOf(options, table, proving);
    const std::vector<Block> blocks = blocksOf(table.instances);

    Outcomes outcomes(table.instances.size());
    const UnitReport report = runUnits(
        QStringLiteral("verify-check"), std::int64_t(blocks.size()), settings.workers, [&](std::int64_t unit, Monitor& monitor) {
            const Block& block = blocks[std::size_t(unit)];
            const CheckedModel& model = models.at(block.model);
            VerifyRequest request{model.classifier, {}, attacks, settings.seed, model.proving};
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
    writeJson(options, documentOf(table, outcomes, models, attacks, proving, settings));
    if (options.text(QStringLiteral("json")) != "-") {
        printCounts(counts);
        printProofs(counts);
        for (const auto& [name, model] : models)
            if (!model.unprovable.empty())
                std::printf("not proved: %s: %s\n", name.c_str(), model.unprovable.c_str());
        printSurprises(table, outcomes);
        printVerdict(counts.back().counts, table);
    }
    const int status = reportUnits(report, "blocks of balls");
    return counts.back().counts.isContradicted() ? 1 : status;
}

} // namespace brink::cli
