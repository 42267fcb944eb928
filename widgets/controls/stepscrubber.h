// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <optional>

class QSlider;
class QToolButton;

namespace brink {

/// The steps an attack went through.
struct ScrubbedTrace {
    int steps = 0;                     ///< 0: nothing to step through
    std::optional<int> firstSuccess;   ///< first adversarial iterate
    std::optional<int> best;           ///< nearest adversarial iterate
    std::optional<int> shown;          ///< absent: the image that was kept in the end
    QString text;                      ///< what is shown, for screen readers: "step 37 · margin −0.42 · L2 0.93"
    bool operator==(const ScrubbedTrace&) const = default;
};

/// Steps through a trace by slider, arrow keys and buttons for the marked steps.
class StepScrubber : public QWidget {
    Q_OBJECT
public:
    explicit StepScrubber(QWidget* parent = nullptr);

    /// Emits nothing.
    void setTrace(const ScrubbedTrace& trace);

Q_SIGNALS:
    /// The user wants this step; -1: the image that was kept.
    void stepPicked(int step);

private:
    QToolButton* makeButton(const QString& text, const QString& name, const QString& toolTip);
    void pick(std::optional<int> step);

    ScrubbedTrace m_trace;
    QToolButton* m_first;
    QToolButton* m_best;
    QToolButton* m_end;
    QSlider* m_slider;
};

} // namespace brink
