// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/controller.h"
#include "app/session.h"

#include <QObject>

namespace brink {

struct Actions;
class Edits;
class ImagesPanel;

/// Fills the Images dock: thumbnails, what the current model says about each, filter and order, and the steps by keyboard.
class ImagePresenter : public QObject {
    Q_OBJECT
public:
    ImagePresenter(Session& session, Controller& controller, Edits& edits, ImagesPanel* panel, const Actions& actions, QObject* parent = nullptr);

private:
    void showSet();
    void showMarks();
    void showOrder();
    void showSteps();
    void connectPanel();
    void connectSteps();
    void go(const std::optional<int>& image);

    Session& m_session;
    Controller& m_controller;
    Edits& m_edits;
    ImagesPanel* m_panel;
    const Actions& m_actions;
};

} // namespace brink
