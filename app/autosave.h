// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/resultstore.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

class QTimer;

namespace brink {

class AutosaveFile;
class Controller;
class MessageBar;
class Scheduler;
class Session;
class SessionKeeper;

/// Writes the session beside the user's files while it grows, so that a program that is killed loses nothing: every result
/// as it is finished, every choice a moment later. One file a program; a clean end removes it, the next start offers what
/// another one left. Writing is a job; when it fails, one sentence says so and the work goes on.
class Autosave : public QObject {
    Q_OBJECT
public:
    /// @param folder made when it is not there.
    Autosave(Session& session, Controller& controller, Scheduler& scheduler, SessionKeeper& keeper, MessageBar& messages, const QString& folder,
        QObject* parent = nullptr);
    ~Autosave() override;

    /// Where autosaves of this user are: the application's data folder.
    [[nodiscard]] static QString standardFolder();

    /// Says in the message bar what an earlier program left, newest first, one at a time, with a button that brings it back.
    void offerWhatIsLeft();
    /// A clean end: the file goes once nothing writes into it any more.
    void finish();
    [[nodiscard]] bool isIdle() const { return !m_isWriting && m_waiting.empty() && !m_isStateDue && !m_areDocumentsDue && !m_documentsTimer->isActive(); }

private:
    struct Left {
        QString path;
        std::shared_ptr<AutosaveFile> file; ///< taken over: no other program offers it
    };
    [[nodiscard]] std::vector<Left> takeLeft() const;
    void offerNext();
    void restore(const Left& left);
    void keep(const StoredResult& stored);
    void stateChanged();
    void documentsChanged();
    void writeNext();
    void written(const QString& failure);

    Session& m_session;
    Controller& m_controller;
    Scheduler& m_scheduler;
    SessionKeeper& m_keeper;
    MessageBar& m_messages;
    QString m_folder;
    std::shared_ptr<AutosaveFile> m_file; ///< null: the folder cannot be written
    std::vector<std::shared_ptr<AutosaveFile>> m_restored; ///< removed once all of it is in our own file
    std::vector<Left> m_left; ///< not offered yet
    std::vector<StoredResult> m_waiting;
    bool m_isStateDue = false;
    bool m_areDocumentsDue = false;
    bool m_isWriting = false;
    bool m_hasFailed = false; ///< then all results are written again: a failed write is not kept waiting in memory
    QTimer* m_timer;
    QTimer* m_documentsTimer; ///< they grow image by image, and are written whole
    int m_documentsDelayMs;   ///< longer where writing them takes long
};

} // namespace brink
