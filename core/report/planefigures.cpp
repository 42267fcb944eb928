// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/planefigures.h"

namespace brink {

#define PLANE_FIGURE(name) PlaneFigureInfo name##FigureInfo();
#include "core/report/planefigures.def"
#undef PLANE_FIGURE

const std::vector<PlaneFigureInfo>& planeFigureInfos()
{
    static const std::vector<PlaneFigureInfo> infos{
#define PLANE_FIGURE(name) name##FigureInfo(),
#include "core/report/planefigures.def"
#undef PLANE_FIGURE
    };
    return infos;
}

} // namespace brink
