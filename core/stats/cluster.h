// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace brink {

/// Square symmetric matrix of distances, [n][n] row after row.
struct DistanceMatrix {
    std::size_t size = 0;
    std::vector<double> values;
    [[nodiscard]] double at(std::size_t i, std::size_t k) const { return values[i * size + k]; }
};

/// One merge of two clusters. Numbers below the number of leaves are leaves, n + k is the cluster that merge k made.
struct ClusterMerge {
    int left = 0, right = 0;
    double height = 0; ///< distance of the two
};

/// n - 1 merges in the order they were made, and the leaves from left to right.
struct Dendrogram {
    std::vector<ClusterMerge> merges;
    std::vector<int> order;
};

/// Average linkage (UPGMA), then the order of leaves that keeps the tree and makes the sum of distances between neighbours
/// smallest. Ties go to the smaller leaf number. O(n^3). Source: Bar-Joseph, Gifford and Jaakkola 2001, Bioinformatics 17.
/// @throws Error(Domain) unless the matrix is square, finite and symmetric.
[[nodiscard]] Dendrogram clusterAverage(const DistanceMatrix& distances);

} // namespace brink
