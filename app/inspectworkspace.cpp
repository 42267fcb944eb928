// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/inspectworkspace.h"

#include "app/figurepane.h"
#include "app/inspecttables.h"
#include "app/inspecttext.h"
#include "app/qtext.h"
#include "app/stackedpanes.h"
#include "app/tracetext.h"
#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/resulttable.h"
#include "widgets/controls/segmented.h"
#include "widgets/controls/statusbadge.h"
#include "widgets/controls/stepscrubber.h"
#include "widgets/controls/whatifpanel.h"
#include "widgets/image/imagecompare.h"

#include <QCheckBox>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace brink {

namespace {

QSplitter* makeSplitter(Qt::Orientation orientation, QWidget* parent)
{
    auto* splitter = new QSplitter(orientation, parent);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    return splitter;
}

QLabel* makeLabel(const QString& text, const QString& role, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setProperty("role", role);
    return label;
}

ViewState viewState(ResultState state)
{
    switch (state) {
    case ResultState::Running:
        return ViewState::Running;
    case ResultState::Complete:
        return ViewState::Complete;
    case ResultState::Partial:
        return ViewState::Partial;
    case ResultState::Failed:
        return ViewState::Failed;
    case ResultState::Stale:
        return ViewState::Stale;
    case ResultState::None:
        break;
    }
    return ViewState::Empty;
}

QString stateDetail(const Session& session)
{
    switch (session.resultState()) {
    case ResultState::None:
        return InspectWorkspace::tr("nothing computed yet");
    case ResultState::Failed:
        return session.failure();
    case ResultState::Stale:
        return InspectWorkspace::tr("settings changed, press Run");
    case ResultState::Complete:
        return session.isPreview() ? InspectWorkspace::tr("preview, Run computes the settings shown") : QString();
    case ResultState::Running:
    case ResultState::Partial:
        break;
    }
    return {};
}

} // namespace

InspectWorkspace::InspectWorkspace(QWidget* parent) : QWidget(parent)
{
    setProperty("surface", QStringLiteral("background"));
    setAttribute(Qt::WA_StyledBackground);
    m_refresh = new QTimer(this);
    m_refresh->setSingleShot(true);
    m_refresh->setInterval(0);
    connect(m_refresh, &QTimer::timeout, this, &InspectWorkspace::refreshNextPane);
    auto* bottom = makeSplitter(Qt::Horizontal, this);
    // What the estimate and what the attacks went through, one at a time: both need the whole place.
    bottom->addWidget(new StackedPanes({makeWeibull(), makeTrace(), makeCost()}, {tr("Weibull"), tr("Trace"), tr("Cost")}, QWIDGETSIZE_MAX, this));
    bottom->addWidget(makeScores());
    bottom->addWidget(makeTables());
    bottom->setSizes({372, 256, 312});
    bottom->widget(1)->setMinimumWidth(200);
    bottom->widget(2)->setMinimumWidth(312);
    m_ladder = addPane("ladder", tr("Distance ladder"), tr("All distances on one axis: estimate, attacks, random directions. Run fills it."));
    m_ladder->hideLayer("verdict");
    m_ladder->moveToHeading({"uncertified", "failed", "off-axis"});
    m_ladder->moveUnitToHeading();
    m_ladder->setMinimumHeight(124);
    m_diagnose = new QToolButton(m_ladder);
    m_diagnose->setText(tr("Diagnose"));
    m_diagnose->setAccessibleName(tr("Diagnose the model"));
    m_diagnose->setToolTip(tr("An order on the ladder that must hold does not: check the model and the attacks for what may be the reason"));
    m_diagnose->setFocusPolicy(Qt::StrongFocus);
    m_diagnose->hide();
    m_ladder->setTools(m_diagnose);
    connect(m_diagnose, &QToolButton::clicked, this, &InspectWorkspace::diagnosisWanted);
    auto* rows = makeSplitter(Qt::Vertical, this);
    rows->addWidget(makeTop());
    rows->addWidget(m_ladder);
    rows->addWidget(bottom);
    rows->setSizes({250, 150, 360});
    rows->setStretchFactor(0, 3);
    rows->setStretchFactor(1, 1);
    rows->setStretchFactor(2, 4);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHeadline());
    layout->addWidget(rows, 1);
}

