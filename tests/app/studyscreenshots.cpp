// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/studyfigures.h"
#include "tests/support/colourblindness.h"
#include "tests/support/studysample.h"
#include "widgets/plot/exportfigure.h"

#include <QApplication>
#include <QDir>

#include <cstdio>

using namespace brink;
using namespace brink::test;

namespace {

constexpr double picturesDpi = 200;
constexpr double widthsMm[] = {85, 175};

struct Look {
    const char* name;
    ThemeKind theme;
};
constexpr Look looks[] = {{"print", ThemeKind::Print}, {"dark", ThemeKind::Dark}};

void write(const Figure& figure, const QString& stem)
{
    for (const double width : widthsMm) {
        for (const Look& look : looks) {
            ExportSpec spec;
            spec.widthMm = width;
            spec.dpi = picturesDpi;
            spec.theme = look.theme;
            const QString path = QStringLiteral("%1-%2mm-%3.png").arg(stem).arg(width).arg(QLatin1String(look.name));
            exportFigure(figure, spec, path);
            if (look.theme != ThemeKind::Print)
                continue;
            for (const ColourBlindness& blindness : colourBlindness)
                simulated(QImage(path), blindness).save(QStringLiteral("%1-%2.png").arg(path.chopped(4), QLatin1String(blindness.name)));
        }
    }
}

/// Every figure, and those of several orders or measures.
void writeStudy(const QDir& folder, int models)
{
    const StudyResults results = studySample(models + (models > 3 ? 1 : 0), 100, mostSampleAttacks);
    const auto shoot = [&](const char* name, const QString& variant, const StudySelection& selection) {
        if (const auto figure = studyFigureInfo(name).make(results, selection)) {
            write(*figure, folder.filePath(QStringLiteral("%1%2-%3").arg(QLatin1String(name), variant).arg(models)));
            std::printf("%s%s, %d models: %s\n\n", name, qPrintable(variant), models, plainText(figure->caption).c_str());
        }
    };
    for (const StudyFigureInfo& info : studyFigureInfos())
        shoot(info.name.c_str(), {}, {});
    StudySelection selection;
    selection.order = ModelOrder::Clustering;
    shoot("transfer", QStringLiteral("-clustering"), selection);
    selection.analysis = "clever-l2";
    shoot("pareto", QStringLiteral("-clever"), selection);
    selection = {};
    selection.logError = false;
    selection.analysis = "bim-search-linf-steps10";
    selection.models = {0, 1, 2};
    shoot("pareto", QStringLiteral("-accuracy"), selection);
    selection.order = ModelOrder::Accuracy;
    selection.analysis = "bim-linf-steps10-eps0.03-random";
    shoot("transfer", QStringLiteral("-targeted"), selection);
}

} // namespace

/// studyscreenshots [FOLDER]: into "pictures" unless a folder is named.
int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QDir folder(QApplication::arguments().value(1, QStringLiteral("pictures")));
    if (!folder.mkpath(QStringLiteral(".")))
        return 2;
    for (const int models : {16, 3})
        writeStudy(folder, models);
    return 0;
}
