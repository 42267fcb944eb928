// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/exportfigure.h"

#include "core/base/atomicfile.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "widgets/plot/axisrect_qcp.h"
#include "widgets/plot/figurerenderer.h"
#include "widgets/plot/provenance.h"
#include "widgets/plot/vectordevice.h"

#include <QApplication>
#include <QBuffer>
#include <QFileInfo>
#include <QFontInfo>
#include <QImage>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <cmath>

namespace brink {

namespace {

constexpr double mmPerInch = 25.4;
constexpr double ptPerInch = 72;
/// Vector files are laid out in hundredths of a millimetre, so that every width in mm is met exactly.
constexpr int vectorDpi = 2540;
constexpr double unitsPerMm = vectorDpi / mmPerInch;
constexpr double largestMm = 2000;
constexpr double largestPixels = 200e6;

void requireRange(const char* name, double value, double low, double high)
{
    if (!(value >= low && value <= high))
        throw Error(ErrorCode::Domain,
            std::string("The ") + name + " of an exported figure must be between " + formatReal(low) + " and " + formatReal(high) + ", not "
                + formatReal(value) + ".");
}

void check(const Figure& figure, const ExportSpec& spec)
{
    requireRange("width in mm", spec.widthMm, 10, largestMm);
    requireRange("height in mm", exportSizeMm(figure, spec).height(), 5, largestMm);
    requireRange("font size in pt", spec.fontPt, 2, 72);
    requireRange("resolution in dpi", spec.dpi, 30, 4800);
}

/// The font that is really used: "Sans Serif" is no name a reader of the file would know.
QString resolvedFamily(const ExportSpec& spec)
{
    QFont font = QApplication::font();
    if (!spec.fontFamily.empty())
        font.setFamily(QString::fromStdString(spec.fontFamily));
    return QFontInfo(font).family();
}

/// Draws on any device; `units` is the size of the page in device units, `unitsPerPt` how many a point has.
void paintFigure(QPaintDevice& device, const Figure& figure, const ExportSpec& spec, QSize units, double unitsPerPt, bool isVector)
{
    FigurePlot plot;
    FigureRenderer renderer(plot);
    RenderStyle style;
    style.theme = theme(spec.theme);
    style.unitsPerPt = unitsPerPt;
    style.fontPt = spec.fontPt;
    style.fontFamily = resolvedFamily(spec);
    style.showsTitles = false;
    renderer.setStyle(style);
    renderer.setFigure(std::make_shared<const Figure>(figure));
    if (spec.isTransparent)
        plot.setBackground(QBrush(Qt::NoBrush));
    plot.setViewport(QRect(QPoint(0, 0), units));
    plot.layOut();
    QCPPainter painter;
    painter.begin(&device);
    painter.setMode(QCPPainter::pmNonCosmetic);
    if (isVector)
        painter.setMode(QCPPainter::pmVectorized);
    plot.toPainter(&painter, units.width(), units.height());
    painter.end();
}

QSize vectorUnits(QSizeF mm) { return {int(std::lround(mm.width() * unitsPerMm)), int(std::lround(mm.height() * unitsPerMm))}; }

/// @param clips whether files of this kind know clipping.
void paintVectors(QPaintDevice& device, const Figure& figure, const ExportSpec& spec, QSize units, bool clips)
{
    constexpr double unitsPerPt = vectorDpi / ptPerInch;
    if (clips && !spec.outlinesText)
        return paintFigure(device, figure, spec, units, unitsPerPt, true);
    VectorDevice vectors(device, spec.outlinesText ? VectorDevice::Letters::Outlines : VectorDevice::Letters::Text);
    paintFigure(vectors, figure, spec, units, unitsPerPt, true);
}

QByteArray documentText(const Figure& figure) { return QByteArray::fromStdString(figureDocument(figure).dump()); }

/// QPdfWriter rounds the page to whole points (0.35 mm) but writes six decimals: the exact size has as many characters, so
/// no offset in the file moves.
void setExactPage(QByteArray& bytes, QSizeF mm)
{
    const qsizetype begin = bytes.indexOf("/MediaBox [");
    const qsizetype end = bytes.indexOf(']', begin);
    const auto points = [](double length) { return QByteArray::number(length / mmPerInch * ptPerInch, 'f', 6); };
    const QByteArray exact = "/MediaBox [0 0 " + points(mm.width()) + ' ' + points(mm.height());
    if (begin >= 0 && end - begin == exact.size())
        bytes.replace(begin, exact.size(), exact);
}

QByteArray roundedPdf(const Figure& figure, const ExportSpec& spec)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    const QSizeF mm = exportSizeMm(figure, spec);
    writer.setResolution(vectorDpi);
    writer.setPageSize(QPageSize(mm, QPageSize::Millimeter, QStringLiteral("figure"), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    writer.setTitle(QString::fromStdString(figure.name));
    writer.setCreator(QStringLiteral("Brink"));
    writer.addFileAttachment(QLatin1String(provenanceFileName), documentText(figure), QStringLiteral("application/json"));
    paintVectors(writer, figure, spec, vectorUnits(mm), true);
    return bytes;
}

QByteArray pdf(const Figure& figure, const ExportSpec& spec)
{
    // The file is complete only when the writer is gone.
    QByteArray bytes = roundedPdf(figure, spec);
    setExactPage(bytes, exportSizeMm(figure, spec));
    return bytes;
}

/// QSvgGenerator (6.4) writes & and < of title and description as they are; the words are put in place of these marks.
constexpr const char* titleMark = "brink-title";
constexpr const char* captionMark = "brink-caption";

QByteArray withSvgWords(QByteArray svg, const Figure& figure)
{
    const auto escaped = [](const std::string& text) { return QString::fromStdString(plainText(text)).toHtmlEscaped().toUtf8(); };
    return svg.replace(titleMark, escaped(figure.name)).replace(captionMark, escaped(figure.caption));
}

QByteArray svg(const Figure& figure, const ExportSpec& spec)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    const QSize units = vectorUnits(exportSizeMm(figure, spec));
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(vectorDpi);
    generator.setSize(units);
    generator.setViewBox(QRect(QPoint(0, 0), units));
    generator.setTitle(QLatin1String(titleMark));
    generator.setDescription(QLatin1String(captionMark));
    paintVectors(generator, figure, spec, units, false);
    // A reader without the font falls back to one of its kind.
    const QByteArray family = "font-family=\"" + resolvedFamily(spec).toUtf8();
    bytes.replace(family + '"', family + ", sans-serif\"");
    return withSvgMetadata(withSvgWords(std::move(bytes), figure), documentText(figure));
}

QByteArray png(const Figure& figure, const ExportSpec& spec)
{
    QImage image = renderFigure(figure, spec);
    image.setText(QLatin1String(provenanceKey), QString::fromUtf8(documentText(figure)));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG"))
        throw Error(ErrorCode::Resource, "The picture could not be encoded as PNG; try a lower resolution.");
    return bytes;
}

QByteArray csv(const Figure& figure, const ExportSpec&) { return QByteArray::fromStdString(figureCsv(figure)); }

struct Format {
    const char* suffix;
    QByteArray (*encode)(const Figure&, const ExportSpec&);
};
constexpr Format formats[] = {{"pdf", pdf}, {"svg", svg}, {"png", png}, {"csv", csv}};

const Format& formatOf(const QString& path)
{
    const std::string suffix = QFileInfo(path).suffix().toLower().toStdString();
    for (const Format& format : formats)
        if (suffix == format.suffix)
            return format;
    throw Error(ErrorCode::Usage, unknownName("figure format", suffix, exportFormats()));
}

} // namespace

const std::vector<std::string>& exportFormats()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const Format& format : formats)
            list.emplace_back(format.suffix);
        return list;
    }();
    return names;
}

