// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// `brink run` and `brink merge` as a user runs them, killed and stopped.
#include "core/store/studyreading.h"
#include "tests/app/cli/program.h"
#include "tests/support/studytext.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <csignal>

using namespace brink;
using namespace brink::test;

namespace {

constexpr int patienceMs = 120000;
const QString program = QStringLiteral(BRINK_PROGRAM);
const QString examples = QStringLiteral(BRINK_EXAMPLES_DIR);

std::string textOf(const QString& path) { return studyText(*StudyReading(path.toStdString()).results()); }

/// Units written and units that stay: the same number when none was ever computed again.
std::pair<qlonglong, qlonglong> writtenAndStored(const QString& path)
{
    std::pair<qlonglong, qlonglong> numbers;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("outside"));
        database.setDatabaseName(path);
        database.open();
        QSqlQuery query(database);
        query.exec(QStringLiteral("SELECT max(id), count(*) FROM unit"));
        query.next();
        numbers = {query.value(0).toLongLong(), query.value(1).toLongLong()};
        database.close();
    }
    QSqlDatabase::removeDatabase(QStringLiteral("outside"));
    return numbers;
}

} // namespace

class TestStudyCli : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_study;
    std::string m_whole; ///< what an uninterrupted run gives

    QString path(const QString& name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void initTestCase()
    {
        m_study = path(QStringLiteral("study.json"));
        QFile file(m_study);
        QVERIFY(file.open(QFile::WriteOnly));
        const QString json = QStringLiteral(R"({"name": "kill", "block": 6, "models": ["%1/cnn.pt", "%1/mlp.pt", "%1/cnn-pgd.pt"],
            "images": "%1/example-images-idx3-ubyte.gz#0:48",
            "analyses": [{"attack": "bim", "set": {"eps": 0.1, "steps": [5, 30]}, "target": ["untargeted", "random"], "transfers": true},
                {"attack": "ddn", "set": {"steps": 40}, "transfers": true},
                {"clever": "l2", "preset": "preview", "set": {"batches": 20, "samples": 16}, "images": 3, "target": "random"}]})");
        file.write(json.arg(examples).toUtf8());
        file.close();
        const TextOutcome ended = brinkText({"run", m_study, "--out", path("whole.brink")});
        QVERIFY2(ended.status == 0, qPrintable(ended.err));
        m_whole = textOf(path("whole.brink"));
        QVERIFY(StudyReading(path("whole.brink").toStdString()).results()->isComplete());
    }

    /// Twenty times at a random moment; seeded, so that a failure can be repeated.
    void killedAtRandomMoments()
    {
        QRandomGenerator random(20180808);
        int kills = 0;
        qlonglong before = 0;
        bool grewBetweenKills = false;
        for (int round = 0; kills < 20; ++round) {
            const QString out = path(QStringLiteral("killed%1.brink").arg(round));
            bool isDone = false;
            before = 0;
            while (!isDone) {
                QProcess process;
                process.start(program, {"run", m_study, "--out", out, "--workers", "2"});
                QVERIFY(process.waitForStarted());
                if (kills < 20 && !process.waitForFinished(int(random.bounded(150, 2500)))) {
                    QCOMPARE(::kill(pid_t(process.processId()), SIGKILL), 0);
                    ++kills;
                }
                QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished(patienceMs));
                isDone = process.exitStatus() == QProcess::NormalExit;
                if (isDone)
                    QCOMPARE(process.exitCode(), 0);
                if (QFile::exists(out)) {
                    const qlonglong stored = writtenAndStored(out).second;
                    QVERIFY(stored >= before);
                    grewBetweenKills |= before > 0 && stored > before;
                    before = stored;
                }
            }
            QCOMPARE(textOf(out), m_whole);
            const auto [written, stored] = writtenAndStored(out);
            QCOMPARE(written, stored); // no finished unit was computed again
        }
        QVERIFY(grewBetweenKills);
    }

    void interruptedKeepsWhatIsDone()
    {
        const QString out = path("interrupted.brink");
        QProcess process;
        process.start(program, {"run", m_study, "--out", out});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(out) && writtenAndStored(out).second > 30, patienceMs);
        QElapsedTimer clock;
        clock.start();
        QCOMPARE(::kill(pid_t(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(patienceMs));
        QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 1, said.constData());
        QVERIFY2(said.contains("run it again to continue"), said.constData());
        // The file knows its study.
        const TextOutcome ended = brinkText({"run", out});
        QVERIFY2(ended.status == 0, qPrintable(ended.err));
        QCOMPARE(textOf(out), m_whole);
    }

    void sharedOutAndMerged()
    {
        for (const QString& part : {QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("3"), QStringLiteral("4")}) {
            QProcess script;
            QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("SLURM_ARRAY_TASK_ID"), part);
            environment.insert(QStringLiteral("SLURM_ARRAY_TASK_MAX"), QStringLiteral("4"));
            environment.insert(QStringLiteral("BRINK"), program);
            script.setProcessEnvironment(environment);
            script.start(QStringLiteral(BRINK_ARRAY_SCRIPT), {m_study, path("parts")});
            QVERIFY(script.waitForFinished(patienceMs));
            QVERIFY2(script.exitCode() == 0, script.readAllStandardError().constData());
        }
        QStringList arguments{"merge", path("merged.brink")};
        for (int part = 1; part <= 4; ++part)
            arguments << path(QStringLiteral("parts/part-%1.brink").arg(part));
        const TextOutcome ended = brinkText(arguments);
        QVERIFY2(ended.status == 0, qPrintable(ended.err));
        QCOMPARE(textOf(path("merged.brink")), m_whole);
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QStringList{"run"} << "Nothing to run";
        QTest::newRow("no out") << QStringList{"run", "STUDY"} << "--out";
        QTest::newRow("no file") << QStringList{"run", "/nowhere.json", "--out", "x.brink"} << "cannot be read";
        QTest::newRow("shard") << QStringList{"run", "STUDY", "--out", "x.brink", "--shard", "5/4"} << "--shard";
        QTest::newRow("no place") << QStringList{"run", "STUDY", "--out", "/nowhere/x.brink"} << "/nowhere";
        QTest::newRow("merge nothing") << QStringList{"merge", "x.brink"} << "merge";
    }

    void wrongUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        arguments.replaceInStrings(QStringLiteral("STUDY"), m_study);
        const TextOutcome ended = brinkText(arguments);
        QVERIFY(ended.status == 1 || ended.status == 2);
        QVERIFY2(ended.err.contains(says) && ended.err.count('\n') == 1, qPrintable(ended.err));
        QVERIFY(ended.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestStudyCli)
#include "tst_studycli.moc"
