// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <QPointer>
#include <QRect>

#include <functional>

class QLabel;
class QPushButton;

namespace brink {

/// One place that a tour points at.
struct TourStep {
    QString title;
    QString text;
    QPointer<QWidget> target;
    std::function<QRect()> area; ///< part of the target, in its coordinates; empty: the whole
};

/// A small panel that explains a window step by step, beside the place it speaks of, which is framed. The window stays
/// usable; Esc closes it while it has the focus.
class TourPanel : public QFrame {
    Q_OBJECT
public:
    explicit TourPanel(QWidget* window);
    ~TourPanel() override;

    /// From the first step on.
    void start(QList<TourStep> steps);
    [[nodiscard]] int step() const { return m_step; }
    /// Out of sight while what it speaks of is, and then at the same step again.
    void setPaused(bool isPaused);

Q_SIGNALS:
    /// At the end, or before it.
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void show(int step);
    void place();
    void finish();
    [[nodiscard]] QRect targetRect() const; ///< in the window

    QWidget* m_window;
    QWidget* m_frame;
    QList<TourStep> m_steps;
    int m_step = 0;
    bool m_isOpen = false; ///< begun and not ended
    bool m_isPaused = false;
    QLabel* m_count;
    QLabel* m_title;
    QLabel* m_text;
    QPushButton* m_back;
    QPushButton* m_next;
    QPushButton* m_close;
};

} // namespace brink
