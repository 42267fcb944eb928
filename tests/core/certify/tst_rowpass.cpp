// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/patchrows_torch.h"
#include "core/certify/rowpass_torch.h"
#include "core/model/torchruntime.h"

#include <QTest>

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

using namespace brink::certify;

namespace {

at::Tensor random(std::vector<std::int64_t> shape, std::uint64_t seed, at::ScalarType type)
{
    return at::randn(shape, at::make_generator<at::CPUGeneratorImpl>(seed), at::kDouble).to(type);
}

Lines randomLines(std::vector<std::int64_t> shape, at::ScalarType type, bool hasLowerBias)
{
    return {random(shape, 1, type), hasLowerBias ? random(shape, 2, type) : at::Tensor(), random(shape, 3, type), random(shape, 4, type)};
}

Lines ofRows(const Lines& lines, const at::Tensor& image)
{
    return {forRows(lines.lowerSlope, image), forRows(lines.lowerBias, image), forRows(lines.upperSlope, image), forRows(lines.upperBias, image)};
}

double distance(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

double tolerance(at::ScalarType type) { return type == at::kDouble ? 1e-12 : 1e-4; }

/// 75 numbers a row: not a multiple of any vector's length.
const std::vector<std::int64_t> rowShape{3, 5, 5};

std::vector<std::int64_t> rows(std::int64_t count) { return {count, rowShape[0], rowShape[1], rowShape[2]}; }

} // namespace

class TestRowPass : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { brink::configureTorch(1, 1); }

    void addPrecisions()
    {
        QTest::addColumn<bool>("isDouble");
        QTest::addColumn<int>("images");
        for (const bool isDouble : {false, true})
            for (const int images : {1, 3})
                QTest::addRow("%s, %d images", isDouble ? "double" : "float", images) << isDouble << images;
    }

    void onePassIsWhatTensorsDo_data() { addPrecisions(); }
    void onePassIsWhatTensorsDo()
    {
        QFETCH(bool, isDouble);
        QFETCH(int, images);
        const at::ScalarType type = isDouble ? at::kDouble : at::kFloat;
        const at::Tensor image = at::arange(7, at::kLong).remainder(images);
        at::Tensor a = random(rows(7), 5, type);
        a = at::where(a.abs() < 0.1, at::zeros_like(a), a);
        for (const bool hasLowerBias : {false, true}) {
            const Lines lines = randomLines(rows(images), type, hasLowerBias);
            const RowPass pass = passRows(a, lines, image), expected = passByTensors(a, ofRows(lines, image));
            QVERIFY(distance(pass.next, expected.next) == 0);
            QVERIFY(distance(pass.sum, expected.sum) < tolerance(type));
        }
        const at::Tensor lower = random(rows(images), 6, type), upper = random(rows(images), 7, type);
        QVERIFY(distance(leastSums(a, lower, upper, image), leastSumsByTensors(a, forRows(lower, image), forRows(upper, image))) < tolerance(type));
    }

    /// The gradients by coefficients and choices are those of the same written with tensor operations.
    void gradientsAreThoseOfTensors_data() { addPrecisions(); }
    void gradientsAreThoseOfTensors()
    {
        QFETCH(bool, isDouble);
        QFETCH(int, images);
        const at::ScalarType type = isDouble ? at::kDouble : at::kFloat;
        const at::Tensor image = at::arange(6, at::kLong).remainder(images), lower = random(rows(images), 6, type), upper = random(rows(images), 7, type);
        const at::Tensor weight = random(rows(6), 8, type);
        const Lines lines = randomLines(rows(images), type, false);
        const at::Tensor base = random(rows(images), 9, type), span = random(rows(images), 10, type);
        const at::Tensor a = random(rows(6), 11, type).requires_grad_(true), choice = random(rows(6), 12, type).sigmoid().detach().requires_grad_(true);
        const at::AutoGradMode grad(true);
        const RowPass pass = passChosenRows(a, lines, {base, span, choice}, image);
        const at::Tensor bound = pass.sum + leastSums(pass.next * weight, lower, upper, image);
        Lines chosen = ofRows(lines, image);
        chosen.lowerSlope = forRows(base, image) + forRows(span, image) * choice;
        const RowPass plain = passByTensors(a, chosen);
        const at::Tensor expected = plain.sum + leastSumsByTensors(plain.next * weight, forRows(lower, image), forRows(upper, image));
        QVERIFY(distance(bound, expected) < 10 * tolerance(type));
        const auto found = torch::autograd::grad({bound.sum()}, {a, choice}), wanted = torch::autograd::grad({expected.sum()}, {a, choice});
        for (std::size_t i = 0; i < found.size(); ++i) {
            QVERIFY(wanted[i].abs().max().item<double>() > 0.1);
            QVERIFY(distance(found[i], wanted[i]) < 10 * tolerance(type));
        }
    }

