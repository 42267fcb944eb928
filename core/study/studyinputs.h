// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/study/studyunits.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace brink {

class Dataset;

/// The models of a study, opened; one that does not work has a null classifier and says why in its facts.
struct StudyNets {
    std::vector<StudyNet> nets;
    std::vector<StudyModelFacts> facts;
    std::vector<std::string> identities; ///< file hash, card and offset as text; empty for a model that does not work
};
/// Opens them beside each other. Stopped, the rest is missing. @param first an image to say how it is converted.
[[nodiscard]] StudyNets openStudyNets(const Study& study, const std::string& device, const Image& first, Monitor& monitor);

/// The images of a study; thread-safe to read, pixels are decoded on demand.
class StudyPictures {
public:
    /// Decodes every image once. @throws Error(Io|Format|Domain) for a set that cannot be opened, an image without a label, no
    /// image at all.
    StudyPictures(const Study& study, Monitor& monitor);
    ~StudyPictures();

    [[nodiscard]] const std::vector<StudyImageFacts>& facts() const { return m_facts; }
    [[nodiscard]] const std::vector<std::string>& classNames() const;
    /// @throws Error(Io) when the image is not what it was.
    [[nodiscard]] UnitImage picture(std::int32_t place) const;
    /// For surveys, after their images were looked at by picture().
    [[nodiscard]] const std::shared_ptr<const Dataset>& dataset() const { return m_dataset; }
    [[nodiscard]] std::vector<UnitImage> pictures(const std::vector<std::int32_t>& places) const;

private:
    std::shared_ptr<const Dataset> m_dataset;
    std::vector<StudyImageFacts> m_facts;
};

} // namespace brink
