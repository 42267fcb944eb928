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
    /// The other direction of the slice: the normal, then the principal ones.
    [[nodiscard]] QComboBox* against() const { return m_against; }

Q_SIGNALS:
    void curvatureWanted();
    void stopWanted();
    /// A slice along this principal direction.
    void directionPicked(int index);
    /// Of the plane's second axis; -1: the normal.
    void againstPicked(int index);

private:
    QPushButton* m_measure;
    QPushButton* m_stop;
    StatusBadge* m_state;
    QComboBox* m_directions;
    QComboBox* m_against;
    std::vector<FigurePane*> m_panes;
    BoundaryChoices m_choices;
};

} // namespace brink
