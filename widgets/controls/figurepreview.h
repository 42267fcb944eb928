// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "widgets/plot/exportfigure.h"

#include <QImage>
#include <QWidget>

#include <memory>

class QTimer;

namespace brink {

/// A sheet of paper with a figure on it as it will be exported, as large as fits, with its width and height in mm. Drawn a
/// moment after the last change, so that typing stays fluent.
class FigurePreview : public QWidget {
    Q_OBJECT
public:
    explicit FigurePreview(QWidget* parent = nullptr);

    /// @param figure may be null: nothing to show.
    void setFigure(std::shared_ptr<const Figure> figure, const ExportSpec& spec);
    /// What is drawn now; null while it waits.
    [[nodiscard]] const QImage& picture() const { return m_picture; }
    /// Device-independent pixels of the screen for a millimetre of paper.
    [[nodiscard]] double scale() const;

    [[nodiscard]] QSize sizeHint() const override { return {460, 380}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {280, 220}; }

Q_SIGNALS:
    void drawn();
    /// The settings cannot be drawn; one sentence.
    void refused(const QString& reason);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void draw();
    [[nodiscard]] QRectF sheet() const;

    std::shared_ptr<const Figure> m_figure;
    ExportSpec m_spec;
    QImage m_picture;
    QTimer* m_timer;
};

} // namespace brink
