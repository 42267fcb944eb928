// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/pathpairs.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/boundary/slice.h"

#include <algorithm>
#include <map>
#include <utility>

namespace brink {

namespace {

/// Pairs between two pictures of what is there.
constexpr std::int64_t pairsPublished = 4;

} // namespace

PathEnds pathEnds(const SurveyImages& images, const std::shared_ptr<const Classifier>& model)
{
    PathEnds ends;
    ends.indices = images.indices;
    for (const std::int64_t index : images.indices)
        ends.images.push_back(surveyImage(images, index, *model));
    EvaluationCounts counts;
    ends.predicted = predictedClasses(model, ends.images, counts);
    return ends;
}

std::vector<EndPair> drawPairs(const PathEnds& ends, PairKind kind, std::int64_t count, std::uint64_t seed)
{
    std::map<std::int64_t, std::vector<std::size_t>> byClass;
    for (std::size_t i = 0; i < ends.predicted.size(); ++i)
        byClass[ends.predicted[i]].push_back(i);
    std::vector<std::size_t> first; // that have a partner
    for (std::size_t i = 0; i < ends.predicted.size(); ++i) {
        const std::size_t alike = byClass[ends.predicted[i]].size();
        if (kind == PairKind::Natural ? alike > 1 : alike < ends.predicted.size())
            first.push_back(i);
    }
    if (first.empty())
        throw Error(ErrorCode::Domain, kind == PairKind::Natural ? "No two of the images are classified alike; choose more of them."
                                                                 : "All images are classified alike; choose others to move into the class.");
    std::vector<EndPair> pairs;
    for (std::int64_t i = 0; i < count; ++i) {
        Rng rng(combineSeeds({seed, std::uint64_t(i)}));
        const std::size_t from = first[std::size_t(rng.below(first.size()))];
        std::size_t to = from;
        while (to == from || (ends.predicted[to] == ends.predicted[from]) != (kind == PairKind::Natural))
            to = std::size_t(rng.below(ends.predicted.size()));
        pairs.push_back({from, to});
    }
    return pairs;
}

RegionPath pathOfPair(const RegionPathRequest& shared, const PathEnds& ends, const EndPair& pair, PairKind kind, Monitor& monitor)
{
    RegionPathRequest request = shared;
    request.from = ends.images[pair.from];
    request.to = ends.images[pair.to];
    EvaluationCounts moving;
    if (kind == PairKind::Moved) {
        const auto moved = movedInto(shared.model, request.to, ends.predicted[pair.from], shared.repairSteps, shared.overshoot, moving);
        if (!moved)
            throw Error(ErrorCode::Domain, "Image " + std::to_string(ends.indices[pair.to]) + " could not be moved into the class of image "
                    + std::to_string(ends.indices[pair.from]) + ".");
        request.to = *moved;
    }
    RegionPath path = findRegionPath(request, monitor);
    path.fromIndex = ends.indices[pair.from];
    path.toIndex = ends.indices[pair.to];
    path.counts += moving;
    return path;
}

RegionSurvey surveyRegions(std::shared_ptr<const Classifier> model, const SurveyImages& images, const RegionSurveyRequest& request, Monitor& monitor,
    const std::function<void(std::shared_ptr<const RegionSurvey>)>& publish)
{
    RegionSurvey survey;
    survey.modelName = model->card().name;
    survey.modelSha256 = model->sha256();
    survey.imagesSource = images.source;
    survey.images = std::int64_t(images.indices.size());
    survey.seed = request.seed;
    for (int i = 0; i < model->classes(); ++i)
        survey.classNames.push_back(classNameOf(*model, i, images.dataset->classNames()));
    const PathEnds ends = pathEnds(images, model);
    const std::vector<EndPair> pairs = drawPairs(ends, PairKind::Natural, request.pairs, request.seed);
    RegionPathRequest shared;
    shared.model = model;
    const std::int64_t count = std::int64_t(pairs.size()), parts = count + count / 4 + 1;
    for (std::int64_t begin = 0; begin < count && !monitor.stopRequested(); begin += pairsPublished) {
        std::vector<RegionPath> found(std::size_t(std::min(pairsPublished, count - begin)));
        PartMonitor part(monitor, begin, std::int64_t(found.size()), parts);
        surveyUnits(std::int64_t(found.size()), part, [&](std::int64_t unit, Monitor& own) {
            found[std::size_t(unit)] = pathOfPair(shared, ends, pairs[std::size_t(begin + unit)], PairKind::Natural, own);
        });
        if (monitor.stopRequested())
            break; // the last ones were perhaps not begun
        for (RegionPath& path : found) {
            path.className = survey.classNames[std::size_t(path.label)];
            survey.paths.push_back(std::move(path));
        }
        if (publish) {
            auto picture = std::make_shared<RegionSurvey>(survey);
            picture->partial = true;
            publish(std::move(picture));
        }
    }
    if (request.samples > 0 && !monitor.stopRequested()) {
        ConvexityRequest convexity;
        convexity.model = model;
        convexity.images = ends.images;
        convexity.labels = ends.predicted;
        convexity.samples = request.samples;
        convexity.seed = request.seed;
        PartMonitor part(monitor, count, parts - count, parts);
        survey.convexity = computeConvexity(convexity, part);
    }
    survey.partial = monitor.stopRequested();
    return survey;
}

} // namespace brink
