// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/graphcall_torch.h"

namespace brink::certify {

namespace {

int relu(const Call& call) { return call.add({.operation = Operation::Relu, .inputs = {call.node(0)}}); }
int sigmoid(const Call& call) { return call.add({.operation = Operation::Sigmoid, .inputs = {call.node(0)}}); }
int tanh(const Call& call) { return call.add({.operation = Operation::Tanh, .inputs = {call.node(0)}}); }

int leakyRelu(const Call& call)
{
    const double slope = call.number(1);
    if (!(slope >= 0 && slope < 1))
        call.refuse("its slope is not between 0 and 1");
    return call.add({.operation = Operation::Relu, .inputs = {call.node(0)}, .slope = slope});
}

int softplus(const Call& call)
{
    const double beta = call.number(1);
    if (!(beta > 0) || call.number(2) < 20)
        call.refuse("it is cut off below 20, where it is not yet the identity");
    return call.add({.operation = Operation::Softplus, .inputs = {call.node(0)}, .beta = beta});
}

/// The limit as one number; absent where there is none.
std::optional<double> limit(const Call& call, std::size_t i)
{
    if (i >= call.operands())
        return std::nullopt;
    const at::Tensor value = call.tensorOrNone(i);
    if (!value.defined())
        return std::nullopt;
    if (value.numel() != 1)
        call.refuse("its limits differ between values");
    return value.item<double>();
}

/// sign * relu(sign * (x - limit)) + limit: a limit on one side is a ReLU that is moved, and turned round for an upper one.
int limitedOnOneSide(const Call& call, double edge, double sign)
{
    const auto number = [&](double value) { return at::scalar_tensor(value, call.result().options().dtype(at::kDouble)); };
    const int moved = scaled(call, call.node(0), number(sign), number(-sign * edge));
    const int cut = call.add({.operation = Operation::Relu, .inputs = {moved}});
    return scaled(call, cut, number(sign), number(edge));
}

int limited(const Call& call, std::optional<double> low, std::optional<double> high)
{
    if (low && high) {
        if (!(*low < *high))
            call.refuse("its lower limit is not below the upper one");
        return call.add({.operation = Operation::Clamp, .inputs = {call.node(0)}, .low = *low, .high = *high});
    }
    if (!low && !high)
        return call.node(0);
    return low ? limitedOnOneSide(call, *low, 1) : limitedOnOneSide(call, *high, -1);
}

int clamp(const Call& call) { return limited(call, limit(call, 1), limit(call, 2)); }
int clampBelow(const Call& call) { return limited(call, limit(call, 1), std::nullopt); }
int clampAbove(const Call& call) { return limited(call, std::nullopt, limit(call, 1)); }
int relu6(const Call& call) { return limited(call, 0, 6); }

/// Leaves the margins as they are when it comes last, which the reader checks.
int softmax(const Call& call)
{
    if (call.result().dim() != 2 || call.dimension(call.integer(1)) != 1)
        call.refuse("it is not over the classes");
    call.network().isUpToConstant = true;
    return call.node(0);
}

} // namespace

const Translations& activationTranslations()
{
    static const Translations all{{"aten::relu", relu}, {"aten::relu_", relu}, {"aten::leaky_relu", leakyRelu}, {"aten::leaky_relu_", leakyRelu},
        {"aten::sigmoid", sigmoid}, {"aten::sigmoid_", sigmoid}, {"aten::tanh", tanh}, {"aten::tanh_", tanh}, {"aten::softplus", softplus},
        {"aten::clamp", clamp}, {"aten::clamp_", clamp}, {"aten::hardtanh", clamp}, {"aten::hardtanh_", clamp}, {"aten::relu6", relu6},
        {"aten::relu6_", relu6}, {"aten::clamp_min", clampBelow}, {"aten::clamp_min_", clampBelow}, {"aten::clamp_max", clampAbove},
        {"aten::clamp_max_", clampAbove}, {"aten::softmax", softmax}, {"aten::log_softmax", softmax}};
    return all;
}

} // namespace brink::certify
