// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

class QLabel;
class QStatusBar;

namespace brink {

class Session;

/// Fills the status bar: what is under the pointer, model, image set, machine and warnings.
class StatusLine : public QObject {
    Q_OBJECT
public:
    /// @param machine device and threads.
    StatusLine(const Session& session, const QString& machine, QStatusBar* bar);

    void showReadout(const QString& text);

private:
    void showSession();
    void showWarnings();

    const Session& m_session;
    QLabel* m_readout;
    QLabel* m_model;
    QLabel* m_set;
    QLabel* m_warnings;
};

} // namespace brink
