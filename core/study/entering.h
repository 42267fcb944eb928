// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/data/dataset.h"
#include "core/model/classifier.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace brink {

enum class EntryRule { Correct, All };

/// The first `wanted` of these images that the model can be given and, by the rule, classifies as labelled; an image without a label
/// always enters. Stopped, those found so far. @throws Error(Domain) when none is left.
[[nodiscard]] std::vector<std::int64_t> enteringImages(const std::shared_ptr<const Classifier>& model, const Dataset& dataset, const std::vector<std::int64_t>& indices,
    EntryRule rule, std::size_t wanted, Monitor& monitor);

} // namespace brink
