// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/studyfigures.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>

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
    const std::vector<StudyFigureInfo>& infos = studyFigureInfos();
    const auto found = std::ranges::find(infos, name, &StudyFigureInfo::name);
    if (found != infos.end())
        return *found;
    std::vector<std::string> names;
    for (const StudyFigureInfo& info : infos)
        names.push_back(info.name);
    throw Error(ErrorCode::Usage, unknownName("figure", name, names));
}

} // namespace brink
