// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/bounds_torch.h"

namespace brink::certify {
namespace {

/// Derivatives of the rows by the numbers of one node: each within radius of its centre. [R,...]
struct Gradients {
    at::Tensor centre, radius;

    [[nodiscard]] Interval interval() const { return {centre - radius, centre + radius}; }
};

Gradients fromInterval(const at::Tensor& lower, const at::Tensor& upper) { return {(lower + upper) / 2, (upper - lower) / 2}; }

/// Times a derivative that is nowhere negative.
Gradients times(const Gradients& gradients, const at::Tensor& low, const at::Tensor& high)
{
    const Interval range = gradients.interval();
    return fromInterval(at::minimum(range.lower * low, range.lower * high), at::maximum(range.upper * low, range.upper * high));
}

/// The derivative of a maximum goes to its largest input: to one that is certain, else to any that can be the largest.
Gradients throughMaxPool(const Node& node, const Gradients& gradients, const Interval& input, const at::Tensor& image, const std::vector<std::int64_t>& shape)
{
    const at::Tensor l = windowsOf(node, input.lower), u = windowsOf(node, input.upper);
    const at::Tensor canBeLargest = u >= l.amax(2, true);
    const at::Tensor isCertain = at::logical_and(canBeLargest, canBeLargest.sum(2, true) == 1);
    const at::Tensor low = forRows(isCertain.to(l.scalar_type()), image), high = forRows(canBeLargest.to(l.scalar_type()), image);
    const auto places = [](const at::Tensor& values) { return values.reshape({values.size(0), values.size(1), 1, -1}); };
    const Gradients each = times({places(gradients.centre), places(gradients.radius)}, low, high);
    return {windowSums(node, each.centre, shape), windowSums(node, each.radius, shape)};
}

at::Tensor dualLength(const at::Tensor& sizes, Norm norm)
{
    const at::Tensor rows = sizes.reshape({sizes.size(0), -1});
    return norm == Norm::Linf ? rows.sum(1) : norm == Norm::L2 ? rows.norm(2, 1) : rows.amax(1);
}

void addTo(Gradients& total, const Gradients& part)
{
    total.centre = total.centre.defined() ? total.centre + part.centre : part.centre;
    total.radius = total.radius.defined() ? total.radius + part.radius : part.radius;
}

} // namespace

at::Tensor lipschitzBounds(const Bounds& bounds, const Rows& rows)
{
    const at::NoGradGuard noGrad;
    const Network& network = bounds.network();
    std::vector<Gradients> pending(std::size_t(rows.node) + 1);
    pending.back() = {rows.coefficients, at::zeros_like(rows.coefficients)};
    for (int place = rows.node; place > 0; --place) {
        const Gradients g = std::exchange(pending[std::size_t(place)], Gradients());
        if (!g.centre.defined())
            continue;
        const Node& node = network.nodes[std::size_t(place)];
        const auto give = [&](std::size_t i, const Gradients& part) { addTo(pending[std::size_t(node.inputs[i])], part); };
        if (node.operation == Operation::MaxPool)
            give(0, throughMaxPool(node, g, bounds.range(node.inputs[0]), rows.image, network.inputShape(node)));
        else if (node.isNonlinear()) {
            const Interval slopes = derivativeRange(node, bounds.range(node.inputs[0]));
            give(0, times(g, forRows(slopes.lower, rows.image), forRows(slopes.upper, rows.image)));
        } else if (node.operation == Operation::Add) {
            give(0, g);
            give(1, g);
        } else if (node.operation == Operation::Concatenate) {
            std::int64_t begin = 0;
            for (std::size_t i = 0; i < node.inputs.size(); ++i) {
                const std::int64_t size = network.nodes[std::size_t(node.inputs[i])].shape[std::size_t(node.dimension - 1)];
                give(i, {g.centre.narrow(node.dimension, begin, size), g.radius.narrow(node.dimension, begin, size)});
                begin += size;
            }
        } else
            give(0, {adjoint(network, node, g.centre), adjoint(network, withAbsoluteWeights(node), g.radius)});
    }
    const Gradients& pixels = pending.front();
    if (!pixels.centre.defined())
        return at::zeros({rows.coefficients.size(0)}, rows.coefficients.options());
    constexpr double rounding = 1e-10; // far above that of sums in double precision
    return dualLength(pixels.centre.abs() + pixels.radius, bounds.region().norm) * (1 + rounding);
}

} // namespace brink::certify
