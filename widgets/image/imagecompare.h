// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/image/changescale.h"
#include "widgets/image/imageview.h"

#include <QWidget>

#include <array>

class QGridLayout;
class QToolButton;

namespace brink {

class ElidedLabel;
class HistogramBrush;

/// What the comparison shows; the second image may be missing (no adversarial image yet).
struct ImagePair {
    PixelImagePtr original;
    PixelImagePtr adversarial;
    QString originalTitle;     ///< "original · 7 · 99.9 %"
    QString adversarialTitle;  ///< "nearest adversarial · 3 · 48.6 %"
    QString adversarialShortTitle; ///< where there is little room: "nearest · 3 · 48.6 %"
    QString distanceText;      ///< "L2 3.18": follows the stated amplification
    QString adversarialHint;   ///< why there is none: "not computed yet", "no attack succeeded"
};

/// Original, adversarial and perturbation side by side, with one pan and zoom and one pixel read-out for the three. The
/// perturbation's colour scale is chosen by the user; brushing its histogram lights up pixels in all three.
class ImageCompare : public QWidget {
    Q_OBJECT
public:
    explicit ImageCompare(QWidget* parent = nullptr);

    void setPair(const ImagePair& pair);
    [[nodiscard]] const ImageViewport& viewport() const;
    /// Of the linear scale; 0 on another.
    [[nodiscard]] double amplification() const { return m_amplification; }
    [[nodiscard]] ChangeScale scale() const { return m_scale; }
    void setScale(ChangeScale scale);
    void showHistogram(bool isShown);
    [[nodiscard]] HistogramBrush* histogram() const { return m_histogram; }
    /// For tests: 0 original, 1 adversarial, 2 perturbation.
    [[nodiscard]] ImageView* view(int index) const { return m_views[std::size_t(index)]; }

Q_SIGNALS:
    /// "x=12 y=7 v=0.431 → 0.512"; empty when the pointer left.
    void readoutChanged(const QString& text);

private:
    QToolButton* makeScaleButton();
    void addPerturbationTitle(QGridLayout* layout, ElidedLabel* title);
    void showPerturbation();
    void lightUp();
    void readPixel(std::optional<QPoint> pixel);

    std::array<ImageView*, 3> m_views{};
    std::array<ElidedLabel*, 3> m_titles{};
    HistogramBrush* m_histogram = nullptr;
    ImagePair m_pair;
    PixelImagePtr m_delta; ///< null without an adversarial image
    ChangeScale m_scale = ChangeScale::Linear;
    double m_amplification = 1;
};

} // namespace brink
