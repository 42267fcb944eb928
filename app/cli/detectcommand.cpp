// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/detectapply.h"
#include "app/cli/figureoutput.h"
#include "app/cli/imagechoice.h"
#include "app/cli/options.h"
#include "app/cli/unitrunner.h"

#include "core/attack/attack.h"
#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"
#include "core/report/boundaryfigures.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/stats/summary.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <mutex>

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

AttackRequest deepfoolRequest(Preset preset)
{
    AttackRequest request;
    request.name = "deepfool";
    request.norm = Norm::L2;
    request.parameters = Params(attackInfo("deepfool").parameters, preset);
    // The perturbation as the paper has it: beyond the boundary by its overshoot, not drawn back onto it.
    request.parameters.assign("final-search=0");
    return request;
}

/// DeepFool first, then the others in the order given.
std::vector<AttackRequest> attackRequests(const Options& options, Preset preset)
{
    std::vector<AttackRequest> requests{deepfoolRequest(preset)};
    for (const std::string& word : split(options.text(QStringLiteral("attack")), ',')) {
        const AttackInfo& info = attackInfo(std::string(trimmed(word)));
        if (std::ranges::find(requests, info.name, &AttackRequest::name) != requests.end())
            continue;
        const bool hasL2 = std::ranges::find(info.norms, Norm::L2) != info.norms.end();
        requests.push_back({info.name, hasL2 ? Norm::L2 : info.norms.front(), Params(info.parameters, preset)});
    }
    applyAttackSettings(options, requests);
    for (AttackRequest& request : requests)
        request.keepTrace = false;
    return requests;
}

