// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/cardeditor.h"

#include "widgets/controls/uitheme.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QStyle>
#include <QVBoxLayout>

namespace brink {

namespace {

void describe(QWidget* widget, const QString& name, const QString& toolTip)
{
    widget->setAccessibleName(name);
    widget->setToolTip(toolTip);
}

void markInvalid(QWidget* editor, bool isInvalid)
{
    if (editor->property("invalid").toBool() == isInvalid)
        return;
    editor->setProperty("invalid", isInvalid);
    editor->style()->unpolish(editor);
    editor->style()->polish(editor);
}

QString percent(double share) { return QLocale().toString(100 * share, 'f', 1) + QStringLiteral(" %"); }

} // namespace

CardEditor::CardEditor(const QStringList& resizeRules, QWidget* parent) : QDialog(parent)
{
    setModal(false);
    resize(440, 560);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    auto* intro = new QLabel(tr("How pixels become the model's input, and what its outputs are called. Changes act at once."), this);
    intro->setWordWrap(true);
    intro->setProperty("role", QStringLiteral("muted"));
    layout->addWidget(intro);
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setVerticalSpacing(4);
    layout->addLayout(form, 1);
    buildFields(form, resizeRules);
    buildClasses(form);
    buildFoot(layout);
}

void CardEditor::buildFields(QFormLayout* form, const QStringList& resizeRules)
{
    m_name = addLine(form, QStringLiteral("name"), tr("Name"), tr("How the model is called in lists and figures"));
    m_family = addLine(form, QStringLiteral("family"), tr("Family"), tr("CNN, MLP, ResNet ...; may stay empty"));
    m_input = addLine(form, QStringLiteral("input"), tr("Input"), tr("Channels (1 or 3), height and width, e.g. 3, 32, 32"));
    auto* range = new QWidget(this);
    auto* pair = new QHBoxLayout(range);
    pair->setContentsMargins(0, 0, 0, 0);
    m_black = new QLineEdit(range);
    m_white = new QLineEdit(range);
    describe(m_black, tr("Value for black"), tr("The model's value for a black pixel, before mean and std; most models: 0"));
    describe(m_white, tr("Value for white"), tr("The model's value for a white pixel, before mean and std: 1, or 255"));
    pair->addWidget(m_black);
    pair->addWidget(new QLabel(tr("to"), range));
    pair->addWidget(m_white);
    m_editors[QStringLiteral("range")] = m_white;
    form->addRow(tr("Pixel range"), range);
    addError(form, QStringLiteral("range"));
    connect(m_black, &QLineEdit::textEdited, this, &CardEditor::publish);
    connect(m_white, &QLineEdit::textEdited, this, &CardEditor::publish);
    m_mean = addLine(form, QStringLiteral("mean"), tr("Mean"), tr("Subtracted, in units of the range: one number or one a channel; empty: none"));
    m_deviation = addLine(form, QStringLiteral("std"), tr("Std"), tr("Divided by, in units of the range: one number or one a channel, above 0; empty: none"));
    m_channelOrder = new QComboBox(this);
    m_channelOrder->addItem(tr("RGB"), QStringLiteral("rgb"));
    m_channelOrder->addItem(tr("BGR (as OpenCV)"), QStringLiteral("bgr"));
    describe(m_channelOrder, tr("Channel order"), tr("Order of the colours in the model's input"));
    m_editors[QStringLiteral("channelOrder")] = m_channelOrder;
    form->addRow(tr("Channel order"), m_channelOrder);
    addError(form, QStringLiteral("channelOrder"));
    m_resize = new QComboBox(this);
    for (const QString& rule : resizeRules)
        m_resize->addItem(rule, rule);
    describe(m_resize, tr("Resize rule"), tr("What is done with an image of another size: refuse it, stretch it, scale and crop its centre, or fit the short side"));
    form->addRow(tr("Resize rule"), m_resize);
    m_gradients = new QComboBox(this);
    m_gradients->addItem(tr("As in the file"), false);
    m_gradients->addItem(tr("Through rounding (BPDA)"), true);
    describe(m_gradients, tr("Gradients"), tr("BPDA: gradients pass rounding, quantising and detached steps as if they were the identity; outputs stay those of the file"));
    form->addRow(tr("Gradients"), m_gradients);
    connect(m_gradients, &QComboBox::activated, this, &CardEditor::publish);
    connect(m_channelOrder, &QComboBox::activated, this, &CardEditor::publish);
    connect(m_resize, &QComboBox::activated, this, &CardEditor::publish);
}

void CardEditor::buildClasses(QFormLayout* form)
{
    m_classes = new QPlainTextEdit(this);
    describe(m_classes, tr("Class names"), tr("One a line, in the order of the outputs; empty: numbers"));
    m_classes->setTabChangesFocus(true);
    m_classes->setMinimumHeight(72);
    m_classNote = new QLabel(this);
    m_classNote->setProperty("role", QStringLiteral("muted"));
    m_editors[QStringLiteral("classes")] = m_classes;
    form->addRow(tr("Class names"), m_classes);
    form->addRow(QString(), m_classNote);
    addError(form, QStringLiteral("classes"));
    connect(m_classes, &QPlainTextEdit::textChanged, this, &CardEditor::publish);
}

void CardEditor::buildFoot(QVBoxLayout* layout)
{
    m_prediction = new QLabel(this);
    m_prediction->setTextFormat(Qt::RichText);
    m_prediction->setAccessibleName(tr("Prediction with this card"));
    m_prediction->setToolTip(tr("The classes with the largest probabilities for the current image: with the card as it was, and as typed"));
    m_status = new QLabel(this);
    m_status->setWordWrap(true);
    m_status->setAccessibleName(tr("State of the card"));
    layout->addWidget(m_prediction);
    layout->addWidget(m_status);
    auto* buttons = new QHBoxLayout;
    m_revert = new QPushButton(tr("Revert"), this);
    describe(m_revert, tr("Revert the card"), tr("Go back to the card file, or to what was found without one"));
    m_save = new QPushButton(tr("Save card"), this);
    m_save->setProperty("primary", true);
    describe(m_save, tr("Save the card"), tr("Write the card beside the model, so that it is used from now on"));
    auto* close = new QPushButton(tr("Close"), this);
    describe(close, tr("Close"), tr("Close; what is not saved stays in use until Brink ends"));
    for (QPushButton* button : {m_revert, m_save, close})
        button->setAutoDefault(false); // Enter in a field must not save
    buttons->addWidget(m_revert);
    buttons->addStretch(1);
    buttons->addWidget(m_save);
    buttons->addWidget(close);
    layout->addLayout(buttons);
    connect(m_revert, &QPushButton::clicked, this, &CardEditor::revertWanted);
    connect(m_save, &QPushButton::clicked, this, &CardEditor::saveWanted);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
}

QLineEdit* CardEditor::addLine(QFormLayout* form, const QString& key, const QString& label, const QString& toolTip)
{
    auto* line = new QLineEdit(this);
    describe(line, label, toolTip);
    m_editors[key] = line;
    form->addRow(label, line);
    addError(form, key);
    connect(line, &QLineEdit::textEdited, this, &CardEditor::publish);
    return line;
}

QWidget* CardEditor::addError(QFormLayout* form, const QString& key)
{
    auto* error = new QLabel(this);
    error->setWordWrap(true);
    error->setProperty("role", QStringLiteral("alarm"));
    error->hide();
    m_errors[key] = error;
    form->addRow(error);
    return error;
}

void CardEditor::setFields(const QString& model, const CardFields& fields, int classCount)
{
    const QScopedValueRollback guard(m_isUpdating, true);
    setWindowTitle(tr("Model card of %1").arg(model));
    m_classCount = classCount;
    m_name->setText(fields.name);
    m_family->setText(fields.family);
    m_input->setText(fields.input);
    m_black->setText(fields.black);
    m_white->setText(fields.white);
    m_mean->setText(fields.mean);
    m_deviation->setText(fields.deviation);
    m_channelOrder->setCurrentIndex(m_channelOrder->findData(fields.channelOrder));
    m_resize->setCurrentIndex(m_resize->findData(fields.resize));
    m_gradients->setCurrentIndex(m_gradients->findData(fields.usesBpda));
    m_classes->setPlainText(fields.classes.join(QLatin1Char('\n')));
    setErrors({});
    showClassCount();
}

CardFields CardEditor::fields() const
{
    CardFields fields;
    fields.name = m_name->text();
    fields.family = m_family->text();
    fields.input = m_input->text();
    fields.black = m_black->text();
    fields.white = m_white->text();
    fields.mean = m_mean->text();
    fields.deviation = m_deviation->text();
    fields.channelOrder = m_channelOrder->currentData().toString();
    fields.resize = m_resize->currentData().toString();
    fields.usesBpda = m_gradients->currentData().toBool();
    fields.classes = m_classes->toPlainText().split(QLatin1Char('\n'));
    while (!fields.classes.isEmpty() && fields.classes.last().trimmed().isEmpty())
        fields.classes.removeLast();
    return fields;
}

void CardEditor::setErrors(const QHash<QString, QString>& errors)
{
    for (auto it = m_errors.constBegin(); it != m_errors.constEnd(); ++it) {
        const QString sentence = errors.value(it.key());
        it.value()->setText(sentence);
        it.value()->setVisible(!sentence.isEmpty());
        markInvalid(m_editors[it.key()], !sentence.isEmpty());
        m_editors[it.key()]->setAccessibleDescription(sentence);
    }
}

void CardEditor::setStatus(const QString& text, bool isAlarm)
{
    m_status->setText(text);
    setTextRole(m_status, isAlarm ? QStringLiteral("alarm") : QStringLiteral("muted"));
}

QString CardEditor::statusText() const { return m_status->text(); }

void CardEditor::setPrediction(const QString& title, const QList<CardPrediction>& classes)
{
    QString table = QStringLiteral("<b>%1</b><table cellspacing=0 cellpadding=1>").arg(title.toHtmlEscaped());
    if (!classes.isEmpty())
        table += QStringLiteral("<tr><td></td><td align=right>%1&nbsp;&nbsp;</td><td align=right>%2</td></tr>").arg(tr("before"), tr("now"));
    for (const CardPrediction& row : classes)
        table += QStringLiteral("<tr><td>%1&nbsp;&nbsp;&nbsp;</td><td align=right>%2&nbsp;&nbsp;</td><td align=right>%3</td></tr>")
                     .arg(row.label.toHtmlEscaped(), percent(row.before), percent(row.now));
    m_prediction->setText(table + QStringLiteral("</table>"));
}

QString CardEditor::predictionText() const { return m_prediction->text(); }

void CardEditor::setUnsaved(bool isUnsaved)
{
    m_save->setEnabled(isUnsaved);
    m_revert->setEnabled(isUnsaved);
}

void CardEditor::publish()
{
    if (m_isUpdating)
        return;
    showClassCount();
    Q_EMIT fieldsEdited(fields());
}

void CardEditor::showClassCount()
{
    const qsizetype names = fields().classes.size();
    m_classNote->setText(names == 0 ? tr("no names: the %1 classes are numbers").arg(m_classCount) : tr("%1 names for %2 classes").arg(names).arg(m_classCount));
}

} // namespace brink