void InspectWorkspace::showSession(const Session& session)
{
    showState(session);
    const bool isSameResult = m_shownResult == session.result() && m_shownState == session.resultState();
    FigureSelection before = m_shownSelection;
    before.step = session.selection().step;
    m_shownState = session.resultState();
    if (isSameResult && before == session.selection() && m_shownSelection.step != session.selection().step)
        return showStep(session);
    m_compare->setPair(imagePair(session.result().get(), session.image() ? &*session.image() : nullptr, session.resultState(),
        session.selection()));
    showFigures(session);
    showTables(session);
}

/// Another step of the same trace: the images and one figure follow.
void InspectWorkspace::showStep(const Session& session)
{
    m_shownSelection = session.selection();
    m_compare->setPair(imagePair(session.result().get(), session.image() ? &*session.image() : nullptr, session.resultState(), m_shownSelection));
    if (std::ranges::find(m_stalePanes, m_trace) == m_stalePanes.end())
        m_stalePanes.push_back(m_trace);
    refreshNextPane();
}

QWidget* InspectWorkspace::makeHeadline()
{
    auto* strip = new QWidget(this);
    auto* layout = new QHBoxLayout(strip);
    layout->setContentsMargins(16, 8, 16, 0);
    m_headline = new ElidedLabel({}, strip);
    m_headline->setProperty("role", QStringLiteral("heading"));
    m_headline->setAccessibleName(tr("Finding"));
    m_state = new StatusBadge(strip);
    m_whatIf = new WhatIfButton(strip);
    connect(m_whatIf, &WhatIfButton::valuesEdited, this, [this](const WhatIfValues& values) {
        Q_EMIT whatIfPicked({values.scale, values.blur, values.bits, values.jpegQuality});
    });
    layout->addWidget(m_headline, 1);
    layout->addWidget(m_whatIf);
    layout->addWidget(m_state);
    return strip;
}

QWidget* InspectWorkspace::makeTop()
{
    auto* top = new QWidget(this);
    auto* layout = new QHBoxLayout(top);
    layout->setContentsMargins(16, 2, 0, 4);
    layout->setSpacing(8);
    m_compare = new ImageCompare(top);
    m_compare->setContentsMargins(0, 6, 0, 0); // titles in line with the heading beside them
    m_compare->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_compare, &ImageCompare::readoutChanged, this, &InspectWorkspace::readoutChanged);
    connect(m_compare, &QWidget::customContextMenuRequested, this, [this](const QPoint& position) {
        QMenu menu(this);
        menu.addAction(tr("Export figure..."), this, [this] { Q_EMIT exportRequested("trio"); });
        menu.addAction(tr("Copy figure"), this, [this] { Q_EMIT copyRequested("trio"); });
        menu.exec(m_compare->mapToGlobal(position));
    });
    layout->addWidget(m_compare, 5);
    layout->addWidget(addPane("classes", tr("Class probabilities"), tr("What the model says before and after.")), 2);
    return top;
}

