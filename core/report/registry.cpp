// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/registry.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>

namespace brink {

#define FIGURE(name) FigureInfo name##Figure();
#include "core/report/figures.def"
#undef FIGURE

const std::vector<FigureInfo>& figureInfos()
{
    static const std::vector<FigureInfo> infos{
#define FIGURE(name) name##Figure(),
#include "core/report/figures.def"
#undef FIGURE
    };
    return infos;
}

const FigureInfo& figureInfo(std::string_view name)
{
    const std::vector<FigureInfo>& infos = figureInfos();
    const auto found = std::ranges::find(infos, name, &FigureInfo::name);
    if (found != infos.end())
        return *found;
    std::vector<std::string> names;
    for (const FigureInfo& info : infos)
        names.push_back(info.name);
    throw Error(ErrorCode::Usage, unknownName("figure", name, names));
}

} // namespace brink
