// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/latestjob.h"
#include "app/margindrawing.h"

#include <QObject>

class QTimer;

namespace brink {

class MarginsWorkspace;
class MessageBar;
class Scheduler;
class StudyRoom;

/// Fills the Margins workspace from the study in sight, and brings what the user wants to the study's desk. Drawn only while it
/// is visible.
class MarginsRoom : public QObject {
    Q_OBJECT
public:
    MarginsRoom(StudyRoom& studies, Scheduler& scheduler, MessageBar& messages, QWidget* window);

    [[nodiscard]] MarginsWorkspace* workspace() const { return m_workspace; }
    /// Whether what is in sight is what the desk holds.
    [[nodiscard]] bool isDrawn() const;

Q_SIGNALS:
    void readoutChanged(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void mark();
    void draw();

    StudyRoom& m_studies;
    MessageBar& m_messages;
    LatestJob<MarginDrawing> m_job;
    MarginsWorkspace* m_workspace;
    QTimer* m_redraw;
    bool m_isDirty = true;
};

} // namespace brink
