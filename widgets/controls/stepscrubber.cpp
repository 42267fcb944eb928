// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/stepscrubber.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

namespace brink {

StepScrubber::StepScrubber(QWidget* parent) : QWidget(parent)
{
    m_first = makeButton(tr("First"), tr("First success"), tr("Show the first adversarial step"));
    m_best = makeButton(tr("Best"), tr("Best step"), tr("Show the nearest adversarial step"));
    m_end = makeButton(tr("Kept"), tr("Kept image"), tr("Show the image that the attack kept in the end, after its last refinements"));
    m_slider = new QSlider(Qt::Horizontal, this);
    m_slider->setAccessibleName(tr("Step of the attack"));
    m_slider->setToolTip(tr("Step through the attack: drag, or arrow keys. The middle image and the perturbation follow."));
    m_slider->setMinimumWidth(48);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_slider, 1);
    layout->addWidget(m_first);
    layout->addWidget(m_best);
    layout->addWidget(m_end);
    connect(m_slider, &QSlider::valueChanged, this, [this](int step) { pick(step); });
    connect(m_first, &QToolButton::clicked, this, [this] { pick(m_trace.firstSuccess); });
    connect(m_best, &QToolButton::clicked, this, [this] { pick(m_trace.best); });
    connect(m_end, &QToolButton::clicked, this, [this] { pick(std::nullopt); });
    setTrace({});
}

QToolButton* StepScrubber::makeButton(const QString& text, const QString& name, const QString& toolTip)
{
    auto* button = new QToolButton(this);
    button->setText(text);
    button->setAccessibleName(name);
    button->setToolTip(toolTip);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAutoRaise(true);
    return button;
}

void StepScrubber::setTrace(const ScrubbedTrace& trace)
{
    m_trace = trace;
    const QSignalBlocker blocker(m_slider);
    m_slider->setRange(0, std::max(0, trace.steps - 1));
    m_slider->setPageStep(std::max(1, trace.steps / 10));
    m_slider->setValue(trace.shown.value_or(trace.best.value_or(m_slider->maximum())));
    m_slider->setEnabled(trace.steps > 1);
    m_first->setEnabled(trace.firstSuccess.has_value());
    m_best->setEnabled(trace.best.has_value());
    m_end->setEnabled(trace.shown.has_value());
    m_slider->setAccessibleDescription(trace.text);
}

void StepScrubber::pick(std::optional<int> step)
{
    if (step != m_trace.shown)
        Q_EMIT stepPicked(step.value_or(-1));
}

} // namespace brink
