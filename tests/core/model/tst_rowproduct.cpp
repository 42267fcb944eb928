// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/rng.h"
#include "core/model/rowproduct.h"
#include "tests/support/compare.h"

#include <QTest>

#include <vector>

using namespace brink;

namespace {

struct Problem {
    std::int64_t rows, depth, columns;
    std::vector<float> x, matrix, bias, panels;

    Problem(std::int64_t n, std::int64_t k, std::int64_t j)
        : rows(n), depth(k), columns(j), x(std::size_t(n * k)), matrix(std::size_t(k * j)), bias(std::size_t(j)),
          panels(std::size_t(packedSize(k, j)))
    {
        Rng rng(7);
        rng.fillNormal(x);
        rng.fillNormal(matrix);
        rng.fillNormal(bias);
        packPanels(matrix.data(), columns, 1, depth, columns, panels.data());
    }
    [[nodiscard]] std::vector<float> product(std::int64_t first, std::int64_t count) const
    {
        std::vector<float> out(std::size_t(count * columns));
        rowProduct(x.data() + first * depth, count, depth, panels.data(), columns, bias.data(), out.data(), 0,
            packedSize(1, columns) / panelWidth);
        return out;
    }
    [[nodiscard]] double expected(std::int64_t row, std::int64_t column) const
    {
        double sum = bias[std::size_t(column)];
        for (std::int64_t k = 0; k < depth; ++k)
            sum += double(x[std::size_t(row * depth + k)]) * matrix[std::size_t(k * columns + column)];
        return sum;
    }
};

} // namespace

class TestRowProduct : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithDoublePrecision_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("depth");
        QTest::addColumn<int>("columns");
        QTest::addRow("one number") << 1 << 1 << 1;
        QTest::addRow("less than a panel") << 3 << 33 << 7;
        QTest::addRow("a whole panel") << 6 << 16 << 16;
        QTest::addRow("every rest of rows") << 23 << 50 << 33;
        QTest::addRow("a hidden layer") << 14 << 784 << 256;
    }
    void agreesWithDoublePrecision()
    {
        QFETCH(int, rows);
        QFETCH(int, depth);
        QFETCH(int, columns);
        const Problem problem(rows, depth, columns);
        const auto out = problem.product(0, rows);
        for (int row = 0; row < rows; ++row) {
            for (int column = 0; column < columns; ++column)
                // float32 sums of `depth` terms of size one: an ulp (6e-8) a term at most.
                compareClose(out[std::size_t(row * columns + column)], problem.expected(row, column), 0, 1e-6 + 6e-8 * depth * 4);
        }
    }

    void rowsHaveTheSameBitsInAnyCompany()
    {
        const Problem problem(40, 201, 37);
        const auto whole = problem.product(0, 40);
        for (int count = 1; count <= 14; ++count) {
            for (int first = 0; first + count <= 40; first += 5) {
                const auto part = problem.product(first, count);
                QVERIFY(std::equal(part.begin(), part.end(), whole.begin() + first * 37));
            }
        }
    }

    void transposedSourceGivesTheSame()
    {
        const Problem problem(5, 20, 18);
        std::vector<float> transposed(20 * 18);
        for (std::size_t k = 0; k < 20; ++k) {
            for (std::size_t j = 0; j < 18; ++j)
                transposed[j * 20 + k] = problem.matrix[k * 18 + j];
        }
        std::vector<float> panels(std::size_t(packedSize(20, 18)));
        packPanels(transposed.data(), 1, 20, 20, 18, panels.data());
        QVERIFY(panels == problem.panels);
    }
};

QTEST_APPLESS_MAIN(TestRowProduct)
#include "tst_rowproduct.moc"
