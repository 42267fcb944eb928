// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/constantsearch_torch.h"

#include "core/attack/common_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <span>

namespace brink {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largestConstant = 1e10; // as in the authors' code
constexpr int windowsPerRound = 10;
constexpr double progressFactor = 0.9999; // a window must lower the loss at least by this

} // namespace

ParamSpecs constantSearchParameters(bool abortsEarly)
{
    return {
        stepsParameter(10000, 200, "for each constant, at most; the paper's number, 1000 is customary"),
        {"searches", "Constants tried", "", 9LL, 5LL, 1, 50, {}, "Binary search steps for the constant (the authors' code)"},
        {"constant", "First constant", "", 1e-3, 1e-1, 1e-12, 1e10, {}, "Weight of the logit hinge to start with (the authors' code)"},
        {"confidence", "Confidence", "logits", 0.0, {}, 0, 1e6, {}, "Logit lead asked for, kappa: more transfers better, 0 is nearest"},
        {"abort-early", "Abort early", "", abortsEarly, {}, {}, {}, {},
            "End a constant, per image, when a tenth of its steps brought nothing (the authors' code)"},
    };
}

ConstantSchedule constantSchedule(const Params& parameters)
{
    return {parameters.real("constant"), int(parameters.integer("searches")), int(parameters.integer("steps")),
        parameters.boolean("abort-early")};
}

ConstantSearch::ConstantSearch(std::int64_t images, const ConstantSchedule& schedule, const at::TensorOptions& options)
    : m_schedule(schedule), m_clocks(std::size_t(images))
{
    for (Clock& clock : m_clocks) {
        clock.constant = schedule.initial;
        clock.lastBest = infinity;
    }
    m_found = at::zeros({images}, options.dtype(at::kBool));
    m_windowBest = at::full({images}, infinity, options.dtype(at::kFloat));
    m_stepTensor = at::zeros({images}, options.dtype(at::kLong));
    m_constants = at::full({images}, schedule.initial, options.dtype(at::kFloat));
}

bool ConstantSearch::isWindowEnd(const Clock& clock) const
{
    return clock.step >= m_schedule.steps || clock.step % std::max(1, m_schedule.steps / windowsPerRound) == 0;
}

bool ConstantSearch::nextRound(Clock& clock, bool found) const
{
    if (found)
        clock.upper = clock.upper > 0 ? std::min(clock.upper, clock.constant) : clock.constant;
    else
        clock.lower = std::max(clock.lower, clock.constant);
    clock.constant = clock.upper > 0 ? (clock.lower + clock.upper) / 2 : std::min(10 * clock.constant, largestConstant);
    clock.step = 0;
    clock.lastBest = infinity;
    return ++clock.round < m_schedule.rounds;
}

LogitLoss ConstantSearch::hinge(const LogitLoss& margin, const at::Tensor& lead) const
{
    const at::Tensor above = margin.value + lead;
    return {m_constants * above.clamp_min(0.0), margin.weights * (m_constants * above.ge(0.0)).unsqueeze(1)};
}

ConstantSearch::Ended ConstantSearch::advance(const at::Tensor& loss, const at::Tensor& isAdversarial)
{
    m_found.logical_or_(isAdversarial);
    m_windowBest = at::fmin(m_windowBest, loss);
    m_stepTensor.add_(1);
    bool mustLook = false;
    for (Clock& clock : m_clocks) {
        ++clock.step;
        mustLook = mustLook || isWindowEnd(clock);
    }
    return mustLook ? look() : Ended();
}

// Ends the windows that are over, and with them the rounds that are.
ConstantSearch::Ended ConstantSearch::look()
{
    Ended ended;
    std::vector<std::int64_t> lookedAt;
    const at::Tensor found = m_found.cpu();
    const at::Tensor best = m_windowBest.cpu();
    for (std::size_t i = 0; i < m_clocks.size(); ++i) {
        Clock& clock = m_clocks[i];
        if (!isWindowEnd(clock))
            continue;
        const double windowBest = best.data_ptr<float>()[i];
        const bool stalls = m_schedule.abortsEarly && windowBest > progressFactor * clock.lastBest;
        if (stalls || clock.step >= m_schedule.steps) {
            const bool goesOn = nextRound(clock, found.data_ptr<bool>()[i]);
            (goesOn ? ended.restarted : ended.finished).push_back(std::int64_t(i));
        } else {
            clock.lastBest = std::min(clock.lastBest, windowBest);
        }
        lookedAt.push_back(std::int64_t(i));
    }
    const at::Tensor rows = at::tensor(lookedAt, at::kLong).to(m_found.device());
    m_windowBest.index_fill_(0, rows, infinity);
    m_found.index_fill_(0, rows, false);
    refreshTensors();
    return ended;
}

void ConstantSearch::refreshTensors()
{
    std::vector<float> constants;
    std::vector<std::int64_t> steps;
    for (const Clock& clock : m_clocks) {
        constants.push_back(float(clock.constant));
        steps.push_back(clock.step);
    }
    m_constants = at::tensor(constants).to(m_constants.device());
    m_stepTensor = at::tensor(steps, at::kLong).to(m_stepTensor.device());
}

void ConstantSearch::append(std::int64_t images)
{
    const ConstantSearch more(images, m_schedule, m_constants.options());
    m_clocks.insert(m_clocks.end(), more.m_clocks.begin(), more.m_clocks.end());
    m_found = at::cat({m_found, more.m_found});
    m_windowBest = at::cat({m_windowBest, more.m_windowBest});
    m_stepTensor = at::cat({m_stepTensor, more.m_stepTensor});
    m_constants = at::cat({m_constants, more.m_constants});
}

std::int64_t ConstantSearch::stepsBehind() const
{
    std::int64_t steps = 0;
    for (const Clock& clock : m_clocks)
        steps += std::int64_t(clock.round) * m_schedule.steps + clock.step;
    return steps;
}

void ConstantSearch::keep(const at::Tensor& rows)
{
    const at::Tensor onHost = rows.to(at::kCPU).contiguous();
    std::vector<Clock> kept;
    for (const std::int64_t row : std::span(onHost.data_ptr<std::int64_t>(), std::size_t(onHost.size(0))))
        kept.push_back(m_clocks[std::size_t(row)]);
    m_clocks = std::move(kept);
    for (at::Tensor* tensor : {&m_found, &m_windowBest, &m_constants, &m_stepTensor})
        *tensor = tensor->index_select(0, rows);
}

} // namespace brink