    /// The step of Adam as published: three steps by hand.
    void choicesClimbAsAdamDoes_data() { addPrecisions(); }
    void choicesClimbAsAdamDoes()
    {
        QFETCH(bool, isDouble);
        const at::ScalarType type = isDouble ? at::kDouble : at::kFloat;
        const at::Tensor choice = at::full({40}, 0.5, type);
        at::Tensor mean, square, expected = choice.to(at::kDouble).clone(), m = at::zeros({40}, at::kDouble), v = at::zeros({40}, at::kDouble);
        for (int step = 1; step <= 3; ++step) {
            const at::Tensor gradient = random({40}, std::uint64_t(step), type), g = gradient.to(at::kDouble);
            climbChoices(gradient, 0.2, step, mean, square, choice);
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            expected = (expected + 0.2 * (m / (1 - std::pow(0.9, step))) / (v / (1 - std::pow(0.999, step))).sqrt()).clamp(0, 1);
        }
        QVERIFY(distance(choice.to(at::kDouble), expected) < 1e-4);
        QVERIFY((expected == 1).any().item<bool>()); // some came to the end
    }

    /// Patches that reach over the edges are the same rows, cut from lines with nothing around them.
    void patchesHaveNothingOverTheEdges_data() { addPrecisions(); }
    void patchesHaveNothingOverTheEdges()
    {
        QFETCH(bool, isDouble);
        QFETCH(int, images);
        const at::ScalarType type = isDouble ? at::kDouble : at::kFloat;
        const std::vector<std::int64_t> node{3, 6, 7};
        const Patch patch{{2, 2}, {-1, -2}, {5, 5}};
        const at::Tensor placeRows = at::arange(12, at::kLong).remainder(4), placeColumns = at::arange(12, at::kLong).remainder(3);
        const PatchPlaces places{at::arange(12, at::kLong).remainder(images), at::stack({placeRows, placeColumns}, 1), patch};
        const at::Tensor a = random(rows(12), 13, type);
        const Lines lines = randomLines({images, 3, 6, 7}, type, true);
        const at::Tensor whole = wholeRows(a, places, node);
        for (std::int64_t row = 0; row < 12; ++row)
            for (std::int64_t y = 0; y < 6; ++y)
                for (std::int64_t x = 0; x < 7; ++x) {
                    const std::int64_t top = y - (2 * (row % 4) - 1), left = x - (2 * (row % 3) - 2);
                    const bool isInside = top >= 0 && top < 5 && left >= 0 && left < 5;
                    for (std::int64_t channel = 0; channel < 3; ++channel)
                        QCOMPARE(whole[row][channel][y][x].item<double>(), isInside ? a[row][channel][top][left].item<double>() : 0);
                }
        const RowPass pass = passPatches(a, lines, places), expected = passByTensors(whole, ofRows(lines, places.image));
        QVERIFY(distance(wholeRows(pass.next, places, node), expected.next) == 0);
        QVERIFY(distance(pass.sum, expected.sum) < tolerance(type));
        QVERIFY(distance(pass.next, clipped(pass.next, places, node)) == 0);
        QVERIFY(distance(clipped(a, places, node), a) > 0);
        const at::Tensor limits = lines.lowerSlope;
        QVERIFY(distance(leastSumsOfPatches(a, limits, lines.upperSlope, places), leastSums(whole, limits, lines.upperSlope, places.image)) < tolerance(type));
    }

    void aLargerPatchHoldsTheSameRows()
    {
        const Patch small{{1, 1}, {-1, 0}, {2, 3}}, large{{1, 1}, {-2, -1}, {5, 6}};
        const at::Tensor a = random({2, 3, 2, 3}, 14, at::kFloat);
        const PatchPlaces from{at::zeros({2}, at::kLong), at::full({2, 2}, 3, at::kLong), small}, to{from.image, from.places, large};
        QVERIFY(distance(wholeRows(a, from, {3, 8, 8}), wholeRows(movedPatches(a, small, large), to, {3, 8, 8})) == 0);
        QVERIFY(distance(movedPatches(movedPatches(a, small, large), large, small), a) == 0);
    }
};

QTEST_GUILESS_MAIN(TestRowPass)
#include "tst_rowpass.moc"
