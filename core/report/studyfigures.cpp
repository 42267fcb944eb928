// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/studyfigures.h"

#include "core/base/error.h"
#include "core/base/text.h"

namespace brink {

#define STUDY_FIGURE(name) StudyFigureInfo name##StudyFigure();
#include "core/report/studyfigures.def"
#undef STUDY_FIGURE

const std::vector<StudyFigureInfo>& studyFigureInfos()
{
    static const std::vector<StudyFigureInfo> infos{
#define STUDY_FIGURE(name) name##StudyFigure(),
#include "core/report/studyfigures.def"
#undef STUDY_FIGURE
    };
    return infos;
}

const StudyFigureInfo& studyFigureInfo(std::string_view name)
{
    std::vector<std::string> names;
    for (const auto* infos : {&studyFigureInfos(), &studySurveyFigureInfos()})
        for (const StudyFigureInfo& info : *infos) {
            if (info.name == name)
                return info;
            names.push_back(info.name);
        }
    throw Error(ErrorCode::Usage, unknownName("figure", name, names));
}

} // namespace brink
