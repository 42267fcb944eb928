// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/diagnosis/diagnosis.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/diagnosis/bench_torch.h"

#include <algorithm>
#include <chrono>

namespace brink {

namespace {

constexpr const char* pintor = "Pintor et al. 2022, arXiv 2106.09947";
constexpr const char* carlini = "Carlini et al. 2019, arXiv 1902.06705";
constexpr const char* croce = "Croce and Hein 2020, AutoAttack";

std::string from(const char* source, const char* rest) { return std::string(source) + ", " + rest; }

std::vector<DiagnosisCheck> makeChecks()
{
    using enum LightSubject;
    return {
        {{"outputs", "Outputs are logits", "Does the model give logits, or probabilities that saturate?", from(croce, "check of the released code: in [0,1], sums within 1e-5 of 1"), Model}, 1, checkOutputs},
        {{"repeatable", "Answers repeat", "Does the same image give the same answer every time?", from(croce, "check of the released code: five passes, 1e-4"), Model}, 1, checkRepeatable},
        {{"gradients", "Gradients reach the image", "Has every image an input gradient that is not zero?", from(pintor, "indicator unavailable gradients: none may be zero"), Model}, 1, checkGradients},
        {{"slope", "Gradient agrees with differences", "Does the margin move along its gradient as the gradient says?", "Goodfellow 2018, arXiv 1804.07870; thresholds 50 % and 75 % of ours", Model}, 1, checkSlope},
        {{"scale", "Scale of the logits", "Does the cross-entropy lead as far with the logits as they are as with smaller ones?", "Carlini and Wagner 2016, arXiv 1607.04311; thresholds 5 and 20 points of ours", Model}, 10, checkScale},
        {{"stability", "Stable predictions", "Does the loss stay about the same under small noise?", from(pintor, "indicator unstable predictions: 100 draws within 4/255; threshold 25 % of ours"), Model}, 5, checkStability},
        {{"silent-success", "No silent success", "Does the attack report every adversarial image that it passes?", from(pintor, "indicator silent success"), Attack}, 4, checkSilentSuccess},
        {{"incomplete", "Optimisation has ended", "Has the loss come to rest where the attack fails?", from(pintor, "indicator incomplete optimisation: 5 % of the range in the last 10 steps; cautions from a quarter of the failures on"), Attack}, 1, checkIncomplete},
        {{"unconstrained", "Success without a limit", "Does the attack fool every image when the budget is the whole box?", from(pintor, "indicator unconstrained attack failure: none may fail"), Attack}, 4, checkUnconstrained},
        {{"single-step", "Many steps beat one", "Does FGSM fool no more images than the attack?", from(carlini, "section 5: iterative beats single-step; raised from two images and 5 points on"), Attack}, 1, checkSingleStep},
        {{"more-steps", "Twice the steps add nothing", "Is the success the same with twice the steps?", from(carlini, "section 5: more iterations; thresholds 5 and 20 points of ours"), Attack}, 8, checkMoreSteps},
        {{"restarts", "More starts add nothing", "Is the success the same from five times the random starts?", from(carlini, "section 5: several random restarts; thresholds 5 and 20 points of ours"), Attack}, 10, checkRestarts},
        {{"budgets", "Success grows with the budget", "Does a larger budget never fool fewer images?", from(carlini, "section 5: success against budget; thresholds 5 and 20 points of ours"), Attack}, 16, checkBudgets},
        {{"noise", "Better than noise", "Does noise fool no image that the attack leaves?", from(carlini, "section 5: random noise, 10 000 draws"), Attack}, 10, checkNoise},
        {{"square", "Gradients beat none", "Does Square, which asks for no gradient, fool no image that APGD leaves?", from(croce, "check of the released code: 0.2 points of accuracy"), Model}, 30, checkSquare},
        {{"hard-label", "Gradients beat classes alone", "Does HopSkipJump, which sees no more than the class, fool no image that APGD leaves?", from(carlini, "section 5: a hard-label attack; raised from two images and 5 points on"), Model}, 20, checkHardLabel},
        {{"losses", "Losses agree", "Do cross-entropy and difference of logits ratio fool about as many images?", from(croce, "section 4; thresholds 10 and 25 points of ours"), Model}, 2, checkLosses},
        {{"clever", "CLEVER below the attacks", "Does the CLEVER estimate lie below the nearest image that an attack finds?", "Weng et al. 2018, arXiv 1801.10578, table 3: up to 22 % of the images lie above", Model}, 40, checkClever},
        {{"transfer", "Own gradients lead farthest", "Do images made for another model fool no image that the attack leaves?", from(carlini, "section 5: transfer attack"), Model}, 4, checkTransferBetter},
        {{"transfer-failure", "Images made elsewhere transfer", "Do images that fool the surrogate fool this model, too?", from(pintor, "indicator transfer failure"), Attack}, 1, checkTransferFailure},
    };
}

std::vector<std::string> knownCodes()
{
    std::vector<std::string> codes;
    for (const DiagnosisCheck& check : diagnosisChecks())
        codes.push_back(check.info.code);
    return codes;
}

/// Without answers that repeat, or gradients, nothing behind them can be judged, be it green or red.
bool blocksAll(const Light& light) { return (light.code == "repeatable" || light.code == "gradients") && light.state == LightState::Alarm; }

/// A light that an earlier one, at least as bad, may explain waits until that one is settled.
void follow(Light& light, const std::vector<Light>& before)
{
    for (const Light& cause : before) {
        const bool mayExplain = blocksAll(cause) ? light.state != LightState::NotJudged : cause.isRaised() && light.isRaised() && cause.state >= light.state;
        if (!mayExplain)
            continue;
        light.measured = light.state;
        light.state = LightState::NotJudged;
        light.follows = cause.code;
        light.remedy = {};
        return;
    }
}

double secondsSince(std::chrono::steady_clock::time_point start) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); }

