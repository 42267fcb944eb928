// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/rng.h"

#include "core/base/vectorclones.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

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

// The loops below read the words as 32-bit halves and use the upper 24 bits of each (the lowest bits of xoshiro256+ are weak).
constexpr float unit24 = 1.0F / 16777216.0F;

inline float upper24(std::uint32_t word) { return float(int(word >> 8)); }

/// 2 n normals from 2 n halves: cosines first, then sines.
BRINK_VECTOR_CLONES void boxMuller(const std::uint32_t* halves, int n, float* __restrict__ out)
{
    for (int i = 0; i < n; ++i) {
        const float radius = std::sqrt(-2.0F * fastLog((upper24(halves[i]) + 1.0F) * unit24));
        const float turn = upper24(halves[n + i]) * unit24;
        const float quarter = turn + 0.25F;
        out[i] = radius * sinTurns(quarter >= 1.0F ? quarter - 1.0F : quarter);
        out[n + i] = radius * sinTurns(turn);
    }
}

/// 2 n floats in [low, low + 2^24 scale) from 2 n halves.
BRINK_VECTOR_CLONES void unpackUniform(const std::uint32_t* halves, int n, float low, float scale, float* __restrict__ out)
{
    for (int i = 0; i < 2 * n; ++i)
        out[i] = low + scale * upper24(halves[i]);
}

/// 2 n signed exponentials from 2 n halves; the sign is bit 7, below the 24 used for the size.
BRINK_VECTOR_CLONES void unpackLaplace(const std::uint32_t* halves, int n, float* __restrict__ out)
{
    for (int i = 0; i < 2 * n; ++i) {
        const float size = -fastLog((upper24(halves[i]) + 1.0F) * unit24);
        out[i] = (halves[i] & 0x80U) != 0 ? -size : size;
    }
}

/// Four lanes as one value (a GCC and Clang extension): one AVX2 register, or two of SSE2.
using Word4 = std::uint64_t __attribute__((vector_size(32)));

/// n (a multiple of 8) words from eight xoshiro256+ streams side by side (Blackman and Vigna 2018), four at a time.
BRINK_VECTOR_CLONES void generateWords(std::uint64_t (*state)[8], std::uint64_t* out, int n)
{
    for (int half = 0; half < 8; half += 4) {
        Word4 s0, s1, s2, s3;
        std::memcpy(&s0, state[0] + half, sizeof s0);
        std::memcpy(&s1, state[1] + half, sizeof s1);
        std::memcpy(&s2, state[2] + half, sizeof s2);
        std::memcpy(&s3, state[3] + half, sizeof s3);
        for (int base = half; base < n; base += 8) {
            const Word4 sum = s0 + s3;
            std::memcpy(out + base, &sum, sizeof sum);
            const Word4 shifted = s1 << 17;
            s2 ^= s0;
            s3 ^= s1;
            s1 ^= s2;
            s0 ^= s3;
            s2 ^= shifted;
            s3 = (s3 << 45) | (s3 >> 19);
        }
        std::memcpy(state[0] + half, &s0, sizeof s0);
        std::memcpy(state[1] + half, &s1, sizeof s1);
        std::memcpy(state[2] + half, &s2, sizeof s2);
        std::memcpy(state[3] + half, &s3, sizeof s3);
    }
}

constexpr int blockWords = 256;

/// Fills `out` block by block: `unpack(halves, n, floats)` turns n words of 64 bits into 2 n floats.
template <typename Unpack>
void fillBlocks(std::uint64_t (*state)[8], std::span<float> out, Unpack unpack)
{
    std::uint64_t words[blockWords];
    std::uint32_t halves[2 * blockWords];
    float values[2 * blockWords];
    while (!out.empty()) {
        const int wanted = int(std::min<std::size_t>(out.size(), 2 * blockWords));
        const int n = (((wanted + 1) / 2) + 7) / 8 * 8;
        generateWords(state, words, n);
        std::memcpy(halves, words, std::size_t(n) * sizeof words[0]);
        if (wanted == 2 * n) {
            unpack(halves, n, out.data());
        } else {
            unpack(halves, n, values);
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
    const float scale = (high - low) * unit24;
    fillBlocks(m_state, out, [=](const std::uint32_t* halves, int n, float* to) { unpackUniform(halves, n, low, scale, to); });
}

void Rng::fillNormal(std::span<float> out)
{
    fillBlocks(m_state, out, [](const std::uint32_t* halves, int n, float* to) { boxMuller(halves, n, to); });
}

void Rng::fillLaplace(std::span<float> out)
{
    fillBlocks(m_state, out, [](const std::uint32_t* halves, int n, float* to) { unpackLaplace(halves, n, to); });
}

} // namespace brink
