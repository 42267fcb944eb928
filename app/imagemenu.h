// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>

#include <cstdint>
#include <functional>

namespace brink {

class BoundaryRoom;

/// What an image of the list can be in the Boundary workspace.
class ImageMenu : public QMenu {
    Q_OBJECT
public:
    ImageMenu(BoundaryRoom& room, std::int64_t image, QWidget* parent);

Q_SIGNALS:
    /// The choice was made; the workspace shows what came of it.
    void chosen();

private:
    void offer(const QString& text, const QString& toolTip, std::function<void()> choose);
};

} // namespace brink
