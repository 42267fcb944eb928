// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <optional>

namespace brink {

class Controller;
class Session;

/// Brings one image of a study under one of its models into Inspect; loads what is not open yet.
class PairInspector : public QObject {
    Q_OBJECT
public:
    struct Wish {
        QString model;  ///< path
        Json card = Json::object();
        QString images; ///< path
        std::int64_t index = 0;
    };

    PairInspector(Session& session, Controller& controller, QObject* parent);

    /// A newer wish takes the place of an older one.
    void inspect(Wish wish);

private:
    void advance();
    [[nodiscard]] int modelPlace() const;

    Session& m_session;
    Controller& m_controller;
    std::optional<Wish> m_wish;
};

} // namespace brink
