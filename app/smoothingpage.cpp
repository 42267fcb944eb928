// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/smoothingpage.h"

#include "app/boundarytools.h"
#include "app/figurepane.h"
#include "app/inspecttext.h"
#include "app/qtext.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/report/smoothingfigure.h"
#include "core/stats/summary.h"
#include "widgets/controls/resulttable.h"
#include "widgets/plot/figureview.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace brink {

namespace {

constexpr int mostImages = 1'000'000, mostSamples = 100'000'000;
constexpr int widthOfTables = 500; ///< all columns at the usual font

QSpinBox* makeNumber(int low, int high, const QString& name, const QString& toolTip, QWidget* parent)
{
    auto* box = new QSpinBox(parent);
    box->setRange(low, high);
    box->setKeyboardTracking(false);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setGroupSeparatorShown(true);
    box->setAccessibleName(name);
    box->setToolTip(toolTip);
    return box;
}

std::vector<TableColumn> sigmaColumns()
{
    const auto text = [](const char* words) { return SmoothingPage::tr(words); };
    return {{text("σ (pixel)"), text("Standard deviation of the noise on every pixel value, pixel range [0,1]")}, {text("Images"), text("Looked at so far")},
        {text("Right"), text("Labelled right by the smoothed classifier, at any radius; an image without a label counts by the model's own class")},
        {text("Abstain"), text("No class is certain to be the majority")}, {text("Model"), text("Right without noise and without a certificate")},
        {text("Radius (L2)"), text("Median of the certified radius over the images, 0 where the smoothed classifier abstains or is wrong")},
        {text("Ceiling (L2)"), text("The largest radius that so many samples can certify: all of them agree")}};
}

std::vector<TableColumn> imageColumns()
{
    const auto text = [](const char* words) { return SmoothingPage::tr(words); };
    return {{text("Image"), text("Its place in the set; a double click opens it in Inspect")}, {text("Label"), text("Class that the set gives it"), false}, {text("Model"), text("Class without noise"), false},
        {text("Majority"), text("Class that noise leaves most often; a dash: the smoothed classifier abstains"), false},
        {text("Share (%)"), text("Of the samples that say the class, and below it what is certain of the share (Clopper and Pearson)")},
        {text("Radius (L2)"), text("Within it the smoothed classifier says nothing else, with the probability asked for")}};
}

TableCell cellOf(double value) { return {shownNumber(value), value, {}, false, false}; }
TableCell noCell() { return {QStringLiteral("–"), -1.0, {}, false, true}; }
TableCell shareCell(std::int64_t hits, std::int64_t total)
{
    if (total == 0)
        return noCell();
    const auto [low, high] = wilsonInterval(hits, total);
    return {SmoothingPage::tr("%1 %").arg(shownNumber(100.0 * double(hits) / double(total))), double(hits) / double(total),
        SmoothingPage::tr("%1 of %2; 95 % Wilson interval %3 to %4 %").arg(shownCount(hits), shownCount(total), shownNumber(100 * low), shownNumber(100 * high)), false, false};
}

std::int64_t wanted(const SmoothedImage& image) { return image.label.value_or(image.base); }
bool isRight(const SmoothedImage& image) { return !image.abstains && image.top == wanted(image); }

TableRow sigmaRow(const SmoothingSurvey& survey)
{
    const auto total = std::int64_t(survey.images.size());
    std::vector<double> radii;
    std::int64_t base = 0, right = 0, abstained = 0;
    for (const SmoothedImage& image : survey.images) {
        base += image.base == wanted(image);
        right += isRight(image);
        abstained += image.abstains;
        radii.push_back(isRight(image) ? image.radius : 0);
    }
    TableRow row{QString::number(survey.request.sigma), {cellOf(survey.request.sigma), {shownCount(total), qlonglong(total), {}, false, false}}};
    row.cells.insert(row.cells.end(), {shareCell(right, total), shareCell(abstained, total), shareCell(base, total), radii.empty() ? noCell() : cellOf(median(radii)),
        cellOf(largestCertifiableRadius(survey.request))});
    return row;
}

TableRow imageRow(const SmoothedImage& image, const SmoothingRequest& request, const std::function<QString(std::int64_t)>& className)
{
    const auto classCell = [&](std::int64_t number) { return TableCell{className ? className(number) : QString::number(number), qlonglong(number), {}, false, false}; };
    TableRow row{QString::number(image.index), {}};
    row.cells = {{shownCount(image.index), qlonglong(image.index), {}, false, false}, image.label ? classCell(*image.label) : noCell(), classCell(image.base), image.abstains ? noCell() : classCell(image.top),
        {shownNumber(100.0 * double(image.votes) / double(request.samples)), double(image.votes),
            SmoothingPage::tr("%1 of %2 samples; at least %3 % of all noise").arg(shownCount(image.votes), shownCount(request.samples), shownNumber(100 * image.probability)), false, false},
        image.abstains ? noCell() : cellOf(image.radius)};
    if (!image.abstains && !isRight(image))
        row.cells.back().toolTip = SmoothingPage::tr("Certified, and wrong");
    row.cells.back().isStrong = isRight(image);
    return row;
}

} // namespace

