// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/certify/network_torch.h"

#include <ATen/ATen.h>

namespace brink::certify {

/// lower <= x <= upper, value by value, for B images: [B,...].
struct Interval {
    at::Tensor lower;
    at::Tensor upper;
};

/// lowerSlope * x + lowerBias <= f(x) <= upperSlope * x + upperBias. An undefined bias is 0.
struct Lines {
    at::Tensor lowerSlope, lowerBias, upperSlope, upperBias;
};

/// What stands for a nonlinear node in linear bounds, for inputs in an interval.
/// Relu (CROWN, Zhang et al. 2018): chord above; below a line through 0 of any slope between those of the two sides, 1 if u >= -l.
/// Clamp: below a line through its lower limit and above one through its upper limit, chords where only the other limit is crossed.
/// Sigmoid, tanh, softplus: tangents where the function bends the right way, at any point of a range, chords elsewhere.
/// Max pooling: one of the largest below; above the plane of CNN-Cert (Boopathy et al. 2019), exact where one input must be the largest.
struct Relaxation {
    Lines lines; ///< with the standard choice; of max pooling: slopes [B,C,k,L] for the k places of L windows, biases [B,C,L]
    /// Where there is a choice, and between what: slopes of lines, or places where tangents touch.
    at::Tensor lowerIsFree, upperIsFree; ///< bool; undefined for none
    at::Tensor lowerBegin, lowerEnd, upperBegin, upperEnd; ///< of relus both are the slope where there is no choice

    [[nodiscard]] bool hasChoice() const { return lowerIsFree.defined(); }
    [[nodiscard]] bool hasUpperChoice() const { return upperIsFree.defined(); }
};
[[nodiscard]] Relaxation relax(const Node& node, const Interval& input);

/// The standard choice as a number in [0,1] for every place of the range: [B,...], or [2,B,...] with tangents above as well.
[[nodiscard]] at::Tensor standardChoice(const Node& node, const Relaxation& relaxation);
/// Lines for a choice, but of relus; any number in [0,1] is valid. @param image [R]: which image each row is of. @param choice [R,...] or [2,R,...].
[[nodiscard]] Lines chosenLines(const Node& node, const Relaxation& relaxation, const at::Tensor& image, const at::Tensor& choice);

/// Values of B images for R rows; left to broadcasting where there is one image.
[[nodiscard]] at::Tensor forRows(const at::Tensor& values, const at::Tensor& image);
/// For max pooling: windows of x [B,C,H,W] as [B,C,k,L], and sums of [R,C,k,L] back where they came from.
[[nodiscard]] at::Tensor windowsOf(const Node& node, const at::Tensor& x);
[[nodiscard]] at::Tensor windowSums(const Node& node, const at::Tensor& windows, const std::vector<std::int64_t>& input);

/// Range of the derivative of an element-wise node over an interval of its input.
[[nodiscard]] Interval derivativeRange(const Node& node, const Interval& input);

} // namespace brink::certify
