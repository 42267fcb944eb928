// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Two versions of a function's loops, chosen at run time. AVX2 without FMA: contraction would change the last bits and with
/// them the promise that a seed gives the same numbers on every machine.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define BRINK_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define BRINK_VECTOR_CLONES
#endif
