// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/detectorspage.h"

#include "app/boundarytools.h"
#include "app/figurepane.h"
#include "app/qtext.h"
#include "core/report/detectorsfigures.h"
#include "widgets/controls/segmented.h"
#include "widgets/plot/figureview.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace brink {

namespace {

constexpr int mostImages = 1'000'000;

QCheckBox* makeCheck(const QString& text, const QString& name, const QString& toolTip, QWidget* parent)
{
    auto* box = new QCheckBox(text, parent);
    box->setAccessibleName(name);
    box->setToolTip(toolTip);
    return box;
}

template <typename Box> Box* makeNumber(const QString& name, const QString& toolTip, QWidget* parent)
{
    auto* box = new Box(parent);
    box->setKeyboardTracking(false);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setAccessibleName(name);
    box->setToolTip(toolTip);
    return box;
}

QHBoxLayout* makeRow(QWidget* row)
{
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(16, 0, 8, 0);
    layout->setSpacing(8);
    return layout;
}

} // namespace

DetectorsPage::DetectorsPage(QWidget* parent)
    : QWidget(parent),
      m_squeezing(makeCheck(tr("Feature squeezing"), tr("Feature squeezing"), tr("Compares the output for the image with those for the image through squeezers (Xu et al. 2018)"), this)),
      m_curvature(makeCheck(tr("Curvature"), tr("Curvature detector"), tr("Mean curvature of the level sets at the image (Fawzi et al. 2017); about 200 gradients an image"), this)),
      m_squeezers(new QComboBox(this)),
      m_rate(makeNumber<QDoubleSpinBox>(tr("False positive rate"), tr("Share of clean images that may be called perturbed: the thresholds are chosen for it"), this)),
      m_clean(makeNumber<QSpinBox>(tr("Clean images"), tr("So many clean images choose the thresholds, and as many others are counted; drawn at random with the seed"), this)),
      m_attacked(makeNumber<QSpinBox>(tr("Attacked images"), tr("Counted images that the model classifies as labelled, as many as are attacked"), this)),
      m_published(makeCheck(tr("FGSM, I-FGSM, C&&W"), tr("Published attacks"), tr("With the budgets and confidences of the authors' script for such images, untargeted"), this)),
      m_ddn(makeCheck(tr("DDN"), tr("DDN"), tr("The nearest adversarial image in L2"), this)),
      m_fmn(makeCheck(tr("FMN"), tr("FMN"), tr("The nearest adversarial image in L2, another way"), this)),
      m_adaptive(makeCheck(tr("also attacks that know the detector"), tr("Attacks that know the detector"), tr("Each norm and budget also by an attack that knows the detector and its threshold: what remains of the detection then"), this)),
      m_run(new QPushButton(tr("Run"), this)), m_stop(new QPushButton(tr("Stop"), this)), m_state(new StatusBadge(this)), m_reason(quietLabel(QString(), nullptr, this))
{
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setHandleWidth(1);
    splitter->addWidget(makeFigures());
    splitter->addWidget(makeNumbers());
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({440, 400}); // the names of the attacks have room at 1280 x 720
    splitter->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(makeDetectorRow());
    layout->addWidget(makeImageRow());
    layout->addWidget(makeRunRow());
    layout->addWidget(splitter, 1);
    connectControls();
    showView({});
}

QWidget* DetectorsPage::makeDetectorRow()
{
    m_squeezers->setEditable(true);
    m_squeezers->setInsertPolicy(QComboBox::NoInsert);
    m_squeezers->setAccessibleName(tr("Squeezers"));
    m_squeezers->setToolTip(tr("A published joint configuration, or squeezers by name separated by commas: bit-depth-5, median-2-2, nlm-13-3-2 (search window, patch, strength)"));
    m_squeezers->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_squeezers->setMinimumContentsLength(22);
    m_squeezers->addItem(tr("published for these images"), QString());
    for (const SqueezeConfiguration& configuration : squeezeConfigurations()) {
        QStringList labels;
        for (const Squeezer& squeezer : configuration.squeezers)
            labels << qtext(squeezerLabel(squeezer));
        m_squeezers->addItem(tr("%1: %2").arg(qtext(configuration.label), labels.join(QStringLiteral(", "))), qtext(configuration.name));
    }
    m_rate->setRange(0.1, 50);
    m_rate->setDecimals(1);
    m_rate->setSuffix(tr(" %"));
    auto* row = new QWidget(this);
    auto* layout = makeRow(row);
    layout->addWidget(m_squeezing);
    layout->addWidget(m_squeezers, 1);
    layout->addWidget(m_curvature);
    layout->addWidget(quietLabel(tr("False alarms"), m_rate, row));
    layout->addWidget(m_rate);
    return row;
}

