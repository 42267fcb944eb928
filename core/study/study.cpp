// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/study.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/dataset.h"
#include "core/model/modelcard.h"
#include "core/study/boundaryanalysis.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

namespace brink {

namespace fs = std::filesystem;

namespace {

const char* const schema = "brink.study/1";

Error wrong(const std::string& key, const std::string& what)
{
    return Error(ErrorCode::Format, "The study's \"" + key + "\" " + what + ".");
}

void checkKeys(const Json& json, const std::string& where, const std::vector<std::string>& known)
{
    if (!json.is_object())
        throw wrong(where, "must be an object");
    for (const auto& entry : json.items())
        if (std::ranges::find(known, entry.key()) == known.end())
            throw Error(ErrorCode::Usage, "In the study's \"" + where + "\": " + unknownName("key", entry.key(), known));
}

std::string textOf(const Json& json, const char* key, const std::string& standard = {})
{
    if (!json.contains(key))
        return standard;
    if (!json[key].is_string())
        throw wrong(key, "must be text");
    return json[key].get<std::string>();
}

std::int64_t integerOf(const Json& json, const char* key, std::int64_t standard, std::int64_t low, std::int64_t high)
{
    if (!json.contains(key))
        return standard;
    if (!json[key].is_number_integer())
        throw wrong(key, "must be a whole number");
    const auto value = json[key].get<std::int64_t>();
    if (value < low || value > high)
        throw Error(ErrorCode::Domain,
            "The study's \"" + std::string(key) + "\" must be between " + std::to_string(low) + " and " + std::to_string(high) + ".");
    return value;
}

bool booleanOf(const Json& json, const char* key, bool standard)
{
    if (!json.contains(key))
        return standard;
    if (!json[key].is_boolean())
        throw wrong(key, "must be true or false");
    return json[key].get<bool>();
}

/// One value or a list of them.
std::vector<Json> listOf(const Json& json)
{
    return json.is_array() ? json.get<std::vector<Json>>() : std::vector<Json>{json};
}

std::string below(const std::string& folder, const std::string& path)
{
    const fs::path place(path);
    return place.is_absolute() || folder.empty() ? path : fs::absolute(fs::path(folder) / place).lexically_normal().string();
}

/// The files of a pattern in the order of their names; a path without wildcards is itself, whether it exists or not.
std::vector<std::string> filesOf(const std::string& pattern)
{
    if (pattern.find_first_of("*?[") == std::string::npos)
        return {pattern};
    glob_t found{};
    std::vector<std::string> files;
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
        files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    if (files.empty())
        throw Error(ErrorCode::Io, "No model file matches \"" + pattern + "\"; check the folder in the study.");
    return files;
}

/// Empty without a card; one that cannot be read is said when the model is opened.
std::string familyOfCard(const std::string& modelPath)
{
    try {
        return loadModelCard(modelPath).family;
    } catch (const Error&) {
        return {};
    }
}

/// A file that was listed before takes the later entry's words, in its place.
void addModel(std::vector<StudyModel>& models, const Json& json, const std::string& folder)
{
    const Json entry = json.is_string() ? Json{{"path", json}} : json;
    checkKeys(entry, "models", {"path", "name", "family", "classOffset", "card"});
    if (!entry.contains("path"))
        throw wrong("models", "needs a \"path\" in every entry");
    for (const std::string& path : filesOf(below(folder, textOf(entry, "path")))) {
        auto place = std::ranges::find(models, path, &StudyModel::path);
        if (place == models.end())
            place = models.insert(models.end(), StudyModel{path, fs::path(path).stem().string(), {}, Json::object(), 0});
        place->name = textOf(entry, "name", place->name);
        place->family = textOf(entry, "family", place->family);
        if (!entry.contains("family") && place->family.empty())
            place->family = familyOfCard(path);
        place->classOffset = int(integerOf(entry, "classOffset", place->classOffset, 0, 1000));
        if (entry.contains("card"))
            place->card.update(entry["card"]);
    }
}

std::vector<StudyModel> modelsFrom(const Json& json, const std::string& folder)
{
    std::vector<StudyModel> models;
    for (const Json& entry : listOf(json))
        addModel(models, entry, folder);
    std::set<std::string> names;
    for (const StudyModel& model : models)
        if (!names.insert(model.name).second)
            throw Error(ErrorCode::Usage, "Two models of the study are named \"" + model.name + "\"; give one another \"name\".");
    return models;
}

StudyImages imagesFrom(const Json& json, const std::string& folder)
{
    StudyImages images;
    if (json.is_string()) {
        const ImageSpec spec = ImageSpec::parse(json.get<std::string>());
        return {below(folder, spec.path), spec.range, {}};
    }
    checkKeys(json, "images", {"path", "range", "labels"});
    if (!json.contains("path"))
        throw wrong("images", "needs a \"path\"");
    images.path = below(folder, textOf(json, "path"));
    images.range = textOf(json, "range");
    if (const std::string labels = textOf(json, "labels"); !labels.empty())
        images.labels = below(folder, labels);
    return images;
}

EntryRule entryFrom(const std::string& name)
{
    for (const EntryRule rule : {EntryRule::Correct, EntryRule::CorrectOnAll, EntryRule::All})
        if (entryRuleName(rule) == name)
            return rule;
    throw Error(ErrorCode::Usage, "In the study: " + unknownName("entry rule", name, {"correct", "correct-on-all", "all"}));
}

/// Numbers as written, text without quotes.
std::string plain(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

using Setting = std::pair<std::string, std::string>;

/// Every combination of the listed values; the last key changes fastest.
std::vector<std::vector<Setting>> combinations(const Json& settings)
{
    std::vector<std::vector<Setting>> all{{}};
    for (const auto& entry : settings.items()) {
        std::vector<std::vector<Setting>> longer;
        for (const std::vector<Setting>& some : all) {
            for (const Json& value : listOf(entry.value())) {
                longer.push_back(some);
                longer.back().emplace_back(entry.key(), plain(value));
            }
        }
        all = std::move(longer);
    }
    return all;
}

std::string targetLabel(const TargetRule& rule)
{
    switch (rule.kind) {
    case TargetRule::Kind::Untargeted: return "untargeted";
    case TargetRule::Kind::Class: return "target class " + std::to_string(rule.value);
    case TargetRule::Kind::RunnerUp: return rule.value == 1 ? "second class" : "class of rank " + std::to_string(rule.value + 1);
    case TargetRule::Kind::Random: return "random target";
    case TargetRule::Kind::LeastLikely: return "least likely target";
    }
    return {};
}

/// Name and label from what the person set; parameters left at their defaults are not in them.
void nameAnalysis(StudyAnalysis& analysis, const std::string& name, const std::string& label, const std::vector<Setting>& settings)
{
    analysis.id = name + "-" + normName(analysis.norm());
    const std::string norm = normLabel(analysis.norm());
    analysis.label = label.ends_with(norm) ? label : label + " " + norm; // "C&W L2" has it in its name
    for (const auto& [key, value] : settings) {
        analysis.id += "-" + key + value;
        analysis.label += ", " + key + " " + value;
    }
    analysis.id += "-" + targetRuleText(analysis.target);
    analysis.label += ", " + targetLabel(analysis.target);
    std::ranges::replace_if(analysis.id, [](char letter) { return letter == ' ' || letter == '/' || letter == ','; }, '_');
}

void setCleverRequest(StudyAnalysis& analysis, const Params& parameters, Norm norm)
{
    analysis.clever = cleverRequest(parameters, norm);
    analysis.cleverParameters = parameters.toJson();
    analysis.cleverParameters["norm"] = normName(norm);
}

/// Norm and method always, which tell radii apart; other settings where they were given.
void nameCertified(StudyAnalysis& analysis, const BoundaryAnalysisInfo& info, const std::vector<Setting>& settings)
{
    const CertificationRequest request = certificationRequest(analysis.boundary);
    analysis.id = info.name + "-" + normName(request.norm) + "-" + certifyMethodName(request.method);
    analysis.label = info.label + " " + normLabel(request.norm) + ", " + certifyMethodLabel(request.method);
    for (const auto& [key, value] : settings)
        if (key != "norm" && key != "method") {
            analysis.id += "-" + key + value;
            analysis.label += ", " + key + " " + value;
        }
}

/// @throws Error(Usage|Domain) for what the analysis cannot do with.
void setBoundary(StudyAnalysis& analysis, const BoundaryAnalysisInfo& info, Preset preset, const std::vector<Setting>& settings)
{
    analysis.kind = info.kind;
    if (analysis.transfers || analysis.target.kind != TargetRule::Kind::Untargeted)
        throw Error(ErrorCode::Usage, "In the study: \"" + info.name + "\" has neither a target nor images to transfer; leave both out.");
    analysis.boundary = Params(info.parameters, preset);
    for (const auto& [key, value] : settings)
        analysis.boundary.setText(key, value);
    if (info.kind == AnalysisKind::Curvature)
        static_cast<void>(curvatureRunRequest(analysis.boundary, 0));
    if (info.kind == AnalysisKind::Detection)
        static_cast<void>(detectionRunRequest(analysis.boundary, 0));
    if (info.kind == AnalysisKind::Certified)
        return nameCertified(analysis, info, settings);
    analysis.id = info.name;
    analysis.label = info.label;
    for (const auto& [key, value] : settings) {
        analysis.id += "-" + key + value;
        analysis.label += ", " + key + " " + value;
    }
}

StudyAnalysis analysisFrom(const Json& json, Norm norm, const TargetRule& target, const std::vector<Setting>& settings)
{
    const Preset preset = presetFromName(textOf(json, "preset", "paper"));
    StudyAnalysis analysis;
    analysis.target = target;
    analysis.images = integerOf(json, "images", 0, 0, 1'000'000'000);
    analysis.transfers = booleanOf(json, "transfers", false);
    if (json.contains("attack")) {
        const AttackInfo& info = attackInfo(textOf(json, "attack"));
        if (std::ranges::find(info.norms, norm) == info.norms.end())
            throw Error(ErrorCode::Usage, "In the study: attack \"" + info.name + "\" does not work in " + normName(norm) + "; leave the norm out.");
        if (target.kind != TargetRule::Kind::Untargeted && !info.canTarget)
            throw Error(ErrorCode::Usage, "In the study: attack \"" + info.name + "\" cannot aim at a class; leave the target out.");
        analysis.attack = {info.name, norm, Params(info.parameters, preset), false};
        for (const auto& [key, value] : settings)
            analysis.attack.parameters.setText(key, value);
        nameAnalysis(analysis, info.name, info.label, settings);
    } else if (json.contains("boundary")) {
        setBoundary(analysis, boundaryAnalysis(textOf(json, "boundary")), preset, settings);
    } else {
        analysis.kind = AnalysisKind::Clever;
        if (analysis.transfers)
            throw Error(ErrorCode::Usage, "In the study: CLEVER makes no images, so it has nothing to transfer.");
        Params parameters(cleverParameters(), preset);
        for (const auto& [key, value] : settings)
            parameters.setText(key, value);
        setCleverRequest(analysis, parameters, norm);
        nameAnalysis(analysis, "clever", "CLEVER", settings);
    }
    return analysis;
}

void addAnalyses(std::vector<StudyAnalysis>& analyses, const Json& json)
{
    checkKeys(json, "analyses", {"id", "label", "attack", "clever", "boundary", "norm", "preset", "set", "target", "images", "transfers"});
    if (json.contains("attack") + json.contains("clever") + json.contains("boundary") != 1)
        throw wrong("analyses", "needs either \"attack\", \"clever\" or \"boundary\" in every entry");
    if (json.contains("boundary") && json.contains("norm"))
        throw wrong("analyses", "gives \"boundary\" a \"norm\"; surveys are in L2, and \"certified\" takes it in \"set\": leave it out here");
    Json norms;
    if (json.contains("clever"))
        norms = json["clever"];
    else if (json.contains("boundary"))
        norms = normName(Norm::L2);
    else if (json.contains("norm"))
        norms = json["norm"];
    else
        norms = normName(attackInfo(textOf(json, "attack")).norms.front());
    const Json settings = json.value("set", Json::object());
    if (!settings.is_object())
        throw wrong("set", "must be an object of parameters");
    const std::size_t before = analyses.size();
    for (const Json& norm : listOf(norms))
        for (const std::vector<Setting>& some : combinations(settings))
            for (const Json& target : listOf(json.value("target", Json("untargeted"))))
                analyses.push_back(analysisFrom(json, normFromName(plain(norm)), targetRuleFromText(plain(target)), some));
    if (analyses.size() == before + 1) {
        analyses.back().id = textOf(json, "id", analyses.back().id);
        analyses.back().label = textOf(json, "label", analyses.back().label);
    }
}

Json modelJson(const StudyModel& model)
{
    Json json{{"path", model.path}, {"name", model.name}, {"family", model.family}};
    if (model.classOffset != 0)
        json["classOffset"] = model.classOffset;
    if (!model.card.empty())
        json["card"] = model.card;
    return json;
}

Json imagesJson(const StudyImages& images)
{
    Json json{{"path", images.path}};
    if (!images.range.empty())
        json["range"] = images.range;
    if (!images.labels.empty())
        json["labels"] = images.labels;
    return json;
}

Json analysisJson(const StudyAnalysis& analysis)
{
    Json json{{"id", analysis.id}, {"label", analysis.label}};
    if (analysis.kind == AnalysisKind::Attack) {
        json["attack"] = analysis.attack.name;
        json["norm"] = normName(analysis.attack.norm);
        json["set"] = analysis.attack.parameters.toJson();
    } else if (isOfBoundary(analysis.kind)) {
        json["boundary"] = boundaryAnalysis(analysis.kind).name;
        json["set"] = analysis.boundary.toJson();
    } else {
        json["clever"] = normName(analysis.clever.norm);
        json["set"] = analysis.cleverParameters;
        json["set"].erase("norm");
    }
    if (!isOfBoundary(analysis.kind))
        json["target"] = targetRuleText(analysis.target);
    if (analysis.images > 0)
        json["images"] = analysis.images;
    if (analysis.transfers)
        json["transfers"] = true;
    return json;
}

} // namespace

Norm StudyAnalysis::norm() const
{
    switch (kind) {
    case AnalysisKind::Attack: return attack.norm;
    case AnalysisKind::Clever: return clever.norm;
    case AnalysisKind::Certified: return normFromName(boundary.text("norm"));
    default: return Norm::L2;
    }
}

std::string entryRuleName(EntryRule rule)
{
    switch (rule) {
    case EntryRule::Correct: return "correct";
    case EntryRule::CorrectOnAll: return "correct-on-all";
    case EntryRule::All: return "all";
    }
    return {};
}

Study studyFromJson(const Json& json, const std::string& folder)
{
    checkKeys(json, "study", {"schema", "name", "seed", "models", "images", "entry", "analyses", "keepAdversarials", "block"});
    if (const std::string named = textOf(json, "schema", schema); named != schema)
        throw Error(ErrorCode::Unsupported, "The study's schema is \"" + named + "\"; this Brink reads \"" + schema + "\".");
    for (const char* key : {"models", "images", "analyses"})
        if (!json.contains(key))
            throw wrong(key, "is missing");
    Study study;
    study.name = textOf(json, "name", "study");
    study.seed = std::uint64_t(integerOf(json, "seed", 1, 0, INT64_MAX));
    study.entry = entryFrom(textOf(json, "entry", "correct"));
    study.keepsAdversarials = booleanOf(json, "keepAdversarials", true);
    study.block = int(integerOf(json, "block", study.block, 0, 100'000));
    study.models = modelsFrom(json["models"], folder);
    study.images = imagesFrom(json["images"], folder);
    for (const Json& entry : listOf(json["analyses"]))
        addAnalyses(study.analyses, entry);
    if (study.models.empty())
        throw wrong("models", "is empty");
    if (study.analyses.empty())
        throw wrong("analyses", "is empty");
    std::set<std::string> ids;
    for (const StudyAnalysis& analysis : study.analyses)
        if (!ids.insert(analysis.id).second)
            throw Error(ErrorCode::Usage, "The study has the analysis \"" + analysis.id + "\" twice; remove one or give it another \"id\".");
    return study;
}

Json toJson(const Study& study)
{
    Json json{{"schema", schema}, {"name", study.name}, {"seed", study.seed}};
    for (const StudyModel& model : study.models)
        json["models"].push_back(modelJson(model));
    json["images"] = imagesJson(study.images);
    json["entry"] = entryRuleName(study.entry);
    for (const StudyAnalysis& analysis : study.analyses)
        json["analyses"].push_back(analysisJson(analysis));
    json["keepAdversarials"] = study.keepsAdversarials;
    json["block"] = study.block;
    return json;
}

} // namespace brink
