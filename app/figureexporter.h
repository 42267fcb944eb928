// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"
#include "app/settings.h"
#include "widgets/controls/exportdialog.h"

#include <QObject>

namespace brink {

class MessageBar;

/// Asks for format and place, writes figures of the session's result, and says in the message bar how it went. What
/// cannot be written loses nothing.
class FigureExporter : public QObject {
    Q_OBJECT
public:
    /// @param window parent of the dialogs.
    FigureExporter(const Session& session, MessageBar& messages, QWidget* window);

    /// One figure by its name in the registry; dialogs follow.
    void exportFigure(const std::string& name);
    void exportAll();

    /// Without asking.
    void save(const Figure& figure, const ExportChoice& choice, const QString& path);
    void saveAll(const InspectResult& result, const FigureSelection& selection, const ExportChoice& choice, const QString& folder);

private:
    void askPlace(const Figure& figure, const ExportChoice& choice);

    const Session& m_session;
    MessageBar& m_messages;
    QWidget* m_window;
    Settings m_settings;
};

} // namespace brink
