// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/picklist.h"

#include <QAbstractListModel>
#include <QCache>
#include <QImage>
#include <QSet>

class QTimer;

namespace brink {

/// Thumbnails of an image set, made only for what is seen: a missing one is asked for with thumbnailsWanted() and
/// delivered with setThumbnail(). Keeps the last few thousand.
class ThumbnailModel : public QAbstractListModel {
    Q_OBJECT
public:
    explicit ThumbnailModel(QObject* parent = nullptr);

    /// A new set of `count` images; forgets all thumbnails.
    void setCount(int count);
    void setThumbnail(int row, const QImage& thumbnail, const QString& caption, const QString& toolTip);
    /// These will not be delivered; they are asked for again when seen.
    void forgetAsked(const QList<int>& rows);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

Q_SIGNALS:
    /// Rows that became visible without a thumbnail, ascending; each is asked for once.
    void thumbnailsWanted(const QList<int>& rows);

private:
    struct Entry {
        QImage image;
        QString caption;
        QString toolTip;
    };
    void flushWanted();

    int m_count = 0;
    QCache<int, Entry> m_entries;
    mutable QSet<int> m_wanted;
    QSet<int> m_asked;
    QTimer* m_timer;
};

/// A grid of thumbnails with captions; arrows move, the current one is framed. Holds tens of thousands of images.
class ThumbnailList : public PickList {
    Q_OBJECT
public:
    explicit ThumbnailList(QWidget* parent = nullptr);

    [[nodiscard]] ThumbnailModel* thumbnails() const { return m_model; }
    void setCount(int count);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    ThumbnailModel* m_model;
};

} // namespace brink
