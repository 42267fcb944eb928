// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/cluster.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace brink {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void requireDistances(const DistanceMatrix& distances)
{
    bool isGood = distances.values.size() == distances.size * distances.size;
    for (std::size_t i = 0; isGood && i < distances.size; ++i)
        for (std::size_t k = 0; isGood && k < distances.size; ++k)
            isGood = std::isfinite(distances.at(i, k)) && distances.at(i, k) == distances.at(k, i);
    if (!isGood)
        throw Error(ErrorCode::Domain, "Clustering needs a square, symmetric matrix of finite distances.");
}

/// A cluster that is not yet part of another.
struct OpenCluster {
    int node = 0;
    double leaves = 1;
    std::vector<double> distances; ///< to each slot
};

std::vector<ClusterMerge> averageLinkage(const DistanceMatrix& distances)
{
    const std::size_t n = distances.size;
    std::vector<OpenCluster> open;
    for (std::size_t i = 0; i < n; ++i)
        open.push_back({int(i), 1, {distances.values.begin() + std::ptrdiff_t(i * n), distances.values.begin() + std::ptrdiff_t((i + 1) * n)}});
    std::vector<ClusterMerge> merges;
    while (open.size() > 1) {
        std::pair<std::size_t, std::size_t> best{0, 1};
        for (std::size_t i = 0; i < open.size(); ++i)
            for (std::size_t k = i + 1; k < open.size(); ++k)
                if (open[i].distances[k] < open[best.first].distances[best.second])
                    best = {i, k};
        const auto [a, b] = best;
        merges.push_back({open[a].node, open[b].node, open[a].distances[b]});
        const double leaves = open[a].leaves + open[b].leaves;
        for (std::size_t k = 0; k < open.size(); ++k) {
            const double joined = (open[a].leaves * open[a].distances[k] + open[b].leaves * open[b].distances[k]) / leaves;
            open[a].distances[k] = open[k].distances[a] = joined;
        }
        open[a].node = int(n + merges.size()) - 1;
        open[a].leaves = leaves;
        open.erase(open.begin() + std::ptrdiff_t(b));
        for (OpenCluster& cluster : open)
            cluster.distances.erase(cluster.distances.begin() + std::ptrdiff_t(b));
    }
    return merges;
}

/// The dynamic programme: cost(i, k) is the least sum of distances between neighbours of the smallest subtree that holds both leaves,
/// when i is its left end and k its right end.
class LeafOrdering {
public:
    LeafOrdering(const DistanceMatrix& distances, const std::vector<ClusterMerge>& merges)
        : m_distances(distances), m_merges(merges), m_cost(distances.size * distances.size, 0), m_leaves(distances.size + merges.size())
    {
        for (std::size_t i = 0; i < distances.size; ++i)
            m_leaves[i] = {int(i)};
        for (std::size_t k = 0; k < merges.size(); ++k)
            join(merges[k], m_leaves[distances.size + k]);
    }

    [[nodiscard]] std::vector<int> order() const
    {
        std::vector<int> result;
        if (m_leaves.empty())
            return result;
        const int root = int(m_leaves.size()) - 1;
        double best = infinity;
        std::pair<int, int> ends{0, 0};
        for (const int i : m_leaves[std::size_t(root)])
            for (const int k : oppositeEnds(root, i))
                if (cost(i, k) < best) {
                    best = cost(i, k);
                    ends = {i, k};
                }
        write(root, ends.first, ends.second, result);
        return result;
    }

private:
    [[nodiscard]] std::size_t index(int i, int k) const { return std::size_t(i) * m_distances.size + std::size_t(k); }
    [[nodiscard]] double cost(int i, int k) const { return m_cost[index(i, k)]; }
    [[nodiscard]] bool isLeaf(int node) const { return std::size_t(node) < m_distances.size; }
    [[nodiscard]] const ClusterMerge& merge(int node) const { return m_merges[std::size_t(node) - m_distances.size]; }

    [[nodiscard]] bool holds(int node, int leaf) const { return std::ranges::find(m_leaves[std::size_t(node)], leaf) != m_leaves[std::size_t(node)].end(); }

    /// Which leaves can be the other end of the subtree when `leaf` is one: those below its other child.
    [[nodiscard]] const std::vector<int>& oppositeEnds(int node, int leaf) const
    {
        if (isLeaf(node))
            return m_leaves[std::size_t(node)];
        return m_leaves[std::size_t(holds(merge(node).left, leaf) ? merge(node).right : merge(node).left)];
    }

    /// The best inner ends (m, k) of left and right child for outer ends i and j.
    [[nodiscard]] double through(int i, int m, int k, int j) const
    {
        return cost(i, m) + m_distances.at(std::size_t(m), std::size_t(k)) + cost(k, j);
    }

    void join(const ClusterMerge& pair, std::vector<int>& leaves)
    {
        const std::vector<int>& left = m_leaves[std::size_t(pair.left)];
        const std::vector<int>& right = m_leaves[std::size_t(pair.right)];
        std::vector<double> half(m_distances.size);
        for (const int i : left) {
            for (const int k : right) {
                half[std::size_t(k)] = infinity;
                for (const int m : oppositeEnds(pair.left, i))
                    half[std::size_t(k)] = std::min(half[std::size_t(k)], cost(i, m) + m_distances.at(std::size_t(m), std::size_t(k)));
            }
            for (const int j : right) {
                double best = infinity;
                for (const int k : oppositeEnds(pair.right, j))
                    best = std::min(best, half[std::size_t(k)] + cost(k, j));
                m_cost[index(i, j)] = m_cost[index(j, i)] = best;
            }
        }
        leaves = left;
        leaves.insert(leaves.end(), right.begin(), right.end());
    }

    /// Leaves of the subtree from end i to end j.
    void write(int node, int i, int j, std::vector<int>& out) const
    {
        if (isLeaf(node)) {
            out.push_back(node);
            return;
        }
        const bool isTurned = !holds(merge(node).left, i);
        const int first = isTurned ? merge(node).right : merge(node).left;
        const int second = isTurned ? merge(node).left : merge(node).right;
        double best = infinity;
        std::pair<int, int> inner{0, 0};
        for (const int m : oppositeEnds(first, i))
            for (const int k : oppositeEnds(second, j))
                if (through(i, m, k, j) < best) {
                    best = through(i, m, k, j);
                    inner = {m, k};
                }
        write(first, i, inner.first, out);
        write(second, inner.second, j, out);
    }

    const DistanceMatrix& m_distances;
    const std::vector<ClusterMerge>& m_merges;
    std::vector<double> m_cost;
    std::vector<std::vector<int>> m_leaves; ///< of every node
};

} // namespace

Dendrogram clusterAverage(const DistanceMatrix& distances)
{
    requireDistances(distances);
    Dendrogram tree;
    tree.merges = averageLinkage(distances);
    tree.order = LeafOrdering(distances, tree.merges).order();
    return tree;
}

} // namespace brink
