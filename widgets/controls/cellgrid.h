// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemView>

namespace brink {

/// A list as a grid of equal cells; arrows move, one is current. Every place is computed, none is stored, so a hundred
/// thousand items cost what the visible ones cost. What a cell looks like is the delegate's business.
class CellGrid : public QAbstractItemView {
    Q_OBJECT
public:
    /// @param cell the smallest size of one; the width is shared evenly.
    CellGrid(const QSize& cell, QString emptyText, QWidget* parent = nullptr);

    /// Written where the items would be while there are none.
    void setEmptyText(const QString& text);
    /// How many items fit into the view, at least one line of them.
    [[nodiscard]] int columns() const;
    [[nodiscard]] int visibleLines() const;

    [[nodiscard]] QRect visualRect(const QModelIndex& index) const override;
    [[nodiscard]] QModelIndex indexAt(const QPoint& point) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    /// Typing does not search: that would ask every item for its name.
    void keyboardSearch(const QString&) override {}

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void updateGeometries() override;
    [[nodiscard]] int horizontalOffset() const override { return 0; }
    [[nodiscard]] int verticalOffset() const override;
    [[nodiscard]] bool isIndexHidden(const QModelIndex&) const override { return false; }
    [[nodiscard]] QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) override;
    [[nodiscard]] QRegion visualRegionForSelection(const QItemSelection& selection) const override;

private:
    [[nodiscard]] int count() const;
    [[nodiscard]] QRect cell(int row) const;

    QSize m_cell;
    QString m_emptyText;
};

} // namespace brink
