// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/paramform.h"

#include "core/base/error.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSignalBlocker>
#include <QStyle>

#include <algorithm>

namespace brink {

namespace {

QString qtext(const std::string& text) { return QString::fromStdString(text); }

bool haveSameKeys(const ParamSpecs& a, const ParamSpecs& b)
{
    return std::ranges::equal(a, b, {}, &ParamSpec::key, &ParamSpec::key);
}

/// Six digits show what people type; group separators would only get in the way of editing.
QString numberText(double value)
{
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return locale.toString(value, 'g', 6);
}

QString rangeText(const ParamSpec& spec)
{
    if (spec.minimum && spec.maximum)
        return ParamForm::tr("Range: %1 to %2.").arg(numberText(*spec.minimum), numberText(*spec.maximum));
    if (spec.minimum)
        return ParamForm::tr("At least %1.").arg(numberText(*spec.minimum));
    if (spec.maximum)
        return ParamForm::tr("At most %1.").arg(numberText(*spec.maximum));
    return {};
}

QString toolTipOf(const ParamSpec& spec)
{
    QStringList lines{QStringLiteral("<b>%1</b>").arg(qtext(spec.label).toHtmlEscaped()), qtext(spec.help).toHtmlEscaped()};
    lines << rangeText(spec);
    lines << ParamForm::tr("On the command line: %1").arg(qtext(spec.key));
    lines.removeAll(QString());
    return lines.join(QStringLiteral("<br>"));
}

QString sentence(QString key)
{
    key.replace(QLatin1Char('-'), QLatin1Char(' '));
    return key;
}

void markInvalid(QWidget* editor, bool isInvalid)
{
    editor->setProperty("invalid", isInvalid);
    editor->style()->unpolish(editor);
    editor->style()->polish(editor);
}

} // namespace

ParamForm::ParamForm(QWidget* parent) : QWidget(parent), m_layout(new QFormLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(6);
    m_layout->setVerticalSpacing(4);
    m_layout->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_layout->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void ParamForm::setParams(const Params& params)
{
    const bool sameRows = haveSameKeys(m_params.specs(), params.specs()) && !m_editors.empty();
    m_params = params;
    if (!sameRows)
        return rebuild();
    for (const ParamSpec& spec : m_params.specs()) {
        showError(spec.key, {});
        showValue(spec);
    }
}

QWidget* ParamForm::editor(const std::string& key) const
{
    const auto found = m_editors.find(key);
    return found == m_editors.end() ? nullptr : found->second;
}

void ParamForm::rebuild()
{
    while (m_layout->rowCount() > 0)
        m_layout->removeRow(0);
    m_editors.clear();
    m_errorLabels.clear();
    m_errors.clear();
    for (const ParamSpec& spec : m_params.specs())
        addRow(spec);
}

void ParamForm::addRow(const ParamSpec& spec)
{
    QWidget* field = makeEditor(spec);
    field->setAccessibleName(qtext(spec.label));
    field->setAccessibleDescription(qtext(spec.help));
    field->setToolTip(toolTipOf(spec));
    m_editors[spec.key] = field;

    auto* row = new QWidget(this);
    auto* rowLayout = new QHBoxLayout(row);
    rowLayout->setContentsMargins(0, 0, 0, 0);
    rowLayout->setSpacing(4);
    rowLayout->addStretch(1);
    rowLayout->addWidget(field);
    if (!spec.unit.empty()) {
        auto* unit = new QLabel(qtext(spec.unit), row);
        unit->setProperty("role", QStringLiteral("muted"));
        QFont small = unit->font();
        small.setPointSizeF(small.pointSizeF() * 0.85);
        unit->setFont(small);
        rowLayout->addWidget(unit);
    }
    auto* label = new QLabel(qtext(spec.label), this);
    label->setBuddy(field);
    label->setToolTip(toolTipOf(spec));
    m_layout->addRow(label, row);

    auto* error = new QLabel(this);
    error->setWordWrap(true);
    error->setProperty("role", QStringLiteral("alarm"));
    error->hide();
    m_errorLabels[spec.key] = error;
    m_layout->addRow(error);
    showValue(spec);
}

QWidget* ParamForm::makeEditor(const ParamSpec& spec)
{
    if (std::holds_alternative<bool>(spec.standard))
        return makeSwitch(spec);
    return spec.choices.empty() ? makeEntry(spec) : makeChoice(spec);
}

QWidget* ParamForm::makeChoice(const ParamSpec& spec)
{
    auto* combo = new QComboBox(this);
    for (const std::string& choice : spec.choices)
        combo->addItem(sentence(qtext(choice)), qtext(choice));
    combo->setMinimumContentsLength(7);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(combo, &QComboBox::activated, this,
        [this, combo, key = spec.key] { edit(key, combo->currentData().toString().toStdString()); });
    return combo;
}

QWidget* ParamForm::makeSwitch(const ParamSpec& spec)
{
    auto* box = new QCheckBox(this);
    connect(box, &QCheckBox::clicked, this, [this, key = spec.key](bool checked) { edit(key, checked); });
    return box;
}

QWidget* ParamForm::makeEntry(const ParamSpec& spec)
{
    auto* line = new QLineEdit(this);
    line->setFixedWidth(56);
    if (!std::holds_alternative<std::string>(spec.standard))
        line->setAlignment(Qt::AlignRight);
    connect(line, &QLineEdit::textEdited, this, [this, spec](const QString& text) { editText(spec, text); });
    return line;
}

void ParamForm::showValue(const ParamSpec& spec)
{
    QWidget* field = m_editors.at(spec.key);
    const QSignalBlocker blocker(field);
    const ParamValue& value = m_params.value(spec.key);
    if (auto* combo = qobject_cast<QComboBox*>(field)) {
        combo->setCurrentIndex(combo->findData(qtext(std::get<std::string>(value))));
        return;
    }
    if (auto* box = qobject_cast<QCheckBox*>(field)) {
        box->setChecked(std::get<bool>(value));
        return;
    }
    auto* line = static_cast<QLineEdit*>(field);
    if (const auto* text = std::get_if<std::string>(&value))
        line->setText(qtext(*text));
    else if (const auto* whole = std::get_if<long long>(&value))
        line->setText(QString::number(*whole));
    else
        line->setText(numberText(std::get<double>(value)));
}

void ParamForm::showError(const std::string& key, const QString& message)
{
    const bool wasValid = isValid();
    if (message.isEmpty())
        m_errors.erase(key);
    else
        m_errors[key] = message;
    QLabel* label = m_errorLabels.at(key);
    label->setText(message);
    label->setVisible(!message.isEmpty());
    markInvalid(m_editors.at(key), !message.isEmpty());
    if (wasValid != isValid())
        Q_EMIT validityChanged(isValid());
}

void ParamForm::editText(const ParamSpec& spec, const QString& text)
{
    bool isNumber = false;
    if (std::holds_alternative<double>(spec.standard)) {
        const double number = QLocale().toDouble(text.trimmed(), &isNumber);
        if (isNumber)
            return edit(spec.key, number);
    } else if (std::holds_alternative<long long>(spec.standard)) {
        const long long number = QLocale().toLongLong(text.trimmed(), &isNumber);
        if (isNumber)
            return edit(spec.key, number);
    } else {
        return edit(spec.key, text.toStdString());
    }
    showError(spec.key, std::holds_alternative<double>(spec.standard) ? tr("Type a number.") : tr("Type a whole number."));
}

void ParamForm::edit(const std::string& key, const ParamValue& value)
{
    Params next = m_params;
    try {
        next.set(key, value);
    } catch (const Error& error) {
        return showError(key, qtext(error.message()));
    }
    showError(key, {});
    if (next == m_params)
        return;
    m_params = std::move(next);
    Q_EMIT paramsEdited(m_params);
}

} // namespace brink
