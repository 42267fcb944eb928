// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/figureoutput.h"
#include "app/cli/imagechoice.h"
#include "app/cli/options.h"
#include "app/cli/ratio.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/preprocessing.h"
#include "core/diagnosis/diagnosis.h"
#include "core/report/diagnosisfigure.h"

#include <cstdio>

namespace brink::cli {

namespace {

void addOptions(Options& options)
{
    options.add(QStringLiteral("norm"), QStringLiteral("l1, l2 or linf."), QStringLiteral("NORM"), QStringLiteral("linf"));
    options.add(QStringLiteral("attack"), QStringLiteral("The attack to look at, inside a budget (brink list attacks)."), QStringLiteral("NAME"), QStringLiteral("pgd"));
    options.add(QStringLiteral("eps"), QStringLiteral("Budget of that attack in pixel units, e.g. 0.03 or 8/255; without it the customary one of the norm."), QStringLiteral("EPS"));
    options.add(QStringLiteral("set"), QStringLiteral("Attack parameter, may be repeated."), QStringLiteral("KEY=VALUE"));
    options.add(QStringLiteral("surrogate"), QStringLiteral("Another model of the same task, for the checks of transfer."), QStringLiteral("FILE"));
    options.add(QStringLiteral("clever-images"), QStringLiteral("Hold CLEVER against attacks on so many images; costs more than all the rest."), QStringLiteral("N"), QStringLiteral("0"));
    options.add(QStringLiteral("checks"), QStringLiteral("Only these (brink list checks)."), QStringLiteral("CODE[,CODE...]"));
}

/// With its standard parameters, whatever the preset: that is about what it is held against.
AttackRequest attackOf(const Options& options)
{
    AttackRequest attack;
    attack.name = options.text(QStringLiteral("attack"));
    attack.norm = normOption(options);
    attack.parameters = Params(attackInfo(attack.name).parameters);
    for (const QString& setting : options.values(QStringLiteral("set")))
        attack.parameters.assign(setting.toStdString());
    if (options.isSet(QStringLiteral("eps"))) {
        const auto eps = ratioFrom(options.text(QStringLiteral("eps")));
        if (!eps || !(*eps > 0))
            throw Error(ErrorCode::Usage, "--eps takes a budget like 0.03 or 8/255, not \"" + options.text(QStringLiteral("eps")) + "\".");
        attack.parameters.set("eps", *eps);
    }
    return attack;
}

std::vector<std::string> checksOf(const Options& options)
{
    std::vector<std::string> codes;
    if (options.isSet(QStringLiteral("checks")))
        for (const std::string& word : split(options.text(QStringLiteral("checks")), ','))
            codes.push_back(lightInfo(trimmed(word)).code);
    return codes;
}

/// A word of a shell: in quotes where it needs them.
std::string quoted(const std::string& word)
{
    if (!word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=%+@#") == std::string::npos && word.front() != '#')
        return word;
    std::string text = "'";
    for (const char letter : word)
        text += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return text + "'";
}

/// The options that differ from what was asked for, so that the line starts the remedy.
std::string remedyLine(const Options& options, const Diagnosis& diagnosis, const Remedy& remedy)
{
    const auto option = [&](const char* name) {
        const QString key = QLatin1String(name);
        return options.isSet(key) ? std::string(" --") + name + " " + quoted(options.text(key)) : std::string();
    };
    std::string line = "brink diagnose";
    for (const char* name : {"model", "images", "labels", "device", "input", "range", "mean", "std", "channel-order", "resize", "classes", "preset", "seed", "count", "surrogate"})
        line += option(name);
    if (options.isSet(QStringLiteral("trust-model")))
        line += " --trust-model";
    if (remedy.setsBpda || options.isSet(QStringLiteral("bpda")))
        line += " --bpda";
    const AttackRequest& attack = remedy.attack.value_or(diagnosis.attack);
    line += " --norm " + normName(attack.norm) + " --attack " + attack.name + " --eps " + formatReal(attack.parameters.real("eps"), 8);
    const Params standard(attackInfo(attack.name).parameters);
    const Json values = attack.parameters.toJson(), defaults = standard.toJson();
    for (const auto& [key, value] : values.items())
        if (key != "eps" && value != defaults[key])
            line += " --set " + quoted(key + "=" + (value.is_string() ? value.get<std::string>() : value.dump()));
    return line;
}

/// Words, so that no colour is needed.
const char* wordOf(const Light& light)
{
    switch (light.state) {
    case LightState::Good: return "good";
    case LightState::Caution: return "CAUTION";
    case LightState::Alarm: return "ALARM";
    case LightState::NotJudged: return "-";
    }
    return "";
}

void print(const Options& options, const Diagnosis& diagnosis)
{
    const std::string success = diagnosis.success ? "fools " + formatReal(100 * *diagnosis.success) + " % of" : "not run on the";
    std::printf("%s, %s in %s at eps %s: %s %lld images that the model classifies right (%lld given)\n", diagnosis.modelName.c_str(), attackInfo(diagnosis.attack.name).label.c_str(),
        normLabel(diagnosis.norm).c_str(), formatReal(diagnosis.eps, 4).c_str(), success.c_str(), (long long)diagnosis.attacked.size(), (long long)diagnosis.images);
    for (const Light& light : diagnosis.lights) {
        std::printf("%-8s %-33s %s\n", wordOf(light), lightInfo(light.code).title.c_str(), light.finding.c_str());
        if (!light.follows.empty())
            std::printf("%-8s %-33s measured %s; not judged until \"%s\" is settled, which may explain it\n", "", "", lightStateName(light.measured).c_str(),
                lightInfo(light.follows).title.c_str());
        if (light.isRaised() && !light.remedy.sentence.empty())
            std::printf("%-8s %-33s Remedy: %s\n", "", "", light.remedy.sentence.c_str());
        if (light.isRaised() && (light.remedy.attack || light.remedy.setsBpda))
            std::printf("%-8s %-33s %s\n", "", "", remedyLine(options, diagnosis, light.remedy).c_str());
    }
}

std::vector<DiagnosisImage> imagesOf(const Options& options, const ChosenImages& chosen, const std::shared_ptr<const Classifier>& model)
{
    const ChosenImages entering = enteringImages(options, chosen, model);
    std::vector<DiagnosisImage> images;
    for (const std::int64_t index : entering.indices)
        images.push_back({prepareImage(entering.dataset->image(index), model->channels(), model->height(), model->width(), model->card().resizeRule).image, index,
            entering.dataset->label(index)});
    return images;
}

/// Adds to each remedy the line that starts it.
Json document(const Options& options, const Diagnosis& diagnosis, const Classifier& model)
{
    Json json = toJson(diagnosis, model);
    for (std::size_t i = 0; i < diagnosis.lights.size(); ++i) {
        const Remedy& remedy = diagnosis.lights[i].remedy;
        if (remedy.attack || remedy.setsBpda)
            json["lights"][i]["remedy"]["command"] = remedyLine(options, diagnosis, remedy);
    }
    return json;
}

} // namespace

int runDiagnoseCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("diagnose"),
        QStringLiteral("whether numbers about a model's robustness can be trusted.\n"
                       "Traffic lights from cause to consequence: outputs, gradients, scale and stability of the model, then whether the attack does what it\n"
                       "could. A fault raises one light; what may follow from it is not judged until it is settled. brink list checks shows them all."));
    options.addModel();
    options.addImages();
    addImageChoice(options);
    addOptions(options);
    options.addRun();
    options.addOutput();
    addFigureOptions(options);
    if (!options.parse(arguments))
        return 0;
    const RunSettings settings = runSettings(options);
    const FigureOutput output = figureOutput(options);
    DiagnosisRequest request;
    request.attack = attackOf(options);
    request.checks = checksOf(options);
    request.preset = settings.preset;
    request.seed = settings.seed;
    request.cleverImages = int(options.integer(QStringLiteral("clever-images"), 0, 1'000'000));
    const ChosenImages chosen = chosenImages(options);
    request.model = loadModel(options);
    if (options.isSet(QStringLiteral("surrogate")))
        request.surrogate = loadClassifier(options.text(QStringLiteral("surrogate")));
    request.images = imagesOf(options, chosen, request.model);
    std::optional<Diagnosis> diagnosis;
    const UnitReport report = runUnits(QStringLiteral("diagnosis"), 1, settings.workers, [&](std::int64_t, Monitor& monitor) { diagnosis = diagnose(request, monitor); });
    if (diagnosis) {
        writeJson(options, document(options, *diagnosis, *request.model));
        if (options.text(QStringLiteral("json")) != "-")
            print(options, *diagnosis);
        for (const Light& light : diagnosis->lights)
            if (const auto figure = lightFigure(*diagnosis, light.code))
                writeToFolder(output, *figure, QString::fromStdString("diagnosis-" + light.code));
    }
    return reportUnits(report, "diagnoses");
}

} // namespace brink::cli
