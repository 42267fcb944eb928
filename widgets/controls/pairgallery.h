// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/cellgrid.h"

#include <QAbstractListModel>
#include <QCache>
#include <QImage>
#include <QSet>

#include <functional>

class QTimer;

namespace brink {

/// An image before and after as the gallery shows it. Pictures are named by keys of the caller's choice.
struct PairItem {
    quint64 before = 0, after = 0;
    QString change;  ///< "cat → dog"
    QString verdict; ///< "target says bird"
    QString origin;  ///< "resnet20 → lenet"
    bool isHit = false; ///< the verdict is marked; never by colour alone
    QString toolTip;
};

/// Pairs of pictures, worked out and loaded only where they are seen: texts come from a function, missing pictures are
/// asked for with picturesWanted() and delivered with setPicture(); the last few thousand are kept.
class PairModel : public QAbstractListModel {
    Q_OBJECT
public:
    static constexpr int BeforeRole = Qt::UserRole; ///< QImage, null while it is not there
    static constexpr int AfterRole = Qt::UserRole + 1;
    static constexpr int VerdictRole = Qt::UserRole + 2;
    static constexpr int OriginRole = Qt::UserRole + 3;
    static constexpr int HitRole = Qt::UserRole + 4;

    explicit PairModel(QObject* parent = nullptr);

    /// @param itemAt called for rows in [0, count) from this thread as long as no other pairs are set.
    void setPairs(int count, std::function<PairItem(int row)> itemAt);
    /// Other texts for as many pairs; what is in sight and current stays.
    void replaceItems(std::function<PairItem(int row)> itemAt);
    /// A null image: there is none, and it is not asked for again.
    void setPicture(quint64 key, const QImage& image);
    /// Pictures of another file may have the same keys.
    void forgetPictures();
    [[nodiscard]] PairItem item(int row) const { return m_itemAt(row); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

Q_SIGNALS:
    void picturesWanted(const QList<quint64>& keys);

private:
    [[nodiscard]] QImage picture(quint64 key) const;
    void flushWanted();

    int m_count = 0;
    std::function<PairItem(int)> m_itemAt;
    QCache<quint64, QImage> m_pictures;
    mutable QList<quint64> m_wanted; ///< in the order seen
    mutable QSet<quint64> m_asked;
    QTimer* m_timer;
};

/// The pairs as a grid; a double-click or Enter opens one.
class PairGallery : public CellGrid {
    Q_OBJECT
public:
    explicit PairGallery(QString emptyText, QWidget* parent = nullptr);

    [[nodiscard]] PairModel* pairs() const { return m_model; }
    /// Scrolls to the top; the first is current. @see PairModel::setPairs
    void setPairs(int count, std::function<PairItem(int row)> itemAt);

Q_SIGNALS:
    void pairOpened(int row);

private:
    PairModel* m_model;
};

} // namespace brink
