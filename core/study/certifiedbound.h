// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/certify/certify.h"
#include "core/params/params.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace brink {

/// How Inspect proves the left end of the distance ladder.
struct BoundRequest {
    std::optional<CertifyMethod> method = CertifyMethod::Crown; ///< absent: quickMethod
    double tolerance = 0.01; ///< relative, of the radius
    int iterations = 20;     ///< of alpha-CROWN
    std::int64_t domains = 1000; ///< of beta-CROWN, a ball
};

/// The method's name, or "auto".
[[nodiscard]] inline std::string methodText(const BoundRequest& request) { return request.method ? certifyMethodName(*request.method) : "auto"; }

/// As provenance and result keys state it; domains where they count.
[[nodiscard]] Json toJson(const BoundRequest& request);

/// CROWN where a ball takes tenths of a second whatever the image, else linear bounds over interval bounds. Decided by the network alone, so
/// that it is the same everywhere.
[[nodiscard]] CertifyMethod quickMethod(const CertifiableModel& model);

/// Method ("auto" for quickMethod, which the preview takes), tolerance, iterations and domains.
[[nodiscard]] ParamSpecs boundParameters();
[[nodiscard]] BoundRequest boundRequest(const Params& parameters);

/// The largest ball around one image that holds no image of another class, as far as it can be proved.
struct CertifiedBound {
    std::optional<CertifyResult> proof; ///< absent where none can be given, or stopped before there was any
    /// Bounds over the ball of the radius asked for: their Lipschitz constants are of the quantities that CLEVER estimates there.
    std::optional<CertifyResult> ball;
    std::string unavailable;            ///< why there is none, one sentence
};
/// @param target only this class must not be reached; absent: no other may.
/// @param ballRadius of the ball beside the largest one that can be proved; absent: only that one.
[[nodiscard]] CertifiedBound certifiedBound(const std::shared_ptr<const Classifier>& model, const Image& image, std::int64_t reference,
    std::optional<std::int64_t> target, Norm norm, std::optional<double> ballRadius, const BoundRequest& request, Monitor& monitor);

} // namespace brink
