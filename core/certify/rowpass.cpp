// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/rowpass_torch.h"

#include "core/certify/linepass.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

namespace brink::certify {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t grain = 1 << 15; ///< numbers that are worth a thread

template<typename T>
std::span<const T> rowOf(const at::Tensor& values, std::int64_t row)
{
    if (!values.defined())
        return {};
    const std::int64_t size = values.numel() / values.size(0);
    return {values.data_ptr<T>() + (values.size(0) == 1 ? 0 : row) * size, std::size_t(size)};
}

template<typename T>
std::span<T> writtenRow(const at::Tensor& values, std::int64_t row)
{
    const std::int64_t size = values.numel() / values.size(0);
    return {values.data_ptr<T>() + row * size, std::size_t(size)};
}

/// Calls part(row, its image, a number of the precision) for all rows.
template<typename Part>
void forEachRow(const at::Tensor& a, const at::Tensor& image, Part part)
{
    const std::int64_t rows = a.size(0), size = rows == 0 ? 1 : std::max(a.numel() / rows, std::int64_t(1));
    const std::int64_t* images = image.data_ptr<std::int64_t>();
    at::parallel_for(0, rows, std::max(grain / size, std::int64_t(1)), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row)
            if (a.scalar_type() == at::kDouble)
                part(row, images[row], double());
            else
                part(row, images[row], float());
    });
}

bool isByRow(const at::Tensor& a) { return a.device().is_cpu() && (a.scalar_type() == at::kFloat || a.scalar_type() == at::kDouble); }

/// Broadcast to the numbers of a row, contiguous.
at::Tensor laidOut(const at::Tensor& values, const at::Tensor& a)
{
    if (!values.defined())
        return values;
    std::vector<std::int64_t> shape = a.sizes().vec();
    shape[0] = values.size(0);
    return values.expand(shape).contiguous();
}

Lines laidOut(const Lines& lines, const at::Tensor& a)
{
    return {laidOut(lines.lowerSlope, a), laidOut(lines.lowerBias, a), laidOut(lines.upperSlope, a), laidOut(lines.upperBias, a)};
}

template<typename T>
LineSpans<T> spansOf(const Lines& lines, std::int64_t image)
{
    return {rowOf<T>(lines.lowerSlope, image), rowOf<T>(lines.lowerBias, image), rowOf<T>(lines.upperSlope, image), rowOf<T>(lines.upperBias, image)};
}

Lines linesOfRows(const Lines& lines, const at::Tensor& image)
{
    return {forRows(lines.lowerSlope, image), forRows(lines.lowerBias, image), forRows(lines.upperSlope, image), forRows(lines.upperBias, image)};
}

RowPass passFixed(const at::Tensor& a, const Lines& lines, const at::Tensor& image)
{
    RowPass pass{at::empty_like(a), at::empty({a.size(0)}, a.options())};
    forEachRow(a, image, [&]<typename T>(std::int64_t row, std::int64_t of, T) {
        writtenRow<T>(pass.sum, row)[0] = passLines<T>(rowOf<T>(a, row), spansOf<T>(lines, of), writtenRow<T>(pass.next, row));
    });
    return pass;
}

/// Saved: a, choice, then what belongs to images.
struct ChosenPass : torch::autograd::Function<ChosenPass> {
    static variable_list forward(AutogradContext* context, const at::Tensor& a, const at::Tensor& choice, const at::Tensor& base, const at::Tensor& span,
        const at::Tensor& upperSlope, const at::Tensor& upperBias, const at::Tensor& image)
    {
        const Lines lines{base, {}, upperSlope, upperBias};
        RowPass pass{at::empty_like(a), at::empty({a.size(0)}, a.options())};
        forEachRow(a, image, [&]<typename T>(std::int64_t row, std::int64_t of, T) {
            const ChoiceSpans<T> below{rowOf<T>(base, of), rowOf<T>(span, of), rowOf<T>(choice, row)};
            writtenRow<T>(pass.sum, row)[0] = passChosen<T>(rowOf<T>(a, row), spansOf<T>(lines, of), below, writtenRow<T>(pass.next, row));
        });
        context->save_for_backward({a, choice, base, span, upperSlope, upperBias, image});
        return {pass.next, pass.sum};
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor &a = saved[0], &choice = saved[1], &base = saved[2], &span = saved[3];
        const Lines lines{base, {}, saved[4], saved[5]};
        const at::Tensor byNext = gradients[0].contiguous(), bySum = gradients[1].contiguous();
        const at::Tensor byCoefficients = at::empty_like(a), byChoice = at::empty_like(choice);
        forEachRow(a, saved[6], [&]<typename T>(std::int64_t row, std::int64_t of, T) {
            const ChoiceSpans<T> below{rowOf<T>(base, of), rowOf<T>(span, of), rowOf<T>(choice, row)};
            passChosenBack<T>(rowOf<T>(a, row), spansOf<T>(lines, of), below,
                {rowOf<T>(bySum, row)[0], rowOf<T>(byNext, row), writtenRow<T>(byCoefficients, row), writtenRow<T>(byChoice, row)});
        });
        return {byCoefficients, byChoice, {}, {}, {}, {}, {}};
    }
};