std::vector<SmoothingRequest> smoothingRequests(const SmoothingChoices& choices, std::uint64_t seed)
{
    std::vector<SmoothingRequest> requests;
    for (const std::string& word : split(choices.sigmas, ',')) {
        if (trimmed(word).empty())
            continue;
        const auto sigma = parseReal(trimmed(word));
        if (!sigma)
            throw Error(ErrorCode::Usage, "σ takes standard deviations separated by commas, e.g. 0.12, 0.25, not \"" + std::string(trimmed(word)) + "\".");
        requests.push_back({*sigma, choices.selection, choices.samples, choices.alpha, seed});
        static_cast<void>(largestCertifiableRadius(requests.back())); // refuses what cannot be used
    }
    if (requests.empty())
        throw Error(ErrorCode::Usage, "Give at least one standard deviation of the noise, e.g. 0.25.");
    return requests;
}

SmoothingPage::SmoothingPage(QWidget* parent)
    : QWidget(parent), m_sigma(new QLineEdit(this)),
      m_count(makeNumber(1, mostImages, tr("Images"), tr("The first so many images of the open set"), this)),
      m_samples(makeNumber(1, mostSamples, tr("Samples"), tr("Noisy copies of an image that count; more reach larger radii, and cost as many forward passes"), this)),
      m_selection(makeNumber(1, mostSamples, tr("Samples that choose the class"), tr("Noisy copies beforehand, which do not count"), this)), m_alpha(new QDoubleSpinBox(this)),
      m_run(new QPushButton(tr("Run"), this)), m_stop(new QPushButton(tr("Stop"), this)), m_state(new StatusBadge(this)), m_reason(quietLabel(QString(), nullptr, this)),
      m_pane(new FigurePane("smoothing", tr("Certified accuracy of the smoothed model"),
          tr("How many images keep their right class within each radius, whatever the change: of the classifier that answers by the majority over Gaussian noise."), this))
{
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_pane);
    splitter->addWidget(makeTables());
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(makeChoices());
    layout->addWidget(splitter, 1);
    m_pane->view()->setEmptyText(tr("How far the majority over noise keeps its class. Noise makes a classifier that can be certified out of any model; the certificate is of that classifier, "
                                    "never of the model."),
        tr("Smooth the model"));
    connect(m_pane->view(), &FigureView::emptyActionTriggered, this, &SmoothingPage::runWanted);
    connect(m_pane, &FigurePane::cursorMoved, this, &SmoothingPage::readoutChanged);
    connect(m_pane, &FigurePane::exportRequested, this, &SmoothingPage::exportRequested);
    connect(m_pane, &FigurePane::copyRequested, this, &SmoothingPage::copyRequested);
    connect(m_run, &QPushButton::clicked, this, &SmoothingPage::runWanted);
    connect(m_stop, &QPushButton::clicked, this, &SmoothingPage::stopWanted);
    connect(m_sigma, &QLineEdit::editingFinished, this, &SmoothingPage::edit);
    for (QSpinBox* box : {m_count, m_samples, m_selection})
        connect(box, &QSpinBox::valueChanged, this, &SmoothingPage::edit);
    connect(m_alpha, &QDoubleSpinBox::valueChanged, this, &SmoothingPage::edit);
    showView({});
}

QWidget* SmoothingPage::makeChoices()
{
    m_sigma->setAccessibleName(tr("Standard deviations of the noise"));
    m_sigma->setToolTip(tr("On every pixel value, pixel range [0,1], separated by commas; each makes a classifier of its own. Models trained with the same noise certify far more."));
    m_alpha->setRange(1e-6, 0.5);
    m_alpha->setDecimals(6);
    m_alpha->setKeyboardTracking(false);
    m_alpha->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_alpha->setAccessibleName(tr("Probability of failure"));
    m_alpha->setToolTip(tr("Each certificate may be wrong with at most this probability"));
    m_run->setProperty("primary", true);
    m_run->setAccessibleName(tr("Smooth the model"));
    m_stop->setAccessibleName(tr("Stop smoothing"));
    m_stop->setToolTip(tr("Keeps the images that are done (Esc)"));
    m_reason->setWordWrap(true);
    auto* box = new QWidget(this);
    auto* rows = new QVBoxLayout(box);
    rows->setContentsMargins(16, 0, 8, 0);
    rows->setSpacing(6);
    auto* first = new QHBoxLayout;
    const auto add = [box](QHBoxLayout* row, const QString& label, QWidget* control, int stretch = 0) {
        row->addWidget(quietLabel(label, control, box));
        row->addWidget(control, stretch);
    };
    add(first, tr("Noise σ (pixel [0,1])"), m_sigma, 1);
    add(first, tr("Images"), m_count);
    add(first, tr("Samples"), m_samples);
    first->addStretch(1);
    auto* second = new QHBoxLayout;
    add(second, tr("Choosing samples"), m_selection);
    add(second, tr("Failure probability"), m_alpha);
    second->addWidget(m_run);
    second->addWidget(m_stop);
    second->addWidget(m_state);
    second->addWidget(m_reason, 1);
    second->addStretch();
    rows->addLayout(first);
    rows->addLayout(second);
    return box;
}

