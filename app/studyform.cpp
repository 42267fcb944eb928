// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studyform.h"

#include "app/analysisform.h"
#include "app/inspecttext.h"
#include "app/qtext.h"
#include "app/settings.h"
#include "core/data/dataset.h"
#include "widgets/controls/uitheme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTableWidget>
#include <QVBoxLayout>

#include <limits>

namespace brink {

namespace {

enum Column { NameColumn, FamilyColumn, OffsetColumn, ColumnCount };

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

QPushButton* makeButton(const QString& text, const QString& toolTip, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setAutoDefault(false);
    describe(button, text, toolTip);
    return button;
}

/// How many images of the set the range names. @throws Error
std::int64_t countOf(const std::string& path, const std::string& range)
{
    return std::int64_t(parseIndexRange(range, openDataset(path)->size()).size());
}

} // namespace

std::vector<AnalysisDraft> usualAnalyses()
{
    AnalysisDraft budget;
    budget.attack = "bim";
    budget.norm = Norm::Linf;
    budget.texts["eps"] = QStringLiteral("0.03");
    budget.transfers = true;
    AnalysisDraft distance;
    distance.attack = "cw";
    distance.preset = Preset::Preview;
    AnalysisDraft estimate;
    estimate.preset = Preset::Preview;
    estimate.images = 10;
    return {budget, distance, estimate};
}

StudyForm::StudyForm(const StudyDraft& draft, const QString& resultFile, Scheduler& scheduler, QWidget* parent)
    : QDialog(parent), m_draft(draft), m_counting(scheduler, tr("Count the images"), QStringLiteral("study-counting")), m_name(new QLineEdit(draft.name, this)),
      m_models(new QTableWidget(0, ColumnCount, this)), m_images(new QLineEdit(draft.images, this)), m_range(new QLineEdit(draft.range, this)),
      m_imageNote(new QLabel(this)), m_entry(new QComboBox(this)), m_seed(new QSpinBox(this)), m_keeps(new QCheckBox(tr("Keep the adversarial images"), this)),
      m_analyses(new QListWidget(this)), m_analysis(new AnalysisForm(this)), m_file(new QLineEdit(resultFile, this)), m_verdict(new QLabel(this)),
      m_run(makeButton(tr("Run"), tr("Compute the study into its file; stop and continue at any time"), this)),
      m_save(makeButton(tr("Save as JSON..."), tr("Write the study as a file for brink run, on this or another machine"), this))
{
    setWindowTitle(tr("New study"));
    resize(980, 660);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(20);
    columns->addWidget(makeLeft(), 1);
    columns->addWidget(makeRight(), 1);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(columns, 1);
    layout->addWidget(makeBottom());
    for (const ModelDraft& model : m_draft.models)
        addModelRow(model);
    for (const AnalysisDraft& analysis : m_draft.analyses)
        m_analyses->addItem(analysisTitle(analysis));
    connect(m_analyses, &QListWidget::currentRowChanged, this, &StudyForm::pickAnalysis);
    m_analyses->setCurrentRow(0);
    for (QLineEdit* line : {m_name, m_file})
        connect(line, &QLineEdit::textChanged, this, &StudyForm::validate);
    for (QLineEdit* line : {m_images, m_range})
        connect(line, &QLineEdit::textChanged, this, &StudyForm::countImages);
    connect(m_models, &QTableWidget::itemChanged, this, &StudyForm::validate);
    connect(m_entry, &QComboBox::currentIndexChanged, this, &StudyForm::validate);
    connect(m_seed, &QSpinBox::valueChanged, this, &StudyForm::validate);
    connect(m_keeps, &QCheckBox::clicked, this, &StudyForm::validate);
    connect(m_analysis, &AnalysisForm::edited, this, [this](const AnalysisDraft& edited) {
        const int row = m_analyses->currentRow();
        m_draft.analyses[std::size_t(row)] = edited;
        m_analyses->item(row)->setText(analysisTitle(edited));
        validate();
    });
    countImages();
}

QWidget* StudyForm::makeLeft()
{
    auto* side = new QWidget(this);
    describe(m_name, tr("Name"), tr("Name of the study, in its file and on its figures"));
    describe(m_images, tr("Image set"), tr("A folder of images, or an IDX, CIFAR, CSV or .npy file with labels"));
    describe(m_range, tr("Range"), tr("Which of its images: \"0:100\", \"3,7,9\"; empty: all"));
    m_range->setPlaceholderText(tr("all, or 0:100"));
    m_entry->addItem(tr("Each model: those that it classifies correctly"), int(EntryRule::Correct));
    m_entry->addItem(tr("Those that every model classifies correctly"), int(EntryRule::CorrectOnAll));
    m_entry->addItem(tr("All images"), int(EntryRule::All));
    m_entry->setCurrentIndex(m_entry->findData(int(m_draft.entry)));
    describe(m_entry, tr("Which images enter"), tr("An image that is misclassified already has no distance to misclassification"));
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_seed->setValue(int(m_draft.seed));
    describe(m_seed, tr("Seed"), tr("The same seed gives the same numbers"));
    m_keeps->setChecked(m_draft.keepsAdversarials);
    describe(m_keeps, tr("Keep the adversarial images"), tr("They are shown behind the cells of the transfer heatmap; without them the file is smaller"));
    m_imageNote->setWordWrap(true);
    auto* browse = makeButton(tr("Browse..."), tr("Choose a data set file"), side);
    connect(browse, &QPushButton::clicked, this, &StudyForm::askImages);
    auto* imageRow = new QHBoxLayout;
    imageRow->addWidget(m_images, 1);
    imageRow->addWidget(browse);
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Image set"), imageRow);
    form->addRow(tr("Range"), m_range);
    form->addRow(QString(), m_imageNote);
    form->addRow(tr("Which enter"), m_entry);
    form->addRow(tr("Seed"), m_seed);
    form->addRow(QString(), m_keeps);
    auto* top = new QFormLayout;
    top->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    top->addRow(tr("Name"), m_name);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(top);
    layout->addWidget(makeModels(), 1);
    layout->addWidget(makeHeading(tr("Images"), side));
    layout->addLayout(form);
    return side;
}

QWidget* StudyForm::makeModels()
{
    auto* part = new QWidget(this);
    m_models->setHorizontalHeaderLabels({tr("Model"), tr("Family"), tr("Class offset")});
    m_models->horizontalHeaderItem(FamilyColumn)->setToolTip(tr("Models of one family share colour and marker"));
    m_models->horizontalHeaderItem(OffsetColumn)->setToolTip(tr("1 for models with a background class before those of the data set, else 0"));
    m_models->horizontalHeader()->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
    m_models->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_models->verticalHeader()->hide();
    m_models->setSelectionBehavior(QTableWidget::SelectRows);
    m_models->setTabKeyNavigation(false);
    describe(m_models, tr("Models"), tr("Ticked models take part. Names and families can be edited: press F2."));
    auto* add = makeButton(tr("Add models..."), tr("Choose TorchScript files"), part);
    connect(add, &QPushButton::clicked, this, &StudyForm::askModels);
    auto* head = new QHBoxLayout;
    head->addWidget(makeHeading(tr("Models"), part), 1);
    head->addWidget(add);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 8, 0, 8);
    layout->addLayout(head);
    layout->addWidget(m_models, 1);
    return part;
}

