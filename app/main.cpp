// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/windowcommand.h"

#include "core/base/text.h"
#include "core/base/version.h"

#include <QApplication>
#include <QFileInfo>
#include <QHashFunctions>

#include <clocale>
#include <cstdio>
#include <memory>

namespace {

/// A word that is neither a command nor a file is most likely a misspelt command.
int complainAboutWord(const QString& word)
{
    std::vector<std::string> known;
    for (const brink::cli::Command& command : brink::cli::commands())
        known.push_back(command.name.toStdString());
    std::fprintf(stderr, "brink: %s\n", brink::unknownName("command or file", word.toStdString(), known).c_str());
    return 2;
}

/// Remarks of Qt about the machine (a missing run-time folder, say) do not belong among a command's own sentences.
void dropRemarks(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    if (type == QtCriticalMsg || type == QtFatalMsg)
        std::fprintf(stderr, "brink: %s\n", text.toLocal8Bit().constData());
}

/// An application object that fits: with a platform for figures, off-screen where there is no display.
std::unique_ptr<QCoreApplication> makeApplication(int& argc, char** argv, bool needsFonts)
{
    qInstallMessageHandler(dropRemarks);
    std::unique_ptr<QCoreApplication> application;
    if (needsFonts) {
        qputenv("QT_QPA_PLATFORM", "offscreen"); // a command never opens a window
        application = std::make_unique<QApplication>(argc, argv);
    } else {
        application = std::make_unique<QCoreApplication>(argc, argv);
    }
    std::setlocale(LC_NUMERIC, "C"); // Qt takes the user's locale; files and LibTorch want the C locale's numbers
    return application;
}

} // namespace

int main(int argc, char** argv)
{
    QHashSeed::setDeterministicGlobalSeed(); // plots draw their axes in the order of a hash: the same figure is the same bytes
    const QString word = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
    if (const brink::cli::Command* command = brink::cli::findCommand(word)) {
        const auto application = makeApplication(argc, argv, command->needsFonts);
        return brink::cli::runCommand(*command, QCoreApplication::arguments().mid(2));
    }
    if (word == QStringLiteral("--help") || word == QStringLiteral("-h")) {
        std::fputs(brink::cli::helpText().toUtf8().constData(), stdout);
        return 0;
    }
    if (word == QStringLiteral("--version")) {
        std::printf("Brink %s\n", brink::version);
        return 0;
    }
    const bool isFile = QFileInfo::exists(word) || QFileInfo::exists(word.section(QLatin1Char('#'), 0, -2)); // FILE or FILE#RANGE
    if (!word.isEmpty() && !word.startsWith(QLatin1Char('-')) && !isFile)
        return complainAboutWord(word);
    QApplication application(argc, argv);
    std::setlocale(LC_NUMERIC, "C");
    return brink::cli::runWindowCommand(application, QCoreApplication::arguments().mid(1));
}
