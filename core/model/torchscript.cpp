// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/batchinvariance_torch.h"
#include "core/model/bpda_torch.h"
#include "core/model/calibration_torch.h"
#include "core/model/classifier_torch.h"
#include "core/model/graphscan_torch.h"
#include "core/model/inputprobe_torch.h"
#include "core/model/torcharchive.h"

#include "core/base/error.h"
#include "core/base/hash.h"

#include <caffe2/serialize/read_adapter_interface.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/version.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>

namespace brink {
namespace {

using torch::jit::Module;

std::string readModelFile(const std::string& path)
{
    std::error_code status;
    if (std::filesystem::is_directory(path, status))
        throw Error(ErrorCode::Io, path + ": this is a folder; name a TorchScript file.");
    if (!std::filesystem::exists(path, status))
        throw Error(ErrorCode::Io, path + ": there is no such file; check the name.");
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad())
        throw Error(ErrorCode::Io, path + ": the file cannot be read; check its permissions.");
    return bytes;
}

/// The bytes that were checked are the bytes that are loaded.
class MemoryReader : public caffe2::serialize::ReadAdapterInterface {
public:
    explicit MemoryReader(const std::string& bytes) : m_bytes(bytes) {}
    size_t size() const override { return m_bytes.size(); }
    size_t read(uint64_t at, void* buffer, size_t length, const char*) const override
    {
        const std::size_t begin = std::min<std::size_t>(at, m_bytes.size());
        const std::size_t count = std::min(length, m_bytes.size() - begin);
        std::memcpy(buffer, m_bytes.data() + begin, count);
        return count;
    }

private:
    const std::string& m_bytes;
};

Module parseModule(const std::string& path, const std::string& bytes)
{
    try {
        return torch::jit::load(std::make_shared<MemoryReader>(bytes), c10::Device(at::kCPU));
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::Resource, path + ": not enough memory to load the model; free memory or use a smaller one.");
    } catch (const std::exception& error) {
        throw Error(ErrorCode::Format, path + ": LibTorch " TORCH_VERSION " cannot load it (" + torchReason(error)
                + "); export it again, with a PyTorch not newer than this LibTorch.");
    }
}

void refuseForbidden(const std::string& path, const std::optional<std::string>& name)
{
    if (name)
        throw Error(ErrorCode::Unsupported, path + ": the model's graph uses " + *name
                + ", which can reach files, processes or the network; if you trust its author, pass --trust-model.");
}

at::Device deviceFromName(const std::string& name)
{
    try {
        const at::Device device(name);
        if (device.is_cuda() && !at::hasCUDA())
            throw Error(ErrorCode::Unsupported, "Device \"" + name + "\" is not there: this LibTorch or machine has no CUDA; use \"cpu\".");
        if (!device.is_cpu() && !device.is_cuda())
            throw Error(ErrorCode::Usage, "Device \"" + name + "\" is not supported; use \"cpu\" or \"cuda\".");
        return device;
    } catch (const c10::Error&) {
        throw Error(ErrorCode::Usage, "Unknown device \"" + name + "\"; use \"cpu\" or \"cuda\".");
    }
}

std::int64_t countParameters(const Module& module)
{
    std::int64_t count = 0;
    for (const at::Tensor& parameter : module.parameters())
        count += parameter.numel();
    return count;
}

/// Frozen: weights are constants, batch-norms are folded, everything is one graph. Some graphs cannot be (they change
/// their attributes); those stay as they are and say why.
Module frozenOrPlain(const Module& module, Classifier::Impl& impl)
{
    try {
        return torch::jit::freeze(module);
    } catch (const std::exception& error) {
        impl.freezeFailure = torchReason(error);
        return module;
    }
}

std::shared_ptr<torch::jit::Graph> inlinedGraph(const Module& module)
{
    auto graph = module.get_method("forward").graph()->copy();
    torch::jit::Inline(*graph);
    return graph;
}

at::Tensor outputTensor(const torch::jit::IValue& output)
{
    if (output.isTensor())
        return output.toTensor();
    throw Error(ErrorCode::Shape, "returns a " + output.tagKind() + " instead of one tensor of logits [N,K]; export a wrapper that returns the logits only");
}

/// The simple executor runs the graph as it is: no profiling, no specialised copies, autograd records each operator, so
/// the same bits come from any thread and at any call.
std::function<at::Tensor(const at::Tensor&)> runnerFor(const Module& module, bool needsLock)
{
    const auto method = std::make_shared<torch::jit::Method>(module.get_method("forward"));
    const auto run = [method](const at::Tensor& x) {
        const torch::jit::GraphOptimizerEnabledGuard simpleExecutor(false);
        return outputTensor((*method)({x}));
    };
    if (!needsLock)
        return run;
    const auto lock = std::make_shared<std::mutex>();
    return [run, lock](const at::Tensor& x) {
        const std::lock_guard guard(*lock);
        return run(x);
    };
}

