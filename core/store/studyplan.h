// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/studyfile.h"
#include "core/study/studyresults.h"
#include "core/study/studyunits.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace brink {

/// One unit that a study consists of, and the places in the study of the images it works on.
struct PlannedUnit {
    UnitSlot slot;
    std::string key;
    int analysis = -1; ///< index; -1 for predictions
    int model = 0;     ///< index; of a transfer the source
    int target = -1;   ///< index, of a transfer
    std::vector<std::int32_t> images;
    double cost = 0;   ///< expected, in forwards
};

/// Cuts a study into units. A unit's key is a hash of all that its outcome depends on (parameters, model file and card, pixels,
/// indices, labels, seed) and of nothing else.
class StudyPlan {
public:
    /// @param identities of the models: file hash and card; empty for a model that does not work.
    StudyPlan(const Study& study, const std::vector<StudyImageFacts>& images, std::vector<std::string> identities);

    /// Predictions of the clean images, all models that work.
    [[nodiscard]] std::vector<PlannedUnit> cleanUnits() const;
    /// Attacks and CLEVER, analysis by analysis. @param predicted [model][image], complete for every model that works.
    [[nodiscard]] std::vector<PlannedUnit> analysisUnits(const std::vector<std::vector<std::int32_t>>& predicted) const;
    /// What the units of attacks that transfer show to each model; those of one attack unit follow each other. @param refused pairs (source, target) that are left out.
    [[nodiscard]] std::vector<PlannedUnit> transferUnits(
        const std::vector<PlannedUnit>& attacks, const std::map<std::pair<int, int>, std::string>& refused) const;

    /// From here on the model takes part in nothing.
    void exclude(int model) { m_identities[std::size_t(model)].clear(); }
    [[nodiscard]] bool works(int model) const { return !m_identities[std::size_t(model)].empty(); }

private:
    [[nodiscard]] std::string key(const UnitSlot& slot, const Json& what, int model, const std::vector<std::int32_t>& images) const;
    [[nodiscard]] std::vector<std::int32_t> entering(int model, const std::vector<std::vector<std::int32_t>>& predicted) const;

    const Study& m_study;
    const std::vector<StudyImageFacts>& m_images;
    std::vector<std::string> m_identities;
};

} // namespace brink
