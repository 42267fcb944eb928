// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/torchruntime.h"

#include <ATen/Parallel.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/profiling_graph_executor_impl.h>
#include <torch/script.h>
#include <torch/version.h>

namespace brink {

void configureTorch(int, int innerThreads)
{
    torch::jit::getProfilingMode() = false;
    torch::jit::getExecutorMode() = false;
    at::set_num_threads(innerThreads);
    at::set_num_interop_threads(1);
}

TorchRuntimeInfo torchRuntimeInfo()
{
    TorchRuntimeInfo info;
    info.version = TORCH_VERSION;
    info.hasCuda = at::hasCUDA();
    info.innerThreads = at::get_num_threads();
    return info;
}

} // namespace brink
