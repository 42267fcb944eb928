// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/figure/figure.h"
#include "widgets/plot/theme.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

class QImage;

namespace brink {

/// How a figure becomes a file. Sizes are of the whole figure on paper.
struct ExportSpec {
    double widthMm = 85;              ///< one column; two columns are 175
    std::optional<double> heightMm;   ///< absent: width times the figure's aspect
    double fontPt = 8;
    double dpi = 300;                 ///< PNG only
    ThemeKind theme = ThemeKind::Print;
    bool isTransparent = false;       ///< no background, PNG and SVG
    std::string fontFamily;           ///< empty: the application's
};

/// "pdf", "svg", "png", "csv": chosen by the file's suffix.
[[nodiscard]] const std::vector<std::string>& exportFormats();

/// Writes the figure: PDF and SVG as vectors (fonts embedded; text stays text), PNG at the stated dpi, CSV the data behind
/// it. Each file carries figureDocument(). The file appears whole or not at all. Needs a QApplication, no window.
/// @throws Error(Usage) for an unknown suffix (names the nearest), Error(Domain) for absurd sizes, Error(Io) when the file cannot be
/// written (no permission, disk full); nothing half-written is left.
void exportFigure(const Figure& figure, const ExportSpec& spec, const QString& path);

/// The picture that exportFigure() writes as PNG: the preview of the dialog. @throws Error(Domain).
[[nodiscard]] QImage renderFigure(const Figure& figure, const ExportSpec& spec);

/// What an exported PNG, SVG or PDF carries (see provenance.h).
[[nodiscard]] Json readProvenance(const QString& path);

} // namespace brink
