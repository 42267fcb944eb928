// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/studyresults.h"

namespace brink::test {

/// How many different attacks studySample() can make.
inline constexpr int mostSampleAttacks = 13;

/// A complete study with invented but consistent numbers, always the same: families, accuracies that fall as robustness rises,
/// attacks that fail on some images, transfers with the diagonal, and CLEVER (the last analysis) with capped and refused scores.
/// From four models on the last one does not work; from three on the pair (1, 2) is refused. Every fifth model has another input size.
/// The first attacks are: I-FGSM 10 steps, C&W, FGSM (untargeted), I-FGSM 10 steps with random target.
StudyResults studySample(int models = 16, int images = 100, int attacks = 3);

} // namespace brink::test
