// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/options.h"

#include "app/cli/ratio.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/filebytes.h"
#include "core/model/torchruntime.h"

#include <QCommandLineOption>
#include <QFile>
#include <QThread>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace brink::cli {

namespace {

QString program(const QString& command) { return QStringLiteral("brink ") + command; }

Json numberList(const Options& options, const QString& name, char separator)
{
    Json list = Json::array();
    for (const std::string& part : split(options.text(name), separator)) {
        const auto number = parseReal(part);
        if (!number || !std::isfinite(*number))
            throw Error(ErrorCode::Usage, "--" + name.toStdString() + " takes numbers, not \"" + part + "\".");
        list.push_back(*number);
    }
    return list;
}

Json classNames(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly | QIODevice::Text))
        throw Error(ErrorCode::Io, path + ": the class names cannot be read; check the path.");
    Json names = Json::array();
    while (!file.atEnd()) {
        const QString line = QString::fromUtf8(file.readLine()).trimmed();
        if (!line.isEmpty())
            names.push_back(line.toStdString());
    }
    return names;
}

/// "key=value" goes to every chosen attack that has the key, "name.key=value" to one.
void applySetting(std::vector<AttackRequest>& attacks, const std::string& setting)
{
    const std::string key = setting.substr(0, setting.find('='));
    const auto dot = key.find('.');
    const std::string only = dot == std::string::npos ? std::string() : key.substr(0, dot);
    bool isApplied = false;
    std::vector<std::string> known;
    for (AttackRequest& attack : attacks) {
        if (!only.empty() && attack.name != only)
            continue;
        for (const ParamSpec& spec : attack.parameters.specs())
            known.push_back(spec.key);
        const std::string ownKey = dot == std::string::npos ? key : key.substr(dot + 1);
        if (attack.parameters.contains(ownKey)) {
            attack.parameters.assign(dot == std::string::npos ? setting : setting.substr(dot + 1));
            isApplied = true;
        }
    }
    if (isApplied)
        return;
    std::ranges::sort(known);
    known.erase(std::unique(known.begin(), known.end()), known.end());
    throw Error(ErrorCode::Usage, unknownName("attack parameter", key, known));
}

} // namespace

Options::Options(const QString& command, const QString& summary) : m_command(command)
{
    m_parser.setApplicationDescription(program(command) + QStringLiteral(": ") + summary);
    m_parser.addHelpOption();
    m_names = {QStringLiteral("help")};
}

void Options::add(const QString& name, const QString& help, const QString& valueName, const QString& standard)
{
    m_parser.addOption(QCommandLineOption(name, help, valueName, standard));
    m_names.append(name);
}

void Options::addModel()
{
    add(QStringLiteral("model"), QStringLiteral("TorchScript file of the classifier."), QStringLiteral("FILE"));
    add(QStringLiteral("device"), QStringLiteral("Where it runs: cpu or cuda."), QStringLiteral("DEVICE"), QStringLiteral("cpu"));
    add(QStringLiteral("input"), QStringLiteral("Input shape of the model, e.g. 3,224,224."), QStringLiteral("C,H,W"));
    add(QStringLiteral("range"), QStringLiteral("Value range the model expects, e.g. 0:255."), QStringLiteral("LOW:HIGH"));
    add(QStringLiteral("mean"), QStringLiteral("Mean per channel, in units of the range."), QStringLiteral("A,B,C"));
    add(QStringLiteral("std"), QStringLiteral("Standard deviation per channel."), QStringLiteral("A,B,C"));
    add(QStringLiteral("channel-order"), QStringLiteral("rgb or bgr."), QStringLiteral("ORDER"));
    add(QStringLiteral("bpda"), QStringLiteral("Gradients pass rounding, quantising and detached steps as if they were the identity; outputs stay."));
    add(QStringLiteral("resize"), QStringLiteral("How other sizes fit: refuse, stretch, crop-centre, fit."), QStringLiteral("RULE"));
    add(QStringLiteral("classes"), QStringLiteral("Class names, one a line."), QStringLiteral("FILE"));
    add(QStringLiteral("trust-model"), QStringLiteral("Allow a model whose graph opens files or processes."));
}

void Options::addImages()
{
    add(QStringLiteral("images"),
        QStringLiteral("Image, folder, IDX, CIFAR, CSV or .npy; choose with #0:100 or #3,7,9."), QStringLiteral("PATH[#RANGE]"));
    add(QStringLiteral("labels"), QStringLiteral("Labels for them (.npy, .txt, .csv, IDX)."), QStringLiteral("FILE"));
}

void Options::addRun(bool showsPreset)
{
    add(QStringLiteral("seed"), QStringLiteral("Seed of every random number."), QStringLiteral("N"), QStringLiteral("1"));
    add(QStringLiteral("workers"), QStringLiteral("Threads that share the work; results do not depend on it."), QStringLiteral("N"));
    add(QStringLiteral("threads"), QStringLiteral("Threads inside each worker."), QStringLiteral("N"), QStringLiteral("1"));
    QCommandLineOption preset(QStringLiteral("preset"), QStringLiteral("Defaults of all parameters: preview or paper."), QStringLiteral("NAME"));
    if (!showsPreset)
        preset.setFlags(QCommandLineOption::HiddenFromHelp);
    m_parser.addOption(preset);
    m_names.append(QStringLiteral("preset"));
}

