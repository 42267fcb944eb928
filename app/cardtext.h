// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/modelcard.h"
#include "widgets/controls/cardeditor.h"

#include <QHash>
#include <QString>

#include <optional>

namespace brink {

/// A card as the editor shows it. Numbers in the C locale, as in the file.
[[nodiscard]] CardFields cardFields(const ModelCard& card);

/// What was typed, as a card file holds it, or what is wrong with it, by field of the editor.
struct ParsedCard {
    Json json;
    QHash<QString, QString> errors;
    [[nodiscard]] bool isValid() const { return errors.isEmpty(); }
};
/// @param classCount of the model; other counts of names are refused. Fields left empty are in the JSON, too, so that they
/// override a card file.
[[nodiscard]] ParsedCard parseCard(const CardFields& fields, int classCount);

} // namespace brink
