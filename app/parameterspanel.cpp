// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/parameterspanel.h"

#include "app/qtext.h"
#include "widgets/controls/paramform.h"
#include "widgets/controls/undokeys.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace brink {

namespace {

void describe(QWidget* widget, const QString& name, const QString& toolTip)
{
    widget->setAccessibleName(name);
    widget->setToolTip(toolTip);
}

QLabel* makeHeading(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setProperty("role", QStringLiteral("heading"));
    return label;
}

QHBoxLayout* labelled(const QString& text, QWidget* field, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setBuddy(field);
    label->setToolTip(field->toolTip());
    auto* row = new QHBoxLayout;
    row->addWidget(label, 1);
    row->addWidget(field);
    return row;
}

QSpinBox* makeCount(int maximum, QWidget* parent)
{
    auto* box = new QSpinBox(parent);
    box->setRange(0, maximum);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setAlignment(Qt::AlignRight);
    box->setFixedWidth(64);
    leaveUndoToWindow(box);
    return box;
}

bool haveSameRows(const AnalysisSettings& a, const AnalysisSettings& b)
{
    return std::ranges::equal(a.attacks, b.attacks, {}, &AttackChoice::name, &AttackChoice::name);
}

} // namespace

ParametersPanel::ParametersPanel(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 4, 6, 8);
    layout->setSpacing(6);
    buildHeader(layout);
    buildBound(layout);
    layout->addSpacing(8);
    buildClever(layout);
    layout->addSpacing(8);
    layout->addWidget(makeHeading(tr("Attacks"), this));
    m_attackLayout = new QVBoxLayout;
    m_attackLayout->setSpacing(2);
    layout->addLayout(m_attackLayout);
    layout->addSpacing(8);
    buildOthers(layout);
    layout->addStretch(1);
}

void ParametersPanel::setSettings(const AnalysisSettings& settings)
{
    const bool sameRows = haveSameRows(settings, m_settings) && !m_attackRows.empty();
    m_settings = settings;
    const QSignalBlocker presetBlocker(m_preset), cleverBlocker(m_computesClever), boundBlocker(m_computesBound), directionBlocker(m_directions), seedBlocker(m_seed);
    m_preset->setCurrentIndex(settings.isEdited ? m_preset->findData(-1) : m_preset->findData(int(settings.preset)));
    m_reset->setEnabled(settings.isEdited);
    m_computesClever->setChecked(settings.computesClever);
    m_clever->setEnabled(settings.computesClever);
    const AnalysisSettings standard = standardSettings(settings.norm, settings.preset, settings.seed);
    m_clever->setParams(settings.clever, standard.clever);
    m_computesBound->setChecked(settings.computesBound);
    m_bound->setEnabled(settings.computesBound);
    m_bound->setParams(settings.bound, standard.bound);
    m_directions->setValue(settings.randomDirections);
    m_seed->setValue(int(settings.seed));
    if (!sameRows)
        rebuildAttacks();
    for (std::size_t i = 0; i < m_attackRows.size(); ++i) {
        const QSignalBlocker blocker(m_attackRows[i].box);
        m_attackRows[i].box->setChecked(settings.attacks[i].isChosen);
        const auto found = std::ranges::find(standard.attacks, settings.attacks[i].name, &AttackChoice::name);
        m_attackRows[i].form->setParams(settings.attacks[i].params, found == standard.attacks.end() ? Params() : found->params);
    }
    showValidity();
}

void ParametersPanel::buildHeader(QVBoxLayout* layout)
{
    m_preset = new QComboBox(this);
    m_preset->addItem(tr("Preview"), int(Preset::Preview));
    m_preset->addItem(tr("Paper"), int(Preset::Paper));
    m_preset->addItem(tr("Edited"), -1);
    describe(m_preset, tr("Preset"), tr("Preview: seconds, coarse. Paper: the settings of the publications, slower."));
    m_reset = new QPushButton(tr("Reset"), this);
    describe(m_reset, tr("Reset parameters"), tr("Go back to the values of the preset"));
    auto* row = labelled(tr("Preset"), m_preset, this);
    row->addWidget(m_reset);
    layout->addLayout(row);
    connect(m_preset, &QComboBox::activated, this, [this] {
        const int value = m_preset->currentData().toInt();
        if (value >= 0)
            Q_EMIT presetPicked(Preset(value));
        else
            setSettings(m_settings);
    });
    connect(m_reset, &QPushButton::clicked, this, [this] { Q_EMIT presetPicked(m_settings.preset); });
}

void ParametersPanel::buildBound(QVBoxLayout* layout)
{
    m_computesBound = new QCheckBox(tr("Certified bound"), this);
    QFont bold = font();
    bold.setBold(true);
    m_computesBound->setFont(bold);
    describe(m_computesBound, tr("Prove a bound"),
        tr("A radius within which no image is of another class: it holds, whatever the attack. Not every model can be bounded; deep ones loosely."));
    m_bound = new ParamForm(this);
    layout->addWidget(m_computesBound);
    layout->addWidget(m_bound);
    connect(m_computesBound, &QCheckBox::clicked, this, [this](bool checked) {
        m_settings.computesBound = checked;
        publish();
    });
    connect(m_bound, &ParamForm::paramsEdited, this, [this](const Params& params) {
        m_settings.bound = params;
        publish();
    });
    connect(m_bound, &ParamForm::validityChanged, this, &ParametersPanel::showValidity);
}

