// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QTest>

namespace brink::test {

/// The folder of real models and images named by BRINK_TEST_DATA; empty when it is unset.
inline QString realDataFolder() { return qEnvironmentVariable("BRINK_TEST_DATA"); }

} // namespace brink::test

/// Skips the test, saying so, where the real data are not named.
#define requireRealData()                                                                                              \
    if (brink::test::realDataFolder().isEmpty())                                                                       \
    QSKIP("BRINK_TEST_DATA is unset: name the folder of real models and images to run this test.")
