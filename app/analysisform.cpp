// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysisform.h"

#include "app/qtext.h"
#include "core/study/boundaryanalysis.h"
#include "widgets/controls/formarea.h"
#include "widgets/controls/listparamform.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace brink {

namespace {

constexpr int mostImages = 100'000'000;

void describe(QWidget* widget, const QString& name, const QString& toolTip)
{
    widget->setAccessibleName(name);
    widget->setToolTip(toolTip);
}

const AttackInfo* infoOf(const AnalysisDraft& draft) { return draft.attack.empty() ? nullptr : &attackInfo(draft.attack); }

std::vector<Norm> normsOf(const AnalysisDraft& draft)
{
    if (!draft.boundary.empty())
        return {Norm::L2};
    const AttackInfo* info = infoOf(draft);
    return info ? info->norms : std::vector{Norm::L2, Norm::Linf, Norm::L1};
}

/// Whether it can be aimed at a class.
bool canTarget(const AnalysisDraft& draft)
{
    const AttackInfo* info = infoOf(draft);
    return draft.boundary.empty() && (!info || info->canTarget);
}

/// Role of the survey's name in the list of kinds; the attack's is the data.
constexpr int boundaryRole = Qt::UserRole + 1;

} // namespace

AnalysisForm::AnalysisForm(QWidget* parent)
    : QWidget(parent), m_kind(new QComboBox(this)), m_norm(new QComboBox(this)), m_preset(new QComboBox(this)), m_targetProblem(new QLabel(this)),
      m_images(new QSpinBox(this)), m_transfers(new QCheckBox(tr("Show the images to all other models (transfer)"), this)),
      m_parameters(new ListParamForm(this))
{
    fillKinds();
    describe(m_norm, tr("Norm"), tr("In which distances are measured and kept small"));
    m_preset->addItem(tr("Paper"), int(Preset::Paper));
    m_preset->addItem(tr("Preview"), int(Preset::Preview));
    describe(m_preset, tr("Preset"), tr("Paper: the settings of the publications. Preview: coarse, quick."));
    describe(m_transfers, tr("Transfer"), tr("Every other model predicts the adversarial images: forwards only"));
    m_images->setRange(0, mostImages);
    m_images->setSpecialValueText(tr("all"));
    m_images->setButtonSymbols(QAbstractSpinBox::NoButtons);
    describe(m_images, tr("Images"), tr("Only the first so many images that enter, of each model; 0: all"));
    auto* targets = new QHBoxLayout;
    const std::pair<const char*, QString> rules[] = {{"untargeted", tr("Untargeted")}, {"random", tr("Random")}, {"least-likely", tr("Least likely")},
        {"top2", tr("Second class")}};
    for (const auto& [name, label] : rules) {
        auto* box = new QCheckBox(label, this);
        box->setProperty("rule", QLatin1String(name));
        describe(box, tr("Target: %1").arg(label), tr("Each target chosen is an analysis of its own"));
        targets->addWidget(box);
        m_targets << box;
        connect(box, &QCheckBox::clicked, this, &AnalysisForm::takeTargets);
    }
    targets->addStretch(1);
    m_targetProblem->setProperty("role", QStringLiteral("alarm"));
    auto* layout = new QFormLayout(this);
    layout->setContentsMargins(12, 0, 0, 0);
    layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    layout->addRow(tr("Analysis"), m_kind);
    layout->addRow(tr("Norm"), m_norm);
    layout->addRow(tr("Preset"), m_preset);
    layout->addRow(tr("Targets"), targets);
    layout->addRow(m_targetProblem);
    layout->addRow(tr("Images"), m_images);
    layout->addRow(m_transfers);
    layout->addRow(new FormArea(m_parameters, this));
    connect(m_kind, &QComboBox::activated, this, [this] {
        pickKind(m_kind->currentData().toString().toStdString(), m_kind->currentData(boundaryRole).toString().toStdString());
    });
    connect(m_norm, &QComboBox::activated, this, [this] {
        m_draft.norm = Norm(m_norm->currentData().toInt());
        publish();
    });
    connect(m_preset, &QComboBox::activated, this, [this] {
        m_draft.preset = Preset(m_preset->currentData().toInt());
        m_parameters->setParams(standardParams(m_draft), m_draft.texts);
        publish();
    });
    connect(m_images, &QSpinBox::valueChanged, this, [this](int value) {
        m_draft.images = value;
        publish();
    });
    connect(m_transfers, &QCheckBox::clicked, this, [this](bool isOn) {
        m_draft.transfers = isOn;
        publish();
    });
    connect(m_parameters, &ListParamForm::edited, this, [this] {
        m_draft.texts = m_parameters->texts();
        publish();
    });
    setDraft(m_draft);
}

