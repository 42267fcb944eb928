// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/fileopener.h"

#include "app/actions.h"
#include "app/controller.h"
#include "app/examples.h"
#include "widgets/controls/messagebar.h"

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

namespace brink {

namespace {

/// The built-in example has an entry of its own.
bool isExample(const QString& path)
{
    const Examples examples = findExamples();
    return path == examples.images || examples.models.contains(path);
}

} // namespace

FileOpener::FileOpener(Controller& controller, MessageBar& messages, const Actions& actions, QWidget* window)
    : QObject(window), m_controller(controller), m_messages(messages), m_actions(actions), m_window(window)
{
    connect(actions.openModel, &QAction::triggered, this, &FileOpener::openModels);
    connect(actions.openImages, &QAction::triggered, this, &FileOpener::openImages);
    connect(actions.openFolder, &QAction::triggered, this, &FileOpener::openFolder);
    connect(&controller, &Controller::modelOpened, this, [this](const QString& path) {
        if (!isExample(path))
            m_models.add({path});
        fillMenus();
    });
    connect(&controller, &Controller::imagesOpened, this, [this](const QStringList& paths) {
        if (!isExample(paths.value(0)))
            m_images.add(paths);
        fillMenus();
    });
    fillMenus();
}

void FileOpener::openModels()
{
    const QStringList paths = QFileDialog::getOpenFileNames(m_window, tr("Open TorchScript models"), m_settings.folder(),
        tr("TorchScript (*.pt *.pth *.ts *.torchscript);;All files (*)"));
    for (const QString& path : paths)
        m_controller.openModel(path);
    if (!paths.isEmpty())
        m_settings.setFolder(QFileInfo(paths.first()).absolutePath());
}

void FileOpener::openImages()
{
    const QStringList paths = QFileDialog::getOpenFileNames(m_window, tr("Open images or a data set"), m_settings.folder());
    if (paths.isEmpty())
        return;
    m_controller.openFiles(paths);
    m_settings.setFolder(QFileInfo(paths.first()).absolutePath());
}

void FileOpener::openFolder()
{
    const QString path = QFileDialog::getExistingDirectory(m_window, tr("Open a folder of images"), m_settings.folder());
    if (path.isEmpty())
        return;
    m_controller.openFiles({path});
    m_settings.setFolder(path);
}

void FileOpener::openRecent(RecentFiles& recent, const QStringList& paths)
{
    const QStringList missing = RecentFiles::missing(paths);
    if (missing.isEmpty())
        return m_controller.openFiles(paths);
    recent.remove(paths);
    fillMenus();
    m_messages.post(MessageBar::Kind::Caution, tr("%1 is no longer there; it was taken off the recent files.").arg(QDir::toNativeSeparators(missing.first())));
}

void FileOpener::fillMenus()
{
    fillMenu(m_actions.recentModels, m_models);
    fillMenu(m_actions.recentImages, m_images);
}

/// Made anew as a whole: the lists are short, and searches for actions find what is in the menu.
void FileOpener::fillMenu(QMenu* menu, RecentFiles& recent)
{
    menu->clear();
    const QList<QStringList> entries = recent.entries();
    for (const QStringList& paths : entries) {
        QAction* action = menu->addAction(RecentFiles::label(paths).replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setToolTip(paths.join(QLatin1Char('\n')));
        action->setStatusTip(paths.first());
        // Opening changes this menu, which is still at work with the action.
        connect(action, &QAction::triggered, this, [this, &recent, paths] { openRecent(recent, paths); }, Qt::QueuedConnection);
    }
    menu->addSeparator();
    QAction* clear = menu->addAction(tr("Clear list"));
    clear->setToolTip(tr("Forget these files; the files themselves stay"));
    clear->setEnabled(!entries.isEmpty());
    connect(clear, &QAction::triggered, this, [this, &recent] {
        recent.clear();
        fillMenus();
    }, Qt::QueuedConnection);
    menu->setEnabled(true);
    menu->setToolTipsVisible(true);
}

} // namespace brink
