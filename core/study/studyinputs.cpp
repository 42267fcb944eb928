// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/studyinputs.h"

#include "core/base/error.h"
#include "core/data/dataset.h"

#include <algorithm>

namespace brink {

namespace {

void openNet(const Study& study, int model, const std::string& device, const Image& first, StudyNets& all)
{
    const auto place = std::size_t(model);
    const StudyModel& asked = study.models[place];
    StudyModelFacts& facts = all.facts[place];
    try {
        LoadOptions options;
        options.device = device;
        options.cardOverrides = asked.card;
        options.cardOverrides["name"] = asked.name;
        StudyNet net{loadClassifier(asked.path, options), asked.classOffset};
        const Classifier& classifier = *net.classifier;
        facts.sha256 = classifier.sha256();
        facts.input = {classifier.channels(), classifier.height(), classifier.width()};
        facts.classes = classifier.classes();
        facts.parameters = classifier.parameterCount();
        if (HeadSearch search = classifierHead(classifier); search.head) {
            net.head = std::make_shared<const ClassifierHead>(std::move(*search.head));
            facts.head = summaryOf(*net.head);
        }
        facts.published = publishedAccuracies(asked.path, asked.card);
        static_cast<void>(modelInput(net, first, &facts.conversions));
        Json card = toJson(classifier.card());
        card.erase("origin");
        card.erase("name");
        card.erase("family");
        all.identities[place] = classifier.sha256() + card.dump() + std::to_string(asked.classOffset);
        all.nets[place] = std::move(net);
    } catch (const Error& error) {
        facts.error = asked.name + ": " + error.message();
    }
}

} // namespace

StudyNets openStudyNets(const Study& study, const std::string& device, const Image& first, Monitor& monitor)
{
    StudyNets all;
    all.nets.resize(study.models.size());
    all.facts.resize(study.models.size());
    all.identities.resize(study.models.size());
    // One after the other: each looks for its fastest batch, which others beside it would spoil.
    for (int model = 0; model < int(study.models.size()) && !monitor.stopRequested(); ++model)
        openNet(study, model, device, first, all);
    return all;
}

StudyPictures::StudyPictures(const Study& study, Monitor& monitor)
{
    m_dataset = openDataset(study.images.path, {study.images.labels});
    const std::vector<std::int64_t> indices = parseIndexRange(study.images.range, m_dataset->size());
    if (indices.empty())
        throw Error(ErrorCode::Domain, study.images.path + ": the study chooses no image; check the range.");
    m_facts.resize(indices.size());
    std::vector<Task> tasks;
    constexpr std::size_t together = 64;
    for (std::size_t first = 0; first < indices.size(); first += together) {
        tasks.push_back([this, &indices, first] {
            for (std::size_t i = first; i < std::min(indices.size(), first + together); ++i) {
                const Image image = m_dataset->image(indices[i]);
                const auto label = m_dataset->label(indices[i]);
                if (!label)
                    throw Error(ErrorCode::Domain,
                        image.source + ": has no label, and a study needs one for every image; name a label file in its \"images\".");
                m_facts[i] = {indices[i], image.source, *label, imageSha256(image)};
            }
        });
    }
    monitor.runTogether(tasks);
}

StudyPictures::~StudyPictures() = default;

const std::vector<std::string>& StudyPictures::classNames() const { return m_dataset->classNames(); }

UnitImage StudyPictures::picture(std::int32_t place) const
{
    const StudyImageFacts& facts = m_facts[std::size_t(place)];
    UnitImage picture{m_dataset->image(facts.index), place, facts.index};
    if (imageSha256(picture.source) != facts.sha256)
        throw Error(ErrorCode::Io, facts.source + ": the image changed while the study was running; run the study again.");
    return picture;
}

std::vector<UnitImage> StudyPictures::pictures(const std::vector<std::int32_t>& places) const
{
    std::vector<UnitImage> all;
    for (const std::int32_t place : places)
        all.push_back(picture(place));
    return all;
}

} // namespace brink
