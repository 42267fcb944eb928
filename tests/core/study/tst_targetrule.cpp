// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/study/targetrule.h"

#include <QTest>

#include <array>
#include <set>

using namespace brink;

class TestTargetRule : public QObject {
    Q_OBJECT
private slots:
    void choosesByLogits_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<int>("expected");
        QTest::addRow("second largest") << "top2" << 3;
        QTest::addRow("third largest") << "runner-up:2" << 0;
        QTest::addRow("smallest") << "least-likely" << 2;
        QTest::addRow("a class") << "2" << 2;
    }

    void choosesByLogits()
    {
        QFETCH(QString, rule);
        QFETCH(int, expected);
        constexpr std::array logits{0.1, 5.0, -3.0, 2.0};
        const TargetRule parsed = targetRuleFromText(rule.toStdString());
        QCOMPARE(*targetFor(parsed, logits, 1, 1), std::int64_t(expected));
        QCOMPARE(targetRuleFromText(targetRuleText(parsed)), parsed);
    }

    void randomIsUniformOverTheOthers()
    {
        constexpr std::array logits{0.1, 5.0, -3.0, 2.0};
        std::array<int, 4> counts{};
        for (std::uint64_t seed = 0; seed < 6000; ++seed)
            ++counts[std::size_t(*targetFor({TargetRule::Kind::Random, 0}, logits, 1, seed))];
        QCOMPARE(counts[1], 0);
        for (const int j : {0, 2, 3}) // 2000 expected, standard deviation 36.5
            QVERIFY2(std::abs(counts[std::size_t(j)] - 2000) < 5 * 37, qPrintable(QString::number(counts[std::size_t(j)])));
    }

    void untargetedHasNone()
    {
        constexpr std::array logits{0.0, 1.0};
        QVERIFY(!targetFor(targetRuleFromText("untargeted"), logits, 1, 1));
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addRow("misspelt") << "randon";
        QTest::addRow("rank zero") << "runner-up:0";
        QTest::addRow("negative class") << "-1";
        QTest::addRow("class outside") << "4";
        QTest::addRow("rank outside") << "runner-up:9";
    }

    void refuses()
    {
        QFETCH(QString, rule);
        constexpr std::array logits{0.1, 5.0, -3.0, 2.0};
        QVERIFY_EXCEPTION_THROWN((void)targetFor(targetRuleFromText(rule.toStdString()), logits, 1, 1), Error);
    }
};

QTEST_APPLESS_MAIN(TestTargetRule)
#include "tst_targetrule.moc"
