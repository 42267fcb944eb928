// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/branching_torch.h"

#include "core/certify/rowpass_torch.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink::certify {
namespace {

/// The input of one relu is known to be at least 0 (on) or at most 0.
struct Condition {
    int place = 0; ///< of the relu; 0 for none
    std::int64_t number = 0;
    bool isOn = false;
    double multiplier = 0; ///< in units of the node's scale
};

struct Domain {
    double bound = -std::numeric_limits<double>::infinity();
    std::vector<Condition> conditions = {};
    Choices choices = {}; ///< of one row, as they were left
    std::vector<Condition> candidates = {}; ///< where it may be divided
    int repeats = 0;      ///< of the search for slopes and multipliers, where there is nothing left to divide
};

constexpr int mostRepeats = 8;
constexpr std::int64_t mostCandidates = 3;

constexpr auto isAbove = [](const Domain& a, const Domain& b) { return a.bound > b.bound; };

/// Conditions of one node, those of a domain in a row.
struct Sides {
    RowSides rows;
    at::Tensor sign;                      ///< [R,S]: times multiplier and scale what is added to a coefficient; 0 for none
    at::Tensor multiplier, mean, square;  ///< [R,S]
    std::vector<std::vector<std::size_t>> of; ///< for each row the places of its conditions in the domain's list
};

class Branching {
public:
    Branching(const Bounds& bounds, const Rows& row, double enough, const BranchSettings& settings, Monitor& monitor)
        : m_bounds(bounds), m_row(row), m_enough(enough), m_settings(settings), m_monitor(monitor), m_together(std::clamp(bounds.rowsTogether(row.node, true) / 2, std::int64_t(1), std::int64_t(32)))
    {
    }

    Branched run()
    {
        bound({{.choices = m_bounds.startingChoices(m_row)}});
        while (!m_open.empty() && canImprove(m_open.front()) && !m_result.point.defined() && m_result.domains + 2 <= m_settings.domains && !m_monitor.stopRequested())
            bound(divided());
        m_result.bound = m_open.empty() ? m_closed : std::min(m_closed, m_open.front().bound);
        return m_result;
    }

private:
    static bool canImprove(const Domain& domain) { return !domain.candidates.empty() || (!domain.conditions.empty() && domain.repeats < mostRepeats); }

    /// The lowest domains, each as its two halves; where no relu is left, once more.
    std::vector<Domain> divided()
    {
        std::vector<Domain> wholes, halves;
        const std::int64_t most = std::min(m_together, (m_settings.domains - m_result.domains) / 2);
        while (!m_open.empty() && std::int64_t(wholes.size()) < most && canImprove(m_open.front())) {
            std::ranges::pop_heap(m_open, isAbove);
            Domain& whole = m_open.back();
            if (whole.candidates.empty()) {
                ++whole.repeats;
                halves.push_back(std::move(whole));
            } else
                wholes.push_back(std::move(whole));
            m_open.pop_back();
        }
        chooseCandidates(wholes);
        for (const Domain& whole : wholes)
            addHalves(halves, whole, whole.candidates.front());
        return halves;
    }

    static void addHalves(std::vector<Domain>& halves, const Domain& whole, const Condition& candidate)
    {
        for (const bool isOn : {true, false}) {
            halves.push_back(whole);
            halves.back().candidates.clear();
            halves.back().conditions.push_back(candidate);
            halves.back().conditions.back().isOn = isOn;
        }
    }

    /// Moves to the front of each list the one whose worse half, with slopes as they are, has the highest bound (filtered smart branching,
    /// De Palma et al. 2021).
    void chooseCandidates(std::vector<Domain>& wholes) const
    {
        const at::NoGradGuard noGrad;
        std::vector<Domain> halves;
        for (const Domain& whole : wholes)
            if (whole.candidates.size() > 1)
                for (const Condition& candidate : whole.candidates)
                    addHalves(halves, whole, candidate);
        if (halves.empty())
            return;
        const Choices choices = choicesOf(halves);
        std::map<int, Sides> sides = sidesOf(halves);
        const at::Tensor bounds = guided(rowsFor(halves.size()), choices, sides, nullptr).to(at::kCPU, at::kDouble);
        const double* each = bounds.data_ptr<double>();
        for (Domain& whole : wholes) {
            if (whole.candidates.size() <= 1)
                continue;
            std::size_t best = 0;
            double highest = -std::numeric_limits<double>::infinity();
            for (std::size_t c = 0; c < whole.candidates.size(); ++c, each += 2)
                if (const double worse = std::min(each[0], each[1]); worse > highest) {
                    highest = worse;
                    best = c;
                }
            std::swap(whole.candidates.front(), whole.candidates[best]);
        }
    }

