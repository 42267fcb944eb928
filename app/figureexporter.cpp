// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figureexporter.h"

#include "app/figureexport.h"
#include "app/figurepane.h"
#include "app/inspectworkspace.h"
#include "app/qtext.h"
#include "core/base/error.h"
#include "widgets/controls/messagebar.h"
#include "widgets/plot/exportfigure.h"
#include "widgets/plot/figureview.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QMimeData>
#include <QTimer>

namespace brink {

FigureExporter::FigureExporter(const Session& session, MessageBar& messages, const InspectWorkspace& views, QWidget* window)
    : QObject(window), m_session(session), m_messages(messages), m_views(views), m_window(window)
{
}

void FigureExporter::addFigure(const std::string& name, const QString& label, std::function<std::optional<ShownFigure>()> shown)
{
    m_others[name] = {label, std::move(shown)};
}

QString FigureExporter::label(const std::string& name) const
{
    const auto other = m_others.find(name);
    return other == m_others.end() ? qtext(figureInfo(name).label) : other->second.label;
}

void FigureExporter::exportFigure(const std::string& name)
{
    const auto wanted = shown(name);
    if (!wanted)
        return m_messages.post(MessageBar::Kind::Information,
            tr("There is nothing to export as %1 yet; press Run first.").arg(label(name)));
    ExportDialog* dialog = openDialog(label(name), {wanted->figure});
    connect(dialog, &QDialog::accepted, this, [this, dialog, figure = *wanted] { askPlace(figure, dialog->choice()); });
}

void FigureExporter::exportAll()
{
    std::vector<ShownFigure> wanted = allShown();
    if (wanted.empty())
        return m_messages.post(MessageBar::Kind::Information, tr("There is nothing to export yet; press Run first."));
    std::vector<Figure> figures;
    for (const ShownFigure& each : wanted)
        figures.push_back(each.figure);
    ExportDialog* dialog = openDialog(tr("all figures"), std::move(figures));
    connect(dialog, &QDialog::accepted, this, [this, dialog, wanted = std::move(wanted)] {
        const ExportChoice choice = dialog->choice();
        m_settings.setExportChoice(choice);
        const QString folder = QFileDialog::getExistingDirectory(m_window, tr("Folder for all figures"), m_settings.folder());
        if (!folder.isEmpty())
            saveAll(wanted, choice, folder);
    });
}

ExportDialog* FigureExporter::openDialog(const QString& what, std::vector<Figure> figures)
{
    auto* dialog = new ExportDialog(what, std::move(figures), m_settings.exportChoice(), m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ExportDialog::copyRequested, this, [this, dialog] { copy(dialog->figure(), dialog->choice()); });
    dialog->open();
    return dialog;
}

void FigureExporter::askPlace(const ShownFigure& shown, const ExportChoice& choice)
{
    m_settings.setExportChoice(choice);
    const QString proposal = QDir(m_settings.folder()).filePath(QStringLiteral("%1.%2").arg(qtext(shown.figure.name), choice.format));
    const QString path = QFileDialog::getSaveFileName(m_window, tr("Export figure"), proposal, QStringLiteral("*.%1").arg(choice.format));
    if (path.isEmpty())
        return;
    m_settings.setFolder(QFileInfo(path).absolutePath());
    save(shown, choice, path);
}

std::optional<ShownFigure> FigureExporter::shown(const std::string& name) const
{
    if (const auto other = m_others.find(name); other != m_others.end())
        return other->second.shown();
    auto figure = m_session.result() ? figureInfo(name).make(*m_session.result(), m_session.selection()) : std::nullopt;
    if (!figure)
        return std::nullopt;
    FigureZoom zoom;
    for (const FigurePane* pane : m_views.panes())
        if (pane->name() == name)
            zoom = pane->view()->zoom();
    return ShownFigure{withRanges(std::move(*figure), zoom), originOf(m_session, name, zoom)};
}

std::vector<ShownFigure> FigureExporter::allShown() const
{
    std::vector<ShownFigure> figures;
    for (const FigureInfo& info : figureInfos())
        if (auto figure = shown(info.name))
            figures.push_back(std::move(*figure));
    return figures;
}

void FigureExporter::save(const ShownFigure& shown, const ExportChoice& choice, const QString& path)
{
    try {
        const PathChoice paths = choice.includesPaths ? PathChoice::Include : PathChoice::Omit;
        const Figure figure = shown.origin ? withOrigin(shown.figure, *shown.origin, QFileInfo(path).absolutePath(), paths) : shown.figure;
        m_messages.post(MessageBar::Kind::Information, tr("Exported %1.").arg(writeFigure(figure, choice, path)));
    } catch (const Error& error) {
        m_messages.post(MessageBar::Kind::Alarm, qtext(error.message()));
    }
}

void FigureExporter::saveAll(std::vector<ShownFigure> figures, const ExportChoice& choice, const QString& folder)
{
    saveNext(std::make_shared<Batch>(Batch{std::move(figures), choice, folder, 0}));
}

void FigureExporter::saveNext(const std::shared_ptr<Batch>& batch)
{
    if (batch->next == batch->figures.size()) {
        m_messages.post(MessageBar::Kind::Information, tr("Exported %n figures to %1.", nullptr, int(batch->next)).arg(batch->folder));
        Q_EMIT allSaved();
        return;
    }
    const ShownFigure& shown = batch->figures[batch->next++];
    try {
        const PathChoice paths = batch->choice.includesPaths ? PathChoice::Include : PathChoice::Omit;
        const QString file = QDir(batch->folder).filePath(QStringLiteral("%1.%2").arg(qtext(shown.figure.name), batch->choice.format));
        writeFigure(shown.origin ? withOrigin(shown.figure, *shown.origin, batch->folder, paths) : shown.figure, batch->choice, file);
    } catch (const Error& error) {
        m_messages.post(MessageBar::Kind::Alarm, qtext(error.message()));
        Q_EMIT allSaved();
        return;
    }
    QTimer::singleShot(0, this, [this, batch] { saveNext(batch); });
}

void FigureExporter::copyFigure(const std::string& name)
{
    const auto wanted = shown(name);
    if (!wanted)
        return m_messages.post(MessageBar::Kind::Information,
            tr("There is nothing to copy as %1 yet; press Run first.").arg(label(name)));
    copy(wanted->figure, m_settings.exportChoice());
}

void FigureExporter::copyFocused()
{
    for (const QWidget* widget = QApplication::focusWidget(); widget; widget = widget->parentWidget())
        if (const auto* pane = qobject_cast<const FigurePane*>(widget))
            return copyFigure(pane->name());
    copyFigure("ladder");
}

void FigureExporter::copy(const Figure& figure, const ExportChoice& choice)
{
    try {
        const ExportSpec spec = exportSpec(choice);
        auto* data = new QMimeData; // the clipboard's from here on
        data->setImageData(renderFigure(figure, spec));
        data->setData(QStringLiteral("image/svg+xml"), encodedFigure(figure, spec, QStringLiteral("svg")));
        QGuiApplication::clipboard()->setMimeData(data);
        m_messages.post(MessageBar::Kind::Information, tr("Copied the figure “%1” as picture and SVG.").arg(qtext(figure.name)));
    } catch (const Error& error) {
        m_messages.post(MessageBar::Kind::Alarm, qtext(error.message()));
    }
}

} // namespace brink
