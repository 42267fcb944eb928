// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

#include <optional>

class QCheckBox;
class QDoubleSpinBox;
class QFrame;
class QGridLayout;
class QPushButton;
class QSpinBox;

namespace brink {

/// What is done to the image before the model sees it; the defaults do nothing.
struct WhatIfValues {
    double scale = 1;               ///< of the sides, (0,1]
    double blur = 0;                ///< pixels
    std::optional<int> bits;        ///< a channel
    std::optional<int> jpegQuality;
    bool operator==(const WhatIfValues&) const = default;
};

/// A button that says what is done to the image, with the knobs in a panel below it.
class WhatIfButton : public QToolButton {
    Q_OBJECT
public:
    explicit WhatIfButton(QWidget* parent = nullptr);

    /// Emits nothing.
    void setValues(const WhatIfValues& values);
    [[nodiscard]] const WhatIfValues& values() const { return m_values; }

Q_SIGNALS:
    void valuesEdited(const brink::WhatIfValues& values);

private:
    QSpinBox* makeInteger(int minimum, int maximum, int value, const QString& name);
    QDoubleSpinBox* makeReal(double minimum, double maximum, double value, const QString& name);
    void addRow(QGridLayout* layout, QCheckBox* box, QWidget* field, const QString& toolTip);
    void read();
    void showValues();

    WhatIfValues m_values;
    QFrame* m_panel;
    QCheckBox* m_hasScale;
    QDoubleSpinBox* m_scale;
    QCheckBox* m_hasBlur;
    QDoubleSpinBox* m_blur;
    QCheckBox* m_hasBits;
    QSpinBox* m_bits;
    QCheckBox* m_hasJpeg;
    QSpinBox* m_jpeg;
    QPushButton* m_reset;
};

} // namespace brink

Q_DECLARE_METATYPE(brink::WhatIfValues)
