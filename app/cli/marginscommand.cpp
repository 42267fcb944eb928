// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/figureoutput.h"
#include "app/cli/options.h"
#include "app/cli/ratio.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/report/boundaryclaims.h"
#include "core/report/figureparts.h"
#include "core/report/marginparts.h"
#include "core/report/pseudomarginfigure.h"
#include "core/store/studyreading.h"
#include "core/store/studyrun.h"

#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace brink::cli {

using report::MarginsOfModel;

namespace {

void addOptions(Options& options)
{
    const auto add = [&](const char* name, const char* help, const char* value = "", const char* standard = "") {
        options.add(QLatin1String(name), QString::fromUtf8(help), QLatin1String(value), QLatin1String(standard));
    };
    add("model", "Model file or pattern (\"models/cifar10_*.pt\"); may be repeated.", "FILE");
    options.addImages();
    add("device", "Where the models run: cpu or cuda.", "DEVICE", "cpu");
    add("norm", "Norm of the input margin: linf, l2, l1 or l0.", "NORM", "linf");
    add("input-margin", "What measures the input margin: fab (as the paper does), best (several attacks, the nearest counts), or attacks by name, separated by commas.",
        "NAMES", "fab");
    add("eps", "Budgets within which an image is brittle, pixel range [0,1], separated by commas; 8/255 is understood.", "LIST");
    add("score", "What is compared with it: logit-margin, probability-margin, max-probability, label-probability or output-distance.", "SCORE", "logit-margin");
    add("pseudo-margin", "Also learn the input margin, from the features before the last layer, the logits, or the leads of the largest logit (for few images), and try it on every fifth image: features, logits or leads.", "INPUT");
    add("measure", "Only the first N images get an input margin; the robust accuracy of all is estimated from them and the others' scores.", "N");
    add("correct", "Only images that the model classifies correctly.");
    add("out", "Keep the study in this file; it can be continued, exported from and opened in the window.", "RESULT.brink");
    options.addRun();
    options.addOutput();
    addMainFigureOption(options, QStringLiteral("margins"));
    addFigureOptions(options);
}

double epsFrom(const std::string& word)
{
    const auto eps = ratioFrom(word);
    if (!eps || *eps >= 1e9)
        throw Error(ErrorCode::Usage, "--eps takes budgets like 0.03 or 8/255, separated by commas, not \"" + word + "\".");
    return *eps;
}

/// Three customary ones without the option.
std::vector<double> budgets(const Options& options, Norm norm)
{
    if (!options.isSet(QStringLiteral("eps"))) {
        const double usual = customaryEps(norm);
        return {usual / 4, usual / 2, usual};
    }
    std::vector<double> eps;
    for (const std::string& word : split(options.text(QStringLiteral("eps")), ','))
        eps.push_back(epsFrom(word));
    std::ranges::sort(eps);
    return eps;
}

Json analysisJson(const AttackRequest& attack, Norm norm)
{
    return {{"id", attack.name}, {"label", attackInfo(attack.name).label}, {"attack", attack.name}, {"norm", normName(norm)},
        {"set", attack.parameters.toJson()}};
}

/// @throws Error(Usage) for attacks that do not look for the smallest distance in this norm.
/// Every analysis on all images, or on the first few.
Json limited(Json analyses, const Options& options)
{
    if (options.isSet(QStringLiteral("measure")))
        for (Json& analysis : analyses)
            analysis["images"] = options.integer(QStringLiteral("measure"), 1, 1'000'000'000);
    return analyses;
}

Json analysesJson(const Options& options, Norm norm, Preset preset)
{
    Json analyses = Json::array();
    const std::string wanted = options.text(QStringLiteral("input-margin"));
    if (wanted == "best") {
        for (const AttackRequest& attack : recommendedAttacks(norm, preset))
            analyses.push_back(analysisJson(attack, norm));
        return analyses;
    }
    for (const std::string& name : split(wanted, ',')) {
        const AttackInfo& info = attackInfo(trimmed(name));
        if (info.kind != AttackKind::MinimumNorm)
            throw Error(ErrorCode::Usage, info.name + " works at a fixed budget and gives no input margin; choose fab, fmn, best or another attack that looks for the "
                    "smallest distance (brink list attacks).");
        if (std::ranges::find(info.norms, norm) == info.norms.end())
            throw Error(ErrorCode::Usage, info.name + " does not work in " + normName(norm) + ".");
        analyses.push_back(analysisJson({info.name, norm, Params(info.parameters, preset), false}, norm));
    }
    return analyses;
}

Study studyOf(const Options& options, const RunSettings& settings)
{
    options.require(QStringLiteral("model"));
    options.require(QStringLiteral("images"));
    const Norm norm = normFromName(options.text(QStringLiteral("norm")));
    Json models = Json::array();
    for (const QString& model : options.values(QStringLiteral("model")))
        models.push_back(model.toStdString());
    const std::string spec = options.text(QStringLiteral("images"));
    const auto mark = spec.rfind('#');
    Json images{{"path", spec.substr(0, mark)}};
    if (mark != std::string::npos)
        images["range"] = spec.substr(mark + 1);
    if (options.isSet(QStringLiteral("labels")))
        images["labels"] = options.text(QStringLiteral("labels"));
    return studyFromJson({{"name", "margins"}, {"seed", settings.seed}, {"models", models}, {"images", images}, {"entry", "all"},
                             {"keepAdversarials", options.isSet(QStringLiteral("out"))}, {"analyses", limited(analysesJson(options, norm, settings.preset), options)}},
        std::filesystem::current_path().string());
}

Json itemJson(const StudyResults& results, const MarginsOfModel& model, std::size_t i)
{
    const MarginRow& row = model.margins.rows[model.rows[i]];
    const StudyImageFacts& image = results.images[std::size_t(row.image)];
    Json json{{"index", image.index}, {"label", image.label}, {"predicted", results.predicted[std::size_t(model.margins.model)][std::size_t(row.image)]},
        {"margin", row.margin ? Json(*row.margin) : Json()}, {"forwards", row.forwards}, {"backwards", row.backwards}};
    if (row.foundBy >= 0)
        json["foundBy"] = results.study.analyses[std::size_t(row.foundBy)].id;
    for (const MarginScore score : marginScores())
        json["scores"][marginScoreName(score)] = scoreOf(row.scores, score);
    return json;
}

Json budgetJson(const StudyResults& results, const MarginsOfModel& model, MarginScore score, double eps)
{
    const Detectability found = detectabilityAt(model.scored, eps);
    Json json{{"eps", eps}, {"brittle", found.brittle}};
    setIfPresent(json, "auroc", found.auroc);
    setIfPresent(json, "aupr", found.aupr);
    setIfPresent(json, "fpr95", found.fpr95);
    setIfPresent(json, "robustAccuracy", robustAccuracyAt(results, model.margins, eps));
    if (const auto estimate = estimatedRobustAccuracyAt(results, model.margins, score, eps))
        json["estimatedRobustAccuracy"] = toJson(*estimate);
    if (const auto threshold = bestScoreThreshold(model.scored, eps)) {
        const ThresholdCounts counts = countsAt(model.scored, eps, *threshold);
        json["threshold"] = {{"value", *threshold}, {"found", counts.found}, {"missed", counts.missed}, {"falseAlarms", counts.falseAlarms},
            {"passed", counts.passed}};
    }
    return json;
}

/// One a model, absent where it could not be learned, which is said.
using Learned = std::vector<std::optional<StudyPseudoMargin>>;

Learned learnedMargins(const Options& options, const StudyResults& results, const StudySelection& selection, const std::vector<MarginsOfModel>& models, int workers)
{
    if (!options.isSet(QStringLiteral("pseudo-margin")))
        return {};
    const PseudoMarginInput input = pseudoMarginInputFromName(options.text(QStringLiteral("pseudo-margin")));
    const std::string device = options.text(QStringLiteral("device"));
    Learned learned(models.size());
    const UnitReport report = runUnits(QStringLiteral("pseudo-margins"), std::int64_t(models.size()), workers, [&](std::int64_t unit, Monitor& monitor) {
        StudyPseudoMargin each = learnPseudoMarginOf(results, models[std::size_t(unit)].margins.model, selection.margins, input, device, monitor);
        if (each.result.epochs > 0)
            learned[std::size_t(unit)] = std::move(each);
    });
    for (const auto& error : report.errors)
        if (error)
            std::fprintf(stderr, "brink: %s\n", error->what());
    return learned;
}

void printLearned(const StudyResults& results, const Learned& learned)
{
    for (const auto& each : learned)
        if (each)
            std::printf("%s: %s\n", results.study.models[std::size_t(each->model)].name.c_str(), report::pseudoMarginSentence(*each).c_str());
}

Json document(const StudyResults& results, const StudySelection& selection, const std::vector<MarginsOfModel>& models, const std::vector<double>& eps,
    const Learned& learned)
{
    Json json = report::studyProvenance(results, selection);
    json["schema"] = "brink.margins/1";
    json["analysis"] = "margins";
    json["norm"] = normName(selection.margins.norm);
    json["score"] = marginScoreName(selection.margins.score);
    json["results"] = Json::array();
    for (std::size_t place = 0; place < models.size(); ++place) {
        const MarginsOfModel& model = models[place];
        Json each{{"model", results.study.models[std::size_t(model.margins.model)].name}, {"images", model.scored.size()},
            {"unbroken", model.margins.unbroken}};
        if (model.consistency)
            each["tau"] = {{"value", model.consistency->tau}, {"interval", model.consistency->interval}, {"images", model.consistency->images}};
        for (const double budget : eps)
            each["budgets"].push_back(budgetJson(results, model, selection.margins.score, budget));
        for (std::size_t i = 0; i < model.scored.size(); ++i)
            each["items"].push_back(itemJson(results, model, i));
        if (place < learned.size() && learned[place])
            each["pseudoMargin"] = toJson(learned[place]->result);
        json["results"].push_back(std::move(each));
    }
    json["claims"] = report::claimsJson(report::marginClaims(results, selection));
    return json;
}

/// Where only some images were measured.
void printEstimates(const StudyResults& results, const StudySelection& selection, const std::vector<MarginsOfModel>& models, const std::vector<double>& eps)
{
    for (const MarginsOfModel& model : models)
        for (const double budget : eps)
            if (const auto estimate = estimatedRobustAccuracyAt(results, model.margins, selection.margins.score, budget))
                std::printf("%s: robust accuracy of all %lld images at eps %s estimated from %lld: %s [%s, %s]\n",
                    results.study.models[std::size_t(model.margins.model)].name.c_str(), (long long)estimate->images, report::epsText(budget, selection.margins.norm).c_str(),
                    (long long)estimate->measured, report::percentText(estimate->robustAccuracy).c_str(), report::percentText(estimate->interval[0]).c_str(),
                    report::percentText(estimate->interval[1]).c_str());
}

void printSummary(const StudyResults& results, const StudySelection& selection, const std::vector<MarginsOfModel>& models, const std::vector<double>& eps)
{
    std::printf("%s\n%-28s %6s  %-24s", report::marginSentence(results, selection.margins).c_str(), "model", "images", "tau-b");
    for (const double budget : eps)
        std::printf("  eps %-6s  AUROC  FPR95", report::epsText(budget, selection.margins.norm).c_str());
    std::printf("\n");
    for (const MarginsOfModel& model : models) {
        std::printf("%-28s %6zu  %-24s", results.study.models[std::size_t(model.margins.model)].name.c_str(), model.scored.size(),
            report::tauText(model.consistency).c_str());
        for (const double budget : eps) {
            const Detectability found = detectabilityAt(model.scored, budget);
            const auto text = [](const std::optional<double>& value) { return value ? report::threeDigits(*value) : std::string("-"); };
            std::printf("  %3lld within %5s  %5s", (long long)found.brittle, text(found.auroc).c_str(), text(found.fpr95).c_str());
        }
        std::printf(model.margins.unbroken > 0 ? "  (%lld: no attack succeeded)\n" : "\n", (long long)model.margins.unbroken);
    }
    printEstimates(results, selection, models, eps);
    std::fputs(report::claimsText(report::marginClaims(results, selection)).c_str(), stdout);
}

} // namespace

int runMarginsCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("margins"), QStringLiteral("whether a model's output knows how close its images are to another class (Ngnawé et al. 2024)."));
    addOptions(options);
    if (!options.parse(arguments))
        return 0;
    const RunSettings settings = runSettings(options);
    StudySelection selection;
    selection.margins.norm = normFromName(options.text(QStringLiteral("norm")));
    selection.margins.score = marginScoreFromName(options.text(QStringLiteral("score")));
    selection.margins.correctOnly = options.isSet(QStringLiteral("correct"));
    const std::vector<double> eps = budgets(options, selection.margins.norm);
    selection.margins.eps = eps.back();
    if (options.isSet(QStringLiteral("pseudo-margin")))
        (void)pseudoMarginInputFromName(options.text(QStringLiteral("pseudo-margin"))); // before hours of work
    const FigureOutput output = figureOutput(options);
    const Study study = studyOf(options, settings);
    const QTemporaryDir folder;
    const std::string file = options.isSet(QStringLiteral("out")) ? options.text(QStringLiteral("out")) : folder.filePath(QStringLiteral("margins.brink")).toStdString();
    StudyRunOptions run;
    run.device = options.text(QStringLiteral("device"));
    StudyRunEnd end;
    const UnitReport units = runUnits(QStringLiteral("margins"), 1, settings.workers,
        [&](std::int64_t, Monitor& monitor) { end = runStudy(file, study, run, monitor); });
    if (units.failures > 0)
        throw *units.errors.front();
    for (const std::string& failure : end.failures)
        std::fprintf(stderr, "brink: %s\n", failure.c_str());
    const auto results = StudyReading(file).results();
    const std::vector<MarginsOfModel> models = report::marginsOfModels(*results, selection);
    const bool isStopped = end.stopped || units.stopped;
    const Learned learned = isStopped ? Learned() : learnedMargins(options, *results, selection, models, settings.workers);
    writeJson(options, document(*results, selection, models, eps, learned));
    if (options.text(QStringLiteral("json")) != "-") {
        printSummary(*results, selection, models, eps);
        printLearned(*results, learned);
    }
    for (const auto& each : learned)
        if (const auto figure = each ? report::pseudoMarginFigure(*results, *each) : std::nullopt)
            writeToFolder(output, *figure, QString::fromStdString("pseudo-margin-" + results->study.models[std::size_t(each->model)].name));
    for (const char* name : {"margins", "margin-detection", "margin-consistency"})
        if (const auto figure = studyFigureInfo(name).make(*results, selection))
            writeToFolder(output, *figure, QString::fromLatin1(name));
    writeMain(options, output, studyFigureInfo("margins").make(*results, selection));
    if (isStopped)
        std::fprintf(stderr, options.isSet(QStringLiteral("out")) ? "brink: stopped; the same command continues it.\n" : "brink: stopped; these are the images done so far.\n");
    return isStopped || !end.failures.empty() ? 1 : 0;
}

} // namespace brink::cli
