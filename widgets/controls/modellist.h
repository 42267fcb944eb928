// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/picklist.h"

#include <QAbstractListModel>

#include <optional>

namespace brink {

/// One model as the list shows it.
struct ModelRow {
    enum class Grade { Unknown, Good, Caution, Alarm };
    QString name;
    QString facts;   ///< "CNN · 1×28×28 · 166 k"
    Grade grade = Grade::Unknown;
    QString toolTip; ///< the checks with findings and remedies
    QString value;   ///< right-aligned number, e.g. clean accuracy; may be empty
    QString valueNote; ///< below it, what it was counted from: "of 100"
    bool operator==(const ModelRow&) const = default;
};

class ModelListModel : public QAbstractListModel {
    Q_OBJECT
public:
    static constexpr int FactsRole = Qt::UserRole;
    static constexpr int GradeRole = Qt::UserRole + 1;
    static constexpr int ValueRole = Qt::UserRole + 2;
    static constexpr int ValueNoteRole = Qt::UserRole + 3;

    using QAbstractListModel::QAbstractListModel;
    void setRows(QList<ModelRow> rows);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    QList<ModelRow> m_rows;
};

/// Loaded models: marker, name, facts, sanity grade. The current one is emphasised.
class ModelList : public PickList {
    Q_OBJECT
public:
    explicit ModelList(QWidget* parent = nullptr);

    /// The current row stays.
    void setRows(const QList<ModelRow>& rows);

private:
    ModelListModel* m_model;
};

} // namespace brink
