// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QButtonGroup;

namespace brink {

/// A row of exclusive choices, e.g. L1 | L2 | L∞. Arrow keys move, Tab leaves.
class Segmented : public QWidget {
    Q_OBJECT
public:
    /// @param toolTips one a label, or empty.
    explicit Segmented(const QStringList& labels, const QStringList& toolTips = {}, QWidget* parent = nullptr);

    [[nodiscard]] int current() const;
    void setLabel(int index, const QString& label);
    /// A choice that is not offered is not shown.
    void setOffered(int index, bool isOffered);
    /// Emits nothing.
    void setCurrent(int index);

Q_SIGNALS:
    void picked(int index);

private:
    void setPlaces();

    QButtonGroup* m_group;
};

} // namespace brink
