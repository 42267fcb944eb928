// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/autosave.h"
#include "app/trustroom.h"
#include "tests/app/sessionbench.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <memory>

using namespace brink;
using namespace brink::test;

namespace {

/// The window as runWindow() puts it together, with its autosave.
struct SavingDesk : Desk {
    explicit SavingDesk(const QString& folder) : autosave(session, controller, scheduler, window.keeper(), *window.messages(), folder)
    {
        session.setSettings(quickSettings());
    }
    Autosave autosave;

    void begin()
    {
        autosave.offerWhatIsLeft();
        openExample();
    }
};

QStringList files(const QTemporaryDir& folder) { return QDir(folder.path()).entryList({QStringLiteral("*.brink")}, QDir::Files); }

QString copyAside(const QTemporaryDir& folder, const QTemporaryDir& aside)
{
    const QString name = files(folder).value(0);
    for (const char* ending : {"", "-wal", "-shm"})
        QFile::copy(folder.filePath(name + ending), aside.filePath(name + ending));
    return aside.filePath(name);
}

} // namespace

class TestAutosave : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareApplication();
        QVERIFY(findExamples().isComplete());
    }

    void aResultIsOnDiskAsSoonAsItIsComplete()
    {
        const QTemporaryDir folder, aside;
        SavingDesk desk(folder.path());
        desk.begin();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && desk.autosave.isIdle(), limitMs);
        QCOMPARE(files(folder).size(), 1);
        const SessionContent content = readSession(copyAside(folder, aside).toStdString());
        QCOMPARE(content.results.size(), std::size_t(1));
        QVERIFY(bitsOf(*content.results[0].result) == bitsOf(*desk.session.result()));
        const SessionState state = sessionStateFromJson(content.state, folder.path());
        QCOMPARE(state.models.size(), desk.session.models().size());
        QVERIFY(state.settings == desk.session.settings());
    }

    void aCleanEndRemovesIt()
    {
        const QTemporaryDir folder;
        {
            SavingDesk desk(folder.path());
            desk.begin();
            QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && desk.autosave.isIdle(), limitMs);
            QCOMPARE(files(folder).size(), 1);
            desk.scheduler.stopAll();
            desk.autosave.finish();
        }
        QVERIFY2(QDir(folder.path()).isEmpty(), qPrintable(QDir(folder.path()).entryList().join(' ')));
    }

    void whatIsLeftIsOfferedAndComesBack()
    {
        const QTemporaryDir folder;
        std::string bits;
        {
            SavingDesk desk(folder.path());
            desk.begin();
            QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
            desk.controller.pickImage(9);
            QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && desk.autosave.isIdle(), limitMs);
            bits = bitsOf(*desk.session.result());
        } // without finish(): as if killed
        QCOMPARE(files(folder).size(), 1);
        const QString left = files(folder).first();
        {
            SavingDesk desk(folder.path());
            desk.begin();
            QCOMPARE(desk.window.messages()->sentences().size(), 1);
            QVERIFY(pressMessageButton(desk.window, QStringLiteral("Restore")));
            QTRY_COMPARE_WITH_TIMEOUT(desk.session.imageIndex(), std::int64_t(9), limitMs);
            QVERIFY(bitsOf(*desk.session.result()) == bits);
            QVERIFY2(desk.window.keeper().path().isEmpty(), "the autosave is no file of the user's");
            // Once our own file has all of it, the old one goes.
            QTRY_VERIFY_WITH_TIMEOUT(!files(folder).contains(left), limitMs);
            QTRY_VERIFY_WITH_TIMEOUT(desk.autosave.isIdle(), limitMs);
            const QTemporaryDir aside;
            QCOMPARE(readSession(copyAside(folder, aside).toStdString()).results.size(), std::size_t(2));
            desk.autosave.finish();
        }
        QVERIFY(files(folder).isEmpty());
    }

    /// Minutes of smoothing are no less worth than a result; what is done of them is there, too.
    void whatTrustFoundComesBack()
    {
        const QTemporaryDir folder;
        {
            SavingDesk desk(folder.path());
            desk.begin();
            QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
            SmoothingChoices choices;
            choices.images = 2;
            choices.samples = 100;
            desk.window.trust().smoothing().setChoices(choices);
            desk.window.trust().smoothing().start();
            QTRY_COMPARE_WITH_TIMEOUT(desk.window.trust().smoothing().state(), ViewState::Complete, limitMs);
            QVERIFY(!desk.autosave.isIdle());
            QTRY_VERIFY_WITH_TIMEOUT(desk.autosave.isIdle(), limitMs);
        } // as if killed
        const QString left = files(folder).first();
        SavingDesk desk(folder.path());
        desk.begin();
        QVERIFY(pressMessageButton(desk.window, QStringLiteral("Restore")));
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.trust().smoothing().state(), ViewState::Complete, limitMs);
        QCOMPARE(desk.window.trust().results().smoothing.begin()->second.surveys->front().images.size(), std::size_t(2));
        // It is in our own file before the old one goes.
        QTRY_VERIFY_WITH_TIMEOUT(!files(folder).contains(left), limitMs);
        const QTemporaryDir aside;
        QCOMPARE(readSession(copyAside(folder, aside).toStdString()).documents.size(), std::size_t(1));
        desk.autosave.finish();
    }

    void whatIsNotWantedStaysUntilItIsDiscarded()
    {
        const QTemporaryDir folder;
        {
            SavingDesk desk(folder.path());
            desk.begin();
            QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && desk.autosave.isIdle(), limitMs);
        }
        const QString left = files(folder).first();
        {
            SavingDesk desk(folder.path());
            desk.window.show();
            desk.autosave.offerWhatIsLeft();
            desk.window.messages()->dismissAll();
            desk.autosave.finish();
        }
        QVERIFY(files(folder).contains(left));
        {
            SavingDesk desk(folder.path());
            desk.window.show();
            desk.autosave.offerWhatIsLeft();
            QVERIFY(pressMessageButton(desk.window, QStringLiteral("Discard")));
            desk.autosave.finish();
        }
        QVERIFY(files(folder).isEmpty());
    }

    void severalThatWereLeftAreOfferedOneByOneNewestFirst()
    {
        const QTemporaryDir folder;
        for (int i = 0; i < 3; ++i) {
            QFile file(folder.filePath(QStringLiteral("%1-1.brink").arg(i)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-3600 * (i + 1)), QFileDevice::FileModificationTime));
        }
        SavingDesk desk(folder.path());
        desk.window.show();
        desk.autosave.offerWhatIsLeft();
        for (const char* next : {"2 older ones", "An older one", ""}) {
            const QStringList said = desk.window.messages()->sentences();
            QCOMPARE(said.size(), 1);
            QVERIFY2(said.first().contains(QLatin1String(next)), qPrintable(said.first()));
            QCOMPARE(said.first().contains(QStringLiteral("older")), *next != 0);
            QVERIFY(pressMessageButton(desk.window, QStringLiteral("Discard")));
        }
        QVERIFY(desk.window.messages()->sentences().isEmpty());
        QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("0-1.brink"))));
    }

    void anotherProgramsAutosaveIsNotOffered()
    {
        const QTemporaryDir folder;
        SavingDesk first(folder.path());
        first.begin();
        QTRY_VERIFY_WITH_TIMEOUT(first.isComplete() && first.autosave.isIdle(), limitMs);
        SavingDesk second(folder.path());
        second.window.show();
        second.autosave.offerWhatIsLeft();
        QVERIFY(second.window.messages()->sentences().isEmpty());
    }

    void aDamagedAutosaveIsOneSentence()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("1-1.brink")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("SQLite format 3");
        file.close();
        SavingDesk desk(folder.path());
        desk.window.show();
        desk.autosave.offerWhatIsLeft();
        QVERIFY(pressMessageButton(desk.window, QStringLiteral("Restore")));
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.messages()->sentences().size(), 1, limitMs);
        QVERIFY2(desk.window.messages()->sentences().first().contains("1-1.brink"), qPrintable(desk.window.messages()->sentences().first()));
        QVERIFY2(file.exists(), "it is left for whoever can mend it");
    }

    /// A folder that cannot be used: a file stands where the folder should be (also for root).
    void anUnwritableFolderIsOneSentenceAndWorkGoesOn()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("taken")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        SavingDesk desk(file.fileName());
        desk.begin();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        desk.controller.pickImage(1);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        QTest::qWait(200);
        QCOMPARE(desk.window.messages()->sentences().size(), 1);
        const QString sentence = desk.window.messages()->sentences().first();
        QVERIFY2(sentence.startsWith("Autosave does not work") && !sentence.contains('\n'), qPrintable(sentence));
        desk.window.keeper().saveAs(folder.filePath(QStringLiteral("mine.brink")));
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.keeper().path(), folder.filePath(QStringLiteral("mine.brink")), limitMs);
        QCOMPARE(readSession(desk.window.keeper().path().toStdString()).results.size(), std::size_t(2));
    }
};

QTEST_MAIN(TestAutosave)
#include "tst_autosave.moc"
