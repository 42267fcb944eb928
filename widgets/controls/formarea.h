// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

namespace brink {

/// A form that scrolls up and down and is never cut off at the side, whatever rows come and go in it.
class FormArea : public QScrollArea {
    Q_OBJECT
public:
    explicit FormArea(QWidget* form, QWidget* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fitWidth();
};

} // namespace brink