void ParametersPanel::buildClever(QVBoxLayout* layout)
{
    m_computesClever = new QCheckBox(tr("CLEVER"), this);
    QFont bold = font();
    bold.setBold(true);
    m_computesClever->setFont(bold);
    describe(m_computesClever, tr("Compute CLEVER"),
        tr("Estimate of a lower bound of the distance, from the largest gradient norms near the image (Weng et al. 2018). Not a certificate."));
    m_clever = new ParamForm(this);
    layout->addWidget(m_computesClever);
    layout->addWidget(m_clever);
    connect(m_computesClever, &QCheckBox::clicked, this, [this](bool checked) {
        m_settings.computesClever = checked;
        publish();
    });
    connect(m_clever, &ParamForm::paramsEdited, this, [this](const Params& params) {
        m_settings.clever = params;
        publish();
    });
    connect(m_clever, &ParamForm::validityChanged, this, &ParametersPanel::showValidity);
}

void ParametersPanel::buildOthers(QVBoxLayout* layout)
{
    m_directions = makeCount(100000, this);
    describe(m_directions, tr("Random directions"), tr("How many random directions are followed until the class changes; 0 leaves them out"));
    m_seed = makeCount(std::numeric_limits<int>::max(), this);
    describe(m_seed, tr("Seed"), tr("The same seed gives the same numbers"));
    layout->addWidget(makeHeading(tr("More"), this));
    layout->addLayout(labelled(tr("Random directions"), m_directions, this));
    layout->addLayout(labelled(tr("Seed"), m_seed, this));
    connect(m_directions, &QSpinBox::valueChanged, this, [this](int value) {
        m_settings.randomDirections = value;
        publish();
    });
    connect(m_seed, &QSpinBox::valueChanged, this, [this](int value) {
        m_settings.seed = std::uint64_t(value);
        publish();
    });
}

void ParametersPanel::rebuildAttacks()
{
    while (QLayoutItem* item = m_attackLayout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_attackRows.clear();
    for (std::size_t i = 0; i < m_settings.attacks.size(); ++i)
        m_attackRows.push_back(makeAttackRow(i));
}

ParametersPanel::AttackRow ParametersPanel::makeAttackRow(std::size_t index)
{
    const AttackInfo& info = attackInfo(m_settings.attacks[index].name);
    const QString label = qtext(info.label);
    AttackRow row;
    auto* head = new QWidget(this);
    auto* headLayout = new QHBoxLayout(head);
    headLayout->setContentsMargins(0, 0, 0, 0);
    row.box = new QCheckBox(QString(label).replace(QLatin1Char('&'), QStringLiteral("&&")), head);
    describe(row.box, label, QStringLiteral("%1\n%2").arg(qtext(info.summary), qtext(info.source)));
    row.unfold = new QToolButton(head);
    row.unfold->setArrowType(Qt::RightArrow);
    row.unfold->setCheckable(true);
    describe(row.unfold, tr("Parameters of %1").arg(label), tr("Show or hide the parameters of %1").arg(label));
    headLayout->addWidget(row.box, 1);
    headLayout->addWidget(row.unfold);
    row.form = new ParamForm(this);
    row.form->hide();
    m_attackLayout->addWidget(head);
    m_attackLayout->addWidget(row.form);

    connect(row.unfold, &QToolButton::toggled, row.form, [button = row.unfold, form = row.form](bool isOpen) {
        button->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
        form->setVisible(isOpen);
    });
    connect(row.box, &QCheckBox::clicked, this, [this, index](bool checked) {
        m_settings.attacks[index].isChosen = checked;
        publish();
    });
    connect(row.form, &ParamForm::paramsEdited, this, [this, index](const Params& params) {
        m_settings.attacks[index].params = params;
        publish();
    });
    connect(row.form, &ParamForm::validityChanged, this, &ParametersPanel::showValidity);
    return row;
}

void ParametersPanel::publish()
{
    m_settings.isEdited = false;
    m_settings.isEdited = m_settings != standardSettings(m_settings.norm, m_settings.preset, m_settings.seed);
    m_reset->setEnabled(m_settings.isEdited);
    m_clever->setEnabled(m_settings.computesClever);
    m_bound->setEnabled(m_settings.computesBound);
    const QSignalBlocker blocker(m_preset);
    m_preset->setCurrentIndex(m_preset->findData(m_settings.isEdited ? -1 : int(m_settings.preset)));
    Q_EMIT settingsEdited(m_settings);
}

void ParametersPanel::showValidity()
{
    const bool isValid = m_bound->isValid() && m_clever->isValid() && std::ranges::all_of(m_attackRows, [](const AttackRow& row) { return row.form->isValid(); });
    if (isValid == m_wasValid)
        return;
    m_wasValid = isValid;
    Q_EMIT validityChanged(isValid);
}

} // namespace brink
