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

/// The first `wanted` of these images that the model can be given. Stopped, those found so far.
/// @param onlyRight leaves those out that it classifies otherwise than labelled; an image without a label always enters.
/// @throws Error(Domain) when none is left.
[[nodiscard]] std::vector<std::int64_t> enteringImages(const std::shared_ptr<const Classifier>& model, const Dataset& dataset, const std::vector<std::int64_t>& indices,
    bool onlyRight, std::size_t wanted, Monitor& monitor);

} // namespace brink
