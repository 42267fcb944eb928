// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include "core/attack/autoattack.h"
#include "core/base/error.h"

#include "tests/support/compare.h"

#include <QTest>

#include <algorithm>
#include <thread>

using namespace brink;
using namespace brink::test;

namespace {

struct Set {
    std::vector<Image> images;
    std::vector<AutoAttackItem> items;

    /// Every fifth image has a label that the model does not predict.
    Set(const std::shared_ptr<const Classifier>& model, std::uint64_t seed, int count) : images(randomImages(seed, count))
    {
        const auto predicted = itemsFor(model, images);
        for (std::size_t i = 0; i < images.size(); ++i) {
            const std::int64_t label = predicted[i].criterion.reference;
            items.push_back({&images[i], i % 5 == 4 ? (label + 1) % model->classes() : label, i});
        }
    }
};

AutoAttackResult cascade(const std::shared_ptr<const Classifier>& model, const AutoAttackRequest& request, const Set& set)
{
    PlainMonitor monitor;
    return runAutoAttack(model, request, set.items, monitor);
}

/// Runs tasks on threads of its own, the last one first.
class ThreadsMonitor : public PlainMonitor {
public:
    [[nodiscard]] int lanes() const override { return 3; }
    void runTogether(std::span<const Task> tasks) override
    {
        std::vector<std::thread> threads;
        for (std::size_t i = tasks.size(); i > 0; --i)
            threads.emplace_back(tasks[i - 1]);
        for (std::thread& thread : threads)
            thread.join();
    }
};

/// Stops at the n-th question.
class StopAfter : public PlainMonitor {
public:
    explicit StopAfter(int polls) : m_polls(polls) {}
    [[nodiscard]] bool stopRequested() const override { return m_asked++ >= m_polls; }

private:
    int m_polls;
    mutable std::atomic<int> m_asked{0};
};

bool hasWarning(const AutoAttackResult& result, const char* code)
{
    return std::ranges::any_of(result.warnings, [&](const Warning& warning) { return warning.code == code; });
}

} // namespace

