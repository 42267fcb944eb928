// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real program is killed in the middle of its work; what it had computed comes back.
#include "app/autosave.h"
#include "tests/app/sessionbench.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <csignal>

using namespace brink;
using namespace brink::test;

namespace {

constexpr int patienceMs = 240000;

/// The results in an autosave that may be written at this moment: of a copy, so that nothing stands in the writer's way.
std::vector<StoredResult> resultsIn(const QString& folder)
{
    const QString name = QDir(folder).entryList({QStringLiteral("*.brink")}, QDir::Files).value(0);
    if (name.isEmpty())
        return {};
    const QTemporaryDir aside;
    for (const char* ending : {"", "-wal"})
        QFile::copy(folder + '/' + name + ending, aside.filePath(name + ending));
    try {
        return readSession(aside.filePath(name).toStdString()).results;
    } catch (const Error&) {
        return {}; // copied while the log moved into the file: the next look sees it
    }
}

} // namespace

class TestRecovery : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { prepareApplication(); }

    void killedAndRestored()
    {
        const QTemporaryDir home;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        for (const char* name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
            environment.insert(QLatin1String(name), home.filePath(QLatin1String(name)));
        const QString folder = home.filePath(QStringLiteral("XDG_DATA_HOME/Brink/Brink/autosave"));

        QProcess program;
        program.setProcessEnvironment(environment);
        program.start(QStringLiteral(BRINK_PROGRAM), {QStringLiteral("--examples"), QStringLiteral(BRINK_EXAMPLES_DIR)});
        QVERIFY(program.waitForStarted());
        std::vector<StoredResult> before;
        QTRY_VERIFY_WITH_TIMEOUT(!(before = resultsIn(folder)).empty(), patienceMs);
        QCOMPARE(::kill(pid_t(program.processId()), SIGKILL), 0);
        QVERIFY(program.waitForFinished());
        QCOMPARE(program.exitStatus(), QProcess::CrashExit);

        Desk desk;
        Autosave autosave(desk.session, desk.controller, desk.scheduler, desk.window.keeper(), *desk.window.messages(), folder);
        desk.window.show();
        autosave.offerWhatIsLeft();
        QVERIFY(pressMessageButton(desk.window, QStringLiteral("Restore")));
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && desk.session.classifier() && desk.session.image(), limitMs);
        QCOMPARE(desk.controller.results().size(), before.size());
        QVERIFY(bitsOf(*desk.session.result()) == bitsOf(*before.front().result));
        QCOMPARE(desk.session.result()->modelSha256, desk.session.classifier()->sha256());
        QVERIFY(QString::fromStdString(desk.session.classifier()->path()).startsWith(QStringLiteral(BRINK_EXAMPLES_DIR)));
        QTRY_VERIFY_WITH_TIMEOUT(autosave.isIdle(), limitMs);
        autosave.finish();
    }
};

QTEST_MAIN(TestRecovery)
#include "tst_recovery.moc"
