// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lightdetail.h"

#include "app/diagnosistext.h"
#include "app/figurepane.h"
#include "app/qtext.h"
#include "core/report/diagnosisfigure.h"
#include "widgets/plot/figureview.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace brink {

namespace {

constexpr int left = 16, right = 12;

void describe(QWidget* widget, const QString& name, const QString& toolTip)
{
    widget->setAccessibleName(name);
    widget->setToolTip(toolTip);
}

QLabel* makeLabel(const QString& role, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (!role.isEmpty())
        label->setProperty("role", role);
    return label;
}

void addRow(QVBoxLayout* layout, QWidget* widget, bool isWide)
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(left, 0, right, 0);
    row->addWidget(widget, isWide ? 1 : 0);
    if (!isWide)
        row->addStretch(1);
    layout->addLayout(row);
}

} // namespace

LightDetail::LightDetail(QWidget* parent)
    : QWidget(parent), m_title(makeLabel(QStringLiteral("heading"), this)), m_grade(new StatusBadge(this)), m_finding(makeLabel({}, this)), m_cause(new QPushButton(this)),
      m_links(makeLabel(QStringLiteral("muted"), this)), m_source(makeLabel(QStringLiteral("muted"), this)),
      m_pane(new FigurePane("diagnosis", tr("Evidence"), tr("What was measured, once the check is done."), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 6);
    layout->setSpacing(6);
    addHead(layout);
    addRow(layout, m_finding, true);
    addRow(layout, m_cause, false);
    addRemedy(layout);
    addRow(layout, m_links, true);
    layout->addWidget(m_pane, 1);
    addRow(layout, m_source, true);
    m_finding->setAccessibleName(tr("Finding of the check"));
    m_links->setTextFormat(Qt::RichText);
    m_links->setTextInteractionFlags(Qt::TextBrowserInteraction);
    describe(m_links, tr("Images of the finding"), tr("Places in the image set; one opens in Inspect"));
    m_pane->setMinimumHeight(180);
    setMinimumWidth(340);
    connectButtons();
}

void LightDetail::addHead(QVBoxLayout* layout)
{
    m_title->setWordWrap(false);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(left, 0, right, 0);
    head->setSpacing(12);
    head->addWidget(m_title);
    head->addWidget(m_grade);
    head->addStretch(1);
    layout->addLayout(head);
}

void LightDetail::addRemedy(QVBoxLayout* layout)
{
    m_remedy = new QWidget(this);
    m_remedyText = makeLabel({}, m_remedy);
    m_remedyText->setAccessibleName(tr("Remedy"));
    m_try = new QPushButton(m_remedy);
    m_try->setProperty("primary", true);
    m_bpda = new QPushButton(tr("Load with BPDA and diagnose"), m_remedy);
    m_bpda->setProperty("primary", true);
    describe(m_bpda, m_bpda->text(), tr("Sets \"bpda\" in the model card for this session: gradients pass closed steps as if they were the identity; outputs stay those of the file"));
    m_inspect = new QPushButton(tr("Use in Inspect"), m_remedy);
    describe(m_inspect, m_inspect->text(), tr("Takes this attack into the parameters of Inspect and runs it on the chosen image"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (QPushButton* button : {m_bpda, m_try, m_inspect})
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto* rows = new QVBoxLayout(m_remedy);
    rows->setContentsMargins(left, 2, right, 2);
    rows->setSpacing(6);
    rows->addWidget(m_remedyText);
    rows->addLayout(buttons);
    layout->addWidget(m_remedy);
}

void LightDetail::connectButtons()
{
    connect(m_cause, &QPushButton::clicked, this, [this] {
        if (const Light* shown = light())
            Q_EMIT causeWanted(std::string(shown->follows));
    });
    connect(m_try, &QPushButton::clicked, this, [this] {
        if (const Light* shown = light(); shown && shown->remedy.attack)
            Q_EMIT attackWanted(AttackRequest(*shown->remedy.attack));
    });
    connect(m_inspect, &QPushButton::clicked, this, [this] {
        if (const Light* shown = light(); shown && shown->remedy.attack)
            Q_EMIT inspectWanted(AttackRequest(*shown->remedy.attack));
    });
    connect(m_bpda, &QPushButton::clicked, this, &LightDetail::bpdaWanted);
    connect(m_links, &QLabel::linkActivated, this, [this](const QString& link) { Q_EMIT imagePicked(link.toLongLong()); });
}

const Light* LightDetail::light() const { return m_diagnosis ? findLight(*m_diagnosis, m_code) : nullptr; }

void LightDetail::showLight(const std::shared_ptr<const Diagnosis>& diagnosis, const std::string& code, ViewState state, bool usesBpda)
{
    const bool isSame = diagnosis == m_diagnosis && code == m_code;
    m_diagnosis = diagnosis;
    m_code = code;
    const LightInfo& info = lightInfo(code);
    const Light* shown = light();
    m_title->setText(qtext(info.title));
    m_grade->setFinding(shown ? gradeOf(shown->state) : StatusBadge::Grade::Neutral, shown ? stateWord(shown->state) : tr("not done"));
    showFinding(info);
    showRemedy(state == ViewState::Running, usesBpda);
    m_links->setVisible(shown && !shown->flagged.empty());
    if (shown)
        m_links->setText(tr("Images: %1").arg(imageLinks(shown->flagged)));
    m_source->setText(tr("%1 Source: %2.").arg(qtext(info.summary), qtext(info.source)));
    m_pane->setWhatsThis(lightHelp(info));
    m_pane->setViewState(state);
    if (isSame)
        return;
    m_pane->setFigure(shown ? lightFigure(*diagnosis, code) : std::nullopt);
    m_pane->view()->setEmptyText(shown ? tr("This check has no figure; its finding says all.") : tr("What was measured, once the check is done."));
}

void LightDetail::showFinding(const LightInfo& info)
{
    const Light* shown = light();
    const bool follows = shown && !shown->follows.empty();
    m_cause->setVisible(follows);
    if (!follows)
        return m_finding->setText(shown ? qtext(shown->finding) : qtext(info.summary));
    const QString cause = qtext(lightInfo(shown->follows).title);
    m_finding->setText(tr("%1 By itself that is: %2. It may follow from “%3”, so settle that first.").arg(qtext(shown->finding), stateWord(shown->measured), cause));
    m_cause->setText(tr("Show “%1”").arg(cause));
    m_cause->setAccessibleName(m_cause->text());
}

void LightDetail::showRemedy(bool isRunning, bool usesBpda)
{
    const Light* shown = light();
    const bool isNeeded = shown && shown->isRaised() && !shown->remedy.sentence.empty();
    m_remedy->setVisible(isNeeded);
    if (!isNeeded)
        return;
    const Remedy& remedy = shown->remedy;
    m_remedyText->setText(tr("Remedy: %1").arg(qtext(remedy.sentence)));
    m_bpda->setVisible(remedy.setsBpda && !usesBpda);
    m_try->setVisible(remedy.attack.has_value());
    m_inspect->setVisible(remedy.attack && remedy.kind != RemedyKind::AttackModel);
    for (QPushButton* button : {m_bpda, m_try, m_inspect})
        button->setEnabled(!isRunning);
    if (!remedy.attack)
        return;
    m_try->setText(remedyVerb(remedy));
    describe(m_try, m_try->text(), remedyToolTip(remedy));
}

} // namespace brink
