// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace brink {

using namespace report;

namespace {

constexpr double groupShare = 0.82;   // of the distance between models that bars take
constexpr double faintest = 0.3;      // of the colour, for the weakest setting
constexpr const char* budgetKey = "eps";

/// Attacks that differ in their parameters, weakest first: one panel. Budgets have panels of their own where something else varies too.
struct AttackGroup {
    std::string attack;
    Norm norm = Norm::Linf;
    TargetRule target;
    std::vector<int> analyses;
    [[nodiscard]] bool takes(const StudyAnalysis& analysis) const
    {
        return analysis.attack.name == attack && analysis.attack.norm == norm && analysis.target == target;
    }
};

std::string valueText(const ParamValue& value)
{
    if (const auto* whole = std::get_if<long long>(&value))
        return std::to_string(*whole);
    if (const auto* real = std::get_if<double>(&value))
        return formatReal(*real);
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag ? "yes" : "no";
    return std::get<std::string>(value);
}

/// Keys of the parameters in which the attacks of a group differ.
std::vector<const ParamSpec*> differences(const StudyResults& results, const AttackGroup& group)
{
    std::vector<const ParamSpec*> keys;
    const Params& first = results.study.analyses[std::size_t(group.analyses.front())].attack.parameters;
    for (const ParamSpec& spec : first.specs()) {
        const auto differs = [&](int a) {
            const Params& own = results.study.analyses[std::size_t(a)].attack.parameters;
            return own.contains(spec.key) && own.value(spec.key) != first.value(spec.key);
        };
        if (std::ranges::any_of(group.analyses, differs))
            keys.push_back(&spec);
    }
    return keys;
}

/// By budget, then by the other numbers in which they differ.
AttackGroup sorted(const StudyResults& results, AttackGroup group)
{
    const std::vector<const ParamSpec*> keys = differences(results, group);
    const auto number = [&](int a, const std::string& key) {
        const Params& parameters = results.study.analyses[std::size_t(a)].attack.parameters;
        if (!parameters.contains(key))
            return 0.0;
        const ParamValue& value = parameters.value(key);
        const auto* whole = std::get_if<long long>(&value);
        const auto* real = std::get_if<double>(&value);
        return whole ? double(*whole) : real ? *real : 0.0;
    };
    const auto rank = [&](int a) {
        std::vector<double> numbers{number(a, budgetKey)};
        for (const ParamSpec* key : keys)
            numbers.push_back(number(a, key->key));
        return numbers;
    };
    std::ranges::stable_sort(group.analyses, {}, rank);
    return group;
}

std::vector<AttackGroup> splitByBudget(const StudyResults& results, const AttackGroup& group)
{
    const std::vector<const ParamSpec*> keys = differences(results, group);
    if (keys.size() < 2 || std::ranges::find(keys, budgetKey, &ParamSpec::key) == keys.end())
        return {group};
    std::vector<AttackGroup> split;
    std::optional<double> before;
    for (const int a : group.analyses) {
        const double budget = results.study.analyses[std::size_t(a)].attack.parameters.real(budgetKey);
        if (before != budget)
            split.push_back({group.attack, group.norm, group.target, {}});
        split.back().analyses.push_back(a);
        before = budget;
    }
    return split;
}

std::vector<AttackGroup> groupsOf(const StudyResults& results, const StudySelection& selection)
{
    std::vector<AttackGroup> groups;
    for (int a = 0; a < int(results.study.analyses.size()); ++a) {
        const StudyAnalysis& analysis = results.study.analyses[std::size_t(a)];
        if (analysis.kind != AnalysisKind::Attack)
            continue;
        auto found = std::ranges::find_if(groups, [&](const AttackGroup& group) { return group.takes(analysis); });
        if (found == groups.end())
            found = groups.insert(groups.end(), {analysis.attack.name, analysis.attack.norm, analysis.target, {}});
        found->analyses.push_back(a);
    }
    std::vector<AttackGroup> split;
    for (AttackGroup& group : groups)
        std::ranges::move(splitByBudget(results, sorted(results, std::move(group))), std::back_inserter(split));
    groups = std::move(split);
    // One attack asked for: its panel, with what it is to be compared with.
    if (selection.analysis)
        std::erase_if(groups, [&](const AttackGroup& group) {
            return std::ranges::none_of(group.analyses, [&](int a) { return results.study.analyses[std::size_t(a)].id == *selection.analysis; });
        });
    return groups;
}

/// "10, 30, 50 steps", "ε 0.1, 0.2": what sets the attacks of a group apart, from first to last.
std::string settingsText(const StudyResults& results, const AttackGroup& group, const ParamSpec& spec)
{
    std::string values;
    for (const int a : group.analyses)
        values += (values.empty() ? "" : ", ") + valueText(results.study.analyses[std::size_t(a)].attack.parameters.value(spec.key));
    if (spec.key == "steps")
        return values + " steps";
    return (spec.key == budgetKey ? "ε " : spec.key == "confidence" ? "κ " : spec.label + " ") + values;
}

struct SuccessCount {
    std::int64_t successes = 0, entered = 0;
};
SuccessCount successOf(const StudyResults& results, int analysis, const StudySelection& selection, int model)
{
    SuccessCount count;
    for (const StudyAttackRow& row : results.cell(analysis, model).attack) {
        if (!isShown(results, selection, row.image))
            continue;
        ++count.entered;
        count.successes += row.success;
    }
    return count;
}

class SuccessPanel {
public:
    SuccessPanel(const StudyResults& results, const StudySelection& selection, const std::vector<int>& models, const AttackGroup& group)
        : m_results(results), m_selection(selection), m_models(models), m_group(group), m_keys(differences(results, group))
    {
    }

