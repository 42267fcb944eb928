// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/monitor.h"
#include "core/base/norm.h"
#include "core/base/warning.h"
#include "core/data/image.h"
#include "core/model/classifier.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// How the margin is bounded over a ball, from loose and quick to tight and slow. Every one holds.
enum class CertifyMethod {
    Ibp,        ///< interval bounds (Gowal et al. 2018), the last layer merged with the margin
    CrownIbp,   ///< linear bounds of the margin over interval bounds inside (Zhang et al. 2020); for deep networks
    Crown,      ///< linear bounds throughout (CROWN, Zhang et al. 2018)
    AlphaCrown, ///< with optimised slopes (alpha-CROWN, Xu et al. 2021)
    BetaCrown,  ///< with branch and bound over the signs of relus' inputs (beta-CROWN, Wang et al. 2021)
};
[[nodiscard]] const std::vector<CertifyMethod>& certifyMethods();
[[nodiscard]] std::string certifyMethodName(CertifyMethod method); ///< "ibp", "crown-ibp", "crown", "alpha-crown", "beta-crown"
[[nodiscard]] std::string certifyMethodLabel(CertifyMethod method); ///< "IBP", "CROWN-IBP", "CROWN", "α-CROWN", "β-CROWN"
/// @throws Error(Usage) naming the nearest.
[[nodiscard]] CertifyMethod certifyMethodFromName(std::string_view name);

/// A classifier whose graph was read, so that bounds can be carried through it. Immutable, for any number of threads.
class CertifiableModel {
public:
    struct Impl;
    /// @throws Error(Unsupported) naming the first operator that bounds cannot be carried through.
    explicit CertifiableModel(std::shared_ptr<const Classifier> classifier);
    ~CertifiableModel();
    CertifiableModel(const CertifiableModel&) = delete;
    CertifiableModel& operator=(const CertifiableModel&) = delete;

    [[nodiscard]] const Classifier& classifier() const;
    /// Largest difference between the logits of the network read and the classifier's, relative to the largest, on probe images.
    [[nodiscard]] double disagreement() const;
    /// Multiplications that CROWN takes at most for a ball of one image; few of them where most activations are stable.
    [[nodiscard]] double crownCost() const;
    [[nodiscard]] const Impl& impl() const { return *m_impl; }

private:
    std::unique_ptr<Impl> m_impl;
};

struct CertifyRequest {
    std::shared_ptr<const CertifiableModel> model;
    std::vector<Image> images = {};           ///< of the model's size, in [0,1]
    std::vector<std::int64_t> references = {}; ///< the class that must stay, one an image; empty: the predicted ones
    std::optional<std::int64_t> target = {}; ///< only this class must not be reached; absent: no other may
    Norm norm = Norm::Linf;
    CertifyMethod method = CertifyMethod::Crown;
    std::optional<double> eps = {}; ///< prove this ball only; absent: the largest that can be proved
    double tolerance = 1e-3;     ///< relative, of the radius: how far above it the next ball failed
    int iterations = 20;         ///< of alpha-CROWN and, for each domain, beta-CROWN
    bool optimisesInner = false; ///< alpha- and beta-CROWN: also the slopes behind each inner bound
    std::int64_t domains = 1000; ///< that beta-CROWN divides a ball into at most
};

/// The margin to one other class over a ball.
struct CertifiedMargin {
    std::int64_t target = 0;
    double margin = 0;     ///< logit lead of the reference at the image
    double lowerBound = 0; ///< of the lead over the ball, slack not yet subtracted
    double lipschitz = 0;  ///< certified local Lipschitz constant of the lead in the ball: dual norm of its gradient, at most
};

/// An image of another class (or of the target) that a proof met where it failed; the classifier itself confirmed it.
struct Counterexample {
    Image image;
    std::int64_t predicted = 0;
    double distance = 0; ///< from the clean image, in the norm of the ball, pixel units
};

/// What was proved of one image. A ball is proved when every lower bound exceeds the slack.
struct CertifyResult {
    Norm norm = Norm::Linf;
    CertifyMethod method = CertifyMethod::Crown;
    std::int64_t reference = 0;
    double eps = 0;              ///< radius of the ball that `margins` are of
    bool isProved = false;       ///< no image in that ball is of another class (or of the target)
    std::optional<double> radius; ///< largest radius proved, rounded down; absent where eps was given. 0: nothing could be proved
    std::optional<double> nextFailed; ///< the smallest radius that was tried in vain, or was ruled out by a counterexample
    std::optional<Counterexample> counterexample; ///< the nearest that beta-CROWN met: the distance to the boundary lies between radius and its own
    bool isCapped = false;       ///< everything up to the size of the pixel box was proved
    double slack = 0;            ///< that lower bounds must exceed: the classifier computes in float32, bounds are of exact numbers
    std::vector<CertifiedMargin> margins; ///< in the order of the classes
    int balls = 0;               ///< that were tried
    std::int64_t domains = 0;    ///< of beta-CROWN, in all these balls
    bool isPartial = false;      ///< stopped; what is here holds
    double seconds = 0;          ///< of all images of the request, divided among them
};

/// Bounds every image of the request; a stop leaves results that hold. @throws Error(Shape|Domain|Usage).
[[nodiscard]] std::vector<CertifyResult> runCertify(const CertifyRequest& request, Monitor& monitor);

[[nodiscard]] Json toJson(const CertifyResult& result);

} // namespace brink
