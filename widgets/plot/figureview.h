// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "widgets/plot/theme.h"

#include <QString>
#include <QWidget>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QStackedLayout;
class QLabel;
class QPushButton;

namespace brink {

class FigurePlot;
class FigureRenderer;

/// Shows a figure value; zoom with the wheel (over an axis: that axis), drag to pan, double-click or Home to reset.
/// New data keep the user's zoom. Without a figure it says what it will show and offers one action.
class FigureView : public QWidget {
    Q_OBJECT

public:
    /// How far the figure can be trusted; anything but Ready is written on the view, in words.
    enum class State { Ready, Running, Partial, Failed, Stale };

    explicit FigureView(QWidget* parent = nullptr);
    ~FigureView() override;

    /// Null shows the empty text.
    void setFigure(std::shared_ptr<const Figure> figure);
    [[nodiscard]] std::shared_ptr<const Figure> figure() const;
    /// What an empty view says, and the button that fills it (empty: no button).
    void setEmptyText(const QString& text, const QString& action = {});
    /// @param text one sentence, e.g. the error; empty: the state's own word.
    void setState(State state, const QString& text = {});
    [[nodiscard]] State state() const { return m_state; }
    /// Follows the palette unless set; Print previews an exported file.
    void setThemeKind(std::optional<ThemeKind> kind);
    /// Dragging draws a rectangle and picks the points inside, instead of moving the axes.
    void setDragSelects();
    /// What the point under the pointer is, as tool tip; empty: how to use the view.
    void setHint(const QString& text);
    void resetZoom();
    [[nodiscard]] bool isZoomed() const;
    /// The ranges of panels the user zoomed, by panel id: x low, x high, y low, y high.
    [[nodiscard]] std::map<std::string, std::array<double, 4>> zoom() const;
    /// As if the user had zoomed so; panels not there yet take theirs when a figure brings them.
    void setZoom(const std::map<std::string, std::array<double, 4>>& ranges);

    /// Where a data point lies in this widget, and back: for tests and overlays. @pre the panel exists.
    [[nodiscard]] QPointF pixelOf(const std::string& panelId, double x, double y) const;
    [[nodiscard]] std::array<double, 4> ranges(const std::string& panelId) const; ///< x low, x high, y low, y high
    /// The widget that takes the mouse.
    [[nodiscard]] QWidget* plotWidget() const;

    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void exportRequested();
    void copyRequested();
    void emptyActionTriggered();
    void pointPicked(const brink::DataRef& ref);
    /// All points of one panel inside the rectangle drawn; may be empty.
    void regionPicked(const std::vector<brink::DataRef>& refs);
    /// The point under the pointer; absent: none any more.
    void pointHovered(const std::optional<brink::DataRef>& ref);
    /// The user changed what part of a panel is in sight, or set a zoom; may come several times for one change.
    void zoomEdited();
    /// The user wants to see all again.
    void zoomReset();
    /// Coordinates and meaning under the pointer; empty when it leaves.
    void cursorMoved(const QString& text);

protected:
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void applyZoom();
    void applyStyle();
    void applyState();
    void replotSoon();
    void pressed(QPointF position);
    void released(QPointF position);
    void moved(QPointF position);
    void pickRegion(const QRectF& area);
    void hover(const std::optional<DataRef>& ref);
    void zoomBy(double factor);
    void panBy(double shareX, double shareY);

    FigurePlot* m_plot;
    std::unique_ptr<FigureRenderer> m_renderer;
    QStackedLayout* m_stack;
    QWidget* m_empty;
    QLabel* m_emptyText;
    QPushButton* m_emptyAction;
    QLabel* m_badge;
    State m_state = State::Ready;
    QString m_stateText;
    std::optional<ThemeKind> m_themeKind;
    QPointF m_pressedAt;
    QString m_usage;
    std::optional<DataRef> m_hovered;
    std::map<std::string, std::array<double, 4>> m_wantedZoom;
};

} // namespace brink
