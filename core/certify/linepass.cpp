// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/linepass.h"

#include "core/base/vectorclones.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

// Compiled without floating-point exceptions and contraction: vector code with the same bits everywhere. Each loop is written once
// and inlined into the clones of both precisions.

namespace brink::certify {
namespace {

constexpr std::size_t lanes = 32; ///< sums run in lanes so that they vectorise; so many that their error stays small

template<typename T>
struct ChosenArrays {
    const T *a, *base, *span, *choice, *upperSlope, *upperBias;
    std::size_t size;
};

template<typename T>
ChosenArrays<T> arraysOf(std::span<const T> a, const LineSpans<T>& lines, const ChoiceSpans<T>& below)
{
    return {a.data(), below.base.data(), below.span.data(), below.choice.data(), lines.upperSlope.data(), lines.upperBias.data(), a.size()};
}

/// Adds term(i) over all i, which may write to place i of an array, too.
template<typename T, typename Term>
[[gnu::always_inline]] inline T summed(std::size_t size, Term term)
{
    std::array<T, lanes> sums{};
    std::size_t i = 0;
    for (; i + lanes <= size; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sums[lane] += term(i + lane);
    for (; i < size; ++i)
        sums[0] += term(i);
    return std::accumulate(sums.begin(), sums.end(), T(0));
}

template<typename T>
[[gnu::always_inline]] inline T leastSumOf(const T* a, const T* lower, const T* upper, std::size_t size)
{
    return summed<T>(size, [=](std::size_t i) {
        const T below = lower[i], above = upper[i];
        return a[i] * (a[i] > 0 ? below : above);
    });
}

template<typename T>
[[gnu::always_inline]] inline void leastSumBackOf(const T* a, const T* lower, const T* upper, T gradient, T* __restrict change, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i) {
        const T below = lower[i], above = upper[i];
        change[i] = gradient * (a[i] > 0 ? below : above);
    }
}

/// @param lowerBias may be null.
template<typename T>
[[gnu::always_inline]] inline T passOf(const T* a, const LineSpans<T>& lines, T* __restrict next, std::size_t size)
{
    const T *lowerSlope = lines.lowerSlope.data(), *lowerBias = lines.lowerBias.data(), *upperSlope = lines.upperSlope.data(), *upperBias = lines.upperBias.data();
    const auto sloped = [=](std::size_t i) {
        const T below = lowerSlope[i], above = upperSlope[i];
        next[i] = a[i] * (a[i] > 0 ? below : above);
    };
    if (lines.lowerBias.empty())
        return summed<T>(size, [=](std::size_t i) {
            sloped(i);
            return (a[i] > 0 ? T(0) : a[i]) * upperBias[i];
        });
    return summed<T>(size, [=](std::size_t i) {
        sloped(i);
        const T below = lowerBias[i], above = upperBias[i];
        return a[i] * (a[i] > 0 ? below : above);
    });
}

template<typename T>
[[gnu::always_inline]] inline T passChosenOf(const ChosenArrays<T>& arrays, T* __restrict next)
{
    const auto [a, base, span, choice, upperSlope, upperBias, size] = arrays;
    return summed<T>(size, [=](std::size_t i) {
        const T below = base[i] + span[i] * choice[i], above = upperSlope[i];
        next[i] = a[i] * (a[i] > 0 ? below : above);
        return (a[i] > 0 ? T(0) : a[i]) * upperBias[i];
    });
}

template<typename T>
[[gnu::always_inline]] inline void passChosenBackOf(const ChosenArrays<T>& arrays, T bySum, const T* byNext, T* __restrict byCoefficients, T* __restrict byChoice)
{
    const auto [a, base, span, choice, upperSlope, upperBias, size] = arrays;
    for (std::size_t i = 0; i < size; ++i) {
        const bool isBelow = a[i] > 0;
        const T below = byNext[i] * (base[i] + span[i] * choice[i]), above = byNext[i] * upperSlope[i] + bySum * upperBias[i];
        const T steeper = byNext[i] * a[i] * span[i];
        byCoefficients[i] = isBelow ? below : above;
        byChoice[i] = isBelow ? steeper : T(0);
    }
}

template<typename T>
[[gnu::always_inline]] inline void climbOf(const AdamStep<T>& step, const T* gradient, T* __restrict mean, T* __restrict square, T* __restrict choice, std::size_t size)
{
    const T rate = step.rate, meanDecay = step.meanDecay, squareDecay = step.squareDecay, meanWeight = step.meanWeight, squareWeight = step.squareWeight, most = step.most;
    for (std::size_t i = 0; i < size; ++i) {
        const T m = mean[i] * meanDecay + gradient[i] * (1 - meanDecay);
        const T v = square[i] * squareDecay + gradient[i] * gradient[i] * (1 - squareDecay);
        mean[i] = m;
        square[i] = v;
        const T moved = choice[i] + rate * (m * meanWeight) / (std::sqrt(v * squareWeight) + T(1e-12));
        const T above = moved < 0 ? T(0) : moved;
        choice[i] = above > most ? most : above;
    }
}

BRINK_VECTOR_CLONES float sumFloat(const float* a, const float* lower, const float* upper, std::size_t size) { return leastSumOf(a, lower, upper, size); }
BRINK_VECTOR_CLONES double sumDouble(const double* a, const double* lower, const double* upper, std::size_t size) { return leastSumOf(a, lower, upper, size); }
BRINK_VECTOR_CLONES void sumBackFloat(const float* a, const float* lower, const float* upper, float gradient, float* change, std::size_t size)
{
    leastSumBackOf(a, lower, upper, gradient, change, size);
}
BRINK_VECTOR_CLONES void sumBackDouble(const double* a, const double* lower, const double* upper, double gradient, double* change, std::size_t size)
{
    leastSumBackOf(a, lower, upper, gradient, change, size);
}
BRINK_VECTOR_CLONES float passFloat(const float* a, const LineSpans<float>& lines, float* next, std::size_t size) { return passOf(a, lines, next, size); }
BRINK_VECTOR_CLONES double passDouble(const double* a, const LineSpans<double>& lines, double* next, std::size_t size) { return passOf(a, lines, next, size); }
BRINK_VECTOR_CLONES float chosenFloat(const ChosenArrays<float>& arrays, float* next) { return passChosenOf(arrays, next); }
BRINK_VECTOR_CLONES double chosenDouble(const ChosenArrays<double>& arrays, double* next) { return passChosenOf(arrays, next); }
BRINK_VECTOR_CLONES void chosenBackFloat(const ChosenArrays<float>& arrays, float bySum, const float* byNext, float* byCoefficients, float* byChoice)
{
    passChosenBackOf(arrays, bySum, byNext, byCoefficients, byChoice);
}
BRINK_VECTOR_CLONES void chosenBackDouble(const ChosenArrays<double>& arrays, double bySum, const double* byNext, double* byCoefficients, double* byChoice)
{
    passChosenBackOf(arrays, bySum, byNext, byCoefficients, byChoice);
}
BRINK_VECTOR_CLONES void climbFloat(const AdamStep<float>& step, const float* gradient, float* mean, float* square, float* choice, std::size_t size)
{
    climbOf(step, gradient, mean, square, choice, size);
}
BRINK_VECTOR_CLONES void climbDouble(const AdamStep<double>& step, const double* gradient, double* mean, double* square, double* choice, std::size_t size)
{
    climbOf(step, gradient, mean, square, choice, size);
}

} // namespace

template<>
float leastSum(std::span<const float> a, std::span<const float> lower, std::span<const float> upper) { return sumFloat(a.data(), lower.data(), upper.data(), a.size()); }
template<>
double leastSum(std::span<const double> a, std::span<const double> lower, std::span<const double> upper) { return sumDouble(a.data(), lower.data(), upper.data(), a.size()); }

template<>
void leastSumBack(std::span<const float> a, std::span<const float> lower, std::span<const float> upper, float gradient, std::span<float> change)
{
    sumBackFloat(a.data(), lower.data(), upper.data(), gradient, change.data(), a.size());
}
template<>
void leastSumBack(std::span<const double> a, std::span<const double> lower, std::span<const double> upper, double gradient, std::span<double> change)
{
    sumBackDouble(a.data(), lower.data(), upper.data(), gradient, change.data(), a.size());
}

template<>
float passLines(std::span<const float> a, const LineSpans<float>& lines, std::span<float> next) { return passFloat(a.data(), lines, next.data(), a.size()); }
template<>
double passLines(std::span<const double> a, const LineSpans<double>& lines, std::span<double> next) { return passDouble(a.data(), lines, next.data(), a.size()); }

template<>
float passChosen(std::span<const float> a, const LineSpans<float>& lines, const ChoiceSpans<float>& below, std::span<float> next)
{
    return chosenFloat(arraysOf(a, lines, below), next.data());
}
template<>
double passChosen(std::span<const double> a, const LineSpans<double>& lines, const ChoiceSpans<double>& below, std::span<double> next)
{
    return chosenDouble(arraysOf(a, lines, below), next.data());
}

template<>
void passChosenBack(std::span<const float> a, const LineSpans<float>& lines, const ChoiceSpans<float>& below, const PassGradients<float>& gradients)
{
    chosenBackFloat(arraysOf(a, lines, below), gradients.bySum, gradients.byNext.data(), gradients.byCoefficients.data(), gradients.byChoice.data());
}
template<>
void passChosenBack(std::span<const double> a, const LineSpans<double>& lines, const ChoiceSpans<double>& below, const PassGradients<double>& gradients)
{
    chosenBackDouble(arraysOf(a, lines, below), gradients.bySum, gradients.byNext.data(), gradients.byCoefficients.data(), gradients.byChoice.data());
}

template<>
void climb(const AdamStep<float>& step, std::span<const float> gradient, std::span<float> mean, std::span<float> square, std::span<float> choice)
{
    climbFloat(step, gradient.data(), mean.data(), square.data(), choice.data(), gradient.size());
}
template<>
void climb(const AdamStep<double>& step, std::span<const double> gradient, std::span<double> mean, std::span<double> square, std::span<double> choice)
{
    climbDouble(step, gradient.data(), mean.data(), square.data(), choice.data(), gradient.size());
}

} // namespace brink::certify
