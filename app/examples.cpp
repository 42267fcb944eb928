// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/examples.h"

#include "core/base/error.h"

#include <QCoreApplication>
#include <QDir>

namespace brink {

std::string examplesFolder()
{
    const QStringList places{qEnvironmentVariable("BRINK_EXAMPLES"),
        QCoreApplication::applicationDirPath() + QStringLiteral("/../share/brink/examples"), QStringLiteral(BRINK_SOURCE_EXAMPLES)};
    for (const QString& place : places)
        if (!place.isEmpty() && QDir(place).exists())
            return QDir(place).absolutePath().toStdString();
    throw Error(ErrorCode::Io, "The built-in examples were not found; set BRINK_EXAMPLES to their folder.");
}

} // namespace brink
