// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/windowcommand.h"

#include "app/cli/options.h"
#include "app/window.h"

#include "core/base/error.h"

#include <cstdio>

namespace brink::cli {

int runWindowCommand(QApplication& application, const QStringList& arguments)
{
    try {
        Options options(QStringLiteral("[FILE...]"), QStringLiteral("open the window on models, images, folders, sessions and exported figures; FILE#17 begins at image 17."));
        options.add(QStringLiteral("device"), QStringLiteral("Where models run: cpu or cuda."), QStringLiteral("DEVICE"), QStringLiteral("cpu"));
        options.add(QStringLiteral("trust-model"), QStringLiteral("Allow models whose graph opens files or processes."));
        options.add(QStringLiteral("examples"), QStringLiteral("Folder of the built-in example."), QStringLiteral("FOLDER"));
        options.addRun();
        if (!options.parse(arguments))
            return 0;
        const RunSettings settings = runSettings(options);
        WindowOptions window;
        window.files = options.positional();
        window.device = options.value(QStringLiteral("device"));
        window.workers = settings.workers;
        window.threads = settings.threads;
        window.seed = settings.seed;
        window.trustsModels = options.isSet(QStringLiteral("trust-model"));
        window.examples = options.value(QStringLiteral("examples"));
        return runWindow(application, window);
    } catch (const Error& error) {
        std::fprintf(stderr, "brink: %s\n", error.message().c_str());
        return error.code() == ErrorCode::Usage || error.code() == ErrorCode::Domain ? 2 : 1;
    }
}

} // namespace brink::cli
