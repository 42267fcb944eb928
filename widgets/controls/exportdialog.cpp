// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/exportdialog.h"

#include "widgets/controls/figurepreview.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFontComboBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <cmath>

namespace brink {

namespace {

QDoubleSpinBox* makeNumber(QWidget* parent, double minimum, double maximum, double step, const QString& unit)
{
    auto* box = new QDoubleSpinBox(parent);
    box->setRange(minimum, maximum);
    box->setSingleStep(step);
    box->setDecimals(1);
    box->setSuffix(unit);
    box->setAlignment(Qt::AlignRight);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons); // typed, or stepped with the arrow keys
    return box;
}

void describe(QWidget* widget, const QString& name, const QString& toolTip)
{
    widget->setAccessibleName(name);
    widget->setToolTip(toolTip);
}

} // namespace

ExportSpec exportSpec(const ExportChoice& choice)
{
    ExportSpec spec;
    spec.widthMm = choice.widthMm;
    if (choice.heightMm > 0)
        spec.heightMm = choice.heightMm;
    spec.fontPt = choice.fontPt;
    spec.fontFamily = choice.fontFamily.toStdString();
    spec.dpi = choice.dpi;
    spec.theme = choice.theme;
    spec.isTransparent = choice.isTransparent;
    spec.outlinesText = choice.outlinesText;
    return spec;
}

/// Rounded down to tenths of a millimetre, so that a figure never is wider than its column. From the venues' style files
/// and artwork guides.
const QList<PaperWidth>& paperWidths()
{
    static const QList<PaperWidth> widths{
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "One column"), 85.0},
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "Two columns"), 175.0},
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "NeurIPS, ICLR, text"), 139.7}, // 5.5 in
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "ICML, column"), 82.5},         // 3.25 in
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "ICML, text"), 171.4},          // 6.75 in
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "CVPR, ICCV, text"), 174.6},    // 6.875 in; the column is ICML's
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "IEEE, column"), 88.9},
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "IEEE, text"), 181.0},
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "ACM (sigconf), column"), 84.7},
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "ACM (sigconf), text"), 177.8},
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "Springer LNCS, text"), 122.0},
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "Nature, column"), 89.0},
        {QT_TRANSLATE_NOOP("brink::ExportDialog", "Nature, two columns"), 183.0},
    };
    return widths;
}

ExportDialog::ExportDialog(const QString& what, std::vector<Figure> figures, const ExportChoice& start, QWidget* parent)
    : QDialog(parent), m_figures(std::move(figures)), m_shown(new QComboBox(this)), m_preview(new FigurePreview(this)),
      m_format(new QComboBox(this)), m_preset(new QComboBox(this)), m_width(makeNumber(this, 20, 1000, 1, tr(" mm"))),
      m_height(makeNumber(this, 0, 1000, 1, tr(" mm"))), m_fontSize(makeNumber(this, 4, 36, 0.5, tr(" pt"))), m_font(new QFontComboBox(this)),
      m_theme(new QComboBox(this)), m_text(new QComboBox(this)), m_transparent(new QCheckBox(tr("Transparent background"), this)),
      m_dpi(new QSpinBox(this)), m_csv(new QCheckBox(tr("Also write the data as CSV"), this)),
      m_paths(new QCheckBox(tr("Include file paths"), this)), m_size(new QLabel(this)), m_caption(new QLabel(this)),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this)), m_save(nullptr)
{
    setWindowTitle(tr("Export: %1").arg(what));
    makeWidgets();
    makeButtons();
    auto* left = new QVBoxLayout;
    left->addLayout(makeForm());
    left->addStretch(1);
    auto* right = new QVBoxLayout;
    right->addWidget(m_shown);
    right->addWidget(m_preview, 1);
    right->addWidget(m_size);
    auto* top = new QHBoxLayout;
    top->setSpacing(16);
    top->addLayout(left);
    top->addLayout(right, 1);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(top, 1);
    layout->addWidget(makeCaption());
    layout->addWidget(m_buttons);
    resize(880, 640); // a preview large enough to judge; less where the screen is smaller
    setChoice(start);
    showChoice();
    connectWidgets();
    m_format->setFocus();
}

