// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace brink::certify {

/// One row's step of linear bounds through a nonlinear node, in one pass over its coefficients where tensor operations do ten. All
/// spans of a call are of one length; those that are written do not overlap the others. T is float or double.

/// The lines of one image. Without lowerBias it is 0.
template<typename T>
struct LineSpans {
    std::span<const T> lowerSlope, lowerBias, upperSlope, upperBias;
};

/// Slopes below as base + span * choice, a choice a number, in [0,1].
template<typename T>
struct ChoiceSpans {
    std::span<const T> base, span, choice;
};

/// sum of max(a, 0) * lower + min(a, 0) * upper: the least of a * x for x between them.
template<typename T>
[[nodiscard]] T leastSum(std::span<const T> a, std::span<const T> lower, std::span<const T> upper);
/// change = gradient * (a > 0 ? lower : upper).
template<typename T>
void leastSumBack(std::span<const T> a, std::span<const T> lower, std::span<const T> upper, T gradient, std::span<T> change);

/// next = a times the slope on its side; returns the biases' leastSum.
template<typename T>
[[nodiscard]] T passLines(std::span<const T> a, const LineSpans<T>& lines, std::span<T> next);

/// The same with chosen slopes below, through 0.
template<typename T>
[[nodiscard]] T passChosen(std::span<const T> a, const LineSpans<T>& lines, const ChoiceSpans<T>& below, std::span<T> next);

/// What the bound's gradient by the sum and by `next` is by a and by the choice.
template<typename T>
struct PassGradients {
    T bySum = 0;
    std::span<const T> byNext;
    std::span<T> byCoefficients, byChoice;
};
template<typename T>
void passChosenBack(std::span<const T> a, const LineSpans<T>& lines, const ChoiceSpans<T>& below, const PassGradients<T>& gradients);

/// A step of Adam upwards (Kingma and Ba 2015), cut to [0,most].
template<typename T>
struct AdamStep {
    T rate = 0, meanDecay = 0, squareDecay = 0;
    T meanWeight = 1, squareWeight = 1; ///< 1 / (1 - decay^step)
    T most = 1;
};
template<typename T>
void climb(const AdamStep<T>& step, std::span<const T> gradient, std::span<T> mean, std::span<T> square, std::span<T> choice);

} // namespace brink::certify
