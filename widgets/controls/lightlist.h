// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/statusbadge.h"

#include <QListWidget>
#include <QString>

#include <vector>

namespace brink {

/// A traffic light of a list.
struct LightRow {
    QString key;
    StatusBadge::Grade grade = StatusBadge::Grade::Neutral;
    QString word;    ///< "good", "caution", "alarm", "not judged": the state without colour
    QString title;
    QString finding; ///< one sentence; wraps
    QString toolTip;
    bool operator==(const LightRow&) const = default;
};

/// Traffic lights one below the other: icon, word, title and finding. Arrow keys choose one.
class LightList : public QListWidget {
    Q_OBJECT
public:
    explicit LightList(QWidget* parent = nullptr);

    /// Keeps the chosen row by its key. Emits nothing.
    void setLights(const std::vector<LightRow>& rows);
    [[nodiscard]] const std::vector<LightRow>& lights() const { return m_rows; }
    [[nodiscard]] QString currentKey() const;
    /// Emits nothing.
    void setCurrentKey(const QString& key);

Q_SIGNALS:
    /// By the user.
    void lightPicked(const QString& key);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    std::vector<LightRow> m_rows;
};

} // namespace brink