void ExportDialog::makeWidgets()
{
    for (const Figure& each : m_figures)
        m_shown->addItem(QString::fromStdString(each.name));
    m_shown->setVisible(m_figures.size() > 1);
    m_format->addItem(tr("PDF, vector"), QStringLiteral("pdf"));
    m_format->addItem(tr("SVG, vector"), QStringLiteral("svg"));
    m_format->addItem(tr("PNG, pixels"), QStringLiteral("png"));
    m_format->addItem(tr("CSV, the numbers"), QStringLiteral("csv"));
    for (const PaperWidth& paper : paperWidths())
        m_preset->addItem(tr("%1, %2 mm").arg(tr(paper.name)).arg(paper.widthMm), paper.widthMm);
    m_preset->addItem(tr("Other width"), 0.0);
    m_height->setSpecialValueText(tr("follows the width"));
    m_theme->addItem(tr("Print"), int(ThemeKind::Print));
    m_theme->addItem(tr("Light"), int(ThemeKind::Light));
    m_theme->addItem(tr("Dark"), int(ThemeKind::Dark));
    m_text->addItem(tr("Text, fonts embedded"), false);
    m_text->addItem(tr("Curves, no fonts needed"), true);
    m_dpi->setRange(72, 2400);
    m_dpi->setSingleStep(50);
    m_dpi->setSuffix(tr(" dpi"));
    m_dpi->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_dpi->setAlignment(Qt::AlignRight);
    m_font->setMinimumContentsLength(12);
    m_font->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    describe(m_shown, tr("Previewed figure"), tr("All figures are exported; this one is shown"));
    describe(m_format, tr("Format"), tr("Vector formats stay sharp at any size"));
    describe(m_preset, tr("Width preset"), tr("Column and text widths of paper styles"));
    describe(m_width, tr("Width"), tr("Width of the whole figure on paper"));
    describe(m_height, tr("Height"), tr("Height of the whole figure on paper; at the smallest value it follows the width"));
    describe(m_fontSize, tr("Font size"), tr("Size of all text on paper, in points"));
    describe(m_font, tr("Font"), tr("Font of all text in the figure"));
    describe(m_theme, tr("Theme"), tr("Print is made for white paper and grey printers"));
    describe(m_text, tr("Letters"), tr("Text can be searched and edited; curves look the same without the font"));
    describe(m_transparent, m_transparent->text(), tr("No background, for slides and posters"));
    describe(m_dpi, tr("Resolution"), tr("Pixels per inch of a PNG"));
    describe(m_csv, m_csv->text(), tr("A table of the numbers behind the figure, with where they come from, beside the picture"));
    describe(m_paths, m_paths->text(),
        tr("Writes into the file where model and images are, so that dropping the figure on Brink opens them again. Off: only their hashes."));
    describe(m_size, tr("Size"), tr("Size of the exported file"));
    m_size->setProperty("role", QStringLiteral("muted"));
    m_size->setAlignment(Qt::AlignHCenter);
    m_size->setWordWrap(true);
}

QFormLayout* ExportDialog::makeForm()
{
    auto* form = new QFormLayout;
    form->addRow(tr("Format"), m_format);
    form->addRow(tr("Paper"), m_preset);
    form->addRow(tr("Width"), m_width);
    form->addRow(tr("Height"), m_height);
    form->addRow(tr("Font size"), m_fontSize);
    form->addRow(tr("Font"), m_font);
    form->addRow(tr("Theme"), m_theme);
    form->addRow(tr("Letters"), m_text);
    form->addRow(tr("Resolution"), m_dpi);
    form->addRow(QString(), m_transparent);
    form->addRow(QString(), m_csv);
    form->addRow(QString(), m_paths);
    return form;
}

QWidget* ExportDialog::makeCaption()
{
    auto* box = new QWidget(this);
    auto* layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    m_caption->setWordWrap(true);
    m_caption->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_caption->setProperty("role", QStringLiteral("muted"));
    m_caption->setAccessibleName(tr("Caption"));
    m_caption->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    // A caption may be long; it must not push the buttons off a small screen.
    auto* scroll = new QScrollArea(box);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setMaximumHeight(76);
    scroll->setWidget(m_caption);
    auto* copy = new QPushButton(tr("Copy caption"), box);
    describe(copy, tr("Copy caption"), tr("Put the caption on the clipboard; it is not part of the picture"));
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_caption->text()); });
    layout->addWidget(scroll, 1);
    layout->addWidget(copy, 0, Qt::AlignTop);
    return box;
}

