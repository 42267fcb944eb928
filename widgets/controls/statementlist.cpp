// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/statementlist.h"

#include <QLabel>
#include <QVBoxLayout>

namespace brink {

StatementList::StatementList(QString emptyText, QWidget* parent) : FormArea(new QWidget, parent), m_emptyText(std::move(emptyText)), m_rows(new QVBoxLayout(widget()))
{
    m_rows->setContentsMargins(12, 4, 12, 8);
    m_rows->setSpacing(2);
    addText(m_emptyText, QStringLiteral("muted"));
    m_rows->addStretch(1);
}

void StatementList::setStatements(std::vector<Statement> statements)
{
    if (statements == m_statements)
        return;
    m_statements = std::move(statements);
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const Statement& statement : m_statements)
        addStatement(statement);
    if (m_statements.empty())
        addText(m_emptyText, QStringLiteral("muted"));
    m_rows->addStretch(1);
}

void StatementList::addStatement(const Statement& statement)
{
    if (m_rows->count() > 0)
        m_rows->addSpacing(10);
    addText(statement.statement, QStringLiteral("heading"));
    auto* badge = new StatusBadge(widget());
    badge->setFinding(statement.grade, statement.verdict);
    m_rows->addWidget(badge, 0, Qt::AlignLeft);
    addText(statement.evidence, {});
    addText(statement.criterion, QStringLiteral("muted"));
}

void StatementList::addText(const QString& text, const QString& role)
{
    if (text.isEmpty())
        return;
    auto* label = new QLabel(text, widget());
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (!role.isEmpty())
        label->setProperty("role", role);
    m_rows->addWidget(label);
}

} // namespace brink
