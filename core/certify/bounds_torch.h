// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/base/norm.h"
#include "core/certify/patchrows_torch.h"
#include "core/certify/relaxation_torch.h"

#include <map>

namespace brink::certify {

/// Balls around B images: {x : |x - centre|_p <= eps}, p in {1, 2, inf}. In Linf they are cut to the pixel box [0,1], which is
/// exact for boxes; in L1 and L2 they are not cut.
struct Region {
    at::Tensor centre; ///< [B,C,H,W] in the network's precision
    at::Tensor eps;    ///< [B], not negative
    Norm norm = Norm::Linf;
};

/// How values inside the network are bounded.
enum class InnerBounds {
    Intervals, ///< interval arithmetic from layer to layer (IBP, Gowal et al. 2018)
    Linear,    ///< linear bounds carried back to the pixels (CROWN), for the values that intervals leave unstable
    Optimised, ///< the same with optimised slopes (alpha-CROWN)
};

struct BoundSettings {
    InnerBounds inner = InnerBounds::Linear;
    int iterations = 20;        ///< of the optimisation of slopes
    double rate = 0.1;          ///< Adam's step, times 0.98 each iteration
    std::int64_t memory = std::int64_t(1) << 29; ///< bytes that rows computed together may take, roughly
    std::int64_t cache = std::int64_t(1) << 22;  ///< bytes of their coefficients at one node, on the processor
};

/// R linear functions of a node's value: sum of coefficients * value, each for one of the images.
struct Rows {
    int node = 0;
    at::Tensor coefficients; ///< [R,...] in the shape of the node; with places [R,C,1,1]
    at::Tensor image;        ///< [R], which image
    at::Tensor places = {};  ///< [R,2] where the node is [C,H,W]: the only row and column that has coefficients
};

/// One choice of slopes a nonlinear node, by its place: see standardChoice.
using Choices = std::map<int, at::Tensor>;

/// Relus of one node whose side is known, differently for each row: lines for the rows, and multipliers of the conditions.
struct RowSides {
    Lines lines; ///< [R,...], with upperSlope and upperBias
    at::Tensor base, span;     ///< [R,...] of ChosenSlopes
    at::Tensor number, weight; ///< [R,S]: what is added to the coefficient of the relu's input number
};

/// How rows are carried back, beyond the standard lines.
struct Guide {
    const Choices* choices = nullptr;
    const std::map<int, RowSides>* sides = nullptr; ///< by place; only of nodes that have choices
    std::map<int, at::Tensor>* seen = nullptr;      ///< takes the coefficients that arrive at relus and at the pixels (place 0)
};

/// Bounds on a network over a region. All that is computed holds for every point of the region, whatever the effort: a stop only
/// leaves the bounds looser. For one thread at a time. Rounding: in double precision every bound is moved out by more than the rounding error of its sums.
class Bounds {
public:
    /// Bounds the inputs of all nonlinear nodes.
    Bounds(const Network& network, Region region, const BoundSettings& settings, Monitor& monitor);

    [[nodiscard]] const Network& network() const { return m_network; }
    [[nodiscard]] const Region& region() const { return m_region; }
    [[nodiscard]] std::int64_t images() const { return m_region.centre.size(0); }
    /// Of a node's value.
    [[nodiscard]] const Interval& range(int node) const { return m_states[std::size_t(node)].range; }

    /// Lower bounds [R] of the rows: carried back to the last activations and bounded there by intervals; ...
    [[nodiscard]] at::Tensor intervalBounds(const Rows& rows) const;
    /// ... carried back to the pixels through the standard lines, never below the former; ...
    [[nodiscard]] at::Tensor linearBounds(const Rows& rows) const;
    /// ... and with the lines chosen for each row by Adam, never below the former. @param enough [R] a row is left alone once it exceeds
    /// this; undefined for never.
    [[nodiscard]] at::Tensor optimisedBounds(const Rows& rows, const at::Tensor& enough = {}) const;

