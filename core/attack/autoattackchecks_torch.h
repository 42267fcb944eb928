// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/autoattack.h"
#include "core/model/classifier_torch.h"

namespace brink {

/// AutoAttack's automatic checks (flags_doc.md of the authors' code), each a warning with what to do.

/// Five passes over the same images differ in a class, or by more than 1e-4 in normalised logits. Counts five forwards each.
[[nodiscard]] bool answersAtRandom(Evaluator& evaluator, const at::Tensor& images);
[[nodiscard]] Warnings modelWarnings(const Classifier& classifier, AutoAttackVersion version, bool isRandom);
/// Too few classes for a loss or for the number of targets.
[[nodiscard]] Warnings classWarnings(int classes, std::span<const AutoAttackStage> stages);
/// Square better than the stages before it; zero gradients.
[[nodiscard]] Warnings runWarnings(const AutoAttackLevel& level);

} // namespace brink
