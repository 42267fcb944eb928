// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"

#include <string>

namespace brink {

/// Where the card of a model stands: `x.card.json` for `x.pt`.
[[nodiscard]] std::string modelCardPath(const std::string& modelPath);

/// Writes the card beside the model, whole or not at all. Keys as modelCardFromJson takes them; `origin` is left out; published
/// values in the file stay unless the card has its own.
/// @throws Error(Io) naming the file when the folder cannot be written, Error(Format|Shape|Usage) for a card that could not be
/// read again.
void saveModelCard(const std::string& modelPath, Json card);

} // namespace brink
