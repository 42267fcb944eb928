// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace brink {

/// A number of each image and its derivative with respect to the logits, n images and K classes. With the derivative at
/// hand an input gradient is one backward pass through the model alone (AttackSession::gradient).
struct LogitLoss {
    at::Tensor value;   ///< [n]
    at::Tensor weights; ///< [n,K]
};

/// The criterion of n images in one form: `classes` holds the target (targeted) or the reference class (untargeted), `sign`
/// is -1 or +1. Every loss here is driven down.
class Anchors {
public:
    Anchors() = default;
    /// @param classes [n] int64, sign [n], count K.
    Anchors(const at::Tensor& classes, const at::Tensor& sign, std::int64_t count);

    [[nodiscard]] const at::Tensor& classes() const { return m_classes; }
    [[nodiscard]] const at::Tensor& sign() const { return m_sign; }

    /// sign * (z_anchor - max of the others); negative means adversarial. Of several largest others one gives the derivative.
    [[nodiscard]] LogitLoss margin(const at::Tensor& logits) const;
    /// sign * z_anchor; the logit loss of the survey (handbook 2.2).
    [[nodiscard]] LogitLoss anchorLogit(const at::Tensor& logits) const;
    /// sign * (z_anchor - logsumexp of the others), the log odds of the anchor. Its gradient is the cross-entropy's times a
    /// positive factor of the image, so attacks that normalise the gradient follow the cross-entropy exactly; unlike it, it
    /// does not underflow to zero on confident images.
    [[nodiscard]] LogitLoss logOdds(const at::Tensor& logits) const;

    /// Of these rows [m] int64 only.
    [[nodiscard]] Anchors select(const at::Tensor& rows) const;

private:
    at::Tensor m_classes;
    at::Tensor m_sign;
    at::Tensor m_own;     ///< [n,K] sign at the anchor, 0 elsewhere
    at::Tensor m_blocked; ///< [n,K] -infinity at the anchor, 0 elsewhere
};

} // namespace brink
