// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/anchors_torch.h"
#include "core/attack/attack.h"
#include "core/base/rng.h"
#include "core/diagnosis/diagnosis.h"
#include "core/model/classifier_torch.h"
#include "core/threat/metric_torch.h"

#include <functional>
#include <map>

namespace brink {

using AttackOutcomes = std::vector<AttackOutcome>;

/// What the checks of one diagnosis share: the images that the model classifies right, and the attacks that more than one
/// check looks at, run once. n images, K classes; [n,...] is [n,C,H,W].
class DiagnosisBench {
public:
    /// @throws Error as diagnose().
    DiagnosisBench(const DiagnosisRequest& request, Monitor& monitor);

    [[nodiscard]] const DiagnosisRequest& request() const { return m_request; }
    [[nodiscard]] Evaluator& evaluator() { return m_evaluator; }
    [[nodiscard]] const Classifier& model() const { return *m_request.model; }
    [[nodiscard]] const DistanceMetric& metric() const { return m_metric; }
    [[nodiscard]] const AttackRequest& attack() const { return m_attack; } ///< complete
    [[nodiscard]] double eps() const { return m_attack.parameters.real("eps"); }
    [[nodiscard]] double widestEps() const; ///< that of the whole pixel box

    [[nodiscard]] std::int64_t images() const { return std::int64_t(m_items.size()); }
    [[nodiscard]] std::int64_t index(std::size_t row) const { return m_indices[row]; } ///< in the set
    [[nodiscard]] const std::vector<std::int64_t>& indices() const { return m_indices; }
    [[nodiscard]] const at::Tensor& x() const { return m_x; }               ///< [n,...]
    [[nodiscard]] const at::Tensor& allX() const { return m_allX; }         ///< with those classified wrong
    [[nodiscard]] const Anchors& anchors() const { return m_anchors; }
    [[nodiscard]] std::int64_t label(std::size_t row) const { return m_items[row].criterion.reference; }

    /// Whether to leave; the monitor of the check that runs.
    [[nodiscard]] bool stopRequested() const { return m_monitor->stopRequested(); }
    [[nodiscard]] Monitor& monitor() { return *m_monitor; }
    void setMonitor(Monitor& monitor) { m_monitor = &monitor; }
    /// Attacks run from here on are those of parts `part` of `parts` of equal cost of the check.
    void beginPart(std::int64_t part, std::int64_t parts);

    /// One attack on all images, kept: asked for again it costs nothing. @param model another one than the request's.
    [[nodiscard]] const AttackOutcomes& run(const AttackRequest& attack, const std::shared_ptr<const Classifier>& model = {});
    [[nodiscard]] const AttackOutcomes& base() { return run(m_attack); }
    [[nodiscard]] const AttackOutcomes& unconstrained();
    /// The attack under scrutiny with another value.
    [[nodiscard]] AttackRequest attackWith(const std::string& key, const ParamValue& value) const;
    /// APGD of AutoAttack with the effort of the preset.
    [[nodiscard]] AttackRequest apgd(const std::string& loss) const;
    /// Any attack inside the same budget with the effort of the preset.
    [[nodiscard]] AttackRequest rival(const std::string& name) const;
    /// Whether an attack was run already.
    [[nodiscard]] bool hasRun(const AttackRequest& attack) const { return m_runs.contains(keyOf(attack, {})); }

    /// A generator for each image, by the seed, its place and a purpose.
    [[nodiscard]] std::vector<Rng> generators(std::uint64_t purpose) const;
    /// Uniform numbers in [0,1) of the images' shape.
    [[nodiscard]] at::Tensor uniform(std::vector<Rng>& generators) const;

    /// fn of slices [begin, end) of at most the best batch.
    void inBatches(const std::function<void(std::int64_t begin, std::int64_t end)>& fn) const;

    [[nodiscard]] const EvaluationCounts& otherCounts() const { return m_counts; }

private:
    [[nodiscard]] std::string keyOf(const AttackRequest& attack, const std::shared_ptr<const Classifier>& model) const;
    void chooseImages();

    const DiagnosisRequest& m_request;
    Monitor* m_monitor;
    Evaluator m_evaluator;
    DistanceMetric m_metric;
    AttackRequest m_attack;
    std::vector<AttackItem> m_items;
    std::vector<std::int64_t> m_indices;
    at::Tensor m_x, m_allX;
    Anchors m_anchors;
    std::map<std::string, AttackOutcomes> m_runs;
    EvaluationCounts m_counts; ///< of the attacks
    std::int64_t m_part = 0, m_parts = 1;
};

/// What more effort may gain before a light is raised: at least so much, and at least two images.
inline constexpr double effortCaution = 0.05, effortAlarm = 0.2;
/// Raised where so many images more than expected are more than chance.
[[nodiscard]] LightState effortState(std::int64_t gained, std::int64_t images);
/// Images fooled: successes of attacks.
[[nodiscard]] std::int64_t fooled(const AttackOutcomes& outcomes);
/// "7 of 24 images".
[[nodiscard]] std::string ofImages(std::int64_t count, std::int64_t all);
/// "image", "images".
[[nodiscard]] std::string imagesWord(std::int64_t count);
/// "a quarter" as "25 %".
[[nodiscard]] std::string percent(double share);
[[nodiscard]] double median(std::vector<double> values);

/// A check: its description, its share of the work, and what it does. Lights come without follow-up.
struct DiagnosisCheck {
    LightInfo info;
    int cost = 1;
    Light (*run)(DiagnosisBench& bench);
};
/// From cause to consequence.
[[nodiscard]] const std::vector<DiagnosisCheck>& diagnosisChecks();

[[nodiscard]] Light checkOutputs(DiagnosisBench& bench);
[[nodiscard]] Light checkRepeatable(DiagnosisBench& bench);
[[nodiscard]] Light checkGradients(DiagnosisBench& bench);
[[nodiscard]] Light checkSlope(DiagnosisBench& bench);
[[nodiscard]] Light checkScale(DiagnosisBench& bench);
[[nodiscard]] Light checkStability(DiagnosisBench& bench);
[[nodiscard]] Light checkSilentSuccess(DiagnosisBench& bench);
[[nodiscard]] Light checkIncomplete(DiagnosisBench& bench);
[[nodiscard]] Light checkUnconstrained(DiagnosisBench& bench);
[[nodiscard]] Light checkSingleStep(DiagnosisBench& bench);
[[nodiscard]] Light checkMoreSteps(DiagnosisBench& bench);
[[nodiscard]] Light checkRestarts(DiagnosisBench& bench);
[[nodiscard]] Light checkBudgets(DiagnosisBench& bench);
[[nodiscard]] Light checkNoise(DiagnosisBench& bench);
[[nodiscard]] Light checkSquare(DiagnosisBench& bench);
[[nodiscard]] Light checkHardLabel(DiagnosisBench& bench);
[[nodiscard]] Light checkLosses(DiagnosisBench& bench);
[[nodiscard]] Light checkClever(DiagnosisBench& bench);
[[nodiscard]] Light checkTransferBetter(DiagnosisBench& bench);
[[nodiscard]] Light checkTransferFailure(DiagnosisBench& bench);

} // namespace brink
