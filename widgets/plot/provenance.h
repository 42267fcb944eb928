// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/figure/figure.h"

#include <QByteArray>
#include <QString>

namespace brink {

/// Name of the PNG text, the SVG metadata element and the PDF attachment.
inline constexpr const char* provenanceKey = "brink";
inline constexpr const char* provenanceFileName = "brink.json";

/// What travels inside every exported figure, schema "brink.figure/1": figure name, caption, warnings, program version,
/// and the figure's own provenance (model and image hashes, parameters, seed, counts).
[[nodiscard]] Json figureDocument(const Figure& figure);

/// The document of an exported PNG, SVG or PDF, for "drop a figure to open it again".
/// @throws Error(Io) for a file that cannot be read, Error(Format) for one that carries no such document.
[[nodiscard]] Json readProvenance(const QString& path);

/// Whether a file that begins so may be a figure to open again: any PDF or SVG, and a PNG with our description in it.
/// @param begin the first few thousand bytes.
[[nodiscard]] bool looksLikeFigure(const QByteArray& begin);

/// Puts the document into the picture of an SVG file, as a metadata element after its first tag.
[[nodiscard]] QByteArray withSvgMetadata(const QByteArray& svg, const QByteArray& document);

} // namespace brink
