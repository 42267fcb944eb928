// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/thumbnailmodel.h"

#include <QAbstractItemView>

namespace brink {

/// A grid of thumbnails with true and predicted class; arrows move, the current one is framed. Every place is computed, none
/// is stored, so a hundred thousand images cost what the visible ones cost.
class ThumbnailList : public QAbstractItemView {
    Q_OBJECT
public:
    explicit ThumbnailList(QWidget* parent = nullptr);

    [[nodiscard]] ThumbnailModel* thumbnails() const { return m_model; }
    void setCount(int count);
    /// The current image stays, where it is still shown. Emits nothing.
    void setOrder(std::shared_ptr<const std::vector<int>> order);
    /// Scrolls to the image, -1 or one that is not shown: none. Emits nothing.
    void setCurrentImage(int image);
    [[nodiscard]] int currentImage() const { return m_current; }
    /// Written where the thumbnails would be while there are none.
    void setEmptyText(const QString& text);

    [[nodiscard]] QRect visualRect(const QModelIndex& index) const override;
    [[nodiscard]] QModelIndex indexAt(const QPoint& point) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    /// Typing does not search: that would ask every image for its name.
    void keyboardSearch(const QString&) override {}

Q_SIGNALS:
    void imagePicked(int image);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
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
    [[nodiscard]] int columns() const;
    [[nodiscard]] int visibleLines() const;
    [[nodiscard]] QRect cell(int row) const;
    void showCurrent();

    ThumbnailModel* m_model;
    QString m_emptyText;
    int m_current = -1; ///< image
    bool m_isUpdating = false;
};

} // namespace brink
