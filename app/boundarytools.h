// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundarydesk.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSlider;
class QSpinBox;

namespace brink {

class Segmented;

/// The part of the plane that a slice shows: that of the choices, else that of the slice; absent before the first one.
[[nodiscard]] std::optional<SliceFrame> shownFrame(const BoundaryChoices& choices, const std::shared_ptr<const SliceResult>& slice);
/// Around the same middle.
[[nodiscard]] SliceFrame scaledFrame(const SliceFrame& frame, double factor);
/// Text beside a control, quiet.
[[nodiscard]] QLabel* quietLabel(const QString& text, QWidget* buddy, QWidget* parent);

/// The choices above a slice: plane, turn, extent, ball, resolution, and how the slice stands.
class BoundaryTools : public QWidget {
    Q_OBJECT
public:
    explicit BoundaryTools(QWidget* parent = nullptr);

    /// Emits nothing.
    void showChoices(const BoundaryChoices& choices, const std::shared_ptr<const SliceResult>& slice);
    void showState(const BoundaryDesk& desk);

Q_SIGNALS:
    /// @param field equal ones in a row are one step to take back; empty: never.
    void edited(const brink::BoundaryChoices& choices, const QString& field);
    void stopWanted();

private:
    QWidget* makePlaneRow();
    QWidget* makeViewRow();
    QWidget* makeImagesRow(QWidget* parent);
    void turn(double degrees);

    BoundaryChoices m_choices;
    std::shared_ptr<const SliceResult> m_result;
    Segmented* m_plane = nullptr;
    QSlider* m_turn = nullptr;
    QDoubleSpinBox* m_turnDegrees = nullptr;
    QDoubleSpinBox* m_extent = nullptr;
    QDoubleSpinBox* m_eps = nullptr;
    QComboBox* m_resolution = nullptr;
    QCheckBox* m_clips = nullptr;
    QCheckBox* m_steps = nullptr;
    QWidget* m_imagesRow = nullptr; ///< of PlaneKind::Images
    std::array<QSpinBox*, 2> m_images{};
    StatusBadge* m_state = nullptr;
    QPushButton* m_stop = nullptr;
};

} // namespace brink
