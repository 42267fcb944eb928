// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "widgets/plot/exportfigure.h"

#include <QDialog>
#include <QList>

#include <memory>

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QFontComboBox;
class QFormLayout;
class QLabel;
class QPushButton;
class QSpinBox;

namespace brink {

class FigurePreview;

/// What the export dialog asks for; the writing is done elsewhere.
struct ExportChoice {
    QString format = QStringLiteral("pdf"); ///< "pdf", "svg", "png", "csv": also the file ending
    double widthMm = 85;
    double heightMm = 0;      ///< 0: follows the figure's own proportions
    double fontPt = 8;
    QString fontFamily;       ///< empty: the application's
    int dpi = 300;            ///< PNG only
    ThemeKind theme = ThemeKind::Print;
    bool outlinesText = false; ///< PDF and SVG
    bool isTransparent = false;
    bool writesCsv = false;   ///< the data beside the picture
    bool includesPaths = true; ///< where model and images are, so that the figure opens again
    bool operator==(const ExportChoice&) const = default;
};

[[nodiscard]] ExportSpec exportSpec(const ExportChoice& choice);

/// A usual width of a figure in a paper.
struct PaperWidth {
    const char* name; ///< "Nature, one column"
    double widthMm;
};
[[nodiscard]] const QList<PaperWidth>& paperWidths();

/// Settings of exported figures in print units beside a live preview, with the caption offered as text.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    /// @param what "Weibull fit", or "all figures". @param figures at least one; of several, one is previewed at a time.
    ExportDialog(const QString& what, std::vector<Figure> figures, const ExportChoice& start, QWidget* parent = nullptr);

    [[nodiscard]] ExportChoice choice() const;
    [[nodiscard]] const Figure& figure() const; ///< in the preview

Q_SIGNALS:
    /// The figure in the preview is wanted on the clipboard.
    void copyRequested();

private:
    void makeWidgets();
    [[nodiscard]] QFormLayout* makeForm();
    [[nodiscard]] QWidget* makeCaption();
    void makeButtons();
    void connectWidgets();
    void setChoice(const ExportChoice& choice);
    void showChoice();
    void showPreset();

    std::vector<Figure> m_figures;
    QComboBox* m_shown;
    FigurePreview* m_preview;
    QComboBox* m_format;
    QComboBox* m_preset;
    QDoubleSpinBox* m_width;
    QDoubleSpinBox* m_height;
    QDoubleSpinBox* m_fontSize;
    QFontComboBox* m_font;
    QComboBox* m_theme;
    QComboBox* m_text;
    QCheckBox* m_transparent;
    QSpinBox* m_dpi;
    QCheckBox* m_csv;
    QCheckBox* m_paths;
    QLabel* m_size;
    QLabel* m_caption;
    QDialogButtonBox* m_buttons;
    QPushButton* m_save;
};

} // namespace brink
