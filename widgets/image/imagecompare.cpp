// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image/imagecompare.h"

#include "widgets/controls/elidedlabel.h"

#include <QGridLayout>
#include <QLocale>

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
    setPair({});
}

void ImageCompare::setPair(const ImagePair& pair)
{
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
    showPerturbation(pair);
}

const ImageViewport& ImageCompare::viewport() const { return m_views[0]->viewport(); }

void ImageCompare::showPerturbation(const ImagePair& pair)
{
    if (!pair.original || !pair.adversarial) {
        m_views[2]->clear();
        m_titles[2]->setText(tr("perturbation"));
        return;
    }
    auto delta = std::make_shared<const PixelImage>(difference(*pair.adversarial, *pair.original));
    m_amplification = amplificationFor(largestMagnitude(*delta));
    m_views[2]->setImage(signedImage(*delta, m_amplification), delta);
    const QString factor = QLocale().toString(m_amplification, 'g', 3);
    m_titles[2]->setText(pair.distanceText.isEmpty() ? tr("perturbation ×%1").arg(factor)
                                                     : tr("perturbation ×%1 · %2").arg(factor, pair.distanceText));
    m_titles[2]->setToolTip(tr("Adversarial minus original, times %1. Blue is darker, white unchanged, red brighter; colour images show "
                               "the mean over channels.")
                                .arg(factor));
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
