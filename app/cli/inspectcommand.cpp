// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "app/cli/resultfile.h"
#include "app/cli/unitrunner.h"

#include "core/base/text.h"
#include "core/report/registry.h"
#include "core/study/inspect.h"
#include "widgets/plot/exportfigure.h"

#include <QDir>

#include <cstdio>

namespace brink::cli {

namespace {

struct FigureOutput {
    QDir folder;
    std::vector<std::string> formats;
    ExportSpec spec;
};

std::optional<FigureOutput> figureOutput(const Options& options)
{
    if (!options.isSet(QStringLiteral("figures")))
        return std::nullopt;
    FigureOutput output;
    output.folder = QDir(options.value(QStringLiteral("figures")));
    if (!output.folder.mkpath(QStringLiteral(".")))
        throw Error(ErrorCode::Io, options.text(QStringLiteral("figures")) + ": the folder cannot be made; choose another place.");
    for (const std::string& format : split(options.text(QStringLiteral("format")), ',')) {
        const std::vector<std::string> known{"pdf", "svg", "png", "csv"};
        if (std::ranges::find(known, format) == known.end())
            throw Error(ErrorCode::Usage, unknownName("figure format", format, known));
        output.formats.push_back(format);
    }
    output.spec.widthMm = options.real(QStringLiteral("width-mm"), 20, 1000);
    output.spec.fontPt = options.real(QStringLiteral("font-pt"), 3, 72);
    output.spec.dpi = int(options.integer(QStringLiteral("dpi"), 30, 2400));
    return output;
}

/// Every figure the result has data for, in every format asked for. Returns the files written.
QStringList writeFigures(const FigureOutput& output, const InspectResult& result)
{
    QStringList files;
    for (const FigureInfo& info : figureInfos()) {
        const std::optional<Figure> figure = info.make(result, {});
        if (!figure)
            continue;
        for (const std::string& format : output.formats) {
            const QString path = output.folder.filePath(QStringLiteral("%1-%2.%3")
                                                            .arg(QString::fromStdString(info.name))
                                                            .arg(result.index)
                                                            .arg(QString::fromStdString(format)));
            exportFigure(*figure, output.spec, path);
            files.append(path);
        }
    }
    return files;
}

} // namespace

int runInspectCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("inspect"), QStringLiteral("how close images are to changing class, by every method that counts."));
    options.addModel();
    options.addImages();
    options.add(QStringLiteral("norm"), QStringLiteral("l1, l2 or linf."), QStringLiteral("NORM"), QStringLiteral("l2"));
    options.addClever();
    options.addAttack();
    options.add(QStringLiteral("directions"), QStringLiteral("Random directions to cross; 0 for none."), QStringLiteral("N"), QStringLiteral("200"));
    options.addRun();
    options.addOutput();
    options.add(QStringLiteral("figures"), QStringLiteral("Write every figure into this folder."), QStringLiteral("FOLDER"));
    options.add(QStringLiteral("format"), QStringLiteral("Figure formats: pdf, svg, png, csv."), QStringLiteral("LIST"), QStringLiteral("pdf,png"));
    options.add(QStringLiteral("width-mm"), QStringLiteral("Figure width in millimetres."), QStringLiteral("MM"), QStringLiteral("85"));
    options.add(QStringLiteral("font-pt"), QStringLiteral("Figure font size in points."), QStringLiteral("PT"), QStringLiteral("8"));
    options.add(QStringLiteral("dpi"), QStringLiteral("Resolution of PNG figures."), QStringLiteral("DPI"), QStringLiteral("300"));
    if (!options.parse(arguments))
        return 0;

    RunSettings settings = runSettings(options);
    // Paper settings take half a million gradients a class: an interactive look starts from the preview.
    if (!options.isSet(QStringLiteral("preset")))
        settings.preset = Preset::Preview;
    const Norm norm = normOption(options);
    InspectRequest request;
    request.norm = norm;
    request.seed = settings.seed;
    request.clever = cleverOption(options, norm, settings.preset);
    request.attacks = attackOption(options, norm, settings.preset);
    request.targetRule = targetRuleFromText(options.text(QStringLiteral("target")));
    request.randomDirections = int(options.integer(QStringLiteral("directions"), 0, 1'000'000));
    const auto output = figureOutput(options);
    const ChosenImages images = chosenImages(options);
    request.classNames = images.dataset->classNames();
    request.model = loadModel(options);

    std::vector<ItemSlot> items;
    const UnitReport report = inspectImages(QStringLiteral("inspect"), request, images, settings.workers, items);
    const std::string preset = settings.preset == Preset::Preview ? "preview" : "paper";
    writeJson(options, resultFile(*request.model, settings, preset, images.indices, items, report.errors));
    printSummary(options, *request.model, items);
    if (output)
        for (const ItemSlot& item : items)
            if (item)
                for (const QString& file : writeFigures(*output, *item))
                    std::fprintf(stderr, "%s\n", file.toLocal8Bit().constData());
    return reportUnits(report, "images");
}

} // namespace brink::cli
