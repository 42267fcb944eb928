// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/thumbnails.h"

#include "app/imagevalues.h"
#include "app/qtext.h"
#include "core/base/error.h"

#include <QCoreApplication>

namespace brink {

namespace {

constexpr int largestSide = 64;

QString text(const char* sentence) { return QCoreApplication::translate("Thumbnails", sentence); }

QString labelText(const Dataset& dataset, std::int64_t label)
{
    const auto& names = dataset.classNames();
    return std::size_t(label) < names.size() ? qtext(names[std::size_t(label)]) : QString::number(label);
}

QImage unreadable()
{
    QImage image(8, 8, QImage::Format_RGB32);
    image.fill(qRgb(128, 128, 128));
    return image;
}

} // namespace

QImage thumbnailImage(const Image& image)
{
    const QImage whole = toneImage(pixelImage(image));
    if (std::max(whole.width(), whole.height()) <= largestSide)
        return whole;
    return whole.scaled(largestSide, largestSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

Thumbnail makeThumbnail(const Dataset& dataset, int row)
{
    Thumbnail thumbnail;
    thumbnail.row = row;
    thumbnail.caption = QString::number(row);
    try {
        const Image image = dataset.image(row);
        thumbnail.image = thumbnailImage(image);
        thumbnail.toolTip = qtext(image.source);
        if (const auto label = dataset.label(row)) {
            thumbnail.caption = labelText(dataset, *label);
            thumbnail.toolTip += text("\nlabel %1").arg(thumbnail.caption);
        }
    } catch (const Error& error) {
        thumbnail.image = unreadable();
        thumbnail.toolTip = qtext(error.message());
    }
    return thumbnail;
}

} // namespace brink