struct LeastSum : torch::autograd::Function<LeastSum> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& a, const at::Tensor& lower, const at::Tensor& upper, const at::Tensor& image)
    {
        const at::Tensor sums = at::empty({a.size(0)}, a.options());
        forEachRow(a, image, [&]<typename T>(std::int64_t row, std::int64_t of, T) {
            writtenRow<T>(sums, row)[0] = leastSum<T>(rowOf<T>(a, row), rowOf<T>(lower, of), rowOf<T>(upper, of));
        });
        context->save_for_backward({a, lower, upper, image});
        return sums;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor bySum = gradients[0].contiguous();
        const at::Tensor byCoefficients = at::empty_like(saved[0]);
        forEachRow(saved[0], saved[3], [&]<typename T>(std::int64_t row, std::int64_t of, T) {
            leastSumBack<T>(rowOf<T>(saved[0], row), rowOf<T>(saved[1], of), rowOf<T>(saved[2], of), rowOf<T>(bySum, row)[0], writtenRow<T>(byCoefficients, row));
        });
        return {byCoefficients, {}, {}, {}};
    }
};

bool needsGradient(const at::Tensor& a) { return at::GradMode::is_enabled() && a.requires_grad(); }

at::Tensor sums(const at::Tensor& values) { return values.reshape({values.size(0), -1}).sum(1); }

} // namespace

RowPass passByTensors(const at::Tensor& a, const Lines& linesOfRows)
{
    at::Tensor sum = sums(a.clamp_max(0) * linesOfRows.upperBias);
    if (linesOfRows.lowerBias.defined())
        sum = sum + sums(a.clamp_min(0) * linesOfRows.lowerBias);
    return {at::where(a > 0, linesOfRows.lowerSlope, linesOfRows.upperSlope) * a, sum};
}

at::Tensor leastSumsByTensors(const at::Tensor& a, const at::Tensor& lowerOfRows, const at::Tensor& upperOfRows)
{
    return sums(a.clamp_min(0) * lowerOfRows) + sums(a.clamp_max(0) * upperOfRows);
}

RowPass passRows(const at::Tensor& a, const Lines& lines, const at::Tensor& image)
{
    if (!isByRow(a) || needsGradient(a))
        return passByTensors(a, linesOfRows(lines, image));
    return passFixed(a.contiguous(), laidOut(lines, a), image);
}

RowPass passChosenRows(const at::Tensor& a, const Lines& lines, const ChosenSlopes& below, const at::Tensor& image)
{
    if (!isByRow(a)) {
        Lines chosen = linesOfRows(lines, image);
        chosen.lowerSlope = forRows(below.base, image) + forRows(below.span, image) * below.choice;
        chosen.lowerBias = at::Tensor();
        return passByTensors(a, chosen);
    }
    const variable_list both = ChosenPass::apply(a.contiguous(), below.choice.contiguous(), laidOut(below.base, a), laidOut(below.span, a),
        laidOut(lines.upperSlope, a), laidOut(lines.upperBias, a), image);
    return {both[0], both[1]};
}

at::Tensor leastSums(const at::Tensor& a, const at::Tensor& lower, const at::Tensor& upper, const at::Tensor& image)
{
    if (!isByRow(a))
        return leastSumsByTensors(a, forRows(lower, image), forRows(upper, image));
    return LeastSum::apply(a.contiguous(), laidOut(lower, a), laidOut(upper, a), image);
}

void climbChoices(const at::Tensor& gradient, double rate, int step, at::Tensor& mean, at::Tensor& square, const at::Tensor& choice, double most)
{
    constexpr double meanDecay = 0.9, squareDecay = 0.999;
    const at::NoGradGuard noGrad;
    if (!mean.defined()) {
        mean = at::zeros_like(choice);
        square = at::zeros_like(choice);
    }
    const double meanWeight = 1 / (1 - std::pow(meanDecay, step)), squareWeight = 1 / (1 - std::pow(squareDecay, step));
    if (!isByRow(choice) || !choice.is_contiguous()) {
        mean.mul_(meanDecay).add_(gradient, 1 - meanDecay);
        square.mul_(squareDecay).addcmul_(gradient, gradient, 1 - squareDecay);
        choice.detach().add_(rate * (mean * meanWeight) / ((square * squareWeight).sqrt() + 1e-12)).clamp_(0, most);
        return;
    }
    const at::Tensor flat = gradient.contiguous();
    const auto whole = [&]<typename T>(T) {
        const AdamStep<T> adam{T(rate), T(meanDecay), T(squareDecay), T(meanWeight), T(squareWeight), T(most)};
        at::parallel_for(0, choice.numel(), grain, [&](std::int64_t begin, std::int64_t end) {
            const auto size = std::size_t(end - begin);
            climb<T>(adam, {flat.data_ptr<T>() + begin, size}, {mean.data_ptr<T>() + begin, size}, {square.data_ptr<T>() + begin, size}, {choice.data_ptr<T>() + begin, size});
        });
    };
    if (choice.scalar_type() == at::kDouble)
        whole(double());
    else
        whole(float());
}

} // namespace brink::certify
