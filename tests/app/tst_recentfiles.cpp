// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/recentfiles.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace brink;

class TestRecentFiles : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("BrinkTest"));
        QCoreApplication::setApplicationName(QStringLiteral("RecentFilesTest"));
    }
    void init() { QSettings().clear(); }

    void newestFirstAndEachOnce()
    {
        RecentFiles recent(QStringLiteral("models"));
        for (const char* name : {"/a.pt", "/b.pt", "/a.pt"})
            recent.add({QLatin1String(name)});
        QCOMPARE(recent.entries(), (QList<QStringList>{{QStringLiteral("/a.pt")}, {QStringLiteral("/b.pt")}}));
        QVERIFY(RecentFiles(QStringLiteral("images")).entries().isEmpty());
        QCOMPARE(RecentFiles(QStringLiteral("models")).entries().size(), 2); // remembered
    }

    void keepsTheLastTen()
    {
        RecentFiles recent(QStringLiteral("models"));
        for (int i = 0; i < 13; ++i)
            recent.add({QStringLiteral("/%1.pt").arg(i)});
        QCOMPARE(recent.entries().size(), RecentFiles::most);
        QCOMPARE(recent.entries().first(), QStringList{QStringLiteral("/12.pt")});
        recent.remove({QStringLiteral("/12.pt")});
        QCOMPARE(recent.entries().first(), QStringList{QStringLiteral("/11.pt")});
        recent.clear();
        QVERIFY(recent.entries().isEmpty());
    }

    void pathsAreAbsoluteAndBelongTogether()
    {
        RecentFiles recent(QStringLiteral("images"));
        recent.add({QStringLiteral("one.png"), QStringLiteral("/two.png")});
        QCOMPARE(recent.entries().first().first(), QDir::current().absoluteFilePath(QStringLiteral("one.png")));
        QCOMPARE(RecentFiles::label(recent.entries().first()), QStringLiteral("one.png + 1"));
    }

    void missingOnesAreFound()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("there.npy")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(RecentFiles::missing({file.fileName(), QStringLiteral("/not/there.npy")}), QStringList{QStringLiteral("/not/there.npy")});
    }
};

QTEST_GUILESS_MAIN(TestRecentFiles)
#include "tst_recentfiles.moc"