    Rows rowsFor(std::size_t count) const
    {
        std::vector<std::int64_t> shape = m_row.coefficients.sizes().vec();
        shape[0] = std::int64_t(count);
        return {m_row.node, m_row.coefficients.expand(shape).contiguous(), m_row.image.expand({shape[0]}).contiguous()};
    }

    at::Tensor guided(const Rows& rows, const Choices& choices, std::map<int, Sides>& sides, std::map<int, at::Tensor>* seen) const
    {
        std::map<int, RowSides> rowSides;
        for (auto& [place, side] : sides) {
            side.rows.weight = side.multiplier * (side.sign * m_scales.at(place));
            rowSides[place] = side.rows;
        }
        return m_bounds.guidedBounds(rows, {&choices, &rowSides, seen});
    }

    /// Bounds the domains and keeps those that are not above enough.
    void bound(std::vector<Domain> domains)
    {
        const Rows rows = rowsFor(domains.size());
        Choices choices = choicesOf(domains);
        std::map<int, Sides> sides = sidesOf(domains);
        std::map<int, at::Tensor> seen;
        const double rate = m_settings.rate * std::pow(0.7, double(domains.front().repeats));
        const at::Tensor best = improved(rows, choices, sides, seen, rate).to(at::kCPU, at::kDouble);
        m_result.domains += std::int64_t(domains.size());
        if (m_scales.empty())
            for (const auto& [place, a] : seen)
                m_scales[place] = std::max(a.square().mean().sqrt().item<double>(), 1e-12);
        const std::vector<std::vector<Condition>> candidates = candidatesOf(domains, choices, seen);
        bool isAnyOpen = false;
        for (std::size_t i = 0; i < domains.size(); ++i) {
            Domain& domain = domains[i];
            domain.bound = std::max(domain.bound, best.data_ptr<double>()[i]);
            if (domain.bound > m_enough) {
                m_closed = std::min(m_closed, domain.bound);
                continue;
            }
            isAnyOpen = true;
            domain.candidates = candidates[i];
            for (const auto& [place, choice] : choices)
                domain.choices[place] = choice.detach().narrow(rowDimension(place), std::int64_t(i), 1).clone();
            for (const auto& [place, side] : sides)
                for (std::size_t k = 0; k < side.of[i].size(); ++k)
                    domain.conditions[side.of[i][k]].multiplier = side.multiplier[std::int64_t(i)][std::int64_t(k)].item<double>();
            m_open.push_back(std::move(domain));
            std::ranges::push_heap(m_open, isAbove);
        }
        if (isAnyOpen)
            lookForPoint(rows, seen.at(0));
    }

    std::int64_t rowDimension(int place) const { return m_bounds.relaxationOf(place).hasUpperChoice() ? 1 : 0; }

    Choices choicesOf(const std::vector<Domain>& domains) const
    {
        Choices choices;
        for (const auto& [place, first] : domains.front().choices) {
            std::vector<at::Tensor> all;
            for (const Domain& domain : domains)
                all.push_back(domain.choices.at(place));
            choices[place] = at::cat(all, rowDimension(place)).detach().requires_grad_(true);
        }
        return choices;
    }

    std::map<int, Sides> sidesOf(const std::vector<Domain>& domains) const
    {
        std::map<int, Sides> all;
        for (std::size_t i = 0; i < domains.size(); ++i)
            for (std::size_t k = 0; k < domains[i].conditions.size(); ++k) {
                auto& of = all[domains[i].conditions[k].place].of;
                of.resize(domains.size());
                of[i].push_back(k);
            }
        for (auto& [place, side] : all)
            fill(side, place, domains);
        return all;
    }

