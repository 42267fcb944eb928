// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/relaxation_torch.h"

#include "core/base/error.h"
#include "core/certify/tangents.h"

namespace brink::certify {
namespace {

constexpr double outside = -1e30; ///< padding of max pooling: never the largest
constexpr double rounding = 1e-12; ///< lines of curves are moved out by this much, relative to 1 and to the bias

at::Tensor derivative(const Node& node, const at::Tensor& x)
{
    switch (node.operation) {
    case Operation::Sigmoid: {
        const at::Tensor y = at::sigmoid(x);
        return y * (1 - y);
    }
    case Operation::Tanh: return 1 - at::tanh(x).square();
    case Operation::Softplus: return at::sigmoid(node.beta * x);
    default: break;
    }
    throw Error(ErrorCode::Unsupported, "No derivative: " + node.origin);
}

struct Line {
    at::Tensor slope, bias;
};

Line tangentAt(const Node& node, const at::Tensor& place)
{
    const at::Tensor slope = derivative(node, place);
    return {slope, activation(node, place) - slope * place};
}

/// Through both ends of the interval. Where they nearly meet, a constant that is on the safe side: every function here increases.
Line chord(const Node& node, const Interval& input, bool isAbove)
{
    const at::Tensor low = activation(node, input.lower), high = activation(node, input.upper);
    const at::Tensor width = input.upper - input.lower;
    const at::Tensor isPoint = width < 1e-7;
    const at::Tensor slope = at::where(isPoint, at::zeros_like(width), (high - low) / at::where(isPoint, at::ones_like(width), width));
    return {slope, at::where(isPoint, isAbove ? high : low, low - slope * input.lower)};
}

at::Tensor movedOut(const at::Tensor& bias, bool isAbove)
{
    const at::Tensor distance = rounding * (1 + bias.abs());
    return isAbove ? bias + distance : bias - distance;
}

Relaxation relaxRelu(const Node& node, const Interval& input)
{
    const at::Tensor &l = input.lower, &u = input.upper;
    const at::Tensor unstable = at::logical_and(l < 0, u > 0);
    const at::Tensor one = at::ones_like(l), side = at::full_like(l, node.slope);
    const at::Tensor width = at::where(unstable, u - l, one);
    const at::Tensor stableSlope = at::where(l >= 0, one, side);
    Relaxation relaxation;
    relaxation.lines.upperSlope = at::where(unstable, (u - node.slope * l) / width, stableSlope);
    relaxation.lines.upperBias = at::where(unstable, (1 - node.slope) * u * (-l) / width, at::zeros_like(l));
    relaxation.lines.lowerSlope = at::where(unstable, at::where(u >= -l, one, side), stableSlope);
    relaxation.lowerIsFree = unstable;
    relaxation.lowerBegin = at::where(unstable, side, stableSlope);
    relaxation.lowerEnd = at::where(unstable, one, stableSlope);
    return relaxation;
}

/// Lines below a clamp: where it is convex any through (low, low) that ends below the upper end, the chord where it is concave.
struct LinesBelow {
    Line line;              ///< of the standard choice: the steepest where that leaves less area, else the constant
    at::Tensor isFree;      ///< any slope from 0 to
    at::Tensor steepest;    ///< this one, through (low, low)
};

LinesBelow belowClamp(const Interval& input, double low, double high)
{
    const at::Tensor &l = input.lower, &u = input.upper;
    const at::Tensor zero = at::zeros_like(l), one = at::ones_like(l);
    const at::Tensor cutsLow = at::logical_and(l < low, u > low), cutsHigh = at::logical_and(l < high, u > high);
    LinesBelow below;
    below.isFree = cutsLow;
    below.steepest = at::where(u > high, (high - low) / at::where(u > high, u - low, one), one);
    const at::Tensor isSteep = at::minimum(u, at::full_like(u, high)) - low >= low - l;
    const at::Tensor freeSlope = at::where(isSteep, below.steepest, zero);
    const at::Tensor chordSlope = (high - l) / at::where(cutsHigh, u - l, one);
    const at::Tensor isIdentity = at::logical_and(l >= low, u <= high);
    const at::Tensor fixedSlope = at::where(isIdentity, one, at::where(cutsHigh, chordSlope, zero));
    const at::Tensor constant = at::where(l >= high, at::full_like(l, high), at::full_like(l, low));
    const at::Tensor fixedBias = at::where(isIdentity, zero, at::where(cutsHigh, l - chordSlope * l, constant));
    below.line.slope = at::where(cutsLow, freeSlope, fixedSlope);
    below.line.bias = at::where(cutsLow, low - freeSlope * low, fixedBias);
    return below;
}

/// Turned by half a circle about its middle a clamp is the same again, so that lines above are lines below of the turned interval.
Relaxation relaxClamp(const Node& node, const Interval& input)
{
    const double turn = node.low + node.high;
    const LinesBelow below = belowClamp(input, node.low, node.high);
    const LinesBelow turned = belowClamp({turn - input.upper, turn - input.lower}, node.low, node.high);
    Relaxation relaxation;
    relaxation.lines = {below.line.slope, movedOut(below.line.bias, false), turned.line.slope,
        movedOut(turn - turn * turned.line.slope - turned.line.bias, true)};
    relaxation.lowerIsFree = below.isFree;
    relaxation.upperIsFree = turned.isFree;
    relaxation.lowerBegin = relaxation.upperBegin = at::zeros_like(input.lower);
    relaxation.lowerEnd = below.steepest;
    relaxation.upperEnd = turned.steepest;
    return relaxation;
}

struct Tangents {
    at::Tensor isFree, begin, end;
};

/// Tangents above an S-shaped function, where there are any.
Tangents tangentsAbove(const Node& node, const Interval& input)
{
    const double scale = node.operation == Operation::Tanh ? 2 : 1;
    const auto numbers = [](const at::Tensor& x) { return x.to(at::kCPU, at::kDouble).contiguous(); };
    const at::Tensor lower = numbers(input.lower), upper = numbers(input.upper);
    const at::Tensor begin = at::empty_like(lower), end = at::empty_like(lower), isFree = at::empty_like(lower, at::kBool);
    const double *const l = lower.data_ptr<double>(), *const u = upper.data_ptr<double>();
    double *const first = begin.data_ptr<double>(), *const last = end.data_ptr<double>();
    bool* const exist = isFree.data_ptr<bool>();
    for (std::int64_t i = 0; i < lower.numel(); ++i) {
        const TangentPlaces places = sigmoidTangentsAbove(scale * l[i], scale * u[i]);
        first[i] = places.begin / scale;
        last[i] = places.end / scale;
        exist[i] = places.exist;
    }
    const auto back = [&](const at::Tensor& x) { return x.to(input.lower.options()); };
    return {isFree.to(input.lower.device()), back(begin), back(end)};
}

Relaxation relaxSmooth(const Node& node, const Interval& input)
{
    Relaxation relaxation;
    if (node.operation == Operation::Softplus) {
        relaxation.lowerIsFree = at::ones_like(input.lower, at::kBool);
        relaxation.lowerBegin = input.lower;
        relaxation.lowerEnd = input.upper;
        relaxation.upperIsFree = at::zeros_like(input.lower, at::kBool);
        relaxation.upperBegin = relaxation.upperEnd = input.lower;
    } else {
        const Tangents above = tangentsAbove(node, input);
        // Both functions are odd up to a constant: what is below for [l,u] is what is above for [-u,-l], turned by half a circle.
        const Tangents below = tangentsAbove(node, {-input.upper, -input.lower});
        relaxation.upperIsFree = above.isFree;
        relaxation.upperBegin = above.begin;
        relaxation.upperEnd = above.end;
        relaxation.lowerIsFree = below.isFree;
        relaxation.lowerBegin = at::where(below.isFree, -below.end, input.lower);
        relaxation.lowerEnd = at::where(below.isFree, -below.begin, input.lower);
    }
    const Line under = chord(node, input, false), over = chord(node, input, true);
    relaxation.lines = {under.slope, movedOut(under.bias, false), over.slope, movedOut(over.bias, true)};
    const Line lower = tangentAt(node, (relaxation.lowerBegin + relaxation.lowerEnd) / 2), upper = tangentAt(node, (relaxation.upperBegin + relaxation.upperEnd) / 2);
    relaxation.lines.lowerSlope = at::where(relaxation.lowerIsFree, lower.slope, relaxation.lines.lowerSlope);
    relaxation.lines.lowerBias = at::where(relaxation.lowerIsFree, movedOut(lower.bias, false), relaxation.lines.lowerBias);
    relaxation.lines.upperSlope = at::where(relaxation.upperIsFree, upper.slope, relaxation.lines.upperSlope);
    relaxation.lines.upperBias = at::where(relaxation.upperIsFree, movedOut(upper.bias, true), relaxation.lines.upperBias);
    return relaxation;
}

/// Above, for any g between the largest lower end and the smallest upper end of those that can be the largest:
/// max x <= g + sum over them of (u - g) / (u - l) * (x - l). Each term is not negative, and its own one is at least x - g.
Relaxation relaxMaxPool(const Node& node, const Interval& input)
{
    const at::Tensor l = windowsOf(node, input.lower), u = windowsOf(node, input.upper);
    const auto [largest, place] = l.max(2, true);
    const at::Tensor canBeLargest = u > largest;
    const at::Tensor width = at::where(canBeLargest, u - l, at::ones_like(l));
    const at::Tensor zero = at::zeros_like(l);
    const at::Tensor inverse = at::where(canBeLargest, 1 / width, zero);
    const at::Tensor balance = (at::where(canBeLargest, u / width, zero).sum(2, true) - 1) / inverse.sum(2, true).clamp_min(1e-30);
    const at::Tensor smallestEnd = at::where(canBeLargest, u, at::full_like(u, -outside)).amin(2, true);
    const at::Tensor level = at::maximum(at::minimum(balance, smallestEnd), largest);
    Relaxation relaxation;
    relaxation.lines.upperSlope = at::where(canBeLargest, (u - level) / width, zero);
    relaxation.lines.upperBias = movedOut(level.squeeze(2) - (relaxation.lines.upperSlope * at::where(canBeLargest, l, zero)).sum(2), true);
    relaxation.lines.lowerSlope = zero.scatter(2, place, 1.0);
    return relaxation;
}

} // namespace

at::Tensor forRows(const at::Tensor& values, const at::Tensor& image)
{
    return !values.defined() || values.size(0) == 1 ? values : values.index_select(0, image);
}

at::Tensor windowsOf(const Node& node, const at::Tensor& x)
{
    const at::Tensor padded = at::constant_pad_nd(x, {node.padding[1], node.padding[1], node.padding[0], node.padding[0]}, outside);
    const at::Tensor columns = at::im2col(padded, node.kernel, node.dilation, {0, 0}, node.stride);
    return columns.view({x.size(0), x.size(1), node.kernel[0] * node.kernel[1], -1});
}

at::Tensor windowSums(const Node& node, const at::Tensor& windows, const std::vector<std::int64_t>& input)
{
    const at::Tensor columns = windows.reshape({windows.size(0), windows.size(1) * windows.size(2), windows.size(3)});
    return at::col2im(columns, {input[1], input[2]}, node.kernel, node.dilation, node.padding, node.stride);
}

Relaxation relax(const Node& node, const Interval& input)
{
    switch (node.operation) {
    case Operation::Relu: return relaxRelu(node, input);
    case Operation::Clamp: return relaxClamp(node, input);
    case Operation::MaxPool: return relaxMaxPool(node, input);
    default: return relaxSmooth(node, input);
    }
}

at::Tensor standardChoice(const Node& node, const Relaxation& relaxation)
{
    if (node.operation == Operation::Relu)
        return ((relaxation.lines.lowerSlope - node.slope) / (1 - node.slope)).clamp(0, 1);
    if (node.operation == Operation::Clamp)
        return at::stack({relaxation.lines.lowerSlope / relaxation.lowerEnd, relaxation.lines.upperSlope / relaxation.upperEnd}).clamp(0, 1);
    return at::full_like(at::stack({relaxation.lowerBegin, relaxation.upperBegin}), 0.5);
}

Lines chosenLines(const Node& node, const Relaxation& relaxation, const at::Tensor& image, const at::Tensor& choice)
{
    const Lines& standard = relaxation.lines;
    Lines lines{forRows(standard.lowerSlope, image), forRows(standard.lowerBias, image), forRows(standard.upperSlope, image), forRows(standard.upperBias, image)};
    const auto between = [&](const at::Tensor& begin, const at::Tensor& end, const at::Tensor& share) {
        const at::Tensor first = forRows(begin, image);
        return first + share * (forRows(end, image) - first);
    };
    const auto chosen = [&](const at::Tensor& place, double corner) {
        return node.operation == Operation::Clamp ? Line{place, corner - place * corner} : tangentAt(node, place);
    };
    const Line lower = chosen(between(relaxation.lowerBegin, relaxation.lowerEnd, choice[0]), node.low);
    const Line upper = chosen(between(relaxation.upperBegin, relaxation.upperEnd, choice[1]), node.high);
    const at::Tensor lowerIsFree = forRows(relaxation.lowerIsFree, image), upperIsFree = forRows(relaxation.upperIsFree, image);
    lines.lowerSlope = at::where(lowerIsFree, lower.slope, lines.lowerSlope);
    lines.lowerBias = at::where(lowerIsFree, movedOut(lower.bias, false), lines.lowerBias);
    lines.upperSlope = at::where(upperIsFree, upper.slope, lines.upperSlope);
    lines.upperBias = at::where(upperIsFree, movedOut(upper.bias, true), lines.upperBias);
    return lines;
}

Interval derivativeRange(const Node& node, const Interval& input)
{
    const at::Tensor &l = input.lower, &u = input.upper;
    if (node.operation == Operation::Relu) { // at 0 either side's slope may be taken
        const at::Tensor one = at::ones_like(l), side = at::full_like(l, node.slope);
        return {at::where(l > 0, one, side), at::where(u < 0, side, one)};
    }
    if (node.operation == Operation::Clamp) { // at its limits either side's
        const at::Tensor one = at::ones_like(l), zero = at::zeros_like(l);
        return {at::where(at::logical_and(l > node.low, u < node.high), one, zero), at::where(at::logical_or(u < node.low, l > node.high), zero, one)};
    }
    const at::Tensor atLower = derivative(node, l), atUpper = derivative(node, u);
    if (node.operation == Operation::Softplus)
        return {atLower - rounding, atUpper + rounding};
    // Largest at 0, smaller the farther away.
    const at::Tensor peak = derivative(node, at::zeros_like(l));
    return {at::minimum(atLower, atUpper) - rounding, at::where(at::logical_and(l < 0, u > 0), peak, at::maximum(atLower, atUpper)) + rounding};
}

} // namespace brink::certify