void ExportDialog::makeButtons()
{
    auto* copy = m_buttons->addButton(tr("Copy figure"), QDialogButtonBox::ActionRole);
    describe(copy, tr("Copy figure"), tr("Put the figure in the preview on the clipboard, as picture and as SVG"));
    connect(copy, &QPushButton::clicked, this, &ExportDialog::copyRequested);
    m_save = new QPushButton(tr("Export..."), this);
    m_save->setProperty("primary", true); // before the box polishes it
    m_buttons->addButton(m_save, QDialogButtonBox::AcceptRole);
    m_save->setDefault(true);
    m_save->setToolTip(tr("Choose a place and write the file"));
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void ExportDialog::connectWidgets()
{
    for (QComboBox* box : {m_shown, m_format, m_theme, m_text, static_cast<QComboBox*>(m_font)})
        connect(box, &QComboBox::currentIndexChanged, this, &ExportDialog::showChoice);
    for (QDoubleSpinBox* box : {m_width, m_height, m_fontSize})
        connect(box, &QDoubleSpinBox::valueChanged, this, &ExportDialog::showChoice);
    connect(m_dpi, &QSpinBox::valueChanged, this, &ExportDialog::showChoice);
    connect(m_transparent, &QCheckBox::toggled, this, &ExportDialog::showChoice);
    connect(m_preset, &QComboBox::activated, this, [this] {
        if (const double width = m_preset->currentData().toDouble(); width > 0)
            m_width->setValue(width);
        else
            m_width->setFocus();
    });
    connect(m_preview, &FigurePreview::drawn, this, [this] { m_save->setEnabled(true); });
    connect(m_preview, &FigurePreview::refused, this, [this](const QString& reason) {
        m_save->setEnabled(false);
        m_size->setText(reason);
    });
}

void ExportDialog::setChoice(const ExportChoice& choice)
{
    m_format->setCurrentIndex(std::max(0, m_format->findData(choice.format)));
    m_width->setValue(choice.widthMm);
    m_height->setValue(choice.heightMm);
    m_fontSize->setValue(choice.fontPt);
    m_font->setCurrentFont(choice.fontFamily.isEmpty() ? QGuiApplication::font() : QFont(choice.fontFamily));
    m_theme->setCurrentIndex(std::max(0, m_theme->findData(int(choice.theme))));
    m_text->setCurrentIndex(choice.outlinesText ? 1 : 0);
    m_transparent->setChecked(choice.isTransparent);
    m_dpi->setValue(choice.dpi);
    m_csv->setChecked(choice.writesCsv);
    m_paths->setChecked(choice.includesPaths);
}

ExportChoice ExportDialog::choice() const
{
    ExportChoice choice;
    choice.format = m_format->currentData().toString();
    choice.widthMm = m_width->value();
    choice.heightMm = m_height->value();
    choice.fontPt = m_fontSize->value();
    // The application's own font stays a wish for it, whatever it is on another machine.
    const QString family = m_font->currentFont().family();
    choice.fontFamily = family == QFontInfo(QGuiApplication::font()).family() || family == QGuiApplication::font().family() ? QString() : family;
    choice.dpi = m_dpi->value();
    choice.theme = ThemeKind(m_theme->currentData().toInt());
    choice.outlinesText = m_text->currentData().toBool();
    choice.isTransparent = m_transparent->isChecked();
    choice.writesCsv = m_csv->isChecked();
    choice.includesPaths = m_paths->isChecked();
    return choice;
}

const Figure& ExportDialog::figure() const { return m_figures[std::size_t(std::max(0, m_shown->currentIndex()))]; }

void ExportDialog::showChoice()
{
    const ExportChoice now = choice();
    const bool isPicture = now.format != QStringLiteral("csv");
    const bool isPixels = now.format == QStringLiteral("png");
    for (QWidget* widget : {static_cast<QWidget*>(m_preset), static_cast<QWidget*>(m_width), static_cast<QWidget*>(m_height),
             static_cast<QWidget*>(m_fontSize), static_cast<QWidget*>(m_font), static_cast<QWidget*>(m_theme), static_cast<QWidget*>(m_transparent),
             static_cast<QWidget*>(m_csv)})
        widget->setEnabled(isPicture);
    m_text->setEnabled(isPicture && !isPixels);
    m_dpi->setEnabled(isPixels);
    showPreset();
    const ExportSpec spec = exportSpec(now);
    const QSize pixels = exportSizePixels(figure(), spec);
    const QSizeF mm = exportSizeMm(figure(), spec);
    m_size->setText(isPixels ? tr("%1 × %2 pixels").arg(pixels.width()).arg(pixels.height())
            : isPicture      ? tr("%1 × %2 mm").arg(locale().toString(mm.width(), 'f', 1), locale().toString(mm.height(), 'f', 1))
                             : tr("A table of the numbers; the preview shows what they draw"));
    m_caption->setText(QString::fromStdString(plainText(figure().caption)));
    m_preview->setFigure(std::make_shared<const Figure>(figure()), spec);
}

void ExportDialog::showPreset()
{
    const QSignalBlocker blocker(m_preset);
    int known = m_preset->count() - 1;
    for (int i = 0; i < m_preset->count() - 1; ++i)
        if (std::abs(m_preset->itemData(i).toDouble() - m_width->value()) < 0.05) {
            known = i;
            break;
        }
    m_preset->setCurrentIndex(known);
}

} // namespace brink
