// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "widgets/controls/statusbadge.h"

#include <QWidget>

#include <optional>
#include <string>
#include <vector>

class QHBoxLayout;
class QLabel;

namespace brink {

class ElidedLabel;
class FigureView;

/// A figure under a heading with its finding; says what it will show while empty.
class FigurePane : public QWidget {
    Q_OBJECT
public:
    /// @param name registry name of the figure; @param emptyText what it will show, and what fills it.
    FigurePane(std::string name, const QString& title, const QString& emptyText, QWidget* parent = nullptr);

    [[nodiscard]] const std::string& name() const { return m_name; }
    /// Absent: the empty text. The user's zoom is kept when the figure changes.
    void setFigure(const std::optional<Figure>& figure);
    /// As it was set, whole.
    [[nodiscard]] const std::optional<Figure>& figure() const { return m_figure; }
    void setTitle(const QString& title);
    void setSubtitle(const QString& text);
    void setFinding(StatusBadge::Grade grade, const QString& text, const QString& toolTip);
    void clearFinding();
    /// Written on the figure when it must not be taken as it is; that work goes on, the workspace says once for all.
    void setViewState(ViewState state);
    /// At the right end of the heading; below it where the pane is narrow.
    void setTools(QWidget* widget);
    /// At the left end of the heading; while it is shown, the title is not.
    void setTitleSwitch(QWidget* widget);
    void showTitleSwitch(bool isShown);
    /// Below the figure. @param textsBeside texts of the figure, by layer id, that on screen stand beside it: there is room.
    void setFooter(QWidget* widget, std::vector<std::string> textsBeside = {});
    /// Shows only these panels of the figure; empty: all.
    void setPanels(std::vector<std::string> panels);
    /// Texts of the figure that on screen stand in the heading instead, where there is more room.
    void moveToHeading(std::vector<std::string> layerIds);
    /// The unit of the horizontal axis, which its label has in parentheses, stands there, too, while there is one panel: the label's line is
    /// room for the figure. What is measured the title must say.
    void moveUnitToHeading();
    /// For figures whose rows have heights of their own: a lower pane scrolls instead of pressing them together.
    void setScrolls();
    /// Leaves this layer out on screen: its message is a finding in the heading.
    void hideLayer(std::string id);
    [[nodiscard]] FigureView* view() const { return m_view; }

Q_SIGNALS:
    void exportRequested(const std::string& name);
    void copyRequested(const std::string& name);
    void picked(const brink::DataRef& ref);
    /// Coordinates and meaning under the pointer; empty when it left.
    void cursorMoved(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    void showFigure();
    [[nodiscard]] QString takeHeadingTexts(Panel& panel) const;
    void placeTools();

    std::string m_name;
    std::vector<std::string> m_panels;
    std::string m_hiddenLayer;
    std::vector<std::string> m_headingLayers;
    bool m_isUnitInHeading = false;
    std::optional<Figure> m_figure;
    QLabel* m_title;
    QWidget* m_titleSwitch = nullptr;
    ElidedLabel* m_subtitle;
    ElidedLabel* m_note;
    QWidget* m_tools = nullptr;
    StatusBadge* m_badge;
    QHBoxLayout* m_header;
    QHBoxLayout* m_second; ///< the tools where the pane is narrow
    FigureView* m_view;
    bool m_scrolls = false;
};

} // namespace brink