QWidget* StudyForm::makeRight()
{
    auto* side = new QWidget(this);
    describe(m_analyses, tr("Analyses"), tr("Everything that is done to every model"));
    m_analyses->setMaximumHeight(130);
    auto* attack = makeButton(tr("Add attack"), tr("One more attack; choose which below"), side);
    auto* clever = makeButton(tr("Add CLEVER"), tr("An estimate of a lower bound of the distance"), side);
    auto* remove = makeButton(tr("Remove"), tr("Take the chosen analysis off the list"), side);
    connect(attack, &QPushButton::clicked, this, [this] { addAnalysis(usualAnalyses().front()); });
    connect(clever, &QPushButton::clicked, this, [this] { addAnalysis(usualAnalyses().back()); });
    connect(remove, &QPushButton::clicked, this, &StudyForm::removeAnalysis);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(makeHeading(tr("Analyses"), side), 1);
    for (QPushButton* button : {attack, clever, remove})
        buttons->addWidget(button);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(buttons);
    layout->addWidget(m_analyses);
    layout->addWidget(m_analysis, 1);
    return side;
}

QWidget* StudyForm::makeBottom()
{
    auto* bottom = new QWidget(this);
    describe(m_file, tr("Result file"), tr("Every finished unit is kept in this file (.brink)"));
    m_verdict->setWordWrap(true);
    m_verdict->setAccessibleName(tr("Cost, or what is missing"));
    m_run->setProperty("primary", true);
    auto* browse = makeButton(tr("Browse..."), tr("Choose where the results go"), bottom);
    auto* cancel = makeButton(tr("Cancel"), tr("Close without running"), bottom);
    connect(browse, &QPushButton::clicked, this, &StudyForm::askResultFile);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_run, &QPushButton::clicked, this, &StudyForm::runWanted);
    connect(m_save, &QPushButton::clicked, this, &StudyForm::saveWanted);
    auto* file = new QHBoxLayout;
    auto* label = new QLabel(tr("Result file"), bottom);
    label->setBuddy(m_file);
    file->addWidget(label);
    file->addWidget(m_file, 1);
    file->addWidget(browse);
    auto* row = new QHBoxLayout;
    row->addWidget(m_verdict, 1);
    row->addWidget(cancel);
    row->addWidget(m_save);
    row->addWidget(m_run);
    auto* layout = new QVBoxLayout(bottom);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(file);
    layout->addLayout(row);
    return bottom;
}

