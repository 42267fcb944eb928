// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studyexport.h"

#include "core/base/error.h"

#include <QFileInfo>
#include <QSaveFile>

namespace brink {

namespace {

std::string textOf(const StudyTable& table, const QString& ending)
{
    if (ending == QLatin1String("json"))
        return tableJson(table).dump(2) + '\n';
    if (ending == QLatin1String("tex"))
        return tableLatex(table);
    if (ending == QLatin1String("csv"))
        return tableCsv(table);
    throw Error(ErrorCode::Usage, "Tables are written as .csv, .json or .tex, not as ." + ending.toStdString() + ".");
}

void writeWhole(const std::string& text, const QString& file)
{
    QSaveFile out(file);
    const bool isWritten = out.open(QIODevice::WriteOnly) && out.write(text.data(), qint64(text.size())) == qint64(text.size()) && out.commit();
    if (!isWritten)
        throw Error(ErrorCode::Io, "Cannot write " + file.toStdString() + ": " + out.errorString().toStdString() + ".");
}

} // namespace

QString writeStudyTable(const StudyResults& results, const std::string& name, const StudySelection& selection, const QString& path)
{
    const QString file = QFileInfo(path).suffix().isEmpty() ? path + QStringLiteral(".csv") : path;
    const std::string text = textOf(studyTable(results, name, selection), QFileInfo(file).suffix().toLower());
    writeWhole(text, file);
    return file;
}

void writeStudyDefinition(const Json& study, const QString& path) { writeWhole(study.dump(2) + '\n', path); }

} // namespace brink
