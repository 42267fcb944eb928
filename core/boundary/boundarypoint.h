// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/monitor.h"
#include "core/data/image.h"
#include "core/model/classifier.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// A point z on the decision boundary and the plane that touches the boundary there. F = f_own - f_other is positive on the
/// own side and zero on the boundary, so that its gradient points into the own region. d is the number of pixel values.
struct BoundaryPoint {
    Image point;               ///< z, inside the pixel box
    std::int64_t own = 0;      ///< i, the class of the image
    std::int64_t other = 0;    ///< j, the class on the other side: the second largest logit at z
    double distance = 0;       ///< |z - x|_2, pixel units
    double cleanMargin = 0;    ///< F(x), logits
    double margin = 0;         ///< F(z), logits; not larger than the tolerance asked for unless float32 ends first
    double gradientNorm = 0;   ///< |grad F(z)|_2, logits per pixel unit
    std::vector<float> normal; ///< n = grad F(z) / |grad F(z)|_2, [d]
    int bisections = 0;
};

struct BoundaryPointRequest {
    std::optional<std::int64_t> own; ///< class to leave; absent: the predicted class
    std::optional<Image> beyond;     ///< an image of another class to walk to; absent: the attack finds one
    std::string attack = "deepfool"; ///< one that minimises L2 distance
    double tolerance = 1e-4;         ///< |F(z)| is at most this part of F(x)
    std::uint64_t seed = 1;
};

struct BoundaryPointResult {
    std::optional<BoundaryPoint> point;
    std::string failure; ///< why there is none, one sentence
    bool stopped = false;
    EvaluationCounts counts;
};

/// @throws Error(Usage) for an attack that does not exist or does not minimise the L2 distance.
void checkBoundaryAttack(const std::string& name);

/// Walks from the image to its nearest other class (DeepFool in L2, Moosavi-Dezfooli et al. 2016, or another attack) and back onto the boundary by
/// bisection of the segment between them, for f_own minus the largest other logit: z is where the decision changes, whatever
/// class DeepFool ended in. A segment between two points of the box stays inside it.
/// @param image model-input size, [0,1]. @throws Error(Shape|Domain) for what does not fit the model.
[[nodiscard]] BoundaryPointResult findBoundaryPoint(std::shared_ptr<const Classifier> classifier, const Image& image,
    const BoundaryPointRequest& request, Monitor& monitor);

/// Without pixels and normal, which are as large as the image.
[[nodiscard]] Json toJson(const BoundaryPoint& point);

} // namespace brink
