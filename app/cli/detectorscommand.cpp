// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/figureoutput.h"
#include "app/cli/imagechoice.h"
#include "app/cli/options.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/detectors/detectorrun.h"
#include "core/report/detectorsfigures.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <cstdio>

namespace brink::cli {

namespace {

constexpr long long mostImages = 10'000'000;

void addOptions(Options& options)
{
    const auto add = [&](const char* name, const char* help, const char* value, const char* standard = "") {
        options.add(QLatin1String(name), QString::fromUtf8(help), QLatin1String(value), QLatin1String(standard));
    };
    add("detector", "Detectors, side by side on the same images: squeezing, curvature.", "NAME[,NAME...]", "squeezing");
    add("config", "Squeezers that are asked together: a published configuration (mnist, cifar10, imagenet; without the option the one for images of this size) or "
                  "bit-depth-B, median-H-W, nlm-SEARCH-PATCH-STRENGTH; may be repeated for several detectors.",
        "CONFIG|SQUEEZER[,SQUEEZER...]");
    add("fpr", "False positive rate that the thresholds are chosen for.", "RATE", "0.05");
    add("calibration", "Clean images that choose the thresholds, drawn with the seed.", "N", "1000");
    add("held-out", "Other clean images, which false alarms are counted on.", "N", "1000");
    add("attacked", "Held-out images classified as labelled that are attacked.", "N", "100");
    add("attack", "Attacks by name (brink list attacks); published stands for those of the authors' script with their budgets (FGSM, BIM, C&W with confidence).", "NAME[,NAME...]", "published,ddn");
    add("eps", "Budget of fixed-budget attacks, pixel units; without it the published one, or the customary one.", "EPS");
    add("set", "Attack parameter, KEY=VALUE or ATTACK.KEY=VALUE; may be repeated.", "KEY=VALUE");
    add("adaptive", "Also attacks, in each norm and budget, with knowledge of the detector and its threshold.", "");
    add("adaptive-steps", "Steps of these.", "N", "200");
    add("probes", "Curvature: random directions.", "T", "10");
    add("other-classes", "Curvature: other classes looked at, the most likely ones.", "L", "9");
    add("step", "Curvature: scale of the differences, as a part of DeepFool's median distance on calibration images.", "H", "0.5");
    add("image", "Index of the attacked image whose squeezed images are drawn.", "INDEX");
}

/// @param fallback the published configuration for the model's images.
std::vector<DetectorChoice> detectorChoices(const Options& options, const std::string& fallback)
{
    std::vector<DetectorChoice> choices;
    for (const std::string& word : split(options.text(QStringLiteral("detector")), ',')) {
        DetectorChoice choice;
        choice.kind = detectorFromName(trimmed(word));
        choice.probes = int(options.integer(QStringLiteral("probes"), 1, 100'000));
        choice.classes = int(options.integer(QStringLiteral("other-classes"), 1, 100'000));
        choice.step = options.real(QStringLiteral("step"), 1e-4, 100);
        if (choice.kind == DetectorKind::Curvature) {
            choices.push_back(choice);
            continue;
        }
        QStringList texts = options.values(QStringLiteral("config"));
        if (texts.isEmpty())
            texts << QString::fromStdString(fallback);
        for (const QString& text : texts) {
            choice.squeezers = squeezersFromText(text.toStdString());
            choices.push_back(choice);
        }
    }
    return choices;
}

/// The configuration whose attacks "published" stands for: the one that is named first, else that for the model's images.
std::string publishedFor(const Options& options, const std::string& fallback)
{
    for (const QString& text : options.values(QStringLiteral("config")))
        for (const SqueezeConfiguration& known : squeezeConfigurations())
            if (lowerCase(text.toStdString()) == known.name)
                return known.name;
    return fallback;
}

DetectorRunRequest runRequest(const Options& options, const RunSettings& settings, const std::string& fallback)
{
    DetectorRunRequest request;
    request.detectors = detectorChoices(options, fallback);
    request.falsePositiveRate = options.real(QStringLiteral("fpr"), 1e-6, 0.999999);
    request.calibration = options.integer(QStringLiteral("calibration"), 2, mostImages);
    request.heldOut = options.integer(QStringLiteral("held-out"), 2, mostImages);
    request.attacked = options.integer(QStringLiteral("attacked"), 0, mostImages);
    std::vector<std::string> words;
    for (const std::string& word : split(options.text(QStringLiteral("attack")), ','))
        words.emplace_back(trimmed(word));
    request.attacks = detectorAttacks(words, publishedFor(options, fallback), settings.preset);
    applyAttackSettings(options, request.attacks);
    request.isAdaptive = options.isSet(QStringLiteral("adaptive"));
    request.adaptiveSteps = int(options.integer(QStringLiteral("adaptive-steps"), 1, 1'000'000));
    request.seed = settings.seed;
    return request;
}

UnitReport runAll(DetectorRun& run, int workers)
{
    UnitReport report = runUnits(QStringLiteral("prepare"), 1, 1, [&](std::int64_t, Monitor& monitor) { run.prepare(monitor); });
    if (!report.stopped && report.failures == 0)
        report = runUnits(QStringLiteral("clean images"), run.cleanBlocks(), workers, [&](std::int64_t block, Monitor& monitor) { run.scoreClean(block, monitor); });
    if (!report.stopped && report.failures == 0 && run.calibrate() && run.attackBlocks() > 0)
        report = runUnits(QStringLiteral("attacks"), run.attackBlocks(), workers, [&](std::int64_t block, Monitor& monitor) { run.attack(block, monitor); });
    run.end(report.stopped);
    return report;
}

Json document(const Classifier& model, const DetectorSurvey& survey, const std::optional<DetectorSummary>& summary)
{
    Json json = resultDocument(model, survey.seed);
    json["analysis"] = "detectors";
    json["images"] = survey.imagesSource;
    json["parameters"] = parametersJson(survey);
    json["items"] = itemsJson(survey);
    json["summary"] = summary ? toJson(survey, *summary) : Json::object();
    json["summary"]["partial"] = survey.partial;
    json["warnings"] = toJson(survey.warnings);
    json["cost"] = toJson(survey.counts, survey.seconds);
    return json;
}

std::string rateText(const DetectionRate& rate) { return rate.total == 0 ? std::string("none fooled") : report::rateText(rate.hits, rate.total); }

void printRow(const DetectorSurvey& survey, const DetectorScoreRow& row, const std::string& name)
{
    const DetectorAttack& attack = survey.attacks[row.attack];
    const std::string distance = row.detected.total == 0 ? "" : normLabel(attack.norm) + " " + report::threeDigits(row.medianDistance);
    const std::string area = row.auroc ? report::threeDigits(*row.auroc) + " " + report::intervalText({row.aurocLow, row.aurocHigh}) : std::string("too few");
    std::printf("    %-26s %4lld of %-5lld %-11s %-21s %-21s %s\n", name.c_str(), (long long)row.detected.total, (long long)row.attacked, distance.c_str(), rateText(row.detected).c_str(),
        rateText(row.evading).c_str(), area.c_str());
}

void printDetector(const DetectorSurvey& survey, const DetectorSummary& summary, std::size_t detector)
{
    const FalseAlarms& alarms = summary.falseAlarms[detector];
    const CalibratedDetector& known = survey.detectors[detector];
    std::printf("  %s: threshold %s, false alarms %s of %lld held-out images, %s %% asked for\n", detectorLabel(known.choice).c_str(), report::threeDigits(known.threshold).c_str(),
        rateText(alarms.heldOut).c_str(), (long long)alarms.heldOut.total, formatReal(100 * survey.falsePositiveRate).c_str());
    std::printf("    chance alone allows %s to %s; over %d random divisions %s on average, within 1 point in %s of them\n", report::percentText(alarms.chanceLow).c_str(),
        report::percentText(alarms.chanceHigh).c_str(), alarms.splits, report::percentText(alarms.splitMean).c_str(), report::percentText(alarms.withinOnePoint).c_str());
    std::printf("    %-26s %-13s %-11s %-21s %-21s %s\n", "attack", "fooled", "median", "found of these", "fool and pass of all", "AUC [95 %]");
    for (const DetectorScoreRow& row : summary.rows) {
        if (row.detector != detector || survey.attacks[row.attack].adaptiveTo)
            continue;
        printRow(survey, row, attackTitle(survey.attacks[row.attack]));
        if (const DetectorScoreRow* twin = adaptiveTwin(survey, summary, row))
            printRow(survey, *twin, "  knowing the detector");
    }
}

void printSummary(const DetectorSurvey& survey, const std::optional<DetectorSummary>& summary)
{
    const auto calibration = std::ranges::count_if(survey.clean, &CleanImage::isCalibration);
    std::printf("%s: %lld clean images choose the thresholds, %lld others are counted, %zu of them attacked\n", survey.modelName.c_str(), (long long)calibration,
        (long long)(std::ssize(survey.clean) - calibration), survey.originals.size());
    if (!summary) {
        std::printf("  too few images were scored\n");
        return;
    }
    for (std::size_t d = 0; d < survey.detectors.size(); ++d)
        printDetector(survey, *summary, d);
    if (std::ranges::any_of(survey.detectors, [](const CalibratedDetector& detector) { return detector.choice.kind == DetectorKind::Squeezing; }))
        std::printf("  %s\n", squeezingSourceNote);
    std::printf("  %s\n", detectorsNote);
}

DetectorsView viewOption(const Options& options)
{
    DetectorsView view;
    if (options.isSet(QStringLiteral("image")))
        view.image = options.integer(QStringLiteral("image"), 0, mostImages);
    return view;
}

void writeFigures(const Options& options, const FigureOutput& output, const DetectorSurvey& survey, const std::optional<DetectorSummary>& summary, const DetectorsView& view)
{
    std::optional<Figure> main;
    for (const DetectorsFigureInfo& info : detectorsFigureInfos()) {
        const std::optional<Figure> figure = summary ? info.make(survey, *summary, view) : std::nullopt;
        if (figure)
            writeToFolder(output, *figure, QString::fromStdString(info.name));
        if (&info == &detectorsFigureInfos().front())
            main = figure;
    }
    writeMain(options, output, main);
}

} // namespace

int runDetectorsCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("detectors"), QStringLiteral("detectors of perturbed images at a chosen false positive rate, and attacks that know them: feature squeezing (Xu et al. 2018), curvature."));
    options.addModel();
    options.addImages();
    addOptions(options);
    options.addRun();
    options.addOutput();
    addMainFigureOption(options, QStringLiteral("detectors-roc"));
    addFigureOptions(options);
    if (!options.parse(arguments))
        return 0;
    RunSettings settings = runSettings(options);
    // C&W of paper strength takes hours; what it shows of a detector it shows in a hundred steps.
    if (!options.isSet(QStringLiteral("preset")))
        settings.preset = Preset::Preview;
    static_cast<void>(runRequest(options, settings, "mnist")); // before the model is loaded
    const DetectorsView view = viewOption(options);
    const FigureOutput output = figureOutput(options);
    const ChosenImages images = chosenImages(options);
    const auto model = loadModel(options);
    DetectorRun run(model, surveyImages(options, images), runRequest(options, settings, configurationFor(model->channels(), model->height()).name));
    const UnitReport report = runAll(run, settings.workers);

    const DetectorSurvey& survey = run.survey();
    const std::optional<DetectorSummary> summary = summarise(survey);
    writeJson(options, document(*model, survey, summary));
    if (options.text(QStringLiteral("json")) != "-")
        printSummary(survey, summary);
    for (const Warning& warning : survey.warnings)
        std::fprintf(stderr, "brink: %s\n", warning.text.c_str());
    writeFigures(options, output, survey, summary, view);
    return reportUnits(report, "blocks of images");
}

} // namespace brink::cli
