// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figureexporter.h"

#include "app/figureexport.h"
#include "app/qtext.h"
#include "core/base/error.h"
#include "widgets/controls/messagebar.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

namespace brink {

FigureExporter::FigureExporter(const Session& session, MessageBar& messages, QWidget* window)
    : QObject(window), m_session(session), m_messages(messages), m_window(window)
{
}

void FigureExporter::exportFigure(const std::string& name)
{
    const FigureInfo& info = figureInfo(name);
    const auto figure = m_session.result() ? info.make(*m_session.result(), m_session.selection()) : std::nullopt;
    if (!figure)
        return m_messages.post(MessageBar::Kind::Information, tr("There is nothing to export as %1 yet; press Run first.").arg(qtext(info.label)));
    auto* dialog = new ExportDialog(qtext(info.label), qtext(figure->caption), m_settings.exportChoice(), m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, shown = *figure] { askPlace(shown, dialog->choice()); });
    dialog->open();
}

void FigureExporter::exportAll()
{
    if (!m_session.result())
        return m_messages.post(MessageBar::Kind::Information, tr("There is nothing to export yet; press Run first."));
    auto* dialog = new ExportDialog(tr("all figures"), {}, m_settings.exportChoice(), m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, result = m_session.result(), selection = m_session.selection()] {
        const ExportChoice choice = dialog->choice();
        m_settings.setExportChoice(choice);
        const QString folder = QFileDialog::getExistingDirectory(m_window, tr("Folder for all figures"), m_settings.folder());
        if (!folder.isEmpty())
            saveAll(*result, selection, choice, folder);
    });
    dialog->open();
}

void FigureExporter::askPlace(const Figure& figure, const ExportChoice& choice)
{
    m_settings.setExportChoice(choice);
    const QString proposal = QDir(m_settings.folder()).filePath(QStringLiteral("%1.%2").arg(qtext(figure.name), choice.format));
    const QString path = QFileDialog::getSaveFileName(m_window, tr("Export figure"), proposal, QStringLiteral("*.%1").arg(choice.format));
    if (path.isEmpty())
        return;
    m_settings.setFolder(QFileInfo(path).absolutePath());
    save(figure, choice, path);
}

void FigureExporter::save(const Figure& figure, const ExportChoice& choice, const QString& path)
{
    try {
        m_messages.post(MessageBar::Kind::Information, tr("Exported %1.").arg(writeFigure(figure, choice, path)));
    } catch (const Error& error) {
        m_messages.post(MessageBar::Kind::Alarm, qtext(error.message()));
    }
}

void FigureExporter::saveAll(const InspectResult& result, const FigureSelection& selection, const ExportChoice& choice, const QString& folder)
{
    try {
        const QStringList paths = writeAllFigures(result, selection, choice, folder);
        m_messages.post(MessageBar::Kind::Information, tr("Exported %n figures to %1.", nullptr, int(paths.size())).arg(folder));
    } catch (const Error& error) {
        m_messages.post(MessageBar::Kind::Alarm, qtext(error.message()));
    }
}

} // namespace brink
