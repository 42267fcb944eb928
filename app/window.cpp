// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window.h"

#include "app/autosave.h"
#include "app/controller.h"
#include "app/examples.h"
#include "app/mainwindow.h"
#include "app/session.h"
#include "app/settings.h"
#include "app/theming.h"
#include "core/base/version.h"
#include "core/jobs/scheduler.h"
#include "core/model/torchruntime.h"
#include "widgets/controls/messagebar.h"

#include <QApplication>

namespace brink {

namespace {

QString machineText(const WindowOptions& options)
{
    QString text = QCoreApplication::translate("Window", "%1 %2 × %3").arg(options.device.toUpper()).arg(options.workers).arg(options.threads);
    if (!torchRuntimeInfo().isBlasFast)
        text += QCoreApplication::translate("Window", " · slow BLAS, install OpenBLAS");
    return text;
}

void openExample(Controller& controller, MainWindow& window, const QString& folder)
{
    const Examples examples = findExamples(folder);
    if (!examples.isComplete()) {
        window.messages()->post(MessageBar::Kind::Caution,
            QCoreApplication::translate("Window", "The built-in example was not found; open or drop a model and an image instead."));
        return;
    }
    controller.openFiles(QStringList{examples.images} + examples.models);
}

} // namespace

int runWindow(QApplication& application, const WindowOptions& options)
{
    QCoreApplication::setOrganizationName(QStringLiteral("Brink"));
    QCoreApplication::setApplicationName(QStringLiteral("Brink"));
    QCoreApplication::setApplicationVersion(QString::fromLatin1(version));
    Settings settings;
    Theming theming(application);
    theming.setChoice(settings.theme());
    Session session(options.seed);
    LoadOptions load;
    load.device = options.device.toStdString();
    load.isTrusted = options.trustsModels;
    Scheduler scheduler(options.workers, 2); // thumbnails, files and figures keep coming while analyses and a study run
    Controller controller(session, scheduler, load);
    MainWindow window(session, controller, scheduler, theming, machineText(options));
    QObject::connect(&window, &MainWindow::exampleWanted, &controller, [&] { openExample(controller, window, options.examples); });
    if (options.files.isEmpty())
        openExample(controller, window, options.examples);
    else
        controller.openFiles(options.files);
    Autosave autosave(session, controller, scheduler, window.keeper(), *window.messages(), Autosave::standardFolder());
    autosave.offerWhatIsLeft();
    window.show();
    if (options.files.isEmpty() && !settings.isTourSeen())
        QMetaObject::invokeMethod(&window, &MainWindow::startTour, Qt::QueuedConnection); // once the docks have their places
    const int status = application.exec();
    scheduler.stopAll();
    autosave.finish();
    return status;
}

} // namespace brink
