// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/margins/learnstudy.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/model/classifier_torch.h"
#include "core/model/head.h"
#include "core/study/studyinputs.h"

#include <cmath>
#include <utility>

namespace brink {

namespace {

/// Images looked at between two questions whether to stop.
constexpr std::size_t together = 256;

Study withOnly(Study study, int model)
{
    study.models = {study.models[std::size_t(model)]};
    return study;
}

StudyNet openedNet(const Study& study, const StudyModelFacts& facts, const std::string& device, const Image& first, Monitor& monitor)
{
    StudyNets nets = openStudyNets(study, device, first, monitor);
    if (!nets.facts.front().error.empty())
        throw Error(ErrorCode::Io, nets.facts.front().error);
    if (nets.nets.front().classifier && nets.facts.front().sha256 != facts.sha256)
        throw Error(ErrorCode::Io, study.models.front().path + ": the model changed since the study was computed; run the study again.");
    return std::move(nets.nets.front());
}

/// [N,K] row by row.
std::vector<float> logitsOf(const StudyNet& net, std::span<const Image> images, Monitor& monitor)
{
    const at::NoGradGuard noGrad;
    Evaluator evaluator(net.classifier);
    std::vector<float> logits;
    for (std::size_t first = 0; first < images.size() && !monitor.stopRequested(); first += together) {
        const auto count = std::min(together, images.size() - first);
        const at::Tensor some = evaluator.logits(tensorFromImages(images.subspan(first, count))).to(at::kCPU, at::kFloat).contiguous();
        logits.insert(logits.end(), some.data_ptr<float>(), some.data_ptr<float>() + some.numel());
    }
    return logits;
}

} // namespace

StudyPseudoMargin learnPseudoMarginOf(
    const StudyResults& results, int model, const MarginQuery& query, PseudoMarginInput input, const std::string& device, Monitor& monitor)
{
    StudyPseudoMargin learned;
    learned.model = model;
    learned.query = query;
    PseudoMarginRequest request;
    request.input = input;
    request.eps = {epsOf(query)};
    request.seed = combineSeeds({results.study.seed, std::uint64_t(model)});
    const ModelMargins margins = marginsOf(results, model, query);
    for (const MarginRow& row : margins.rows) {
        if (!row.margin || !std::isfinite(row.scores.logitMargin))
            continue;
        learned.images.push_back(row.image);
        learned.margins.push_back(*row.margin);
        request.logitMargins.push_back(double(row.scores.logitMargin));
    }
    request.margins = learned.margins;
    const Study study = withOnly(results.study, model);
    const StudyPictures pictures(study, monitor);
    if (pictures.facts().size() != results.images.size())
        throw Error(ErrorCode::Io, study.images.path + ": the images are not those of the study any more; run the study again.");
    const StudyNet net = openedNet(study, results.models[std::size_t(model)], device, pictures.picture(0).source, monitor);
    if (!net.classifier)
        return learned; // stopped
    std::vector<Image> images;
    for (const std::int32_t place : learned.images)
        images.push_back(modelInput(net, pictures.picture(place).source));
    if (input == PseudoMarginInput::Features) {
        const HeadSearch search = classifierHead(*net.classifier);
        if (!search.head)
            throw Error(ErrorCode::Unsupported, study.models.front().name + ": " + search.refusal + " The pseudo-margin can be learned from the logits instead.");
        learned.layer = search.head->layer;
        request.width = search.head->features;
        request.inputs = penultimateFeatures(*search.head, images, monitor);
    } else {
        request.width = net.classifier->classes();
        request.inputs = logitsOf(net, images, monitor);
        if (input == PseudoMarginInput::Leads) {
            request.inputs = leadsOf(request.inputs, request.width);
            --request.width;
        }
    }
    if (!monitor.stopRequested())
        learned.result = learnPseudoMargin(request, monitor);
    return learned;
}

} // namespace brink
