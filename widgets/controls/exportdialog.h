// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QSpinBox;

namespace brink {

/// What the export dialog asks for; the writing is done elsewhere.
struct ExportChoice {
    QString format = QStringLiteral("pdf"); ///< "pdf", "svg", "png": also the file ending
    double widthMm = 85;
    double fontPt = 8;
    int dpi = 300;          ///< PNG only
    bool writesCsv = false; ///< the data beside the picture
    bool operator==(const ExportChoice&) const = default;
};

/// Settings of an exported figure in print units, with the caption offered as text.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    /// @param what "Weibull fit", or "All figures".
    ExportDialog(const QString& what, const QString& caption, const ExportChoice& start, QWidget* parent = nullptr);

    [[nodiscard]] ExportChoice choice() const;

private:
    void showFormat();
    void showPreset();

    QComboBox* m_format;
    QComboBox* m_preset;
    QDoubleSpinBox* m_width;
    QDoubleSpinBox* m_font;
    QSpinBox* m_dpi;
    QCheckBox* m_csv;
};

} // namespace brink
