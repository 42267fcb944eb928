// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/rng.h"
#include "core/boundary/lanczos.h"
#include "core/boundary/tangentframe.h"
#include "tests/support/compare.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace brink;
using namespace brink::test;

namespace {

/// Q D Q with a Householder reflection Q: the eigenvalues are the diagonal, the eigenvectors the reflected axes.
struct Matrix {
    std::vector<double> diagonal;
    std::vector<double> mirror;

    explicit Matrix(std::vector<double> values) : diagonal(std::move(values)), mirror(diagonal.size())
    {
        Rng rng(3);
        for (double& value : mirror)
            value = rng.normal();
        const double length = std::sqrt(std::inner_product(mirror.begin(), mirror.end(), mirror.begin(), 0.0));
        for (double& value : mirror)
            value /= length;
    }
    void reflect(std::vector<double>& x) const
    {
        const double along = 2 * std::inner_product(x.begin(), x.end(), mirror.begin(), 0.0);
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] -= along * mirror[i];
    }
    void times(std::span<const double> in, std::span<double> out) const
    {
        std::vector<double> x(in.begin(), in.end());
        reflect(x);
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] *= diagonal[i];
        reflect(x);
        std::ranges::copy(x, out.begin());
    }
    [[nodiscard]] SymmetricProduct product() const
    {
        return [this](std::span<const double> in, std::span<double> out) { times(in, out); };
    }
};

double residualOf(const Matrix& matrix, const EigenPair& pair)
{
    std::vector<double> applied(pair.vector.size());
    matrix.times(pair.vector, applied);
    double sum = 0;
    for (std::size_t i = 0; i < applied.size(); ++i)
        sum += std::pow(applied[i] - pair.value * pair.vector[i], 2);
    return std::sqrt(sum);
}

/// What curvature profiles look like: a few large values at both ends, nearly nothing between.
std::vector<double> tailedSpectrum(int size)
{
    std::vector<double> values(std::size_t(size), 0.0);
    for (int i = 0; i < size; ++i)
        values[std::size_t(i)] = 1e-3 * std::sin(i);
    for (int i = 0; i < 8; ++i) {
        values[std::size_t(i)] = -6.0 * std::pow(0.7, i);
        values[std::size_t(size - 1 - i)] = 2.0 * std::pow(0.7, i);
    }
    return values;
}

} // namespace

