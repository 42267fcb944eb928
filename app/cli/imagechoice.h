// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"

namespace brink::cli {

/// --count and --entry.
void addImageChoice(Options& options);

/// Those of the images that --entry lets in (classified correctly, or all; an image without a label always enters), the first --count of
/// them. @throws Error(Usage|Domain) when none is left.
[[nodiscard]] ChosenImages enteringImages(const Options& options, const ChosenImages& images, const std::shared_ptr<const Classifier>& model);

/// An image as the model takes it.
[[nodiscard]] Image modelImage(const ChosenImages& images, std::int64_t index, const Classifier& model);

} // namespace brink::cli
