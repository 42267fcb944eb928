// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include "core/base/error.h"
#include "core/base/version.h"

#include <algorithm>
#include <cstdio>

namespace brink::cli {

const std::vector<Command>& commands()
{
    static const std::vector<Command> all{
        {QStringLiteral("inspect"), QStringLiteral("all that the Inspect workspace shows, as JSON and figures"), runInspectCommand, true},
        {QStringLiteral("clever"), QStringLiteral("CLEVER scores with their Weibull fits"), runCleverCommand, false},
        {QStringLiteral("attack"), QStringLiteral("adversarial attacks on one or many images"), runAttackCommand, false},
        {QStringLiteral("autoattack"), QStringLiteral("robust accuracy by the AutoAttack cascade, at one or several budgets"), runAutoAttackCommand, false},
        {QStringLiteral("certify"), QStringLiteral("balls in which no image is of another class: bounds that hold"), runCertifyCommand, false},
        {QStringLiteral("curvature"), QStringLiteral("how the decision boundary is curved, and in which directions"), runCurvatureCommand, true},
        {QStringLiteral("detect"), QStringLiteral("small perturbations found by curvature, and the label recovered"), runDetectCommand, true},
        {QStringLiteral("detectors"), QStringLiteral("detectors of perturbed images side by side, and attacks that know them"), runDetectorsCommand, true},
        {QStringLiteral("diagnose"), QStringLiteral("whether numbers about a model's robustness can be trusted"), runDiagnoseCommand, true},
        {QStringLiteral("smooth"), QStringLiteral("certified accuracy of the model smoothed by Gaussian noise"), runSmoothCommand, true},
        {QStringLiteral("slice"), QStringLiteral("classes on a plane through input space, with the boundaries between them"), runSliceCommand, true},
        {QStringLiteral("connect"), QStringLiteral("paths between images that stay inside the region of a class"), runConnectCommand, true},
        {QStringLiteral("margins"), QStringLiteral("whether the output knows how close images are to another class"), runMarginsCommand, true},
        {QStringLiteral("run"), QStringLiteral("a study: many models, many images, many analyses"), runRunCommand, false},
        {QStringLiteral("merge"), QStringLiteral("join the parts of a study that was run on several machines"), runMergeCommand, false},
        {QStringLiteral("export"), QStringLiteral("figures and tables of a study"), runExportCommand, true},
        {QStringLiteral("verify-check"), QStringLiteral("attacks and proofs against the verdicts of complete verifiers"), runVerifyCheckCommand, false},
        {QStringLiteral("card"), QStringLiteral("model card and sanity checks of a model"), runCardCommand, false},
        {QStringLiteral("list"), QStringLiteral("what is built in: models, attacks, analyses, checks, figures, formats"), runListCommand, false},
        {QStringLiteral("train-examples"), QStringLiteral("train the built-in example models again"), runTrainExamplesCommand, false},
    };
    return all;
}

const Command* findCommand(const QString& name)
{
    const auto found = std::ranges::find(commands(), name, &Command::name);
    return found == commands().end() ? nullptr : &*found;
}

QString helpText()
{
    QString text = QStringLiteral("Brink %1: how close is an image to changing class?\n\n"
                                  "brink [FILE...]             open the window (models, images)\n")
                       .arg(QString::fromLatin1(version));
    for (const Command& command : commands())
        text += QStringLiteral("brink %1 %2\n").arg(command.name, -21).arg(command.summary);
    return text + QStringLiteral("\nbrink COMMAND --help describes a command's options.\n");
}

int runCommand(const Command& command, const QStringList& arguments)
{
    const auto complain = [](const std::string& sentence) { std::fprintf(stderr, "brink: %s\n", sentence.c_str()); };
    try {
        return command.run(arguments);
    } catch (const Error& error) {
        complain(error.message());
        return error.code() == ErrorCode::Usage || error.code() == ErrorCode::Domain ? 2 : 1;
    } catch (const std::bad_alloc&) {
        complain("Out of memory; choose fewer images or smaller parameters.");
    } catch (const std::exception& error) {
        const std::string text = error.what();
        complain(text.substr(0, text.find('\n')));
    }
    return 1;
}

} // namespace brink::cli
