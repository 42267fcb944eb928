// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

#include <algorithm>
#include <cmath>

namespace brink::test {

/// |actual - expected| <= max(relative * |expected|, absolute). Say at the call why the tolerance is what it is.
inline bool isClose(double actual, double expected, double relative, double absolute = 0.0)
{
    return std::abs(actual - expected) <= std::max(relative * std::abs(expected), absolute);
}

} // namespace brink::test

/// Fails with both values and the tolerance in the message.
#define compareClose(actual, expected, relative, absolute)                                                              \
    QVERIFY2(brink::test::isClose(actual, expected, relative, absolute),                                                \
        qPrintable(QStringLiteral("%1 is %2, expected %3 (relative %4, absolute %5)")                                   \
                .arg(QStringLiteral(#actual))                                                                           \
                .arg(double(actual), 0, 'g', 9)                                                                         \
                .arg(double(expected), 0, 'g', 9)                                                                       \
                .arg(double(relative))                                                                                  \
                .arg(double(absolute))))