class DetectionRun {
public:
    DetectionRun(const Options& options, std::shared_ptr<const Classifier> model, ChosenImages images, const RunSettings& settings)
        : m_model(std::move(model)), m_images(std::move(images)), m_settings(settings), m_attacks(attackRequests(options, settings.preset))
    {
        survey.modelName = m_model->card().name;
        survey.modelSha256 = m_model->sha256();
        survey.classNames = m_model->card().classNames;
        if (survey.classNames.empty() && m_images.dataset->classNames().size() == std::size_t(m_model->classes()))
            survey.classNames = m_images.dataset->classNames();
        survey.classes = m_model->classes();
        survey.imagesSource = ImageSpec::parse(options.text(QStringLiteral("images"))).path;
        survey.seed = settings.seed;
        survey.step = options.real(QStringLiteral("step"), 1e-4, 100);
        survey.request.probes = int(options.integer(QStringLiteral("probes"), 1, 100'000));
        survey.request.classes = int(options.integer(QStringLiteral("other-classes"), 1, 100'000));
        survey.scales = scaleList(options);
        for (const AttackRequest& attack : m_attacks)
            survey.attacks.push_back(attack.name);
        survey.images.resize(m_images.indices.size());
        m_found.resize(m_images.indices.size());
    }

    void run()
    {
        const auto start = std::chrono::steady_clock::now();
        const auto count = std::int64_t(survey.images.size());
        report = runUnits(QStringLiteral("attacks"), (count + blockSize - 1) / blockSize, m_settings.workers,
            [&](std::int64_t unit, Monitor& monitor) { attackBlock(unit * blockSize, std::min((unit + 1) * blockSize, count), monitor); });
        if (!report.stopped && report.failures == 0 && chooseReach())
            report = runUnits(
                QStringLiteral("curvature"), count, m_settings.workers, [&](std::int64_t unit, Monitor& monitor) { measureImage(unit, monitor); });
        survey.partial = report.stopped;
        std::erase_if(survey.images, [](const DetectionImage& image) { return image.failure.empty() && image.clean.curvature.empty(); });
        for (const DetectionImage& image : survey.images) {
            survey.counts += image.clean.counts;
            for (const PerturbedImage& perturbed : image.perturbed)
                survey.counts += perturbed.statistic.counts;
        }
        survey.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (m_model->classes() - 1 > survey.request.classes)
            survey.warnings.push_back({"classes",
                "Only the " + std::to_string(survey.request.classes) + " most likely of " + std::to_string(m_model->classes() - 1)
                    + " other classes were looked at; a label outside them cannot be recovered."});
    }

    DetectionSurvey survey;
    UnitReport report;

private:
    [[nodiscard]] std::uint64_t seedOf(std::int64_t index, Purpose purpose) const
    {
        return combineSeeds({m_settings.seed, std::uint64_t(index), std::uint64_t(purpose)});
    }

    void attackBlock(std::int64_t begin, std::int64_t end, Monitor& monitor)
    {
        std::vector<Image> pixels;
        for (std::int64_t i = begin; i < end; ++i) {
            DetectionImage& image = survey.images[std::size_t(i)];
            image.index = m_images.indices[std::size_t(i)];
            image.label = m_images.dataset->label(image.index);
            image.isCalibration = i % 2 == 0; // every second image is counted, the others choose
            pixels.push_back(modelImage(m_images, image.index, *m_model));
            image.source = pixels.back().source;
            image.sha256 = imageSha256(pixels.back());
        }
        std::vector<AttackItem> items;
        for (std::size_t i = 0; i < pixels.size(); ++i)
            items.push_back({&pixels[i], {predictedClass(m_model, pixels[i]), {}, 0}, seedOf(survey.images[std::size_t(begin) + i].index, Purpose::Attack)});
        for (std::size_t a = 0; a < m_attacks.size(); ++a) {
            PartMonitor part(monitor, std::int64_t(a), 1, std::int64_t(m_attacks.size()));
            std::vector<AttackOutcome> outcomes = runAttack(m_model, m_attacks[a], items, part);
            for (std::size_t i = 0; i < outcomes.size(); ++i)
                keep(std::size_t(begin) + i, std::move(outcomes[i]));
        }
        for (std::int64_t i = begin; i < end; ++i)
            if (!m_found[std::size_t(i)].front() && !monitor.stopRequested())
                survey.images[std::size_t(i)].failure = "DeepFool found no other class.";
    }

    void keep(std::size_t image, AttackOutcome outcome)
    {
        m_found[image].push_back(std::move(outcome.adversarial));
        const std::lock_guard lock(m_mutex);
        survey.counts += outcome.counts;
    }

    /// One scale for all images, from those that choose.
    bool chooseReach()
    {
        std::vector<double> distances;
        for (std::size_t i = 0; i < survey.images.size(); ++i)
            if (survey.images[i].isCalibration && survey.images[i].failure.empty() && m_found[i].front())
                distances.push_back(distancesBetween(modelImage(m_images, survey.images[i].index, *m_model), *m_found[i].front()).l2);
        if (distances.empty())
            return false;
        survey.request.reach = survey.step * median(distances);
        return true;
    }

    void measureImage(std::int64_t unit, Monitor& monitor)
    {
        DetectionImage image = survey.images[std::size_t(unit)];
        if (!image.failure.empty() || m_found[std::size_t(unit)].empty())
            return;
        const Image pixels = modelImage(m_images, image.index, *m_model);
        DetectionRequest request = survey.request;
        request.seed = seedOf(image.index, Purpose::Directions);
        const auto clean = detectionStatistic(m_model, pixels, request, monitor);
        if (!clean)
            return;
        image.clean = *clean;
        for (std::size_t a = 0; a < m_attacks.size(); ++a) {
            const std::optional<Image>& found = m_found[std::size_t(unit)][a];
            for (const double scale : a == 0 ? survey.scales : std::vector<double>{1}) {
                if (!found)
                    continue;
                const Image moved = scaledPerturbation(pixels, *found, scale);
                const auto statistic = detectionStatistic(m_model, moved, request, monitor);
                if (!statistic)
                    return; // stopped: an image counts with all its perturbations or not at all
                image.perturbed.push_back({m_attacks[a].name, scale, distancesBetween(pixels, moved).l2, statistic->predicted != image.clean.predicted, *statistic});
            }
        }
        survey.images[std::size_t(unit)] = std::move(image);
    }

    std::shared_ptr<const Classifier> m_model;
    ChosenImages m_images;
    RunSettings m_settings;
    std::vector<AttackRequest> m_attacks;
    std::vector<std::vector<std::optional<Image>>> m_found; ///< [images][attacks]
    std::mutex m_mutex;
};

Json document(const Classifier& model, const DetectionRun& run, const std::optional<DetectionSummary>& summary)
{
    const DetectionSurvey& survey = run.survey;
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
    (void)attackRequests(options, settings.preset); // before the model is loaded
    (void)scaleList(options);
    const FigureOutput output = figureOutput(options);
    const ChosenImages images = chosenImages(options);
    const auto model = loadModel(options);
    DetectionRun run(options, model, enteringImages(options, images, model), settings);
    run.run();

    const std::optional<DetectionSummary> summary = summarise(run.survey);
    writeJson(options, document(*model, run, summary));
    if (options.text(QStringLiteral("json")) != "-")
        printSummary(run.survey, summary);
    for (const Warning& warning : run.survey.warnings)
        std::fprintf(stderr, "brink: %s\n", warning.text.c_str());
    for (const DetectionFigureInfo& info : detectionFigureInfos())
        if (const std::optional<Figure> figure = info.make(run.survey))
            writeToFolder(output, *figure, QString::fromStdString(info.name));
    writeMain(options, output, detectionFigureInfos().front().make(run.survey));
    return reportUnits(run.report, "images");
}

} // namespace brink::cli