class TestLanczos : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endsOfATailedSpectrum()
    {
        const Matrix matrix(tailedSpectrum(800));
        const SpectrumEnds ends = lanczosEnds(800, matrix.product(), {5, 60, 1e-8, 7});
        QVERIFY(ends.isConverged);
        QVERIFY2(ends.steps < 60, qPrintable(QString::number(ends.steps)));
        QCOMPARE(ends.lowest.size(), 5U);
        for (int i = 0; i < 5; ++i) {
            compareClose(ends.lowest[std::size_t(i)].value, -6.0 * std::pow(0.7, i), 1e-6, 0);
            compareClose(ends.highest[std::size_t(i)].value, 2.0 * std::pow(0.7, i), 1e-6, 0);
            for (const EigenPair& pair : {ends.lowest[std::size_t(i)], ends.highest[std::size_t(i)]})
                QVERIFY(residualOf(matrix, pair) <= 1e-8 * 6 + 1e-10);
        }
    }

    // The bound that is reported is the residual, converged or not.
    void residualsAreTrue_data()
    {
        QTest::addColumn<int>("steps");
        QTest::addRow("far from converged") << 12;
        QTest::addRow("nearly converged") << 18;
    }

    void residualsAreTrue()
    {
        QFETCH(const int, steps);
        const Matrix matrix(tailedSpectrum(500));
        const SpectrumEnds ends = lanczosEnds(500, matrix.product(), {5, steps, 1e-12, 7});
        QVERIFY(!ends.isConverged);
        for (const auto* side : {&ends.lowest, &ends.highest})
            for (const EigenPair& pair : *side)
                compareClose(pair.residual, residualOf(matrix, pair), 1e-6, 1e-10);
    }

    void equalEigenvaluesAreFound()
    {
        // Three different values only: the Krylov space is exhausted after three steps and has to be left.
        std::vector<double> values(40, -1.0);
        std::fill(values.begin() + 15, values.begin() + 30, 0.5);
        values.back() = 2;
        const Matrix matrix(values);
        const SpectrumEnds ends = lanczosEnds(40, matrix.product(), {3, 39, 1e-9, 1});
        compareClose(ends.lowest[2].value, -1, 1e-9, 0);
        compareClose(ends.highest[0].value, 2, 1e-9, 0);
        compareClose(ends.highest[1].value, 0.5, 1e-9, 0);
        for (const EigenPair& pair : ends.lowest)
            QVERIFY(residualOf(matrix, pair) < 1e-8);
    }

    void zeroMatrix()
    {
        const SpectrumEnds ends = lanczosEnds(30, [](auto, std::span<double> out) { std::ranges::fill(out, 0.0); }, {4, 20, 1e-6, 1});
        QVERIFY(ends.isConverged);
        QCOMPARE(ends.lowest.size(), 4U);
        QCOMPARE(ends.highest.front().value, 0.0);
    }

    void wholeSmallSpace()
    {
        const Matrix matrix({-2, -1, 0, 1, 3});
        const SpectrumEnds ends = lanczosEnds(5, matrix.product(), {2, 60, 1e-9, 1});
        QVERIFY(ends.isConverged);
        compareClose(ends.lowest[0].value, -2, 1e-9, 0);
        compareClose(ends.lowest[1].value, -1, 1e-9, 0);
        compareClose(ends.highest[0].value, 3, 1e-9, 0);
        compareClose(ends.highest[1].value, 1, 1e-9, 0);
    }

    void stopKeepsWhatThereIs()
    {
        const Matrix matrix(tailedSpectrum(300));
        int polls = 0;
        const SpectrumEnds ends = lanczosEnds(300, matrix.product(), {2, 100, 1e-12, 1}, [&] { return ++polls == 12; });
        QVERIFY(ends.isStopped);
        QCOMPARE(ends.steps, 13);
        QCOMPARE(ends.lowest.size(), 2U);
    }

    void tangentFrame_data()
    {
        QTest::addColumn<int>("axis");
        QTest::addRow("along the last axis") << 6;
        QTest::addRow("against the last axis") << -6;
        QTest::addRow("along another axis") << 2;
        QTest::addRow("in between") << 0;
    }

    // C5: what has coordinates is tangential, lengths stay, and going there and back changes nothing.
    void tangentFrame()
    {
        QFETCH(const int, axis);
        constexpr std::size_t d = 7;
        std::vector<float> normal(d, 0.0F);
        if (axis != 0)
            normal[std::size_t(std::abs(axis))] = axis < 0 ? -1.0F : 1.0F;
        else
            normal = {0.1F, -0.2F, 0.3F, 0.4F, -0.5F, 0.6F, 0.2F};
        const TangentFrame frame(normal);
        QCOMPARE(frame.dimension(), d - 1);
        Rng rng(4);
        for (int trial = 0; trial < 20; ++trial) {
            std::vector<double> coordinates(d - 1), vector(d), back(d - 1);
            double length = 0, dot = 0, spaceLength = 0;
            for (double& value : coordinates) {
                value = rng.normal();
                length += value * value;
            }
            frame.toSpace(coordinates, vector);
            for (std::size_t i = 0; i < d; ++i) {
                dot += vector[i] * double(normal[i]);
                spaceLength += vector[i] * vector[i];
            }
            compareClose(dot, 0, 0, 1e-7); // float32 normal
            compareClose(spaceLength, length, 1e-12, 0);
            // A part along the normal is dropped.
            for (std::size_t i = 0; i < d; ++i)
                vector[i] += 3 * double(normal[i]);
            frame.toTangent(vector, back);
            for (std::size_t i = 0; i + 1 < d; ++i)
                compareClose(back[i], coordinates[i], 0, 1e-6);
        }
    }
};

QTEST_GUILESS_MAIN(TestLanczos)
#include "tst_lanczos.moc"
