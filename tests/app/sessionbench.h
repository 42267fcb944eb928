// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sessionkeeper.h"
#include "core/store/resultdocument.h"
#include "tests/app/desk.h"
#include "widgets/controls/messagebar.h"

#include <QPushButton>
#include <QTest>

namespace brink::test {

/// The bits of a result as one text.
inline std::string bitsOf(const InspectResult& result)
{
    const ResultDocument document = documentOf(result);
    return document.header.dump() + document.data;
}

/// The same but for what differs from run to run.
inline std::string numbersOf(InspectResult result)
{
    result.seconds = 0;
    if (result.clever)
        result.clever->seconds = 0;
    for (auto* bound : {&result.certified, &result.certifiedBall})
        if (*bound)
            (*bound)->seconds = 0;
    for (AttackOutcome& outcome : result.attacks)
        outcome.seconds = 0;
    return bitsOf(result);
}

inline bool pressMessageButton(MainWindow& window, const QString& text)
{
    for (auto* button : window.messages()->findChildren<QPushButton*>())
        if (button->text() == text && button->isVisible()) {
            QTest::mouseClick(button, Qt::LeftButton);
            return true;
        }
    return false;
}

} // namespace brink::test
