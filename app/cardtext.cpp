// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cardtext.h"

#include "app/qtext.h"
#include "core/base/error.h"
#include "core/base/text.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("Cards", sentence); }

QString numberText(double value) { return qtext(formatReal(value, 9)); }

template <typename Numbers>
QString listText(const Numbers& numbers)
{
    QStringList parts;
    for (const auto number : numbers)
        parts << numberText(double(number));
    return parts.join(QStringLiteral(", "));
}

/// Numbers separated by commas or blanks. @throws Error(Format) for anything else.
Json numbersFrom(const QString& typed)
{
    static const QRegularExpression separators(QStringLiteral("[,;\\s]+"));
    Json numbers = Json::array();
    for (const QString& part : typed.split(separators, Qt::SkipEmptyParts)) {
        const auto number = parseReal(part.toStdString());
        if (!number)
            throw Error(ErrorCode::Format, text("\"%1\" is no number. Write numbers with a point, separated by commas.").arg(part).toStdString());
        numbers.push_back(*number);
    }
    return numbers;
}

/// One key into the card and into the JSON, or a sentence at its field.
class CardReader {
public:
    void read(const QString& key, const std::function<Json()>& value)
    {
        try {
            const Json made = value();
            const std::string name = key.toStdString();
            ModelCard next = m_card; // a key that is refused leaves no trace
            applyToCard(next, Json{{name, made}});
            m_card = std::move(next);
            parsed.json[name] = made;
        } catch (const Error& error) {
            parsed.errors[key] = qtext(error.message());
        }
    }

    ParsedCard parsed;

private:
    ModelCard m_card;
};

Json classesFrom(const CardFields& fields, int classCount)
{
    Json names = Json::array();
    for (const QString& name : fields.classes) {
        if (name.trimmed().isEmpty())
            throw Error(ErrorCode::Format, text("A line is empty; each class needs a name, in the order of the outputs.").toStdString());
        names.push_back(name.trimmed().toStdString());
    }
    if (!names.empty() && int(names.size()) != classCount)
        throw Error(ErrorCode::Shape, text("%1 names, but the model has %2 classes.").arg(names.size()).arg(classCount).toStdString());
    return names;
}

Json rangeFrom(const CardFields& fields)
{
    const Json low = numbersFrom(fields.black);
    const Json high = numbersFrom(fields.white);
    if (low.size() != 1 || high.size() != 1)
        throw Error(ErrorCode::Format, text("Give the model's value for black and the one for white, e.g. 0 and 255.").toStdString());
    return Json::array({low[0], high[0]});
}

} // namespace

CardFields cardFields(const ModelCard& card)
{
    CardFields fields;
    fields.name = qtext(card.name);
    fields.family = qtext(card.family);
    if (card.input)
        fields.input = listText(*card.input);
    fields.black = numberText(card.range[0]);
    fields.white = numberText(card.range[1]);
    fields.mean = listText(card.mean);
    fields.deviation = listText(card.standardDeviation);
    fields.channelOrder = qtext(card.channelOrder);
    fields.resize = qtext(resizeRuleName(card.resizeRule));
    fields.usesBpda = card.usesBpda;
    for (const std::string& name : card.classNames)
        fields.classes << qtext(name);
    return fields;
}

ParsedCard parseCard(const CardFields& fields, int classCount)
{
    CardReader reader;
    reader.read(QStringLiteral("name"), [&] {
        if (fields.name.trimmed().isEmpty())
            throw Error(ErrorCode::Format, text("Give the model a name.").toStdString());
        return Json(fields.name.trimmed().toStdString());
    });
    reader.read(QStringLiteral("family"), [&] { return Json(fields.family.trimmed().toStdString()); });
    // Shape before what must fit it.
    reader.read(QStringLiteral("input"), [&] { return numbersFrom(fields.input); });
    reader.read(QStringLiteral("range"), [&] { return rangeFrom(fields); });
    reader.read(QStringLiteral("mean"), [&] { return numbersFrom(fields.mean); });
    reader.read(QStringLiteral("std"), [&] { return numbersFrom(fields.deviation); });
    reader.read(QStringLiteral("channelOrder"), [&] { return Json(fields.channelOrder.toStdString()); });
    reader.read(QStringLiteral("resize"), [&] { return Json(fields.resize.toStdString()); });
    reader.read(QStringLiteral("bpda"), [&] { return Json(fields.usesBpda); });
    reader.read(QStringLiteral("classes"), [&] { return classesFrom(fields, classCount); });
    return std::move(reader.parsed);
}

} // namespace brink
