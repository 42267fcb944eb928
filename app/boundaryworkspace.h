// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundarydesk.h"

#include <QWidget>

#include <optional>
#include <string>

class QSplitter;
class QStackedLayout;
class QTabWidget;

namespace brink {

class BoundaryTools;
class CurvaturePanel;
class DragHandle;
class FigurePane;
class PathPanel;
class PointPanel;
class SurveyPanel;

/// The decision boundary on a plane: the slice with its handles, what the model says at the point looked at, and a path that
/// stays inside the region.
class BoundaryWorkspace : public QWidget {
    Q_OBJECT
public:
    explicit BoundaryWorkspace(QWidget* parent = nullptr);

    /// Whether there is a model and an image to look at; else the workspace says what it needs.
    void setReady(bool isReady);
    void showChoices(const BoundaryChoices& choices, const std::shared_ptr<const SliceResult>& slice);
    /// The picture, how far it can be trusted, and the place that was clicked.
    void showSlice(const BoundaryDesk& desk);

    [[nodiscard]] FigurePane* slicePane() const { return m_slice; }
    [[nodiscard]] BoundaryTools* tools() const { return m_tools; }
    [[nodiscard]] PointPanel* point() const { return m_point; }
    [[nodiscard]] PathPanel* path() const { return m_path; }
    [[nodiscard]] CurvaturePanel* curvature() const { return m_curvature; }
    [[nodiscard]] SurveyPanel* survey() const { return m_survey; }
    [[nodiscard]] DragHandle* turnHandle() const { return m_turnHandle; }
    [[nodiscard]] DragHandle* extentHandle() const { return m_extentHandle; }
    [[nodiscard]] QTabWidget* tabs() const { return m_tabs; }

Q_SIGNALS:
    /// @param field equal ones in a row are one step to take back; empty: never.
    void choicesEdited(const brink::BoundaryChoices& choices, const QString& field);
    void placeHovered(const std::optional<brink::BoundaryPlace>& place);
    void placePinned(const std::optional<brink::BoundaryPlace>& place);
    /// The place that was clicked shall be the middle, or the image again.
    void centreWanted();
    void centreDropped();
    void sliceWanted();
    void stopWanted();
    void pathWanted();
    void pathStopWanted();
    void curvatureWanted();
    void curvatureStopWanted();
    void readoutChanged(const QString& text);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectSlice();
    void connectPanels();
    void connectHandles();
    void edit(const BoundaryChoices& choices, const QString& field);
    void editFrame(const SliceFrame& frame);
    void scaleFrame(const SliceFrame& from, double factor);
    void takeRanges();
    void placeHandles();

    BoundaryChoices m_choices;
    std::shared_ptr<const SliceResult> m_result;
    std::optional<BoundaryPlace> m_pinned;
    bool m_isPressed = false;      ///< the user is dragging: the view's range is theirs
    SliceFrame m_dragFrame;        ///< when a handle was taken
    double m_dragTurn = 0;
    QStackedLayout* m_stack;
    BoundaryTools* m_tools;
    PointPanel* m_point;
    PathPanel* m_path;
    CurvaturePanel* m_curvature;
    SurveyPanel* m_survey;
    QSplitter* m_columns = nullptr;
    FigurePane* m_slice = nullptr;
    DragHandle* m_turnHandle = nullptr;
    DragHandle* m_extentHandle = nullptr;
    QTabWidget* m_tabs = nullptr;
};

} // namespace brink
