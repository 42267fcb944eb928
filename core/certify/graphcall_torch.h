// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/certify/network_torch.h"

#include <torch/csrc/jit/ir/ir.h>

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace brink::certify {

/// What a value of a graph is while it is read: known before any image is seen, or a node of the network with what it gives
/// for a few probe images (its shape is what matters), or a list of such.
struct Operand {
    std::optional<c10::IValue> constant;
    int node = -1;
    at::Tensor sample; ///< [N,...], undefined for constants
    std::vector<Operand> list;

    [[nodiscard]] bool dependsOnImage() const { return !constant; }
};

/// One operator of the graph whose value depends on the image, with what it takes and gives.
class Call {
public:
    Call(Network& network, const torch::jit::Node& node, const std::vector<Operand>& operands, at::Tensor result)
        : m_network(network), m_node(node), m_operands(operands), m_result(std::move(result))
    {
    }

    [[nodiscard]] std::size_t operands() const { return m_operands.size(); }
    [[nodiscard]] const Operand& operand(std::size_t i) const { return m_operands[i]; }
    [[nodiscard]] const at::Tensor& result() const { return m_result; }  ///< [N,...] of the probe images
    [[nodiscard]] Network& network() const { return m_network; }

    /// Operands by their meaning. @throws Error(Unsupported) naming the operator where they mean something else.
    [[nodiscard]] int node(std::size_t i) const;
    [[nodiscard]] at::Tensor tensor(std::size_t i) const; ///< constant, double precision; a number as a tensor of no dimension
    [[nodiscard]] at::Tensor tensorOrNone(std::size_t i) const;
    [[nodiscard]] double number(std::size_t i) const;
    [[nodiscard]] std::int64_t integer(std::size_t i) const;
    [[nodiscard]] bool flag(std::size_t i) const;
    [[nodiscard]] std::vector<std::int64_t> integers(std::size_t i) const;
    /// Two numbers, from one or two; `standard` for an empty list.
    [[nodiscard]] std::vector<std::int64_t> pair(std::size_t i, std::vector<std::int64_t> standard = {}) const;
    /// A dimension of the first operand, counted from 0, the batch not allowed.
    [[nodiscard]] std::int64_t dimension(std::int64_t stated) const;

    /// Adds a node of this operator: its shape is the result's unless it is given.
    [[nodiscard]] int add(Node node) const;
    [[noreturn]] void refuse(const std::string& why = {}) const;

private:
    Network& m_network;
    const torch::jit::Node& m_node;
    const std::vector<Operand>& m_operands;
    at::Tensor m_result;
};

/// "aten::gelu (line 40 of __torch__.py)".
[[nodiscard]] std::string describe(const torch::jit::Node& node);

/// How an operator becomes nodes: the place of its value.
using Translate = int (*)(const Call&);
using Translations = std::map<std::string, Translate, std::less<>>;
[[nodiscard]] const Translations& activationTranslations();

/// factor * x + term, each of them of the node's shape or broadcast to it; undefined: 1 and 0.
[[nodiscard]] int scaled(const Call& call, int x, const at::Tensor& factor, const at::Tensor& term);

/// Adds what the operator means to the network: the place of its value. @throws Error(Unsupported) for one that is not known.
[[nodiscard]] int translated(const Call& call, const torch::jit::Node& node);

} // namespace brink::certify
