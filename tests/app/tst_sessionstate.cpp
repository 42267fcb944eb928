// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/boundarystate.h"
#include "app/sessionstate.h"
#include "core/base/error.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace brink;

namespace {

SessionState fullState(const QString& folder)
{
    SessionState state;
    state.models.push_back({folder + "/models/a.pt", "a", {std::string(64, 'a'), {{"range", {0, 1}}}}});
    state.models.push_back({folder + "/models/b.pt", "b", {std::string(64, 'b'), {{"range", {0, 255}}}}});
    state.currentModel = 1;
    state.images = ImagesRef{{folder + "/images/x.png", folder + "/images/y.png"}, 1, std::string(64, 'c')};
    state.settings = standardSettings(Norm::Linf, Preset::Paper, 77);
    state.settings.isEdited = true;
    state.settings.computesClever = false;
    state.settings.randomDirections = 13;
    state.settings.clever.set("radius", std::string("0.25"));
    state.settings.attacks.front().isChosen = false;
    state.target = 3;
    state.selection = {4, "ddn"};
    state.resultKey = "key";
    state.zooms["weibull"]["histogram"] = {0.1, 0.2, -3, 1e300};
    state.layout = QByteArray("\0\1\2", 3);
    return state;
}

void writeFile(const QString& path)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
}

} // namespace

class TestSessionState : public QObject {
    Q_OBJECT
private slots:
    void comesBack()
    {
        const QTemporaryDir folder;
        const SessionState state = fullState(folder.path());
        const SessionState again = sessionStateFromJson(Json::parse(toJson(state, folder.path()).dump()), folder.path());
        QCOMPARE(again.models.size(), state.models.size());
        for (std::size_t i = 0; i < state.models.size(); ++i) {
            QCOMPARE(again.models[i].path, state.models[i].path);
            QCOMPARE(again.models[i].name, state.models[i].name);
            QCOMPARE(again.models[i].identity.sha256, state.models[i].identity.sha256);
            QVERIFY(again.models[i].identity.card == state.models[i].identity.card);
        }
        QCOMPARE(again.currentModel, 1);
        QCOMPARE(again.images->paths, state.images->paths);
        QCOMPARE(again.images->index, std::int64_t(1));
        QCOMPARE(again.images->sha256, state.images->sha256);
        QVERIFY(again.settings == state.settings);
        QVERIFY(again.target == state.target);
        QVERIFY(again.selection.target == state.selection.target && again.selection.attack == state.selection.attack);
        QCOMPARE(again.resultKey, state.resultKey);
        QVERIFY(again.zooms == state.zooms);
        QCOMPARE(again.layout, state.layout);
    }

    // Files of earlier versions have the tab's place in their order.
    void workspacesHaveNames_data()
    {
        QTest::addColumn<QString>("written");
        QTest::addColumn<QString>("name");
        QTest::addRow("name") << "\"transfer\"" << "transfer";
        QTest::addRow("old place of Study") << "1" << "study";
        QTest::addRow("old place of Boundary") << "3" << "boundary";
        QTest::addRow("old place of nothing") << "17" << "margins";
        QTest::addRow("neither") << "[]" << "inspect";
    }
    void workspacesHaveNames()
    {
        QFETCH(const QString, written);
        QFETCH(const QString, name);
        const QTemporaryDir folder;
        Json json = toJson(fullState(folder.path()), folder.path());
        json["workspace"] = Json::parse(written.toStdString());
        QCOMPARE(QString::fromStdString(sessionStateFromJson(json, folder.path()).workspace), name);
    }

    void trustNamesItsSurrogateByPlace()
    {
        const QTemporaryDir folder, moved;
        SessionState state = fullState(folder.path());
        state.trust = {{"page", "smoothing"}, {"diagnosis", {{"surrogate", (folder.path() + "/models/b.pt").toStdString()}}}};
        const Json written = toJson(state, folder.path());
        QVERIFY(sessionStateFromJson(written, folder.path()).trust == state.trust);
        writeFile(moved.filePath("models/b.pt"));
        QCOMPARE(QString::fromStdString(sessionStateFromJson(written, moved.path()).trust["diagnosis"]["surrogate"].get<std::string>()), moved.filePath("models/b.pt"));
        for (const Json& odd : {Json(3), Json::array(), Json{{"diagnosis", 3}}, Json{{"diagnosis", {{"surrogate", 3}}}}}) {
            Json document = written;
            document["trust"] = odd;
            QVERIFY(sessionStateFromJson(document, folder.path()).trust.is_object()); // no reason to refuse a session
        }
    }

    void boundaryChoicesComeBack()
    {
        BoundaryChoices choices;
        choices.plane = PlaneKind::Images;
        choices.turn = 30;
        choices.clips = true;
        choices.resolution = 128;
        choices.eps = 0.5;
        choices.frame = SliceFrame{-1, 2, -3, 4};
        choices.direction = 3;
        choices.against = 2;
        choices.images = {7, 9};
        choices.showsSteps = true;
        choices.partner = 4;
        choices.survey = {SurveyKind::Detection, 30, false, 20, 0.3, true, "abc"};
        QVERIFY(boundaryChoicesFromJson(Json::parse(toJson(choices).dump())) == choices);
        QVERIFY(boundaryChoicesFromJson(Json::object()) == BoundaryChoices());
    }

