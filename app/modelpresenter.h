// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/controller.h"
#include "app/session.h"
#include "widgets/controls/cardeditor.h"

#include <QObject>

#include <memory>
#include <vector>

class QTimer;

namespace brink {

class ModelsPanel;

/// Fills what stands below the list of models: the sanity checks of the current one, and the editor of its card, whose
/// changes are loaded as soon as they are valid.
class ModelPresenter : public QObject {
    Q_OBJECT
public:
    ModelPresenter(Session& session, Controller& controller, ModelsPanel* panel, QObject* parent = nullptr);

    /// Opens the editor for the current model.
    void editCard();
    [[nodiscard]] CardEditor* editor() const { return m_editor; }

Q_SIGNALS:
    /// One sentence for the message bar.
    void noticed(const QString& sentence);

private:
    void showChecks();
    void showCard();
    void showPrediction();
    void takeFields(const CardFields& fields);
    void load(const Json& card);
    void save();
    void revert();
    [[nodiscard]] bool isEditing() const { return m_editor && m_editor->isVisible(); }

    Session& m_session;
    Controller& m_controller;
    ModelsPanel* m_panel;
    CardEditor* m_editor = nullptr;
    QTimer* m_timer;
    std::string m_path;               ///< of the model whose card is edited
    Json m_typed;                     ///< the valid card as typed, empty: as it was
    std::vector<double> m_before;     ///< logits of the current image with the card as it was
    std::int64_t m_beforeImage = -1;
};

} // namespace brink
