// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/modellist.h"

#include "widgets/controls/uitheme.h"

#include <QGuiApplication>
#include <QPainter>
#include <QPainterPath>
#include <QStyledItemDelegate>

#include <algorithm>
#include <array>

namespace brink {

namespace {

constexpr int rowHeight = 40;
/// Okabe-Ito order, as in the figures.
constexpr std::array<QRgb, 8> seriesColours{0xFF0072B2, 0xFFE69F00, 0xFF009E73, 0xFFD55E00, 0xFFCC79A7, 0xFF56B4E9, 0xFFF0E442, 0xFF808080};

/// The marker shapes of the series, so that models differ without colour, too.
QPainterPath markerPath(int row, const QPointF& middle)
{
    constexpr double r = 4.5;
    QPainterPath path;
    switch (row % 5) {
    case 0:
        path.addEllipse(middle, r, r);
        break;
    case 1:
        path.addRect(QRectF(middle.x() - r, middle.y() - r, 2 * r, 2 * r));
        break;
    case 2:
        path.addPolygon(QPolygonF({middle + QPointF(0, -r), middle + QPointF(r, r), middle + QPointF(-r, r), middle + QPointF(0, -r)}));
        break;
    case 3:
        path.addPolygon(QPolygonF({middle + QPointF(0, -r - 1), middle + QPointF(r + 1, 0), middle + QPointF(0, r + 1),
            middle + QPointF(-r - 1, 0), middle + QPointF(0, -r - 1)}));
        break;
    default:
        path.addPolygon(QPolygonF({middle + QPointF(0, r), middle + QPointF(r, -r), middle + QPointF(-r, -r), middle + QPointF(0, r)}));
        break;
    }
    return path;
}

QIcon gradeIcon(ModelRow::Grade grade, const UiColours& colours)
{
    switch (grade) {
    case ModelRow::Grade::Good:
        return tintedIcon(QStringLiteral("good"), colours.good);
    case ModelRow::Grade::Caution:
        return tintedIcon(QStringLiteral("caution"), colours.caution);
    case ModelRow::Grade::Alarm:
        return tintedIcon(QStringLiteral("alarm"), colours.alarm);
    case ModelRow::Grade::Unknown:
        break;
    }
    return {};
}

class ModelDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {160, rowHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        // The style sheet hands delegates a palette of its own; the theme is the application's.
        const UiColours colours = uiColours(QGuiApplication::palette());
        const QRect rect = option.rect;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const bool isCurrent = option.state & QStyle::State_Selected;
        if (isCurrent || option.state & QStyle::State_MouseOver)
            painter->fillRect(rect, isCurrent ? colours.accentSoft : colours.line);
        painter->fillPath(markerPath(index.row(), QPointF(rect.left() + 14, rect.center().y() + 0.5)),
            QColor(seriesColours[std::size_t(index.row()) % seriesColours.size()]));

        const auto grade = index.data(ModelListModel::GradeRole).value<int>();
        const QRect icon(rect.right() - 24, rect.center().y() - 7, 15, 15);
        gradeIcon(ModelRow::Grade(grade), colours).paint(painter, icon);
        const QRect lines = rect.adjusted(28, 3, -32, -3);
        const int taken = paintValue(painter, option, index, lines, colours);
        paintText(painter, option, index, lines.adjusted(0, 0, -taken, 0), colours);
        if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange) {
            painter->setPen(colours.accent);
            painter->drawRect(rect.adjusted(0, 0, -1, -1));
        }
        painter->restore();
    }

private:
    /// @return the width it took, with a gap.
    static int paintValue(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index, const QRect& rect,
        const UiColours& colours)
    {
        const QString value = index.data(ModelListModel::ValueRole).toString();
        if (value.isEmpty())
            return 0;
        const QString note = index.data(ModelListModel::ValueNoteRole).toString();
        const int half = rect.height() / 2;
        painter->setFont(option.font);
        painter->setPen(colours.text);
        painter->drawText(rect.adjusted(0, 0, 0, -half), Qt::AlignRight | Qt::AlignVCenter, value);
        QFont small = option.font;
        small.setPointSizeF(option.font.pointSizeF() * 0.88);
        painter->setFont(small);
        painter->setPen(colours.muted);
        painter->drawText(rect.adjusted(0, half, 0, 0), Qt::AlignRight | Qt::AlignVCenter, note);
        return std::max(option.fontMetrics.horizontalAdvance(value), QFontMetrics(small).horizontalAdvance(note)) + 6;
    }

    static void paintText(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index, const QRect& rect,
        const UiColours& colours)
    {
        QFont font = option.font;
        font.setBold(option.state & QStyle::State_Selected);
        painter->setFont(font);
        painter->setPen(colours.text);
        const QFontMetrics nameMetrics(font);
        const int half = rect.height() / 2;
        painter->drawText(rect.adjusted(0, 0, 0, -half), Qt::AlignLeft | Qt::AlignVCenter,
            nameMetrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, rect.width()));
        QFont small = option.font;
        small.setPointSizeF(option.font.pointSizeF() * 0.88);
        painter->setFont(small);
        painter->setPen(colours.muted);
        painter->drawText(rect.adjusted(0, half, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(small).elidedText(index.data(ModelListModel::FactsRole).toString(), Qt::ElideRight, rect.width()));
    }
};

} // namespace

void ModelListModel::setRows(QList<ModelRow> rows)
{
    if (rows == m_rows)
        return;
    if (rows.size() == m_rows.size()) {
        m_rows = std::move(rows);
        Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int ModelListModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(m_rows.size()); }

QVariant ModelListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const ModelRow& row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return row.name;
    case Qt::ToolTipRole:
        return row.toolTip;
    case Qt::AccessibleTextRole:
        return QStringList{row.name, row.facts, row.value, row.valueNote}.join(QStringLiteral(", "));
    case FactsRole:
        return row.facts;
    case GradeRole:
        return int(row.grade);
    case ValueRole:
        return row.value;
    case ValueNoteRole:
        return row.valueNote;
    default:
        return {};
    }
}

ModelList::ModelList(QWidget* parent)
    : PickList(tr("Models"), tr("Drop a TorchScript model here, or press + to open one."), parent), m_model(new ModelListModel(this))
{
    setModel(m_model);
    setItemDelegate(new ModelDelegate(this));
    setMouseTracking(true);
}

void ModelList::setRows(const QList<ModelRow>& rows)
{
    changeQuietly([this, &rows] {
        const int current = currentIndex().row();
        m_model->setRows(rows);
        setCurrentIndex(m_model->index(current));
    });
    viewport()->update();
}

} // namespace brink
