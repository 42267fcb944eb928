// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/imagemenu.h"

#include "app/boundaryroom.h"

#include <QAction>

#include <utility>

namespace brink {

ImageMenu::ImageMenu(BoundaryRoom& room, std::int64_t image, QWidget* parent) : QMenu(parent)
{
    setToolTipsVisible(true);
    setAttribute(Qt::WA_DeleteOnClose);
    const auto place = [&room, image](std::size_t which) {
        BoundaryChoices choices = room.desk().choices();
        choices.plane = PlaneKind::Images;
        choices.images[which] = image;
        choices.frame.reset();
        room.edit(choices, {});
    };
    offer(tr("Second image of the plane"), tr("Boundary: lays the slice through the chosen image, this one and a third"), [place] { place(0); });
    offer(tr("Third image of the plane"), tr("Boundary: lays the slice through the chosen image, a second one and this"), [place] { place(1); });
    addSeparator();
    offer(tr("Find a path to this image"), tr("Boundary: is there a way from the chosen image to this one that stays in their class?"), [&room, image] {
        BoundaryChoices choices = room.desk().choices();
        choices.partner = image;
        room.edit(choices, {});
        room.findPath();
    });
}

void ImageMenu::offer(const QString& text, const QString& toolTip, std::function<void()> choose)
{
    QAction* action = addAction(text);
    action->setToolTip(toolTip);
    action->setStatusTip(toolTip);
    connect(action, &QAction::triggered, this, [this, choose = std::move(choose)] {
        choose();
        Q_EMIT chosen();
    });
}

} // namespace brink
