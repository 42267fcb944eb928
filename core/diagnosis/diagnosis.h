// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack.h"
#include "core/base/json.h"
#include "core/base/monitor.h"
#include "core/base/warning.h"
#include "core/model/classifier.h"
#include "core/params/params.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// What a check found. NotJudged: it could not be judged; the finding says why, and what was measured stays.
enum class LightState { Good, Caution, Alarm, NotJudged };
[[nodiscard]] std::string lightStateName(LightState state); ///< "good", "caution", "alarm", "not-judged"

/// What a light is about: the model, whatever attacks it, or the attack under scrutiny.
enum class LightSubject { Model, Attack };

/// A check as data: what `brink list checks`, the help and the panel show.
struct LightInfo {
    std::string code;    ///< "more-steps"
    std::string title;   ///< "More steps"
    std::string summary; ///< what is asked, one sentence
    std::string source;  ///< who asks it, with the threshold's origin
    LightSubject subject = LightSubject::Model;
};
/// All checks, from cause to consequence.
[[nodiscard]] const std::vector<LightInfo>& lightInfos();
/// @throws Error(Usage) naming the nearest.
[[nodiscard]] const LightInfo& lightInfo(std::string_view code);

/// Some of a plot's points or one of its lines.
struct LightSeries {
    std::string name;
    std::vector<double> x{}, y{};
    bool isPoints = false;
    bool isRaised = false;            ///< drawn as what the light is about
    std::vector<std::string> tips{};  ///< one a point or empty
    bool operator==(const LightSeries&) const = default;
};

/// The evidence behind a light as a picture.
struct LightPlot {
    std::string xLabel, yLabel;       ///< with units
    bool isLogarithmicX = false, isLogarithmicY = false;
    std::optional<std::array<double, 2>> yRange{};
    std::optional<double> threshold{}; ///< on y
    bool hasDiagonal = false;         ///< where x and y would be equal
    std::vector<LightSeries> series{};
    bool operator==(const LightPlot&) const = default;
};

enum class RemedyKind { None, Logits, ScaleLogits, Bpda, Eot, MoreSteps, Restarts, OtherLoss, OtherAttack, AttackModel };
[[nodiscard]] std::string remedyKindName(RemedyKind kind); ///< "more-steps"

/// What to do about a light.
struct Remedy {
    RemedyKind kind = RemedyKind::None;
    std::string sentence{};                ///< empty for nothing
    std::optional<AttackRequest> attack{}; ///< the attack to put under scrutiny instead
    bool setsBpda = false;                 ///< load the model with `"bpda": true` in its card
};

/// One traffic light.
struct Light {
    std::string code;
    LightState state = LightState::NotJudged;
    std::string finding;                 ///< one plain sentence with the measured number and its unit
    std::optional<double> value{};       ///< what was measured ...
    std::optional<double> threshold{};   ///< ... and from where on it is raised
    std::string follows{};               ///< code of the light that may explain this one: settle that first
    /// What the number said by itself, where `follows` is set.
    LightState measured = LightState::NotJudged;
    std::vector<std::int64_t> flagged{}; ///< images (places in their set) that it is about
    Remedy remedy{};
    std::optional<LightPlot> plot{};

    [[nodiscard]] bool isRaised() const { return state == LightState::Caution || state == LightState::Alarm; }
};

/// One image, as the model takes it.
struct DiagnosisImage {
    Image image;
    std::int64_t index = 0;              ///< place in its set
    std::optional<std::int64_t> label{}; ///< absent: the predicted class is defended
};

/// What is to be looked at. Equal requests give equal results (costs and times apart).
struct DiagnosisRequest {
    std::shared_ptr<const Classifier> model;
    std::vector<DiagnosisImage> images;
    AttackRequest attack;                ///< under scrutiny, inside a budget; a name alone takes its defaults
    Preset preset = Preset::Paper;       ///< effort of the attacks it is held against
    std::uint64_t seed = 1;
    std::vector<std::string> checks{};   ///< codes; empty: all
    std::shared_ptr<const Classifier> surrogate{}; ///< another model of the same task, for transfer
    int cleverImages = 0;                ///< CLEVER is held against attacks on so many images; it costs more than all the rest
};

/// Immutable outcome; a running diagnosis publishes complete snapshots of it.
struct Diagnosis {
    std::string modelName, modelSha256;
    Norm norm = Norm::Linf;
    double eps = 0;
    AttackRequest attack;                ///< under scrutiny, complete
    Preset preset = Preset::Paper;
    std::uint64_t seed = 1;
    std::int64_t images = 0;             ///< given
    std::vector<std::int64_t> attacked;  ///< those that the model classifies right: places in their set
    std::optional<double> success{};     ///< share of them that the attack fools; absent as long as no check needed it
    std::vector<Light> lights;           ///< finished ones, in the order of lightInfos()
    bool partial = false;                ///< stopped, or still running
    EvaluationCounts counts;
    double seconds = 0;
    Warnings warnings;
};

/// The worst of the lights; NotJudged without any that was judged.
[[nodiscard]] LightState overallState(const Diagnosis& diagnosis);
[[nodiscard]] const Light* findLight(const Diagnosis& diagnosis, std::string_view code);

using DiagnosisPublish = std::function<void(std::shared_ptr<const Diagnosis>)>;

/// Whether numbers about a model's robustness can be trusted. Lights stand from cause to consequence, and a fault raises one of
/// them: a light that an earlier one, at least as bad, may explain is not judged but says so, with what was measured. Stopped, it
/// returns the finished ones. One snapshot a finished check.
/// Sources: Pintor et al. 2022 (arXiv 2106.09947), six indicators with the released code's thresholds; Croce and Hein 2020, checks
/// of AutoAttack; Carlini et al. 2019 (arXiv 1902.06705), what of their list a program can test.
/// @throws Error(Domain|Usage|Shape) before any work: no image that the model classifies right, an attack without a budget,
/// unknown checks, a surrogate of another input size.
[[nodiscard]] Diagnosis diagnose(const DiagnosisRequest& request, Monitor& monitor, const DiagnosisPublish& publish = {});

/// The attack that is looked at unless another is named.
[[nodiscard]] AttackRequest standardScrutiny(Norm norm, double eps, Preset preset);

/// One document (schema "brink.result/1"). @param model whose card it states.
[[nodiscard]] Json toJson(const Diagnosis& diagnosis, const Classifier& model);
[[nodiscard]] Json toJson(const Light& light);

} // namespace brink
