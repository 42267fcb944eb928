// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QDockWidget;
class QTimer;
class QToolButton;

namespace brink {

class JobList;

/// Name of a dock with the ways to make it a window of its own and to close it; what opens things stands before them.
class DockTitle : public QWidget {
    Q_OBJECT
public:
    /// @param button of the dock, may be null.
    DockTitle(QDockWidget* dock, QToolButton* button);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retint();

    QToolButton* m_float;
    QToolButton* m_close;
};

/// The two buttons of a title, for a dock whose title stands beside its content.
[[nodiscard]] QToolButton* makeFloatButton(QDockWidget* dock, QWidget* parent);
[[nodiscard]] QToolButton* makeCloseButton(QDockWidget* dock, QWidget* parent);

/// The content of the jobs dock: as high as its rows, at most four, with the title beside them. Jobs of a moment leave its height, and with
/// it everything above, where it is.
class JobsStrip : public QWidget {
    Q_OBJECT
public:
    JobsStrip(QDockWidget* dock, JobList* jobs);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retint();
    void fit();

    QToolButton* m_float;
    QToolButton* m_close;
    QTimer* m_settle;
    int m_rows = 1;
};

} // namespace brink
