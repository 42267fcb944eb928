// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/rng.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

// Two versions of the loops, chosen at run time. AVX2 without FMA: contraction would change the last bits and with
// them the promise that a seed gives the same numbers on every machine.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define BRINK_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define BRINK_VECTOR_CLONES
#endif

namespace brink {

namespace {

std::uint64_t splitMix(std::uint64_t& state)
{
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/// Natural logarithm of u in (0,1], relative error below 2e-7. Mantissa in [sqrt(1/2), sqrt(2)), atanh series.
inline float fastLog(float u)
{
    std::uint32_t bits;
    std::memcpy(&bits, &u, sizeof bits);
    const std::uint32_t shifted = bits - 0x3f3504f3U;
    const int exponent = int(shifted) >> 23;
    const std::uint32_t mantissaBits = bits - (std::uint32_t(exponent) << 23);
    float mantissa;
    std::memcpy(&mantissa, &mantissaBits, sizeof mantissa);
    const float s = (mantissa - 1.0F) / (mantissa + 1.0F);
    const float s2 = s * s;
    const float series = s * (2.0F + s2 * (0.6666667F + s2 * (0.4F + s2 * (0.2857143F + s2 * 0.2222222F))));
    return float(exponent) * 0.69314718F + series;
}

/// sin(2 pi t) for t in [0,1), absolute error below 1e-6.
inline float sinTurns(float t)
{
    const float s = t - 0.5F;
    const float magnitude = std::fabs(s);
    const float folded = std::min(magnitude, 0.5F - magnitude);
    const float x = 6.2831853F * folded;
    const float x2 = x * x;
    const float value
        = x * (1.0F + x2 * (-0.16666667F + x2 * (8.3333333e-3F + x2 * (-1.9841270e-4F + x2 * (2.7557319e-6F - x2 * 2.5052108e-8F)))));
    return s < 0.0F ? value : -value;
}

/// 2 n normals from n words of 64 bits: cosines first, then sines.
BRINK_VECTOR_CLONES void boxMuller(const std::uint64_t* words, int n, float* out)
{
    constexpr float unit = 1.0F / 16777216.0F;
    for (int i = 0; i < n; ++i) {
        const auto high = std::uint32_t(words[i] >> 40);
        const auto low = std::uint32_t(words[i] >> 8) & 0xffffffU;
        const float radius = std::sqrt(-2.0F * fastLog((float(int(high)) + 1.0F) * unit));
        const float turn = float(int(low)) * unit;
        const float quarter = turn + 0.25F;
        out[i] = radius * sinTurns(quarter >= 1.0F ? quarter - 1.0F : quarter);
        out[n + i] = radius * sinTurns(turn);
    }
}

/// Two floats in [low, high) from each word of 64 bits.
BRINK_VECTOR_CLONES void unpackUniform(const std::uint64_t* words, int n, float low, float scale, float* out)
{
    for (int i = 0; i < n; ++i) {
        out[i] = low + scale * float(int(std::uint32_t(words[i] >> 40)));
        out[n + i] = low + scale * float(int(std::uint32_t(words[i] >> 8) & 0xffffffU));
    }
}

/// n (a multiple of 8) words from eight xoshiro256+ streams side by side (Blackman and Vigna 2018).
BRINK_VECTOR_CLONES void generateWords(std::uint64_t (*state)[8], std::uint64_t* out, int n)
{
    std::uint64_t s0[8], s1[8], s2[8], s3[8];
    for (int lane = 0; lane < 8; ++lane) {
        s0[lane] = state[0][lane];
        s1[lane] = state[1][lane];
        s2[lane] = state[2][lane];
        s3[lane] = state[3][lane];
    }
    for (int base = 0; base < n; base += 8) {
        for (int lane = 0; lane < 8; ++lane) {
            out[base + lane] = s0[lane] + s3[lane];
            const std::uint64_t shifted = s1[lane] << 17;
            s2[lane] ^= s0[lane];
            s3[lane] ^= s1[lane];
            s1[lane] ^= s2[lane];
            s0[lane] ^= s3[lane];
            s2[lane] ^= shifted;
            s3[lane] = (s3[lane] << 45) | (s3[lane] >> 19);
        }
    }
    for (int lane = 0; lane < 8; ++lane) {
        state[0][lane] = s0[lane];
        state[1][lane] = s1[lane];
        state[2][lane] = s2[lane];
        state[3][lane] = s3[lane];
    }
}

constexpr int blockWords = 256;

/// Fills `out` block by block: `unpack(words, n, floats)` turns n words into 2 n floats.
template <typename Unpack>
void fillBlocks(std::uint64_t (*state)[8], std::span<float> out, Unpack unpack)
{
    std::uint64_t words[blockWords];
    float values[2 * blockWords];
    while (!out.empty()) {
        const int wanted = int(std::min<std::size_t>(out.size(), 2 * blockWords));
        const int n = (((wanted + 1) / 2) + 7) / 8 * 8;
        generateWords(state, words, n);
        if (wanted == 2 * n) {
            unpack(words, n, out.data());
        } else {
            unpack(words, n, values);
            std::copy_n(values, wanted, out.data());
        }
        out = out.subspan(std::size_t(wanted));
    }
}

} // namespace

std::uint64_t combineSeeds(std::initializer_list<std::uint64_t> parts)
{
    std::uint64_t state = 0x243f6a8885a308d3ULL;
    std::uint64_t combined = 0;
    for (const std::uint64_t part : parts) {
        state ^= part;
        combined = splitMix(state) ^ std::rotl(combined, 23);
        state += combined;
    }
    return splitMix(state);
}

Rng::Rng(std::uint64_t seed)
{
    std::uint64_t state = seed;
    for (auto& row : m_state)
        for (auto& word : row)
            word = splitMix(state);
}

void Rng::refill()
{
    generateWords(m_state, m_block, lanes);
    m_next = 0;
}

std::uint64_t Rng::bits()
{
    if (m_next == lanes)
        refill();
    return m_block[m_next++];
}

double Rng::uniform() { return double(bits() >> 11) * 0x1p-53; }

std::uint64_t Rng::below(std::uint64_t n)
{
    // Rejection keeps every value equally likely; the loop runs twice for about n/2^64 of the calls.
    const std::uint64_t limit = ~std::uint64_t{0} - (~std::uint64_t{0} % n + 1) % n;
    std::uint64_t word = bits();
    while (word > limit)
        word = bits();
    return word % n;
}

double Rng::normal()
{
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

void Rng::fillUniform(std::span<float> out, float low, float high)
{
    const float scale = (high - low) / 16777216.0F;
    fillBlocks(m_state, out, [=](const std::uint64_t* words, int n, float* to) { unpackUniform(words, n, low, scale, to); });
}

void Rng::fillNormal(std::span<float> out)
{
    fillBlocks(m_state, out, [](const std::uint64_t* words, int n, float* to) { boxMuller(words, n, to); });
}

} // namespace brink
