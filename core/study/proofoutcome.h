// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attackoutcome.h"
#include "core/certify/certify.h"
#include "core/threat/criterion.h"

#include <memory>
#include <optional>

namespace brink {

/// The counterexample that a proof met, as the outcome of an attack that bears the method's name: confirmed by a fresh forward and tested
/// for what attacks are tested for; without a trace and without costs, since its search was for a bound. Absent where there is none.
[[nodiscard]] std::optional<AttackOutcome> proofOutcome(
    const std::shared_ptr<const Classifier>& model, const Image& clean, const CertifyResult& proof, const Criterion& criterion);

/// Whether an outcome was met by a proof, so that neither its costs nor its lack of gradients compare with those of attacks.
[[nodiscard]] bool isOfProof(const AttackOutcome& outcome);

} // namespace brink
