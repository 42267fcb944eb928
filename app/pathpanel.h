// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundarydesk.h"

#include <QWidget>

#include <string>
#include <vector>

class QPushButton;
class QSpinBox;

namespace brink {

class FigurePane;

/// Whether the image and another one are connected inside the region of their class: which other one, and the path.
class PathPanel : public QWidget {
    Q_OBJECT
public:
    explicit PathPanel(QWidget* parent = nullptr);

    /// Emits nothing.
    void showChoices(const BoundaryChoices& choices);
    void showPath(const BoundaryDesk& desk, const std::vector<std::string>& classNames);
    [[nodiscard]] FigurePane* pane() const { return m_pane; }

Q_SIGNALS:
    /// Below 0: the next image that is classified alike.
    void partnerEdited(int index);
    void pathWanted();
    void stopWanted();

private:
    QSpinBox* m_partner;
    QPushButton* m_find;
    QPushButton* m_stop;
    StatusBadge* m_state;
    FigurePane* m_pane;
};

} // namespace brink
