// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace brink {

class FigurePane;
class Segmented;

/// Two figures in one place, one above the other where there is room, else one at a time with a switch as heading.
class StackedPanes : public QWidget {
    Q_OBJECT
public:
    /// Height from which two small figures have room for their axes.
    static constexpr int heightForTwoSmall = 330;

    /// @param labels of the switch, one a pane; @param heightForBoth below it one at a time.
    StackedPanes(FigurePane* first, FigurePane* second, const QStringList& labels, int heightForBoth, QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void pick(int index);

    FigurePane* m_panes[2];
    Segmented* m_switches[2];
    int m_heightForBoth;
    int m_shown = 0;
};

} // namespace brink