/// One diagnosis on its way.
class DiagnosisRun {
public:
    DiagnosisRun(const DiagnosisRequest& request, Monitor& monitor, const DiagnosisPublish& publish)
        : m_request(request), m_monitor(monitor), m_publish(publish), m_bench(request, monitor)
    {
        describe();
    }

    Diagnosis run()
    {
        std::vector<const DiagnosisCheck*> chosen;
        std::int64_t total = 0, done = 0;
        for (const DiagnosisCheck& check : diagnosisChecks())
            if (isWanted(check.info.code)) {
                chosen.push_back(&check);
                total += check.cost;
            }
        send();
        for (const DiagnosisCheck* check : chosen) {
            PartMonitor part(m_monitor, done, check->cost, total);
            done += check->cost;
            work(*check, part);
            if (m_monitor.stopRequested())
                break;
            m_monitor.progress(done, total);
            send();
        }
        m_result.partial = m_result.lights.size() < chosen.size();
        send(m_result.partial);
        return std::move(m_result);
    }

private:
    [[nodiscard]] bool isWanted(const std::string& code) const
    {
        return m_request.checks.empty() || std::ranges::find(m_request.checks, code) != m_request.checks.end();
    }

    void describe()
    {
        m_result.modelName = m_request.model->card().name;
        m_result.modelSha256 = m_request.model->sha256();
        m_result.attack = m_bench.attack();
        m_result.norm = m_result.attack.norm;
        m_result.eps = m_bench.eps();
        m_result.preset = m_request.preset;
        m_result.seed = m_request.seed;
        m_result.images = std::ssize(m_request.images);
        m_result.attacked = m_bench.indices();
        for (const std::string& code : m_request.checks)
            static_cast<void>(lightInfo(code));
    }