FigurePane* InspectWorkspace::makeWeibull()
{
    m_weibull = addPane("weibull", tr("Weibull fit"), tr("The largest gradient norms found near the image, and the law fitted to them."));
    addPanelChoice(m_weibull, {"density", "cdf", "qq", "profile"}, {tr("PDF"), tr("CDF"), tr("Q–Q"), tr("Lik.")},
        {tr("Histogram of the maxima with the fitted density and its end point"), tr("Empirical and fitted distribution function"),
            tr("Fitted against empirical quantiles: a good fit lies on the diagonal"),
            tr("Profile likelihood of the end point: where it stays below the dashed line, the 95 % interval lies")});
    m_penalty = new QCheckBox(tr("Shape penalty"), m_weibull);
    m_penalty->setToolTip(tr("The authors' regulariser, 0.01 times the square of the shape, keeps the fit from running away. Off: the same maxima "
                             "fitted without it. The score itself keeps the setting of the parameters."));
    m_penalty->setAccessibleName(tr("Fit with the shape penalty"));
    m_penalty->setChecked(true);
    m_weibull->setFooter(m_penalty, {"fit-text"});
    connect(m_penalty, &QCheckBox::toggled, this, [this](bool isOn) { Q_EMIT penaltyPicked(isOn); });
    return m_weibull;
}

FigurePane* InspectWorkspace::makeTrace()
{
    m_trace = addPane("trace", tr("Attack trace"), tr("How an attack approached the boundary, step by step. Pick an attack in the table or on the ladder."));
    addPanelChoice(m_trace, {"margin", "distance"}, {tr("Margin"), tr("Distance")},
        {tr("Logit of the class minus the largest other one, at each step: below 0 the image is adversarial"),
            tr("Distance of the iterate from the image, at each step")});
    m_scrubber = new StepScrubber(m_trace);
    m_trace->setFooter(m_scrubber);
    connect(m_scrubber, &StepScrubber::stepPicked, this, &InspectWorkspace::stepPicked);
    return m_trace;
}

FigurePane* InspectWorkspace::makeCost()
{
    return addPane("attack-cost", tr("Distance against cost"), tr("How many gradients each attack needed for its distance."));
}

/// One panel of a figure at a time, with a switch in the heading.
void InspectWorkspace::addPanelChoice(FigurePane* pane, const std::vector<std::string>& panels, const QStringList& labels, const QStringList& toolTips)
{
    auto* choice = new Segmented(labels, toolTips, pane);
    pane->setTools(choice);
    pane->setPanels({panels.front()});
    connect(choice, &Segmented::picked, pane, [pane, panels](int index) { pane->setPanels({panels[std::size_t(index)]}); });
}

QWidget* InspectWorkspace::makeScores()
{
    auto* batches = addPane("clever-batches", tr("Score against batches"), tr("Whether more samples would still change the estimate."));
    auto* radius = addPane("clever-radius", tr("Score against radius"), tr("Whether the estimate depends on the sampling radius."));
    return new StackedPanes({batches, radius}, {tr("Batches"), tr("Radius")}, StackedPanes::heightForTwoSmall, this);
}

QWidget* InspectWorkspace::makeTables()
{
    auto* box = new QWidget(this);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->setSpacing(2);
    m_targets = new ResultTable(targetColumns(nullptr), tr("The estimate for each class the image could change to."), box);
    m_targets->setAccessibleName(tr("CLEVER per target"));
    m_attacks = new ResultTable(attackColumns(Norm::L2), tr("The distance each attack found."), box);
    m_attacks->setAccessibleName(tr("Attacks"));
    m_note = new ElidedLabel({}, box);
    m_note->setProperty("role", QStringLiteral("muted"));
    m_note->setToolTip(tr("A star marks scores from the sample maximum, where no fit was acceptable."));
    layout->addWidget(makeLabel(tr("CLEVER per target"), QStringLiteral("heading"), box));
    layout->addWidget(m_targets, 5);
    layout->addWidget(m_note);
    layout->addSpacing(6);
    layout->addWidget(makeLabel(tr("Attacks"), QStringLiteral("heading"), box));
    layout->addWidget(m_attacks, 4);
    connect(m_targets, &ResultTable::rowPicked, this, [this](const QString& key) { Q_EMIT targetPicked(key.toLongLong()); });
    connect(m_attacks, &ResultTable::rowPicked, this, &InspectWorkspace::attackPicked);
    return box;
}

