// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/study.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace brink {

/// An entry of a study as it is typed: one attack, CLEVER or a survey of the boundary, with every combination of the values listed.
struct AnalysisDraft {
    std::string attack;              ///< empty: CLEVER, or a survey
    std::string boundary;            ///< name of the survey (boundaryAnalyses()); empty: none
    Norm norm = Norm::L2;
    Preset preset = Preset::Paper;
    std::map<std::string, QString> texts; ///< by parameter: what differs from the preset, may be lists
    std::vector<std::string> targets{"untargeted"};
    std::int64_t images = 0;         ///< only the first so many; 0: all
    bool transfers = false;
    bool operator==(const AnalysisDraft&) const = default;
};

struct ModelDraft {
    QString path, name, family;
    int classOffset = 0;
    bool isChosen = true;
};

/// A study as it is typed.
struct StudyDraft {
    QString name = QStringLiteral("study");
    std::vector<ModelDraft> models;
    QString images, range, labels;
    EntryRule entry = EntryRule::Correct;
    std::vector<AnalysisDraft> analyses;
    std::uint64_t seed = 1;
    bool keepsAdversarials = true;
};

/// The preset's parameters of an entry.
[[nodiscard]] Params standardParams(const AnalysisDraft& draft);
/// "I-FGSM · 3 × 2 = 6 analyses"
[[nodiscard]] QString analysisTitle(const AnalysisDraft& draft);
/// The study file that says the same. @throws Error(Usage|Domain) for values that cannot be used.
[[nodiscard]] Json studyJson(const StudyDraft& draft);

/// What a study will cost at most: as if every image entered everywhere.
struct StudyEstimate {
    std::int64_t analyses = 0;
    std::int64_t units = 0;
    double gradients = 0;
    double forwards = 0; ///< beside those of the gradients
};
[[nodiscard]] StudyEstimate estimateOf(const Study& study, std::int64_t images);
/// "5 models × 100 images × 6 analyses: at most 1,200 units, about 2.1 million gradients"
[[nodiscard]] QString estimateText(const Study& study, std::int64_t images);

} // namespace brink
