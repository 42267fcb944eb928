// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandrouter.h"
#include "app/detectorsdesk.h"
#include "app/session.h"
#include "core/base/mailbox.h"
#include "core/jobs/scheduler.h"

#include <QObject>

#include <optional>

class QTimer;

namespace brink {

class DetectorsPage;
class FigureExporter;

/// Detectors of the current model on the open set: runs them behind everything else, and brings what arrives into the page. Drawn only while
/// the page is visible.
class DetectorsRoom : public QObject {
    Q_OBJECT
public:
    /// @param scheduler destroyed before this.
    DetectorsRoom(const Session& session, Scheduler& scheduler, QWidget* window);

    [[nodiscard]] DetectorsPage* page() const { return m_page; }
    [[nodiscard]] DetectorsDesk& desk() { return m_desk; }
    void start();
    void stop();
    /// Why nothing can be started; empty: it can.
    [[nodiscard]] QString whyNot() const;
    /// What Run and Stop do while the page is in sight.
    [[nodiscard]] WorkspaceCommands commands();
    void connectExporter(FigureExporter& exporter);

Q_SIGNALS:
    /// What can be started or stopped has changed.
    void workChanged();
    void imageWanted(int image);
    void readoutChanged(const QString& text);

private:
    struct Picture;

    void mark();
    void tick();
    void keep(const Picture& picture);
    [[nodiscard]] std::string model() const;

    const Session& m_session;
    Scheduler& m_scheduler;
    DetectorsDesk m_desk;
    DetectorsPage* m_page;
    QTimer* m_timer;
    std::optional<JobId> m_job;
    std::shared_ptr<Mailbox<Picture>> m_pictures;
    DetectorsChoices m_asked;
    std::shared_ptr<const Dataset> m_dataset; ///< of the desk
    bool m_isDirty = true;
};

} // namespace brink
