// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tour.h"

#include "app/actions.h"
#include "app/figurepane.h"
#include "app/inspectworkspace.h"

#include <QCoreApplication>
#include <QMenuBar>

#include <algorithm>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("Tour", sentence); }

FigurePane* paneNamed(const InspectWorkspace& inspect, const char* name)
{
    const auto found = std::ranges::find_if(inspect.panes(), [name](const FigurePane* pane) { return pane->name() == name; });
    return found == inspect.panes().end() ? nullptr : *found;
}

} // namespace

QList<TourStep> tourSteps(const InspectWorkspace& inspect, QMenuBar* menus)
{
    const auto figureMenu = [menus] {
        const QList<QAction*> titles = menus->actions();
        const auto found = std::ranges::find_if(titles, [](const QAction* action) { return action->objectName() == QLatin1String(figureMenuName); });
        return found == titles.end() ? QRect() : menus->actionGeometry(*found);
    };
    return {
        {text("How close is this image to changing class?"),
            text("The distance ladder puts every answer on one axis: a bound that is proved, the CLEVER estimate with its interval, the nearest "
                 "image that each attack found, and where random directions leave the class. Distances are in pixel units: black is 0, white is 1."),
            paneNamed(inspect, "ladder"), {}},
        {text("Can the estimate be trusted?"),
            text("The estimate is the margin divided by the largest gradient norm near the image, and that is the end point of this fitted "
                 "law. The histogram should follow the curve. It is an estimate, not a certificate."),
            paneNamed(inspect, "weibull"), {}},
        {text("Take it with you"),
            text("Every figure can be exported for print, with its settings inside the file: here, or with a right click on it. Then drop a "
                 "TorchScript model and images of your own on the window."),
            menus, figureMenu},
    };
}

} // namespace brink
