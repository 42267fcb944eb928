// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/options.h"

#include "core/base/atomicfile.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/report/marginparts.h"
#include "core/report/studyfigures.h"
#include "core/report/studytables.h"
#include "core/store/studyreading.h"
#include "widgets/plot/exportfigure.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace brink::cli {

namespace {

/// One of a few words of an option. @throws Error(Usage) naming the nearest.
template <typename Value, std::size_t size>
Value wordOf(const Options& options, const char* name, const std::array<std::pair<const char*, Value>, size>& words)
{
    const std::string text = options.text(QLatin1String(name));
    std::vector<std::string> known;
    for (const auto& [word, value] : words) {
        if (text == word)
            return value;
        known.emplace_back(word);
    }
    throw Error(ErrorCode::Usage, unknownName(name, text, known));
}

std::vector<int> modelsOf(const Options& options, const Study& study)
{
    std::vector<int> models;
    std::vector<std::string> known;
    for (const StudyModel& model : study.models)
        known.push_back(model.name);
    for (const std::string& name : split(options.text(QStringLiteral("models")), ',')) {
        const auto found = std::ranges::find(known, name);
        if (found == known.end())
            throw Error(ErrorCode::Usage, unknownName("model", name, known));
        models.push_back(int(found - known.begin()));
    }
    return models;
}

/// @throws Error(Usage|Domain).
MarginQuery marginQueryOf(const Options& options)
{
    MarginQuery query;
    query.norm = normFromName(options.text(QStringLiteral("margin-norm")));
    query.analyses = split(options.text(QStringLiteral("attacks")), ',');
    std::erase(query.analyses, std::string());
    query.score = marginScoreFromName(options.text(QStringLiteral("score")));
    query.correctOnly = options.isSet(QStringLiteral("correct"));
    if (options.isSet(QStringLiteral("eps")))
        query.eps = options.real(QStringLiteral("eps"), 0, 1e9);
    if (options.isSet(QStringLiteral("threshold")))
        query.threshold = options.real(QStringLiteral("threshold"), -1e9, 1e9);
    return query;
}

StudySelection selectionOf(const Options& options, const Study& study)
{
    StudySelection selection;
    if (options.isSet(QStringLiteral("analysis"))) {
        std::vector<std::string> known;
        for (const StudyAnalysis& analysis : study.analyses)
            known.push_back(analysis.id);
        selection.analysis = options.text(QStringLiteral("analysis"));
        if (std::ranges::find(known, *selection.analysis) == known.end())
            throw Error(ErrorCode::Usage, unknownName("analysis", *selection.analysis, known));
    }
    selection.commonSet = options.isSet(QStringLiteral("common"));
    selection.rule = transferRuleFromName(options.text(QStringLiteral("rule")));
    selection.order = wordOf<ModelOrder, 4>(options, "order",
        {{{"as-given", ModelOrder::AsGiven}, {"family", ModelOrder::Family}, {"accuracy", ModelOrder::Accuracy}, {"clustering", ModelOrder::Clustering}}});
    selection.statistic = wordOf<DistanceStatistic, 2>(
        options, "statistic", {{{"median", DistanceStatistic::Median}, {"mean", DistanceStatistic::Mean}}});
    selection.logError = wordOf<bool, 2>(options, "axis", {{{"error", true}, {"accuracy", false}}});
    if (options.isSet(QStringLiteral("models")))
        selection.models = modelsOf(options, study);
    selection.margins = marginQueryOf(options);
    return selection;
}

ExportSpec specOf(const Options& options)
{
    ExportSpec spec;
    spec.widthMm = options.real(QStringLiteral("width-mm"), 20, 1000);
    if (options.isSet(QStringLiteral("height-mm")))
        spec.heightMm = options.real(QStringLiteral("height-mm"), 20, 1000);
    spec.fontPt = options.real(QStringLiteral("font-pt"), 3, 72);
    spec.dpi = options.real(QStringLiteral("dpi"), 30, 2400);
    spec.theme = wordOf<ThemeKind, 3>(options, "theme", {{{"print", ThemeKind::Print}, {"light", ThemeKind::Light}, {"dark", ThemeKind::Dark}}});
    return spec;
}

void writeText(const std::string& path, const std::string& text)
{
    if (path == "-") {
        std::fwrite(text.data(), 1, text.size(), stdout);
        return;
    }
    AtomicFile file(path);
    file.write(text.data(), text.size());
    file.commit();
}

/// The format asked for, else the one that the file's ending names.
std::string tableText(const Options& options, const StudyTable& table)
{
    using Format = std::string (*)(const StudyTable&);
    const std::array<std::pair<const char*, Format>, 3> formats{
        {{"csv", tableCsv}, {"json", [](const StudyTable& each) { return tableJson(each).dump(2) + "\n"; }}, {"latex", tableLatex}}};
    if (options.isSet(QStringLiteral("format")))
        return wordOf<Format, 3>(options, "format", formats)(table);
    const std::string out = options.text(QStringLiteral("out"));
    const std::string ending = out.substr(std::min(out.size(), out.find_last_of('.') + 1));
    return formats[ending == "json" ? 1 : ending == "tex" ? 2 : 0].second(table);
}

void writeTable(const Options& options, const StudyResults& results)
{
    const StudyTable table = studyTable(results, options.text(QStringLiteral("table")), selectionOf(options, results.study));
    writeText(options.text(QStringLiteral("out")), tableText(options, table));
}

void writeFigure(const Options& options, const StudyResults& results)
{
    const StudyFigureInfo& info = studyFigureInfo(options.text(QStringLiteral("figure")));
    const ExportSpec spec = specOf(options);
    const StudySelection selection = selectionOf(options, results.study);
    const std::optional<Figure> figure = info.make(results, selection);
    const bool isOfMargins = info.name.starts_with("margin");
    if (!figure && isOfMargins && !report::hasScores(results))
        throw Error(ErrorCode::Domain, "The study was computed by an earlier Brink, which kept no scores of the clean images; brink run "
                + options.positional().front().toStdString() + " adds them and computes nothing else again.");
    if (!figure)
        throw Error(ErrorCode::Domain,
            "The study has nothing for the figure \"" + info.name + "\"" + (selection.analysis ? " of " + *selection.analysis : std::string())
                + " yet; brink export RESULT.brink --table models shows what there is.");
    exportFigure(*figure, spec, options.value(QStringLiteral("out")));
    if (options.isSet(QStringLiteral("data")))
        writeText(options.text(QStringLiteral("data")), figureCsv(*figure));
    if (options.isSet(QStringLiteral("caption")))
        writeText(options.text(QStringLiteral("caption")), plainText(figure->caption) + "\n");
    for (const Warning& warning : figure->warnings)
        std::fprintf(stderr, "brink: %s\n", warning.text.c_str());
}

void addOptions(Options& options)
{
    const auto add = [&](const char* name, const char* help, const char* value = "", const char* standard = "") {
        options.add(QLatin1String(name), QString::fromUtf8(help), QLatin1String(value), QLatin1String(standard));
    };
    add("figure", "Figure to write: pareto, transfer, success, robust-accuracy, margins, margin-detection, margin-consistency, certified, or of surveys of the boundary curvature-profile, curvature-directions, shared-directions, noise-directions, detection-roc, detection-scaling, detection-labels, path or convexity.", "NAME");
    add("table", "Table to write: models, transfer, outcomes, claims, margins, margin-images, curvature, detection or regions.", "NAME");
    add("out", "File to write: .pdf, .svg, .png or .csv for a figure; .csv, .json or .tex for a table, - for standard output.", "FILE");
    add("format", "Of a table: csv, json or latex; without it the file's ending says.", "FORMAT");
    add("data", "Also write the numbers behind the figure, as CSV.", "FILE");
    add("caption", "Also write the caption of the figure.", "FILE");
    add("analysis", "Only this analysis, by its id; without it the first that fits.", "ID");
    add("rule", "Which images count in transfers: all, correct-on-target, correct-on-both or fooled-source.", "RULE", "correct-on-both");
    add("order", "Order of the models: as-given, family, accuracy or clustering.", "ORDER", "family");
    add("statistic", "Of distances: median or mean.", "NAME", "median");
    add("axis", "Of the Pareto plot: error (logarithmic) or accuracy.", "NAME", "error");
    add("common", "Only images that all models classify correctly.");
    add("models", "Models to emphasise, separated by commas; without it all. A figure of one model's boundary shows the first.", "NAMES");
    add("margin-norm", "Of margins: norm of the input margin: linf, l2, l1 or l0.", "NORM", "linf");
    add("attacks", "Of margins: attacks of the study whose smallest distance counts, by id, separated by commas; without it all.", "IDS");
    add("eps", "Of margins: budget within which an image is brittle, pixel range [0,1]; without it the norm's customary one.", "EPS");
    add("score", "Of margins: logit-margin, probability-margin, max-probability, label-probability or output-distance.", "SCORE", "logit-margin");
    add("threshold", "Of margins: threshold of the score; without it the one of largest balanced accuracy.", "VALUE");
    add("correct", "Of margins: only images that the model classifies correctly.");
    add("width-mm", "Figure width in millimetres.", "MM", "85");
    add("height-mm", "Figure height in millimetres; without it what the figure needs.", "MM");
    add("font-pt", "Figure font size in points.", "PT", "8");
    add("dpi", "Resolution of PNG figures.", "DPI", "300");
    add("theme", "Colours of the figure: print, light or dark.", "NAME", "print");
}

} // namespace

int runExportCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("export"), QStringLiteral("figures and tables of a study, finished or running."));
    addOptions(options);
    if (!options.parse(arguments))
        return 0;
    const QStringList files = options.positional();
    if (files.size() != 1)
        throw Error(ErrorCode::Usage, "Say which study: brink export RESULT.brink --figure NAME --out FILE.");
    const bool isFigure = options.isSet(QStringLiteral("figure"));
    if (isFigure == options.isSet(QStringLiteral("table")))
        throw Error(ErrorCode::Usage, "Say either --figure NAME or --table NAME; brink list figures and brink export --help name them.");
    options.require(QStringLiteral("out"));
    StudyReading reading(files.front().toStdString());
    reading.update();
    isFigure ? writeFigure(options, *reading.results()) : writeTable(options, *reading.results());
    return 0;
}

} // namespace brink::cli
