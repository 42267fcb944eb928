// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/surveypanel.h"

#include "app/boundarytools.h"
#include "app/figurepane.h"
#include "app/qtext.h"
#include "widgets/controls/segmented.h"
#include "widgets/plot/figureview.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace brink {

namespace {

QSpinBox* makeCount(int most, const QString& name, const QString& toolTip, QWidget* parent)
{
    auto* box = new QSpinBox(parent);
    box->setRange(2, most);
    box->setKeyboardTracking(false);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setAccessibleName(name);
    box->setToolTip(toolTip);
    return box;
}

/// A label and its control that come and go together.
QWidget* makePart(const QString& label, QWidget* control, QWidget* parent)
{
    auto* part = new QWidget(parent);
    auto* layout = new QHBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(quietLabel(label, control, part));
    layout->addWidget(control, 1);
    return part;
}

} // namespace

SurveyPage::SurveyPage(SurveyKind kind, QWidget* parent)
    : QWidget(parent), m_kind(kind), m_findings(new StatementList(tr("What holds over these images, and what was measured."), this)),
      m_images(new ResultTable(surveyColumns(kind), tr("One row an image; a click opens it."), this)), m_parts(new QStackedWidget(this))
{
    QStringList labels, toolTips;
    for (const std::string& name : surveyFigures(kind)) {
        auto* pane = new FigurePane(name, surveyFigureTitle(name), surveyFigureSummary(name), this);
        pane->view()->setEmptyText(surveyFigureSummary(name), tr("Measure"));
        connect(pane->view(), &FigureView::emptyActionTriggered, this, &SurveyPage::surveyWanted);
        m_panes.push_back(pane);
        m_parts->addWidget(pane);
        labels << surveyFigureLabel(name);
        toolTips << surveyFigureSummary(name);
    }
    m_findings->setAccessibleName(tr("Findings"));
    m_images->setAccessibleName(kind == SurveyKind::Regions ? tr("Pairs of images") : tr("Images of the survey"));
    m_parts->addWidget(m_findings);
    m_parts->addWidget(m_images);
    labels << tr("Findings") << (kind == SurveyKind::Regions ? tr("Pairs") : tr("Images"));
    toolTips << tr("What was found over all images") << tr("What was found at each; a row opens it");
    m_switch = new Segmented(labels, toolTips, this);
    m_switch->setAccessibleName(tr("Part of the survey"));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(16, 0, 8, 4);
    row->addWidget(m_switch);
    row->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_parts, 1);
    m_switch->setCurrent(0);
    connect(m_switch, &Segmented::picked, this, &SurveyPage::showPart);
    connect(m_images, &ResultTable::rowPicked, this, [this](const QString& key) { Q_EMIT imagePicked(surveyPick(key)); });
}

int SurveyPage::shown() const { return m_parts->currentIndex(); }

void SurveyPage::showPart(int index)
{
    m_switch->setCurrent(index);
    m_parts->setCurrentIndex(index);
    Q_EMIT partShown();
}

/// Only what is in sight is made: the intervals of some of it take a while.
void SurveyPage::showSurveys(const SurveyView& view)
{
    const auto place = std::size_t(shown());
    if (place < m_panes.size()) {
        FigurePane* pane = m_panes[place];
        pane->setViewState(view.state);
        pane->setSubtitle(view.failure.isEmpty() ? surveyLine(m_kind, view.surveys) : view.failure);
        pane->setFigure(surveyFigure(pane->name(), view.surveys, view.beside.get()));
    } else if (place == m_panes.size()) {
        m_findings->setStatements(surveyFindings(m_kind, view.surveys));
    } else {
        m_images->setRows(surveyRows(m_kind, view.surveys));
    }
}

