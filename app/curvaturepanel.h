// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundarydesk.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QPushButton;

namespace brink {

class FigurePane;

/// How the boundary near the image is curved: principal curvatures, their directions as pictures, and a slice along one of them.
class CurvaturePanel : public QWidget {
    Q_OBJECT
public:
    explicit CurvaturePanel(QWidget* parent = nullptr);

    /// Emits nothing.
    void showChoices(const BoundaryChoices& choices);
    void showCurvature(const BoundaryDesk& desk);
    /// "curvature-directions" and "curvature-profile".
    [[nodiscard]] const std::vector<FigurePane*>& panes() const { return m_panes; }
    [[nodiscard]] QComboBox* directions() const { return m_directions; }

Q_SIGNALS:
    void curvatureWanted();
    void stopWanted();
    /// A slice along this principal direction.
    void directionPicked(int index);

private:
    QPushButton* m_measure;
    QPushButton* m_stop;
    StatusBadge* m_state;
    QComboBox* m_directions;
    std::vector<FigurePane*> m_panes;
    BoundaryChoices m_choices;
};

} // namespace brink
