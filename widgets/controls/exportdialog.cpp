// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/exportdialog.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

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
    return box;
}

void describe(QWidget* widget, const QString& name, const QString& toolTip)
{
    widget->setAccessibleName(name);
    widget->setToolTip(toolTip);
}

QWidget* makeCaption(const QString& caption, QWidget* parent)
{
    auto* box = new QWidget(parent);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* text = new QLabel(caption, box);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setProperty("role", QStringLiteral("muted"));
    auto* copy = new QPushButton(ExportDialog::tr("Copy caption"), box);
    describe(copy, ExportDialog::tr("Copy caption"), ExportDialog::tr("Put the caption on the clipboard; it is not part of the picture"));
    QObject::connect(copy, &QPushButton::clicked, box, [caption] { QGuiApplication::clipboard()->setText(caption); });
    layout->addWidget(text);
    layout->addWidget(copy, 0, Qt::AlignLeft);
    return box;
}

} // namespace

ExportDialog::ExportDialog(const QString& what, const QString& caption, const ExportChoice& start, QWidget* parent)
    : QDialog(parent), m_format(new QComboBox(this)), m_preset(new QComboBox(this)),
      m_width(makeNumber(this, 20, 1000, 5, tr(" mm"))), m_font(makeNumber(this, 4, 36, 0.5, tr(" pt"))), m_dpi(new QSpinBox(this)),
      m_csv(new QCheckBox(tr("Also write the data as CSV"), this))
{
    setWindowTitle(tr("Export: %1").arg(what));
    m_format->addItem(tr("PDF, vector, fonts embedded"), QStringLiteral("pdf"));
    m_format->addItem(tr("SVG, vector, text stays text"), QStringLiteral("svg"));
    m_format->addItem(tr("PNG, pixels"), QStringLiteral("png"));
    m_preset->addItem(tr("One column, 85 mm"), 85.0);
    m_preset->addItem(tr("Two columns, 175 mm"), 175.0);
    m_preset->addItem(tr("Other width"), 0.0);
    m_dpi->setRange(72, 2400);
    m_dpi->setSuffix(tr(" dpi"));
    m_dpi->setAlignment(Qt::AlignRight);
    describe(m_format, tr("Format"), tr("Vector formats stay sharp at any size"));
    describe(m_preset, tr("Width preset"), tr("Usual column widths of papers"));
    describe(m_width, tr("Width"), tr("Width of the exported figure; its height follows"));
    describe(m_font, tr("Font size"), tr("Size of all text in the exported figure"));
    describe(m_dpi, tr("Resolution"), tr("Pixels per inch of a PNG"));
    describe(m_csv, m_csv->text(), tr("A table of the numbers behind the figure, with where they come from, beside the picture"));

    auto* form = new QFormLayout;
    form->addRow(tr("Format"), m_format);
    form->addRow(tr("Size"), m_preset);
    form->addRow(tr("Width"), m_width);
    form->addRow(tr("Font"), m_font);
    form->addRow(tr("Resolution"), m_dpi);
    form->addRow(QString(), m_csv);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto* save = buttons->addButton(tr("Export..."), QDialogButtonBox::AcceptRole);
    save->setProperty("primary", true);
    save->setDefault(true);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    if (!caption.isEmpty())
        layout->addWidget(makeCaption(caption, this));
    layout->addWidget(buttons);

    m_format->setCurrentIndex(std::max(0, m_format->findData(start.format)));
    m_width->setValue(start.widthMm);
    m_font->setValue(start.fontPt);
    m_dpi->setValue(start.dpi);
    m_csv->setChecked(start.writesCsv);
    showFormat();
    showPreset();
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::showFormat);
    connect(m_width, &QDoubleSpinBox::valueChanged, this, &ExportDialog::showPreset);
    connect(m_preset, &QComboBox::activated, this, [this] {
        if (const double width = m_preset->currentData().toDouble(); width > 0)
            m_width->setValue(width);
        else
            m_width->setFocus();
    });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

ExportChoice ExportDialog::choice() const
{
    return {m_format->currentData().toString(), m_width->value(), m_font->value(), m_dpi->value(), m_csv->isChecked()};
}

void ExportDialog::showFormat() { m_dpi->setEnabled(m_format->currentData() == QStringLiteral("png")); }

void ExportDialog::showPreset()
{
    const QSignalBlocker blocker(m_preset);
    const int known = m_preset->findData(m_width->value());
    m_preset->setCurrentIndex(known >= 0 ? known : m_preset->count() - 1);
}

} // namespace brink
