// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/studyparts.h"

#include "core/base/hash.h"
#include "core/base/version.h"
#include "core/report/figureparts.h"
#include "core/stats/summary.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

namespace brink::report {

namespace {

constexpr int coloursOfFamilies = 8;
constexpr int markersOfFamilies = 5; // filled ones; crosses and stars say other things

/// Number of each family, by first appearance.
std::map<std::string, int> familyNumbers(const StudyResults& results)
{
    std::map<std::string, int> numbers;
    for (const StudyModel& model : results.study.models)
        if (!model.family.empty())
            numbers.try_emplace(model.family, int(numbers.size()));
    return numbers;
}

const char* orderName(ModelOrder order)
{
    switch (order) {
    case ModelOrder::AsGiven: return "as-given";
    case ModelOrder::Family: return "family";
    case ModelOrder::Accuracy: return "accuracy";
    case ModelOrder::Clustering: return "clustering";
    }
    return "";
}

/// A figure goes to other people: file names and hashes say what it is made from, folders say where its author works.
Json withoutFolders(Json study)
{
    const auto shorten = [](Json& json, const char* key) {
        if (json.is_object() && json.contains(key) && json[key].is_string())
            json[key] = std::filesystem::path(json[key].get<std::string>()).filename().string();
    };
    for (Json& model : study["models"])
        shorten(model, "path");
    if (study["images"].is_string())
        shorten(study, "images");
    shorten(study["images"], "path");
    shorten(study["images"], "labels");
    return study;
}

/// One hash for all images: those of the study one after the other.
std::string imagesHash(const StudyResults& results)
{
    std::string all;
    for (const StudyImageFacts& image : results.images)
        all += image.sha256;
    return sha256(all);
}

} // namespace

std::optional<int> chosenAnalysis(const StudyResults& results, const StudySelection& selection, const std::function<bool(int)>& isWanted)
{
    for (int a = 0; a < int(results.study.analyses.size()); ++a)
        if ((!selection.analysis || results.study.analyses[std::size_t(a)].id == *selection.analysis) && isWanted(a))
            return a;
    return std::nullopt;
}

std::vector<int> workingModels(const StudyResults& results)
{
    std::vector<int> models;
    for (int m = 0; m < int(results.models.size()); ++m)
        if (results.works(m))
            models.push_back(m);
    return models;
}

std::vector<int> orderedModels(const StudyResults& results, ModelOrder order)
{
    std::vector<int> models = workingModels(results);
    if (order == ModelOrder::Accuracy)
        std::ranges::stable_sort(models, std::greater(), [&](int m) { return cleanCount(results, m).accuracy().value_or(-1); });
    if (order == ModelOrder::Family || order == ModelOrder::Clustering) {
        const std::map<std::string, int> numbers = familyNumbers(results);
        std::ranges::stable_sort(models, {}, [&](int m) {
            const auto found = numbers.find(results.study.models[std::size_t(m)].family);
            return found == numbers.end() ? int(numbers.size()) : found->second;
        });
    }
    return models;
}

CleanCount cleanCount(const StudyResults& results, int model)
{
    CleanCount count;
    for (int image = 0; image < int(results.images.size()); ++image) {
        count.known += results.predicted[std::size_t(model)][std::size_t(image)] >= 0;
        count.correct += results.isCorrect(model, image);
    }
    return count;
}

bool isShown(const StudyResults& results, const StudySelection& selection, int image)
{
    return !selection.commonSet || results.isCorrectOnAll(image);
}

bool isEmphasised(const StudySelection& selection, int model)
{
    return selection.models.empty() || std::ranges::find(selection.models, model) != selection.models.end();
}

std::vector<std::string> shortNames(const StudyResults& results)
{
    std::vector<std::string> names;
    for (const StudyModel& model : results.study.models)
        names.push_back(model.name);
    if (names.size() < 2)
        return names;
    std::size_t shared = names.front().size();
    for (const std::string& name : names)
        shared = std::min(shared, std::size_t(std::ranges::mismatch(names.front(), name).in1 - names.front().begin()));
    const std::size_t end = names.front().substr(0, shared).find_last_of("_-/ ");
    if (end != std::string::npos && std::ranges::all_of(names, [end](const std::string& name) { return name.size() > end + 1; }))
        for (std::string& name : names)
            name.erase(0, end + 1);
    return names;
}

FamilyLook familyLook(const StudyResults& results, int model)
{
    const std::string& family = results.study.models[std::size_t(model)].family;
    if (family.empty())
        return {-1, "no family", ColourRole::Muted, Marker::Circle};
    const int number = familyNumbers(results).at(family);
    // Beyond eight colours the markers move on, so that no two families share both.
    return {number, family, seriesRole(number), Marker((number + number / coloursOfFamilies) % markersOfFamilies)};
}

std::vector<FamilyLook> familyLooks(const StudyResults& results, const std::vector<int>& models)
{
    std::vector<FamilyLook> looks;
    for (const int model : models) {
        FamilyLook look = familyLook(results, model);
        if (std::ranges::find(looks, look.index, &FamilyLook::index) == looks.end())
            looks.push_back(std::move(look));
    }
    std::ranges::stable_sort(looks, {}, [](const FamilyLook& look) { return unsigned(look.index); });
    return looks;
}

std::optional<Panel> familyKey(const StudyResults& results, const std::vector<int>& models, int row, const std::vector<KeyLayer::Entry>& others)
{
    const std::vector<FamilyLook> looks = familyLooks(results, models);
    KeyLayer key;
    key.id = "families";
    for (const FamilyLook& look : looks)
        if (looks.size() > 1)
            key.entries.push_back({look.name, look.role, look.marker, false, Dash::Solid, 1});
    key.entries.insert(key.entries.end(), others.begin(), others.end());
    if (key.entries.empty())
        return std::nullopt;
    Panel panel;
    panel.id = "families";
    panel.row = row;
    panel.legend = LegendPlace::None;
    panel.x.isVisible = panel.y.isVisible = false;
    panel.heightEm = 1.4 * std::ceil(double(key.entries.size()) / 5);
    panel.layers.emplace_back(std::move(key));
    return panel;
}

std::string analysisLabel(const StudyAnalysis& analysis) { return analysis.label.empty() ? analysis.id : analysis.label; }

std::string labelWithGoal(const StudyAnalysis& analysis)
{
    const std::string label = analysisLabel(analysis);
    const std::string goal = goalText(analysis.target);
    const bool saysGoal = analysis.kind != AnalysisKind::Attack || label.find(goal) != std::string::npos;
    return saysGoal ? label : label + ", " + goal;
}

std::string goalText(const TargetRule& rule)
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

std::string percentText(double share) { return threeDigits(100 * share) + " %"; }

std::string rateText(std::int64_t hits, std::int64_t total)
{
    if (total == 0)
        return "no images";
    const auto [low, high] = wilsonInterval(hits, total);
    return percentText(double(hits) / double(total)) + " " + intervalText({100 * low, 100 * high});
}

std::string publishedText(const PublishedAccuracy& published)
{
    const double in255 = 255 * published.eps;
    const bool isOf255 = published.norm == "linf" && std::abs(in255 - std::round(in255)) < 0.01 && in255 > 0.5;
    return published.attack + " " + percentText(published.robustAccuracy) + " at ε = " + (isOf255 ? countText(std::llround(in255)) + "/255" : threeDigits(published.eps)) + " (" + published.source + ")";
}

std::string publishedSentence(const StudyResults& results, const std::vector<int>& models, Norm norm)
{
    std::string text;
    for (const int model : models)
        for (const PublishedAccuracy& published : results.models[std::size_t(model)].published)
            if (published.norm == normName(norm))
                text += (text.empty() ? " Open stars: values that others have published, of their own test images: " : "; ") + results.study.models[std::size_t(model)].name + ", " + publishedText(published);
    return text.empty() ? text : text + ".";
}

std::string studySentence(const StudyResults& results)
{
    const Study& study = results.study;
    std::string text = (study.name.empty() ? std::string("Study") : "Study " + study.name) + ": " + countText(std::ssize(study.models)) + " models, "
        + countText(std::ssize(results.images)) + " images of " + study.images.path.substr(study.images.path.find_last_of('/') + 1) + ", seed "
        + std::to_string(study.seed) + ".";
    if (!results.isComplete())
        text += " In part: " + countText(results.unitsDone) + " of " + countText(results.unitsTotal) + " units.";
    return text;
}

std::string leftOutSentence(const StudyResults& results)
{
    std::string text;
    for (std::size_t m = 0; m < results.models.size(); ++m)
        if (!results.models[m].error.empty())
            text += " Without " + results.study.models[m].name + ": " + results.models[m].error;
    return text;
}

Json studyProvenance(const StudyResults& results, const StudySelection& selection)
{
    Json json{{"program", std::string("Brink ") + version}, {"schema", "brink.provenance/1"}, {"kind", "study"}};
    json["study"] = withoutFolders(toJson(results.study));
    json["models"] = Json::array();
    for (std::size_t m = 0; m < results.models.size(); ++m) {
        Json model{{"name", results.study.models[m].name}};
        if (!results.models[m].sha256.empty())
            model["sha256"] = results.models[m].sha256;
        if (!results.models[m].error.empty())
            model["error"] = results.models[m].error;
        json["models"].push_back(std::move(model));
    }
    json["images"] = {{"count", results.images.size()}, {"sha256", imagesHash(results)}};
    json["units"] = {{"done", results.unitsDone}, {"total", results.unitsTotal}};
    json["seconds"] = results.seconds;
    json["warnings"] = toJson(results.warnings);
    Json shown;
    setIfPresent(shown, "analysis", selection.analysis);
    shown["common"] = selection.commonSet;
    shown["rule"] = transferRuleName(selection.rule);
    shown["order"] = orderName(selection.order);
    shown["statistic"] = selection.statistic == DistanceStatistic::Median ? "median" : "mean";
    const MarginQuery& margins = selection.margins;
    shown["margins"] = {{"norm", normName(margins.norm)}, {"attacks", margins.analyses}, {"score", marginScoreName(margins.score)},
        {"correctOnly", margins.correctOnly}, {"eps", epsOf(margins)}};
    setIfPresent(shown["margins"], "threshold", margins.threshold);
    json["shown"] = std::move(shown);
    return json;
}

} // namespace brink::report
