// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/bounds_torch.h"
#include "core/certify/rowpass_torch.h"

#include <torch/csrc/autograd/autograd.h>

#include <cmath>

// Lines chosen for each row by gradient: the slopes of alpha-CROWN.

namespace brink::certify {
namespace {

/// One row's or many rows' choices of a node on their way up. Rows are dimension 0, or 1 where there are choices above, too.
struct Climb {
    int place = 0;
    std::int64_t rowDimension = 0;
    at::Tensor choice, mean, square;

    void keep(const at::Tensor& rows)
    {
        const auto some = [&](const at::Tensor& values) { return values.defined() ? values.detach().index_select(rowDimension, rows) : values; };
        choice = some(choice).requires_grad_(true);
        mean = some(mean);
        square = some(square);
    }
};

Choices choicesOf(const std::vector<Climb>& climbs)
{
    Choices choices;
    for (const Climb& each : climbs)
        choices[each.place] = each.choice;
    return choices;
}

} // namespace

Choices Bounds::startingChoices(const Rows& rows) const
{
    Choices choices;
    for (int place = 1; place <= rows.node; ++place) {
        if (!m_network.nodes[std::size_t(place)].isNonlinear())
            continue;
        const Relaxation& relaxation = relaxationOf(place);
        if (!relaxation.hasChoice())
            continue;
        const bool isAnyFree = relaxation.lowerIsFree.any().item<bool>() || (relaxation.hasUpperChoice() && relaxation.upperIsFree.any().item<bool>());
        if (!isAnyFree)
            continue;
        const at::Tensor standard = standardChoice(m_network.nodes[std::size_t(place)], relaxation);
        // One a row: what is best for one margin is not for another.
        choices[place] = standard.index_select(relaxation.hasUpperChoice() ? 1 : 0, rows.image).contiguous().requires_grad_(true);
    }
    return choices;
}

at::Tensor Bounds::optimisedBounds(const Rows& rows, const at::Tensor& enough) const
{
    constexpr double worthKeeping = 0.75; // of the rows: fewer are gathered anew
    at::Tensor best = linearBounds(rows);
    const auto isOpenIn = [&](const at::Tensor& places) { return best.index_select(0, places) <= enough.index_select(0, places); };
    at::Tensor current = at::arange(best.size(0), rows.image.options()); // rows that are being optimised
    if (enough.defined())
        current = current.masked_select(isOpenIn(current));
    if (current.size(0) == 0)
        return best;
    const auto rowsAt = [&](const at::Tensor& places) { return Rows{rows.node, rows.coefficients.index_select(0, places), rows.image.index_select(0, places)}; };
    Rows open = rowsAt(current);
    std::vector<Climb> climbs;
    for (const auto& [place, choice] : startingChoices(open))
        climbs.push_back({place, relaxationOf(place).hasUpperChoice() ? 1 : 0, choice, {}, {}});
    for (int step = 1; step <= m_settings.iterations && !climbs.empty() && !m_monitor.stopRequested(); ++step) {
        std::vector<at::Tensor> leaves, gradients;
        for (const Climb& each : climbs)
            leaves.push_back(each.choice);
        {
            const at::AutoGradMode grad(true);
            const Choices choices = choicesOf(climbs);
            const at::Tensor bounds = carriedBack(open, End::Pixels, {.choices = &choices});
            const at::Tensor known = best.index_select(0, current), better = at::maximum(known, bounds.detach());
            best.index_copy_(0, current, enough.defined() ? at::where(isOpenIn(current), better, known) : better);
            if (!bounds.requires_grad() || step == m_settings.iterations)
                break; // no row reaches a node with a choice, or nothing would look at the next step
            gradients = torch::autograd::grad({bounds.sum()}, leaves, {}, false, false, true);
        }
        const at::NoGradGuard noGrad;
        const double rate = m_settings.rate * std::pow(0.98, step - 1);
        for (std::size_t i = 0; i < climbs.size(); ++i)
            if (gradients[i].defined())
                climbChoices(gradients[i], rate, step, climbs[i].mean, climbs[i].square, climbs[i].choice);
        if (!enough.defined())
            continue;
        const at::Tensor still = isOpenIn(current).nonzero().squeeze(1);
        if (still.size(0) == 0)
            break;
        if (double(still.size(0)) > worthKeeping * double(current.size(0)))
            continue;
        current = current.index_select(0, still);
        open = rowsAt(current);
        for (Climb& each : climbs)
            each.keep(still);
    }
    return best;
}

} // namespace brink::certify
