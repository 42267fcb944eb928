// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/studyreading.h"
#include "core/store/studyrun.h"
#include "core/study/studydefinition.h"

#include <cstdio>

namespace brink::cli {

namespace {

/// "2/8": the second of eight.
void setShard(StudyRunOptions& run, const std::string& text)
{
    const std::vector<std::string> parts = split(text, '/');
    const auto number = parseInteger(parts.front());
    const auto count = parts.size() == 2 ? parseInteger(parts.back()) : std::nullopt;
    if (!number || !count || *count < 1 || *number < 1 || *number > *count)
        throw Error(ErrorCode::Usage, "--shard is \"" + text + "\"; write I/N with I from 1 to N, e.g. 2/8.");
    run.shard = int(*number) - 1;
    run.shards = int(*count);
}

/// A study file, or the JSON of a study and a file to make or continue.
struct Asked {
    Study study;
    std::string out;
};

Asked askedOf(const Options& options)
{
    const QStringList files = options.positional();
    if (files.size() > 1)
        throw Error(ErrorCode::Usage, "One study at a time: brink run STUDY.json --out RESULT.brink.");
    const std::string out = options.text(QStringLiteral("out"));
    if (files.isEmpty() && out.empty())
        throw Error(ErrorCode::Usage, "Nothing to run: brink run STUDY.json --out RESULT.brink, or brink run RESULT.brink to continue.");
    const std::string first = files.isEmpty() ? out : files.front().toStdString();
    if (isStudyFile(first)) {
        if (!out.empty() && out != first)
            throw Error(ErrorCode::Usage, first + ": is a result already and continues in itself; leave --out away.");
        return {StudyReading(first).results()->study, first};
    }
    if (out.empty())
        throw Error(ErrorCode::Usage, "Where to write? brink run " + first + " --out RESULT.brink.");
    return {readStudyDefinition(first), out};
}

int report(const StudyRunEnd& end, const std::string& out)
{
    constexpr std::size_t shown = 5;
    for (std::size_t i = 0; i < std::min(shown, end.failures.size()); ++i)
        std::fprintf(stderr, "brink: %s\n", end.failures[i].c_str());
    if (end.failures.size() > shown)
        std::fprintf(stderr, "brink: and %zu more; the rest of the study is in %s.\n", end.failures.size() - shown, out.c_str());
    std::printf("%s: %lld of %lld units, %lld of them computed now\n", out.c_str(), (long long)end.unitsDone, (long long)end.unitsTotal,
        (long long)end.unitsComputed);
    if (end.stopped)
        std::fprintf(stderr, "brink: stopped; run it again to continue.\n");
    return end.stopped || !end.failures.empty() ? 1 : 0;
}

} // namespace

int runRunCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("run"),
        QStringLiteral("models x images x analyses of a study; starts, or continues where it stopped. Arguments: STUDY.json, or RESULT.brink to continue."));
    options.add(QStringLiteral("out"), QStringLiteral("File for the results, made or continued."), QStringLiteral("RESULT.brink"));
    options.add(QStringLiteral("shard"), QStringLiteral("Compute part I of N only; brink merge joins the parts."), QStringLiteral("I/N"));
    options.add(QStringLiteral("device"), QStringLiteral("Where the models run: cpu or cuda."), QStringLiteral("DEVICE"), QStringLiteral("cpu"));
    options.add(QStringLiteral("workers"), QStringLiteral("Threads that share the work; results do not depend on it."), QStringLiteral("N"));
    options.add(QStringLiteral("threads"), QStringLiteral("Threads inside each worker."), QStringLiteral("N"), QStringLiteral("1"));
    options.add(QStringLiteral("check"), QStringLiteral("Print the study in full as JSON and compute nothing."));
    if (!options.parse(arguments))
        return 0;
    StudyRunOptions run;
    if (options.isSet(QStringLiteral("shard")))
        setShard(run, options.text(QStringLiteral("shard")));
    run.device = options.text(QStringLiteral("device"));
    if (options.isSet(QStringLiteral("check"))) {
        const QStringList files = options.positional();
        if (files.size() != 1)
            throw Error(ErrorCode::Usage, "Which study? brink run --check STUDY.json.");
        std::printf("%s\n", toJson(readStudyDefinition(files.front().toStdString())).dump(1).c_str());
        return 0;
    }
    const Asked asked = askedOf(options);
    const RunSettings settings = threadSettings(options);
    StudyRunEnd end;
    const UnitReport units = runUnits(QString::fromStdString(asked.study.name), 1, settings.workers,
        [&](std::int64_t, Monitor& monitor) { end = runStudy(asked.out, asked.study, run, monitor); });
    if (units.failures > 0)
        throw *units.errors.front();
    end.stopped = end.stopped || units.stopped;
    return report(end, asked.out);
}

int runMergeCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("merge"),
        QStringLiteral("joins files of one study, as parts made with --shard. Arguments: OUT.brink IN.brink [IN.brink...]."));
    if (!options.parse(arguments))
        return 0;
    std::vector<std::string> files;
    for (const QString& file : options.positional())
        files.push_back(file.toStdString());
    if (files.size() < 2)
        throw Error(ErrorCode::Usage, "Name the file to write and the files to join: brink merge OUT.brink IN.brink [IN.brink...].");
    mergeStudies(files.front(), {files.begin() + 1, files.end()});
    const auto results = StudyReading(files.front()).results();
    std::printf("%s: %lld of %lld units\n", files.front().c_str(), (long long)results->unitsDone, (long long)results->unitsTotal);
    return 0;
}

} // namespace brink::cli
