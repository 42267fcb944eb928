// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/projection_torch.h"

#include "core/base/error.h"
#include "core/base/rng.h"

#include <ATen/ATen.h>

#include "tests/support/compare.h"

#include <array>
#include <numeric>
#include <vector>

using namespace brink;

namespace {

struct Instance {
    std::vector<double> point;
    std::vector<double> normal;
    double value = 0;
};

double lengthIn(Norm norm, const std::vector<double>& step)
{
    double sum = 0, squares = 0, largest = 0;
    for (const double s : step) {
        sum += std::abs(s);
        squares += s * s;
        largest = std::max(largest, std::abs(s));
    }
    return norm == Norm::L1 ? sum : norm == Norm::L2 ? std::sqrt(squares) : largest;
}

double valueAfter(const Instance& instance, const std::vector<double>& step)
{
    return std::inner_product(step.begin(), step.end(), instance.normal.begin(), instance.value);
}

// How far coordinate i may move in the direction that brings the value to zero.
double roomOf(const Instance& instance, std::size_t i)
{
    const double down = instance.normal[i] * instance.value;
    return down == 0 ? 0 : down > 0 ? instance.point[i] : 1 - instance.point[i];
}

// Independent solution: bisection on the multiplier of min ||r|| s.t. the constraint (L2, Linf); in L1 on the threshold
// of |normal| above which a coordinate is used up, which is a linear program solved by filling coordinates in order.
double shortestByBisection(const Instance& instance, Norm norm)
{
    const std::size_t d = instance.point.size();
    if (norm == Norm::L1) {
        std::vector<std::size_t> order(d);
        std::iota(order.begin(), order.end(), 0);
        std::ranges::sort(order, [&](auto a, auto b) { return std::abs(instance.normal[a]) > std::abs(instance.normal[b]); });
        double need = std::abs(instance.value), length = 0;
        for (const std::size_t i : order) {
            const double slope = std::abs(instance.normal[i]);
            const double move = slope > 0 ? std::min(need / slope, roomOf(instance, i)) : 0;
            need -= move * slope;
            length += move;
        }
        return length;
    }
    double low = 0, high = 1e9;
    std::vector<double> step(d);
    for (int round = 0; round < 200; ++round) {
        const double lambda = (low + high) / 2;
        double gain = 0;
        for (std::size_t i = 0; i < d; ++i) {
            const double slope = std::abs(instance.normal[i]);
            step[i] = std::min(norm == Norm::L2 ? lambda * slope : lambda, roomOf(instance, i));
            gain += slope * step[i];
        }
        (gain < std::abs(instance.value) ? low : high) = lambda;
    }
    return lengthIn(norm, step);
}

Instance randomInstance(Rng& rng, std::size_t d, double share)
{
    Instance instance;
    double reachable = 0;
    instance.value = rng.uniform() < 0.5 ? -1 : 1;
    for (std::size_t i = 0; i < d; ++i) {
        // Saturated pixels and zero gradients are the rule in real images, so they are the rule here.
        const double kind = rng.uniform();
        instance.point.push_back(float(kind < 0.2 ? 0.0 : kind < 0.4 ? 1.0 : rng.uniform()));
        instance.normal.push_back(float(rng.uniform() < 0.2 ? 0.0 : rng.normal()));
        reachable += std::abs(instance.normal[i]) * roomOf(instance, i);
    }
    instance.value = float(instance.value * share * reachable);
    return instance;
}

// Coordinate i of the wanted perturbation, shrunk by a threshold and cut at the box; without its sign.
double cutAt(const Instance& instance, std::size_t i, double threshold)
{
    const double wanted = instance.normal[i];
    return std::min(std::max(std::abs(wanted) - threshold, 0.0), wanted > 0 ? 1 - instance.point[i] : instance.point[i]);
}

at::Tensor rows(const std::vector<Instance>& instances, std::vector<double> Instance::* member)
{
    std::vector<at::Tensor> list;
    for (const Instance& instance : instances)
        list.push_back(at::tensor(instance.*member, at::kDouble).to(at::kFloat));
    return at::stack(list);
}

HyperplaneProjection project(const std::vector<Instance>& instances, Norm norm)
{
    std::vector<float> values;
    for (const Instance& instance : instances)
        values.push_back(float(instance.value));
    return projectOntoHyperplane(rows(instances, &Instance::point), rows(instances, &Instance::normal), at::tensor(values), norm);
}

std::vector<double> row(const at::Tensor& tensor, std::int64_t i)
{
    const at::Tensor values = tensor[i].to(at::kDouble).contiguous();
    return {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()};
}

} // namespace

