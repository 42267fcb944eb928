// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/diagnosispanel.h"

#include "app/diagnosistext.h"
#include "app/lightdetail.h"
#include "app/qtext.h"
#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/emptypage.h"
#include "widgets/controls/formarea.h"
#include "widgets/controls/lightlist.h"
#include "widgets/controls/paramform.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
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

QLabel* makeName(const QString& text, QWidget* buddy, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setProperty("role", QStringLiteral("muted"));
    label->setBuddy(buddy);
    return label;
}

QHBoxLayout* makeRow(QWidget* parent)
{
    auto* row = parent ? new QHBoxLayout(parent) : new QHBoxLayout;
    row->setContentsMargins(16, 0, 12, 0);
    row->setSpacing(8);
    return row;
}

/// Entries by their data; an open list is not closed by what it holds already.
void setEntries(QComboBox* box, const std::vector<std::pair<QString, QString>>& entries)
{
    const auto isThere = [box](int place, const auto& entry) { return box->itemData(place).toString() == entry.first && box->itemText(place) == entry.second; };
    bool isSame = box->count() == int(entries.size());
    for (int i = 0; isSame && i < box->count(); ++i)
        isSame = isThere(i, entries[std::size_t(i)]);
    if (isSame)
        return;
    box->clear();
    for (const auto& [data, text] : entries)
        box->addItem(text, data);
}

void setCount(QSpinBox* box, int count)
{
    if (box->value() != count) // else what is being typed stays
        box->setValue(count);
}

/// With eps under its new norm, and otherwise the standard.
AttackRequest standardOf(const std::string& name, Norm norm, double eps)
{
    AttackRequest attack{name, norm, Params(attackInfo(name).parameters)};
    attack.parameters.set("eps", eps);
    return attack;
}

} // namespace

bool asksTheSame(const DiagnosisChoices& one, const DiagnosisChoices& other)
{
    return one.surrogate == other.surrogate && one.cleverImages == other.cleverImages && one.images == other.images && one.preset == other.preset && one.attack.name == other.attack.name && one.attack.norm == other.attack.norm
        && one.attack.parameters == other.attack.parameters;
}

DiagnosisPanel::DiagnosisPanel(QWidget* parent)
    : QWidget(parent), m_start(new QAction(tr("Diagnose"), this)), m_attack(new QComboBox(this)), m_summary(new ElidedLabel({}, this)), m_parameters(new QToolButton(this)),
      m_images(new QSpinBox(this)), m_effort(new QComboBox(this)), m_diagnose(new QPushButton(tr("Diagnose"), this)), m_stop(new QPushButton(tr("Stop"), this)),
      m_state(new StatusBadge(this)), m_headline(new ElidedLabel({}, this)), m_stack(new QStackedWidget(this)),
      m_list(new LightList(this)), m_detail(new LightDetail(this))
{
    m_start->setToolTip(tr("Run all checks on the current model with the attack chosen (F5)"));
    m_empty = new EmptyPage(tr("Can the numbers about this model be trusted?"), {}, {m_start}, this);
    m_formArea = new FormArea(makeForm(), this);
    auto* parts = new QSplitter(Qt::Horizontal, this);
    parts->setHandleWidth(1);
    parts->setChildrenCollapsible(false);
    parts->addWidget(m_formArea);
    parts->addWidget(m_list);
    parts->addWidget(m_detail);
    parts->setSizes({230, 380, 470});
    parts->setStretchFactor(0, 0);
    parts->setStretchFactor(1, 2);
    parts->setStretchFactor(2, 3);
    m_formArea->hide();
    m_formArea->setMinimumWidth(220);
    m_list->setMinimumWidth(280);
    describe(m_list, tr("Checks, from cause to consequence"), {});
    m_stack->addWidget(m_empty);
    m_stack->addWidget(parts);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(makeChoiceRow());
    layout->addWidget(m_runRow = makeRunRow());
    layout->addWidget(m_stack, 1);
    connectControls();
    showView({});
}

