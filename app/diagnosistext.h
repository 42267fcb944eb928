// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/diagnosis/diagnosis.h"
#include "widgets/controls/lightlist.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace brink {

/// Words of the diagnosis in the window.

[[nodiscard]] StatusBadge::Grade gradeOf(LightState state);
[[nodiscard]] QString stateWord(LightState state);
/// Finished lights, then the others as not done.
[[nodiscard]] std::vector<LightRow> lightRows(const Diagnosis& diagnosis);
/// "cnn: 1 alarm, 2 cautions, 12 good, 4 not judged. PGD in L2 at ε 0.5 fools 44 % of 24 images."; the attack only once it has run.
[[nodiscard]] QString diagnosisHeadline(const Diagnosis& diagnosis);
/// "ε 0.0314, 40 steps, cross-entropy": eps, then what differs from the standard.
[[nodiscard]] QString attackSummary(const AttackRequest& attack);
/// On the button that starts a remedy, and what it says when the pointer rests on it.
[[nodiscard]] QString remedyVerb(const Remedy& remedy);
[[nodiscard]] QString remedyToolTip(const Remedy& remedy);
/// Images as links, at most some of them: "<a href=\"3\">3</a>, ...".
[[nodiscard]] QString imageLinks(const std::vector<std::int64_t>& images);
/// What's this of a check.
[[nodiscard]] QString lightHelp(const LightInfo& info);
/// Inside a budget, for a norm.
[[nodiscard]] QStringList scrutinisedAttacks(Norm norm);

} // namespace brink
