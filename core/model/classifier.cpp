// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/classifier_torch.h"

#include "core/base/error.h"
#include "core/model/inputprobe_torch.h"

#include <cstring>
#include <new>
#include <string_view>

namespace brink {

Classifier::Classifier(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Classifier::~Classifier() = default;

const ModelCard& Classifier::card() const { return m_impl->card; }
const std::string& Classifier::path() const { return m_impl->path; }
const std::string& Classifier::sha256() const { return m_impl->sha256; }
int Classifier::channels() const { return m_impl->input[0]; }
int Classifier::height() const { return m_impl->input[1]; }
int Classifier::width() const { return m_impl->input[2]; }
std::int64_t Classifier::dimension() const { return std::int64_t(m_impl->input[0]) * m_impl->input[1] * m_impl->input[2]; }
int Classifier::classes() const { return m_impl->classes; }
std::int64_t Classifier::parameterCount() const { return m_impl->parameterCount; }
std::string Classifier::device() const { return m_impl->device.str(); }
bool Classifier::givesProbabilities() const { return m_impl->givesProbabilities; }
bool Classifier::isSmooth() const { return m_impl->isSmooth; }
int Classifier::bestBatch() const { return m_impl->bestBatch; }

std::string Classifier::className(std::int64_t index) const
{
    const auto& names = m_impl->card.classNames;
    return index >= 0 && std::size_t(index) < names.size() ? names[std::size_t(index)] : std::to_string(index);
}

at::Tensor Classifier::Impl::output(const at::Tensor& pixels) const
{
    at::Tensor x = swapsChannels ? pixels.flip(1) : pixels;
    if (scale.defined())
        x = x * scale + shift;
    const std::int64_t missing = (rowTile - x.size(0) % rowTile) % rowTile;
    if (missing == 0)
        return run(x);
    const at::Tensor filler = x.detach().narrow(0, x.size(0) - 1, 1).expand({missing, -1, -1, -1});
    return run(at::cat({x, filler})).narrow(0, 0, x.size(0));
}

at::Tensor Classifier::Impl::logits(const at::Tensor& pixels) const
{
    const at::Tensor values = output(pixels);
    // Margins of probabilities saturate; their logarithms are logits up to a constant per image.
    return givesProbabilities ? values.clamp_min(1e-30).log() : values;
}

Evaluator::Evaluator(std::shared_ptr<const Classifier> classifier) : m_classifier(std::move(classifier)) {}

at::Device Evaluator::device() const { return m_classifier->impl().device; }

namespace {

bool isOutOfMemory(const std::exception& error)
{
    const std::string_view text = error.what();
    return dynamic_cast<const std::bad_alloc*>(&error) != nullptr || text.find("not enough memory") != std::string_view::npos
        || text.find("out of memory") != std::string_view::npos || text.find("can't allocate memory") != std::string_view::npos;
}

/// LibTorch's messages are tracebacks of many lines; a caller gets one sentence. Lack of memory passes: withBatchHalving knows it.
template <typename Work>
auto evaluated(const Classifier& classifier, Work work)
{
    try {
        return work();
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        if (isOutOfMemory(error))
            throw;
        throw Error(ErrorCode::Unsupported, "The model \"" + classifier.card().name + "\" failed: " + torchReason(error) + ".");
    }
}

} // namespace

at::Tensor Evaluator::logits(const at::Tensor& x)
{
    const at::NoGradGuard noGrad;
    m_counts.forwards += x.size(0);
    const auto batch = std::int64_t(m_classifier->bestBatch());
    return evaluated(*m_classifier, [&] {
        if (x.size(0) <= batch)
            return m_classifier->impl().logits(x.to(device()));
        std::vector<at::Tensor> parts;
        for (std::int64_t begin = 0; begin < x.size(0); begin += batch)
            parts.push_back(m_classifier->impl().logits(x.slice(0, begin, std::min(begin + batch, x.size(0))).to(device())));
        return at::cat(parts);
    });
}

ForwardPass Evaluator::forward(const at::Tensor& x)
{
    const at::AutoGradMode grad(true);
    m_counts.forwards += x.size(0);
    return evaluated(*m_classifier, [&] {
        ForwardPass pass;
        pass.x = x.detach().to(device()).requires_grad_(true);
        pass.logits = m_classifier->impl().logits(pass.x);
        return pass;
    });
}

at::Tensor Evaluator::gradient(const ForwardPass& pass, const at::Tensor& scalarPerImage, bool keepGraph)
{
    m_counts.backwards += pass.x.size(0);
    return evaluated(*m_classifier, [&] { return inputGradient(scalarPerImage.sum(), pass.x, keepGraph); });
}

at::Tensor Evaluator::pullback(const ForwardPass& pass, const at::Tensor& weights, bool keepGraph)
{
    m_counts.backwards += pass.x.size(0);
    return evaluated(*m_classifier, [&] { return inputGradient(pass.logits, pass.x, keepGraph, weights); });
}

at::Tensor Evaluator::logitsOnGraph(const at::Tensor& x)
{
    m_counts.forwards += x.size(0);
    return evaluated(*m_classifier, [&] { return m_classifier->impl().logits(x); });
}

std::shared_ptr<const Classifier> makeClassifier(std::string name, std::array<int, 3> input, int classes,
    std::function<at::Tensor(const at::Tensor&)> function, bool isSmooth)
{
    auto impl = std::make_unique<Classifier::Impl>();
    impl->card.name = std::move(name);
    impl->card.input = input;
    impl->input = input;
    impl->classes = classes;
    impl->isSmooth = isSmooth;
    impl->run = std::move(function);
    return std::make_shared<const Classifier>(std::move(impl));
}

at::Tensor inputGradient(const at::Tensor& output, const at::Tensor& x, bool keepGraph, const at::Tensor& weights)
{
    if (!output.requires_grad())
        return at::zeros_like(x);
    const at::Tensor gradient = torch::autograd::grad({output}, {x}, {weights}, keepGraph, false, true)[0];
    return gradient.defined() ? gradient : at::zeros_like(x);
}

at::Tensor tensorFromImages(std::span<const Image> images)
{
    if (images.empty())
        throw Error(ErrorCode::Domain, "No images were given.");
    const Image& first = images.front();
    const at::Tensor batch = at::empty({std::int64_t(images.size()), first.channels, first.height, first.width}, at::kFloat);
    auto* out = batch.data_ptr<float>();
    for (const Image& image : images) {
        if (image.channels != first.channels || image.height != first.height || image.width != first.width)
            throw Error(ErrorCode::Shape, "Images of one batch must have one size.");
        std::memcpy(out, image.pixels.data(), image.size() * sizeof(float));
        out += image.size();
    }
    return batch;
}

Image imageFromTensor(const at::Tensor& chw, std::string source)
{
    const at::Tensor values = chw.detach().to(at::kCPU, at::kFloat).contiguous();
    Image image;
    image.channels = int(values.size(0));
    image.height = int(values.size(1));
    image.width = int(values.size(2));
    image.pixels.assign(values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
    image.source = std::move(source);
    return image;
}

void withBatchHalving(int batch, Monitor& monitor, const std::function<void(int batch)>& work)
{
    for (;;) {
        try {
            work(batch);
            return;
        } catch (const std::exception& error) {
            if (!isOutOfMemory(error))
                throw;
            if (batch <= 1)
                throw Error(ErrorCode::Resource, "Out of memory even for one image; use a smaller model or free memory.");
            batch /= 2;
            monitor.note("Out of memory: batch halved to " + std::to_string(batch) + ".");
        }
    }
}

} // namespace brink