    Panel make(int row)
    {
        m_panel.id = m_results.study.analyses[std::size_t(m_group.analyses.front())].id;
        m_panel.title = title();
        m_panel.keepsTitle = true;
        m_panel.row = row;
        m_panel.legend = LegendPlace::None;
        m_panel.y.label = "success";
        m_panel.y.range = std::array{0.0, 104.0};
        m_panel.y.ticks = {{0, "0 %"}, {50, "50 %"}, {100, "100 %"}};
        m_panel.x.isVisible = false;
        m_panel.x.range = modelRange(m_models);
        m_panel.layers.emplace_back(RuleLayer{"level-0", {}, Orientation::Horizontal, 0, ColourRole::Text, Dash::Solid});
        for (const double level : {50.0, 100.0})
            m_panel.layers.emplace_back(RuleLayer{"level-" + std::to_string(int(level)), {}, Orientation::Horizontal, level, ColourRole::Muted, Dash::Dotted});
        for (std::size_t k = 0; k < m_group.analyses.size(); ++k)
            addBars(k);
        const auto isBars = [](const Layer& layer) { return std::holds_alternative<BarLayer>(layer); };
        if (std::ranges::none_of(m_panel.layers, isBars))
            m_panel.layers.emplace_back(TextLayer{"empty", "not computed yet", 0.02, 0.9});
        return std::move(m_panel);
    }

    static std::array<double, 2> modelRange(const std::vector<int>& models) { return {-0.6, double(models.size()) - 0.4}; }

