// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/margins/margins.h"
#include "core/margins/pseudomargin.h"

#include <cstdint>
#include <string>
#include <vector>

namespace brink {

/// A pseudo-margin learned for one model of a study.
struct StudyPseudoMargin {
    int model = 0;
    MarginQuery query;                 ///< what its input margins were
    std::string layer;                 ///< the last layer, whose inputs are the features; empty for logits
    std::vector<std::int32_t> images;  ///< [N] places in the study: those with a margin
    std::vector<double> margins;       ///< [N]
    PseudoMarginResult result;
};

/// Opens model and images of the study again, looks at each image once and learns its input margin from the features of the
/// penultimate layer or from the logits. Stopped before it could learn, the result has no epochs.
/// @throws Error(Io|Format|Unsupported) for a model or images that are not what they were or have no last layer to be found (which
/// says that logits work), Error(Domain) for too few images with a margin.
[[nodiscard]] StudyPseudoMargin learnPseudoMarginOf(
    const StudyResults& results, int model, const MarginQuery& query, PseudoMarginInput input, const std::string& device, Monitor& monitor);

} // namespace brink
