// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/resulttable.h"

#include <QHeaderView>
#include <QPainter>
#include <QScopedValueRollback>
#include <QSortFilterProxyModel>

#include <algorithm>

namespace brink {

ResultTableModel::ResultTableModel(std::vector<TableColumn> columns, QObject* parent)
    : QAbstractTableModel(parent), m_columns(std::move(columns))
{
}

void ResultTableModel::setColumns(std::vector<TableColumn> columns)
{
    if (columns == m_columns)
        return;
    const auto before = int(m_columns.size()), after = int(columns.size());
    if (after > before) {
        beginInsertColumns({}, before, after - 1);
        m_columns = std::move(columns);
        endInsertColumns();
    } else if (after < before) {
        beginRemoveColumns({}, after, before - 1);
        m_columns = std::move(columns);
        endRemoveColumns();
    } else {
        m_columns = std::move(columns);
    }
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, int(m_columns.size()) - 1);
}

void ResultTableModel::setRows(std::vector<TableRow> rows)
{
    if (std::ranges::equal(rows, m_rows, {}, &TableRow::key, &TableRow::key)) {
        m_rows = std::move(rows);
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(int(m_rows.size()) - 1, int(m_columns.size()) - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int ResultTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(m_rows.size()); }

int ResultTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(m_columns.size()); }

QVariant ResultTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const TableRow& row = m_rows[std::size_t(index.row())];
    if (role == KeyRole)
        return row.key;
    if (std::size_t(index.column()) >= row.cells.size())
        return {};
    const TableCell& cell = row.cells[std::size_t(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return cell.text;
    case OrderRole:
        return cell.order.isValid() ? cell.order : QVariant(cell.text);
    case Qt::ToolTipRole:
        return cell.toolTip.isEmpty() ? m_columns[std::size_t(index.column())].toolTip : cell.toolTip;
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (m_columns[std::size_t(index.column())].isNumber ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::FontRole:
        if (cell.isStrong) {
            QFont font;
            font.setBold(true);
            return font;
        }
        return {};
    case Qt::ForegroundRole:
        // The view's placeholder colour is the muted text of the theme.
        if (const auto* view = qobject_cast<QWidget*>(QObject::parent()); view && cell.isMuted)
            return view->palette().color(QPalette::PlaceholderText);
        return {};
    default:
        return {};
    }
}

QVariant ResultTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const TableColumn& column = m_columns[std::size_t(section)];
    if (role == Qt::DisplayRole)
        return column.header;
    if (role == Qt::ToolTipRole)
        return column.toolTip;
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (column.isNumber ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

ResultTable::ResultTable(std::vector<TableColumn> columns, QString emptyText, QWidget* parent)
    : QTableView(parent), m_model(new ResultTableModel(std::move(columns), this)), m_sorted(new QSortFilterProxyModel(this)),
      m_emptyText(std::move(emptyText))
{
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(ResultTableModel::OrderRole);
    setModel(m_sorted);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSortingEnabled(true);
    sortByColumn(-1, Qt::AscendingOrder);
    // The arrow takes room in every column, so it comes with the first click.
    horizontalHeader()->setSortIndicatorShown(false);
    connect(horizontalHeader(), &QHeaderView::sectionClicked, this, [this] {
        horizontalHeader()->setSortIndicatorShown(true);
        Q_EMIT sortPicked(sortColumn(), sortOrder());
    });
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.92);
    setFont(small);
    horizontalHeader()->setFont(small);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setMinimumSectionSize(24);
    // The first names the row: it takes what the numbers leave, and long names give way to them.
    horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
}

void ResultTable::setColumns(std::vector<TableColumn> columns)
{
    m_model->setColumns(std::move(columns));
    fitColumns();
}

void ResultTable::setRows(std::vector<TableRow> rows)
{
    const QScopedValueRollback guard(m_isUpdating, true);
    const QString key = currentKey();
    const QStringList picked = m_picksMany ? pickedKeys() : QStringList();
    m_model->setRows(std::move(rows));
    if (currentKey() != key)
        setCurrentKey(key);
    if (m_picksMany && pickedKeys() != picked)
        setPickedKeys(picked);
    fitColumns();
    viewport()->update();
}

/// A row whose name cannot be read says nothing, whatever its numbers.
void ResultTable::fitColumns()
{
    constexpr int fewestLetters = 11; // "APGD search"
    constexpr int padding = 16;
    const std::vector<TableColumn>& columns = m_model->columns();
    const auto wanted = [&](std::size_t column) {
        // The header's own hint is 0 while a column is hidden.
        return std::max({sizeHintForColumn(int(column)), horizontalHeader()->sectionSizeHint(int(column)), fontMetrics().horizontalAdvance(columns[column].header) + padding});
    };
    int room = viewport()->width() - std::min(wanted(0), fewestLetters * fontMetrics().averageCharWidth() + padding);
    const auto isLeftOut = [&](std::size_t column) { return !columns[column].givesWay && isColumnHidden(int(column)); }; // by somebody else
    for (std::size_t column = 1; column < columns.size(); ++column)
        room -= isLeftOut(column) ? 0 : wanted(column);
    for (std::size_t column = columns.size(); column-- > 1;) {
        if (!columns[column].givesWay)
            continue;
        const bool goes = room < 0;
        if (goes)
            room += wanted(column);
        if (isColumnHidden(int(column)) != goes)
            setColumnHidden(int(column), goes);
    }
}

void ResultTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

void ResultTable::setCurrentKey(const QString& key)
{
    const QScopedValueRollback guard(m_isUpdating, true);
    for (int row = 0; row < m_sorted->rowCount(); ++row) {
        const QModelIndex index = m_sorted->index(row, 0);
        if (index.data(ResultTableModel::KeyRole).toString() == key)
            return setCurrentIndex(index);
    }
    setCurrentIndex({});
}

QString ResultTable::currentKey() const { return currentIndex().data(ResultTableModel::KeyRole).toString(); }

void ResultTable::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    if (!m_isUpdating && !m_picksMany && current.isValid() && current.row() != previous.row())
        Q_EMIT rowPicked(current.data(ResultTableModel::KeyRole).toString());
}

void ResultTable::scrollSideways()
{
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollMode(ScrollPerPixel);
    horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
}

void ResultTable::setPicksMany()
{
    m_picksMany = true;
    setSelectionMode(ExtendedSelection);
}

void ResultTable::setPickedKeys(const QStringList& keys)
{
    const QScopedValueRollback guard(m_isUpdating, true);
    QItemSelection selection;
    for (int row = 0; row < m_sorted->rowCount(); ++row)
        if (keys.contains(m_sorted->index(row, 0).data(ResultTableModel::KeyRole).toString()))
            selection.select(m_sorted->index(row, 0), m_sorted->index(row, m_sorted->columnCount() - 1));
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (selection.isEmpty())
        return;
    const QModelIndex first = selection.indexes().first();
    selectionModel()->setCurrentIndex(first, QItemSelectionModel::NoUpdate);
    scrollTo(first);
}

QStringList ResultTable::pickedKeys() const
{
    QStringList keys;
    for (const QModelIndex& index : selectionModel()->selectedRows())
        keys << index.data(ResultTableModel::KeyRole).toString();
    return keys;
}

int ResultTable::sortColumn() const { return m_sorted->sortColumn(); }

Qt::SortOrder ResultTable::sortOrder() const { return m_sorted->sortOrder(); }

void ResultTable::setSort(int column, Qt::SortOrder order)
{
    if (column == sortColumn() && (column < 0 || order == sortOrder()))
        return;
    horizontalHeader()->setSortIndicatorShown(column >= 0);
    sortByColumn(column, order);
}

void ResultTable::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QTableView::selectionChanged(selected, deselected);
    if (!m_isUpdating && m_picksMany)
        Q_EMIT rowsPicked(pickedKeys());
}

void ResultTable::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    if (m_sorted->rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(viewport()->rect().adjusted(8, 8, -8, -8), Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap, m_emptyText);
}

} // namespace brink
