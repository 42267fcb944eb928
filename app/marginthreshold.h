// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/margindrawing.h"

#include <QObject>
#include <QString>

#include <optional>

class QFrame;

namespace brink {

class DragHandle;
class FigureView;

/// The threshold of the score as a handle over the plot of one model's margins. While it is dragged, what it finds and misses is
/// looked up and not counted, and nothing is drawn anew.
class MarginThreshold : public QObject {
    Q_OBJECT
public:
    MarginThreshold(FigureView* view, QObject* parent);

    /// Of a drawing that shows one model; otherwise there is no handle.
    void show(const MarginDrawing& drawing);
    /// One sentence; empty without a handle.
    [[nodiscard]] QString countsText() const;
    [[nodiscard]] std::optional<double> value() const { return m_value; }
    [[nodiscard]] DragHandle* handle() const { return m_handle; }

Q_SIGNALS:
    void moved();
    /// The user let go: this is the threshold now.
    void chosen(double value);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
    void moveTo(double value);
    [[nodiscard]] double scoreOf(double pixelsUp) const;

    FigureView* m_view;
    DragHandle* m_handle;
    QFrame* m_line; ///< follows the handle while it is dragged
    std::string m_panel;
    QString m_score;
    std::optional<ThresholdTable> m_counts;
    std::optional<double> m_value;
    double m_from = 0;
    bool m_isDragging = false;
};

} // namespace brink
