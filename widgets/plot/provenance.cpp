// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/provenance.h"

#include "core/base/error.h"
#include "core/base/version.h"

#include <QFile>
#include <QImageReader>
#include <QXmlStreamReader>

#include <zlib.h>

#include <optional>

namespace brink {

namespace {

/// Files larger than this are not figures of ours; reading them whole would only cost memory.
constexpr qint64 largestFile = 256LL << 20;
constexpr qsizetype largestDocument = 64LL << 20;

std::optional<QByteArray> fromPng(const QString& path)
{
    QImageReader reader(path, "png");
    const QString text = reader.text(QLatin1String(provenanceKey));
    return text.isEmpty() ? std::nullopt : std::optional(text.toUtf8());
}

std::optional<QByteArray> fromSvg(const QByteArray& bytes)
{
    QXmlStreamReader xml(bytes);
    while (!xml.atEnd()) {
        if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == QLatin1String("metadata")
            && xml.attributes().value(QLatin1String("id")) == QLatin1String(provenanceKey))
            return xml.readElementText().toUtf8();
    }
    return std::nullopt;
}

/// The bytes between "stream" and "endstream" of an object.
QByteArray pdfStream(const QByteArray& pdf, const QByteArray& object)
{
    const qsizetype at = pdf.indexOf("\n" + object + " 0 obj");
    const qsizetype open = at < 0 ? -1 : pdf.indexOf("stream", at);
    if (open < 0)
        return {};
    qsizetype begin = open + 6;
    if (begin < pdf.size() && pdf[begin] == '\r')
        ++begin;
    if (begin < pdf.size() && pdf[begin] == '\n')
        ++begin;
    const qsizetype end = pdf.indexOf("endstream", begin);
    return end < 0 ? QByteArray() : pdf.mid(begin, end - begin);
}

/// zlib data, or the bytes themselves when they are not compressed.
std::optional<QByteArray> inflated(const QByteArray& data)
{
    if (data.startsWith('{'))
        return data.trimmed();
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK)
        return std::nullopt;
    QByteArray result;
    QByteArray block(1 << 16, Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = uInt(data.size());
    int status = Z_OK;
    while (status == Z_OK && result.size() < largestDocument) {
        stream.next_out = reinterpret_cast<Bytef*>(block.data());
        stream.avail_out = uInt(block.size());
        status = inflate(&stream, Z_NO_FLUSH);
        result.append(block.constData(), block.size() - qsizetype(stream.avail_out));
    }
    inflateEnd(&stream);
    return status == Z_STREAM_END ? std::optional(result) : std::nullopt;
}

/// The file specification names our attachment; its /EF entry the object that holds the stream.
std::optional<QByteArray> fromPdf(const QByteArray& pdf)
{
    for (qsizetype at = pdf.indexOf("/EF"); at >= 0; at = pdf.indexOf("/EF", at + 3)) {
        const qsizetype reference = pdf.indexOf("/F ", at + 3);
        if (reference < 0)
            return std::nullopt;
        const QByteArray object = pdf.mid(reference + 3, 12).trimmed().split(' ').value(0);
        const auto document = inflated(pdfStream(pdf, object));
        if (document && document->contains("brink.figure/"))
            return document;
    }
    return std::nullopt;
}

QByteArray readAll(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw Error(ErrorCode::Io, "Cannot read " + path.toStdString() + ": " + file.errorString().toStdString() + ".");
    if (file.size() > largestFile)
        throw Error(ErrorCode::Format, path.toStdString() + " is too large to be a figure; open a PNG, SVG or PDF exported by Brink.");
    return file.readAll();
}

std::optional<QByteArray> embeddedDocument(const QString& path)
{
    const QByteArray bytes = readAll(path);
    if (bytes.startsWith("\x89PNG"))
        return fromPng(path);
    if (bytes.startsWith("%PDF"))
        return fromPdf(bytes);
    return fromSvg(bytes);
}

} // namespace

Json figureDocument(const Figure& figure)
{
    Json document{{"schema", "brink.figure/1"}, {"brink", version}, {"figure", figure.name}, {"caption", plainText(figure.caption)}};
    for (const Warning& warning : figure.warnings)
        document["warnings"].push_back({{"code", warning.code}, {"text", warning.text}});
    if (!figure.provenance.empty())
        document["provenance"] = figure.provenance;
    return document;
}

Json readProvenance(const QString& path)
{
    const auto document = embeddedDocument(path);
    const Error none(ErrorCode::Format, path.toStdString() + " carries no Brink figure data; open a PNG, SVG or PDF exported by Brink.");
    if (!document)
        throw none;
    const Json json = Json::parse(document->begin(), document->end(), nullptr, false);
    if (!json.is_object() || !json.contains("schema") || json.at("schema") != "brink.figure/1")
        throw none;
    return json;
}

bool looksLikeFigure(const QByteArray& begin)
{
    if (begin.startsWith("\x89PNG")) {
        const QByteArray key = QByteArray(provenanceKey) + '\0';
        return begin.contains("tEXt" + key) || begin.contains("iTXt" + key) || begin.contains("zTXt" + key);
    }
    return begin.startsWith("%PDF") || begin.contains("<svg");
}

QByteArray withSvgMetadata(const QByteArray& svg, const QByteArray& document)
{
    const qsizetype end = svg.indexOf('>', svg.indexOf("<svg"));
    QByteArray escaped = QString::fromUtf8(document).toHtmlEscaped().toUtf8();
    QByteArray result = svg;
    return result.insert(end + 1, "\n<metadata id=\"" + QByteArray(provenanceKey) + "\">" + escaped + "</metadata>");
}

} // namespace brink