class TestProjection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithBisection_data()
    {
        QTest::addColumn<int>("norm");
        QTest::addColumn<int>("dimension");
        for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf})
            for (const int dimension : {1, 2, 7, 784})
                QTest::addRow("%s in %d dimensions", normName(norm).c_str(), dimension) << int(norm) << dimension;
    }

    void agreesWithBisection()
    {
        QFETCH(const int, norm);
        QFETCH(const int, dimension);
        Rng rng(combineSeeds({7, std::uint64_t(dimension)}));
        std::vector<Instance> instances;
        for (int i = 0; i < 40; ++i)
            instances.push_back(randomInstance(rng, std::size_t(dimension), 0.02 + 0.96 * rng.uniform()));
        const HyperplaneProjection projection = project(instances, Norm(norm));
        const at::Tensor moved = rows(instances, &Instance::point) + projection.step;
        QVERIFY(moved.ge(-1e-7).logical_and(moved.le(1 + 1e-7)).all().item<bool>());
        for (std::size_t i = 0; i < instances.size(); ++i) {
            const std::vector<double> step = row(projection.step, std::int64_t(i));
            const double scale = 1e-12 + std::abs(instances[i].value);
            // float32 steps: each rounds to 6e-8, and hundreds of them add up.
            QVERIFY(std::abs(valueAfter(instances[i], step)) <= 2e-6 * scale);
            compareClose(lengthIn(Norm(norm), step), shortestByBisection(instances[i], Norm(norm)), 2e-6, 1e-9);
            QVERIFY(instances[i].value == 0 || projection.reaches[std::int64_t(i)].item<bool>());
        }
    }

    void rowByRowAndBySortingAgree_data() { agreesWithBisection_data(); }

    /// Doubles are sorted, as on a device; float32 on the CPU goes row by row. Equal slopes and unreachable values, too.
    void rowByRowAndBySortingAgree()
    {
        QFETCH(const int, norm);
        QFETCH(const int, dimension);
        Rng rng(combineSeeds({11, std::uint64_t(dimension)}));
        std::vector<Instance> instances;
        for (int i = 0; i < 30; ++i) {
            instances.push_back(randomInstance(rng, std::size_t(dimension), 1.2 * rng.uniform()));
            if (i % 3 == 0)
                for (double& slope : instances.back().normal)
                    slope = slope > 0 ? 0.5 : -0.5;
        }
        const at::Tensor points = rows(instances, &Instance::point), normals = rows(instances, &Instance::normal);
        std::vector<float> values;
        for (const Instance& instance : instances)
            values.push_back(float(instance.value));
        const HyperplaneProjection byRow = projectOntoHyperplane(points, normals, at::tensor(values), Norm(norm));
        const HyperplaneProjection bySorting
            = projectOntoHyperplane(points.to(at::kDouble), normals.to(at::kDouble), at::tensor(values).to(at::kDouble), Norm(norm));
        QVERIFY(byRow.reaches.equal(bySorting.reaches));
        const auto lengths = [&](const at::Tensor& step) { return at::linalg_vector_norm(step.to(at::kDouble), norm == int(Norm::Linf) ? INFINITY : norm == int(Norm::L1) ? 1.0 : 2.0, at::IntArrayRef{1}); };
        // Which of equally steep coordinates moves in L1 is free; how far is not.
        QVERIFY(lengths(byRow.step).allclose(lengths(bySorting.step), 2e-6, 1e-7));
        if (Norm(norm) != Norm::L1)
            QVERIFY(byRow.step.to(at::kDouble).allclose(bySorting.step, 2e-6, 1e-7));
    }

    void noFeasibleStepIsShorter()
    {
        // The exact step against random feasible ones on the hyperplane; the first coordinate hits the box.
        const Instance instance{{0.1, 0.6, 0.3}, {3, 1, -2}, 1.2};
        Rng rng(3);
        for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf}) {
            const double shortest = lengthIn(norm, row(project({instance}, norm).step, 0));
            int feasible = 0;
            double best = 10;
            for (int trial = 0; trial < 20000; ++trial) {
                std::vector<double> step{rng.uniform() - instance.point[0], rng.uniform() - instance.point[1], 0};
                step[2] = -valueAfter(instance, step) / instance.normal[2];
                const double last = instance.point[2] + step[2];
                if (last < 0 || last > 1)
                    continue;
                ++feasible;
                best = std::min(best, lengthIn(norm, step));
            }
            QVERIFY(feasible > 1000);
            QVERIFY(best >= shortest - 1e-6);
            QVERIFY(best <= 1.1 * shortest);
        }
    }

    void fallsToTheCornerWhenTheBoxIsTooSmall()
    {
        Rng rng(11);
        const Instance instance = randomInstance(rng, 50, 1.5);
        for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf}) {
            const HyperplaneProjection projection = project({instance}, norm);
            QVERIFY(!projection.reaches[0].item<bool>());
            const std::vector<double> step = row(projection.step, 0);
            for (std::size_t i = 0; i < step.size(); ++i)
                QCOMPARE(float(std::abs(step[i])), float(roomOf(instance, i)));
        }
    }

    void affineReferenceModel()
    {
        // Distances of the affine reference model to class 1; the box is inactive.
        const Instance instance{{0.6, 0.4, 0.5, 0.5}, {1, 3, -2, 0}, 0.9};
        const std::array<std::pair<Norm, double>, 3> known{{{Norm::L1, 0.3}, {Norm::L2, 0.2405351}, {Norm::Linf, 0.15}}};
        for (const auto& [norm, distance] : known)
            compareClose(lengthIn(norm, row(project({instance}, norm).step, 0)), distance, 1e-6, 0);
    }

    void zeroNormalAndZeroValueDoNotMove()
    {
        const Instance flat{{0.1, 0.2, 0.3}, {0, 0, 0}, 0.5};
        const Instance there{{0.1, 0.2, 0.3}, {1, -2, 0}, 0};
        for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf}) {
            const HyperplaneProjection projection = project({flat, there}, norm);
            QVERIFY(projection.step.eq(0).all().item<bool>());
            QVERIFY(!projection.reaches[0].item<bool>());
            QVERIFY(projection.reaches[1].item<bool>());
        }
    }

    void ballAndBoxTogether_data()
    {
        QTest::addColumn<int>("dimension");
        QTest::addColumn<double>("share");
        for (const int dimension : {1, 2, 7, 784})
            for (const double share : {0.0, 0.03, 0.5, 0.97, 1.2})
                QTest::addRow("%d dimensions, %g of the length", dimension, share) << dimension << share;
    }

    // The nearest point has one threshold for all coordinates, found here by bisection in double.
    void ballAndBoxTogether()
    {
        QFETCH(const int, dimension);
        QFETCH(const double, share);
        Rng rng(combineSeeds({17, std::uint64_t(dimension)}));
        std::vector<Instance> instances; // the "normal" is the perturbation
        std::vector<float> radius;
        for (int i = 0; i < 40; ++i) {
            instances.push_back(randomInstance(rng, std::size_t(dimension), 0.5));
            double length = 0;
            for (std::size_t j = 0; j < std::size_t(dimension); ++j)
                length += cutAt(instances.back(), j, 0);
            radius.push_back(float(share * length));
        }
        const at::Tensor points = rows(instances, &Instance::point), wanted = rows(instances, &Instance::normal);
        const at::Tensor nearest = projectOntoL1BallInBox(points, wanted, at::tensor(radius));
        const at::Tensor moved = points + nearest;
        QVERIFY(moved.ge(-1e-7).logical_and(moved.le(1 + 1e-7)).all().item<bool>());
        for (std::size_t i = 0; i < instances.size(); ++i) {
            double low = 0, high = 10;
            for (int round = 0; round < 200; ++round) {
                const double middle = (low + high) / 2;
                double length = 0;
                for (std::size_t j = 0; j < std::size_t(dimension); ++j)
                    length += cutAt(instances[i], j, middle);
                (length > radius[i] ? low : high) = middle;
            }
            const std::vector<double> step = row(nearest, std::int64_t(i));
            // The threshold is a float32: every coordinate that is left is off by its rounding.
            QVERIFY(lengthIn(Norm::L1, step) <= double(radius[i]) * (1 + 1e-6) + 1e-7 * dimension);
            for (std::size_t j = 0; j < step.size(); ++j) {
                const double expected = std::copysign(cutAt(instances[i], j, high), instances[i].normal[j]);
                QVERIFY(std::abs(step[j] - expected) <= 1e-6); // float32 in, float32 out
            }
        }
    }

    void refusesL0()
    {
        QVERIFY_THROWS_EXCEPTION(Error, project({Instance{{0.5}, {1}, 1}}, Norm::L0));
    }
};

QTEST_APPLESS_MAIN(TestProjection)
#include "tst_projection.moc"
