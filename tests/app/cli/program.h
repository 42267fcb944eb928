// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>

namespace brink::test {

struct Outcome {
    int status = -1; ///< -2: did not end in time, -3: crashed
    QByteArray out, err;
};

/// The real program, from outside. BRINK_PROGRAM is its path, from the build.
inline Outcome brinkProgram(const QStringList& arguments, int milliseconds = 240000)
{
    QProcess process;
    process.start(QStringLiteral(BRINK_PROGRAM), arguments);
    if (!process.waitForFinished(milliseconds)) {
        process.kill();
        process.waitForFinished();
        return {-2, {}, "did not end in time"};
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -3, process.readAllStandardOutput(),
        process.readAllStandardError()};
}

/// The same with what was printed as text.
struct TextOutcome {
    int status = -1;
    QString out, err;
};

inline TextOutcome brinkText(const QStringList& arguments, int milliseconds = 240000)
{
    const Outcome outcome = brinkProgram(arguments, milliseconds);
    return {outcome.status, QString::fromUtf8(outcome.out), QString::fromUtf8(outcome.err)};
}

} // namespace brink::test