SurveyPanel::SurveyPanel(QWidget* parent)
    : QWidget(parent),
      m_images(makeCount(100'000, tr("Images of the survey"), tr("The first so many images of the set that enter; the others are not looked at"), this)),
      m_rightOnly(new QCheckBox(tr("right ones only"), this)), m_pairs(makeCount(100'000, tr("Pairs to connect"), tr("Pairs of images of one class, drawn at random with the seed"), this)),
      m_step(new QDoubleSpinBox(this)), m_full(new QCheckBox(tr("all curvatures"), this)), m_beside(new QComboBox(this)), m_measure(new QPushButton(tr("Measure"), this)), m_stop(new QPushButton(tr("Stop"), this)), m_state(new StatusBadge(this)),
      m_stack(new QStackedWidget(this))
{
    QStringList names, toolTips;
    for (const SurveyKind kind : surveyKinds) {
        names << surveyName(kind);
        toolTips << surveySummary(kind);
        m_pages.push_back(new SurveyPage(kind, this));
        m_stack->addWidget(m_pages.back());
    }
    m_kind = new Segmented(names, toolTips, this);
    m_kind->setAccessibleName(tr("What is asked about many images"));
    auto* kinds = new QHBoxLayout;
    kinds->setContentsMargins(16, 6, 8, 0);
    kinds->addWidget(m_kind);
    kinds->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(kinds);
    layout->addWidget(makeChoiceRow());
    layout->addWidget(makeScaleRow());
    layout->addWidget(m_besideRow);
    layout->addWidget(makeRunRow());
    layout->addWidget(m_stack, 1);
    connectControls();
    showSurveys({});
}

QWidget* SurveyPanel::makeChoiceRow()
{
    m_rightOnly->setAccessibleName(tr("Right images only"));
    m_rightOnly->setToolTip(tr("Only images that the model classifies as labelled enter; without labels all do"));
    m_beside->setAccessibleName(tr("Second model"));
    m_beside->setToolTip(tr("Draws this model's profile over the current one's, measured on its own first right images: the same net before and after adversarial training, for instance"));
    m_beside->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto* row = new QWidget(this);
    m_pairsRow = makePart(tr("Pairs"), m_pairs, row);
    m_besideRow = makePart(tr("Beside model"), m_beside, this);
    m_besideRow->layout()->setContentsMargins(16, 0, 8, 0);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(16, 0, 8, 0);
    layout->setSpacing(8);
    layout->addWidget(makePart(tr("Images"), m_images, row));
    layout->addWidget(m_rightOnly);
    layout->addWidget(m_pairsRow);
    layout->addStretch();
    return row;
}

QWidget* SurveyPanel::makeScaleRow()
{
    m_step->setRange(leastSurveyStep, mostSurveyStep);
    m_step->setDecimals(3);
    m_step->setSingleStep(0.1);
    m_step->setKeyboardTracking(false);
    m_step->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_step->setAccessibleName(tr("Scale of the differences"));
    m_step->setToolTip(tr("Curvature is that of the boundary seen at this scale: a part of the image's distance to the boundary. A model of smooth operators has exact derivatives and needs none."));
    m_full->setAccessibleName(tr("All principal curvatures"));
    m_full->setToolTip(tr("The whole profile, by a dense solver, for inputs of up to 4,096 pixel values; otherwise both ends by Lanczos. Takes two gradients a pixel value and image."));
    m_scaleRow = new QWidget(this);
    auto* layout = new QHBoxLayout(m_scaleRow);
    layout->setContentsMargins(16, 0, 8, 0);
    layout->setSpacing(8);
    layout->addWidget(makePart(tr("Scale, of |r|"), m_step, m_scaleRow));
    layout->addWidget(m_full);
    layout->addStretch();
    return m_scaleRow;
}

QWidget* SurveyPanel::makeRunRow()
{
    m_measure->setProperty("primary", true);
    m_measure->setAccessibleName(tr("Measure many images"));
    m_measure->setToolTip(tr("Runs behind everything else; what is there is shown as it comes (F5)"));
    m_stop->setAccessibleName(tr("Stop measuring many images"));
    m_stop->setToolTip(tr("Keeps what is measured (Esc)"));
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(16, 0, 8, 0);
    layout->setSpacing(8);
    layout->addWidget(m_measure);
    layout->addWidget(m_stop);
    layout->addWidget(m_state);
    layout->addStretch(1);
    return row;
}

void SurveyPanel::connectControls()
{
    connect(m_measure, &QPushButton::clicked, this, &SurveyPanel::surveyWanted);
    connect(m_stop, &QPushButton::clicked, this, &SurveyPanel::stopWanted);
    for (SurveyPage* page : m_pages) {
        connect(page, &SurveyPage::surveyWanted, this, &SurveyPanel::surveyWanted);
        connect(page, &SurveyPage::imagePicked, this, &SurveyPanel::imagePicked);
        connect(page, &SurveyPage::partShown, this, [this, page] { page->showSurveys(m_view); });
    }
    connect(m_kind, &Segmented::picked, this, [this](int index) {
        SurveyChoices choices = m_view.choices;
        choices.kind = surveyKinds[std::size_t(index)];
        edit(choices, {});
    });
    connect(m_images, &QSpinBox::valueChanged, this, [this](int count) {
        SurveyChoices choices = m_view.choices;
        choices.images = count;
        edit(choices, QStringLiteral("survey images"));
    });
    connect(m_pairs, &QSpinBox::valueChanged, this, [this](int count) {
        SurveyChoices choices = m_view.choices;
        choices.pairs = count;
        edit(choices, QStringLiteral("survey pairs"));
    });
    connect(m_rightOnly, &QCheckBox::toggled, this, [this](bool isOn) {
        SurveyChoices choices = m_view.choices;
        choices.onlyRight = isOn;
        edit(choices, {});
    });
    connect(m_step, &QDoubleSpinBox::valueChanged, this, [this](double step) {
        SurveyChoices choices = m_view.choices;
        choices.step = step;
        edit(choices, QStringLiteral("survey step"));
    });
    connect(m_full, &QCheckBox::toggled, this, [this](bool isOn) {
        SurveyChoices choices = m_view.choices;
        choices.isFull = isOn;
        edit(choices, {});
    });
    connect(m_beside, &QComboBox::activated, this, [this](int index) {
        SurveyChoices choices = m_view.choices;
        choices.beside = m_beside->itemData(index).toString().toStdString();
        edit(choices, {});
    });
}

/// The next edit builds on this one, whether the panel has been shown anew in between or not.
void SurveyPanel::edit(const SurveyChoices& choices, const QString& field)
{
    if (choices == m_view.choices)
        return;
    m_view.choices = choices;
    Q_EMIT choicesEdited(choices, field);
}

void SurveyPanel::showModels(const SurveyView& view)
{
    const QSignalBlocker beside(m_beside);
    if (m_beside->count() == 0 || view.models != m_view.models) {
        m_beside->clear();
        m_beside->addItem(view.models.empty() ? tr("no other model") : tr("no model"), QString());
        for (const auto& [sha256, name] : view.models)
            m_beside->addItem(name, qtext(sha256));
    }
    m_beside->setEnabled(!view.models.empty());
    m_beside->setCurrentIndex(std::max(0, m_beside->findData(qtext(view.choices.beside))));
}

void SurveyPanel::showSurveys(const SurveyView& view)
{
    showModels(view);
    m_view = view;
    const SurveyChoices& choices = view.choices;
    const QSignalBlocker images(m_images), pairs(m_pairs), rightOnly(m_rightOnly), step(m_step), full(m_full);
    m_kind->setCurrent(int(choices.kind));
    m_images->setValue(choices.images);
    m_pairs->setValue(choices.pairs);
    m_rightOnly->setChecked(choices.onlyRight);
    m_step->setValue(choices.step);
    m_full->setChecked(choices.isFull);
    m_scaleRow->setVisible(choices.kind == SurveyKind::Curvature);
    m_pairsRow->setVisible(choices.kind == SurveyKind::Regions);
    m_besideRow->setVisible(choices.kind == SurveyKind::Curvature);
    const bool isRunning = view.state == ViewState::Running;
    m_measure->setEnabled(view.canStart);
    m_stop->setVisible(isRunning);
    m_state->setState(view.state, view.failure);
    m_state->setToolTip(view.failure);
    m_state->setVisible(view.state != ViewState::Empty);
    m_stack->setCurrentIndex(int(choices.kind));
    page(choices.kind)->showSurveys(view);
}

void SurveyPanel::showFigure(const std::string& name)
{
    for (SurveyPage* page : m_pages)
        for (std::size_t i = 0; i < page->panes().size(); ++i)
            if (page->panes()[i]->name() == name)
                page->showPart(int(i));
}

std::vector<FigurePane*> SurveyPanel::panes() const
{
    std::vector<FigurePane*> panes;
    for (const SurveyPage* page : m_pages)
        panes.insert(panes.end(), page->panes().begin(), page->panes().end());
    return panes;
}

} // namespace brink
