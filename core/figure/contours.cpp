// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/figure/contours.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace brink {

namespace {

using Node = std::int64_t;
using Piece = std::array<Node, 2>;

/// Short pieces between numbered nodes, joined end to end into chains of nodes.
class Chains {
public:
    void add(Node from, Node to)
    {
        for (const Node node : {from, to})
            m_piecesAt[node].push_back(m_pieces.size());
        m_pieces.push_back({from, to});
    }

    [[nodiscard]] std::vector<std::vector<Node>> join()
    {
        m_isUsed.assign(m_pieces.size(), false);
        std::vector<std::vector<Node>> chains;
        // Open chains first, from where lines end or meet; what is left are rings.
        for (const bool isOpen : {true, false})
            for (std::size_t i = 0; i < m_pieces.size(); ++i)
                for (const Node start : m_pieces[i])
                    if (!m_isUsed[i] && (!isOpen || m_piecesAt[start].size() != 2))
                        chains.push_back(follow(start, i));
        return chains;
    }

private:
    std::vector<Node> follow(Node node, std::size_t piece)
    {
        std::vector<Node> chain{node};
        for (;;) {
            m_isUsed[piece] = true;
            node = m_pieces[piece][0] == node ? m_pieces[piece][1] : m_pieces[piece][0];
            chain.push_back(node);
            const std::vector<std::size_t>& here = m_piecesAt[node];
            if (here.size() != 2)
                return chain;
            const std::size_t next = here[0] == piece ? here[1] : here[0];
            if (m_isUsed[next])
                return chain;
            piece = next;
        }
    }

    std::vector<Piece> m_pieces;
    std::unordered_map<Node, std::vector<std::size_t>> m_piecesAt;
    std::vector<bool> m_isUsed;
};

/// Without the points that lie on a straight line between their neighbours.
GridLine straightened(const GridLine& line)
{
    GridLine kept;
    for (const auto& point : line) {
        while (kept.size() >= 2) {
            const auto& a = kept[kept.size() - 2];
            const auto& b = kept.back();
            if ((b[0] - a[0]) * (point[1] - b[1]) != (b[1] - a[1]) * (point[0] - b[0]))
                break;
            kept.pop_back();
        }
        kept.push_back(point);
    }
    return kept;
}

/// One level on one grid. Nodes are the sides between neighbouring middles: two for each cell, to the right and downwards.
class IsoTracer {
public:
    IsoTracer(std::span<const double> values, std::span<const std::int16_t> labels, int rows, int columns, double level)
        : m_values(values), m_labels(labels), m_rows(rows), m_columns(columns), m_level(level)
    {
    }

    std::vector<GridLine> trace()
    {
        for (int row = 0; row + 1 < m_rows; ++row)
            for (int column = 0; column + 1 < m_columns; ++column)
                addSquare(row, column);
        std::vector<GridLine> lines;
        for (const std::vector<Node>& chain : m_chains.join()) {
            GridLine line;
            for (const Node node : chain)
                line.push_back(placeOf(node));
            lines.push_back(std::move(line));
        }
        return lines;
    }

private:
    [[nodiscard]] std::size_t cell(int row, int column) const { return std::size_t(row) * std::size_t(m_columns) + std::size_t(column); }
    [[nodiscard]] Node rightOf(int row, int column) const { return 2 * Node(cell(row, column)); }
    [[nodiscard]] Node below(int row, int column) const { return 2 * Node(cell(row, column)) + 1; }

    void addSquare(int row, int column)
    {
        const std::array corners{cell(row, column), cell(row, column + 1), cell(row + 1, column + 1), cell(row + 1, column)};
        const std::array sides{rightOf(row, column), below(row, column + 1), rightOf(row + 1, column), below(row, column)};
        bool isHigh[4];
        double mean = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            if (m_labels[corners[i]] != m_labels[corners[0]] || !std::isfinite(m_values[corners[i]]))
                return;
            isHigh[i] = m_values[corners[i]] >= m_level;
            mean += m_values[corners[i]] / 4;
        }
        std::vector<std::size_t> crossed; // side i lies between corners i and i + 1
        for (std::size_t i = 0; i < 4; ++i)
            if (isHigh[i] != isHigh[(i + 1) % 4])
                crossed.push_back(i);
        if (crossed.size() == 2) {
            m_chains.add(sides[crossed[0]], sides[crossed[1]]);
        } else if (crossed.size() == 4) {
            // A saddle: the lines go around the two corners that differ from its middle.
            const std::size_t first = isHigh[0] == (mean >= m_level) ? 0 : 3;
            m_chains.add(sides[first], sides[(first + 1) % 4]);
            m_chains.add(sides[(first + 2) % 4], sides[(first + 3) % 4]);
        }
    }

