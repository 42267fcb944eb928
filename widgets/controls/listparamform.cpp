// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/listparamform.h"

#include "core/base/error.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStyle>

namespace brink {

namespace {

QString qtext(const std::string& text) { return QString::fromStdString(text); }

/// Spelled as in files, so that what is typed here is what a study file says.
QString valueText(const ParamValue& value)
{
    if (const auto* isOn = std::get_if<bool>(&value))
        return *isOn ? QStringLiteral("true") : QStringLiteral("false");
    if (const auto* whole = std::get_if<long long>(&value))
        return QString::number(*whole);
    if (const auto* number = std::get_if<double>(&value))
        return QString::number(*number, 'g', 6);
    return qtext(std::get<std::string>(value));
}

QString toolTipOf(const ParamSpec& spec, const Params& standard)
{
    QStringList lines{QStringLiteral("<b>%1</b>").arg(qtext(spec.label).toHtmlEscaped()), qtext(spec.help).toHtmlEscaped()};
    if (!spec.unit.empty())
        lines << ListParamForm::tr("Unit: %1.").arg(qtext(spec.unit).toHtmlEscaped());
    QStringList choices;
    for (const std::string& choice : spec.choices)
        choices << qtext(choice);
    if (!choices.isEmpty())
        lines << ListParamForm::tr("One of: %1.").arg(choices.join(QStringLiteral(", ")));
    lines << ListParamForm::tr("Default: %1.").arg(valueText(standard.value(spec.key)).toHtmlEscaped())
          << ListParamForm::tr("Several values, separated by commas, are all tried.");
    lines.removeAll(QString());
    return lines.join(QStringLiteral("<br>"));
}

} // namespace

QStringList listValues(const Params& params, const std::string& key, const QString& text)
{
    QStringList values;
    Params checked = params;
    for (const QString& part : text.split(QLatin1Char(','))) {
        const QString value = part.trimmed();
        checked.setText(key, value.toStdString());
        if (values.contains(value))
            throw Error(ErrorCode::Usage, value.toStdString() + " is there twice.");
        values << value;
    }
    return values;
}

ListParamForm::ListParamForm(QWidget* parent) : QWidget(parent), m_layout(new QFormLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(8);
    m_layout->setVerticalSpacing(4);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
}

void ListParamForm::setParams(const Params& standard, const std::map<std::string, QString>& texts)
{
    while (m_layout->rowCount() > 0)
        m_layout->removeRow(0);
    m_editors.clear();
    m_errorLabels.clear();
    m_errors.clear();
    m_standard = standard;
    m_texts = texts;
    for (const ParamSpec& spec : m_standard.specs())
        addRow(spec);
}

QLineEdit* ListParamForm::editor(const std::string& key) const
{
    const auto found = m_editors.find(key);
    return found == m_editors.end() ? nullptr : found->second;
}

QString ListParamForm::error(const std::string& key) const
{
    const auto found = m_errors.find(key);
    return found == m_errors.end() ? QString() : found->second;
}

void ListParamForm::addRow(const ParamSpec& spec)
{
    auto* row = new QWidget(this);
    auto* line = new QLineEdit(row);
    const auto typed = m_texts.find(spec.key);
    line->setText(typed == m_texts.end() ? valueText(m_standard.value(spec.key)) : typed->second);
    line->setAccessibleName(qtext(spec.label));
    line->setToolTip(toolTipOf(spec, m_standard));
    line->setWhatsThis(line->toolTip());
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(line, 1);
    auto* unit = new QLabel(qtext(spec.unit), row);
    unit->setProperty("role", QStringLiteral("muted"));
    unit->setMinimumWidth(72);
    layout->addWidget(unit);
    auto* label = new QLabel(qtext(spec.label), this);
    label->setBuddy(line);
    label->setToolTip(line->toolTip());
    m_layout->addRow(label, row);
    auto* error = new QLabel(this);
    error->setWordWrap(true);
    error->setProperty("role", QStringLiteral("alarm"));
    error->hide();
    m_layout->addRow(error);
    m_editors[spec.key] = line;
    m_errorLabels[spec.key] = error;
    connect(line, &QLineEdit::textEdited, this, [this, spec](const QString& text) { edit(spec, text); });
    if (typed != m_texts.end()) {
        const QSignalBlocker blocker(this);
        edit(spec, typed->second);
    }
}

void ListParamForm::edit(const ParamSpec& spec, const QString& text)
{
    try {
        const QStringList values = listValues(m_standard, spec.key, text);
        showError(spec.key, {});
    } catch (const Error& error) {
        showError(spec.key, qtext(error.message()));
    }
    if (text.trimmed() == valueText(m_standard.value(spec.key)))
        m_texts.erase(spec.key);
    else
        m_texts[spec.key] = text;
    Q_EMIT edited();
}

void ListParamForm::showError(const std::string& key, const QString& message)
{
    if (message.isEmpty())
        m_errors.erase(key);
    else
        m_errors[key] = message;
    QLabel* label = m_errorLabels.at(key);
    label->setText(message);
    label->setVisible(!message.isEmpty());
    QLineEdit* line = m_editors.at(key);
    line->setProperty("invalid", !message.isEmpty());
    line->style()->unpolish(line);
    line->style()->polish(line);
    line->setAccessibleDescription(message);
}

} // namespace brink
