// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/inputprobe_torch.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"

#include <ATen/record_function.h>
#include <c10/util/Exception.h>

#include <algorithm>

namespace brink {
namespace {

using Shape = std::array<int, 3>;

/// What a model did with a probe of one shape.
struct Trial {
    enum class State { Fits, Refused, BadOutput } state = State::Refused;
    std::string reason;
    ErrorCode code = ErrorCode::Shape;
    int classes = 0;
    bool givesProbabilities = false;
    bool leavesPixelsOut = false; ///< see PoolingWatch
};

std::string shapeText(at::IntArrayRef sizes)
{
    std::string text;
    for (const std::int64_t size : sizes)
        text.append(text.empty() ? "[" : ",").append(std::to_string(size));
    return text.append("]");
}

std::string shapeText(const Shape& shape)
{
    return std::to_string(shape[0]) + "x" + std::to_string(shape[1]) + "x" + std::to_string(shape[2]);
}

Trial badOutput(ErrorCode code, std::string reason)
{
    Trial trial;
    trial.state = Trial::State::BadOutput;
    trial.code = code;
    trial.reason = std::move(reason);
    return trial;
}

bool looksLikeProbabilities(const at::Tensor& output)
{
    constexpr double rounding = 1e-4; // float32 sums over a thousand classes
    return output.min().item<double>() >= 0.0 && output.max().item<double>() <= 1.0 + rounding
        && (output.sum(1) - 1.0).abs().max().item<double>() <= rounding;
}

/// Watches the poolings of a forward in this thread: a window that leaves one value of a larger map drops the rest of it,
/// so the image is larger than those the model was made for.
class PoolingWatch {
public:
    PoolingWatch()
    {
        leavesPixelsOut = false;
        m_handle = at::addThreadLocalCallback(
            at::RecordFunctionCallback(&PoolingWatch::onOperator).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
    }
    ~PoolingWatch() { at::removeCallback(m_handle); }
    PoolingWatch(const PoolingWatch&) = delete;
    PoolingWatch& operator=(const PoolingWatch&) = delete;

    static inline thread_local bool leavesPixelsOut = false;

private:
    static std::unique_ptr<at::ObserverContext> onOperator(const at::RecordFunction& function)
    {
        const std::string_view name = function.name();
        if (name != "aten::avg_pool2d" && name != "aten::max_pool2d")
            return nullptr;
        const auto sizes = function.inputs()[0].toTensor().sizes();
        const auto window = function.inputs()[1].toIntVector();
        const auto stride = function.inputs()[2].toIntVector();
        for (std::size_t i = 0; i < 2; ++i) {
            const std::int64_t size = sizes[sizes.size() - 2 + i];
            const std::int64_t side = window[std::min(i, window.size() - 1)];
            const std::int64_t step = stride.empty() ? side : stride[std::min(i, stride.size() - 1)];
            leavesPixelsOut = leavesPixelsOut || (size > side && size - side < step);
        }
        return nullptr;
    }

    at::CallbackHandle m_handle;
};

Trial judgeOutput(const at::Tensor& output, std::int64_t count)
{
    if (output.dim() != 2 || output.size(0) != count)
        return badOutput(ErrorCode::Shape, "returns an output of shape " + shapeText(output.sizes()) + " for "
                + std::to_string(count) + " images instead of one row of logits an image, [" + std::to_string(count)
                + ",K]; flatten it before the export");
    if (output.size(1) < 2)
        return badOutput(ErrorCode::Shape,
            "has a single output (K = 1), but a distance to another class needs at least two; export a model with one logit a class");
    if (!output.is_floating_point())
        return badOutput(ErrorCode::Shape, "returns whole numbers instead of logits; export it without the final argmax");
    if (!at::isfinite(output).all().item<bool>())
        return badOutput(ErrorCode::Domain,
            "gives NaN or infinite logits for an ordinary image; check its weights and the range, mean and std in its card");
    Trial trial;
    trial.state = Trial::State::Fits;
    trial.classes = int(output.size(1));
    trial.givesProbabilities = looksLikeProbabilities(output);
    return trial;
}

Trial tryShape(const Classifier::Impl& impl, const Shape& shape)
{
    // Two images: a reshape that mixes images up would still fit one.
    constexpr int count = 2;
    try {
        const at::NoGradGuard noGrad;
        const PoolingWatch watch;
        Trial trial = judgeOutput(impl.output(probeImages(shape, count, 1).to(impl.device)), count);
        trial.leavesPixelsOut = PoolingWatch::leavesPixelsOut;
        return trial;
    } catch (const Error& error) {
        return badOutput(error.code(), error.message());
    } catch (const std::exception& error) {
        Trial trial;
        trial.reason = torchReason(error);
        return trial;
    }
}

/// Customary sides: MNIST, CIFAR, ImageNet and their relatives.
constexpr std::array customarySides{28, 32, 64, 96, 128, 160, 192, 224, 227, 240, 256, 299, 384};

/// Few classes and grey is MNIST, few and colour CIFAR, 200 Tiny ImageNet, more ImageNet.
int customarySide(int channels, int classes)
{
    if (classes > 200)
        return 224;
    if (classes == 200)
        return 64;
    return channels == 1 ? 28 : 32;
}

struct Fit {
    Shape shape;
    Trial trial;
};

void accept(Classifier::Impl& impl, const Fit& fit)
{
    impl.input = fit.shape;
    impl.card.input = fit.shape;
    impl.classes = fit.trial.classes;
    impl.givesProbabilities = fit.trial.givesProbabilities;
}

void probeStatedShape(Classifier::Impl& impl, const Shape& shape)
{
    const Trial trial = tryShape(impl, shape);
    if (trial.state == Trial::State::Refused)
        throw Error(ErrorCode::Shape, impl.path + ": the model does not take the input " + shapeText(shape)
                + " that its card or --input names (" + trial.reason + "); correct it, or leave it out to have it found.");
    if (trial.state == Trial::State::BadOutput)
        throw Error(trial.code, impl.path + ": the model " + trial.reason + ".");
    accept(impl, {shape, trial});
}

/// The smallest customary size that fits, with what went wrong at those before it.
struct Search {
    std::optional<Fit> first;
    std::optional<Trial> bad;
};

Search smallestFit(const Classifier::Impl& impl, std::optional<int> channels)
{
    Search search;
    for (const int count : {1, 3}) {
        if (channels && *channels != count)
            continue;
        for (const int side : customarySides) {
            const Shape shape{count, side, side};
            const Trial trial = tryShape(impl, shape);
            if (trial.state == Trial::State::Fits) {
                search.first = Fit{shape, trial};
                return search;
            }
            if (trial.state == Trial::State::BadOutput && !search.bad)
                search.bad = trial;
        }
    }
    return search;
}

/// Fits as well as `first` does: the same classes, and no more pixels left out. Too large a size shows in one of the two.
bool fitsAsWell(const Classifier::Impl& impl, const Fit& first, int side, Fit& found)
{
    found.shape = {first.shape[0], side, side};
    found.trial = tryShape(impl, found.shape);
    return found.trial.state == Trial::State::Fits && found.trial.classes == first.trial.classes
        && (first.trial.leavesPixelsOut || !found.trial.leavesPixelsOut);
}

/// A model that pools over all positions takes many sizes: the customary one is taken, else the next smaller.
Fit chooseAmongSizes(Classifier::Impl& impl, const Fit& first)
{
    const int smallest = first.shape[1];
    const int custom = customarySide(first.shape[0], first.trial.classes);
    Fit other;
    for (auto side = customarySides.rbegin(); side != customarySides.rend(); ++side) {
        if (*side > smallest && *side <= custom && fitsAsWell(impl, first, *side, other)) {
            impl.otherInputs.push_back(first.shape);
            return other;
        }
    }
    const auto next = std::ranges::upper_bound(customarySides, std::max(smallest, custom));
    if (next != customarySides.end() && fitsAsWell(impl, first, *next, other))
        impl.otherInputs.push_back(other.shape);
    return first;
}

} // namespace

at::Tensor probeImages(std::array<int, 3> input, int count, std::uint64_t seed)
{
    constexpr std::int64_t coarse = 7;
    Rng rng(seed);
    at::Tensor noise = at::empty({count, input[0], coarse, coarse}, at::kFloat);
    rng.fillUniform({noise.data_ptr<float>(), std::size_t(noise.numel())}, 0.0F, 1.0F);
    at::Tensor fine = at::empty({count, input[0], input[1], input[2]}, at::kFloat);
    rng.fillUniform({fine.data_ptr<float>(), std::size_t(fine.numel())}, -0.1F, 0.1F);
    return (at::upsample_bilinear2d(noise, {input[1], input[2]}, true) + fine).clamp(0.0, 1.0);
}

std::string torchReason(const std::exception& error)
{
    const auto* torchError = dynamic_cast<const c10::Error*>(&error);
    std::string text = torchError ? torchError->what_without_backtrace() : error.what();
    // A failure inside a graph is reported as a traceback of source lines; the reason stands behind "RuntimeError:".
    if (const auto reason = text.rfind("RuntimeError: "); reason != std::string::npos)
        text = text.substr(reason + std::string_view("RuntimeError: ").size());
    text = std::string(trimmed(text.substr(0, text.find('\n'))));
    while (!text.empty() && text.back() == '.')
        text.pop_back();
    return text;
}

void probeInput(Classifier::Impl& impl, std::optional<int> channels)
{
    if (impl.card.input) {
        probeStatedShape(impl, *impl.card.input);
        return;
    }
    const Search search = smallestFit(impl, channels);
    if (!search.first && search.bad)
        throw Error(search.bad->code, impl.path + ": the model " + search.bad->reason + ".");
    if (!search.first)
        throw Error(ErrorCode::Shape,
            impl.path + ": no customary input shape fits the model; name it with --input C,H,W or in its card.");
    accept(impl, chooseAmongSizes(impl, *search.first));
}

} // namespace brink