    /// Lines of the rows: the ball's, but for relus whose side is known.
    void fill(Sides& side, int place, const std::vector<Domain>& domains) const
    {
        const Relaxation& relaxation = m_bounds.relaxationOf(place);
        const auto count = std::int64_t(domains.size());
        const auto repeated = [&](const at::Tensor& values) {
            const at::Tensor own = values.index_select(0, m_row.image);
            std::vector<std::int64_t> shape = own.sizes().vec();
            shape[0] = count;
            return own.expand(shape).contiguous();
        };
        side.rows.lines = {{}, {}, repeated(relaxation.lines.upperSlope), repeated(relaxation.lines.upperBias)};
        side.rows.base = repeated(relaxation.lowerBegin);
        side.rows.span = repeated(relaxation.lowerEnd - relaxation.lowerBegin);
        std::size_t most = 0;
        for (const auto& of : side.of)
            most = std::max(most, of.size());
        const at::Tensor numbers = at::zeros({count, std::int64_t(most)}, at::kLong), signs = at::zeros(numbers.sizes(), at::kDouble), multipliers = at::zeros_like(signs);
        std::vector<std::int64_t> row, number;
        std::vector<double> slope;
        for (std::size_t i = 0; i < side.of.size(); ++i)
            for (std::size_t k = 0; k < side.of[i].size(); ++k) {
                const Condition& condition = domains[i].conditions[side.of[i][k]];
                const auto at = i * most + k;
                numbers.data_ptr<std::int64_t>()[at] = condition.number;
                signs.data_ptr<double>()[at] = condition.isOn ? -1 : 1;
                multipliers.data_ptr<double>()[at] = condition.multiplier;
                row.push_back(std::int64_t(i));
                number.push_back(condition.number);
                slope.push_back(condition.isOn ? 1 : m_bounds.network().nodes[std::size_t(place)].slope);
            }
        const auto& options = m_row.coefficients.options();
        const at::Tensor rows = at::tensor(row, at::kLong).to(options.device()), places = at::tensor(number, at::kLong).to(options.device());
        const at::Tensor slopes = at::tensor(slope, at::kDouble).to(options), none = at::zeros_like(slopes);
        const auto put = [&](const at::Tensor& values, const at::Tensor& what) { values.view({count, -1}).index_put_({rows, places}, what); };
        put(side.rows.lines.upperSlope, slopes);
        put(side.rows.lines.upperBias, none);
        put(side.rows.base, slopes);
        put(side.rows.span, none);
        side.rows.number = numbers.to(options.device());
        side.sign = signs.to(options);
        side.multiplier = multipliers.to(options).requires_grad_(true);
    }

    /// The best bounds seen on the way. @param seen of the last step.
    at::Tensor improved(const Rows& rows, Choices& choices, std::map<int, Sides>& sides, std::map<int, at::Tensor>& seen, double firstRate) const
    {
        std::map<int, std::pair<at::Tensor, at::Tensor>> moments;
        at::Tensor best;
        for (int step = 1;; ++step) {
            std::vector<at::Tensor> leaves, gradients;
            {
                const at::AutoGradMode grad(true);
                for (const auto& [place, choice] : choices)
                    leaves.push_back(choice);
                for (const auto& [place, side] : sides)
                    leaves.push_back(side.multiplier);
                seen.clear();
                const at::Tensor bounds = guided(rows, choices, sides, &seen);
                best = best.defined() ? at::maximum(best, bounds.detach()) : bounds.detach();
                if (step >= m_settings.iterations || !bounds.requires_grad() || m_monitor.stopRequested() || (best > m_enough).all().item<bool>())
                    return best;
                gradients = torch::autograd::grad({bounds.sum()}, leaves, {}, false, false, true);
            }
            const at::NoGradGuard noGrad;
            const double rate = firstRate * std::pow(0.98, step - 1);
            auto gradient = gradients.begin();
            for (auto& [place, choice] : choices) {
                if (gradient->defined())
                    climbChoices(*gradient, rate, step, moments[place].first, moments[place].second, choice);
                ++gradient;
            }
            for (auto& [place, side] : sides) {
                if (gradient->defined())
                    climbChoices(*gradient, rate, step, side.mean, side.square, side.multiplier, std::numeric_limits<double>::infinity());
                ++gradient;
            }
        }
    }

