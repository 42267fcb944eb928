// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/norm.h"

#include <QWidget>

#include <cstdint>
#include <optional>

class QAction;
class QComboBox;
class QPushButton;

namespace brink {

class Segmented;

/// What every run needs at hand: Run, Stop, target class and norm, at the right end of the menu bar.
class CommandBar : public QWidget {
    Q_OBJECT
public:
    /// The buttons follow the actions: tool tip and whether they can be used.
    CommandBar(QAction* run, QAction* stop, QWidget* parent = nullptr);

    /// Emits nothing.
    void setNorm(Norm norm);
    /// The classes to choose from and the one chosen, absent: any other class. Emits nothing.
    void setTargets(const QStringList& classNames, std::optional<std::int64_t> target);

    /// Why the choice has no meaning in the workspace in sight, said where it stands; empty: it has.
    void setTargetReason(const QString& reason);
    void setNormReason(const QString& reason);

Q_SIGNALS:
    void normPicked(brink::Norm norm);
    void targetPicked(std::optional<std::int64_t> target);

private:
    QPushButton* makeButton(const QString& text, QAction* action);

    QComboBox* m_target;
    Segmented* m_norm;
};

} // namespace brink
