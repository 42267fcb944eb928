// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/figure/figure.h"
#include "widgets/plot/theme.h"

#include <QByteArray>
#include <QSize>
#include <QString>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

class QImage;

namespace brink {

/// How a figure becomes a file. Sizes are of the whole figure on paper.
struct ExportSpec {
    double widthMm = 85;              ///< one column; two columns are 175
    std::optional<double> heightMm;   ///< absent: width times the figure's aspect, and its rows of fixed height
    double fontPt = 8;
    double dpi = 300;                 ///< PNG only
    ThemeKind theme = ThemeKind::Print;
    bool isTransparent = false;       ///< no background
    bool outlinesText = false;        ///< letters as curves in PDF and SVG: no fonts needed, no text to search
    std::string fontFamily;           ///< empty: the application's
};

/// "pdf", "svg", "png", "csv": chosen by the file's suffix.
[[nodiscard]] const std::vector<std::string>& exportFormats();

/// Writes the figure: PDF and SVG as vectors (fonts embedded; text stays text), PNG at the stated dpi, CSV the data behind
/// it. Each file carries figureDocument(). The file appears whole or not at all. Needs a QApplication, no window.
/// @throws Error(Usage) for an unknown suffix (names the nearest), Error(Domain) for absurd sizes, Error(Io) when the file cannot be
/// written (no permission, disk full); nothing half-written is left.
void exportFigure(const Figure& figure, const ExportSpec& spec, const QString& path);

/// What exportFigure() writes, for the clipboard. @param format one of exportFormats(). @throws Error(Usage|Domain).
[[nodiscard]] QByteArray encodedFigure(const Figure& figure, const ExportSpec& spec, const QString& format);

/// The figure with these ranges instead of its own, by panel id (x low, x high, y low, y high): as the user zoomed it.
[[nodiscard]] Figure withRanges(Figure figure, const std::map<std::string, std::array<double, 4>>& ranges);

/// Size on paper in mm, and of the PNG in pixels.
[[nodiscard]] QSizeF exportSizeMm(const Figure& figure, const ExportSpec& spec);
[[nodiscard]] QSize exportSizePixels(const Figure& figure, const ExportSpec& spec);

/// The picture that exportFigure() writes as PNG: the preview of the dialog. @throws Error(Domain).
[[nodiscard]] QImage renderFigure(const Figure& figure, const ExportSpec& spec);

/// What an exported PNG, SVG or PDF carries (see provenance.h).
[[nodiscard]] Json readProvenance(const QString& path);

} // namespace brink
