// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image/imagecompare.h"

#include "widgets/controls/elidedlabel.h"
#include "widgets/image/histogrambrush.h"

#include <QActionGroup>
#include <QGridLayout>
#include <QMenu>
#include <QToolButton>

namespace brink {

namespace {

void showTone(ImageView* view, const PixelImagePtr& image)
{
    if (image)
        view->setImage(toneImage(*image), image);
    else
        view->clear();
}

} // namespace

ImageCompare::ImageCompare(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(16);
    layout->setVerticalSpacing(6);
    const QStringList names{tr("original"), tr("nearest adversarial"), tr("perturbation")};
    for (int i = 0; i < 3; ++i) {
        auto* title = new ElidedLabel(names[i], this); // long class names must not widen the column
        auto* view = new ImageView(this);
        view->setAccessibleName(names[i]);
        if (i == 2)
            addPerturbationTitle(layout, title);
        else
            layout->addWidget(title, 0, i);
        layout->addWidget(view, 1, i);
        layout->setColumnStretch(i, 1);
        m_titles[std::size_t(i)] = title;
        m_views[std::size_t(i)] = view;
        connect(view, &ImageView::viewportEdited, this, [this, view](const ImageViewport& viewport) {
            for (ImageView* other : m_views)
                if (other != view)
                    other->setViewport(viewport);
        });
        connect(view, &ImageView::pixelHovered, this, [this](const QPoint& pixel) {
            readPixel(pixel.x() < 0 ? std::nullopt : std::optional(pixel));
        });
    }
    m_histogram = new HistogramBrush(this);
    layout->addWidget(m_histogram, 2, 2);
    m_histogram->hide();
    connect(m_histogram, &HistogramBrush::brushed, this, &ImageCompare::lightUp);
    setPair({});
}

/// The scale is chosen where it is printed.
void ImageCompare::addPerturbationTitle(QGridLayout* layout, ElidedLabel* title)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(2);
    row->addWidget(title, 1);
    row->addWidget(makeScaleButton());
    layout->addLayout(row, 0, 2);
}

QToolButton* ImageCompare::makeScaleButton()
{
    auto* button = new QToolButton(this);
    button->setText(tr("Scale"));
    button->setAccessibleName(tr("Colour scale of the perturbation"));
    button->setToolTip(tr("How changes become colours, and their histogram"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setProperty("hasMenu", true);
    button->setFocusPolicy(Qt::StrongFocus);
    auto* menu = new QMenu(button);
    auto* group = new QActionGroup(menu);
    const std::pair<ChangeScale, QString> scales[] = {{ChangeScale::Linear, tr("Linear, amplified")},
        {ChangeScale::Logarithmic, tr("Logarithmic, two decades")}, {ChangeScale::Percentile, tr("Linear up to the 99th percentile")}};
    for (const auto& [scale, label] : scales) {
        QAction* action = group->addAction(menu->addAction(label));
        action->setCheckable(true);
        action->setChecked(scale == m_scale);
        connect(action, &QAction::triggered, this, [this, chosen = scale] { setScale(chosen); });
    }
    menu->addSeparator();
    QAction* histogram = menu->addAction(tr("Histogram"));
    histogram->setCheckable(true);
    connect(histogram, &QAction::toggled, this, &ImageCompare::showHistogram);
    button->setMenu(menu);
    return button;
}

void ImageCompare::setScale(ChangeScale scale)
{
    m_scale = scale;
    showPerturbation();
}

void ImageCompare::showHistogram(bool isShown)
{
    m_histogram->setVisible(isShown);
    if (!isShown)
        m_histogram->clearBrush();
    lightUp();
}

void ImageCompare::setPair(const ImagePair& pair)
{
    m_pair = pair;
    showTone(m_views[0], pair.original);
    showTone(m_views[1], pair.adversarial);
    m_views[0]->setEmptyText(tr("Open or drop an image to see it here."));
    m_views[1]->setEmptyText(pair.adversarialHint.isEmpty() ? tr("The nearest image of another class.") : pair.adversarialHint);
    m_views[2]->setEmptyText(tr("Their difference, amplified: blue is darker, red is brighter."));
    m_titles[0]->setText(pair.originalTitle.isEmpty() ? tr("original") : pair.originalTitle);
    m_titles[1]->setText(pair.adversarialTitle.isEmpty() ? tr("nearest adversarial") : pair.adversarialTitle);
    m_titles[1]->setShortText(pair.adversarialShortTitle);
    for (int i = 0; i < 2; ++i)
        m_titles[std::size_t(i)]->setToolTip(m_titles[std::size_t(i)]->text());
    m_delta = pair.original && pair.adversarial ? std::make_shared<const PixelImage>(difference(*pair.adversarial, *pair.original)) : nullptr;
    m_histogram->setEnabled(m_delta != nullptr);
    m_histogram->setValues(m_delta ? meanChanges(*m_delta) : std::vector<float>{});
    showPerturbation();
    lightUp();
}

const ImageViewport& ImageCompare::viewport() const { return m_views[0]->viewport(); }

void ImageCompare::showPerturbation()
{
    if (!m_delta) {
        m_views[2]->clear();
        m_titles[2]->setText(tr("perturbation"));
        return;
    }
    const ChangeColours colours(m_scale, *m_delta);
    m_amplification = colours.amplification();
    m_views[2]->setImage(changeImage(*m_delta, colours), m_delta);
    m_titles[2]->setText(m_pair.distanceText.isEmpty() ? tr("perturbation %1").arg(colours.text())
                                                       : tr("perturbation %1 · %2").arg(colours.text(), m_pair.distanceText));
    m_titles[2]->setShortText(m_pair.distanceText.isEmpty() ? colours.text() : QStringLiteral("%1 · %2").arg(colours.text(), m_pair.distanceText));
    m_titles[2]->setToolTip(colours.explanation());
}

/// Veils the pixels whose change lies outside the brushed range.
void ImageCompare::lightUp()
{
    QImage veil;
    if (const auto range = m_histogram->brush(); range && m_delta) {
        constexpr int strength = 200;
        const QColor base = palette().color(QPalette::Window);
        const std::vector<float> changes = meanChanges(*m_delta);
        veil = QImage(m_delta->width, m_delta->height, QImage::Format_ARGB32);
        for (int y = 0; y < veil.height(); ++y) {
            auto* line = reinterpret_cast<QRgb*>(veil.scanLine(y));
            for (int x = 0; x < veil.width(); ++x) {
                const auto change = double(changes[std::size_t(y) * std::size_t(veil.width()) + std::size_t(x)]);
                const bool isLit = change >= (*range)[0] && change <= (*range)[1];
                line[x] = qRgba(base.red(), base.green(), base.blue(), isLit ? 0 : strength);
            }
        }
    }
    for (ImageView* view : m_views)
        view->setVeil(veil);
}

void ImageCompare::readPixel(std::optional<QPoint> pixel)
{
    for (ImageView* view : m_views)
        view->setMarkedPixel(pixel);
    QString text = m_views[0]->readoutAt(pixel);
    const QString changed = m_views[1]->readoutAt(pixel);
    if (!text.isEmpty() && !changed.isEmpty())
        text += QStringLiteral(" → ") + changed.section(QStringLiteral("v="), 1);
    Q_EMIT readoutChanged(text);
}

} // namespace brink
