// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/certify/certify.h"
#include "core/study/verifytable.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace brink {

/// What one method proved of one ball.
struct VerifyProof {
    CertifyMethod method = CertifyMethod::Crown;
    bool isProved = false;
    double bound = 0; ///< lowest lower bound of a margin over the ball, less the slack; above 0: proved
    std::int64_t domains = 0; ///< of beta-CROWN
    double seconds = 0;
    bool isPartial = false; ///< stopped before it was proved
};

/// How balls are to be proved beside being attacked.
struct VerifyProving {
    std::shared_ptr<const CertifiableModel> model; ///< absent: none is
    std::vector<CertifyMethod> methods;
    std::int64_t domains = 1000; ///< of beta-CROWN, a ball
};

/// A proof, and an image of another class (or of the target) that it met, if any; that image may lie beyond the ball.
struct VerifyAttempt {
    VerifyProof proof;
    std::optional<Counterexample> met;
};
/// Tries to prove one ball by one method. @throws Error(Shape|Domain).
[[nodiscard]] VerifyAttempt proveBall(const VerifyProving& proving, CertifyMethod method, const VerifyInstance& instance, const Image& image, Monitor& monitor);

/// What one method proved of the balls of one model or of all.
struct VerifyProofCounts {
    CertifyMethod method = CertifyMethod::Crown;
    std::int64_t robust = 0, proved = 0; ///< balls verified robust that were tried to the end, and those proved
    std::int64_t wrong = 0;              ///< balls proved that are violated, or in which an attack found something: must be 0
    double seconds = 0;                  ///< of all balls, violated ones included
    bool operator==(const VerifyProofCounts&) const = default;
};

[[nodiscard]] Json toJson(const VerifyProof& proof);
[[nodiscard]] Json toJson(const VerifyProofCounts& counts);

} // namespace brink
