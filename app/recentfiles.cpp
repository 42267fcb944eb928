// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/recentfiles.h"

#include <QFileInfo>
#include <QSettings>

namespace brink {

RecentFiles::RecentFiles(QString key) : m_key(QStringLiteral("recent/") + std::move(key)) {}

QList<QStringList> RecentFiles::entries() const
{
    QList<QStringList> entries;
    for (const QVariant& entry : QSettings().value(m_key).toList())
        if (const QStringList paths = entry.toStringList(); !paths.isEmpty())
            entries << paths;
    return entries;
}

void RecentFiles::add(const QStringList& paths)
{
    QStringList absolute;
    for (const QString& path : paths)
        absolute << QFileInfo(path).absoluteFilePath();
    if (absolute.isEmpty())
        return;
    QList<QStringList> all = entries();
    all.removeAll(absolute);
    all.prepend(absolute);
    write(all.mid(0, most));
}

void RecentFiles::remove(const QStringList& paths)
{
    QList<QStringList> all = entries();
    all.removeAll(paths);
    write(all);
}

void RecentFiles::clear() { write({}); }

QString RecentFiles::label(const QStringList& paths)
{
    const QString name = QFileInfo(paths.value(0)).fileName();
    return paths.size() < 2 ? name : QStringLiteral("%1 + %2").arg(name).arg(paths.size() - 1);
}

QStringList RecentFiles::missing(const QStringList& paths)
{
    QStringList missing;
    for (const QString& path : paths)
        if (!QFileInfo::exists(path))
            missing << path;
    return missing;
}

void RecentFiles::write(const QList<QStringList>& entries)
{
    QVariantList list;
    for (const QStringList& paths : entries)
        list << QVariant(paths);
    QSettings().setValue(m_key, list);
}

} // namespace brink
