// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/threat/distances.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>

namespace brink {

double Distances::in(Norm norm) const
{
    switch (norm) {
    case Norm::L0: return l0;
    case Norm::L1: return l1;
    case Norm::L2: return l2;
    case Norm::Linf: return linf;
    }
    throw Error(ErrorCode::Domain, "Unknown norm.");
}

Distances distancesBetween(const Image& a, const Image& b)
{
    if (a.channels != b.channels || a.height != b.height || a.width != b.width)
        throw Error(ErrorCode::Shape, "Distances need two images of one size.");
    Distances distances;
    double sumOfSquares = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = std::abs(double(a.pixels[i]) - double(b.pixels[i]));
        distances.l0 += difference != 0;
        distances.l1 += difference;
        sumOfSquares += difference * difference;
        distances.linf = std::max(distances.linf, difference);
    }
    distances.l2 = std::sqrt(sumOfSquares);
    return distances;
}

} // namespace brink
