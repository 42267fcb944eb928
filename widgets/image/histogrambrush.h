// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <array>
#include <optional>
#include <vector>

namespace brink {

/// Histogram of signed values over a symmetric range, counts on a logarithmic scale. A range of values is brushed by
/// dragging; dragging the brushed range moves it, arrows move it by a bin, Shift and arrows widen or narrow it, Esc or a
/// click beside it ends it.
class HistogramBrush : public QWidget {
    Q_OBJECT
public:
    explicit HistogramBrush(QWidget* parent = nullptr);

    /// The brush stays while it touches the new range.
    void setValues(const std::vector<float>& values);
    /// Emits nothing.
    void clearBrush();
    /// Smallest and largest value lit, if any.
    [[nodiscard]] std::optional<std::array<double, 2>> brush() const;

    [[nodiscard]] QSize sizeHint() const override { return {160, 52}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {80, 52}; }

Q_SIGNALS:
    /// brush() has changed by the user's hand.
    void brushed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    static constexpr int bins = 61; ///< odd: one for no change
    [[nodiscard]] QRect plotRect() const;
    [[nodiscard]] int binAt(const QPointF& position) const;
    [[nodiscard]] double lowEdge(int bin) const;
    void setBrush(std::optional<std::array<int, 2>> brush);
    void describe();

    std::array<int, bins> m_counts{};
    double m_limit = 0; ///< values lie within +- this
    std::optional<std::array<int, 2>> m_brush; ///< first and last bin
    std::optional<int> m_anchor;               ///< bin where a new brush began
    std::optional<int> m_movedFrom;            ///< bin under the pointer while the brush is moved
};

} // namespace brink
