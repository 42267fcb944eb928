// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings.h"

#include <QDir>
#include <QSettings>

namespace brink {

namespace {

QVariant read(const QString& key, const QVariant& standard = {}) { return QSettings().value(key, standard); }

void write(const QString& key, const QVariant& value) { QSettings().setValue(key, value); }

const QString geometryKey = QStringLiteral("window/geometry");
const QString layoutKey = QStringLiteral("window/layout");
const QString themeKey = QStringLiteral("window/theme");
const QString tourKey = QStringLiteral("window/tourSeen");
const QString folderKey = QStringLiteral("files/folder");

} // namespace

QByteArray Settings::geometry() const { return read(geometryKey).toByteArray(); }

QByteArray Settings::layout() const { return read(layoutKey).toByteArray(); }

void Settings::setWindow(const QByteArray& geometry, const QByteArray& layout)
{
    write(geometryKey, geometry);
    write(layoutKey, layout);
}

ThemeChoice Settings::theme() const
{
    const int value = read(themeKey, 0).toInt();
    return value == 1 ? ThemeChoice::Light : value == 2 ? ThemeChoice::Dark : ThemeChoice::System;
}

void Settings::setTheme(ThemeChoice theme) { write(themeKey, int(theme)); }

ExportChoice Settings::exportChoice() const
{
    ExportChoice choice;
    choice.format = read(QStringLiteral("export/format"), choice.format).toString();
    choice.widthMm = read(QStringLiteral("export/widthMm"), choice.widthMm).toDouble();
    choice.heightMm = read(QStringLiteral("export/heightMm"), choice.heightMm).toDouble();
    choice.fontPt = read(QStringLiteral("export/fontPt"), choice.fontPt).toDouble();
    choice.fontFamily = read(QStringLiteral("export/font"), choice.fontFamily).toString();
    choice.dpi = read(QStringLiteral("export/dpi"), choice.dpi).toInt();
    const int kind = read(QStringLiteral("export/theme"), int(choice.theme)).toInt();
    choice.theme = kind == int(ThemeKind::Light) ? ThemeKind::Light : kind == int(ThemeKind::Dark) ? ThemeKind::Dark : ThemeKind::Print;
    choice.outlinesText = read(QStringLiteral("export/outlines"), choice.outlinesText).toBool();
    choice.isTransparent = read(QStringLiteral("export/transparent"), choice.isTransparent).toBool();
    choice.writesCsv = read(QStringLiteral("export/csv"), choice.writesCsv).toBool();
    choice.includesPaths = read(QStringLiteral("export/paths"), choice.includesPaths).toBool();
    return choice;
}

void Settings::setExportChoice(const ExportChoice& choice)
{
    write(QStringLiteral("export/format"), choice.format);
    write(QStringLiteral("export/widthMm"), choice.widthMm);
    write(QStringLiteral("export/heightMm"), choice.heightMm);
    write(QStringLiteral("export/fontPt"), choice.fontPt);
    write(QStringLiteral("export/font"), choice.fontFamily);
    write(QStringLiteral("export/dpi"), choice.dpi);
    write(QStringLiteral("export/theme"), int(choice.theme));
    write(QStringLiteral("export/outlines"), choice.outlinesText);
    write(QStringLiteral("export/transparent"), choice.isTransparent);
    write(QStringLiteral("export/csv"), choice.writesCsv);
    write(QStringLiteral("export/paths"), choice.includesPaths);
}

bool Settings::isTourSeen() const { return read(tourKey, false).toBool(); }

void Settings::setTourSeen() { write(tourKey, true); }

QString Settings::folder() const { return read(folderKey, QDir::homePath()).toString(); }

void Settings::setFolder(const QString& folder) { write(folderKey, folder); }

} // namespace brink
