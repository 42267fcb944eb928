// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/latestjob.h"
#include "app/margindrawing.h"
#include "core/margins/pseudomargin.h"

#include <QObject>

class QTimer;

namespace brink {

class FigureExporter;
class MarginsWorkspace;
class MessageBar;
class StudyRoom;

/// Fills the Margins workspace from the study in sight, and brings what the user wants to the study's desk. Drawn only while it
/// is visible.
class MarginsRoom : public QObject {
    Q_OBJECT
public:
    MarginsRoom(StudyRoom& studies, Scheduler& scheduler, MessageBar& messages, QWidget* window);

    [[nodiscard]] MarginsWorkspace* workspace() const { return m_workspace; }
    /// What was learned can be exported and copied; the other figures are the study's.
    void connectExporter(FigureExporter& exporter);
    /// Whether what is in sight is what the desk holds.
    [[nodiscard]] bool isDrawn() const;

Q_SIGNALS:
    void readoutChanged(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void mark();
    void draw();
    void learn(int model, PseudoMarginInput input);
    void forgetLearned();

    StudyRoom& m_studies;
    MessageBar& m_messages;
    Scheduler& m_scheduler;
    LatestJob<MarginDrawing> m_job;
    MarginsWorkspace* m_workspace;
    QTimer* m_redraw;
    bool m_isDirty = true;
    std::optional<MarginQuery> m_learnedQuery; ///< what was, or is being, learned
    std::vector<std::string> m_learnedModels;  ///< those picked then
};

} // namespace brink
