// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/statusbadge.h"

#include <QList>
#include <QWidget>

class QGridLayout;
class QToolButton;

namespace brink {

/// One sanity check as a chip shows it.
struct CheckChip {
    QString name;    ///< one word
    StatusBadge::Grade grade = StatusBadge::Grade::Neutral;
    QString finding; ///< one sentence, as tool tip
    QString help;    ///< what it means and what to do, shown on a press
    bool operator==(const CheckChip&) const = default;
};

/// Sanity checks side by side: icon and word, the finding as tool tip, what it means and what to do on a press.
class CheckChips : public QWidget {
    Q_OBJECT
public:
    explicit CheckChips(QWidget* parent = nullptr);

    void setChips(const QList<CheckChip>& chips);
    /// A button in the room after the last chip.
    void setCorner(QWidget* button);
    [[nodiscard]] const QList<CheckChip>& chips() const { return m_chips; }
    [[nodiscard]] const QList<QToolButton*>& buttons() const { return m_buttons; }

protected:
    void changeEvent(QEvent* event) override;

private:
    QToolButton* makeButton(int place);
    void retint();

    QList<CheckChip> m_chips;
    QList<QToolButton*> m_buttons;
    QGridLayout* m_layout;
    QWidget* m_corner = nullptr;
};

} // namespace brink
