// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace brink {

/// The files opened last, remembered between starts; newest first. An entry is one or more paths opened together.
class RecentFiles {
public:
    static constexpr int most = 10;

    /// @param key "models" or "images".
    explicit RecentFiles(QString key);

    [[nodiscard]] QList<QStringList> entries() const;
    void add(const QStringList& paths);
    void remove(const QStringList& paths);
    void clear();

    /// "digits.npy", "a.png + 3".
    [[nodiscard]] static QString label(const QStringList& paths);
    /// Paths that are no longer there.
    [[nodiscard]] static QStringList missing(const QStringList& paths);

private:
    void write(const QList<QStringList>& entries);

    QString m_key;
};

} // namespace brink
