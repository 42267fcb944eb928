// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/uitheme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QStyle>
#include <QSvgRenderer>
#include <QWidget>

namespace brink {

namespace {

/// Renders one SVG in one colour; greyed when disabled.
class TintedIconEngine : public QIconEngine {
public:
    TintedIconEngine(QByteArray svg, QColor colour) : m_svg(std::move(svg)), m_colour(std::move(colour)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const QColor colour = mode == QIcon::Disabled ? faded(m_colour) : m_colour;
        QByteArray tinted = m_svg;
        tinted.replace("#000000", colour.name(QColor::HexRgb).toLatin1());
        QSvgRenderer renderer(tinted);
        painter->save();
        painter->setOpacity(colour.alphaF());
        renderer.render(painter, rect);
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new TintedIconEngine(m_svg, m_colour); }

private:
    static QColor faded(QColor colour)
    {
        colour.setAlphaF(0.4f);
        return colour;
    }

    QByteArray m_svg;
    QColor m_colour;
};

UiColours makeColours(bool dark)
{
    if (dark)
        return {QColor(0x16191D), QColor(0x1E2227), QColor(0x343A42), QColor(0xE6E9ED), QColor(0x9AA4B1), QColor(0x5AA2FF),
            QColor(0x22344C), QColor(0x49C587), QColor(0xFFB454), QColor(0xFF7B72)};
    return {QColor(0xFFFFFF), QColor(0xF6F7F9), QColor(0xD9DDE3), QColor(0x1B1F24), QColor(0x5B6470), QColor(0x0B63CE),
        QColor(0xE1EDFA), QColor(0x1A7F4B), QColor(0xB26A00), QColor(0xC62828)};
}

const char* const styleTemplate = R"(
QMainWindow, QDialog, QMenuBar, QStatusBar { background: %panel; }
QMainWindow::separator { background: %line; width: 1px; height: 1px; }
QToolTip { background: %panel; color: %text; border: 1px solid %line; padding: 4px; }
QMenuBar { border-bottom: 1px solid %line; padding: 2px 4px; }
QMenuBar::item { padding: 5px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: %soft; }
QMenu { background: %background; border: 1px solid %line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 3px; }
QMenu::item:selected { background: %soft; color: %text; }
QMenu::item:disabled { color: %muted; }
QMenu::separator { height: 1px; background: %line; margin: 4px 6px; }
QStatusBar { border-top: 1px solid %line; color: %muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: %muted; padding: 0 8px; }
QSplitter::handle { background: %line; }
QPushButton { background: %background; border: 1px solid %line; border-radius: 4px; padding: 4px 14px; min-height: 16px; }
QPushButton:hover { border-color: %accent; }
QPushButton:checked { background: %soft; border-color: %accent; }
QPushButton:focus { border: 1px solid %accent; }
QPushButton:disabled { color: %muted; border-color: %line; }
QPushButton[primary="true"] { background: %accent; color: %onAccent; border-color: %accent; font-weight: bold; }
QPushButton[primary="true"]:hover { background: %accentDeep; }
QPushButton[primary="true"]:focus { border: 1px solid %text; }
QPushButton[primary="true"]:disabled { background: %line; color: %muted; border-color: %line; }
QToolButton { border: 1px solid transparent; border-radius: 4px; padding: 2px; background: transparent; }
QToolButton[chip="true"] { padding: 1px 0; }
QToolButton:hover { background: %soft; }
QToolButton:focus { border-color: %accent; }
QToolButton:disabled { color: %muted; }
QToolButton[hasMenu="true"] { padding: 2px 17px 2px 4px; }
QToolButton[hasMenu="true"]::menu-indicator { image: url(:/brink/icons/down-%scheme.svg); width: 12px; height: 12px; subcontrol-origin: border;
    subcontrol-position: right center; right: 3px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: %line; }
QSlider::sub-page:horizontal { border-radius: 2px; background: %accent; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -4px 0; border-radius: 6px; background: %accent; }
QSlider::handle:horizontal:focus { border: 2px solid %text; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: %line; }
QToolButton[segment="true"] { border: 1px solid %line; border-radius: 0; padding: 3px 5px; background: %background; color: %text; }
QToolButton[segment="true"][place="first"] { border-top-left-radius: 4px; border-bottom-left-radius: 4px; }
QToolButton[segment="true"][place="last"] { border-top-right-radius: 4px; border-bottom-right-radius: 4px; }
QToolButton[segment="true"]:checked { background: %accent; color: %onAccent; border-color: %accent; }
QToolButton[segment="true"]:focus { border-color: %text; }
QPlainTextEdit { background: %background; border: 1px solid %line; border-radius: 4px; selection-background-color: %accent; selection-color: %onAccent; }
QPlainTextEdit:focus { border-color: %accent; }
QLineEdit, QComboBox, QAbstractSpinBox { background: %background; border: 1px solid %line; border-radius: 4px; padding: 2px 6px; min-height: 18px;
    selection-background-color: %accent; selection-color: %onAccent; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus { border-color: %accent; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] { border: 1px solid %alarm; color: %alarm; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow { image: url(:/brink/icons/down-%scheme.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: %background; border: 1px solid %line; selection-background-color: %soft; selection-color: %text; }
QCheckBox { spacing: 6px; }
QDialog QTableWidget, QDialog QListWidget { background: %background; border: 1px solid %line; border-radius: 4px; }
QDialog QTableWidget::item { padding: 0px; }
QListWidget::item:selected { background: %soft; color: %text; }
QCheckBox::indicator, QTableWidget::indicator { width: 13px; height: 13px; border: 1px solid %muted; border-radius: 3px; background: %background; }
QCheckBox::indicator:checked, QTableWidget::indicator:checked { background: %accent; border-color: %accent; image: url(:/brink/icons/check-%scheme.svg); }
QCheckBox::indicator:disabled { border-color: %line; }
QCheckBox:focus { color: %accent; }
QAbstractItemView { background: transparent; border: none; outline: none; }
QAbstractItemView:focus { outline: none; }
QHeaderView { background: transparent; }
QHeaderView::section { background: transparent; color: %muted; border: none; padding: 2px 4px; }
QTableView { gridline-color: transparent; selection-background-color: %soft; selection-color: %text; }
QTableView::item { padding: 1px 4px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QProgressBar { background: %line; border: none; border-radius: 4px; max-height: 8px; min-height: 8px; }
QProgressBar::chunk { background: %accent; border-radius: 4px; }
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: %line; border-radius: 3px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: %muted; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; border: none; width: 0; height: 0; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: %muted; padding: 8px 14px 7px 14px; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: %accent; border-bottom: 2px solid %accent; font-weight: bold; }
QTabBar::tab:focus { color: %text; }
QWidget[surface="panel"] { background: %panel; }
QWidget[surface="background"] { background: %background; }
QFrame[surface="callout"] { background: %background; border: 1px solid %accent; border-radius: 6px; }
QFrame[hairline="true"] { background: %line; border: none; }
QLabel[role="heading"] { font-weight: bold; }
QLabel[role="muted"] { color: %muted; }
QLabel[role="caps"] { color: %muted; font-weight: bold; }
QLabel[role="good"] { color: %good; }
QLabel[role="caution"] { color: %caution; }
QLabel[role="alarm"] { color: %alarm; }
)";

} // namespace

const UiColours& uiColours(bool dark)
{
    static const UiColours light = makeColours(false);
    static const UiColours night = makeColours(true);
    return dark ? night : light;
}

const UiColours& uiColours(const QPalette& palette) { return uiColours(isDark(palette)); }

bool isDark(const QPalette& palette) { return palette.color(QPalette::Window).lightness() < 128; }

QPalette uiPalette(bool dark)
{
    const UiColours& colours = uiColours(dark);
    QPalette palette(colours.text, colours.panel, dark ? colours.line.lighter(130) : QColor(Qt::white), colours.line.darker(130),
        colours.line, colours.text, colours.background);
    palette.setColor(QPalette::Window, colours.panel);
    palette.setColor(QPalette::Button, colours.panel);
    palette.setColor(QPalette::AlternateBase, colours.panel);
    palette.setColor(QPalette::Highlight, colours.accent);
    palette.setColor(QPalette::HighlightedText, dark ? colours.background : QColor(Qt::white));
    palette.setColor(QPalette::Link, colours.accent);
    palette.setColor(QPalette::PlaceholderText, colours.muted);
    palette.setColor(QPalette::ToolTipBase, colours.panel);
    palette.setColor(QPalette::ToolTipText, colours.text);
    for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, colours.muted);
    return palette;
}

QString uiStyleSheet(bool dark)
{
    const UiColours& colours = uiColours(dark);
    QString sheet = QString::fromLatin1(styleTemplate);
    // A style sheet cannot tint an icon, so this one comes in two colours.
    sheet.replace(QLatin1String("%scheme"), dark ? QLatin1String("dark") : QLatin1String("light"));
    const QColor onAccent = dark ? colours.background : QColor(Qt::white);
    const QColor accentDeep = dark ? colours.accent.lighter(112) : colours.accent.darker(115);
    // Longer names first: "%accent" is the beginning of "%accentDeep".
    const std::pair<const char*, QColor> names[] = {{"%accentDeep", accentDeep}, {"%onAccent", onAccent},
        {"%background", colours.background}, {"%panel", colours.panel}, {"%line", colours.line}, {"%text", colours.text},
        {"%muted", colours.muted}, {"%accent", colours.accent}, {"%soft", colours.accentSoft}, {"%good", colours.good},
        {"%caution", colours.caution}, {"%alarm", colours.alarm}};
    for (const auto& [name, colour] : names)
        sheet.replace(QLatin1String(name), colour.name());
    return sheet;
}

/// The style sheet looks at the property only when a widget is polished.
void setTextRole(QWidget* widget, const QString& role)
{
    if (widget->property("role") == role)
        return;
    widget->setProperty("role", role);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

QIcon tintedIcon(const QString& name, const QColor& colour)
{
    QFile file(QStringLiteral(":/brink/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QIcon(new TintedIconEngine(file.readAll(), colour));
}

} // namespace brink
