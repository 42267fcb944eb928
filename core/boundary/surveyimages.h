// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/data/dataset.h"
#include "core/model/classifier.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace brink {

/// Images of a set that a survey looks at, in this order; safe to use from any thread.
struct SurveyImages {
    std::shared_ptr<const Dataset> dataset;
    std::vector<std::int64_t> indices;
    std::string source; ///< the set as results name it
};

/// An image as the model takes it. @throws Error as Dataset::image() and prepareImage() do.
[[nodiscard]] Image surveyImage(const SurveyImages& images, std::int64_t index, const Classifier& model);

/// Runs work(unit, monitor) of units 0 .. count - 1 with the help of threads that are free; progress is over all of them. What a
/// unit computes must not depend on the others. @throws what the first unit that fails throws.
void surveyUnits(std::int64_t count, Monitor& monitor, const std::function<void(std::int64_t unit, Monitor&)>& work);

} // namespace brink
