// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QWidget>

#include <optional>

namespace brink {

/// A round handle that lies over a plot and is dragged, or moved by the arrow keys while it has the focus.
class DragHandle : public QWidget {
    Q_OBJECT
public:
    enum class Sign { Turn, Extent, Level };

    DragHandle(Sign sign, const QString& name, const QString& toolTip, QWidget* parent);

    /// Its middle, in the parent.
    void moveTo(QPointF centre);
    [[nodiscard]] QSize sizeHint() const override { return {diameter, diameter}; }

Q_SIGNALS:
    void dragStarted();
    /// Way since the start, pixels; y grows downwards.
    void dragged(QPointF way);
    void dragEnded();
    /// A step by an arrow key: one of (±1, 0), (0, ±1).
    void stepped(QPointF direction);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    static constexpr int diameter = 22;
    Sign m_sign;
    std::optional<QPointF> m_from; ///< global, while dragged
};

} // namespace brink
