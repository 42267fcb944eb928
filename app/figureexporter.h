// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"
#include "app/settings.h"
#include "widgets/controls/exportdialog.h"

#include <QObject>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace brink {

class InspectWorkspace;
class MessageBar;

/// A figure as it is in sight, and what it takes to see it again.
struct ShownFigure {
    Figure figure;
    std::optional<SessionState> origin; ///< absent: not made from the session
};

/// Asks for format and place, writes figures of the session's result or copies them, and says in the message bar how it
/// went. What cannot be written loses nothing.
class FigureExporter : public QObject {
    Q_OBJECT
public:
    /// @param views whose zooms are exported too. @param window parent of the dialogs.
    FigureExporter(const Session& session, MessageBar& messages, const InspectWorkspace& views, QWidget* window);

    /// Figures of somebody else's by name; `label` for people, `shown` is asked when one is wanted.
    void addFigure(const std::string& name, const QString& label, std::function<std::optional<ShownFigure>()> shown);
    /// One figure by its name in the registry; dialogs follow.
    void exportFigure(const std::string& name);
    void exportAll();
    /// On the clipboard, as a picture and as SVG, with the settings last used for export.
    void copyFigure(const std::string& name);
    /// The figure that has the keyboard, else the distance ladder.
    void copyFocused();

    /// Absent while the result has no data for it. With the user's zoom.
    [[nodiscard]] std::optional<ShownFigure> shown(const std::string& name) const;
    [[nodiscard]] std::vector<ShownFigure> allShown() const;

    /// Without asking.
    void save(const ShownFigure& shown, const ExportChoice& choice, const QString& path);
    /// One figure after the other through the event loop, so that the window stays alive; `allSaved` at the end.
    void saveAll(std::vector<ShownFigure> figures, const ExportChoice& choice, const QString& folder);

Q_SIGNALS:
    void allSaved();

private:
    struct Batch {
        std::vector<ShownFigure> figures;
        ExportChoice choice;
        QString folder;
        std::size_t next = 0;
    };
    struct Other {
        QString label;
        std::function<std::optional<ShownFigure>()> shown;
    };
    [[nodiscard]] QString label(const std::string& name) const;
    void saveNext(const std::shared_ptr<Batch>& batch);
    ExportDialog* openDialog(const QString& what, std::vector<Figure> figures);
    void askPlace(const ShownFigure& shown, const ExportChoice& choice);
    void copy(const Figure& figure, const ExportChoice& choice);

    const Session& m_session;
    MessageBar& m_messages;
    const InspectWorkspace& m_views;
    QWidget* m_window;
    Settings m_settings;
    std::map<std::string, Other> m_others;
};

} // namespace brink