    /// Rows that can be computed together within the memory. @param keepsGraph for optimisation.
    [[nodiscard]] std::int64_t rowsTogether(int node, bool keepsGraph) const { return rowsTogether(node, keepsGraph, {}); }

    /// Lower bounds [R] of whole rows through the lines that the guide chooses; with gradients by what it points to.
    [[nodiscard]] at::Tensor guidedBounds(const Rows& rows, const Guide& guide) const { return carriedBack(rows, End::Pixels, guide); }
    /// Of a nonlinear node; made when it is first asked for, which bounds by intervals never do.
    [[nodiscard]] const Relaxation& relaxationOf(int place) const;
    /// The standard choices for each row, where any are free.
    [[nodiscard]] Choices startingChoices(const Rows& rows) const;

private:
    /// What interval arithmetic knows of a node.
    struct State {
        Interval range;
        /// The value is centre + spread * d with |d|_p <= eps: no two of its numbers share a pixel. Undefined otherwise.
        at::Tensor centre, spread;
        bool isExact = false; ///< the range cannot be narrowed
    };

    [[nodiscard]] State inputState() const;
    [[nodiscard]] State stateOf(const Node& node) const;
    [[nodiscard]] State affineState(const Node& node) const;
    [[nodiscard]] State throughBall(const Node& node, const State& before) const;
    [[nodiscard]] State boxOf(const State& state) const;
    /// Narrows the range of the input of a nonlinear node where it is still open.
    void refine(int node, const Node& consumer, InnerBounds inner);
    void narrow(int node, const at::Tensor& wanted, bool isOptimised);
    [[nodiscard]] Rows unitRows(int node, const at::Tensor& places, bool isByPatches) const;
    [[nodiscard]] std::int64_t rowsTogether(int node, bool keepsGraph, const Part& part) const;

    enum class End { Pixels, Activations };
    [[nodiscard]] at::Tensor carriedBack(const Rows& rows, End end, const Guide& guide = {}) const;
    /// Rows at the node at `place`, of a patch of it or the whole.
    struct Carried {
        int place = 0;
        at::Tensor coefficients;
        PatchPlaces of; ///< its patch where `isPatch`
        bool isPatch = false;
    };
    [[nodiscard]] Carried carriedTo(int place, const at::Tensor& coefficients, const Rows& rows, const Part& part) const;
    [[nodiscard]] at::Tensor leastSumsOf(const Carried& carried, const at::Tensor& lower, const at::Tensor& upper) const;
    [[nodiscard]] at::Tensor throughNonlinear(const Carried& carried, const Guide& guide, at::Tensor& total) const;
    [[nodiscard]] at::Tensor throughPool(const Carried& carried, at::Tensor& total) const;
    [[nodiscard]] at::Tensor throughScale(const Carried& carried) const;
    [[nodiscard]] at::Tensor throughWindowsOf(const Carried& carried, const Part& input, at::Tensor& total) const;
    [[nodiscard]] at::Tensor asPart(const at::Tensor& coefficients, const PatchPlaces& places, int node, const Part& part) const;
    [[nodiscard]] at::Tensor atPixels(const Carried& carried) const;

    const Network& m_network;
    Region m_region;
    BoundSettings m_settings;
    Monitor& m_monitor;
    std::vector<State> m_states;
    mutable std::map<int, Relaxation> m_relaxations;
};

/// Rows e_c - e_j of the logits for every image and every class j but c. @param references [B] the classes c.
/// @param targets only these classes j; empty for all. The rows of an image follow each other, in the order of the classes.
[[nodiscard]] Rows marginRows(const Bounds& bounds, std::span<const std::int64_t> references, std::span<const std::int64_t> targets = {});

/// Upper bounds [R] of the dual norm of the rows' gradient anywhere in the region: a certified local Lipschitz constant in the region's
/// norm, by intervals of the derivatives carried back from layer to layer (as Fast-Lip, Weng et al. 2018, for all activations here).
[[nodiscard]] at::Tensor lipschitzBounds(const Bounds& bounds, const Rows& rows);

} // namespace brink::certify
