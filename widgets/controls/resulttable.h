// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QTableView>

#include <vector>

class QSortFilterProxyModel;

namespace brink {

struct TableColumn {
    QString header;  ///< with the unit
    QString toolTip; ///< the definition
    bool isNumber = true;
    bool givesWay = false; ///< goes where there is no room for the names in the first column; the last such one first
    bool operator==(const TableColumn&) const = default;
};

struct TableCell {
    QString text;
    QVariant order;   ///< sorts by this; the text when invalid
    QString toolTip;
    bool isStrong = false;
    bool isMuted = false;
};

struct TableRow {
    QString key; ///< stable between updates
    std::vector<TableCell> cells;
};

/// Rows given from outside; rows with the same keys in the same order are updated in place, so that selection and
/// scroll position stay.
class ResultTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int OrderRole = Qt::UserRole;
    static constexpr int KeyRole = Qt::UserRole + 1;

    explicit ResultTableModel(std::vector<TableColumn> columns, QObject* parent = nullptr);

    /// @pre as many columns as before.
    void setColumns(std::vector<TableColumn> columns);
    [[nodiscard]] const std::vector<TableColumn>& columns() const { return m_columns; }
    void setRows(std::vector<TableRow> rows);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<TableColumn> m_columns;
    std::vector<TableRow> m_rows;
};

/// A sortable table of results, one row or several to pick, numbers right-aligned.
class ResultTable : public QTableView {
    Q_OBJECT
public:
    /// @param emptyText shown while there are no rows: what the table will hold.
    ResultTable(std::vector<TableColumn> columns, QString emptyText, QWidget* parent = nullptr);

    /// Other headings for the same columns, e.g. of another norm.
    void setColumns(std::vector<TableColumn> columns);
    /// The current row stays the one with the same key. Emits nothing.
    void setRows(std::vector<TableRow> rows);
    /// Emits nothing; an unknown key clears.
    void setCurrentKey(const QString& key);
    [[nodiscard]] QString currentKey() const;

    /// For many columns: the names keep their room, what does not fit is scrolled to.
    void scrollSideways();
    /// Lets several rows be picked (Ctrl, Shift, dragging); then rowsPicked() tells, and rowPicked() does not.
    void setPicksMany();
    /// Emits nothing; keys that are not there are left out.
    void setPickedKeys(const QStringList& keys);
    [[nodiscard]] QStringList pickedKeys() const;

    /// Sorted by this column; -1: in the order given.
    [[nodiscard]] int sortColumn() const;
    [[nodiscard]] Qt::SortOrder sortOrder() const;
    /// Emits nothing.
    void setSort(int column, Qt::SortOrder order);

Q_SIGNALS:
    void rowPicked(const QString& key);
    void rowsPicked(const QStringList& keys);
    void sortPicked(int column, Qt::SortOrder order);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitColumns();

    ResultTableModel* m_model;
    QSortFilterProxyModel* m_sorted;
    QString m_emptyText;
    bool m_isUpdating = false;
    bool m_picksMany = false;
};

} // namespace brink