void AnalysisForm::fillKinds()
{
    for (const AttackInfo& info : attackInfos()) {
        m_kind->addItem(qtext(info.label), qtext(info.name));
        m_kind->setItemData(m_kind->count() - 1, qtext(info.summary + "\n" + info.source), Qt::ToolTipRole);
    }
    m_kind->addItem(tr("CLEVER estimate"), QString());
    for (const BoundaryAnalysisInfo& info : boundaryAnalyses()) {
        m_kind->addItem(qtext(info.label), QString());
        m_kind->setItemData(m_kind->count() - 1, qtext(info.name), boundaryRole);
        m_kind->setItemData(m_kind->count() - 1, qtext(info.summary), Qt::ToolTipRole);
    }
    describe(m_kind, tr("Analysis"), tr("An attack, the CLEVER estimate of a lower bound, or a survey of the decision boundary"));
}

void AnalysisForm::setDraft(const AnalysisDraft& draft)
{
    m_draft = draft;
    showDraft();
}

void AnalysisForm::showDraft()
{
    const QSignalBlocker imagesBlocker(m_images);
    m_kind->setCurrentIndex(m_draft.boundary.empty() ? m_kind->findData(qtext(m_draft.attack)) : m_kind->findData(qtext(m_draft.boundary), boundaryRole));
    m_norm->clear();
    for (const Norm norm : normsOf(m_draft))
        m_norm->addItem(qtext(normLabel(norm)), int(norm));
    m_norm->setCurrentIndex(m_norm->findData(int(m_draft.norm)));
    m_preset->setCurrentIndex(m_preset->findData(int(m_draft.preset)));
    m_images->setValue(int(std::min<std::int64_t>(m_draft.images, mostImages)));
    const AttackInfo* info = infoOf(m_draft);
    m_transfers->setEnabled(info);
    m_transfers->setChecked(m_draft.transfers);
    for (QCheckBox* box : std::as_const(m_targets)) {
        const std::string rule = box->property("rule").toString().toStdString();
        box->setChecked(std::ranges::find(m_draft.targets, rule) != m_draft.targets.end());
        box->setEnabled(canTarget(m_draft) || rule == "untargeted");
    }
    m_parameters->setParams(standardParams(m_draft), m_draft.texts);
    const QString wrong = problem();
    m_targetProblem->setText(m_draft.targets.empty() ? wrong : QString());
    m_targetProblem->setVisible(m_draft.targets.empty());
}

/// Parameters of the same name keep what was typed, where the other attack knows them.
void AnalysisForm::pickKind(const std::string& attack, const std::string& boundary)
{
    m_draft.attack = attack;
    m_draft.boundary = boundary;
    const std::vector<Norm> norms = normsOf(m_draft);
    if (std::ranges::find(norms, m_draft.norm) == norms.end())
        m_draft.norm = norms.front();
    const Params params = standardParams(m_draft);
    std::erase_if(m_draft.texts, [&params](const auto& entry) { return !params.contains(entry.first); });
    if (!canTarget(m_draft))
        m_draft.targets = {"untargeted"};
    m_draft.transfers = m_draft.transfers && !attack.empty();
    showDraft();
    publish();
}

void AnalysisForm::takeTargets()
{
    m_draft.targets.clear();
    for (const QCheckBox* box : std::as_const(m_targets))
        if (box->isChecked())
            m_draft.targets.push_back(box->property("rule").toString().toStdString());
    publish();
}

QString AnalysisForm::problem() const
{
    if (m_draft.targets.empty())
        return tr("Choose at least one target.");
    return m_parameters->isValid() ? QString() : tr("A parameter cannot be used; it is marked.");
}

void AnalysisForm::publish()
{
    m_targetProblem->setText(m_draft.targets.empty() ? problem() : QString());
    m_targetProblem->setVisible(m_draft.targets.empty());
    Q_EMIT edited(m_draft);
}

} // namespace brink
