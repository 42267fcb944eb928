// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/attack.h"
#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/model/classifier.h"
#include "core/model/torchruntime.h"
#include "core/store/studyfile.h"
#include "core/store/studyreading.h"
#include "core/store/studyrun.h"
#include "core/store/unitdata.h"
#include "core/study/transfertable.h"
#include "tests/core/model/tinymodels_torch.h"
#include "tests/support/fulldisk.h"
#include "tests/support/studytext.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <thread>

using namespace brink;
using namespace brink::test;

namespace {

const std::string examples = BRINK_EXAMPLE_FOLDER;

/// Three models, twelve images, untargeted and targeted attacks that transfer, one that does not, and CLEVER.
Json sampleJson()
{
    return {{"name", "sample"}, {"models", {examples + "/cnn.pt", examples + "/mlp.pt", examples + "/cnn-pgd.pt"}},
        {"images", examples + "/example-images-idx3-ubyte.gz#0:12"}, {"block", 5},
        {"analyses",
            {{{"attack", "bim"}, {"norm", "linf"}, {"set", {{"eps", 0.1}, {"steps", 4}}}, {"target", {"untargeted", "random"}}, {"transfers", true}, {"images", 9}},
                {{"attack", "ddn"}, {"norm", "l2"}, {"set", {{"steps", 6}}}, {"transfers", true}},
                {{"attack", "fgsm"}, {"norm", "linf"}, {"set", {{"eps", 0.05}}}},
                {{"clever", "l2"}, {"preset", "preview"}, {"set", {{"batches", 6}, {"samples", 8}}}, {"images", 2}, {"target", "random"}}}}};
}

Study sample(const std::function<void(Json&)>& change = {})
{
    Json json = sampleJson();
    if (change)
        change(json);
    return studyFromJson(json, {});
}

std::string textOf(const std::string& path) { return studyText(*StudyReading(path).results()); }

StudyRunEnd run(const std::string& path, const Study& study, const StudyRunOptions& options = {})
{
    PlainMonitor monitor;
    return runStudy(path, study, options, monitor);
}

/// Ends the work after so many questions whether to.
class StoppingMonitor : public PlainMonitor {
public:
    explicit StoppingMonitor(int polls) : m_left(polls) {}
    [[nodiscard]] bool stopRequested() const override { return m_left.fetch_sub(1) <= 0; }

private:
    mutable std::atomic<int> m_left;
};

/// Two threads for everything.
class PairMonitor : public PlainMonitor {
public:
    [[nodiscard]] int lanes() const override { return 2; }
    void runTogether(std::span<const Task> tasks) override
    {
        std::atomic<std::size_t> next{0};
        const auto work = [&] {
            for (std::size_t i = next++; i < tasks.size(); i = next++)
                tasks[i]();
        };
        std::thread other(work);
        work();
        other.join();
    }
};

void saveModule(const std::string& path, const torch::jit::Module& module) { module.save(path); }

/// [N,1,28,28] -> so many logits; `line` changes them.
torch::jit::Module digits(int classes, const std::string& line = "")
{
    return moduleOf("def forward(self, x):\n  z = torch.matmul(torch.flatten(x, 1), torch.t(self.w0))\n" + line + "  return z\n",
        {fixedNormal({classes, 784}, 21, 0.05)});
}

template <typename Work>
std::string sentenceOf(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.message();
    }
    return {};
}

bool isOneSentence(const std::string& text)
{
    return !text.empty() && text.find('\n') == std::string::npos && (text.back() == '.' || text.back() == ')');
}

} // namespace

class TestStudyRun : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string m_whole;     ///< a finished run of the sample
    std::string m_wholeText;

    std::string path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }

