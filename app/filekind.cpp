// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/filekind.h"

#include "core/store/studyreading.h"
#include "widgets/plot/provenance.h"

#include <QFile>
#include <QFileInfo>

namespace brink {

namespace {

bool hasModelEnding(const QString& path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    return QStringList{QStringLiteral("pt"), QStringLiteral("pth"), QStringLiteral("ts"), QStringLiteral("torchscript")}.contains(ending);
}

QByteArray beginOf(const QString& path)
{
    QFile file(path);
    // An exported PNG names its description before the pixels.
    return file.open(QIODevice::ReadOnly) ? file.read(4096) : QByteArray();
}

/// What brink run reads.
bool describesStudy(const QString& path)
{
    constexpr qint64 most = 1 << 20;
    QFile file(path);
    if (QFileInfo(path).suffix().toLower() != QLatin1String("json") || !file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray text = file.read(most);
    return text.contains("\"models\"") && text.contains("\"analyses\"");
}

} // namespace

FileKind fileKind(const QString& path)
{
    if (QFileInfo(path).isDir())
        return FileKind::Images;
    // Only SQLite may open a database that this process writes: closing it elsewhere would take its locks (POSIX).
    const auto databaseKind = [&path] { return isStudyFile(path.toStdString()) ? FileKind::Study : FileKind::Session; };
    if (QFileInfo(path).suffix().toLower() == QLatin1String("brink"))
        return databaseKind();
    if (describesStudy(path))
        return FileKind::Study;
    const QByteArray begin = beginOf(path);
    if (begin.startsWith("SQLite format 3"))
        return databaseKind();
    // TorchScript files are zip archives, and so are no images we read.
    if (hasModelEnding(path) || begin.startsWith(QByteArray("PK\x03\x04", 4)))
        return FileKind::Model;
    return looksLikeFigure(begin) ? FileKind::Figure : FileKind::Images;
}

} // namespace brink
