// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace brink {

/// The visible states of every view of a result.
enum class ViewState { Empty, Running, Partial, Complete, Failed, Stale };

/// Icon and one or two words: the state of a view, or a finding with its grade. Never colour alone.
class StatusBadge : public QWidget {
    Q_OBJECT
public:
    enum class Grade { Good, Caution, Alarm, Neutral };

    explicit StatusBadge(QWidget* parent = nullptr);

    void setState(ViewState state, const QString& detail = {});
    void setFinding(Grade grade, const QString& text, const QString& toolTip = {});
    void clear();
    [[nodiscard]] QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void present(const QString& icon, Grade grade, const QString& text);
    void restyle();

    QLabel* m_icon;
    QLabel* m_text;
    QString m_iconName;
    Grade m_grade = Grade::Neutral;
};

} // namespace brink