void StudyForm::addModelRow(const ModelDraft& model)
{
    const QSignalBlocker blocker(m_models);
    const int row = m_models->rowCount();
    m_models->insertRow(row);
    auto* name = new QTableWidgetItem(model.name);
    name->setFlags(name->flags() | Qt::ItemIsUserCheckable);
    name->setCheckState(model.isChosen ? Qt::Checked : Qt::Unchecked);
    name->setData(Qt::UserRole, model.path);
    name->setToolTip(model.path);
    m_models->setItem(row, NameColumn, name);
    m_models->setItem(row, FamilyColumn, new QTableWidgetItem(model.family));
    m_models->setItem(row, OffsetColumn, new QTableWidgetItem(QString::number(model.classOffset)));
}

void StudyForm::addModels(const QStringList& paths)
{
    for (const QString& path : paths)
        addModelRow({QFileInfo(path).absoluteFilePath(), QFileInfo(path).completeBaseName(), {}, 0, true});
    validate();
}

void StudyForm::askModels()
{
    const QStringList paths = QFileDialog::getOpenFileNames(this, tr("Add TorchScript models"), Settings().folder(),
        tr("TorchScript (*.pt *.pth *.ts *.torchscript);;All files (*)"));
    addModels(paths);
}

void StudyForm::setImages(const QString& path, const QString& range)
{
    m_images->setText(path);
    m_range->setText(range);
}

void StudyForm::askImages()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Choose a data set"), Settings().folder());
    if (!path.isEmpty())
        m_images->setText(path);
}

void StudyForm::askResultFile()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Result file"), m_file->text(), tr("Brink studies (*.brink)"), nullptr, QFileDialog::DontConfirmOverwrite);
    if (!path.isEmpty())
        m_file->setText(path);
}

QString StudyForm::resultFile() const
{
    const QString path = m_file->text().trimmed();
    return QFileInfo(path).suffix().isEmpty() ? path + QStringLiteral(".brink") : path;
}

