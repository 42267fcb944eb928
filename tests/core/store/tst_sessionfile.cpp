// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/store/resultdocument.h"
#include "core/store/sessionfile.h"
#include "tests/support/fulldisk.h"
#include "tests/support/fullresult.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

SessionContent sampleContent()
{
    SessionContent content;
    content.state = {{"schema", "brink.session/1"}, {"model", 0}};
    content.results.push_back({"full", std::make_shared<const InspectResult>(fullResult()), {{"norm", "l2"}}});
    content.results.push_back({"sample", std::make_shared<const InspectResult>(sampleResult()), Json::object()});
    content.documents.push_back({"kind/one", {{{"what", 1}, {"words", "β ≤ 3"}}, std::string("a\0b\xff", 4)}});
    content.documents.push_back({"kind/two", {Json::array(), {}}});
    return content;
}

/// The bits of a result, as one text.
std::string bits(const InspectResult& result)
{
    const ResultDocument document = documentOf(result);
    return document.header.dump() + document.data;
}

void compare(const SessionContent& a, const SessionContent& b)
{
    QVERIFY(a.state == b.state);
    QCOMPARE(a.results.size(), b.results.size());
    for (std::size_t i = 0; i < a.results.size(); ++i) {
        QCOMPARE(a.results[i].key, b.results[i].key);
        QVERIFY(a.results[i].settings == b.results[i].settings);
        QVERIFY(bits(*a.results[i].result) == bits(*b.results[i].result));
    }
    QCOMPARE(a.documents.size(), b.documents.size());
    for (std::size_t i = 0; i < a.documents.size(); ++i) {
        QCOMPARE(a.documents[i].name, b.documents[i].name);
        QVERIFY(a.documents[i].content.header == b.documents[i].content.header && a.documents[i].content.data == b.documents[i].content.data);
    }
}

