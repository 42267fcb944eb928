// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListView>

#include <functional>

namespace brink {

/// A list with one current row. What the user picks is told with rowPicked(), what is set is not. Says what belongs into
/// it while it is empty.
class PickList : public QListView {
    Q_OBJECT
public:
    PickList(const QString& name, const QString& emptyText, QWidget* parent = nullptr);

    /// Scrolls to the row; emits nothing.
    void setCurrent(int row);

Q_SIGNALS:
    void rowPicked(int row);

protected:
    /// Runs a change of the model or of the current row that nobody picked.
    void changeQuietly(const std::function<void()>& change);
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_emptyText;
    bool m_isUpdating = false;
};

} // namespace brink