/// [1,C,1,1] from one number or one a channel.
at::Tensor perChannel(const std::vector<double>& values, double fallback, int channels)
{
    std::vector<double> all(std::size_t(channels), fallback);
    for (std::size_t c = 0; c < all.size() && !values.empty(); ++c)
        all[c] = values.size() == 1 ? values[0] : values[c];
    return at::tensor(all, at::kDouble).view({1, channels, 1, 1});
}

/// modelFromPixel: ((low + (high - low) pixel) - mean) / std, as one scale and one shift.
void setPreprocessing(Classifier::Impl& impl)
{
    const ModelCard& card = impl.card;
    impl.swapsChannels = card.channelOrder == "bgr";
    if (card.range == std::array{0.0, 1.0} && card.mean.empty() && card.standardDeviation.empty())
        return;
    // Before the shape is known a list decides; a single number serves any.
    const int channels = card.input ? (*card.input)[0] : int(std::max(card.mean.size(), card.standardDeviation.size()));
    const int width = std::max(1, channels);
    const at::Tensor deviation = perChannel(card.standardDeviation, 1.0, width);
    const at::Tensor mean = perChannel(card.mean, 0.0, width);
    impl.scale = ((card.range[1] - card.range[0]) / deviation).to(at::kFloat).to(impl.device);
    impl.shift = ((card.range[0] - mean) / deviation).to(at::kFloat).to(impl.device);
}

ModelCard cardFor(const std::string& path, const LoadOptions& options)
{
    ModelCard card = loadModelCard(path);
    if (!options.cardOverrides.empty()) {
        applyToCard(card, options.cardOverrides);
        card.origin = card.origin == "defaults" ? "options" : card.origin + " + options";
    }
    card.isTrusted = options.isTrusted;
    return card;
}

void noteProbedShape(ModelCard& card)
{
    card.origin = card.origin == "defaults" ? "probed" : card.origin + " + probed";
}

void checkClassNames(const Classifier::Impl& impl)
{
    const auto names = impl.card.classNames.size();
    if (names != 0 && names != std::size_t(impl.classes))
        throw Error(ErrorCode::Shape, impl.path + ": the model has " + std::to_string(impl.classes) + " classes, but "
                + std::to_string(names) + " class names were given; correct \"classes\" in the card or --classes.");
}

/// Shape, probabilities, batch behaviour and speed, all by running the model.
void measure(Classifier::Impl& impl, const LoadOptions& options, std::optional<int> channels)
{
    const bool wasStated = impl.card.input.has_value();
    probeInput(impl, channels);
    if (!wasStated)
        noteProbedShape(impl.card);
    checkClassNames(impl);
    calibrateRowTile(impl);
    if (options.calibrateBatch)
        calibrateBatch(impl);
}

void useBpda(const Module& frozen, Classifier::Impl& impl)
{
    if (!impl.freezeFailure.empty())
        throw Error(ErrorCode::Unsupported, impl.path + ": BPDA needs a graph that can be frozen, and this one cannot (" + impl.freezeFailure
                + "); trace the model with torch.jit.trace, or load it without BPDA.");
    impl.bpdaSteps = passIdentityBackward(frozen.get_method("forward").graph());
}

Module preparedModule(const std::string& path, const std::string& bytes, const LoadOptions& options)
{
    const std::string code = checkTorchArchive(path, bytes);
    if (!options.isTrusted)
        refuseForbidden(path, forbiddenInLoadingCode(code));
    Module module = parseModule(path, bytes);
    if (!options.isTrusted)
        refuseForbidden(path, forbiddenOperator(module));
    if (!module.find_method("forward"))
        throw Error(ErrorCode::Format, path + ": the TorchScript module has no forward(x) method; export the classifier itself.");
    return module;
}

} // namespace

std::shared_ptr<const Classifier> loadClassifier(const std::string& path, const LoadOptions& options)
{
    const std::string bytes = readModelFile(path);
    auto impl = std::make_unique<Classifier::Impl>();
    impl->path = path;
    impl->sha256 = sha256(bytes);
    impl->device = deviceFromName(options.device);
    impl->card = cardFor(path, options);
    Module module = preparedModule(path, bytes, options);
    impl->wasTraining = module.hasattr("training") && module.is_training();
    module.eval();
    keepDetachments(module);
    for (const at::Tensor& parameter : module.parameters())
        parameter.set_requires_grad(false);
    impl->parameterCount = countParameters(module);
    module.to(impl->device);
    const Module ready = frozenOrPlain(module, *impl);
    const bool isFrozen = impl->freezeFailure.empty();
    if (impl->card.usesBpda)
        useBpda(ready, *impl);
    const auto graph = inlinedGraph(ready);
    impl->isSmooth = isSmooth(*graph);
    if (isFrozen) {
        impl->graph = ready.get_method("forward").graph();
        if (impl->device.is_cpu())
            makeBatchInvariant(impl->graph);
    }
    impl->run = runnerFor(ready, !isFrozen || keepsState(*graph));
    setPreprocessing(*impl);
    measure(*impl, options, channelsOfFirstConvolution(*graph));
    return std::make_shared<const Classifier>(std::move(impl));
}

} // namespace brink