void exportFigure(const Figure& figure, const ExportSpec& spec, const QString& path)
{
    const Format& format = formatOf(path);
    check(figure, spec);
    const QByteArray bytes = format.encode(figure, spec);
    AtomicFile file(path.toStdString());
    file.write(bytes.constData(), std::size_t(bytes.size()));
    file.commit();
}

QByteArray encodedFigure(const Figure& figure, const ExportSpec& spec, const QString& format)
{
    const Format& chosen = formatOf(QStringLiteral("figure.") + format);
    check(figure, spec);
    return chosen.encode(figure, spec);
}

Figure withRanges(Figure figure, const std::map<std::string, std::array<double, 4>>& ranges)
{
    for (Panel& panel : figure.panels) {
        const auto found = ranges.find(panel.id);
        if (found == ranges.end())
            continue;
        const auto [xLow, xHigh, yLow, yHigh] = found->second;
        panel.x.range = {xLow, xHigh};
        panel.y.range = {yLow, yHigh};
    }
    return figure;
}

QSizeF exportSizeMm(const Figure& figure, const ExportSpec& spec)
{
    const double height = spec.widthMm * figure.aspect + fixedHeightEm(figure) * spec.fontPt / ptPerInch * mmPerInch;
    return {spec.widthMm, spec.heightMm.value_or(std::round(height * 100) / 100)};
}

QSize exportSizePixels(const Figure& figure, const ExportSpec& spec)
{
    const QSizeF mm = exportSizeMm(figure, spec);
    return {int(std::lround(mm.width() / mmPerInch * spec.dpi)), int(std::lround(mm.height() / mmPerInch * spec.dpi))};
}

QImage renderFigure(const Figure& figure, const ExportSpec& spec)
{
    check(figure, spec);
    const QSize size = exportSizePixels(figure, spec);
    if (double(size.width()) * size.height() > largestPixels)
        throw Error(ErrorCode::Domain,
            "A picture of " + std::to_string(size.width()) + " x " + std::to_string(size.height())
                + " pixels is too large; choose a lower resolution or a smaller width.");
    QImage image(size, spec.isTransparent ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32);
    image.fill(spec.isTransparent ? QColor(Qt::transparent) : theme(spec.theme).background);
    const int dotsPerMeter = int(std::lround(spec.dpi / mmPerInch * 1000));
    image.setDotsPerMeterX(dotsPerMeter);
    image.setDotsPerMeterY(dotsPerMeter);
    paintFigure(image, figure, spec, size, spec.dpi / ptPerInch, false);
    return image;
}

} // namespace brink
