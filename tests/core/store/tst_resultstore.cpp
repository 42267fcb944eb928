// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/resultstore.h"
#include "tests/support/sampleresult.h"

#include <QTest>

using namespace brink;

namespace {

StoredResult stored(const char* key, bool isPartial = false)
{
    InspectResult result = test::sampleResult();
    result.partial = isPartial;
    return {key, std::make_shared<const InspectResult>(std::move(result)), Json()};
}

} // namespace

class TestResultStore : public QObject {
    Q_OBJECT
private slots:
    void findsWhatWasPut()
    {
        ResultStore store;
        QVERIFY(!store.find("a"));
        const StoredResult a = stored("a");
        QVERIFY(store.put(a));
        QVERIFY(store.put(stored("b")));
        QCOMPARE(store.find("a")->result, a.result);
        QVERIFY(!store.find("c"));
        QCOMPARE(store.size(), std::size_t(2));
    }

    void aNewerResultReplacesTheOld()
    {
        ResultStore store;
        store.put(stored("a"));
        const std::size_t once = store.bytes();
        const StoredResult newer = stored("a");
        store.put(newer);
        QCOMPARE(store.find("a")->result, newer.result);
        QCOMPARE(store.bytes(), once);
    }

    void aPartialResultNeverReplacesACompleteOne()
    {
        ResultStore store;
        QVERIFY(store.put(stored("a", true)));
        QVERIFY(store.put(stored("a")));
        QVERIFY(!store.put(stored("a", true)));
        QVERIFY(!store.find("a")->result->partial);
    }

    void theLeastRecentlyUsedGoesFirst()
    {
        const std::size_t one = bytesOf(test::sampleResult());
        ResultStore store(3 * one + one / 2);
        for (const char* key : {"a", "b", "c"})
            store.put(stored(key));
        QVERIFY(store.find("a")); // used: now b is the oldest
        store.put(stored("d"));
        QVERIFY(!store.find("b"));
        QVERIFY(store.find("a") && store.find("c") && store.find("d"));
        QVERIFY2(store.bytes() <= 3 * one + one / 2, "the bound holds");
    }

    void oneResultIsAlwaysKept()
    {
        ResultStore store(1);
        store.put(stored("a"));
        QVERIFY(store.find("a"));
        store.put(stored("b"));
        QVERIFY(store.find("b"));
        QCOMPARE(store.size(), std::size_t(1));
    }

    void bytesGrowWithTheImages()
    {
        const InspectResult small = test::sampleResult();
        InspectResult large = small;
        large.attacks[0].iterates = std::make_shared<const std::vector<AttackIterate>>(100, AttackIterate{0, test::sampleImage()});
        QVERIFY(bytesOf(large) >= bytesOf(small) + 100 * 28 * 28 * sizeof(float));
    }
};

QTEST_GUILESS_MAIN(TestResultStore)
#include "tst_resultstore.moc"
