// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/figureoutput.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <cstdio>

namespace brink::cli {

namespace {

void write(const Figure& figure, const ExportSpec& spec, const QString& path)
{
    exportFigure(figure, spec, path);
    std::fprintf(stderr, "%s\n", path.toLocal8Bit().constData());
}

} // namespace

void addFigureOptions(Options& options)
{
    options.add(QStringLiteral("figures"), QStringLiteral("Write every figure into this folder."), QStringLiteral("FOLDER"));
    options.add(QStringLiteral("format"), QStringLiteral("Figure formats: pdf, svg, png, csv."), QStringLiteral("LIST"), QStringLiteral("pdf,png"));
    options.add(QStringLiteral("width-mm"), QStringLiteral("Figure width in millimetres."), QStringLiteral("MM"), QStringLiteral("85"));
    options.add(QStringLiteral("font-pt"), QStringLiteral("Figure font size in points."), QStringLiteral("PT"), QStringLiteral("8"));
    options.add(QStringLiteral("dpi"), QStringLiteral("Resolution of PNG figures."), QStringLiteral("DPI"), QStringLiteral("300"));
}

void addMainFigureOption(Options& options, const QString& name)
{
    options.add(QStringLiteral("figure"), QStringLiteral("Write the figure \"%1\" there, as its ending says: .pdf, .svg, .png or .csv; may be repeated.").arg(name),
        QStringLiteral("FILE"));
}

FigureOutput figureOutput(const Options& options)
{
    FigureOutput output;
    output.spec.widthMm = options.real(QStringLiteral("width-mm"), 20, 1000);
    output.spec.fontPt = options.real(QStringLiteral("font-pt"), 3, 72);
    output.spec.dpi = int(options.integer(QStringLiteral("dpi"), 30, 2400));
    for (const std::string& format : split(options.text(QStringLiteral("format")), ',')) {
        const std::vector<std::string>& known = exportFormats();
        if (std::ranges::find(known, format) == known.end())
            throw Error(ErrorCode::Usage, unknownName("figure format", format, known));
        output.formats.push_back(format);
    }
    if (options.isSet(QStringLiteral("figures"))) {
        output.folder = QDir(options.value(QStringLiteral("figures")));
        if (!output.folder->mkpath(QStringLiteral(".")))
            throw Error(ErrorCode::Io, options.text(QStringLiteral("figures")) + ": the folder cannot be made; choose another place.");
    }
    return output;
}

void writeToFolder(const FigureOutput& output, const Figure& figure, const QString& stem)
{
    if (!output.folder)
        return;
    for (const std::string& format : output.formats)
        write(figure, output.spec, output.folder->filePath(stem + QLatin1Char('.') + QString::fromStdString(format)));
}

void writeMain(const Options& options, const FigureOutput& output, const std::optional<Figure>& figure)
{
    for (const QString& file : options.values(QStringLiteral("figure"))) {
        if (!figure)
            throw Error(ErrorCode::Domain, "There is nothing to draw; " + file.toStdString() + " was not written.");
        write(*figure, output.spec, file);
    }
}

} // namespace brink::cli
