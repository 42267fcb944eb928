// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/torchruntime.h"

#include "core/base/error.h"

#include <ATen/Parallel.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/print_handler.h>
#include <torch/csrc/jit/runtime/profiling_graph_executor_impl.h>
#include <torch/script.h>
#include <torch/version.h>

#include <dlfcn.h>
#include <malloc.h>

#include <filesystem>
#include <iostream>
#include <mutex>

namespace brink {
namespace {

/// A function of a library that may or may not be loaded.
template <typename Function>
Function* findFunction(const char* name)
{
    return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

/// The file that holds the single-precision matrix product, links resolved; empty when it is inside LibTorch.
std::string blasFile()
{
    void* product = dlsym(RTLD_DEFAULT, "sgemm_");
    Dl_info where{};
    if (!product || dladdr(product, &where) == 0 || !where.dli_fname)
        return {};
    std::error_code ignored;
    const auto path = std::filesystem::canonical(where.dli_fname, ignored);
    return ignored ? std::string(where.dli_fname) : path.string();
}

/// OpenBLAS starts a pool of its own beside LibTorch's; the two together are many times slower than one thread. The rows
/// of a batch are shared out by LibTorch and by our workers instead.
void keepBlasInCallingThread()
{
    for (const char* name : {"openblas_set_num_threads", "bli_thread_set_num_threads"}) {
        if (auto* setThreads = findFunction<void(int)>(name))
            setThreads(1);
    }
}

/// The C library gives freed memory back to the system as soon as 128 KiB lie free at the end of its heap and takes it
/// again at the next layer; the page faults made the example CNN's gradients up to a fifth slower. A number set here also
/// stops it from adapting the other one, so both are set.
void keepFreedMemory()
{
#ifdef __GLIBC__
    constexpr int mebibyte = 1 << 20;
    mallopt(M_MMAP_THRESHOLD, 32 * mebibyte); // the most it allows
    mallopt(M_TRIM_THRESHOLD, 256 * mebibyte);
#endif
}

} // namespace

void configureTorch(int workers, int innerThreads)
{
    if (workers < 1 || innerThreads < 1)
        throw Error(ErrorCode::Domain, "The numbers of workers and of threads must be at least 1.");
    keepFreedMemory();
    keepBlasInCallingThread(); // first: OpenBLAS built for OpenMP would set the threads of LibTorch as well
    torch::jit::getProfilingMode() = false;
    torch::jit::getExecutorMode() = false;
    // A print() in a model must not end up in a result written to standard output.
    torch::jit::setPrintHandler([](const std::string& text) { std::cerr << text; });
    at::set_num_threads(innerThreads);
    // LibTorch allows this once in a process.
    static std::once_flag once;
    std::call_once(once, [] { at::set_num_interop_threads(1); });
}

TorchRuntimeInfo torchRuntimeInfo()
{
    TorchRuntimeInfo info;
    info.version = TORCH_VERSION;
    info.hasCuda = at::hasCUDA();
    info.innerThreads = at::get_num_threads();
    const std::string file = blasFile();
    if (findFunction<char*()>("openblas_get_config") && file.find("openblas") != std::string::npos)
        info.blas = "libopenblas";
    else if (file.empty())
        info.blas = at::hasMKL() ? "mkl" : "built into LibTorch";
    else
        info.blas = std::filesystem::path(file).filename().string();
    // Debian's reference BLAS is /usr/lib/<arch>/blas/libblas.so.3.
    info.isBlasFast = file.find("/blas/libblas.so") == std::string::npos;
    return info;
}

} // namespace brink
