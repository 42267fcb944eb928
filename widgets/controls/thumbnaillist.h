// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/cellgrid.h"
#include "widgets/controls/thumbnailmodel.h"

namespace brink {

/// A grid of thumbnails with true and predicted class; arrows move, the current one is framed.
class ThumbnailList : public CellGrid {
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

Q_SIGNALS:
    void imagePicked(int image);
    /// What can be done with this image, at this place of the screen; it need not be the current one.
    void menuWanted(int image, const QPoint& place);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void showCurrent();

    ThumbnailModel* m_model;
    int m_current = -1; ///< image
    bool m_isUpdating = false;
};

} // namespace brink
