// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundarydesk.h"

#include <QWidget>

class QPushButton;

namespace brink {

class ElidedLabel;
class ImageView;
class ResultTable;

/// The image at a point of the plane, what the model says about it, and the way to make it the centre.
class PointPanel : public QWidget {
    Q_OBJECT
public:
    explicit PointPanel(QWidget* parent = nullptr);

    void showPoint(const BoundaryDesk& desk);
    /// What can be done with the place that was clicked.
    void showActions(const BoundaryDesk& desk);
    [[nodiscard]] ImageView* image() const { return m_image; }
    [[nodiscard]] ResultTable* logits() const { return m_logits; }

Q_SIGNALS:
    void centreWanted();
    void centreDropped();
    void readoutChanged(const QString& text);

private:
    ElidedLabel* m_title;
    ElidedLabel* m_place;
    ImageView* m_image;
    ResultTable* m_logits;
    QPushButton* m_centre;
    QPushButton* m_back;
};

} // namespace brink
