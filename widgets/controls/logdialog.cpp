// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/logdialog.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

namespace brink {

namespace {

QPushButton* makeButton(const QString& text, const QString& toolTip, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setAutoDefault(false);
    button->setAccessibleName(text);
    button->setToolTip(toolTip);
    return button;
}

} // namespace

LogDialog::LogDialog(const QString& title, QWidget* parent) : QDialog(parent), m_text(new QPlainTextEdit(this))
{
    setWindowTitle(title);
    setModal(false);
    resize(760, 380);
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setPlaceholderText(tr("Nothing has ended yet."));
    m_text->setAccessibleName(title);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_text, 1);
    auto* buttons = new QHBoxLayout;
    auto* copy = makeButton(tr("Copy all"), tr("Put the whole log on the clipboard"), this);
    auto* clear = makeButton(tr("Clear"), tr("Empty the log"), this);
    auto* close = makeButton(tr("Close"), tr("Close this window; the log goes on"), this);
    buttons->addWidget(copy);
    buttons->addWidget(clear);
    buttons->addStretch(1);
    buttons->addWidget(close);
    layout->addLayout(buttons);
    connect(copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(text()); });
    connect(clear, &QPushButton::clicked, this, &LogDialog::clearWanted);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
}

void LogDialog::setText(const QString& text)
{
    if (text == m_text->toPlainText())
        return;
    QScrollBar* bar = m_text->verticalScrollBar();
    const bool wasAtEnd = bar->value() == bar->maximum();
    const int value = bar->value();
    m_text->setPlainText(text);
    bar->setValue(wasAtEnd ? bar->maximum() : value);
}

QString LogDialog::text() const { return m_text->toPlainText(); }

} // namespace brink