FigurePane* InspectWorkspace::addPane(const char* name, const QString& title, const QString& emptyText)
{
    auto* pane = new FigurePane(name, title, emptyText, this);
    m_panes.push_back(pane);
    connect(pane, &FigurePane::exportRequested, this, &InspectWorkspace::exportRequested);
    connect(pane, &FigurePane::copyRequested, this, &InspectWorkspace::copyRequested);
    connect(pane, &FigurePane::cursorMoved, this, &InspectWorkspace::readoutChanged);
    connect(pane, &FigurePane::picked, this, [this](const DataRef& ref) {
        if (ref.kind == "target")
            Q_EMIT targetPicked(qtext(ref.key).toLongLong());
        else if (ref.kind == "attack")
            Q_EMIT attackPicked(qtext(ref.key));
    });
    return pane;
}

void InspectWorkspace::showState(const Session& session)
{
    const auto& result = session.result();
    m_headline->setText(result ? headline(*result) : QString());
    m_headline->setToolTip(m_headline->text());
    const WhatIf& whatIf = session.whatIf();
    if (const WhatIfValues values{whatIf.scale, whatIf.blur, whatIf.bits, whatIf.jpegQuality}; !(values == m_whatIf->values()))
        m_whatIf->setValues(values);
    m_state->setState(viewState(session.resultState()), stateDetail(session));
    m_ladder->setTitle(tr("Distance ladder, %1").arg(qtext(normLabel(session.norm()))));
    const Finding finding = result ? ladderFinding(*result) : Finding{};
    if (finding.text.isEmpty())
        m_ladder->clearFinding();
    else
        m_ladder->setFinding(finding.grade, finding.text, finding.toolTip);
    m_diagnose->setVisible(result && !result->alarms.empty());
    m_weibull->setSubtitle(result ? weibullSubtitle(*result, session.selection()) : QString());
    const ScrubbedTrace trace = scrubbedTrace(result.get(), session.selection());
    m_trace->setSubtitle(trace.shown ? trace.text : result ? traceSubtitle(*result, session.selection()) : QString());
    m_scrubber->setTrace(trace);
    const QSignalBlocker blocker(m_penalty);
    m_penalty->setChecked(!session.selection().isUnpenalised);
    m_penalty->setEnabled(result && result->clever && result->clever->fitOptions.shapePenalty > 0);
}

void InspectWorkspace::showFigures(const Session& session)
{
    m_shownResult = session.result();
    m_shownSelection = session.selection();
    m_stalePanes = m_panes;
    for (FigurePane* pane : m_panes)
        pane->setViewState(viewState(session.resultState()));
    refreshNextPane();
}

/// One figure a turn of the event loop: together they would hold up the window.
void InspectWorkspace::refreshNextPane()
{
    if (m_stalePanes.empty())
        return;
    FigurePane* pane = m_stalePanes.front();
    m_stalePanes.erase(m_stalePanes.begin());
    pane->setFigure(m_shownResult ? figureInfo(pane->name()).make(*m_shownResult, m_shownSelection) : std::nullopt);
    if (!m_stalePanes.empty())
        m_refresh->start();
}

void InspectWorkspace::showTables(const Session& session)
{
    const auto& result = session.result();
    m_note->setText(targetNote(result.get()));
    m_targets->setColumns(targetColumns(result.get()));
    m_targets->setRows(result ? targetRows(*result) : std::vector<TableRow>{});
    m_attacks->setColumns(attackColumns(result ? result->norm : session.norm()));
    m_attacks->setRows(result ? attackRows(*result) : std::vector<TableRow>{});
    const auto& selection = session.selection();
    const auto target = selection.target ? selection.target : result && result->clever ? result->clever->target : std::nullopt;
    m_targets->setCurrentKey(target ? QString::number(*target) : QString());
    m_attacks->setCurrentKey(selection.attack ? qtext(*selection.attack)
            : result && result->best          ? qtext(result->attacks[*result->best].name)
                                              : QString());
}

} // namespace brink
