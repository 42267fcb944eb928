// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/classifier.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace brink::certify {

/// The operators that bounds can be carried through. All before Relu are affine.
enum class Operation {
    Input,       ///< pixels in [0,1]
    Linear,      ///< the last dimension times weight [out,in]
    Convolution, ///< weight [out,in/groups,h,w]; means over windows are grouped convolutions, too
    Scale,       ///< weight * x, value by value; undefined weight is 1
    Reshape,
    Permute,
    Slice,
    Select,      ///< places of one dimension, in another order; flips, too
    Pad,         ///< zeros around, the bias holds other values
    Mean,        ///< over whole dimensions
    Add,         ///< of two values of one shape
    Concatenate,
    Relu,        ///< max(x, slope * x), slope below 1
    Clamp,       ///< min(max(x, low), high): a bounded ReLU
    Sigmoid,
    Tanh,
    Softplus,    ///< log(1 + exp(beta x)) / beta
    MaxPool,
};

/// One step of a network: its operator, where its inputs come from, and what it gives. Shapes leave out the batch; dimensions
/// count it (0 is the batch).
struct Node {
    Operation operation = Operation::Input;
    // Initialised all, so that a node can be written with the fields it has.
    std::vector<int> inputs = {}; ///< places of earlier nodes
    std::vector<std::int64_t> shape = {};
    std::string origin = {};      ///< the operator of the graph, and its place in the program
    at::Tensor weight = {};
    at::Tensor bias = {};         ///< of the node's shape, undefined for none
    at::Tensor index = {};        ///< Select: places
    std::vector<std::int64_t> kernel = {}, stride = {}, padding = {}, dilation = {};
    std::int64_t groups = 1;
    std::vector<std::int64_t> dimensions = {}; ///< Permute: the order; Mean: over which; Pad: as constant_pad_nd takes it
    std::int64_t dimension = 1;           ///< Slice, Select, Concatenate
    std::int64_t begin = 0, end = 0, step = 1;
    double slope = 0; ///< Relu: of the negative side
    double beta = 1;  ///< Softplus
    double low = 0, high = 1; ///< Clamp: its limits, low below high

    /// Neither affine nor the input: bounds need a relaxation here.
    [[nodiscard]] bool isNonlinear() const { return operation >= Operation::Relu; }
    [[nodiscard]] std::int64_t size() const;
};

/// A classifier from pixels to logits as a list of nodes in order of evaluation, preprocessing included. The last one gives the logits
/// [K]. A value: copies share their tensors, which nobody writes to.
struct Network {
    std::vector<Node> nodes;
    /// A softmax followed the logits: they are the classifier's but for one number an image, so no margin differs.
    bool isUpToConstant = false;

    [[nodiscard]] const std::vector<std::int64_t>& inputShape(const Node& node) const { return nodes[std::size_t(node.inputs.front())].shape; }
    [[nodiscard]] int last() const { return int(nodes.size()) - 1; }
    /// The same with all weights in this precision.
    [[nodiscard]] Network in(at::ScalarType precision) const;
};

/// Reads the frozen graph of a classifier, weights in double precision. Steps that do not depend on the image are computed; means, batch-norms
/// and arithmetic with constants become affine nodes, a softmax at the very end is left out. What is read is tried on probe images and
/// refused where it does not give the logits.
/// @throws Error(Unsupported) that names the first operator that is not in Operation, and where in the program it stands.
[[nodiscard]] Network readNetwork(const Classifier& classifier);

/// What every node gives for images [N,C,H,W], in the precision of the weights.
[[nodiscard]] std::vector<at::Tensor> valuesOf(const Network& network, const at::Tensor& images);
/// Logits [N,K] of images [N,C,H,W], in the precision of the weights.
[[nodiscard]] at::Tensor logitsOf(const Network& network, const at::Tensor& images);
/// Largest difference between the network's logits (double precision) and the classifier's, relative to the classifier's largest; of margins
/// where the network is up to a constant. @param images [N,C,H,W] float32.
[[nodiscard]] double disagreement(const Network& network, const Classifier& classifier, const at::Tensor& images);

/// Affine nodes with one input, without their bias: [N,in...] -> [N,out...], its adjoint [R,out...] -> [R,in...], and the node with the
/// absolute values of its weights.
[[nodiscard]] at::Tensor linearPart(const Network& network, const Node& node, const at::Tensor& x);
[[nodiscard]] at::Tensor adjoint(const Network& network, const Node& node, const at::Tensor& coefficients);
/// The adjoint of a convolution of inputs of this size.
[[nodiscard]] at::Tensor convolutionAdjoint(const Node& node, const at::Tensor& coefficients, std::int64_t height, std::int64_t width);
[[nodiscard]] Node withAbsoluteWeights(const Node& node);
/// Nonlinear nodes: x [N,in...] -> [N,out...].
[[nodiscard]] at::Tensor activation(const Node& node, const at::Tensor& x);

} // namespace brink::certify
