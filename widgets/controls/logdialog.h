// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QPlainTextEdit;

namespace brink {

/// Text that grows, to read beside the window, to copy and to clear. Stays at the end unless the reader scrolled away.
class LogDialog : public QDialog {
    Q_OBJECT
public:
    explicit LogDialog(const QString& title, QWidget* parent = nullptr);

    void setText(const QString& text);
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void clearWanted();

private:
    QPlainTextEdit* m_text;
};

} // namespace brink