    void work(const DiagnosisCheck& check, Monitor& monitor)
    {
        if (m_monitor.stopRequested())
            return;
        m_bench.setMonitor(monitor);
        m_bench.beginPart(0, 1);
        Light light = check.run(m_bench);
        m_bench.setMonitor(m_monitor);
        if (m_monitor.stopRequested())
            return; // half a check is none
        light.code = check.info.code;
        follow(light, m_result.lights);
        m_result.lights.push_back(std::move(light));
        if (m_bench.hasRun(m_bench.attack()))
            m_result.success = double(fooled(m_bench.base())) / double(m_bench.images());
    }

    void send(bool isPartial = true)
    {
        m_result.partial = isPartial;
        m_result.counts = m_bench.evaluator().counts();
        m_result.counts += m_bench.otherCounts();
        m_result.seconds = secondsSince(m_start);
        if (m_publish)
            m_publish(std::make_shared<const Diagnosis>(m_result));
    }

    const DiagnosisRequest& m_request;
    Monitor& m_monitor;
    const DiagnosisPublish& m_publish;
    const std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    DiagnosisBench m_bench;
    Diagnosis m_result;
};

} // namespace

const std::vector<DiagnosisCheck>& diagnosisChecks()
{
    static const std::vector<DiagnosisCheck> checks = makeChecks();
    return checks;
}

std::string lightStateName(LightState state)
{
    switch (state) {
    case LightState::Good: return "good";
    case LightState::Caution: return "caution";
    case LightState::Alarm: return "alarm";
    case LightState::NotJudged: return "not-judged";
    }
    return "";
}

std::string remedyKindName(RemedyKind kind)
{
    switch (kind) {
    case RemedyKind::None: return "none";
    case RemedyKind::Logits: return "logits";
    case RemedyKind::ScaleLogits: return "scale-logits";
    case RemedyKind::Bpda: return "bpda";
    case RemedyKind::Eot: return "eot";
    case RemedyKind::MoreSteps: return "more-steps";
    case RemedyKind::Restarts: return "restarts";
    case RemedyKind::OtherLoss: return "other-loss";
    case RemedyKind::OtherAttack: return "other-attack";
    case RemedyKind::AttackModel: return "attack-model";
    }
    return "";
}

const std::vector<LightInfo>& lightInfos()
{
    static const std::vector<LightInfo> infos = [] {
        std::vector<LightInfo> all;
        for (const DiagnosisCheck& check : diagnosisChecks())
            all.push_back(check.info);
        return all;
    }();
    return infos;
}

const LightInfo& lightInfo(std::string_view code)
{
    const auto found = std::ranges::find(lightInfos(), code, &LightInfo::code);
    if (found == lightInfos().end())
        throw Error(ErrorCode::Usage, unknownName("check", code, knownCodes()));
    return *found;
}

LightState overallState(const Diagnosis& diagnosis)
{
    LightState worst = LightState::NotJudged;
    for (const Light& light : diagnosis.lights)
        if (light.state != LightState::NotJudged && (worst == LightState::NotJudged || light.state > worst))
            worst = light.state;
    return worst;
}

const Light* findLight(const Diagnosis& diagnosis, std::string_view code)
{
    const auto found = std::ranges::find(diagnosis.lights, code, &Light::code);
    return found == diagnosis.lights.end() ? nullptr : &*found;
}

AttackRequest standardScrutiny(Norm norm, double eps, Preset preset)
{
    AttackRequest attack;
    attack.name = "pgd";
    attack.norm = norm;
    attack.parameters = Params(attackInfo("pgd").parameters, preset);
    attack.parameters.set("eps", eps);
    return attack;
}

Diagnosis diagnose(const DiagnosisRequest& request, Monitor& monitor, const DiagnosisPublish& publish)
{
    if (!request.model || request.images.empty())
        throw Error(ErrorCode::Domain, "A diagnosis needs a model and at least one image.");
    return DiagnosisRun(request, monitor, publish).run();
}

} // namespace brink
