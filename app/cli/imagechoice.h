// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"
#include "core/boundary/surveyimages.h"

namespace brink::cli {

/// --count and --entry.
void addImageChoice(Options& options);

/// Those of the images that --entry lets in (classified correctly, or all; an image without a label always enters), the first --count of
/// them. @throws Error(Usage|Domain) when none is left.
[[nodiscard]] ChosenImages enteringImages(const Options& options, const ChosenImages& images, const std::shared_ptr<const Classifier>& model);

/// For a survey, with the path of --images as their source.
[[nodiscard]] SurveyImages surveyImages(const Options& options, ChosenImages images);

} // namespace brink::cli