QWidget* DetectorsPage::makeImageRow()
{
    m_clean->setRange(2, mostImages);
    m_attacked->setRange(0, mostImages);
    auto* row = new QWidget(this);
    auto* layout = makeRow(row);
    layout->addWidget(quietLabel(tr("Clean images, twice"), m_clean, row));
    layout->addWidget(m_clean);
    layout->addWidget(quietLabel(tr("Attacked"), m_attacked, row));
    layout->addWidget(m_attacked);
    layout->addWidget(m_published);
    layout->addWidget(m_ddn);
    layout->addWidget(m_fmn);
    layout->addStretch(1);
    return row;
}

QWidget* DetectorsPage::makeRunRow()
{
    m_run->setProperty("primary", true);
    m_run->setAccessibleName(tr("Run detectors"));
    m_stop->setAccessibleName(tr("Stop detectors"));
    m_stop->setToolTip(tr("Keeps the images that are done (Esc)"));
    m_reason->setWordWrap(true);
    auto* row = new QWidget(this);
    auto* layout = makeRow(row);
    layout->addWidget(m_adaptive);
    layout->addWidget(m_run);
    layout->addWidget(m_stop);
    layout->addWidget(m_state);
    layout->addWidget(m_reason, 1);
    layout->addStretch();
    return row;
}

QWidget* DetectorsPage::makeFigures()
{
    auto* box = new QWidget(this);
    m_parts = new QStackedWidget(box);
    QStringList toolTips;
    for (const DetectorsFigureInfo& info : detectorsFigureInfos()) {
        auto* pane = new FigurePane(info.name, qtext(info.label), qtext(info.summary), box);
        pane->view()->setEmptyText(qtext(info.summary), tr("Run detectors"));
        connect(pane->view(), &FigureView::emptyActionTriggered, this, &DetectorsPage::runWanted);
        connect(pane, &FigurePane::cursorMoved, this, &DetectorsPage::readoutChanged);
        connect(pane, &FigurePane::exportRequested, this, &DetectorsPage::exportRequested);
        connect(pane, &FigurePane::copyRequested, this, &DetectorsPage::copyRequested);
        m_panes.push_back(pane);
        m_parts->addWidget(pane);
        toolTips << qtext(info.summary);
    }
    m_switch = new Segmented({tr("ROC"), tr("Rates"), tr("Squeezed images")}, toolTips, box);
    m_switch->setAccessibleName(tr("Figure of the detectors"));
    m_switch->setCurrent(0);
    m_image = new QComboBox(box);
    m_image->setAccessibleName(tr("Attacked image"));
    m_image->setToolTip(tr("The attacked image that is shown through the squeezers, of those that the attack of the table's row fooled"));
    m_image->setMinimumContentsLength(14);
    m_open = new QPushButton(tr("Inspect"), box);
    m_open->setAccessibleName(tr("Open the attacked image in Inspect"));
    m_open->setToolTip(tr("Opens the clean image in Inspect"));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(16, 0, 8, 4);
    row->addWidget(m_switch);
    row->addStretch(1);
    row->addWidget(m_image);
    row->addWidget(m_open);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_parts, 1);
    return box;
}

QWidget* DetectorsPage::makeNumbers()
{
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setHandleWidth(1);
    m_table = new ResultTable(detectorColumns(), tr("One row a detector and attack; below it the attack that knows the detector. A click shows its figures."), splitter);
    m_table->setAccessibleName(tr("Detection rates"));
    m_findings = new StatementList(tr("Whether the false positive rate is kept, and what an attacker leaves of the detection."), splitter);
    m_findings->setAccessibleName(tr("Findings"));
    splitter->addWidget(m_table);
    splitter->addWidget(m_findings);
    splitter->setSizes({200, 300});
    splitter->setChildrenCollapsible(false);
    return splitter;
}

