// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settings.h"

#include <QObject>

class QApplication;

namespace brink {

/// Puts the light or dark theme on the whole application; follows the system while told to.
class Theming : public QObject {
    Q_OBJECT
public:
    explicit Theming(QApplication& application, QObject* parent = nullptr);

    void setChoice(ThemeChoice choice);
    [[nodiscard]] ThemeChoice choice() const { return m_choice; }

private:
    void apply();
    [[nodiscard]] bool isSystemDark() const;

    QApplication& m_application;
    bool m_wasDarkAtStart;
    ThemeChoice m_choice = ThemeChoice::System;
};

} // namespace brink