QWidget* DiagnosisPanel::makeForm()
{
    auto* box = new QWidget(this);
    m_form = new ParamForm(box);
    m_surrogate = new QComboBox(box);
    m_surrogate->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    describe(m_surrogate, tr("Surrogate"), tr("Another open model of the same task: images made for it are tried on this one, for the checks of transfer"));
    m_clever = new QSpinBox(box);
    m_clever->setRange(0, 1000);
    m_clever->setKeyboardTracking(false);
    m_clever->setButtonSymbols(QAbstractSpinBox::NoButtons);
    describe(m_clever, tr("Images for CLEVER"), tr("CLEVER is held against attacks on so many images; it costs more than all other checks. 0 leaves it out"));
    auto* heading = new QLabel(tr("More checks"), box);
    heading->setProperty("role", QStringLiteral("heading"));
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(16, 4, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(m_form);
    layout->addSpacing(8);
    layout->addWidget(heading);
    for (const auto& [name, control] : {std::pair<QString, QWidget*>{tr("Surrogate"), m_surrogate}, {tr("Images for CLEVER"), m_clever}}) {
        auto* row = new QHBoxLayout;
        row->addWidget(makeName(name, control, box), 1);
        row->addWidget(control);
        layout->addLayout(row);
    }
    layout->addStretch(1);
    return box;
}

QWidget* DiagnosisPanel::makeChoiceRow()
{
    describe(m_attack, tr("Attack under scrutiny"), tr("The attack whose numbers you want to trust; the others are what it is held against"));
    m_summary->setProperty("role", QStringLiteral("muted"));
    m_parameters->setText(tr("Parameters"));
    m_parameters->setCheckable(true);
    describe(m_parameters, tr("Parameters of the attack"), tr("Show or hide the parameters of the attack under scrutiny"));
    m_images->setRange(2, 10'000);
    m_images->setKeyboardTracking(false);
    m_images->setButtonSymbols(QAbstractSpinBox::NoButtons);
    describe(m_images, tr("Images of the diagnosis"), tr("The first so many images of the set that the model classifies right"));
    m_effort->addItem(tr("Preview"), int(Preset::Preview));
    m_effort->addItem(tr("Paper"), int(Preset::Paper));
    describe(m_effort, tr("Effort"), tr("How much the attacks and the noise may cost that the attack is held against: seconds, or as in the papers"));
    auto* row = new QWidget(this);
    auto* layout = makeRow(row);
    layout->addWidget(makeName(tr("Attack"), m_attack, row));
    layout->addWidget(m_attack);
    layout->addWidget(m_summary, 1);
    layout->addWidget(m_parameters);
    layout->addSpacing(8);
    layout->addWidget(makeName(tr("Images"), m_images, row));
    layout->addWidget(m_images);
    layout->addWidget(makeName(tr("Effort"), m_effort, row));
    layout->addWidget(m_effort);
    return row;
}

QWidget* DiagnosisPanel::makeRunRow()
{
    m_diagnose->setProperty("primary", true);
    describe(m_diagnose, tr("Diagnose"), m_start->toolTip());
    describe(m_stop, tr("Stop the diagnosis"), tr("Keeps the checks that are done (Esc)"));
    m_headline->setAccessibleName(tr("Finding of the diagnosis"));
    auto* row = new QWidget(this);
    auto* layout = makeRow(row);
    layout->addWidget(m_diagnose);
    layout->addWidget(m_stop);
    layout->addWidget(m_headline, 1);
    layout->addWidget(m_state);
    return row;
}

void DiagnosisPanel::connectControls()
{
    connect(m_start, &QAction::triggered, this, &DiagnosisPanel::diagnoseWanted);
    connect(m_diagnose, &QPushButton::clicked, this, &DiagnosisPanel::diagnoseWanted);
    connect(m_stop, &QPushButton::clicked, this, &DiagnosisPanel::stopWanted);
    connect(m_parameters, &QToolButton::toggled, this, [this](bool isOn) {
        m_formArea->setVisible(isOn);
        if (isOn && m_stack->currentIndex() == 0)
            m_stack->setCurrentIndex(1); // the form stands beside the list
        showChoices();
    });
    connect(m_attack, &QComboBox::activated, this, [this] {
        edit([this](DiagnosisChoices& choices) {
            choices.attack = standardOf(m_attack->currentData().toString().toStdString(), choices.attack.norm, choices.attack.parameters.real("eps"));
        });
    });
    connect(m_images, &QSpinBox::valueChanged, this, [this](int count) { edit([count](DiagnosisChoices& choices) { choices.images = count; }); });
    connect(m_effort, &QComboBox::activated, this, [this] { edit([this](DiagnosisChoices& choices) { choices.preset = Preset(m_effort->currentData().toInt()); }); });
    connect(m_form, &ParamForm::paramsEdited, this, [this](const Params& params) { edit([&params](DiagnosisChoices& choices) { choices.attack.parameters = params; }); });
    connect(m_surrogate, &QComboBox::activated, this, [this] { edit([this](DiagnosisChoices& choices) { choices.surrogate = m_surrogate->currentData().toString().toStdString(); }); });
    connect(m_clever, &QSpinBox::valueChanged, this, [this](int count) { edit([count](DiagnosisChoices& choices) { choices.cleverImages = count; }); });
    connect(m_list, &LightList::lightPicked, this, &DiagnosisPanel::showDetail);
    connect(m_detail, &LightDetail::causeWanted, this, &DiagnosisPanel::showLight);
    connect(m_detail, &LightDetail::attackWanted, this, &DiagnosisPanel::attackWanted);
    connect(m_detail, &LightDetail::bpdaWanted, this, &DiagnosisPanel::bpdaWanted);
    connect(m_detail, &LightDetail::inspectWanted, this, &DiagnosisPanel::inspectWanted);
    connect(m_detail, &LightDetail::imagePicked, this, &DiagnosisPanel::imagePicked);
}

void DiagnosisPanel::edit(const std::function<void(DiagnosisChoices&)>& change)
{
    DiagnosisChoices choices = m_view.choices;
    change(choices);
    if (!asksTheSame(choices, m_view.choices))
        Q_EMIT choicesEdited(choices);
}

void DiagnosisPanel::showView(const DiagnosisView& view)
{
    const bool hadNone = !m_view.diagnosis;
    m_view = view;
    const bool canStart = !view.model.isEmpty() && view.hasImages, isRunning = view.state == ViewState::Running;
    m_start->setEnabled(canStart && !isRunning);
    m_diagnose->setEnabled(canStart && !isRunning);
    m_stop->setEnabled(isRunning);
    m_empty->setText(canStart ? tr("Diagnosis runs %1 checks on %2: whether its outputs, gradients and logits hide something from attacks, and whether the attack chosen above does "
                                   "what it could. Each becomes a traffic light with the evidence behind it and a remedy.")
                                    .arg(lightInfos().size())
                                    .arg(view.model)
                              : tr("Open a model and some images it was made for; the checks need both."));
    m_stack->setCurrentIndex(view.diagnosis || isRunning || view.state == ViewState::Failed || m_parameters->isChecked() ? 1 : 0);
    m_runRow->setVisible(m_stack->currentIndex() == 1);
    m_state->setState(view.state, view.state == ViewState::Stale ? tr("choices changed, press Diagnose") : view.failure);
    m_headline->setText(view.diagnosis ? diagnosisHeadline(*view.diagnosis) : QString());
    m_headline->setToolTip(m_headline->text());
    showChoices();
    m_list->setLights(lightRows(view.diagnosis ? *view.diagnosis : Diagnosis{}));
    if (m_list->currentKey().isEmpty() || (hadNone && view.diagnosis))
        m_list->setCurrentKey(qtext(lightInfos().front().code));
    showDetail();
}

void DiagnosisPanel::showChoices()
{
    const DiagnosisChoices& choices = m_view.choices;
    const QSignalBlocker attackBlocker(m_attack), imagesBlocker(m_images), effortBlocker(m_effort);
    std::vector<std::pair<QString, QString>> attacks;
    for (const QString& name : scrutinisedAttacks(choices.attack.norm))
        attacks.emplace_back(name, qtext(attackInfo(name.toStdString()).label));
    setEntries(m_attack, attacks);
    m_attack->setCurrentIndex(m_attack->findData(qtext(choices.attack.name)));
    setCount(m_images, choices.images);
    m_effort->setCurrentIndex(m_effort->findData(int(choices.preset)));
    showMore();
    if (choices.attack.name.empty())
        return;
    m_summary->setText(QStringLiteral("%1, %2").arg(qtext(normLabel(choices.attack.norm)), attackSummary(choices.attack)));
    m_summary->setToolTip(m_summary->text());
    m_form->setParams(choices.attack.parameters, standardOf(choices.attack.name, choices.attack.norm, choices.attack.parameters.real("eps")).parameters);
}

void DiagnosisPanel::showMore()
{
    const QSignalBlocker surrogateBlocker(m_surrogate), cleverBlocker(m_clever);
    std::vector<std::pair<QString, QString>> models{{QString(), tr("none")}};
    for (const auto& [path, name] : m_view.others)
        models.emplace_back(qtext(path), name);
    setEntries(m_surrogate, models);
    m_surrogate->setCurrentIndex(std::max(0, m_surrogate->findData(qtext(m_view.choices.surrogate))));
    m_surrogate->setEnabled(!m_view.others.empty());
    setCount(m_clever, m_view.choices.cleverImages);
}

std::string DiagnosisPanel::light() const { return m_list->currentKey().toStdString(); }

void DiagnosisPanel::showLight(const std::string& code)
{
    m_list->setCurrentKey(qtext(code));
    showDetail();
}

FigurePane* DiagnosisPanel::pane() const { return m_detail->pane(); }

void DiagnosisPanel::showDetail()
{
    const std::string code = light();
    if (code.empty())
        return;
    m_list->setWhatsThis(lightHelp(lightInfo(code)));
    m_detail->showLight(m_view.diagnosis, code, m_view.state, m_view.usesBpda);
}

} // namespace brink
