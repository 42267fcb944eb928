// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/controller.h"
#include "app/session.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <string>

class QUndoStack;

namespace brink {

/// What can be taken back: the user's choices, not what was computed from them.
struct Choices {
    std::string model; ///< path; empty: none
    std::int64_t image = -1;
    std::shared_ptr<const AnalysisSettings> settings;
    std::optional<std::int64_t> target;
    FigureSelection selection;
    WhatIf whatIf;
};

/// Carries out what the user chooses and remembers how it was before: parameters, norm, target, model, image and what the
/// figures show. Edits of one parameter in a row are one step. Another image set empties the list.
class Edits : public QObject {
    Q_OBJECT
public:
    Edits(Session& session, Controller& controller, QObject* parent = nullptr);

    [[nodiscard]] QUndoStack* stack() const { return m_stack; }

    void pickModel(int index);
    void pickImage(std::int64_t index);
    void pickNorm(Norm norm);
    void pickTarget(std::optional<std::int64_t> target);
    void pickWhatIf(const WhatIf& whatIf);
    void pickPreset(Preset preset);
    void setSettings(const AnalysisSettings& settings);
    void showTarget(std::int64_t target);
    void showAttack(const std::string& attack);

private:
    class Step;
    /// @param field equal ones in a row become one step; empty: never.
    void perform(const QString& text, const QString& field, const std::function<void()>& change);
    [[nodiscard]] Choices now() const;
    void restore(const Choices& choices);

    Session& m_session;
    Controller& m_controller;
    QUndoStack* m_stack;
};

/// What differs between two settings: a key for merging and words for the menu, e.g. "ddn/steps" and "Steps of DDN".
struct SettingsChange {
    QString field;
    QString words;
};
[[nodiscard]] SettingsChange settingsChange(const AnalysisSettings& before, const AnalysisSettings& after);

} // namespace brink