/// An SQL statement on the file from outside.
void alter(const QString& path, const QStringList& statements)
{
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("outside"));
        database.setDatabaseName(path);
        QVERIFY(database.open());
        for (const QString& statement : statements)
            QVERIFY2(QSqlQuery(database).exec(statement), qPrintable(statement));
        database.close();
    }
    QSqlDatabase::removeDatabase(QStringLiteral("outside"));
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestSessionFile : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void writtenWholeComesBack()
    {
        writeSession(path("a.brink"), sampleContent());
        compare(readSession(path("a.brink")), sampleContent());
        QCOMPARE(entries(), QStringList{"a.brink"});
    }

    void anOlderFileIsReplaced()
    {
        writeSession(path("a.brink"), sampleContent());
        SessionContent next;
        next.state = {{"second", true}};
        writeSession(path("a.brink"), next);
        compare(readSession(path("a.brink")), next);
    }

    void grownBitByBitComesBack()
    {
        const SessionContent content = sampleContent();
        for (const StoredResult& stored : content.results)
            SessionFile(path("auto.brink")).put(stored);
        SessionFile(path("auto.brink")).setState({{"old", 1}});
        SessionFile(path("auto.brink")).setState(content.state);
        SessionFile(path("auto.brink")).setDocuments({{"gone", {{{"old", 1}}, "old"}}});
        SessionFile(path("auto.brink")).setDocuments(content.documents);
        compare(readSession(path("auto.brink")), content);
        const auto one = SessionFile(path("auto.brink")).result("full");
        QVERIFY(one && bits(*one->result) == bits(*content.results[0].result));
        QVERIFY(!SessionFile(path("auto.brink")).result("none"));
    }

    /// What kill -9 leaves: the file and its log, copied while it is open.
    void whatWasWrittenSurvivesTheEndOfTheProgram()
    {
        const SessionContent content = sampleContent();
        SessionFile file(path("auto.brink"));
        file.put(content.results[0]);
        file.setState(content.state);
        for (const char* ending : {"", "-wal", "-shm"})
            QVERIFY(QFile::copy(QString::fromStdString(path("auto.brink")) + ending, QString::fromStdString(path("left.brink")) + ending));
        QVERIFY(QFileInfo(QString::fromStdString(path("left.brink-wal"))).size() > 0);
        const SessionContent left = readSession(path("left.brink"));
        QVERIFY(left.state == content.state);
        QCOMPARE(left.results.size(), std::size_t(1));
        QVERIFY(bits(*left.results[0].result) == bits(*content.results[0].result));
    }

    void theFileSaysWhatItIs()
    {
        writeSession(path("a.brink"), sampleContent());
        const QByteArray head = contents(QString::fromStdString(path("a.brink"))).left(100);
        QCOMPARE(head.mid(68, 4), QByteArray("BRNK"));
        QCOMPARE(head.mid(60, 4), QByteArray("\0\0\0\1", 4));
    }

    void badFilesGiveOneSentenceAndStay_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("part");
        QTest::addRow("text") << "text" << "is no Brink session";
        QTest::addRow("empty") << "empty" << "is no Brink session";
        QTest::addRow("another program's database") << "foreign" << "is no Brink session";
        QTest::addRow("later version") << "future" << "Update Brink";
        QTest::addRow("cut in half") << "cut" << "damaged";
        QTest::addRow("overwritten in the middle") << "noise" << "damaged";
        QTest::addRow("no tables") << "bare" << "damaged";
        QTest::addRow("state that is no JSON") << "state" << "damaged";
        QTest::addRow("folder") << "folder" << "is a folder";
        QTest::addRow("missing") << "missing" << "there is no such session";
    }
    void badFilesGiveOneSentenceAndStay()
    {
        QFETCH(QString, kind);
        QFETCH(QString, part);
        const QString file = QString::fromStdString(path("bad.brink"));
        makeBad(kind, file);
        const QByteArray before = contents(file);
        try {
            (void)readSession(file.toStdString());
            QFAIL("it was read");
        } catch (const Error& error) {
            const QString sentence = QString::fromStdString(error.message());
            QVERIFY2(sentence.contains(part) && sentence.contains("bad.brink"), qPrintable(sentence));
            QVERIFY2(sentence.endsWith('.') && !sentence.contains('\n'), qPrintable(sentence));
        }
        QCOMPARE(contents(file), before);
    }

    void aDamagedResultIsLeftOutTheOthersStay()
    {
        writeSession(path("a.brink"), sampleContent());
        alter(QString::fromStdString(path("a.brink")), {"UPDATE result SET data = zeroblob(length(data)) WHERE key = 'full'"});
        const SessionContent content = readSession(path("a.brink"));
        QCOMPARE(content.damagedResults, 1);
        QCOMPARE(content.results.size(), std::size_t(1));
        QCOMPARE(content.results[0].key, std::string("sample"));
    }

    void aDamagedDocumentIsLeftOutTheOthersStay()
    {
        writeSession(path("a.brink"), sampleContent());
        alter(QString::fromStdString(path("a.brink")), {"UPDATE document SET data = 'other' WHERE name = 'kind/one'"});
        const SessionContent content = readSession(path("a.brink"));
        QCOMPARE(content.damagedResults, 1);
        QCOMPARE(content.documents.size(), std::size_t(1));
        QCOMPARE(content.documents[0].name, std::string("kind/two"));
    }

    /// As versions before this wrote them.
    void filesWithoutDocumentsAreRead()
    {
        writeSession(path("a.brink"), sampleContent());
        alter(QString::fromStdString(path("a.brink")), {"DROP TABLE document"});
        const SessionContent content = readSession(path("a.brink"));
        QVERIFY(content.documents.empty());
        QCOMPARE(content.damagedResults, 0);
        QCOMPARE(content.results.size(), std::size_t(2));
        SessionFile(path("a.brink")).setDocuments(sampleContent().documents);
        compare(readSession(path("a.brink")), sampleContent());
    }

    void aForeignFileIsNotWrittenInto()
    {
        const QString file = QString::fromStdString(path("bad.brink"));
        makeBad("foreign", file);
        const QByteArray before = contents(file);
        QVERIFY_EXCEPTION_THROWN(SessionFile(file.toStdString()), Error);
        QCOMPARE(contents(file), before);
    }

    /// A limit on the size of files stands for a full disk: it fails in the middle of writing, for root too.
    void aFullDiskLosesNothing()
    {
        SessionContent small;
        small.state = {{"before", true}};
        writeSession(path("a.brink"), small);
        const SessionContent large = sampleContent();
        SessionFile(path("auto.brink")).setState(small.state);
        {
            const FullDisk full(64 * 1024);
            QVERIFY_EXCEPTION_THROWN(writeSession(path("a.brink"), large), Error);
            SessionFile file(path("auto.brink"));
            QVERIFY_EXCEPTION_THROWN(file.put(large.results[0]), Error);
        }
        compare(readSession(path("a.brink")), small);
        compare(readSession(path("auto.brink")), small);
        QVERIFY2(entries() == (QStringList{"a.brink", "auto.brink"}), qPrintable(entries().join(QLatin1Char(' '))));
        // And once there is room again, it goes on.
        SessionFile(path("auto.brink")).put(large.results[0]);
        QCOMPARE(readSession(path("auto.brink")).results.size(), std::size_t(1));
    }

    void unwritablePlaces_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addRow("folder missing") << "no/such/folder/a.brink";
        QTest::addRow("name of a folder") << "taken";
    }
    void unwritablePlaces()
    {
        QFETCH(QString, name);
        QVERIFY(QDir(m_folder->path()).mkpath("taken/inside"));
        const std::string place = path(qPrintable(name));
        for (const auto& work : {std::function<void()>([&] { writeSession(place, sampleContent()); }), std::function<void()>([&] { SessionFile file(place); })}) {
            try {
                work();
                QFAIL("it was written");
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Io);
                QVERIFY2(QString::fromStdString(error.message()).contains(name), error.what());
                QVERIFY2(!QString::fromStdString(error.message()).contains(".part"), error.what());
            }
        }
        QCOMPARE(entries(), QStringList{"taken"});
    }

private:
    [[nodiscard]] std::string path(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)).toStdString(); }
    [[nodiscard]] QStringList entries() const
    {
        return QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    }

    static void makeBad(const QString& kind, const QString& path)
    {
        if (kind == "missing")
            return;
        if (kind == "folder") {
            QVERIFY(QDir().mkpath(path));
            return;
        }
        if (kind == "foreign")
            return alter(path, {"CREATE TABLE other (x)"});
        if (kind == "text" || kind == "empty") {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(kind == "text" ? QByteArray(5000, 'x') : QByteArray());
            return;
        }
        writeSession(path.toStdString(), sampleContent());
        if (kind == "future")
            return alter(path, {"PRAGMA user_version = 2"});
        if (kind == "bare")
            return alter(path, {"DROP TABLE result", "DROP TABLE state"});
        if (kind == "state")
            return alter(path, {"UPDATE state SET json = '{' WHERE name = 'session'"});
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        if (kind == "cut") {
            QVERIFY(file.resize(file.size() / 2));
        } else {
            file.seek(4096);
            file.write(QByteArray(8192, '\x5a'));
        }
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestSessionFile)
#include "tst_sessionfile.moc"
