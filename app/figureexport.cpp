// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figureexport.h"

#include "app/qtext.h"
#include "widgets/plot/exportfigure.h"

#include <QDir>
#include <QFileInfo>

namespace brink {

QString writeFigure(const Figure& figure, const ExportChoice& choice, const QString& path)
{
    ExportSpec spec;
    spec.widthMm = choice.widthMm;
    spec.fontPt = choice.fontPt;
    spec.dpi = choice.dpi;
    const QString ending = QLatin1Char('.') + choice.format;
    const QString file = QFileInfo(path).suffix().isEmpty() ? path + ending : path;
    exportFigure(figure, spec, file);
    if (choice.writesCsv) {
        const QFileInfo info(file);
        exportFigure(figure, spec, info.dir().filePath(info.completeBaseName() + QStringLiteral(".csv")));
    }
    return file;
}

QStringList writeAllFigures(const InspectResult& result, const FigureSelection& selection, const ExportChoice& choice, const QString& folder)
{
    QStringList paths;
    for (const FigureInfo& info : figureInfos()) {
        const auto figure = info.make(result, selection);
        if (!figure)
            continue;
        paths << writeFigure(*figure, choice, QDir(folder).filePath(QStringLiteral("%1.%2").arg(qtext(info.name), choice.format)));
    }
    return paths;
}

} // namespace brink