    /// Where each domain loses most, by what its lines are off the relu times the coefficient; the largest first.
    std::vector<std::vector<Condition>> candidatesOf(const std::vector<Domain>& domains, const Choices& choices, const std::map<int, at::Tensor>& seen) const
    {
        const at::NoGradGuard noGrad;
        const auto count = std::int64_t(domains.size());
        std::vector<at::Tensor> losses;
        std::map<int, std::int64_t> begin; // of a relu's numbers among all
        std::int64_t all = 0;
        for (const auto& [place, choice] : choices) {
            const Node& node = m_bounds.network().nodes[std::size_t(place)];
            const auto a = seen.find(place);
            if (node.operation != Operation::Relu || a == seen.end())
                continue;
            const Relaxation& relaxation = m_bounds.relaxationOf(place);
            const Interval& range = m_bounds.range(node.inputs[0]);
            const auto own = [&](const at::Tensor& values) { return values.index_select(0, m_row.image); };
            const at::Tensor share = choice.detach();
            const at::Tensor below = at::minimum(share * -own(range.lower), (1 - share) * own(range.upper)) * (1 - node.slope);
            const at::Tensor loss = a->second.clamp_min(0) * below - a->second.clamp_max(0) * own(relaxation.lines.upperBias);
            losses.push_back(at::where(own(relaxation.lowerIsFree), loss, at::zeros_like(loss)).reshape({count, -1}).to(at::kCPU, at::kDouble));
            begin[place] = all;
            all += losses.back().size(1);
        }
        std::vector<std::vector<Condition>> candidates(domains.size());
        if (losses.empty())
            return candidates;
        const at::Tensor together = at::cat(losses, 1).contiguous();
        for (std::size_t i = 0; i < domains.size(); ++i)
            for (const Condition& condition : domains[i].conditions)
                together.data_ptr<double>()[std::int64_t(i) * all + begin.at(condition.place) + condition.number] = 0;
        const auto [loss, number] = together.topk(std::min(all, mostCandidates), 1);
        for (std::int64_t i = 0; i < count; ++i)
            for (std::int64_t c = 0; c < loss.size(1); ++c) {
                const std::int64_t chosen = number[i][c].item<std::int64_t>();
                if (loss[i][c].item<double>() <= 0)
                    break;
                const auto place = std::ranges::find_if(begin, [&](const auto& each) { return chosen >= each.second && chosen < each.second + numbersAt(each.first); });
                candidates[std::size_t(i)].push_back({place->first, chosen - place->second});
            }
        return candidates;
    }

    std::int64_t numbersAt(int place) const { return m_bounds.network().nodes[std::size_t(place)].size(); }

    /// Where the linear bounds are least the row itself may be as small: then there is nothing to prove.
    void lookForPoint(const Rows& rows, const at::Tensor& slopes)
    {
        const at::NoGradGuard noGrad;
        const Region& region = m_bounds.region();
        const at::Tensor centre = region.centre.index_select(0, m_row.image), eps = region.eps.index_select(0, m_row.image).view({-1, 1, 1, 1});
        at::Tensor points;
        if (region.norm == Norm::Linf)
            points = centre - eps * slopes.sign();
        else if (region.norm == Norm::L2)
            points = centre - eps * slopes / slopes.flatten(1).norm(2, 1).clamp_min(1e-30).view({-1, 1, 1, 1});
        else {
            const at::Tensor flat = slopes.flatten(1), place = flat.abs().argmax(1, true);
            const at::Tensor step = at::zeros_like(flat).scatter(1, place, flat.gather(1, place).sign());
            points = centre - eps * step.view_as(slopes);
        }
        if (region.norm == Norm::Linf) // cut to the pixel box, as the region is
            points = points.clamp(0, 1);
        const at::Tensor values = (logitsOf(m_bounds.network(), points) * rows.coefficients).sum(1);
        const std::int64_t lowest = values.argmin().item<std::int64_t>();
        if (values[lowest].item<double>() <= m_enough)
            m_result.point = points.narrow(0, lowest, 1).clone();
    }

    const Bounds& m_bounds;
    const Rows& m_row;
    double m_enough;
    BranchSettings m_settings;
    Monitor& m_monitor;
    std::int64_t m_together;
    std::map<int, double> m_scales; ///< of coefficients at the relus, for the whole region
    std::vector<Domain> m_open;     ///< a heap, the lowest bound first
    double m_closed = std::numeric_limits<double>::infinity(); ///< the lowest bound of those above enough
    Branched m_result;
};

} // namespace

Branched branchedBound(const Bounds& bounds, const Rows& row, double enough, const BranchSettings& settings, Monitor& monitor)
{
    return Branching(bounds, row, enough, settings, monitor).run();
}

} // namespace brink::certify
