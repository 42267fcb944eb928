// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>

namespace brink {

/// One 64-bit seed from several numbers (study seed, example index, batch index, purpose ...), by chained SplitMix64.
/// Streams made from different lists are independent for all practical purposes; never pass a worker index.
[[nodiscard]] std::uint64_t combineSeeds(std::initializer_list<std::uint64_t> parts);

/// Uniform and normal numbers, the same on every machine for the same seed and the same sequence of calls.
/// Eight xoshiro256+ streams side by side, so that filling vectorises; normals by Box-Muller in float.
/// Not thread-safe: one generator per unit of work.
class Rng {
public:
    explicit Rng(std::uint64_t seed);

    /// 64 random bits.
    std::uint64_t bits();
    /// [0,1), 53 bits.
    double uniform();
    /// Uniform integer in [0, n). @pre n > 0.
    std::uint64_t below(std::uint64_t n);
    /// Standard normal, double precision.
    double normal();
    /// Uniform in [low, high), 24 bits each.
    void fillUniform(std::span<float> out, float low, float high);
    /// Standard normal in float; tails to about 5.9 standard deviations (24-bit uniforms).
    void fillNormal(std::span<float> out);
    /// Exponential with mean 1 and a random sign, in float; up to 16.6 (24-bit uniforms).
    void fillLaplace(std::span<float> out);

private:
    static constexpr int lanes = 8;
    void refill();

    std::uint64_t m_state[4][lanes];
    std::uint64_t m_block[lanes];
    int m_next = lanes;
};

} // namespace brink