void DetectorsPage::connectControls()
{
    connect(m_run, &QPushButton::clicked, this, &DetectorsPage::runWanted);
    connect(m_stop, &QPushButton::clicked, this, &DetectorsPage::stopWanted);
    const auto check = [this](QCheckBox* box, bool DetectorsChoices::*field) {
        connect(box, &QCheckBox::toggled, this, [this, field](bool isOn) {
            DetectorsChoices choices = m_view.choices;
            choices.*field = isOn;
            edit(choices);
        });
    };
    check(m_squeezing, &DetectorsChoices::hasSqueezing);
    check(m_curvature, &DetectorsChoices::hasCurvature);
    check(m_published, &DetectorsChoices::hasPublished);
    check(m_ddn, &DetectorsChoices::hasDdn);
    check(m_fmn, &DetectorsChoices::hasFmn);
    check(m_adaptive, &DetectorsChoices::isAdaptive);
    const auto number = [this](QSpinBox* box, int DetectorsChoices::*field) {
        connect(box, &QSpinBox::valueChanged, this, [this, field](int value) {
            DetectorsChoices choices = m_view.choices;
            choices.*field = value;
            edit(choices);
        });
    };
    number(m_clean, &DetectorsChoices::clean);
    number(m_attacked, &DetectorsChoices::attacked);
    connect(m_rate, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        DetectorsChoices choices = m_view.choices;
        choices.falsePositiveRate = value / 100;
        edit(choices);
    });
    const auto takeSqueezers = [this] {
        DetectorsChoices choices = m_view.choices;
        const int known = m_squeezers->findText(m_squeezers->currentText());
        choices.squeezers = (known >= 0 ? m_squeezers->itemData(known).toString() : m_squeezers->currentText()).toStdString();
        edit(choices);
    };
    connect(m_squeezers, &QComboBox::activated, this, takeSqueezers);
    connect(m_squeezers->lineEdit(), &QLineEdit::editingFinished, this, takeSqueezers);
    connect(m_switch, &Segmented::picked, this, &DetectorsPage::showPart);
    connect(m_table, &ResultTable::rowPicked, this, [this] { showImages(); showFigures(); });
    connect(m_image, &QComboBox::activated, this, &DetectorsPage::showFigures);
    connect(m_open, &QPushButton::clicked, this, [this] { Q_EMIT imageOpened(m_image->currentData().toLongLong()); });
}

/// The next edit builds on this one, whether the page has been shown anew in between or not.
void DetectorsPage::edit(const DetectorsChoices& choices)
{
    if (choices == m_view.choices)
        return;
    m_view.choices = choices;
    Q_EMIT choicesEdited(choices);
}

void DetectorsPage::showPart(int index)
{
    m_switch->setCurrent(index);
    m_parts->setCurrentIndex(index);
    const bool hasImages = index == int(m_panes.size()) - 1;
    m_image->setVisible(hasImages);
    m_open->setVisible(hasImages);
    showFigures();
}

void DetectorsPage::showView(const DetectorsPageView& view)
{
    const bool isNew = view.survey != m_view.survey || view.summary != m_view.summary;
    m_view = view;
    showChoices();
    const bool isRunning = view.state == ViewState::Running;
    m_run->setEnabled(view.whyNot.isEmpty() && !isRunning);
    m_run->setToolTip(view.whyNot.isEmpty() ? tr("Chooses the thresholds on clean images and counts on others, clean and attacked (F5)") : view.whyNot);
    m_reason->setText(view.whyNot);
    m_reason->setVisible(!view.whyNot.isEmpty());
    m_stop->setVisible(isRunning);
    m_state->setState(view.state, view.failure);
    m_state->setToolTip(view.failure);
    m_state->setVisible(view.state != ViewState::Empty);
    if (isNew)
        showResults();
    showPart(m_parts->currentIndex());
}