QWidget* SmoothingPage::makeTables()
{
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setHandleWidth(1);
    m_sigmas = new ResultTable(sigmaColumns(), tr("One row a standard deviation of the noise."), splitter);
    m_sigmas->setAccessibleName(tr("Smoothed classifiers"));
    m_sigmas->scrollSideways();
    m_images = new ResultTable(imageColumns(), tr("The images of the row above: majority, its share and the certified radius."), splitter);
    m_images->setAccessibleName(tr("Smoothed images"));
    splitter->addWidget(m_sigmas);
    splitter->addWidget(m_images);
    splitter->setSizes({130, 400});
    splitter->setContentsMargins(0, 0, 8, 0); // numbers stand away from the window's edge
    splitter->setMinimumWidth(widthOfTables);
    splitter->setChildrenCollapsible(false);
    connect(m_sigmas, &ResultTable::rowPicked, this, &SmoothingPage::showImages);
    connect(m_images, &QTableView::doubleClicked, this, [this] { Q_EMIT imageOpened(m_images->currentKey().toLongLong()); });
    return splitter;
}

void SmoothingPage::edit()
{
    const SmoothingChoices choices{m_sigma->text().toStdString(), m_count->value(), m_samples->value(), m_selection->value(), m_alpha->value()};
    if (choices == m_view.choices)
        return;
    m_view.choices = choices;
    Q_EMIT choicesEdited(choices);
}

void SmoothingPage::showView(const SmoothingPageView& view)
{
    m_view = view;
    showChoices();
    const bool isRunning = view.state == ViewState::Running;
    m_run->setEnabled(view.whyNot.isEmpty() && !isRunning);
    m_run->setToolTip(view.whyNot.isEmpty() ? tr("Asks the model for every noisy copy of every image (F5)") : view.whyNot);
    m_reason->setText(view.whyNot);
    m_reason->setVisible(!view.whyNot.isEmpty());
    m_stop->setVisible(isRunning);
    m_state->setState(view.state, view.failure);
    m_state->setToolTip(view.failure);
    m_state->setVisible(view.state != ViewState::Empty);
    showResults();
}

void SmoothingPage::showChoices()
{
    const QSignalBlocker blockers[]{QSignalBlocker(m_sigma), QSignalBlocker(m_count), QSignalBlocker(m_samples), QSignalBlocker(m_selection), QSignalBlocker(m_alpha)};
    const SmoothingChoices& choices = m_view.choices;
    if (!m_sigma->hasFocus() || m_sigma->text().isEmpty())
        m_sigma->setText(qtext(choices.sigmas));
    m_count->setValue(choices.images);
    m_samples->setValue(choices.samples);
    m_selection->setValue(choices.selection);
    m_alpha->setValue(choices.alpha);
}

void SmoothingPage::showResults()
{
    std::vector<TableRow> rows;
    if (m_view.surveys)
        for (const SmoothingSurvey& survey : *m_view.surveys)
            if (!survey.images.empty())
                rows.push_back(sigmaRow(survey));
    m_sigmas->setRows(std::move(rows));
    m_pane->setViewState(m_view.state);
    m_pane->setSubtitle(!m_view.failure.isEmpty() ? m_view.failure : m_view.surveys ? tr("of the smoothed classifier, never of the model itself") : QString());
    m_pane->setFigure(m_view.surveys ? smoothingFigure(*m_view.surveys) : std::nullopt);
    showImages();
}

/// Of the row that is current, or the first.
void SmoothingPage::showImages()
{
    std::vector<TableRow> rows;
    if (m_view.surveys && !m_view.surveys->empty()) {
        const auto isCurrent = [this](const SmoothingSurvey& survey) { return QString::number(survey.request.sigma) == m_sigmas->currentKey(); };
        const auto found = std::ranges::find_if(*m_view.surveys, isCurrent);
        const SmoothingSurvey& survey = found == m_view.surveys->end() ? m_view.surveys->front() : *found;
        for (const SmoothedImage& image : survey.images)
            rows.push_back(imageRow(image, survey.request, m_view.className));
    }
    m_images->setRows(std::move(rows));
}

} // namespace brink