class TestAutoAttack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stagesAreTheAuthors_data()
    {
        QTest::addColumn<QString>("version");
        QTest::addColumn<Norm>("norm");
        QTest::addColumn<QString>("stages");
        QTest::addRow("standard linf") << QStringLiteral("standard") << Norm::Linf << QStringLiteral("apgd-ce apgd-t fab-t square");
        QTest::addRow("standard l2") << QStringLiteral("standard") << Norm::L2 << QStringLiteral("apgd-ce apgd-t fab-t square");
        QTest::addRow("standard l1") << QStringLiteral("standard") << Norm::L1 << QStringLiteral("apgd-ce apgd-t fab-t");
        QTest::addRow("plus") << QStringLiteral("plus") << Norm::Linf << QStringLiteral("apgd-ce apgd-dlr fab square apgd-t fab-t");
        QTest::addRow("rand") << QStringLiteral("rand") << Norm::L2 << QStringLiteral("apgd-ce apgd-dlr");
    }

    void stagesAreTheAuthors()
    {
        QFETCH(const QString, version);
        QFETCH(const Norm, norm);
        QFETCH(const QString, stages);
        QStringList names;
        for (const AutoAttackStage& stage : autoAttackStages(autoAttackVersionFromName(version.toStdString()), norm, 0.25, 10)) {
            names.push_back(QString::fromStdString(stage.name));
            const Params& parameters = stage.attack.parameters;
            QCOMPARE(stage.attack.norm, norm);
            QCOMPARE(parameters.real(stage.attack.name == "fab" ? "goal" : "eps"), 0.25);
            if (stage.attack.name == "square")
                QCOMPARE(parameters.integer("queries"), 5000LL);
            else
                QCOMPARE(parameters.integer("steps"), 100LL);
            if (stage.name == "apgd-t")
                QCOMPARE(parameters.integer("targets"), norm == Norm::L1 ? 5LL : 9LL);
            if (stage.name == "fab-t")
                QCOMPARE(parameters.integer("targets"), 9LL);
            if (stage.attack.name == "apgd")
                QCOMPARE(parameters.integer("eot"), version == QStringLiteral("rand") ? 20LL : 1LL);
        }
        QCOMPARE(names.join(u' '), stages);
    }

    // Accuracy after each stage, each stage on what the ones before it left, every image accounted for.
    void booksBalance()
    {
        const auto counter = std::make_shared<std::atomic<std::int64_t>>(0);
        const auto model = reluNet(5, counter);
        const Set set(model, 6, 20);
        *counter = 0;
        const AutoAttackResult result = cascade(model, {Norm::Linf, {0.05, 0.02}, AutoAttackVersion::Standard, 1}, set);
        QCOMPARE(result.counts.forwards, counter->load());
        QCOMPARE(result.cleanAccuracy, 0.8);
        QCOMPARE(result.levels.size(), std::size_t(2));
        double before = result.cleanAccuracy;
        std::int64_t fooledBefore = 0;
        double eps = 0;
        for (const AutoAttackLevel& level : result.levels) {
            QVERIFY(level.eps > eps && level.isComplete);
            eps = level.eps;
            QCOMPARE(level.fooledBefore, fooledBefore);
            std::int64_t left = 16 - fooledBefore;
            for (const AutoAttackStageResult& stage : level.stages) {
                QCOMPARE(stage.attacked, left);
                left -= stage.fooled;
                fooledBefore += stage.fooled;
                QCOMPARE(stage.robustAccuracy, double(left) / 20);
                QVERIFY(stage.robustAccuracy <= before);
                before = stage.robustAccuracy;
            }
            QCOMPARE(level.robustAccuracy, before);
        }
        QVERIFY(fooledBefore > 4 && fooledBefore < 16);
        for (std::size_t i = 0; i < set.items.size(); ++i) {
            const AutoAttackImage& image = result.images[i];
            QCOMPARE(image.isCorrect, i % 5 != 4);
            QCOMPARE(image.fooledAt.has_value(), image.fool.has_value());
            if (!image.fooledAt)
                continue;
            QVERIFY(image.isCorrect);
            // What is called an adversarial image is one: inside the budget, another class.
            QVERIFY(distancesBetween(set.images[i], *image.fool->adversarial).linf <= *image.fooledAt * (1 + 1e-5));
            Evaluator evaluator(model);
            QVERIFY(evaluator.logits(tensorFromImages(std::span(&*image.fool->adversarial, 1))).argmax().item<std::int64_t>() != set.items[i].label);
        }
        const Json json = toJson(result);
        QCOMPARE(json["levels"].size(), std::size_t(2));
        QCOMPARE(json["levels"][1]["robustAccuracy"].get<double>(), result.levels[1].robustAccuracy);
        QCOMPARE(json["items"].size(), set.items.size());
    }

    // Several budgets in one run are as many runs, but for images that a smaller budget has settled.
    void severalBudgetsAreSeparateRuns()
    {
        const auto model = reluNet(5);
        const Set set(model, 6, 15);
        for (const auto& [norm, small, large] : {std::tuple(Norm::Linf, 0.015, 0.03), std::tuple(Norm::L2, 0.1, 0.25), std::tuple(Norm::L1, 0.4, 0.9)}) {
            const auto both = cascade(model, {norm, {small, large}, AutoAttackVersion::Standard, 1}, set);
            const auto first = cascade(model, {norm, {small}, AutoAttackVersion::Standard, 1}, set);
            const auto second = cascade(model, {norm, {large}, AutoAttackVersion::Standard, 1}, set);
            QCOMPARE(both.levels[0].robustAccuracy, first.levels[0].robustAccuracy);
            QVERIFY(both.levels[1].robustAccuracy <= second.levels[0].robustAccuracy);
            QVERIFY(both.levels[1].robustAccuracy <= both.levels[0].robustAccuracy);
            for (std::size_t i = 0; i < set.items.size(); ++i)
                if (!both.images[i].fooledAt || *both.images[i].fooledAt == large)
                    QCOMPARE(both.images[i].fooledAt, second.images[i].fooledAt);
        }
    }

    void neverAbovePgd_data()
    {
        QTest::addColumn<Norm>("norm");
        QTest::addColumn<double>("eps");
        QTest::addRow("linf") << Norm::Linf << 0.03;
        QTest::addRow("l2") << Norm::L2 << 0.2;
        QTest::addRow("l1") << Norm::L1 << 0.8;
    }

    void neverAbovePgd()
    {
        QFETCH(const Norm, norm);
        QFETCH(const double, eps);
        const auto model = reluNet(7);
        const Set set(model, 8, 20);
        const auto result = cascade(model, {norm, {eps}, AutoAttackVersion::Standard, 1}, set);
        std::vector<AttackItem> items;
        for (const AutoAttackItem& item : set.items)
            items.push_back({item.image, {item.label, {}, 0}, item.index});
        const auto pgd = run(model, requestFor("pgd", norm, {"eps=" + std::to_string(eps), "steps=100", "restarts=3"}), items);
        const auto robust = std::ranges::count_if(pgd, [](const AttackOutcome& outcome) { return !outcome.success && !outcome.wasMisclassified; });
        QVERIFY(robust > 0 && robust < 16); // else this says nothing
        QVERIFY(result.levels[0].robustAccuracy <= double(robust) / 20);
    }

    void sameBitsWithManyThreads()
    {
        const auto model = reluNet(5);
        const Set set(model, 6, 70);
        const AutoAttackRequest request{Norm::L2, {0.3}, AutoAttackVersion::Standard, 1};
        const AutoAttackResult one = cascade(model, request, set);
        ThreadsMonitor monitor;
        const AutoAttackResult many = runAutoAttack(model, request, set.items, monitor);
        QCOMPARE(monitor.done(), monitor.total());
        QCOMPARE(many.counts, one.counts);
        for (std::size_t i = 0; i < set.items.size(); ++i) {
            QCOMPARE(many.images[i].stage, one.images[i].stage);
            if (one.images[i].fool)
                QCOMPARE(many.images[i].fool->adversarial->pixels, one.images[i].fool->adversarial->pixels);
        }
    }

    void stopGivesWhatIsKnown()
    {
        const auto model = reluNet(5);
        const Set set(model, 6, 10);
        for (const int polls : {0, 3, 60}) {
            StopAfter monitor(polls);
            const auto result = runAutoAttack(model, {Norm::Linf, {0.02, 0.04}, AutoAttackVersion::Standard, 1}, set.items, monitor);
            QVERIFY(result.stopped);
            QVERIFY(!result.levels.back().isComplete);
            QVERIFY(toJson(result).contains("stopped"));
        }
    }

    // Each of AutoAttack's checks on a model made to raise it.
    void checksWarn()
    {
        const auto net = reluNet(3);
        const Set set(net, 4, 8);
        const AutoAttackRequest request{Norm::Linf, {0.1}, AutoAttackVersion::Standard, 1};
        const auto plain = cascade(net, {Norm::Linf, {0.01}, AutoAttackVersion::Standard, 1}, set);
        QVERIFY(!hasWarning(plain, "random-model") && !hasWarning(plain, "zero-gradients") && !hasWarning(plain, "square-better"));
        QVERIFY(hasWarning(plain, "few-targets")); // nine targets of four other classes

        const auto rounding = makeClassifier("rounds its input", {1, 8, 8}, 5, [net](const at::Tensor& x) { return net->impl().logits((x * 20).round() / 20); });
        const auto masked = cascade(rounding, request, Set(rounding, 4, 8));
        QVERIFY(hasWarning(masked, "zero-gradients"));
        QVERIFY(hasWarning(masked, "square-better"));

        const auto noise = std::make_shared<std::atomic<int>>(0);
        const auto random = makeClassifier("noisy", {1, 8, 8}, 5, [net, noise](const at::Tensor& x) { return net->impl().logits(x) + at::one_hot(at::tensor(std::int64_t(++*noise % 5)), 5); });
        QVERIFY(hasWarning(cascade(random, {Norm::Linf, {0.01}, AutoAttackVersion::Standard, 1}, set), "random-model"));
        QVERIFY(!hasWarning(cascade(random, {Norm::Linf, {0.01}, AutoAttackVersion::Rand, 1}, set), "random-model"));
        QVERIFY(hasWarning(cascade(net, {Norm::Linf, {0.01}, AutoAttackVersion::Rand, 1}, set), "repeatable-model"));

        const auto three = makeClassifier("three classes", {1, 8, 8}, 3, [net](const at::Tensor& x) { return net->impl().logits(x).narrow(1, 0, 3); });
        QVERIFY(hasWarning(cascade(three, {Norm::Linf, {0.01}, AutoAttackVersion::Standard, 1}, Set(three, 4, 4)), "few-classes"));
        QVERIFY(hasWarning(cascade(net, {Norm::L1, {0.1}, AutoAttackVersion::Standard, 1}, set), "no-square"));
    }

    void badRequestsAreRefused()
    {
        const auto model = reluNet(3);
        const Set set(model, 4, 3);
        PlainMonitor monitor;
        QVERIFY_THROWS_EXCEPTION(Error, (void)runAutoAttack(model, {Norm::Linf, {}, AutoAttackVersion::Standard, 1}, set.items, monitor));
        QVERIFY_THROWS_EXCEPTION(Error, (void)runAutoAttack(model, {Norm::Linf, {0.0}, AutoAttackVersion::Standard, 1}, set.items, monitor));
        QVERIFY_THROWS_EXCEPTION(Error, (void)runAutoAttack(model, {Norm::Linf, {8.0}, AutoAttackVersion::Standard, 1}, set.items, monitor));
        QVERIFY_THROWS_EXCEPTION(Error, (void)runAutoAttack(model, {Norm::L0, {3.0}, AutoAttackVersion::Standard, 1}, set.items, monitor));
        QVERIFY_THROWS_EXCEPTION(Error, (void)runAutoAttack(model, {}, {}, monitor));
        QVERIFY_THROWS_EXCEPTION(Error, (void)autoAttackVersionFromName("strong"));
    }
};

QTEST_APPLESS_MAIN(TestAutoAttack)
#include "tst_autoattack.moc"
