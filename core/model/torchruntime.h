// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace brink {

/// Process-wide LibTorch settings, set once before any model is loaded and before any thread exists: profiling executor
/// off (the same bits from any thread), inner threads, interop threads 1.
/// @param workers W, @param innerThreads I; both at least 1, W x I should not exceed the hardware threads.
void configureTorch(int workers, int innerThreads);

struct TorchRuntimeInfo {
    std::string version;   ///< LibTorch version
    std::string blas;      ///< file name of the BLAS in use, e.g. "libopenblas"
    bool isBlasFast = true; ///< false for Debian's reference BLAS (30 times slower)
    bool hasCuda = false;
    int innerThreads = 1;
};
[[nodiscard]] TorchRuntimeInfo torchRuntimeInfo();

} // namespace brink
