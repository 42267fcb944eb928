// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include <QTest>

#include <algorithm>

using namespace brink;
using namespace brink::test;

/// The starts that withRestarts gives to attacks without starts of their own.
class TestRestarts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void firstStartIsARunWithout_data() { attacksWithRestarts(); }
    void firstStartIsARunWithout();
    void moreStartsAreNeverWorse_data() { attacksWithRestarts(); }
    void moreStartsAreNeverWorse();
    void eachStartCostsTheSame_data();
    void eachStartCostsTheSame();
    void fooledImagesTakeNoFurtherOne();
    void progressIsThatOfAllStarts();

private:
    static void attacksWithRestarts();
};

namespace {

AttackRequest requestWith(const QString& name, Norm norm, long long restarts)
{
    AttackRequest request = shortRequestFor(name.toStdString(), norm);
    request.parameters.set("restarts", restarts);
    if (request.parameters.contains("eps")) // some images are fooled at once, some later, some never
        request.parameters.set("eps", norm == Norm::Linf ? 0.02 : 0.15);
    return request;
}

bool isSameStep(const TraceStep& a, const TraceStep& b)
{
    return a.step == b.step && a.loss == b.loss && a.margin == b.margin && a.distance == b.distance && a.predicted == b.predicted;
}

float smallestMargin(const AttackOutcome& outcome) { return std::ranges::min(outcome.trace, {}, &TraceStep::margin).margin; }

/// Whether the start at `step` of the trace is not the clean image.
bool beginsElsewhere(const AttackOutcome& outcome, std::size_t step) { return outcome.trace[step].distance > 0; }

class ProgressLog : public Monitor {
public:
    [[nodiscard]] bool stopRequested() const override { return false; }
    void progress(std::int64_t done, std::int64_t total) override { shares.push_back(double(done) / double(total)); }
    void note(std::string_view) override {}
    std::vector<double> shares;
};

} // namespace

void TestRestarts::attacksWithRestarts()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Norm>("norm");
    for (const char* name : {"mifgsm", "ddn", "pdpgd", "sigma-zero", "hop-skip-jump"})
        for (const Norm norm : attackInfo(name).norms)
            QTest::addRow("%s %s", name, normName(norm).c_str()) << QString::fromLatin1(name) << norm;
}

void TestRestarts::firstStartIsARunWithout()
{
    QFETCH(const QString, name);
    QFETCH(const Norm, norm);
    const auto model = reluNet(3);
    const auto images = randomImages(4, 12);
    const auto items = itemsFor(model, images);
    const auto once = run(model, requestWith(name, norm, 1), items);
    const auto thrice = run(model, requestWith(name, norm, 3), items);
    for (std::size_t i = 0; i < items.size(); ++i) {
        QVERIFY(!once[i].trace.empty());
        QVERIFY(thrice[i].trace.size() >= once[i].trace.size());
        QVERIFY(std::ranges::equal(once[i].trace, std::span(thrice[i].trace).first(once[i].trace.size()), isSameStep));
    }
}

void TestRestarts::moreStartsAreNeverWorse()
{
    QFETCH(const QString, name);
    QFETCH(const Norm, norm);
    const auto model = reluNet(3);
    const auto images = randomImages(4, 24);
    const auto items = itemsFor(model, images);
    std::vector<AttackOutcome> before = run(model, requestWith(name, norm, 1), items);
    int better = 0;
    for (const long long restarts : {2LL, 6LL}) {
        std::vector<AttackOutcome> after = run(model, requestWith(name, norm, restarts), items);
        for (std::size_t i = 0; i < items.size(); ++i) {
            QVERIFY(after[i].success || !before[i].success);
            if (before[i].eps) {
                QVERIFY(smallestMargin(after[i]) <= smallestMargin(before[i]));
                better += after[i].steps > before[i].steps && beginsElsewhere(after[i], std::size_t(before[i].steps) + 1);
            } else if (before[i].success) {
                // The best is chosen by a float sum, this one is of doubles.
                const double most = before[i].distance->in(norm) * (1 + 1e-6);
                QVERIFY(after[i].distance->in(norm) <= most);
                better += after[i].distance->in(norm) < before[i].distance->in(norm) * (1 - 1e-6);
            }
        }
        before = std::move(after);
    }
    QVERIFY(better > 0); // else all starts would be the same; inside a budget this net has one best corner
}

void TestRestarts::eachStartCostsTheSame_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Norm>("norm");
    for (const char* name : {"ddn", "pdpgd", "sigma-zero"})
        for (const Norm norm : attackInfo(name).norms)
            QTest::addRow("%s %s", name, normName(norm).c_str()) << QString::fromLatin1(name) << norm;
}

void TestRestarts::eachStartCostsTheSame()
{
    QFETCH(const QString, name);
    QFETCH(const Norm, norm);
    const auto model = reluNet(3);
    const auto images = randomImages(4, 6);
    const auto items = itemsFor(model, images);
    const auto once = run(model, requestWith(name, norm, 1), items);
    const auto thrice = run(model, requestWith(name, norm, 3), items);
    constexpr std::int64_t clean = 1, confirmation = 3;
    for (std::size_t i = 0; i < items.size(); ++i) {
        QVERIFY(once[i].success);
        QCOMPARE(thrice[i].counts.forwards - clean - confirmation, 3 * (once[i].counts.forwards - clean - confirmation));
        QCOMPARE(thrice[i].counts.backwards, 3 * once[i].counts.backwards);
        QCOMPARE(thrice[i].steps, 3 * once[i].steps);
    }
}

void TestRestarts::fooledImagesTakeNoFurtherOne()
{
    const auto model = reluNet(3);
    const auto images = randomImages(4, 24);
    const auto items = itemsFor(model, images);
    const auto once = run(model, requestWith(QStringLiteral("mifgsm"), Norm::Linf, 1), items);
    const auto thrice = run(model, requestWith(QStringLiteral("mifgsm"), Norm::Linf, 3), items);
    int fooled = 0, open = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (once[i].success) {
            ++fooled;
            QCOMPARE(thrice[i].counts, once[i].counts);
            QCOMPARE(thrice[i].adversarial->pixels, once[i].adversarial->pixels);
        } else if (!thrice[i].success) {
            ++open;
            QCOMPARE(thrice[i].steps, 3 * once[i].steps);
            QVERIFY(thrice[i].attempt && distancesBetween(images[i], *thrice[i].attempt).linf <= *thrice[i].eps * (1 + 1e-5));
        }
    }
    QVERIFY(fooled > 0 && open > 0);
}

void TestRestarts::progressIsThatOfAllStarts()
{
    const auto model = reluNet(3);
    const auto images = randomImages(4, 2);
    ProgressLog log;
    (void)runAttack(model, requestWith(QStringLiteral("ddn"), Norm::L2, 4), itemsFor(model, images), log);
    QVERIFY(std::ranges::is_sorted(log.shares));
    QCOMPARE(log.shares.back(), 1.0);
    QVERIFY(log.shares.front() < 0.05);
}

QTEST_APPLESS_MAIN(TestRestarts)
#include "tst_restarts.moc"
