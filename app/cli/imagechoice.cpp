// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/imagechoice.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/preprocessing.h"
#include "core/study/predictions.h"

namespace brink::cli {

namespace {

/// Predictions are asked for in parts: the first few hundred images may be all that is wanted.
constexpr std::size_t part = 512;

bool entersByRule(const std::string& rule)
{
    const std::vector<std::string> known{"correct", "all"};
    if (rule != known[0] && rule != known[1])
        throw Error(ErrorCode::Usage, unknownName("entry rule", rule, known));
    return rule == "all";
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
    const bool takesAll = entersByRule(options.text(QStringLiteral("entry")));
    const std::size_t wanted
        = options.isSet(QStringLiteral("count")) ? std::size_t(options.integer(QStringLiteral("count"), 1, 10'000'000)) : images.indices.size();
    ChosenImages entering{images.dataset, {}};
    PlainMonitor monitor;
    for (std::size_t begin = 0; begin < images.indices.size() && entering.indices.size() < wanted; begin += part) {
        const std::size_t end = std::min(begin + part, images.indices.size());
        // What is not asked about counts as known.
        Predictions predictions(std::size_t(images.dataset->size()), ImagePrediction{ImagePrediction::State::Refused});
        for (std::size_t i = begin; i < end; ++i)
            predictions[std::size_t(images.indices[i])] = {};
        predictions = predictSet(model, *images.dataset, std::move(predictions), monitor);
        for (std::size_t i = begin; i < end && entering.indices.size() < wanted; ++i) {
            const ImagePrediction& prediction = predictions[std::size_t(images.indices[i])];
            if (prediction.state == ImagePrediction::State::Known && (takesAll || !prediction.isWrong()))
                entering.indices.push_back(images.indices[i]);
        }
    }
    if (entering.indices.empty())
        throw Error(ErrorCode::Domain, "No image enters: " + model->card().name + " classifies none of the chosen ones correctly; --entry all takes them all.");
    return entering;
}

Image modelImage(const ChosenImages& images, std::int64_t index, const Classifier& model)
{
    PreparedImage prepared
        = prepareImage(images.dataset->image(index), model.channels(), model.height(), model.width(), model.card().resizeRule);
    return std::move(prepared.image);
}

} // namespace brink::cli
