// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/examples.h"
#include "app/session.h"
#include "core/model/torchruntime.h"

#include <QTest>

#include <functional>

using namespace brink;

namespace {

/// Writes down what a session tells, in order: "image result".
class SignalLog {
public:
    explicit SignalLog(Session& session)
    {
        listen(session, &Session::modelsChanged, "models");
        listen(session, &Session::modelPicked, "model");
        listen(session, &Session::datasetOpened, "dataset");
        listen(session, &Session::imagePicked, "image");
        listen(session, &Session::imageLoaded, "loaded");
        listen(session, &Session::settingsChanged, "settings");
        listen(session, &Session::targetChanged, "target");
        listen(session, &Session::resultChanged, "result");
        listen(session, &Session::selectionChanged, "selection");
    }

    [[nodiscard]] QString text() const { return m_told.join(QLatin1Char(' ')); }

private:
    template <typename Signal>
    void listen(Session& session, Signal signal, const char* name)
    {
        QObject::connect(&session, signal, &m_context, [this, name] { m_told << QLatin1String(name); });
    }

    QObject m_context;
    QStringList m_told;
};

std::shared_ptr<const InspectResult> emptyResult() { return std::make_shared<const InspectResult>(); }

CurrentImage pixels(std::int64_t index) { return {index, Image{1, 2, 2, std::vector<float>(4, 0.5F), "four", {}}, std::nullopt}; }

} // namespace

