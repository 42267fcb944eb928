// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/model/cardfile.h"
#include "core/model/modelcard.h"
#include "core/model/publishedaccuracy.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace brink;

namespace {

/// The message of the error that the card gives, or nothing.
QString messageOf(const QByteArray& json)
{
    try {
        static_cast<void>(modelCardFromJson(Json::parse(json.toStdString())));
        return {};
    } catch (const Error& error) {
        return QString::fromStdString(error.message());
    }
}

} // namespace

class TestModelCard : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSavedCardIsReadWithItsModel()
    {
        const QTemporaryDir folder;
        const std::string model = folder.filePath("net.pt").toStdString();
        const Json json = Json::parse(R"({"name":"net","range":[0,255],"std":[0.25],"classes":["plane","car"],"origin":"options"})");
        saveModelCard(model, json);
        QVERIFY(modelCardPath(model).ends_with("/net.card.json"));
        const ModelCard card = loadModelCard(model);
        QCOMPARE(card.range[1], 255.0);
        QCOMPARE(card.classNames.size(), std::size_t(2));
        QCOMPARE(QString::fromStdString(card.origin), QStringLiteral("card file"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1); // nothing half-written stays
    }

    void publishedValuesStayWithTheModel()
    {
        const QTemporaryDir folder;
        const std::string model = folder.filePath(QStringLiteral("net.pt")).toStdString();
        const Json published = Json::parse(R"([{"norm": "linf", "eps": 0.03137, "robustAccuracy": 0.57, "source": "a table"}])");
        saveModelCard(model, {{"name", "net"}, {"published", published}});
        QCOMPARE(loadModelCard(model).name, std::string("net"));
        const std::vector<PublishedAccuracy> read = publishedAccuracies(model, Json::object());
        QCOMPARE(read.size(), std::size_t(1));
        QVERIFY(read.front() == (PublishedAccuracy{"linf", 0.03137, 0.57, "AutoAttack", "a table"}));
        saveModelCard(model, {{"name", "renamed"}}); // as the editor does, which knows nothing of them
        QCOMPARE(loadModelCard(model).name, std::string("renamed"));
        QVERIFY(publishedAccuracies(model, Json::object()) == read);
        QVERIFY(publishedAccuracies(model, {{"published", Json::array()}}).empty());
        QVERIFY(publishedAccuracies(folder.filePath(QStringLiteral("other.pt")).toStdString(), Json::object()).empty());
        QVERIFY(publishedAccuraciesFrom(toJson(read)) == read);
    }

    void wrongPublishedValuesAreNamed_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("names");
        QTest::addRow("no list") << R"({})" << "list";
        QTest::addRow("no source") << R"([{"norm": "linf", "eps": 0.1, "robustAccuracy": 0.5}])" << "source";
        QTest::addRow("percent") << R"([{"norm": "linf", "eps": 0.1, "robustAccuracy": 57, "source": "x"}])" << "robustAccuracy";
        QTest::addRow("norm") << R"([{"norm": "Linf", "eps": 0.1, "robustAccuracy": 0.5, "source": "x"}])" << "Linf";
        QTest::addRow("no eps") << R"([{"norm": "l2", "robustAccuracy": 0.5, "source": "x"}])" << "eps";
    }
    void wrongPublishedValuesAreNamed()
    {
        QFETCH(QString, json);
        QFETCH(QString, names);
        try {
            (void)modelCardFromJson({{"published", Json::parse(json.toStdString())}});
            QFAIL("was taken");
        } catch (const Error& error) {
            QVERIFY2(QString::fromStdString(error.message()).contains(names), error.what());
        }
    }

    void aCardThatCouldNotBeReadIsNotSaved()
    {
        const QTemporaryDir folder;
        const std::string model = folder.filePath("net.pt").toStdString();
        QVERIFY_EXCEPTION_THROWN(saveModelCard(model, Json::parse(R"({"range":[1,1]})")), Error);
        QVERIFY(QDir(folder.path()).isEmpty());
        QVERIFY_EXCEPTION_THROWN(saveModelCard("/no/such/folder/net.pt", Json::parse(R"({"range":[0,1]})")), Error);
    }

    void survivesWritingAndReading()
    {
        const Json json = Json::parse(R"({"name":"net","family":"CNN","input":[3,32,32],"range":[0.0,255.0],"mean":[0.5,0.4,0.3],
            "std":[0.25],"channelOrder":"bgr","resize":"stretch","classes":["plane","car"],"bpda":true,"origin":"defaults"})");
        const ModelCard card = modelCardFromJson(json);
        QCOMPARE(card.input.value()[0], 3);
        QCOMPARE(card.range[1], 255.0);
        QCOMPARE(card.mean.size(), 3u);
        QCOMPARE(card.resizeRule, ResizeRule::Stretch);
        QCOMPARE(QString::fromStdString(toJson(card).dump()), QString::fromStdString(json.dump()));
    }

    void wrongKeysAreNamed_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("part");
        QTest::addRow("a list") << QByteArray("[1]") << "JSON object";
        QTest::addRow("misspelled key") << QByteArray(R"({"maen":[0.5]})") << "did you mean \"mean\"";
        QTest::addRow("trust cannot come from a file") << QByteArray(R"({"trusted":true})") << "trusted";
        QTest::addRow("name is a number") << QByteArray(R"({"name":3})") << "\"name\" must be text";
        QTest::addRow("input of two numbers") << QByteArray(R"({"input":[28,28]})") << "\"input\"";
        QTest::addRow("input of two channels") << QByteArray(R"({"input":[2,28,28]})") << "\"input\"";
        QTest::addRow("input with a fraction") << QByteArray(R"({"input":[3,28.5,28]})") << "\"input\"";
        QTest::addRow("negative side") << QByteArray(R"({"input":[3,-1,28]})") << "\"input\"";
        QTest::addRow("absurd side") << QByteArray(R"({"input":[3,1000000000,28]})") << "\"input\"";
        QTest::addRow("empty range") << QByteArray(R"({"range":[1,1]})") << "\"range\"";
        QTest::addRow("range is text") << QByteArray(R"({"range":"0:1"})") << "\"range\"";
        QTest::addRow("std of zero") << QByteArray(R"({"std":[0.2,0,0.2]})") << "\"std\"";
        QTest::addRow("mean is not a number") << QByteArray(R"({"mean":[null]})") << "\"mean\"";
        QTest::addRow("mean for two channels") << QByteArray(R"({"mean":[1,2]})") << "\"mean\"";
        QTest::addRow("mean of three, one channel") << QByteArray(R"({"input":[1,28,28],"mean":[1,2,3]})") << "1 channels";
        QTest::addRow("bgr of one channel") << QByteArray(R"({"input":[1,28,28],"channelOrder":"bgr"})") << "channelOrder";
        QTest::addRow("bpda is no number") << QByteArray(R"({"bpda":1})") << "true or false";
        QTest::addRow("unknown order") << QByteArray(R"({"channelOrder":"gbr"})") << "\"rgb\" or \"bgr\"";
        QTest::addRow("unknown resize rule") << QByteArray(R"({"resize":"strech"})") << "stretch";
        QTest::addRow("class is a number") << QByteArray(R"({"classes":[1,2]})") << "\"classes\"";
    }
    void wrongKeysAreNamed()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, part);
        const QString message = messageOf(json);
        QVERIFY2(message.contains(part), qPrintable(message));
    }

    void overridesSetOnlyTheirKeys()
    {
        ModelCard card = modelCardFromJson(Json::parse(R"({"family":"MLP","range":[0,255]})"));
        applyToCard(card, Json::parse(R"({"input":[1,28,28]})"));
        QCOMPARE(card.family, std::string("MLP"));
        QCOMPARE(card.range[1], 255.0);
        QCOMPARE(card.input.value()[1], 28);
    }

    void isFoundBesideTheModel()
    {
        const QTemporaryDir folder;
        const auto model = folder.filePath("net.v2.pt").toStdString();
        QCOMPARE(loadModelCard(model).name, std::string("net.v2"));
        QCOMPARE(loadModelCard(model).origin, std::string("defaults"));
        QFile file(folder.filePath("net.v2.card.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"name":"mine","range":[-1,1]})");
        file.close();
        const ModelCard card = loadModelCard(model);
        QCOMPARE(card.name, std::string("mine"));
        QCOMPARE(card.range[0], -1.0);
        QCOMPARE(card.origin, std::string("card file"));
    }

    void brokenFileIsNamed()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath("net.card.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"name": )");
        file.close();
        try {
            static_cast<void>(loadModelCard(folder.filePath("net.pt").toStdString()));
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(QString::fromStdString(error.message()).contains("net.card.json"));
            QVERIFY(QString::fromStdString(error.message()).contains("not valid JSON"));
        }
    }
};

QTEST_APPLESS_MAIN(TestModelCard)
#include "tst_modelcard.moc"
