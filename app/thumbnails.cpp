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

QImage shrunk(const QImage& image)
{
    if (std::max(image.width(), image.height()) <= largestSide)
        return image;
    return image.scaled(largestSide, largestSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

QImage unreadable()
{
    QImage image(8, 8, QImage::Format_RGB32);
    image.fill(qRgb(128, 128, 128));
    return image;
}

} // namespace

Thumbnail makeThumbnail(const Dataset& dataset, int row)
{
    Thumbnail thumbnail;
    thumbnail.row = row;
    thumbnail.caption = QString::number(row);
    try {
        const Image image = dataset.image(row);
        thumbnail.image = shrunk(toneImage(pixelImage(image)));
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
