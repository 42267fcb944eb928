// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studyview.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <utility>

namespace brink {

namespace {

template <typename T, std::size_t N> using Names = std::array<std::pair<T, const char*>, N>;

constexpr Names<ModelOrder, 4> orderNames{{{ModelOrder::AsGiven, "as-given"}, {ModelOrder::Family, "family"}, {ModelOrder::Accuracy, "accuracy"},
    {ModelOrder::Clustering, "clustering"}}};
constexpr Names<TransferRule, 4> ruleNames{{{TransferRule::All, "all"}, {TransferRule::CorrectOnTarget, "correct-on-target"},
    {TransferRule::CorrectOnBoth, "correct-on-both"}, {TransferRule::FooledSource, "fooled-source"}}};
constexpr Names<DistanceStatistic, 2> statisticNames{{{DistanceStatistic::Median, "median"}, {DistanceStatistic::Mean, "mean"}}};
constexpr Names<PairSort, 3> sortNames{{{PairSort::Margin, "margin"}, {PairSort::Distance, "distance"}, {PairSort::Index, "index"}}};
constexpr Names<PairFilter, 3> filterNames{{{PairFilter::Transferring, "transferring"}, {PairFilter::Others, "others"}, {PairFilter::All, "all"}}};

template <typename T, std::size_t N> const char* nameOf(const Names<T, N>& names, T value)
{
    return std::ranges::find(names, value, &std::pair<T, const char*>::first)->second;
}

template <typename T, std::size_t N> void take(const Json& json, const char* key, const Names<T, N>& names, T& value)
{
    if (!json.contains(key) || !json.at(key).is_string())
        return;
    const auto text = json.at(key).get<std::string>();
    const auto found = std::ranges::find_if(names, [&text](const auto& entry) { return text == entry.second; });
    if (found != names.end())
        value = found->first;
}

void take(const Json& json, const char* key, bool& value)
{
    if (json.contains(key) && json.at(key).is_boolean())
        value = json.at(key).get<bool>();
}

void take(const Json& json, const char* key, std::string& value)
{
    if (json.contains(key) && json.at(key).is_string())
        value = json.at(key).get<std::string>();
}

Json marginsJson(const MarginQuery& query)
{
    Json json{{"norm", normName(query.norm)}, {"attacks", query.analyses}, {"score", marginScoreName(query.score)}, {"correctOnly", query.correctOnly}};
    if (query.eps)
        json["eps"] = *query.eps;
    if (query.threshold)
        json["threshold"] = *query.threshold;
    return json;
}

MarginQuery marginsFrom(const Json& json)
{
    MarginQuery query;
    std::string norm, score;
    take(json, "norm", norm);
    take(json, "score", score);
    try {
        query.norm = norm.empty() ? query.norm : normFromName(norm);
        query.score = score.empty() ? query.score : marginScoreFromName(score);
    } catch (const Error&) { // of another version
    }
    take(json, "correctOnly", query.correctOnly);
    if (json.contains("attacks") && json.at("attacks").is_array())
        for (const Json& id : json.at("attacks"))
            if (id.is_string())
                query.analyses.push_back(id.get<std::string>());
    if (json.contains("eps") && json.at("eps").is_number())
        query.eps = json.at("eps").get<double>();
    if (json.contains("threshold") && json.at("threshold").is_number())
        query.threshold = json.at("threshold").get<double>();
    return query;
}

} // namespace

Json toJson(const StudyView& view)
{
    return {{"margins", marginsJson(view.margins)},
        {"analysis", view.analysis}, {"transferAnalysis", view.transferAnalysis}, {"commonSet", view.commonSet}, {"logError", view.logError},
        {"statistic", nameOf(statisticNames, view.statistic)}, {"rule", nameOf(ruleNames, view.rule)}, {"order", nameOf(orderNames, view.order)},
        {"sort", nameOf(sortNames, view.sort)}, {"filter", nameOf(filterNames, view.filter)}, {"models", view.models},
        {"tableColumn", view.tableColumn}, {"tableDescending", view.isTableDescending}};
}

StudyView studyViewFromJson(const Json& json)
{
    StudyView view;
    if (!json.is_object())
        return view;
    take(json, "analysis", view.analysis);
    take(json, "transferAnalysis", view.transferAnalysis);
    take(json, "commonSet", view.commonSet);
    take(json, "logError", view.logError);
    take(json, "statistic", statisticNames, view.statistic);
    take(json, "rule", ruleNames, view.rule);
    take(json, "order", orderNames, view.order);
    take(json, "sort", sortNames, view.sort);
    take(json, "filter", filterNames, view.filter);
    if (json.contains("tableColumn") && json.at("tableColumn").is_number_integer())
        view.tableColumn = json.at("tableColumn").get<int>();
    take(json, "tableDescending", view.isTableDescending);
    if (json.contains("margins") && json.at("margins").is_object())
        view.margins = marginsFrom(json.at("margins"));
    if (json.contains("models") && json.at("models").is_array())
        for (const Json& name : json.at("models"))
            if (name.is_string())
                view.models.push_back(name.get<std::string>());
    return view;
}

int analysisIndex(const Study& study, const std::string& id)
{
    const auto found = std::ranges::find(study.analyses, id, &StudyAnalysis::id);
    return found == study.analyses.end() ? -1 : int(found - study.analyses.begin());
}

std::vector<int> modelIndices(const Study& study, const std::vector<std::string>& names)
{
    std::vector<int> indices;
    for (const std::string& name : names) {
        const auto found = std::ranges::find(study.models, name, &StudyModel::name);
        if (found != study.models.end())
            indices.push_back(int(found - study.models.begin()));
    }
    return indices;
}

} // namespace brink
