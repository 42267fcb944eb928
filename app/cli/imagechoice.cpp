// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/imagechoice.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/study/entering.h"

namespace brink::cli {

namespace {

bool takesRightOnly(const std::string& rule)
{
    const std::vector<std::string> known{"correct", "all"};
    if (rule != known[0] && rule != known[1])
        throw Error(ErrorCode::Usage, unknownName("entry rule", rule, known));
    return rule == "correct";
}

} // namespace

void addImageChoice(Options& options)
{
    options.add(QStringLiteral("count"), QStringLiteral("The first so many images that enter; without it all of them."), QStringLiteral("N"));
    options.add(QStringLiteral("entry"), QStringLiteral("Which images enter: correct (classified as labelled) or all."), QStringLiteral("RULE"),
        QStringLiteral("correct"));
}

ChosenImages enteringImages(const Options& options, const ChosenImages& images, const std::shared_ptr<const Classifier>& model)
{
    const bool onlyRight = takesRightOnly(options.text(QStringLiteral("entry")));
    const std::size_t wanted
        = options.isSet(QStringLiteral("count")) ? std::size_t(options.integer(QStringLiteral("count"), 1, 10'000'000)) : images.indices.size();
    PlainMonitor monitor;
    return {images.dataset, enteringImages(model, *images.dataset, images.indices, onlyRight, wanted, monitor)};
}

SurveyImages surveyImages(const Options& options, ChosenImages images)
{
    return {std::move(images.dataset), std::move(images.indices), ImageSpec::parse(options.text(QStringLiteral("images"))).path};
}

} // namespace brink::cli
