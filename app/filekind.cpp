// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/filekind.h"

#include <QFile>
#include <QFileInfo>

namespace brink {

namespace {

bool hasModelEnding(const QString& path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    return QStringList{QStringLiteral("pt"), QStringLiteral("pth"), QStringLiteral("ts"), QStringLiteral("torchscript")}.contains(ending);
}

/// TorchScript files are zip archives, and so are no images we read.
bool isZip(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.read(4) == QByteArray("PK\x03\x04", 4);
}

} // namespace

FileKind fileKind(const QString& path)
{
    if (QFileInfo(path).isDir())
        return FileKind::Images;
    return hasModelEnding(path) || isZip(path) ? FileKind::Model : FileKind::Images;
}

} // namespace brink