void DetectorsPage::showChoices()
{
    const DetectorsChoices& choices = m_view.choices;
    const QSignalBlocker blockers[]{QSignalBlocker(m_squeezing), QSignalBlocker(m_curvature), QSignalBlocker(m_squeezers), QSignalBlocker(m_rate), QSignalBlocker(m_clean),
        QSignalBlocker(m_attacked), QSignalBlocker(m_published), QSignalBlocker(m_ddn), QSignalBlocker(m_fmn), QSignalBlocker(m_adaptive)};
    m_squeezing->setChecked(choices.hasSqueezing);
    m_curvature->setChecked(choices.hasCurvature);
    m_squeezers->setEnabled(choices.hasSqueezing);
    m_squeezers->setItemText(0, m_view.published.isEmpty() ? tr("published for these images") : tr("published for these images (%1)").arg(m_view.published));
    if (!m_squeezers->lineEdit()->hasFocus() || m_squeezers->lineEdit()->text().isEmpty()) {
        const int known = m_squeezers->findData(qtext(choices.squeezers));
        m_squeezers->setCurrentIndex(known);
        if (known < 0)
            m_squeezers->setEditText(qtext(choices.squeezers));
        m_squeezers->lineEdit()->setCursorPosition(0);
    }
    m_rate->setValue(100 * choices.falsePositiveRate);
    m_clean->setValue(choices.clean);
    m_attacked->setValue(choices.attacked);
    m_published->setChecked(choices.hasPublished);
    m_ddn->setChecked(choices.hasDdn);
    m_fmn->setChecked(choices.hasFmn);
    m_adaptive->setChecked(choices.isAdaptive);
}

void DetectorsPage::showResults()
{
    const bool isThere = m_view.survey && m_view.summary;
    m_table->setRows(isThere ? detectorRows(*m_view.survey, *m_view.summary) : std::vector<TableRow>());
    m_findings->setStatements(isThere ? detectorFindings(*m_view.survey, *m_view.summary) : std::vector<Statement>());
    showImages();
}

/// The images that the attack of the current row fooled; the one in sight stays where it can.
void DetectorsPage::showImages()
{
    const QVariant current = m_image->currentData();
    m_image->clear();
    if (m_view.survey)
        for (const auto& [index, text] : fooledImages(*m_view.survey, pick().attack))
            m_image->addItem(text, qlonglong(index));
    m_image->setCurrentIndex(m_image->count() == 0 ? -1 : std::max(0, m_image->findData(current)));
    m_image->setEnabled(m_image->count() > 0);
    m_open->setEnabled(m_image->count() > 0);
}

/// Of the table's row, or of the first attack.
DetectorPick DetectorsPage::pick() const
{
    const auto picked = m_view.survey ? detectorPick(m_table->currentKey(), *m_view.survey) : std::nullopt;
    return picked.value_or(DetectorPick());
}

std::optional<Figure> DetectorsPage::figure(std::size_t place) const
{
    if (!m_view.survey || !m_view.summary || m_view.survey->attacks.empty())
        return std::nullopt;
    DetectorsView view;
    const bool isStrip = place + 1 == m_panes.size();
    view.attack = isStrip ? pick().attack : pick().plain;
    if (isStrip && m_image->count() > 0)
        view.image = m_image->currentData().toLongLong();
    return detectorsFigureInfos()[place].make(*m_view.survey, *m_view.summary, view);
}

/// Only what is in sight is made.
void DetectorsPage::showFigures()
{
    const auto place = std::size_t(m_parts->currentIndex());
    FigurePane* pane = m_panes[place];
    pane->setViewState(m_view.state);
    const bool isRunning = m_view.state == ViewState::Running;
    const QString summary = qtext(detectorsFigureInfos()[place].summary);
    pane->view()->setEmptyText(isRunning ? tr("Thresholds first, then the attacks: the figure comes with the first images") : summary, isRunning ? QString() : tr("Run detectors"));
    pane->setSubtitle(!m_view.failure.isEmpty() ? m_view.failure : m_view.survey ? detectorsLine(*m_view.survey) : QString());
    pane->setFigure(figure(place));
}

} // namespace brink
