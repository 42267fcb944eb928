// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QCache>
#include <QImage>
#include <QSet>

#include <memory>
#include <optional>
#include <vector>

class QTimer;

namespace brink {

/// What a model says about one image, as a thumbnail shows it.
struct ThumbnailMark {
    enum class State : std::uint8_t { None, Right, Wrong, Unlabelled, Refused };
    State state = State::None;
    std::int32_t predicted = -1;
    float margin = 0;     ///< of logits
    float confidence = 0; ///< [0,1]
    bool operator==(const ThumbnailMark&) const = default;
};
using ThumbnailMarks = std::vector<ThumbnailMark>;

/// Thumbnails of an image set, in an order given from outside. Pictures are made only for what is seen: a missing one is
/// asked for with thumbnailsWanted() and delivered with setThumbnail(); the last few thousand are kept. Images are named by
/// their index in the set, rows are places in the order shown.
class ThumbnailModel : public QAbstractListModel {
    Q_OBJECT
public:
    static constexpr int MarkRole = Qt::UserRole;      ///< int(ThumbnailMark::State)
    static constexpr int PredictedRole = Qt::UserRole + 1; ///< name of the predicted class; empty: not known
    static constexpr int ImageRole = Qt::UserRole + 2; ///< index of the image in the set

    explicit ThumbnailModel(QObject* parent = nullptr);

    /// A new set of `count` images in their own order; forgets all thumbnails and marks.
    void setCount(int count);
    /// The images shown, by index, in this order; null: all of them.
    void setOrder(std::shared_ptr<const std::vector<int>> order);
    /// One mark an image; null: none. @param classNames of the predicted classes; where there are none, numbers.
    void setMarks(std::shared_ptr<const ThumbnailMarks> marks, const QStringList& classNames);
    void setThumbnail(int image, const QImage& thumbnail, const QString& caption, const QString& toolTip);
    /// These will not be delivered; they are asked for again when seen.
    void forgetAsked(const QList<int>& images);

    [[nodiscard]] int imageAt(int row) const { return m_order ? (*m_order)[std::size_t(row)] : row; }
    [[nodiscard]] int rowOf(int image) const; ///< -1: not shown
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

Q_SIGNALS:
    /// Images that became visible without a thumbnail, in the order shown; each is asked for once.
    void thumbnailsWanted(const QList<int>& images);

private:
    struct Entry {
        QImage image;
        QString caption;
        QString toolTip;
    };
    [[nodiscard]] ThumbnailMark markOf(int image) const;
    [[nodiscard]] QString predictedName(int image) const;
    [[nodiscard]] QString describe(int image, const Entry* entry) const;
    void flushWanted();

    int m_count = 0;
    std::shared_ptr<const std::vector<int>> m_order;
    std::shared_ptr<const ThumbnailMarks> m_marks;
    QStringList m_classNames;
    QCache<int, Entry> m_entries; ///< by image
    mutable QSet<int> m_wanted;
    QSet<int> m_asked;
    QTimer* m_timer;
};

} // namespace brink
