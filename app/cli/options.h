// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack.h"
#include "core/base/json.h"
#include "core/clever/clever.h"
#include "core/data/dataset.h"
#include "core/model/classifier.h"
#include "core/params/params.h"

#include <QCommandLineParser>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace brink::cli {

/// The options of one subcommand. Groups that mean the same everywhere are added by name and read by one function.
class Options {
public:
    Options(const QString& command, const QString& summary);

    void add(const QString& name, const QString& help, const QString& valueName = {}, const QString& standard = {});
    void addModel();    ///< --model, --device, card overrides
    void addImages();   ///< --images, --labels
    void addRun(bool showsPreset = true); ///< --seed, --workers, --threads, --preset (not in the help where there is nothing to choose)
    void addOutput();   ///< --json
    void addClever();   ///< --radius, --batches, --samples, --sampling, --targets, --clever KEY=VALUE
    void addAttack();   ///< --attack, --eps, --target, --set

    /// False when --help was asked for and printed. @throws Error(Usage) naming the nearest option.
    [[nodiscard]] bool parse(const QStringList& arguments);

    [[nodiscard]] bool isSet(const QString& name) const { return m_parser.isSet(name); }
    [[nodiscard]] std::string text(const QString& name) const { return m_parser.value(name).toStdString(); }
    [[nodiscard]] QString value(const QString& name) const { return m_parser.value(name); }
    [[nodiscard]] QStringList values(const QString& name) const { return m_parser.values(name); }
    [[nodiscard]] QStringList positional() const { return m_parser.positionalArguments(); }
    /// @throws Error(Usage) for text that is no number, Error(Domain) outside [low, high].
    [[nodiscard]] long long integer(const QString& name, long long low, long long high) const;
    [[nodiscard]] double real(const QString& name, double low, double high) const;
    /// @throws Error(Usage) when a needed option is missing.
    void require(const QString& name) const;

private:
    QCommandLineParser m_parser;
    QString m_command;
    QStringList m_names;
};

/// What --seed, --workers, --threads and --preset say; configures LibTorch's threads as a side effect, once.
struct RunSettings {
    std::uint64_t seed = 1;
    int workers = 1;
    int threads = 1; ///< inner threads of each worker
    Preset preset = Preset::Paper;
};
[[nodiscard]] RunSettings runSettings(const Options& options);
/// --workers and --threads alone.
[[nodiscard]] RunSettings threadSettings(const Options& options);

[[nodiscard]] std::shared_ptr<const Classifier> loadModel(const Options& options);
/// The model file alone as --model, and the options that describe its card, as loadClassifier takes them.
[[nodiscard]] LoadOptions loadOptions(const Options& options);

/// One chosen image of --images; decoded by the worker that needs it.
struct ChosenImages {
    std::shared_ptr<const Dataset> dataset;
    std::vector<std::int64_t> indices;
};
[[nodiscard]] ChosenImages chosenImages(const Options& options);

[[nodiscard]] Norm normOption(const Options& options);
[[nodiscard]] CleverRequest cleverOption(const Options& options, Norm norm, Preset preset);
/// Requests for --attack, or the recommended set; --set and --eps applied. @throws Error(Usage|Domain).
[[nodiscard]] std::vector<AttackRequest> attackOption(const Options& options, Norm norm, Preset preset);

/// Applies --eps and --set. @throws Error(Usage|Domain).
void applyAttackSettings(const Options& options, std::vector<AttackRequest>& attacks);

/// Writes to the file of --json ("-" is standard output) if the option is set. Whole or not at all.
/// @throws Error(Io) naming the file.
void writeJson(const Options& options, const Json& json);

} // namespace brink::cli