private Q_SLOTS:
    void initTestCase()
    {
        configureTorch(1, 1);
        m_whole = path("whole.brink");
        const StudyRunEnd end = run(m_whole, sample());
        QCOMPARE(end.failures.size(), std::size_t(0));
        QCOMPARE(end.unitsDone, end.unitsTotal);
        QCOMPARE(end.unitsComputed, end.unitsTotal);
        m_wholeText = textOf(m_whole);
    }

    void rowsAreThoseOfTheAttackAlone()
    {
        const auto results = StudyReading(m_whole).results();
        QVERIFY(results->isComplete());
        const auto model = loadClassifier(examples + "/mlp.pt");
        const auto images = openDataset(examples + "/example-images-idx3-ubyte.gz");
        const StudyAnalysis& ddn = results->study.analyses[2];
        QCOMPARE(ddn.attack.name, std::string("ddn"));
        const StudyCell& cell = results->cell(2, 1);
        QVERIFY(cell.attack.size() > 5);
        PlainMonitor monitor;
        for (const StudyAttackRow& row : cell.attack) {
            QVERIFY(results->isCorrect(1, row.image));
            const Image image = images->image(row.image);
            const AttackItem item{&image, {results->images[std::size_t(row.image)].label, {}, 0}, 0};
            const std::vector<AttackOutcome> alone = runAttack(model, ddn.attack, {&item, 1}, monitor);
            QCOMPARE(row.success, alone.front().success);
            if (row.success)
                QVERIFY(row.distance == *alone.front().distance);
            QCOMPARE(std::int64_t(row.backwards), alone.front().counts.backwards);
        }
    }

    // Logits that are cut off are equal for many classes: the class of such an image is the clean one for the attack and for the heatmap.
    void tiesAreNoSuccessOnTheDiagonalEither()
    {
        const std::string model = path("tied.pt"), file = path("tied.brink");
        saveModule(model, digits(10, "  z = torch.clamp(z, -0.02, 0.02)\n"));
        Json json = sampleJson();
        json["models"] = {model};
        json["entry"] = "all";
        json["analyses"] = Json::array({{{"attack", "bim"}, {"norm", "linf"}, {"set", {{"eps", 0.2}, {"steps", 3}}}, {"transfers", true}}});
        QCOMPARE(run(file, studyFromJson(json, {})).failures.size(), std::size_t(0));
        const auto results = StudyReading(file).results();
        const StudyTransfer& own = *results->transfers[0].at({0, 0});
        int ties = 0;
        for (std::size_t i = 0; i < own.row.size(); ++i) {
            const StudyAttackRow& row = results->cell(0, 0).attack[std::size_t(own.row[i])];
            QCOMPARE(own.predicted[i] != own.clean[i], row.success);
            ties += own.margin[i] == 0 ? 1 : 0;
        }
        QVERIFY2(ties > 0, "the model was to make ties");
    }

    void onlyImagesThatEnterAreThere()
    {
        const auto results = StudyReading(m_whole).results();
        for (int model = 0; model < 3; ++model) {
            std::size_t correct = 0;
            for (int image = 0; image < 12; ++image)
                correct += results->isCorrect(model, image);
            QCOMPARE(results->cell(2, model).attack.size(), correct);
            QCOMPARE(results->cell(0, model).attack.size(), std::min<std::size_t>(correct, 9));
            QCOMPARE(results->cell(4, model).clever.size(), std::size_t(2));
            for (const StudyAttackRow& row : results->cell(1, model).attack)
                QVERIFY(row.target >= 0 && row.target != results->images[std::size_t(row.image)].label);
        }
    }

    void diagonalIsTheAttacksSuccess()
    {
        const auto results = StudyReading(m_whole).results();
        for (int analysis = 0; analysis < 3; ++analysis) {
            for (int model = 0; model < 3; ++model) {
                const StudyCell& cell = results->cell(analysis, model);
                const auto successes = std::ranges::count_if(cell.attack, &StudyAttackRow::success);
                for (const TransferRule rule : {TransferRule::All, TransferRule::CorrectOnTarget, TransferRule::CorrectOnBoth}) {
                    const auto count = transferCount(*results, analysis, model, model, rule);
                    QVERIFY(count);
                    QCOMPARE(count->hits, std::int64_t(successes));
                    QCOMPARE(count->total, std::int64_t(cell.attack.size()));
                }
            }
        }
    }

    void failedFixedBudgetAttacksShowTheirLastImage()
    {
        const StudyReading reading(m_whole);
        const auto results = reading.results();
        const auto images = openDataset(examples + "/example-images-idx3-ubyte.gz");
        int failed = 0;
        for (int model = 0; model < 3; ++model) {
            const StudyCell& cell = results->cell(1, model); // targeted, small budget
            for (std::size_t row = 0; row < cell.attack.size(); ++row) {
                const auto image = reading.adversarial(1, model, int(row));
                QVERIFY(image);
                const Image clean = images->image(cell.attack[row].image);
                const double linf = distancesBetween(clean, *image).linf;
                QVERIFY2(linf > 0.05 && linf <= 0.1 + 1e-6, qPrintable(QString::number(linf)));
                failed += !cell.attack[row].success;
            }
        }
        QVERIFY(failed > 0);
    }

    void nothingIsComputedTwice()
    {
        QCOMPARE(run(m_whole, sample()).unitsComputed, std::int64_t(0));
        QCOMPARE(textOf(m_whole), m_wholeText);
    }

    void twoThreadsGiveTheSame()
    {
        PairMonitor monitor;
        QCOMPARE(runStudy(path("pair.brink"), sample(), {}, monitor).failures.size(), std::size_t(0));
        QCOMPARE(textOf(path("pair.brink")), m_wholeText);
    }

    void stoppedAndContinuedGivesTheSame()
    {
        const std::string stopped = path("stopped.brink");
        std::int64_t computed = 0;
        int runs = 0;
        for (int polls = 5; runs < 60; ++runs, polls += 40) {
            StoppingMonitor monitor(polls);
            const StudyRunEnd end = runStudy(stopped, sample(), {}, monitor);
            computed += end.unitsComputed;
            if (!end.stopped)
                break;
        }
        QVERIFY(runs > 3);
        const StudyRunEnd last = run(stopped, sample());
        QCOMPARE(last.unitsDone, last.unitsTotal);
        QCOMPARE(computed + last.unitsComputed, last.unitsTotal);
        QCOMPARE(textOf(stopped), m_wholeText);
    }

    void fourShardsMergedAreTheWhole()
    {
        std::vector<std::string> parts;
        for (int shard = 0; shard < 4; ++shard) {
            parts.push_back(path(("part" + std::to_string(shard)).c_str()));
            const StudyRunEnd end = run(parts.back(), sample(), {"cpu", shard, 4});
            QVERIFY(end.unitsDone < end.unitsTotal);
        }
        mergeStudies(path("merged.brink"), parts);
        QCOMPARE(textOf(path("merged.brink")), m_wholeText);
    }

    void mergingRefusesAnotherStudy()
    {
        run(path("other.brink"), sample([](Json& json) { json["seed"] = 2; }), {"cpu", 0, 8});
        const std::string said = sentenceOf([&] { mergeStudies(path("mixed.brink"), {m_whole, path("other.brink")}); });
        QVERIFY2(said.find("seed") != std::string::npos && isOneSentence(said), said.c_str());
        QVERIFY(!std::filesystem::exists(path("mixed.brink")));
        QVERIFY(isOneSentence(sentenceOf([&] { mergeStudies(m_whole, {path("other.brink")}); })));
    }

    void aChangeComputesItsOwnUnitsAlone_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<int>("computed"); // of the sample's units; -1: fewer than all, more than none
        QTest::newRow("label of an analysis") << "label" << 0;
        QTest::newRow("family of a model") << "family" << 0;
        QTest::newRow("eps of the plain attack") << "eps" << 9;
        QTest::newRow("one more analysis") << "more" << 9;
        QTest::newRow("one model less") << "less" << 0;
        QTest::newRow("seed") << "seed" << -1;
    }

    void aChangeComputesItsOwnUnitsAlone()
    {
        QFETCH(QString, what);
        QFETCH(int, computed);
        const std::string copy = path(qPrintable(what + ".brink"));
        std::filesystem::copy_file(m_whole, copy);
        const StudyRunEnd end = run(copy, sample([&](Json& json) {
            Json& fgsm = json["analyses"][2];
            if (what == "label")
                fgsm["label"] = "another";
            else if (what == "family")
                json["models"][0] = {{"path", json["models"][0]}, {"family", "CNN"}};
            else if (what == "eps")
                fgsm["set"]["eps"] = 0.06, fgsm["id"] = StudyReading(m_whole).results()->study.analyses[3].id;
            else if (what == "more")
                json["analyses"].push_back({{"attack", "fgsm"}, {"norm", "linf"}, {"set", {{"eps", 0.07}}}});
            else if (what == "less")
                json["models"].erase(2);
            else
                json["seed"] = 2;
        }));
        QCOMPARE(end.unitsDone, end.unitsTotal);
        if (computed >= 0)
            QCOMPARE(end.unitsComputed, std::int64_t(computed));
        else
            QVERIFY(end.unitsComputed > 9 && end.unitsComputed <= end.unitsTotal);
        QVERIFY(StudyReading(copy).results()->isComplete());
    }

    void aChangedModelFileComputesItsOwnUnits()
    {
        const std::string model = path("net.pt");
        saveModule(model, digits(10));
        const auto study = [&] {
            return sample([&](Json& json) { json["models"] = {examples + "/cnn.pt", model}, json["entry"] = "all", json["analyses"].erase(3); });
        };
        const StudyRunEnd first = run(path("model.brink"), study());
        QCOMPARE(first.failures.size(), std::size_t(0));
        saveModule(model, digits(10, "  z = z * 2\n"));
        const StudyRunEnd second = run(path("model.brink"), study());
        QCOMPARE(second.unitsDone, second.unitsTotal);
        // Its own predictions and attacks, its images on both, and the other's images on it.
        QVERIFY(second.unitsComputed > 0 && second.unitsComputed < second.unitsTotal);
        QCOMPARE(run(path("model.brink"), study()).unitsComputed, std::int64_t(0));
        run(path("model-anew.brink"), study());
        QCOMPARE(textOf(path("model.brink")), textOf(path("model-anew.brink")));
    }

    void aModelThatIsGoneLeavesTheOthers()
    {
        const auto study = sample([&](Json& json) { json["models"].push_back(path("no-such.pt")); });
        const StudyRunEnd end = run(path("gone.brink"), study);
        QCOMPARE(end.failures.size(), std::size_t(1));
        QVERIFY2(isOneSentence(end.failures.front()), end.failures.front().c_str());
        QCOMPARE(end.unitsDone, end.unitsTotal);
        const auto results = StudyReading(path("gone.brink")).results();
        QVERIFY(!results->works(3));
        QVERIFY(results->isCorrectOnAll(0) == (results->isCorrect(0, 0) && results->isCorrect(1, 0) && results->isCorrect(2, 0)));
    }

    /// Not finite from somewhere on the way of the attack: the unit fails with a sentence, the rest goes on.
    void aModelThatTurnsIntoNanFailsAlone()
    {
        const std::string model = path("nan.pt");
        // Clean digits have a black corner; the first step of the attack brightens it by 0.025.
        saveModule(model, digits(10, "  p = x[:, 0, 0, 0]\n  z = z + 0.0 * torch.log((p - 0.024) * (p - 0.026)).unsqueeze(1)\n"));
        const auto study = sample([&](Json& json) {
            json["models"].push_back(model);
            json["entry"] = "all";
            json["analyses"].erase(3);
        });
        const StudyRunEnd end = run(path("nan.brink"), study);
        QVERIFY(end.unitsDone < end.unitsTotal);
        QVERIFY(!end.failures.empty());
        for (const std::string& failure : end.failures)
            QVERIFY2(isOneSentence(failure), failure.c_str());
        const auto results = StudyReading(path("nan.brink")).results();
        QVERIFY(!results->cell(2, 0).attack.empty());
        QVERIFY(!results->warnings.empty());
    }

    /// An exception in the middle of an attack, on either worker: its unit fails with a sentence that names it, the rest goes on.
    void aModelThatThrowsFailsAlone()
    {
        const std::string model = path("throws.pt");
        // Clean digits have a black corner, the first step of the attack brightens it by 0.025, and noise is brighter on the whole.
        saveModule(model, digits(10, "  p = x[:, 0, 0, 0]\n  beyond = torch.logical_and((p - 0.024) * (p - 0.026) < 0, x.flatten(1).mean(1) < 0.4)\n"
                                     "  z = z.index_select(0, torch.arange(z.size(0)) + beyond.long() * 100000)\n"));
        const auto study = sample([&](Json& json) {
            json["models"].push_back(model);
            json["entry"] = "all";
            json["analyses"].erase(3);
        });
        const StudyRunEnd end = run(path("throws.brink"), study);
        QVERIFY(end.unitsDone > 0 && end.unitsDone < end.unitsTotal);
        QVERIFY(!end.failures.empty());
        for (const std::string& failure : end.failures) {
            QVERIFY2(isOneSentence(failure), failure.c_str());
            QVERIFY2(failure.find("throws") != std::string::npos, failure.c_str());
        }
        const auto results = StudyReading(path("throws.brink")).results();
        for (int other = 0; other < 2; ++other)
            QVERIFY(!results->cell(other, 0).attack.empty());
        // Again: nothing that is finished is computed a second time, and the same is said.
        const StudyRunEnd again = run(path("throws.brink"), study);
        QCOMPARE(again.unitsDone, end.unitsDone);
        QCOMPARE(again.failures, end.failures);
    }

    void otherSizesAndClassListsWorkByRule()
    {
        const std::string background = path("background.pt"), foreign = path("foreign.pt"), small = path("small.pt");
        saveModule(background, digits(11));
        saveModule(foreign, digits(12));
        saveModule(small, moduleOf("def forward(self, x):\n  return torch.matmul(torch.flatten(x, 1), torch.t(self.w0))\n",
            {fixedNormal({10, 400}, 3, 0.05)}));
        const auto study = sample([&](Json& json) {
            json["models"] = {examples + "/cnn.pt", {{"path", background}, {"classOffset", 1}}, {{"path", foreign}},
                {{"path", small}, {"card", {{"input", {1, 20, 20}}, {"resize", "stretch"}}}}};
            json["entry"] = "all";
            json["analyses"].erase(3);
        });
        const StudyRunEnd end = run(path("sizes.brink"), study);
        QVERIFY2(end.failures.empty(), end.failures.empty() ? "" : end.failures.front().c_str());
        const auto results = StudyReading(path("sizes.brink")).results();
        QVERIFY(results->isComplete());
        QCOMPARE(results->refusedPairs.size(), std::size_t(6)); // 12 classes against the three others, both ways
        QVERIFY(results->refusedPairs.contains({0, 2}) && isOneSentence(results->refusedPairs.at({0, 2})));
        QVERIFY(!results->transfers[0].contains({0, 2}));
        const auto& resized = *results->transfers[0].at({0, 3});
        QCOMPARE(resized.conversions.size(), std::size_t(1));
        QVERIFY(results->transfers[0].at({0, 1})->conversions.empty());
        // The clean class of the offset model is its class minus one.
        const auto model = loadClassifier(background);
        QVERIFY(std::ranges::all_of(results->predicted[1], [](std::int32_t predicted) { return predicted >= -2 && predicted < 10; }));
    }

    void commonImagesOnly()
    {
        const auto study = sample([](Json& json) { json["entry"] = "correct-on-all"; });
        run(path("common.brink"), study);
        const auto results = StudyReading(path("common.brink")).results();
        std::size_t common = 0;
        for (int image = 0; image < 12; ++image)
            common += results->isCorrectOnAll(image);
        for (int model = 0; model < 3; ++model)
            QCOMPARE(results->cell(2, model).attack.size(), common);
    }

    void imagesAreLetGoWhenAskedTo()
    {
        const auto study = [](int models) {
            return sample([models](Json& json) {
                json["keepAdversarials"] = false;
                while (int(json["models"].size()) > models)
                    json["models"].erase(json["models"].size() - 1);
            });
        };
        run(path("lean.brink"), study(2));
        QVERIFY(StudyFile(path("lean.brink")).slotsWithImages().empty());
        QVERIFY(!StudyReading(path("lean.brink")).adversarial(0, 0, 0));
        // One more model must see images that are gone: they are made again.
        const StudyRunEnd end = run(path("lean.brink"), study(3));
        QCOMPARE(end.unitsDone, end.unitsTotal);
        QVERIFY(StudyFile(path("lean.brink")).slotsWithImages().empty());
        QCOMPARE(textOf(path("lean.brink")), m_wholeText);
    }

    void aReaderFollowsAGrowingFile()
    {
        const std::string growing = path("growing.brink");
        StoppingMonitor monitor(150);
        runStudy(growing, sample(), {}, monitor);
        StudyReading reading(growing);
        const auto before = reading.results();
        const std::string textBefore = studyText(*before);
        QVERIFY(before->unitsDone > 0 && !before->isComplete());
        QVERIFY(!reading.update());
        run(growing, sample());
        QVERIFY(reading.update());
        QCOMPARE(studyText(*reading.results()), m_wholeText);
        QCOMPARE(studyText(*before), textBefore); // left alone
    }

    void badFiles_data()
    {
        QTest::addColumn<QString>("what");
        for (const char* what : {"missing", "empty", "text", "newer", "foreign", "folder"})
            QTest::newRow(what) << what;
    }

    void badFiles()
    {
        QFETCH(QString, what);
        const std::string file = path(qPrintable("bad-" + what + ".brink"));
        const auto alter = [&](const char* statement) {
            std::filesystem::copy_file(m_whole, file);
            {
                QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("outside"));
                database.setDatabaseName(QString::fromStdString(file));
                QVERIFY(database.open());
                QVERIFY(QSqlQuery(database).exec(QLatin1String(statement)));
                database.close();
            }
            QSqlDatabase::removeDatabase(QStringLiteral("outside"));
        };
        if (what == "empty" || what == "text") {
            QFile made(QString::fromStdString(file));
            QVERIFY(made.open(QFile::WriteOnly));
            made.write(what == "text" ? "{\"schema\":1}" : "");
        } else if (what == "newer") {
            alter("PRAGMA user_version = 99");
        } else if (what == "foreign") {
            alter("PRAGMA application_id = 7");
        } else if (what == "folder") {
            std::filesystem::create_directory(file);
        }
        const std::string said = sentenceOf([&] { StudyReading{file}; });
        QVERIFY2(isOneSentence(said), said.c_str());
        QCOMPARE(isStudyFile(file), what == "newer");
    }

    /// What lies before the cut is shown or the file is refused in a sentence; nothing crashes.
    void truncatedFiles()
    {
        const auto size = std::int64_t(std::filesystem::file_size(m_whole));
        int opened = 0;
        for (const double share : {0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99}) {
            const std::string file = path("cut.brink");
            std::filesystem::copy_file(m_whole, file, std::filesystem::copy_options::overwrite_existing);
            std::filesystem::resize_file(file, std::uintmax_t(double(size) * share));
            const std::string said = sentenceOf([&] {
                const StudyReading reading(file);
                opened += reading.results()->unitsDone > 0;
            });
            QVERIFY2(said.empty() || isOneSentence(said), said.c_str());
        }
        QVERIFY2(opened >= 3, "what lies before the cut is read");
    }

    void aSecondRunOnTheSameFileIsRefused()
    {
        class Nested : public PlainMonitor {
        public:
            explicit Nested(std::string path) : m_path(std::move(path)) {}
            void runTogether(std::span<const Task> tasks) override
            {
                if (said.empty())
                    said = sentenceOf([&] {
                        PlainMonitor other;
                        runStudy(m_path, sample(), {}, other);
                    });
                PlainMonitor::runTogether(tasks);
            }
            std::string said;

        private:
            std::string m_path;
        };
        Nested monitor(path("locked.brink"));
        runStudy(path("locked.brink"), sample(), {}, monitor);
        QVERIFY2(monitor.said.find("another process") != std::string::npos && isOneSentence(monitor.said), monitor.said.c_str());
        QCOMPARE(textOf(path("locked.brink")), m_wholeText);
    }

    void anotherStudyLeavesTheFileAlone()
    {
        const std::string said = sentenceOf([&] { run(m_whole, sample([](Json& json) { json["name"] = "other"; })); });
        QVERIFY2(isOneSentence(said) && said.find("sample") != std::string::npos, said.c_str());
        QCOMPARE(textOf(m_whole), m_wholeText);
    }

    void aFullDiskLosesNothing()
    {
        const std::string full = path("full.brink");
        std::string said;
        {
            const FullDisk disk(120'000);
            said = sentenceOf([&] { run(full, sample()); });
        }
        QVERIFY2(isOneSentence(said) && said.find("cannot be written") != std::string::npos, said.c_str());
        const auto before = StudyReading(full).results();
        QVERIFY(before->unitsDone > 0 && !before->isComplete());
        const StudyRunEnd end = run(full, sample());
        QCOMPARE(end.unitsComputed + before->unitsDone, end.unitsTotal);
        QCOMPARE(textOf(full), m_wholeText);
    }

    /// 18 models x 1000 images x 6 analyses, the size of the survey: read whole, the time is printed.
    void aLargeFileIsReadWhole()
    {
        constexpr int models = 18, images = 1000, analyses = 6, block = 50;
        const std::string large = path("large.brink");
        Json json{{"name", "large"}, {"images", "nowhere"}, {"block", block}};
        for (int model = 0; model < models; ++model)
            json["models"].push_back({{"path", "m" + std::to_string(model) + ".pt"}});
        for (int analysis = 0; analysis < analyses; ++analysis)
            json["analyses"].push_back({{"attack", "bim"}, {"set", {{"eps", 0.01 * (analysis + 1)}}}, {"transfers", true}});
        const Study study = studyFromJson(json, {});
        Json imageFacts = Json::array();
        for (int image = 0; image < images; ++image)
            imageFacts.push_back({image, "nowhere#" + std::to_string(image), image % 10, "0"});
        Json facts = Json::array();
        for (int model = 0; model < models; ++model)
            facts.push_back({{"sha256", std::to_string(model)}, {"input", {3, 32, 32}}, {"classes", 10}, {"parameters", 1000}, {"conversions", Json::array()}});
        {
            StudyFile file(large);
            file.begin({{"study", toJson(study)}, {"models", facts}, {"images", imageFacts}, {"pairs", Json::array()}});
            std::vector<UnitRecord> units;
            const auto add = [&](UnitSlot slot, std::string data) {
                UnitRecord unit;
                unit.slot = std::move(slot);
                unit.key = "key";
                unit.data = std::move(data);
                units.push_back(std::move(unit));
            };
            const auto name = [&](int model) { return study.models[std::size_t(model)].name; };
            for (int first = 0; first < images; first += block) {
                CleanUnit clean;
                std::vector<StudyAttackRow> rows(block);
                StudyTransfer seen;
                for (int i = 0; i < block; ++i) {
                    clean.image.push_back(first + i);
                    clean.predicted.push_back((first + i) % 10);
                    clean.scores.emplace_back();
                    rows[std::size_t(i)].image = first + i;
                    rows[std::size_t(i)].success = i % 2 == 0;
                    seen.row.push_back(first + i);
                    seen.predicted.push_back(i % 10);
                    seen.margin.push_back(1);
                    seen.clean.push_back((first + i) % 10);
                }
                for (int model = 0; model < models; ++model) {
                    add({UnitKind::Clean, {}, name(model), {}, first / block}, bytesOf(clean));
                    for (const StudyAnalysis& analysis : study.analyses) {
                        add({UnitKind::Attack, analysis.id, name(model), {}, first / block}, bytesOf(rows));
                        for (int target = 0; target < models; ++target)
                            add({UnitKind::Transfer, analysis.id, name(model), name(target), first / block}, bytesOf(seen));
                    }
                }
            }
            file.put(units);
            file.setDocument("total", std::int64_t(units.size()));
        }
        QElapsedTimer clock;
        clock.start();
        const StudyReading reading(large);
        const qint64 read = clock.restart();
        const auto results = reading.results();
        const TransferTable table = transferTable(*results, 3, TransferRule::CorrectOnBoth);
        qInfo("read in %lld ms, a table counted in %lld ms, %.1f MB", (long long)read, (long long)clock.elapsed(),
            double(std::filesystem::file_size(large)) / 1e6);
        QVERIFY(results->isComplete());
        QCOMPARE(table.back().back()->total, std::int64_t(images));
        QCOMPARE(results->cell(5, 17).attack.size(), std::size_t(images));
    }

    void badStudies_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("says");
        QTest::newRow("no models") << "{\"models\": []}" << "models";
        QTest::newRow("pattern without a match") << "{\"models\": \"/nowhere/*.pt\"}" << "/nowhere";
        QTest::newRow("unknown key") << "{\"modles\": 1}" << "models";
        QTest::newRow("unknown attack") << "{\"analyses\": [{\"attack\": \"fgms\"}]}" << "fgsm";
        QTest::newRow("unknown parameter") << "{\"analyses\": [{\"attack\": \"fgsm\", \"set\": {\"esp\": 1}}]}" << "eps";
        QTest::newRow("bad value") << "{\"analyses\": [{\"attack\": \"bim\", \"set\": {\"steps\": -3}}]}" << "steps";
        QTest::newRow("twice") << "{\"analyses\": [{\"attack\": \"fgsm\"}, {\"attack\": \"fgsm\"}]}" << "twice";
        QTest::newRow("norm") << "{\"analyses\": [{\"attack\": \"cw\", \"norm\": \"linf\"}]}" << "norm";
        QTest::newRow("entry") << "{\"entry\": \"corect\"}" << "correct";
        QTest::newRow("schema") << "{\"schema\": \"brink.study/9\"}" << "brink.study/1";
        QTest::newRow("transferring CLEVER") << "{\"analyses\": [{\"clever\": \"l2\", \"transfers\": true}]}" << "transfer";
    }

    void badStudies()
    {
        QFETCH(QString, change);
        QFETCH(QString, says);
        const std::string said = sentenceOf([&] { sample([&](Json& json) { json.update(Json::parse(change.toStdString())); }); });
        QVERIFY2(isOneSentence(said) && said.find(says.toStdString()) != std::string::npos, said.c_str());
    }

    void aStudyComesBackFromItsJson()
    {
        const Study study = sample();
        QVERIFY(toJson(studyFromJson(toJson(study), {})) == toJson(study));
        QCOMPARE(study.analyses.size(), std::size_t(5));
        QCOMPARE(study.analyses[1].id, std::string("bim-linf-eps0.1-steps4-random"));
        QCOMPARE(study.analyses[2].label, std::string("DDN L2, steps 6, untargeted"));
        QCOMPARE(sample([](Json& json) { json["analyses"] = {{{"attack", "cw"}}}; }).analyses[0].label, std::string("C&W L2, untargeted"));
    }

    void packedImagesComeBackBitForBit()
    {
        const auto images = openDataset(examples + "/example-images-idx3-ubyte.gz");
        std::vector<Image> all{images->image(0), Image{}, images->image(2)};
        all[2].pixels[5] = 0.123456789F;
        const std::vector<Image> back = unpackImages(packImages(all));
        QCOMPARE(back.size(), std::size_t(3));
        QVERIFY(back[0].pixels == all[0].pixels && back[1].empty() && back[2].pixels == all[2].pixels);
        QVERIFY(!unpackImage(packImages(all), 1));
        QVERIFY(isOneSentence(sentenceOf([&] { (void)unpackImages(packImages(all).substr(0, 40)); }) + "."));
    }
};

QTEST_GUILESS_MAIN(TestStudyRun)
#include "tst_studyrun.moc"