    [[nodiscard]] std::array<double, 2> placeOf(Node node) const
    {
        const int row = int(node / 2) / m_columns;
        const int column = int(node / 2) % m_columns;
        const bool isDown = node % 2 == 1;
        const double from = m_values[cell(row, column)];
        const double to = m_values[isDown ? cell(row + 1, column) : cell(row, column + 1)];
        const double share = (m_level - from) / (to - from);
        return {column + 0.5 + (isDown ? 0 : share), row + 0.5 + (isDown ? share : 0)};
    }

    std::span<const double> m_values;
    std::span<const std::int16_t> m_labels;
    int m_rows, m_columns;
    double m_level;
    Chains m_chains;
};

} // namespace

std::vector<GridLine> labelEdges(std::span<const std::int16_t> labels, int rows, int columns)
{
    const auto at = [&](int row, int column) { return labels[std::size_t(row) * std::size_t(columns) + std::size_t(column)]; };
    const auto corner = [columns](int row, int column) { return Node(row) * (columns + 1) + column; };
    Chains chains;
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            if (column > 0 && at(row, column - 1) != at(row, column))
                chains.add(corner(row, column), corner(row + 1, column));
            if (row > 0 && at(row - 1, column) != at(row, column))
                chains.add(corner(row, column), corner(row, column + 1));
        }
    }
    std::vector<GridLine> lines;
    for (const std::vector<Node>& chain : chains.join()) {
        GridLine line;
        for (const Node node : chain)
            line.push_back({double(node % (columns + 1)), double(node / (columns + 1))});
        lines.push_back(straightened(line));
    }
    return lines;
}

std::vector<GridLine> isoLines(std::span<const double> values, std::span<const std::int16_t> labels, int rows, int columns, double level)
{
    return IsoTracer(values, labels, rows, columns, level).trace();
}

std::vector<LabelPlace> labelPlaces(std::span<const std::int16_t> labels, int rows, int columns)
{
    const auto at = [columns](int row, int column) { return std::size_t(row) * std::size_t(columns) + std::size_t(column); };
    // Chessboard distance in two passes (Rosenfeld and Pfaltz 1968): from what lies before a cell, then from what lies behind.
    std::vector<int> distance(labels.size(), rows + columns);
    const auto relax = [&](int row, int column, int dr, int dc) {
        const int r = row + dr, c = column + dc;
        const bool isOther = r < 0 || r >= rows || c < 0 || c >= columns || labels[at(r, c)] != labels[at(row, column)];
        distance[at(row, column)] = std::min(distance[at(row, column)], isOther ? 1 : distance[at(r, c)] + 1);
    };
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column)
            for (const auto& [dr, dc] : {std::pair{-1, -1}, std::pair{-1, 0}, std::pair{-1, 1}, std::pair{0, -1}})
                relax(row, column, dr, dc);
    for (int row = rows - 1; row >= 0; --row)
        for (int column = columns - 1; column >= 0; --column)
            for (const auto& [dr, dc] : {std::pair{1, 1}, std::pair{1, 0}, std::pair{1, -1}, std::pair{0, 1}})
                relax(row, column, dr, dc);
    std::vector<LabelPlace> places;
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            const int label = labels[at(row, column)];
            const int reach = distance[at(row, column)];
            auto found = std::ranges::find(places, label, &LabelPlace::label);
            if (found == places.end())
                found = places.insert(places.end(), {label, 0, 0, 0});
            if (reach > found->distance)
                *found = {label, column + 0.5, row + 0.5, reach};
        }
    }
    return places;
}

} // namespace brink