class TestSession : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        configureTorch(1, 1);
        const Examples examples = findExamples();
        QVERIFY(examples.isComplete());
        LoadOptions options;
        options.calibrateBatch = false;
        m_first = loadClassifier(examples.models.value(0).toStdString(), options);
        m_second = loadClassifier(examples.models.value(1).toStdString(), options);
        m_firstAgain = loadClassifier(examples.models.value(0).toStdString(), options);
    }

    void settingWhatIsSetEmitsNothing()
    {
        Session session;
        session.addModel(m_first);
        session.setCurrentModel(0);
        session.setImageIndex(3);
        session.setTarget(2);
        session.select({2, std::nullopt});
        const SignalLog told(session);
        session.setCurrentModel(0);
        session.setImageIndex(3);
        session.setTarget(2);
        session.setSettings(session.settings());
        session.setNorm(session.norm());
        session.select({2, std::nullopt});
        session.clearResult();
        QCOMPARE(told.text(), QString());
    }

    void eachChangeIsToldOnce_data()
    {
        using Change = std::function<void(Session&)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("told");
        const auto edited = [](Session& s) {
            AnalysisSettings settings = s.settings();
            settings.randomDirections += 1;
            s.setSettings(settings);
        };
        QTest::addRow("settings") << Change(edited) << QStringLiteral("settings");
        QTest::addRow("norm") << Change([](Session& s) { s.setNorm(Norm::Linf); }) << QStringLiteral("settings");
        QTest::addRow("target") << Change([](Session& s) { s.setTarget(4); }) << QStringLiteral("target");
        QTest::addRow("image") << Change([](Session& s) { s.setImageIndex(1); }) << QStringLiteral("image");
        QTest::addRow("pixels") << Change([](Session& s) { s.setImage(pixels(0)); }) << QStringLiteral("loaded");
        QTest::addRow("data set") << Change([](Session& s) { s.setDataset(nullptr); }) << QStringLiteral("dataset");
        QTest::addRow("selection") << Change([](Session& s) { s.select({1, "ddn"}); }) << QStringLiteral("selection");
        QTest::addRow("run") << Change([](Session& s) { s.beginRun(false); }) << QStringLiteral("result");
        QTest::addRow("result") << Change([](Session& s) { s.setResult(emptyResult(), ResultState::Complete); }) << QStringLiteral("result");
        QTest::addRow("failure") << Change([](Session& s) { s.setFailure(QStringLiteral("no")); }) << QStringLiteral("result");
    }
    void eachChangeIsToldOnce()
    {
        QFETCH(std::function<void(Session&)>, change);
        QFETCH(QString, told);
        Session session;
        const SignalLog log(session);
        change(session);
        QCOMPARE(log.text(), told);
    }

    void aModelLoadedAgainReplacesTheOlder()
    {
        Session session;
        QCOMPARE(session.addModel(m_first), 0);
        QCOMPARE(session.addModel(m_second), 1);
        session.setCurrentModel(0);
        QCOMPARE(session.addModel(m_firstAgain), 0);
        QCOMPARE(session.models().size(), std::size_t(2));
        QCOMPARE(session.classifier(), m_firstAgain);
        session.setReport(m_first, {}); // checks of the replaced one end late
        QVERIFY(!session.models().front().report);
        session.setReport(m_firstAgain, {});
        QVERIFY(session.models().front().report);
    }

    void removingModelsKeepsAValidChoice()
    {
        Session session;
        session.addModel(m_first);
        session.addModel(m_second);
        session.setCurrentModel(1);
        session.setResult(emptyResult(), ResultState::Complete);
        session.removeModel(0);
        QCOMPARE(session.classifier(), m_second);
        QVERIFY2(session.result(), "the current model has not changed");
        session.removeModel(7);
        session.removeModel(-1);
        QCOMPARE(session.models().size(), std::size_t(1));
        const SignalLog told(session);
        session.removeModel(0);
        QVERIFY(!session.classifier());
        QVERIFY(!session.result());
        QCOMPARE(told.text(), QStringLiteral("models result model"));
    }

    void anotherSubjectClearsTheResult_data()
    {
        using Change = std::function<void(Session&)>;
        QTest::addColumn<Change>("change");
        QTest::addRow("model") << Change([](Session& s) { s.setCurrentModel(1); });
        QTest::addRow("image") << Change([](Session& s) { s.setImageIndex(8); });
        QTest::addRow("data set") << Change([](Session& s) { s.setDataset(nullptr); });
    }
    void anotherSubjectClearsTheResult()
    {
        QFETCH(std::function<void(Session&)>, change);
        Session session;
        session.addModel(m_first);
        session.addModel(m_second);
        session.setCurrentModel(0);
        session.setResult(emptyResult(), ResultState::Complete);
        session.select({1, "ddn"});
        change(session);
        QVERIFY(!session.result());
        QCOMPARE(session.resultState(), ResultState::None);
        QVERIFY(!session.selection().target);
        QVERIFY(!session.selection().attack);
    }

    void targetOutsideTheClassesIsDropped()
    {
        Session session;
        session.addModel(m_first);
        session.setTarget(m_first->classes());
        session.setCurrentModel(0);
        QVERIFY(!session.target());
    }

    void otherSettingsMakeOnlyAFinishedResultStale_data()
    {
        QTest::addColumn<ResultState>("before");
        QTest::addColumn<ResultState>("after");
        QTest::addRow("none") << ResultState::None << ResultState::None;
        QTest::addRow("running") << ResultState::Running << ResultState::Running;
        QTest::addRow("complete") << ResultState::Complete << ResultState::Stale;
        QTest::addRow("partial") << ResultState::Partial << ResultState::Stale;
        QTest::addRow("failed") << ResultState::Failed << ResultState::Failed;
        QTest::addRow("stale") << ResultState::Stale << ResultState::Stale;
    }
    void otherSettingsMakeOnlyAFinishedResultStale()
    {
        QFETCH(ResultState, before);
        QFETCH(ResultState, after);
        for (const bool isTarget : {false, true}) {
            Session session;
            if (before == ResultState::Failed)
                session.setFailure(QStringLiteral("no"));
            else if (before != ResultState::None)
                session.setResult(emptyResult(), before);
            isTarget ? session.setTarget(1) : session.setNorm(Norm::L1);
            QCOMPARE(session.resultState(), after);
        }
    }

    void aRunForgetsTheFailureBeforeAndKeepsTheResultInSight()
    {
        Session session;
        const auto result = emptyResult();
        session.setResult(result, ResultState::Complete);
        session.setFailure(QStringLiteral("out of memory"));
        QCOMPARE(session.failure(), QStringLiteral("out of memory"));
        QCOMPARE(session.result(), result);
        session.beginRun(true);
        QVERIFY(session.isPreview());
        QVERIFY(session.failure().isEmpty());
        QCOMPARE(session.result(), result);
        QCOMPARE(session.resultState(), ResultState::Running);
    }

    void normTakesTheStandardValuesOfThePreset()
    {
        Session session(7);
        session.setSettings(standardSettings(Norm::L2, Preset::Paper, 7));
        session.setNorm(Norm::Linf);
        QVERIFY(session.settings() == standardSettings(Norm::Linf, Preset::Paper, 7));
    }

private:
    std::shared_ptr<const Classifier> m_first, m_second, m_firstAgain;
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
