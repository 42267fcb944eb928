// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>
#include <QWidget>

#include <optional>
#include <string>
#include <vector>

namespace brink {

class FigureView;

/// A cell of a heatmap by its place: row 0 is on top.
struct CellPlace {
    int row = 0, column = 0;
    bool operator==(const CellPlace&) const = default;
};

/// All cells between two corners, both included.
struct CellBlock {
    CellPlace from, to; ///< from.row <= to.row, from.column <= to.column
    bool operator==(const CellBlock&) const = default;
};

/// Lies over a panel of a figure whose cells are one unit wide and high, cell (r, c) between x = c and c + 1 and y = n - r - 1 and
/// n - r, and lets the user pick cells: click or drag a rectangle; with Shift it is the second one, to contrast. Arrows move the
/// picked cell, Shift with arrows extends it. Clicks beside the cells pick a whole row or column. Shows what is picked.
class CellPicker : public QWidget {
    Q_OBJECT
public:
    /// @param view outlives this as its parent. @param panel id of the panel.
    CellPicker(FigureView* view, std::string panel);

    /// No rows: there is nothing to pick.
    void setGrid(int rows, int columns);
    /// What is outlined: a selection may be in several blocks. Emits nothing.
    void setPicked(std::vector<CellBlock> first, std::vector<CellBlock> second);
    /// Whole rows and columns that are pointed out by a thin frame. Emits nothing.
    void setMarked(std::vector<int> rows, std::vector<int> columns);
    /// The next pick is the second one, as with Shift.
    void setPicksSecond(bool picksSecond) { m_picksSecond = picksSecond; }
    /// What the cell under the pointer is, as tool tip.
    void setHint(const QString& text);
    [[nodiscard]] std::optional<CellPlace> current() const { return m_current; }
    /// The middle of a cell, for tests.
    [[nodiscard]] QPointF centreOf(const CellPlace& cell) const;

Q_SIGNALS:
    void picked(const brink::CellBlock& block, bool isSecond);
    void rowPicked(int row);
    void columnPicked(int column);
    /// Absent: the pointer left the cells.
    void hovered(const std::optional<brink::CellPlace>& cell);
    /// Esc: nothing shall be picked.
    void cleared();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QRectF rectOf(const CellBlock& block) const;
    [[nodiscard]] CellPlace placeAt(const QPointF& position) const; ///< may lie beside the cells
    [[nodiscard]] bool isInside(const CellPlace& cell) const;
    [[nodiscard]] CellPlace clipped(const CellPlace& cell) const;
    void pickBeside(const CellPlace& place);
    void move(int rows, int columns, bool extends);
    void hover(const std::optional<CellPlace>& cell);
    void drawMarks(QPainter& painter) const;
    void drawBlocks(QPainter& painter, const std::vector<CellBlock>& blocks, bool isSecond) const;

    FigureView* m_view;
    std::string m_panel;
    int m_rows = 0, m_columns = 0;
    std::vector<CellBlock> m_first, m_second;
    std::vector<int> m_markedRows, m_markedColumns;
    std::optional<CellPlace> m_anchor; ///< while dragging, and of the last pick
    std::optional<CellPlace> m_current; ///< the other corner
    std::optional<CellPlace> m_hovered;
    bool m_isDragging = false;
    bool m_isSecond = false; ///< the pick at work
    bool m_picksSecond = false;
};

} // namespace brink