void StudyForm::addAnalysis(const AnalysisDraft& draft)
{
    m_draft.analyses.push_back(draft);
    m_analyses->addItem(analysisTitle(draft));
    m_analyses->setCurrentRow(m_analyses->count() - 1);
    validate();
}

void StudyForm::removeAnalysis()
{
    const int row = m_analyses->currentRow();
    if (row < 0)
        return;
    m_draft.analyses.erase(m_draft.analyses.begin() + row);
    delete m_analyses->takeItem(row);
    pickAnalysis(m_analyses->currentRow());
    validate();
}

void StudyForm::pickAnalysis(int row)
{
    const bool isPicked = row >= 0 && row < int(m_draft.analyses.size());
    m_analysis->setEnabled(isPicked);
    if (isPicked)
        m_analysis->setDraft(m_draft.analyses[std::size_t(row)]);
}

StudyDraft StudyForm::draft() const
{
    StudyDraft draft = m_draft;
    draft.name = m_name->text();
    draft.models.clear();
    for (int row = 0; row < m_models->rowCount(); ++row) {
        const QTableWidgetItem* name = m_models->item(row, NameColumn);
        draft.models.push_back({name->data(Qt::UserRole).toString(), name->text().trimmed(), m_models->item(row, FamilyColumn)->text().trimmed(),
            m_models->item(row, OffsetColumn)->text().toInt(), name->checkState() == Qt::Checked});
    }
    draft.images = m_images->text().trimmed();
    draft.range = m_range->text();
    draft.entry = EntryRule(m_entry->currentData().toInt());
    draft.seed = std::uint64_t(m_seed->value());
    draft.keepsAdversarials = m_keeps->isChecked();
    return draft;
}

void StudyForm::countImages()
{
    m_imageCount.reset();
    m_imageProblem.clear();
    const QString path = m_images->text().trimmed();
    if (!path.isEmpty())
        m_counting.request([path = path.toStdString(), range = m_range->text().trimmed().toStdString()] { return countOf(path, range); },
            [this](std::int64_t count) {
                m_imageCount = count;
                validate();
            },
            [this](const Error& error) {
                m_imageProblem = qtext(error.message());
                validate();
            });
    validate();
}

QString StudyForm::estimate() const { return m_verdict->text(); }

void StudyForm::validate()
{
    m_study.reset();
    m_problem.clear();
    m_imageNote->setText(!m_imageProblem.isEmpty() ? m_imageProblem : m_imageCount ? tr("%1 images").arg(shownCount(*m_imageCount)) : QString());
    setTextRole(m_imageNote, m_imageProblem.isEmpty() ? QStringLiteral("muted") : QStringLiteral("alarm"));
    const StudyDraft typed = draft();
    const auto isChosen = [](const ModelDraft& model) { return model.isChosen; };
    if (std::ranges::none_of(typed.models, isChosen))
        m_problem = tr("Tick at least one model, or add some.");
    else if (typed.images.isEmpty())
        m_problem = tr("Choose an image set.");
    else if (!m_imageProblem.isEmpty())
        m_problem = tr("The image set cannot be used; see there.");
    else if (typed.analyses.empty())
        m_problem = tr("Add at least one analysis.");
    else if (m_analysis->isEnabled() && !m_analysis->problem().isEmpty())
        m_problem = m_analysis->problem();
    else if (m_file->text().trimmed().isEmpty())
        m_problem = tr("Name a result file.");
    if (m_problem.isEmpty()) {
        try {
            m_study = studyFromJson(studyJson(typed), std::string());
        } catch (const Error& error) {
            m_problem = qtext(error.message());
        }
    }
    m_verdict->setText(!m_problem.isEmpty() ? m_problem : m_imageCount ? estimateText(*m_study, *m_imageCount) : tr("The images are being counted."));
    setTextRole(m_verdict, m_problem.isEmpty() ? QStringLiteral("muted") : QStringLiteral("caution"));
    m_run->setEnabled(m_study && m_imageCount);
    m_save->setEnabled(m_study.has_value());
}

} // namespace brink
