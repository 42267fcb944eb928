// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/image/pixelimage.h"

#include <QPointF>
#include <QString>
#include <QWidget>

#include <optional>

namespace brink {

/// What part of an image is seen: zoom 1 shows the whole image, centre in fractions of its size.
struct ImageViewport {
    double zoom = 1;
    QPointF centre{0.5, 0.5};
    bool operator==(const ImageViewport&) const = default;
};

/// One image with hard pixels. Wheel or +/- zooms, drag or arrows pan, double click or 0 shows all.
/// New images keep the viewport while the size stays the same.
class ImageView : public QWidget {
    Q_OBJECT
public:
    explicit ImageView(QWidget* parent = nullptr);

    /// @param shown what is drawn; @param values what the read-out tells, of the same size.
    void setImage(const QImage& shown, PixelImagePtr values);
    /// Text of the empty view: what it will show.
    void setEmptyText(const QString& text);
    void clear();
    /// Emits nothing.
    void setViewport(const ImageViewport& viewport);
    [[nodiscard]] const ImageViewport& viewport() const { return m_viewport; }
    /// The pixel under a widget position, if there is one.
    [[nodiscard]] std::optional<QPoint> pixelAt(const QPointF& position) const;
    /// Marks the same pixel that is read in a neighbour; none hides the mark.
    void setMarkedPixel(std::optional<QPoint> pixel);
    /// Lays a veil of the image's size over it: what it leaves free is lit. A null image takes it away.
    void setVeil(const QImage& veil);
    /// "x=12 y=7 v=0.431", three values for colour; empty outside.
    [[nodiscard]] QString readoutAt(std::optional<QPoint> pixel) const;

    [[nodiscard]] QSize sizeHint() const override { return {200, 200}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {96, 96}; }

Q_SIGNALS:
    void viewportEdited(const brink::ImageViewport& viewport);
    /// Pixel under the pointer, (-1,-1) when it left.
    void pixelHovered(const QPoint& pixel);

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    [[nodiscard]] double pixelScale() const;
    [[nodiscard]] QRectF imageRect() const;
    void edit(ImageViewport viewport);
    void zoomAround(const QPointF& position, double factor);
    void panBy(const QPointF& delta);

    QImage m_shown;
    QImage m_veil;
    PixelImagePtr m_values;
    QString m_emptyText;
    ImageViewport m_viewport;
    std::optional<QPointF> m_dragFrom;
    std::optional<QPoint> m_marked;
};

} // namespace brink

Q_DECLARE_METATYPE(brink::ImageViewport)