void Options::addOutput()
{
    add(QStringLiteral("json"), QStringLiteral("Write the results there; - is standard output."), QStringLiteral("FILE"));
}

void Options::addClever()
{
    add(QStringLiteral("radius"), QStringLiteral("Radius of the sampling ball, pixel units."), QStringLiteral("R"));
    add(QStringLiteral("batches"), QStringLiteral("Number of maxima."), QStringLiteral("N"));
    add(QStringLiteral("samples"), QStringLiteral("Fresh samples per maximum."), QStringLiteral("N"));
    add(QStringLiteral("sampling"), QStringLiteral("paper or released-code."), QStringLiteral("MODE"));
    add(QStringLiteral("targets"),
        QStringLiteral("CLEVER targets: all, likely:N, top2, random, least-likely, runner-up:K or CLASS[,CLASS...]."), QStringLiteral("RULE"));
    add(QStringLiteral("clever"), QStringLiteral("Any other CLEVER parameter (brink list analyses shows them)."),
        QStringLiteral("KEY=VALUE"));
}

void Options::addAttack()
{
    add(QStringLiteral("attack"), QStringLiteral("Attacks, by name (brink list attacks)."), QStringLiteral("NAME[,NAME...]"));
    add(QStringLiteral("eps"), QStringLiteral("Budget of fixed-budget attacks, pixel units."), QStringLiteral("EPS"));
    add(QStringLiteral("target"),
        QStringLiteral("Attack target: untargeted, top2, random, least-likely, runner-up:K or CLASS."), QStringLiteral("RULE"),
        QStringLiteral("untargeted"));
    add(QStringLiteral("set"), QStringLiteral("Attack parameter, KEY=VALUE or ATTACK.KEY=VALUE; may be repeated."),
        QStringLiteral("KEY=VALUE"));
}

bool Options::parse(const QStringList& arguments)
{
    QStringList all{program(m_command)};
    all += arguments;
    if (!m_parser.parse(all)) {
        const QStringList unknown = m_parser.unknownOptionNames();
        if (unknown.isEmpty())
            throw Error(ErrorCode::Usage, m_parser.errorText().toStdString());
        std::vector<std::string> known;
        for (const QString& name : std::as_const(m_names))
            known.push_back("--" + name.toStdString());
        throw Error(ErrorCode::Usage, unknownName("option", "--" + unknown.front().toStdString(), known));
    }
    if (m_parser.isSet(QStringLiteral("help"))) {
        std::fputs(m_parser.helpText().toUtf8().constData(), stdout);
        return false;
    }
    return true;
}

long long Options::integer(const QString& name, long long low, long long high) const
{
    const auto number = parseInteger(text(name));
    if (!number)
        throw Error(ErrorCode::Usage, "--" + name.toStdString() + " takes a whole number, not \"" + text(name) + "\".");
    if (*number < low || *number > high)
        throw Error(ErrorCode::Domain, "--" + name.toStdString() + " must be between " + std::to_string(low) + " and "
            + std::to_string(high) + ", not " + text(name) + ".");
    return *number;
}

double Options::real(const QString& name, double low, double high) const
{
    const auto ratio = ratioFrom(text(name)); // of budgets, e.g. 8/255
    const auto number = ratio ? ratio : parseReal(text(name));
    if (!number)
        throw Error(ErrorCode::Usage, "--" + name.toStdString() + " takes a number, not \"" + text(name) + "\".");
    if (!(*number >= low && *number <= high))
        throw Error(ErrorCode::Domain, "--" + name.toStdString() + " must be between " + formatReal(low, 6) + " and "
            + formatReal(high, 6) + ", not " + text(name) + ".");
    return *number;
}

void Options::require(const QString& name) const
{
    if (!isSet(name))
        throw Error(ErrorCode::Usage, "--" + name.toStdString() + " is missing; " + program(m_command).toStdString() + " --help shows how to write it.");
}

RunSettings threadSettings(const Options& options)
{
    RunSettings settings;
    settings.threads = int(options.integer(QStringLiteral("threads"), 1, 1024));
    const int hardware = std::max(1, QThread::idealThreadCount());
    settings.workers = options.isSet(QStringLiteral("workers")) ? int(options.integer(QStringLiteral("workers"), 1, 1024))
                                                                : std::max(1, hardware / settings.threads);
    configureTorch(settings.workers, settings.threads);
    const TorchRuntimeInfo runtime = torchRuntimeInfo();
    if (!runtime.isBlasFast)
        std::fprintf(stderr, "brink: LibTorch uses the slow BLAS %s; install libopenblas0-pthread to run up to 30 times faster.\n",
            runtime.blas.c_str());
    return settings;
}

