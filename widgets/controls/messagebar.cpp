// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/messagebar.h"

#include "widgets/controls/uitheme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace brink {

namespace {

constexpr int rowsShown = 3;

struct Look {
    QString icon;
    QColor colour;
};

Look lookOf(MessageBar::Kind kind, const UiColours& colours)
{
    switch (kind) {
    case MessageBar::Kind::Alarm:
        return {QStringLiteral("alarm"), colours.alarm};
    case MessageBar::Kind::Caution:
        return {QStringLiteral("caution"), colours.caution};
    case MessageBar::Kind::Information:
        break;
    }
    return {QStringLiteral("info"), colours.accent};
}

} // namespace

MessageBar::MessageBar(QWidget* parent) : QFrame(parent), m_layout(new QVBoxLayout(this))
{
    setProperty("surface", QStringLiteral("panel"));
    m_layout->setContentsMargins(12, 4, 8, 4);
    m_layout->setSpacing(2);
    setAccessibleName(tr("Messages"));
    hide();
}

void MessageBar::post(Kind kind, const QString& sentence, const QList<MessageAction>& actions)
{
    const auto isSame = [&sentence](const Message& message) { return message.sentence == sentence; };
    if (sentence.isEmpty() || std::ranges::any_of(m_messages, isSame))
        return;
    m_messages.prepend({kind, sentence, actions});
    rebuild();
}

void MessageBar::dismiss(const QString& sentence)
{
    // A copy: the sentence may be that of the message that goes.
    m_messages.removeIf([gone = sentence](const Message& other) { return other.sentence == gone; });
    rebuild();
}

void MessageBar::dismissAll()
{
    m_messages.clear();
    rebuild();
}

QStringList MessageBar::sentences() const
{
    QStringList out;
    for (const Message& message : m_messages)
        out << message.sentence;
    return out;
}

void MessageBar::rebuild()
{
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    for (int i = 0; i < std::min<int>(rowsShown, int(m_messages.size())); ++i)
        m_layout->addWidget(makeRow(m_messages[i]));
    const int waiting = int(m_messages.size()) - rowsShown;
    if (waiting > 0) {
        auto* more = new QLabel(tr("%n more below", nullptr, waiting), this);
        more->setProperty("role", QStringLiteral("muted"));
        m_layout->addWidget(more);
    }
    setVisible(!m_messages.isEmpty());
    Q_EMIT countChanged(int(m_messages.size()));
}

QWidget* MessageBar::makeRow(const Message& message)
{
    const UiColours& colours = uiColours(palette());
    const Look look = lookOf(message.kind, colours);
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    auto* icon = new QLabel(row);
    icon->setPixmap(tintedIcon(look.icon, look.colour).pixmap(QSize(16, 16), devicePixelRatioF()));
    auto* text = new QLabel(message.sentence, row);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* dismiss = new QToolButton(row);
    dismiss->setIcon(tintedIcon(QStringLiteral("close"), colours.muted));
    dismiss->setToolTip(tr("Dismiss this message"));
    dismiss->setAccessibleName(tr("Dismiss: %1").arg(message.sentence));
    connect(dismiss, &QToolButton::clicked, this, [this, sentence = message.sentence] { this->dismiss(sentence); });
    layout->addWidget(icon, 0, Qt::AlignTop);
    layout->addWidget(text, 1);
    for (const MessageAction& action : message.actions) {
        auto* button = new QPushButton(action.text, row);
        button->setToolTip(action.toolTip);
        button->setAccessibleName(tr("%1: %2").arg(action.text, message.sentence));
        connect(button, &QPushButton::clicked, this, [this, sentence = message.sentence, work = action.work] {
            this->dismiss(sentence);
            work();
        });
        layout->addWidget(button, 0, Qt::AlignTop);
    }
    layout->addWidget(dismiss, 0, Qt::AlignTop);
    return row;
}

} // namespace brink
