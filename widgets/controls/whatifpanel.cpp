// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/whatifpanel.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QWidgetAction>

namespace brink {

WhatIfButton::WhatIfButton(QWidget* parent) : QToolButton(parent)
{
    setPopupMode(QToolButton::InstantPopup);
    setProperty("hasMenu", true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("What if"));
    setToolTip(tr("What if the image reached the model as JPEG, with fewer bits, blurred or smaller? All distances follow."));
    m_panel = new QFrame(this);
    auto* layout = new QGridLayout(m_panel);
    layout->setContentsMargins(12, 10, 12, 10);
    auto* explanation = new QLabel(tr("Before the model sees the image, it is ..."), m_panel);
    explanation->setProperty("role", QStringLiteral("muted"));
    layout->addWidget(explanation, 0, 0, 1, 2);
    m_hasScale = new QCheckBox(tr("scaled by"), m_panel);
    m_scale = makeReal(0.05, 0.95, 0.5, tr("Scale factor"));
    addRow(layout, m_hasScale, m_scale, tr("Side lengths shrink by this factor and are brought back to the model's size"));
    m_hasBlur = new QCheckBox(tr("blurred by"), m_panel);
    m_blur = makeReal(0.1, 50, 1, tr("Blur"));
    m_blur->setSuffix(tr(" px"));
    addRow(layout, m_hasBlur, m_blur, tr("Standard deviation of a Gaussian, pixels"));
    m_hasBits = new QCheckBox(tr("rounded to"), m_panel);
    m_bits = makeInteger(1, 8, 4, tr("Bits a channel"));
    m_bits->setSuffix(tr(" bits"));
    addRow(layout, m_hasBits, m_bits, tr("Bits a channel: values are rounded to k / (2^bits − 1)"));
    m_hasJpeg = new QCheckBox(tr("saved as JPEG"), m_panel);
    m_jpeg = makeInteger(1, 100, 75, tr("JPEG quality"));
    m_jpeg->setPrefix(tr("quality "));
    addRow(layout, m_hasJpeg, m_jpeg, tr("Quality from 1 to 100; colour is subsampled 4:2:0"));
    m_reset = new QPushButton(tr("Leave it as it is"), m_panel);
    layout->addWidget(m_reset, layout->rowCount(), 0, 1, 2);
    connect(m_reset, &QPushButton::clicked, this, [this] {
        setValues({});
        Q_EMIT valuesEdited(m_values);
    });
    auto* menu = new QMenu(this);
    auto* action = new QWidgetAction(menu);
    action->setDefaultWidget(m_panel);
    menu->addAction(action);
    setMenu(menu);
    showValues();
}

QSpinBox* WhatIfButton::makeInteger(int minimum, int maximum, int value, const QString& name)
{
    auto* box = new QSpinBox(m_panel);
    box->setRange(minimum, maximum);
    box->setValue(value);
    box->setAccessibleName(name);
    box->setKeyboardTracking(false);
    connect(box, &QSpinBox::valueChanged, this, &WhatIfButton::read);
    return box;
}

QDoubleSpinBox* WhatIfButton::makeReal(double minimum, double maximum, double value, const QString& name)
{
    auto* box = new QDoubleSpinBox(m_panel);
    box->setRange(minimum, maximum);
    box->setSingleStep(minimum);
    box->setValue(value);
    box->setAccessibleName(name);
    box->setKeyboardTracking(false);
    connect(box, &QDoubleSpinBox::valueChanged, this, &WhatIfButton::read);
    return box;
}

void WhatIfButton::addRow(QGridLayout* layout, QCheckBox* box, QWidget* field, const QString& toolTip)
{
    const int row = layout->rowCount();
    box->setToolTip(toolTip);
    field->setToolTip(toolTip);
    field->setEnabled(false);
    layout->addWidget(box, row, 0);
    layout->addWidget(field, row, 1);
    connect(box, &QCheckBox::toggled, field, &QWidget::setEnabled);
    connect(box, &QCheckBox::toggled, this, &WhatIfButton::read);
}

void WhatIfButton::read()
{
    WhatIfValues values;
    if (m_hasScale->isChecked())
        values.scale = m_scale->value();
    if (m_hasBlur->isChecked())
        values.blur = m_blur->value();
    if (m_hasBits->isChecked())
        values.bits = m_bits->value();
    if (m_hasJpeg->isChecked())
        values.jpegQuality = m_jpeg->value();
    if (values == m_values)
        return;
    m_values = values;
    showValues();
    Q_EMIT valuesEdited(m_values);
}

void WhatIfButton::setValues(const WhatIfValues& values)
{
    m_values = values;
    const QSignalBlocker blockers[] = {QSignalBlocker(m_scale), QSignalBlocker(m_blur), QSignalBlocker(m_bits), QSignalBlocker(m_jpeg)};
    const auto check = [this](QCheckBox* box, QWidget* field, bool isOn) {
        const QSignalBlocker blocker(box);
        box->setChecked(isOn);
        field->setEnabled(isOn);
    };
    if (values.scale < 1)
        m_scale->setValue(values.scale);
    if (values.blur > 0)
        m_blur->setValue(values.blur);
    m_bits->setValue(values.bits.value_or(m_bits->value()));
    m_jpeg->setValue(values.jpegQuality.value_or(m_jpeg->value()));
    check(m_hasScale, m_scale, values.scale < 1);
    check(m_hasBlur, m_blur, values.blur > 0);
    check(m_hasBits, m_bits, values.bits.has_value());
    check(m_hasJpeg, m_jpeg, values.jpegQuality.has_value());
    showValues();
}

void WhatIfButton::showValues()
{
    QStringList steps;
    if (m_values.scale < 1)
        steps << tr("scaled ×%1").arg(QLocale().toString(m_values.scale, 'g', 3));
    if (m_values.blur > 0)
        steps << tr("blur %1 px").arg(QLocale().toString(m_values.blur, 'g', 3));
    if (m_values.bits)
        steps << tr("%n bits", nullptr, *m_values.bits);
    if (m_values.jpegQuality)
        steps << tr("JPEG %1").arg(*m_values.jpegQuality);
    setText(steps.isEmpty() ? tr("What if") : tr("What if: %1").arg(steps.join(QStringLiteral(", "))));
    m_reset->setEnabled(!steps.isEmpty());
}

} // namespace brink