RunSettings runSettings(const Options& options)
{
    RunSettings settings = threadSettings(options);
    settings.seed = std::uint64_t(options.integer(QStringLiteral("seed"), 0, INT64_MAX));
    if (options.isSet(QStringLiteral("preset")))
        settings.preset = presetFromName(options.text(QStringLiteral("preset")));
    return settings;
}

LoadOptions loadOptions(const Options& options)
{
    LoadOptions load;
    load.device = options.text(QStringLiteral("device"));
    load.isTrusted = options.isSet(QStringLiteral("trust-model"));
    const auto has = [&](const char* name) { return options.isSet(QLatin1String(name)); };
    if (has("input")) {
        load.cardOverrides["input"] = Json::array();
        for (const std::string& part : split(options.text(QStringLiteral("input")), ',')) {
            const auto number = parseInteger(part);
            if (!number || *number < 1 || *number > 100000)
                throw Error(ErrorCode::Usage, "--input takes three positive whole numbers C,H,W, not \"" + part + "\".");
            load.cardOverrides["input"].push_back(*number);
        }
        if (load.cardOverrides["input"].size() != 3)
            throw Error(ErrorCode::Usage, "--input takes three numbers C,H,W, e.g. 3,224,224.");
    }
    if (has("range")) {
        load.cardOverrides["range"] = numberList(options, QStringLiteral("range"), ':');
        if (load.cardOverrides["range"].size() != 2)
            throw Error(ErrorCode::Usage, "--range takes two numbers LOW:HIGH, e.g. 0:255.");
    }
    if (has("mean"))
        load.cardOverrides["mean"] = numberList(options, QStringLiteral("mean"), ',');
    if (has("std"))
        load.cardOverrides["std"] = numberList(options, QStringLiteral("std"), ',');
    if (has("channel-order"))
        load.cardOverrides["channelOrder"] = options.text(QStringLiteral("channel-order"));
    if (has("resize"))
        load.cardOverrides["resize"] = options.text(QStringLiteral("resize"));
    if (has("bpda"))
        load.cardOverrides["bpda"] = true;
    if (has("classes"))
        load.cardOverrides["classes"] = classNames(options.text(QStringLiteral("classes")));
    return load;
}

std::shared_ptr<const Classifier> loadModel(const Options& options)
{
    options.require(QStringLiteral("model"));
    return loadClassifier(options.text(QStringLiteral("model")), loadOptions(options));
}

ChosenImages chosenImages(const Options& options)
{
    options.require(QStringLiteral("images"));
    const ImageSpec spec = ImageSpec::parse(options.text(QStringLiteral("images")));
    ChosenImages chosen;
    chosen.dataset = openDataset(spec.path, {options.text(QStringLiteral("labels"))});
    chosen.indices = parseIndexRange(spec.range, chosen.dataset->size());
    if (chosen.indices.empty())
        throw Error(ErrorCode::Usage, spec.path + ": the range #" + spec.range + " chooses no image.");
    return chosen;
}

Norm normOption(const Options& options) { return normFromName(options.text(QStringLiteral("norm"))); }

CleverRequest cleverOption(const Options& options, Norm norm, Preset preset)
{
    Params params(cleverParameters(), preset);
    for (const char* key : {"radius", "batches", "samples", "sampling", "targets"})
        if (options.isSet(QLatin1String(key)))
            params.setText(key, options.text(QLatin1String(key)));
    for (const QString& setting : options.values(QStringLiteral("clever")))
        params.assign(setting.toStdString());
    return cleverRequest(params, norm);
}

std::vector<AttackRequest> attackOption(const Options& options, Norm norm, Preset preset)
{
    std::vector<AttackRequest> attacks;
    if (options.isSet(QStringLiteral("attack"))) {
        for (const std::string& name : split(options.text(QStringLiteral("attack")), ',')) {
            const AttackInfo& info = attackInfo(std::string(trimmed(name)));
            attacks.push_back({info.name, norm, Params(info.parameters, preset)});
        }
    } else {
        attacks = recommendedAttacks(norm, preset);
    }
    applyAttackSettings(options, attacks);
    return attacks;
}

void applyAttackSettings(const Options& options, std::vector<AttackRequest>& attacks)
{
    if (options.isSet(QStringLiteral("eps")))
        applySetting(attacks, "eps=" + options.text(QStringLiteral("eps")));
    for (const QString& setting : options.values(QStringLiteral("set")))
        applySetting(attacks, setting.toStdString());
}

void writeJson(const Options& options, const Json& json)
{
    if (!options.isSet(QStringLiteral("json")))
        return;
    const QString path = options.value(QStringLiteral("json"));
    const std::string text = json.dump(1) + "\n";
    if (path == QStringLiteral("-")) {
        std::fwrite(text.data(), 1, text.size(), stdout);
        if (std::fflush(stdout) != 0)
            throw Error(ErrorCode::Io, "Standard output cannot be written; the results are lost.");
        return;
    }
    AtomicFile file(path.toStdString());
    file.write(text);
    file.commit();
}

} // namespace brink::cli
