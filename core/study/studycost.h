// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/study.h"

namespace brink {

/// Gradients that one image under one model is expected to cost, at most: attacks that end early need fewer.
[[nodiscard]] double expectedGradients(const StudyAnalysis& analysis);

/// Images of one unit: the study's block, or by what the analysis costs; one of CLEVER; all of a survey of the boundary. The same on every machine, since a unit's
/// key depends on it.
[[nodiscard]] int imagesPerUnit(const Study& study, const StudyAnalysis& analysis);
/// Of predictions of clean images.
[[nodiscard]] int imagesPerCleanUnit(const Study& study);

} // namespace brink
