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

    /// Looks at the system's scheme again.
    void followSystem();

    void setChoice(ThemeChoice choice);
    [[nodiscard]] ThemeChoice choice() const { return m_choice; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void apply();
    [[nodiscard]] static bool isSystemDark();

    QApplication& m_application;
    bool m_isSystemDark; ///< when last looked at
    bool m_isLooking = false;
    ThemeChoice m_choice = ThemeChoice::System;
};

} // namespace brink
