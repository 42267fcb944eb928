// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

namespace brink {

class FigurePane;
class Segmented;

/// Several figures in one place, one above the other where there is room, else one at a time with a switch as heading.
/// The last ones may share a place even then.
class StackedPanes : public QWidget {
    Q_OBJECT
public:
    /// Height from which two small figures have room for their axes.
    static constexpr int heightForTwoSmall = 330;

    /// @param labels of the switch, one a pane; @param heightForAll below it one at a time.
    StackedPanes(std::vector<FigurePane*> panes, const QStringList& labels, int heightForAll, QWidget* parent = nullptr);
    /// Panes from this one on are shown one at a time however much room there is.
    void setSharing(int first);

    /// The pane that is shown where there is room for one.
    [[nodiscard]] int shown() const { return m_shown; }
    void show(int index);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    std::vector<FigurePane*> m_panes;
    std::vector<Segmented*> m_switches;
    int m_heightForAll;
    int m_firstSharing;
    int m_shown = 0;       ///< of all panes
    int m_shownSharing = 0; ///< of those that share a place
};

} // namespace brink
