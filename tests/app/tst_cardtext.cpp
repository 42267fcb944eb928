// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cardtext.h"

#include <QTest>

using namespace brink;

namespace {

ModelCard sample()
{
    return modelCardFromJson(Json::parse(R"({"name":"net","family":"CNN","input":[3,32,32],"range":[0,255],"mean":[0.5,0.4,0.3],
        "std":[0.25],"channelOrder":"bgr","resize":"stretch","classes":["plane","car"]})"));
}

} // namespace

class TestCardText : public QObject {
    Q_OBJECT
private slots:
    void whatIsShownReadsBackTheSame()
    {
        const ParsedCard parsed = parseCard(cardFields(sample()), 2);
        QVERIFY(parsed.isValid());
        const ModelCard again = modelCardFromJson(parsed.json);
        QCOMPARE(QString::fromStdString(toJson(again).dump()), QString::fromStdString(toJson(sample()).dump()));
    }

    void emptyFieldsOverrideACardFile()
    {
        CardFields fields = cardFields(sample());
        fields.mean.clear();
        fields.classes.clear();
        ModelCard card = sample();
        applyToCard(card, parseCard(fields, 2).json);
        QVERIFY(card.mean.empty() && card.classNames.empty());
        QCOMPARE(card.standardDeviation.size(), std::size_t(1));
    }

    void whatCannotBeUsedIsMarkedAtItsField_data()
    {
        using Change = std::function<void(CardFields&)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("word"); // of the sentence
        QTest::addRow("no number") << Change([](CardFields& f) { f.mean = QStringLiteral("0.5, x"); }) << "mean" << "\"x\"";
        QTest::addRow("std of zero") << Change([](CardFields& f) { f.deviation = QStringLiteral("0"); }) << "std" << "positive";
        QTest::addRow("two means") << Change([](CardFields& f) { f.mean = QStringLiteral("0.5 0.4"); }) << "mean" << "one a channel";
        QTest::addRow("range of one value") << Change([](CardFields& f) { f.white = f.black; }) << "range" << "different";
        QTest::addRow("no white") << Change([](CardFields& f) { f.white.clear(); }) << "range" << "white";
        QTest::addRow("two channels") << Change([](CardFields& f) { f.input = QStringLiteral("2, 32, 32"); }) << "input" << "channels";
        QTest::addRow("three names for two classes") << Change([](CardFields& f) { f.classes << QStringLiteral("ship"); }) << "classes" << "2 classes";
        QTest::addRow("an empty line") << Change([](CardFields& f) { f.classes[0].clear(); }) << "classes" << "empty";
        QTest::addRow("no name") << Change([](CardFields& f) { f.name = QStringLiteral(" "); }) << "name" << "name";
        QTest::addRow("means for other channels") << Change([](CardFields& f) {
            f.input = QStringLiteral("1, 28, 28");
            f.channelOrder = QStringLiteral("rgb");
        }) << "mean" << "channels";
        QTest::addRow("colours of a grey input") << Change([](CardFields& f) {
            f.input = QStringLiteral("1, 28, 28");
            f.mean.clear();
        }) << "channelOrder" << "one channel";
    }
    void whatCannotBeUsedIsMarkedAtItsField()
    {
        QFETCH(std::function<void(CardFields&)>, change);
        QFETCH(QString, field);
        QFETCH(QString, word);
        CardFields fields = cardFields(sample());
        change(fields);
        const ParsedCard parsed = parseCard(fields, 2);
        QVERIFY2(parsed.errors.value(field).contains(word), qPrintable(QStringList(parsed.errors.values()).join(QLatin1Char('|'))));
        QCOMPARE(parsed.errors.size(), 1);
    }
};

QTEST_APPLESS_MAIN(TestCardText)
#include "tst_cardtext.moc"
