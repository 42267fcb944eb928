// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "core/margins/learnstudy.h"
#include "core/report/studyfigures.h"

#include <optional>
#include <string>

namespace brink::report {

/// Learned pseudo-margin against input margin, training and held-out images, and the losses. Absent when nothing was learned.
[[nodiscard]] std::optional<Figure> pseudoMarginFigure(const StudyResults& results, const StudyPseudoMargin& learned);

/// "Held-out images (97): tau-b 0.58 by the logit margin, 0.71 by the pseudo-margin; AUROC 0.89, then 0.95."
[[nodiscard]] std::string pseudoMarginSentence(const StudyPseudoMargin& learned);

} // namespace brink::report
