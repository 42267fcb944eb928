// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/formarea.h"
#include "widgets/controls/statusbadge.h"

#include <QString>

#include <vector>

class QVBoxLayout;

namespace brink {

/// A statement, how it stands, and what says so.
struct Statement {
    StatusBadge::Grade grade = StatusBadge::Grade::Neutral;
    QString verdict;   ///< "holds"
    QString statement;
    QString evidence;  ///< what was found; may be empty
    QString criterion; ///< what counts
    bool operator==(const Statement&) const = default;
};

/// Statements one below the other with their verdicts, as text that can be selected.
class StatementList : public FormArea {
    Q_OBJECT
public:
    /// @param emptyText shown while there are none: what will stand here.
    explicit StatementList(QString emptyText, QWidget* parent = nullptr);

    void setStatements(std::vector<Statement> statements);
    [[nodiscard]] const std::vector<Statement>& statements() const { return m_statements; }

private:
    void addStatement(const Statement& statement);
    void addText(const QString& text, const QString& role);

    QString m_emptyText;
    std::vector<Statement> m_statements;
    QVBoxLayout* m_rows;
};

} // namespace brink
