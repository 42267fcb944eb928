// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/studyclaims.h"
#include "core/report/transferrates.h"
#include "core/stats/paretobootstrap.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink::report {

/// Places of analyses in the study.
using Analyses = std::vector<int>;

/// What the claims ask of a study; answers that cost something are kept. Absent answers: there is nothing to count.
class Evidence {
public:
    Evidence(const StudyResults& results, const StudySelection& selection);

    [[nodiscard]] const StudyResults& results() const { return m_results; }
    /// Those that work.
    [[nodiscard]] const std::vector<int>& models() const { return m_models; }
    [[nodiscard]] const StudyAnalysis& analysis(int a) const { return m_results.study.analyses[std::size_t(a)]; }
    [[nodiscard]] StudySelection selectionOf(int a, DistanceStatistic statistic) const;

    [[nodiscard]] Analyses attacks(const std::function<bool(const StudyAnalysis&)>& isWanted) const;
    [[nodiscard]] Analyses attacks(std::string_view name, bool isTargeted) const;
    /// Attacks with transfers.
    [[nodiscard]] Analyses transferring() const;
    /// Analyses whose values are distances to the boundary, or CLEVER.
    [[nodiscard]] Analyses robustnessMeasures() const;
    /// The same attack up to one parameter ("" none) and, if so asked, the goal.
    [[nodiscard]] bool isSameBut(int a, int b, const std::string& key, bool ignoresTarget = false) const;

    /// Share of successes over all models together.
    [[nodiscard]] std::optional<double> success(int a) const;
    /// Mean distance over the successes of all models together.
    [[nodiscard]] std::optional<double> distance(int a, Norm norm) const;
    /// Accuracy and mean distance or score of models().
    [[nodiscard]] const std::vector<ModelPoint>& points(int a);
    [[nodiscard]] const TransferRates& rates(int a);
    /// Mean transfer over all pairs of different models.
    [[nodiscard]] std::optional<double> transfer(int a);

private:
    const StudyResults& m_results;
    const StudySelection& m_selection;
    std::vector<int> m_models;
    std::map<int, TransferRates> m_rates;
    std::map<int, std::vector<ModelPoint>> m_points;
};

[[nodiscard]] bool isTargeted(const StudyAnalysis& analysis);
/// "I-FGSM, 10 steps: 93.2 %".
[[nodiscard]] std::string reading(const Evidence& evidence, int a, const std::string& value);
/// Separates readings by semicolons.
void append(std::string& text, const std::string& part);
/// One more reading of a claim that holds only if all do.
void judge(StudyClaim& claim, bool passes, const std::string& numbers);

/// Analyses that differ in one number only make a group; within each the value must not fall (or not rise) with the number.
[[nodiscard]] StudyClaim alongParameter(Evidence& evidence, StudyClaim claim, const Analyses& analyses, const std::string& key, bool shouldRise,
    const std::function<std::optional<double>(int)>& value, const std::function<std::string(double)>& text);

/// The claims, by subject, in the order of the survey.
[[nodiscard]] std::vector<StudyClaim> successClaims(Evidence& evidence);
[[nodiscard]] std::vector<StudyClaim> robustnessClaims(Evidence& evidence);
[[nodiscard]] std::vector<StudyClaim> transferClaims(Evidence& evidence);

} // namespace brink::report
