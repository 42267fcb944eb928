// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace brink {

class FigurePane;
class Segmented;

/// Two figures, one above the other where there is room, else one at a time with a switch in its heading.
class StackedPanes : public QWidget {
    Q_OBJECT
public:
    /// @param labels of the switch, one a pane.
    StackedPanes(FigurePane* first, FigurePane* second, const QStringList& labels, QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void pick(int index);

    FigurePane* m_panes[2];
    Segmented* m_switches[2];
    int m_shown = 0;
};

} // namespace brink
