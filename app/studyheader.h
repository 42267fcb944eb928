// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studyactions.h"

#include <QWidget>

class QAction;
class QPushButton;

namespace brink {

class ElidedLabel;
class StatusBadge;
class StudyDesk;

/// One line over a workspace of a study: its name, how far it is, what went wrong, and the way on.
class StudyHeader : public QWidget {
    Q_OBJECT
public:
    explicit StudyHeader(const StudyActions& actions, QWidget* parent = nullptr);

    void showDesk(const StudyDesk& desk);

private:
    QPushButton* makeButton(QAction* action);

    ElidedLabel* m_title;
    ElidedLabel* m_progress;
    StatusBadge* m_state;
    StatusBadge* m_remarks;
    QPushButton* m_resume;
    QPushButton* m_stop;
};

} // namespace brink
