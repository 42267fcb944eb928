// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/examples.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>

namespace brink {

namespace {

QStringList candidateFolders(const QString& folder)
{
    if (!folder.isEmpty())
        return {folder};
    return {qEnvironmentVariable("BRINK_EXAMPLES"), QCoreApplication::applicationDirPath() + QStringLiteral("/../share/brink/examples"),
        QStringLiteral(BRINK_SOURCE_EXAMPLES)};
}

QStringList filesIn(const QString& folder, const QStringList& patterns)
{
    const QDir directory(folder);
    QStringList paths;
    for (const QString& name : directory.entryList(patterns, QDir::Files, QDir::Name))
        paths << directory.filePath(name);
    return paths;
}

/// The plain convolutional net is the most familiar start.
void putPlainCnnFirst(QStringList& models)
{
    const auto isPlain = [](const QString& path) { return QFileInfo(path).completeBaseName() == QStringLiteral("cnn"); };
    std::ranges::stable_partition(models, isPlain);
}

} // namespace

Examples findExamples(const QString& folder)
{
    for (const QString& candidate : candidateFolders(folder)) {
        if (candidate.isEmpty())
            continue;
        Examples examples;
        examples.models = filesIn(candidate, {QStringLiteral("*.pt")});
        putPlainCnnFirst(examples.models);
        examples.images = filesIn(candidate, {QStringLiteral("*images*idx3*")}).value(0);
        if (examples.isComplete())
            return examples;
    }
    return {};
}

} // namespace brink
