// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/autoattack.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>

namespace brink {

namespace {

AutoAttackStage stage(const std::string& name, Norm norm, double eps, const std::string& attack, const std::vector<std::string>& settings)
{
    AutoAttackStage made{name, {attack, norm, Params(attackInfo(attack).parameters), false}};
    for (const std::string& setting : settings)
        made.attack.parameters.assign(setting);
    made.attack.parameters.set(attack == "fab" ? "goal" : "eps", eps);
    return made;
}

} // namespace

AutoAttackVersion autoAttackVersionFromName(std::string_view name)
{
    for (const auto version : {AutoAttackVersion::Standard, AutoAttackVersion::Plus, AutoAttackVersion::Rand})
        if (name == autoAttackVersionName(version))
            return version;
    throw Error(ErrorCode::Usage, unknownName("version of AutoAttack", name, {"standard", "plus", "rand"}));
}

std::string autoAttackVersionName(AutoAttackVersion version)
{
    switch (version) {
    case AutoAttackVersion::Standard: return "standard";
    case AutoAttackVersion::Plus: return "plus";
    case AutoAttackVersion::Rand: return "rand";
    }
    throw Error(ErrorCode::Domain, "Unknown version of AutoAttack.");
}

std::vector<AutoAttackStage> autoAttackStages(AutoAttackVersion version, Norm norm, double eps, int classes)
{
    if (norm == Norm::L0)
        throw Error(ErrorCode::Usage, "AutoAttack has no norm l0; use linf, l2 or l1.");
    const bool isSparse = norm == Norm::L1;
    const auto apgd = [&](const std::string& name, const std::string& loss, std::vector<std::string> settings) {
        settings.insert(settings.begin(), {"loss=" + loss, std::string("widened=") + (version == AutoAttackVersion::Standard ? "true" : "false")});
        return stage(name, norm, eps, "apgd", settings);
    };
    const AutoAttackStage targetedFab = stage("fab-t", norm, eps, "fab", {"targets=9", "restarts=1", "final-search=0"});
    if (version == AutoAttackVersion::Rand)
        return {apgd("apgd-ce", "cross-entropy", {"eot=20"}), apgd("apgd-dlr", "dlr", {"eot=20"})};
    std::vector<AutoAttackStage> stages;
    if (version == AutoAttackVersion::Standard) {
        stages = {apgd("apgd-ce", "cross-entropy", {isSparse ? "restarts=5" : "restarts=1"}),
            apgd("apgd-t", "dlr-targeted", {isSparse ? "targets=5" : "targets=9"}), targetedFab};
        if (!isSparse)
            stages.push_back(stage("square", norm, eps, "square", {}));
        return stages;
    }
    stages = {apgd("apgd-ce", "cross-entropy", {"restarts=5"}), apgd("apgd-dlr", "dlr", {"restarts=5"}),
        stage("fab", norm, eps, "fab", {"restarts=5", "final-search=0", "candidates=" + std::to_string(std::max(1, classes - 1))})};
    if (!isSparse)
        stages.push_back(stage("square", norm, eps, "square", {}));
    stages.push_back(apgd("apgd-t", "dlr-targeted", {"targets=9"}));
    stages.push_back(targetedFab);
    return stages;
}

} // namespace brink
