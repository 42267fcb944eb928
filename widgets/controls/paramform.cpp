// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/paramform.h"

#include "core/base/error.h"
#include "widgets/controls/uitheme.h"
#include "widgets/controls/undokeys.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>

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

QString valueText(const ParamValue& value)
{
    if (const auto* isOn = std::get_if<bool>(&value))
        return *isOn ? ParamForm::tr("on") : ParamForm::tr("off");
    if (const auto* whole = std::get_if<long long>(&value))
        return QString::number(*whole);
    if (const auto* number = std::get_if<double>(&value))
        return numberText(*number);
    return qtext(std::get<std::string>(value));
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

void ParamForm::setParams(const Params& params, const Params& standard)
{
    const bool sameRows = haveSameKeys(m_params.specs(), params.specs()) && !m_editors.empty();
    m_params = params;
    m_standard = standard;
    if (!sameRows)
        return rebuild();
    for (const ParamSpec& spec : m_params.specs()) {
        showError(spec.key, {});
        showValue(spec);
        m_editors.at(spec.key)->setToolTip(toolTipOf(spec));
    }
}

QString ParamForm::toolTipOf(const ParamSpec& spec) const
{
    QStringList lines{QStringLiteral("<b>%1</b>").arg(qtext(spec.label).toHtmlEscaped()), qtext(spec.help).toHtmlEscaped()};
    if (!spec.unit.empty())
        lines << tr("Unit: %1.").arg(qtext(spec.unit).toHtmlEscaped());
    lines << rangeText(spec);
    if (m_standard.contains(spec.key))
        lines << tr("Default: %1.").arg(valueText(m_standard.value(spec.key)).toHtmlEscaped());
    lines << tr("On the command line: %1").arg(qtext(spec.key));
    lines.removeAll(QString());
    return lines.join(QStringLiteral("<br>"));
}

QWidget* ParamForm::resetButton(const std::string& key) const
{
    const auto found = m_resets.find(key);
    return found == m_resets.end() ? nullptr : found->second;
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
    m_resets.clear();
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
    field->setWhatsThis(toolTipOf(spec));
    m_editors[spec.key] = field;

    auto* row = new QWidget(this);
    auto* rowLayout = new QHBoxLayout(row);
    rowLayout->setContentsMargins(0, 0, 0, 0);
    rowLayout->setSpacing(4);
    rowLayout->addStretch(1);
    m_resets[spec.key] = makeReset(spec);
    rowLayout->addWidget(m_resets[spec.key]);
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
    label->setToolTip(field->toolTip());
    m_layout->addRow(label, row);

    auto* error = new QLabel(this);
    error->setWordWrap(true);
    error->setProperty("role", QStringLiteral("alarm"));
    error->hide();
    m_errorLabels[spec.key] = error;
    m_layout->addRow(error);
    showValue(spec);
}

/// In the room left of the editor, so that nothing moves when it comes.
QToolButton* ParamForm::makeReset(const ParamSpec& spec)
{
    auto* button = new QToolButton(this);
    button->setAutoRaise(true);
    button->setIconSize(QSize(12, 12));
    button->setFocusPolicy(Qt::StrongFocus);
    button->setIcon(tintedIcon(QStringLiteral("reset"), uiColours(palette()).muted));
    button->setAccessibleName(tr("Reset %1").arg(qtext(spec.label)));
    button->hide();
    connect(button, &QToolButton::clicked, this, [this, spec] { reset(spec); });
    return button;
}

void ParamForm::reset(const ParamSpec& spec)
{
    const ParamValue value = m_standard.value(spec.key);
    m_editors.at(spec.key)->setFocus(); // the button is about to go
    edit(spec.key, value);
    showValue(spec);
}

void ParamForm::showReset(const ParamSpec& spec)
{
    QToolButton* button = m_resets.at(spec.key);
    const bool isOther = m_standard.contains(spec.key) && (m_standard.value(spec.key) != m_params.value(spec.key) || m_errors.contains(spec.key));
    if (isOther)
        button->setToolTip(tr("Back to %1").arg(valueText(m_standard.value(spec.key))));
    button->setVisible(isOther);
}

void ParamForm::retint()
{
    for (const auto& [key, button] : m_resets)
        button->setIcon(tintedIcon(QStringLiteral("reset"), uiColours(palette()).muted));
}

void ParamForm::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        retint();
    QWidget::changeEvent(event);
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
    const bool isText = std::holds_alternative<std::string>(spec.standard);
    line->setFixedWidth(isText && spec.unit.empty() ? 84 : 56); // beside a unit there is no room for more
    if (!isText)
        line->setAlignment(Qt::AlignRight);
    leaveUndoToWindow(line);
    connect(line, &QLineEdit::textEdited, this, [this, spec](const QString& text) { editText(spec, text); });
    return line;
}

void ParamForm::showValue(const ParamSpec& spec)
{
    showReset(spec);
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
    static_cast<QLineEdit*>(field)->setText(valueText(value));
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
    m_editors.at(key)->setAccessibleDescription(message);
    if (const auto spec = std::ranges::find(m_params.specs(), key, &ParamSpec::key); spec != m_params.specs().end())
        showReset(*spec);
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
    showReset(*std::ranges::find(m_params.specs(), key, &ParamSpec::key));
    Q_EMIT paramsEdited(m_params);
}

} // namespace brink
