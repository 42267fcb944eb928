// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/curvaturesurvey.h"
#include "core/boundary/plane.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

namespace brink {

/// A principal direction of the boundary near an image.
struct CurvedDirection {
    std::shared_ptr<const CurvatureSurvey> survey; ///< owns the others
    const CurvatureResult* result = nullptr;
    const PrincipalDirection* direction = nullptr;
};

/// Counted from the most negative one, then from the most positive one; absent where there is none.
[[nodiscard]] std::optional<CurvedDirection> curvedDirection(const std::shared_ptr<const CurvatureSurvey>& survey, int index);
/// "−3.61, bends towards the image" of each, in the same order.
[[nodiscard]] QStringList curvedDirectionNames(const CurvatureSurvey& survey);
/// "boundary at 0.266 (L2) towards square · mean 0.31 ± 0.05 · −3.61 to 7.30, 1/L2".
[[nodiscard]] QString curvatureSummary(const CurvatureSurvey& survey);

/// Through the boundary point, along the direction against the normal, or against another direction: how the boundary bends. The
/// image is a marker.
/// @param image the one the boundary point belongs to, model-input size.
[[nodiscard]] Plane bendingPlane(const CurvatureResult& result, const PrincipalDirection& direction, const Image& image, const PrincipalDirection* against = nullptr);

} // namespace brink
