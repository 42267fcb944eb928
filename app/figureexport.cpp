// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figureexport.h"

#include "app/qtext.h"
#include "widgets/plot/exportfigure.h"

#include <QDir>
#include <QFileInfo>

namespace brink {

SessionState originOf(const Session& session, const std::string& figure, const FigureZoom& zoom)
{
    SessionState origin = stateOf(session);
    if (origin.currentModel >= 0) {
        origin.models = {origin.models[std::size_t(origin.currentModel)]};
        origin.currentModel = 0;
    } else {
        origin.models.clear();
    }
    if (!session.inquiry().key.empty())
        origin.settings = session.inquiry().settings;
    if (!zoom.empty())
        origin.zooms[figure] = zoom;
    return origin;
}

Figure withOrigin(Figure figure, const SessionState& origin, const QString& folder, PathChoice paths)
{
    figure.provenance["session"] = toJson(origin, folder, paths);
    if (paths == PathChoice::Omit && figure.provenance.contains("image")) {
        Json& source = figure.provenance["image"]["source"];
        if (source.is_string())
            source = QFileInfo(qtext(source.get<std::string>())).fileName().toStdString();
    }
    return figure;
}

QString writeFigure(const Figure& figure, const ExportChoice& choice, const QString& path)
{
    const ExportSpec spec = exportSpec(choice);
    const QString ending = QLatin1Char('.') + choice.format;
    const QString file = QFileInfo(path).suffix().isEmpty() ? path + ending : path;
    exportFigure(figure, spec, file);
    if (choice.writesCsv && choice.format != QStringLiteral("csv")) {
        const QFileInfo info(file);
        exportFigure(figure, spec, info.dir().filePath(info.completeBaseName() + QStringLiteral(".csv")));
    }
    return file;
}

std::vector<Figure> allFigures(const InspectResult& result, const FigureSelection& selection)
{
    std::vector<Figure> figures;
    for (const FigureInfo& info : figureInfos())
        if (auto figure = info.make(result, selection))
            figures.push_back(std::move(*figure));
    return figures;
}

QStringList writeAllFigures(const InspectResult& result, const FigureSelection& selection, const ExportChoice& choice, const QString& folder)
{
    QStringList paths;
    for (const Figure& figure : allFigures(result, selection))
        paths << writeFigure(figure, choice, QDir(folder).filePath(QStringLiteral("%1.%2").arg(qtext(figure.name), choice.format)));
    return paths;
}

} // namespace brink