    void boundaryChoicesThatMakeNoSense_data()
    {
        QTest::addColumn<QString>("written");
        QTest::addRow("unknown plane") << R"({"plane":"curved-spacetime"})";
        QTest::addRow("text as a number") << R"({"turn":"right"})";
        QTest::addRow("frame without width") << R"({"frame":[1,1,0,2]})";
        QTest::addRow("no resolution") << R"({"resolution":-5})";
        QTest::addRow("a list") << "[1,2]";
    }
    void boundaryChoicesThatMakeNoSense()
    {
        QFETCH(const QString, written);
        const BoundaryChoices choices = boundaryChoicesFromJson(Json::parse(written.toStdString()));
        QVERIFY(!choices.frame);
        QVERIFY(choices.resolution >= 32);
        QVERIFY(std::abs(choices.turn) <= 180);
    }

    void everySettingComesBack_data()
    {
        QTest::addColumn<int>("norm");
        QTest::addColumn<bool>("isPaper");
        for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf})
            for (const bool isPaper : {true, false})
                QTest::addRow("%s %s", normName(norm).c_str(), isPaper ? "paper" : "preview") << int(norm) << isPaper;
    }
    void everySettingComesBack()
    {
        QFETCH(int, norm);
        QFETCH(bool, isPaper);
        const AnalysisSettings settings = standardSettings(Norm(norm), isPaper ? Preset::Paper : Preset::Preview, std::uint64_t(-1));
        QVERIFY(analysisSettingsFromJson(Json::parse(toJson(settings).dump())) == settings);
    }

    void aFolderThatMovedIsFound_data()
    {
        QTest::addColumn<QString>("place");
        QTest::addRow("as seen from the file") << "models/a.pt";
        QTest::addRow("beside the file") << "a.pt";
    }
    void aFolderThatMovedIsFound()
    {
        QFETCH(QString, place);
        const QTemporaryDir moved;
        writeFile(moved.filePath(place));
        const Json json = toJson(fullState(QStringLiteral("/no/such/folder")), QStringLiteral("/no/such/folder"));
        const SessionState state = sessionStateFromJson(json, moved.path());
        QCOMPARE(state.models[0].path, moved.filePath(place));
        QCOMPARE(state.models[1].path, QStringLiteral("/no/such/folder/models/b.pt"));
    }

    void pathsCanBeLeftOut()
    {
        const QTemporaryDir folder;
        const Json json = toJson(fullState(folder.path()), folder.path(), PathChoice::Omit);
        QVERIFY(!QString::fromStdString(json.dump()).contains(folder.path()));
        QVERIFY(!QString::fromStdString(json.dump()).contains("x.png"));
        const SessionState state = sessionStateFromJson(json, folder.path());
        QVERIFY(state.models[0].path.isEmpty() && state.images->paths.isEmpty());
        QCOMPARE(state.models[0].identity.sha256, std::string(64, 'a'));
    }

    void badDocumentsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("part");
        QTest::addRow("later version") << QByteArray("/schema") << QByteArray("\"brink.session/2\"") << "newer Brink";
        QTest::addRow("other schema") << QByteArray("/schema") << QByteArray("\"other/1\"") << "does not fit";
        QTest::addRow("schema of another type") << QByteArray("/schema") << QByteArray("3") << "does not fit";
        QTest::addRow("model beyond the list") << QByteArray("/currentModel") << QByteArray("2") << "does not fit";
        QTest::addRow("unknown norm") << QByteArray("/settings/norm") << QByteArray("\"l7\"") << "l7";
        QTest::addRow("value out of range") << QByteArray("/settings/clever/batches") << QByteArray("-1") << "atches";
        QTest::addRow("text for a number") << QByteArray("/images/index") << QByteArray("\"one\"") << "does not fit";
        QTest::addRow("model without a hash") << QByteArray("/models/0") << QByteArray("{}") << "does not fit";
    }
    void badDocumentsAreRefused()
    {
        QFETCH(QByteArray, pointer);
        QFETCH(QByteArray, value);
        QFETCH(QString, part);
        Json json = toJson(fullState(QStringLiteral("/f")), QStringLiteral("/f"));
        json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
        try {
            (void)sessionStateFromJson(json, QStringLiteral("/f"));
            QFAIL("it was taken");
        } catch (const Error& error) {
            QVERIFY2(QString::fromStdString(error.message()).contains(part), error.what());
        }
    }

    void whatALaterVersionAddsIsReadOver()
    {
        Json json = toJson(fullState(QStringLiteral("/f")), QStringLiteral("/f"));
        json["future"] = true;
        json["settings"]["clever"]["future"] = 3;
        json["settings"]["attacks"].push_back({{"name", "future"}, {"chosen", true}, {"parameters", Json::object()}});
        QVERIFY(sessionStateFromJson(json, QStringLiteral("/f")).settings == fullState(QStringLiteral("/f")).settings);
    }
};

QTEST_GUILESS_MAIN(TestSessionState)
#include "tst_sessionstate.moc"
