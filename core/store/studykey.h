// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/inspect.h"

#include <string>

namespace brink {

/// What tells two models apart as far as results go; known also for a model whose file has gone.
struct ModelIdentity {
    std::string sha256; ///< of the file
    Json card;          ///< how it is fed and read (toJson(ModelCard))
};

[[nodiscard]] ModelIdentity identityOf(const Classifier& model);

/// SHA-256 of all that an Inspect result depends on: program version, model and card, pixels, index and label of the
/// image, norm, target, every parameter and the seed. Equal keys mean equal results, costs and times apart.
/// @param request its `model` and `source` are not looked at. @param imageSha256 imageSha256() of `source`.
[[nodiscard]] std::string studyKey(const InspectRequest& request, const ModelIdentity& model, const std::string& imageSha256);

} // namespace brink
