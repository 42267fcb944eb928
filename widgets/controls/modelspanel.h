// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/checkchips.h"

class QPushButton;

namespace brink {

class ModelList;

/// The Models dock: the loaded models, the sanity checks of the current one, and the way to its card.
class ModelsPanel : public QWidget {
    Q_OBJECT
public:
    explicit ModelsPanel(QWidget* parent = nullptr);

    [[nodiscard]] ModelList* list() const { return m_list; }
    [[nodiscard]] CheckChips* checks() const { return m_checks; }
    /// Nothing below the list while there is no model.
    void setModelShown(bool hasModel);

Q_SIGNALS:
    void cardWanted();

private:
    ModelList* m_list;
    QWidget* m_foot;
    CheckChips* m_checks;
    QPushButton* m_card;
};

} // namespace brink
