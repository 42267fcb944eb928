// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/norm.h"

#include "core/base/error.h"
#include "core/base/text.h"

namespace brink {

std::string normName(Norm norm)
{
    switch (norm) {
    case Norm::L0: return "l0";
    case Norm::L1: return "l1";
    case Norm::L2: return "l2";
    case Norm::Linf: return "linf";
    }
    return "l2";
}

std::string normLabel(Norm norm)
{
    switch (norm) {
    case Norm::L0: return "L0";
    case Norm::L1: return "L1";
    case Norm::L2: return "L2";
    case Norm::Linf: return "L\u221e";
    }
    return "L2";
}

Norm normFromName(std::string_view name)
{
    for (const Norm norm : {Norm::L0, Norm::L1, Norm::L2, Norm::Linf})
        if (lowerCase(name) == normName(norm))
            return norm;
    throw Error(ErrorCode::Usage, unknownName("norm", name, {"l0", "l1", "l2", "linf"}));
}

Norm dualNorm(Norm norm)
{
    switch (norm) {
    case Norm::L1: return Norm::Linf;
    case Norm::L2: return Norm::L2;
    case Norm::Linf: return Norm::L1;
    case Norm::L0: break;
    }
    throw Error(ErrorCode::Domain, "L0 has no dual norm; choose l1, l2 or linf.");
}

} // namespace brink
