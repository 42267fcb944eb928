// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/detectapply.h"
#include "app/cli/figureoutput.h"
#include "app/cli/imagechoice.h"
#include "app/cli/options.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/boundary/detectionrun.h"
#include "core/report/boundaryfigures.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <cstdio>

namespace brink::cli {

namespace {

enum class Purpose : std::uint64_t { Attack = 1, Directions };

/// Images attacked together. A constant, so that no result depends on the number of workers.
constexpr std::int64_t blockSize = 64;

void addOptions(Options& options)
{
    const auto add = [&](const char* name, const char* help, const char* value, const char* standard = "") {
        options.add(QLatin1String(name), QString::fromUtf8(help), QLatin1String(value), QLatin1String(standard));
    };
    add("attack", "Attacks to detect, by name (brink list attacks); DeepFool, which chooses the threshold, is always among them.", "NAME[,NAME...]", "deepfool,ddn");
    add("eps", "Budget of fixed-budget attacks, pixel units.", "EPS");
    add("set", "Attack parameter, KEY=VALUE or ATTACK.KEY=VALUE; may be repeated.", "KEY=VALUE");
    add("calibrated", "Say of each image whether it is perturbed, by the sign and threshold of this earlier result; nothing is attacked.", "FILE");
    add("scales", "DeepFool's perturbation is also tried times these.", "LIST", "1,2,3,5,10");
    add("probes", "Random directions of the statistic.", "T", "10");
    add("other-classes", "Other classes looked at, the most likely ones.", "L", "9");
    add("step", "Scale of the differences, as a part of DeepFool's median distance.", "H", "0.5");
}

std::vector<double> scaleList(const Options& options)
{
    std::vector<double> scales{1};
    for (const std::string& part : split(options.text(QStringLiteral("scales")), ',')) {
        const auto number = parseReal(part);
        if (!number || !(*number > 0 && *number <= 1000))
            throw Error(ErrorCode::Usage, "--scales takes numbers between 0 and 1000, e.g. 1,2,5, not \"" + part + "\".");
        if (std::ranges::find(scales, *number) == scales.end())
            scales.push_back(*number);
    }
    std::ranges::sort(scales);
    return scales;
}

/// DeepFool first, then the others in the order given.
std::vector<AttackRequest> attackRequests(const Options& options, Preset preset)
{
    std::vector<std::string> names;
    for (const std::string& word : split(options.text(QStringLiteral("attack")), ','))
        names.emplace_back(trimmed(word));
    std::vector<AttackRequest> requests = detectionAttacks(names, preset);
    applyAttackSettings(options, requests);
    return requests;
}

DetectionRunRequest runRequest(const Options& options, const RunSettings& settings)
{
    DetectionRunRequest request;
    request.attacks = attackRequests(options, settings.preset);
    request.scales = scaleList(options);
    request.step = options.real(QStringLiteral("step"), 1e-4, 100);
    request.probes = int(options.integer(QStringLiteral("probes"), 1, 100'000));
    request.classes = int(options.integer(QStringLiteral("other-classes"), 1, 100'000));
    request.seed = settings.seed;
    return request;
}

UnitReport runAll(DetectionRun& run, int workers)
{
    UnitReport report = runUnits(QStringLiteral("attacks"), run.blocks(), workers, [&](std::int64_t block, Monitor& monitor) { run.attack(block, monitor); });
    if (!report.stopped && report.failures == 0 && run.endAttacks())
        report = runUnits(QStringLiteral("curvature"), run.images(), workers, [&](std::int64_t unit, Monitor& monitor) { run.measure(unit, monitor); });
    run.end(report.stopped);
    return report;
}

Json document(const Classifier& model, const DetectionSurvey& survey, const std::optional<DetectionSummary>& summary)
{
    Json json = resultDocument(model, survey.seed);
    json["analysis"] = "detect";
    json["images"] = survey.imagesSource;
    json["parameters"] = {{"reach", survey.request.reach}, {"step", survey.step}, {"probes", survey.request.probes}, {"otherClasses", survey.request.classes},
        {"attacks", survey.attacks}, {"scales", survey.scales}};
    for (const DetectionImage& image : survey.images)
        json["items"].push_back(itemJson(image, summary ? summary->sign : 1));
    json["summary"] = summary ? toJson(*summary) : Json::object();
    json["summary"]["partial"] = survey.partial;
    json["warnings"] = toJson(survey.warnings);
    json["cost"] = toJson(survey.counts, survey.seconds);
    return json;
}

std::string rateText(const DetectionRate& rate) { return report::rateText(rate.hits, rate.total); }

void printRow(const std::string& name, const DetectionScore& score)
{
    std::printf("  %-14s %6lld  %8s  %5s %-16s %8s  %-24s %-24s\n", name.c_str(), (long long)score.fooled, formatReal(score.medianDistance).c_str(),
        report::threeDigits(score.auroc).c_str(), report::intervalText({score.aurocLow, score.aurocHigh}).c_str(), report::percentText(score.bestAccuracy).c_str(),
        rateText(score.detected).c_str(), rateText(score.recovered).c_str());
}

void printSummary(const DetectionSurvey& survey, const std::optional<DetectionSummary>& summary)
{
    std::printf("%s: detection by curvature at %zu images\n", survey.modelName.c_str(), survey.images.size());
    if (!summary) {
        std::printf("  too few images with and without a perturbation that fools; choose more\n");
        return;
    }
    std::printf("  %lld images choose sign and threshold, the others are counted; differences at h = %s (%s of DeepFool's median L2 distance), %d random directions\n",
        (long long)summary->calibrationImages, formatReal(survey.request.reach).c_str(), formatReal(survey.step).c_str(), survey.request.probes);
    std::printf("  perturbed images have %s curvature of f_k - f_i than clean ones; threshold %s 1/L2; false alarms %s\n", summary->sign > 0 ? "higher" : "lower",
        formatReal(summary->sign * summary->threshold).c_str(), rateText(summary->attacks.front().falseAlarms).c_str());
    std::printf("  %-14s %6s  %8s  %-22s %8s  %-24s %-24s\n", "attack", "fooled", "L2", "AUC [95 %]", "best acc", "detected", "label recovered");
    for (const DetectionScore& score : summary->attacks)
        printRow(score.attack, score);
    for (const DetectionScore& score : summary->scales)
        if (score.scale != 1)
            printRow(score.attack + " x" + formatReal(score.scale), score);
    std::printf("  as published for other networks (Fawzi et al. 2017):");
    for (const PublishedDetection& fact : publishedDetection())
        std::printf(" %s, %s: %s;", fact.network, fact.quantity, fact.value);
    std::printf("\n  %s\n", detectionNote);
}

} // namespace

int runDetectCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("detect"), QStringLiteral("detection of small perturbations by curvature, and recovery of the label (Fawzi et al. 2017)."));
    options.addModel();
    options.addImages();
    addImageChoice(options);
    addOptions(options);
    options.addRun();
    options.addOutput();
    addMainFigureOption(options, QStringLiteral("detection-roc"));
    addFigureOptions(options);
    if (!options.parse(arguments))
        return 0;

    if (options.isSet(QStringLiteral("calibrated")))
        return applyDetector(options);
    RunSettings settings = runSettings(options);
    // Attacks of paper strength take most of the time, and DeepFool, which the detector is about, is the same in both.
    if (!options.isSet(QStringLiteral("preset")))
        settings.preset = Preset::Preview;
    const DetectionRunRequest request = runRequest(options, settings); // before the model is loaded
    const FigureOutput output = figureOutput(options);
    const ChosenImages images = chosenImages(options);
    const auto model = loadModel(options);
    DetectionRun run(model, surveyImages(options, enteringImages(options, images, model)), request);
    const UnitReport report = runAll(run, settings.workers);

    const DetectionSurvey& survey = run.survey();
    const std::optional<DetectionSummary> summary = summarise(survey);
    writeJson(options, document(*model, survey, summary));
    if (options.text(QStringLiteral("json")) != "-")
        printSummary(survey, summary);
    for (const Warning& warning : survey.warnings)
        std::fprintf(stderr, "brink: %s\n", warning.text.c_str());
    for (const DetectionFigureInfo& info : detectionFigureInfos())
        if (const std::optional<Figure> figure = info.make(survey))
            writeToFolder(output, *figure, QString::fromStdString(info.name));
    writeMain(options, output, detectionFigureInfos().front().make(survey));
    return reportUnits(report, "images");
}

} // namespace brink::cli
