// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <QString>

#include <functional>

class QVBoxLayout;

namespace brink {

/// What can be done about a message.
struct MessageAction {
    QString text;
    QString toolTip;
    std::function<void()> work;
};

/// Messages above the work, never in its way: one sentence each, with an icon and a dismiss button.
/// The newest is on top; more than three wait below until there is room, so nothing is lost.
class MessageBar : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Information, Caution, Alarm };

    explicit MessageBar(QWidget* parent = nullptr);

    /// The same sentence twice is shown once. @param actions buttons behind the sentence; each dismisses the message.
    void post(Kind kind, const QString& sentence, const QList<MessageAction>& actions = {});
    void dismissAll();
    [[nodiscard]] QStringList sentences() const; ///< newest first, those waiting included

Q_SIGNALS:
    void countChanged(int count);

private:
    struct Message {
        Kind kind;
        QString sentence;
        QList<MessageAction> actions;
    };
    void dismiss(const QString& sentence);
    void rebuild();
    QWidget* makeRow(const Message& message);

    QList<Message> m_messages;
    QVBoxLayout* m_layout;
};

} // namespace brink