    /// "I-FGSM L∞, untargeted: 10, 30, 50 steps".
    [[nodiscard]] std::string title() const
    {
        std::string text = attackLabel(m_group.attack);
        if (text.find(normLabel(m_group.norm)) == std::string::npos)
            text += " " + normLabel(m_group.norm);
        const Params& parameters = m_results.study.analyses[std::size_t(m_group.analyses.front())].attack.parameters;
        if (std::ranges::find(m_keys, budgetKey, &ParamSpec::key) == m_keys.end() && parameters.contains(budgetKey) && parameters.real(budgetKey) > 0)
            text += ", ε " + formatReal(parameters.real(budgetKey));
        text += ", " + goalText(m_group.target);
        for (const ParamSpec* key : m_keys)
            text += (key == m_keys.front() ? ": " : "; ") + settingsText(m_results, m_group, *key);
        return text;
    }

private:
    [[nodiscard]] const std::string& name(std::size_t m) const { return m_results.study.models[std::size_t(m_models[m])].name; }
    void addBars(std::size_t k)
    {
        const StudyAnalysis& analysis = m_results.study.analyses[std::size_t(m_group.analyses[k])];
        const auto count = double(m_group.analyses.size());
        BarLayer bars;
        bars.id = analysis.id;
        bars.role = attackRole(m_group.attack);
        bars.width = groupShare / count;
        bars.offset = (double(k) - (count - 1) / 2) * bars.width;
        bars.strength = count < 2 ? 0.8 : std::lerp(faintest, 1.0, double(k) / (count - 1));
        std::vector<double> position, height, centre, low, high;
        for (std::size_t m = 0; m < m_models.size(); ++m) {
            const SuccessCount success = successOf(m_results, m_group.analyses[k], m_selection, m_models[m]);
            if (success.entered == 0)
                continue;
            const auto interval = wilsonInterval(success.successes, success.entered);
            position.push_back(double(m));
            centre.push_back(double(m) + bars.offset);
            height.push_back(100.0 * double(success.successes) / double(success.entered));
            low.push_back(100 * interval[0]);
            high.push_back(100 * interval[1]);
            bars.tips.push_back(name(m) + ", " + analysisLabel(analysis) + ": " + countText(success.successes) + " of " + countText(success.entered) + " = "
                + rateText(success.successes, success.entered));
            bars.refs.push_back({modelRefKind, name(m)});
        }
        if (position.empty())
            return;
        ScatterLayer whiskers;
        whiskers.id = analysis.id + " interval";
        whiskers.role = ColourRole::Text;
        whiskers.sizePt = 0;
        whiskers.x = makeColumn(std::move(centre));
        whiskers.y = makeColumn(height);
        whiskers.yLow = makeColumn(std::move(low));
        whiskers.yHigh = makeColumn(std::move(high));
        bars.position = makeColumn(std::move(position));
        bars.height = makeColumn(std::move(height));
        m_panel.layers.emplace_back(std::move(bars));
        m_panel.layers.emplace_back(std::move(whiskers));
    }

    const StudyResults& m_results;
    const StudySelection& m_selection;
    const std::vector<int>& m_models;
    const AttackGroup& m_group;
    std::vector<const ParamSpec*> m_keys;
    Panel m_panel;
};

/// The names below the bars, in a row as high as the longest.
Panel namesPanel(const StudyResults& results, const std::vector<int>& models, int row)
{
    Panel panel;
    panel.id = "models";
    panel.row = row;
    panel.legend = LegendPlace::None;
    panel.x.range = SuccessPanel::modelRange(models);
    panel.x.hasLine = false;
    panel.x.tickAngle = models.size() > 8 ? 90 : models.size() > 4 ? 60 : 0;
    panel.y.isVisible = false;
    std::size_t longest = 0;
    const std::vector<std::string> names = shortNames(results);
    for (std::size_t m = 0; m < models.size(); ++m) {
        const std::string& name = names[std::size_t(models[m])];
        panel.x.ticks.emplace_back(double(m), name);
        longest = std::max(longest, name.size());
    }
    constexpr double letterEm = 0.62;
    panel.heightEm = 1.6 + letterEm * double(longest) * std::sin(panel.x.tickAngle * 3.14159 / 180);
    return panel;
}

std::optional<Figure> makeSuccess(const StudyResults& results, const StudySelection& selection)
{
    const std::vector<AttackGroup> groups = groupsOf(results, selection);
    std::vector<int> models = orderedModels(results, selection.order);
    if (!selection.models.empty())
        std::erase_if(models, [&](int m) { return !isEmphasised(selection, m); });
    if (groups.empty() || models.empty())
        return std::nullopt;
    Figure figure;
    figure.name = "success";
    figure.aspect = 0.19 * double(groups.size()) + (groups.size() == 1 ? 0.25 : 0.0);
    for (std::size_t g = 0; g < groups.size(); ++g)
        figure.panels.push_back(SuccessPanel(results, selection, models, groups[g]).make(int(g)));
    const auto hasBars = [](const Panel& panel) {
        return std::ranges::any_of(panel.layers, [](const Layer& layer) { return std::holds_alternative<BarLayer>(layer); });
    };
    if (std::ranges::none_of(figure.panels, hasBars))
        return std::nullopt;
    figure.panels.push_back(namesPanel(results, models, int(groups.size())));
    figure.caption = std::string("Success rates of each attack on each model over ")
        + (selection.commonSet ? "the images that all models classify correctly" : "the images that entered")
        + ", with 95 % Wilson intervals. Bars of one panel differ in the setting named there, in its order from light to dark."
        + leftOutSentence(results) + " " + studySentence(results);
    return figure;
}

} // namespace

StudyFigureInfo successStudyFigure()
{
    return {"success", "Success rates", "Success rates over attacks and their parameters", withStudyProvenance<makeSuccess>};
}

} // namespace brink
