// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/margins/pseudomargin.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/optim/adam.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

namespace brink {

namespace {

/// Fewest images to learn from, and to measure on.
constexpr std::int64_t fewestImages = 10;

/// Purposes of the random streams of one seed.
enum Purpose : std::uint64_t { split = 1, weights, order, intervals };

std::vector<std::int64_t> shuffled(std::int64_t count, Rng& rng)
{
    std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), 0);
    for (std::size_t i = indices.size(); i > 1; --i)
        std::swap(indices[i - 1], indices[std::size_t(rng.below(i))]);
    return indices;
}

at::Tensor indexTensor(const std::vector<std::int64_t>& indices) { return at::tensor(at::ArrayRef<std::int64_t>(indices)); }

void checkNumbers(const PseudoMarginRequest& request)
{
    const auto refuse = [](const std::string& sentence) { throw Error(ErrorCode::Domain, sentence); };
    if (!(request.trainingShare > 0 && request.trainingShare < 1))
        refuse("The share of images to learn from must lie between 0 and 1.");
    if (request.epochs < 1 || request.batch < 1 || request.hidden < 1 || !(request.learningRate > 0))
        refuse("Epochs, batch, hidden units and learning rate of the pseudo-margin must be positive.");
    // Written so that NaN fails.
    if (!std::ranges::all_of(request.margins, [](double margin) { return margin >= 0 && std::isfinite(margin); }))
        refuse("A pseudo-margin is learned from input margins that are known; leave out images without one.");
    const auto isFinite = [](double value) { return std::isfinite(value); };
    if (!std::ranges::all_of(request.inputs, isFinite) || !std::ranges::all_of(request.logitMargins, isFinite))
        refuse("Features or logits of some images are not finite, so no pseudo-margin can be learned from them.");
}

void checkRequest(const PseudoMarginRequest& request)
{
    const std::size_t images = request.margins.size();
    if (request.width < 1 || request.inputs.size() != images * std::size_t(request.width) || request.logitMargins.size() != images)
        throw Error(ErrorCode::Shape, "A pseudo-margin needs one row of inputs, one input margin and one logit margin an image.");
    checkNumbers(request);
}

/// Which images are held out: the rest after the training share, in an order of the seed's.
struct Parts {
    std::vector<std::int64_t> training, heldOut;
};

Parts partsOf(const PseudoMarginRequest& request)
{
    const auto images = std::int64_t(request.margins.size());
    const auto learned = std::int64_t(std::llround(request.trainingShare * double(images)));
    if (learned < fewestImages || images - learned < fewestImages)
        throw Error(ErrorCode::Domain, "A pseudo-margin is learned from at least " + std::to_string(fewestImages) + " images and measured on as many others; here are "
                + std::to_string(learned) + " and " + std::to_string(images - learned) + ".");
    Rng rng(combineSeeds({request.seed, split}));
    const std::vector<std::int64_t> indices = shuffled(images, rng);
    Parts parts{{indices.begin(), indices.begin() + learned}, {indices.begin() + learned, indices.end()}};
    std::ranges::sort(parts.training);
    std::ranges::sort(parts.heldOut);
    return parts;
}

/// Columns with mean 0 and deviation 1 over the training rows; one that never changes there says nothing and becomes 0.
at::Tensor standardised(const at::Tensor& rows, const at::Tensor& training)
{
    const at::Tensor known = rows.index_select(0, training).to(at::kDouble);
    const at::Tensor centre = known.mean(0, true);
    const at::Tensor deviation = (known - centre).square().mean(0, true).sqrt();
    const at::Tensor scaled = (rows.to(at::kDouble) - centre) / deviation;
    return at::where(deviation > 1e-12 * centre.abs() + 1e-30, scaled, at::zeros_like(scaled)).to(at::kFloat);
}

/// Weights and biases uniform in +-1/sqrt(inputs), as PyTorch's linear layers begin.
class Net {
public:
    Net(std::int64_t inputs, std::int64_t hidden, std::uint64_t seed)
    {
        Rng rng(seed);
        for (const auto& [from, to] : {std::array{inputs, hidden}, std::array{hidden, hidden}, std::array{hidden, hidden}, std::array{hidden, std::int64_t(1)}}) {
            const auto bound = float(1.0 / std::sqrt(double(from)));
            for (const at::Tensor& tensor : {at::empty({to, from}, at::kFloat), at::empty({to}, at::kFloat)}) {
                rng.fillUniform({tensor.data_ptr<float>(), std::size_t(tensor.numel())}, -bound, bound);
                m_parameters.push_back(tensor.requires_grad_(true));
            }
        }
    }
    [[nodiscard]] const std::vector<at::Tensor>& parameters() const { return m_parameters; }

    /// [n,D] -> [n] in (0,1). The first layer is linear, as in the notebook.
    [[nodiscard]] at::Tensor operator()(const at::Tensor& x) const
    {
        at::Tensor h = layer(x, 0);
        h = at::relu(layer(h, 1));
        h = at::relu(layer(h, 2));
        return at::sigmoid(layer(h, 3)).squeeze(1);
    }

private:
    [[nodiscard]] at::Tensor layer(const at::Tensor& x, std::size_t i) const { return at::linear(x, m_parameters[2 * i], m_parameters[2 * i + 1]); }

    std::vector<at::Tensor> m_parameters;
};

at::Tensor meanSquare(const at::Tensor& predicted, const at::Tensor& target) { return (predicted - target).square().mean(); }

/// Rows in parts, so that no more than a batch is in memory with its hidden units.
at::Tensor predictions(const Net& net, const at::Tensor& x, std::int64_t batch)
{
    const at::NoGradGuard noGrad;
    std::vector<at::Tensor> parts;
    for (const at::Tensor& rows : x.split(batch))
        parts.push_back(net(rows));
    return at::cat(parts);
}

struct Rows {
    at::Tensor x;      ///< [n,D]
    at::Tensor target; ///< [n] sqrt(margin / scale)
};

Rows rowsOf(const Rows& all, const std::vector<std::int64_t>& indices)
{
    const at::Tensor index = indexTensor(indices);
    return {all.x.index_select(0, index), all.target.index_select(0, index)};
}

/// One epoch in an order of its own. @return the mean loss its steps saw, or nothing when stopped.
std::optional<double> runEpoch(const Net& net, torch::optim::Adam& optimizer, const Rows& training, std::int64_t batch, Rng& rng, Monitor& monitor)
{
    const at::AutoGradMode grad(true);
    double sum = 0;
    // A single batch needs no order, and is not copied.
    const bool isWhole = training.x.size(0) <= batch;
    const at::Tensor indices = isWhole ? at::Tensor() : indexTensor(shuffled(training.x.size(0), rng));
    for (std::int64_t begin = 0; begin < training.x.size(0); begin += batch) {
        if (monitor.stopRequested())
            return std::nullopt;
        const std::int64_t end = std::min(begin + batch, training.x.size(0));
        const at::Tensor chosen = isWhole ? at::Tensor() : indices.slice(0, begin, end);
        optimizer.zero_grad();
        const at::Tensor loss = meanSquare(net(isWhole ? training.x : training.x.index_select(0, chosen)),
            isWhole ? training.target : training.target.index_select(0, chosen));
        loss.backward();
        optimizer.step();
        sum += loss.item<double>() * double(end - begin);
    }
    return sum / double(training.x.size(0));
}

void train(const Net& net, const PseudoMarginRequest& request, const Rows& training, const Rows& heldOut, PseudoMarginResult& result, Monitor& monitor)
{
    torch::optim::Adam optimizer(net.parameters(), torch::optim::AdamOptions(request.learningRate));
    Rng rng(combineSeeds({request.seed, order}));
    for (int epoch = 0; epoch < request.epochs; ++epoch) {
        const auto loss = runEpoch(net, optimizer, training, request.batch, rng, monitor);
        if (!loss) {
            result.stopped = true;
            return;
        }
        result.trainingLoss.push_back(*loss);
        result.heldOutLoss.push_back(meanSquare(predictions(net, heldOut.x, request.batch), heldOut.target).item<double>());
        result.epochs = epoch + 1;
        monitor.progress(epoch + 1, request.epochs);
    }
}

ScoreQuality qualityOf(const std::vector<double>& scores, const PseudoMarginRequest& request, const std::vector<std::int64_t>& images)
{
    std::vector<ScoredMargin> rows;
    for (const std::int64_t i : images)
        rows.push_back({scores[std::size_t(i)], request.margins[std::size_t(i)]});
    ScoreQuality quality;
    quality.consistency = consistencyOf(rows, combineSeeds({request.seed, intervals}));
    for (const double eps : request.eps)
        quality.detection.push_back(detectabilityAt(rows, eps));
    return quality;
}

void addWarnings(PseudoMarginResult& result, const Parts& parts)
{
    constexpr std::size_t few = 1000;
    const bool learnsMuch = result.input != PseudoMarginInput::Leads;
    if (learnsMuch && parts.training.size() < few)
        result.warnings.push_back({"few-images", "The pseudo-margin was learned from " + std::to_string(parts.training.size())
                + " images; the paper uses 4,000. With few, learn from the leads of the logits."});
    if (result.stopped)
        result.warnings.push_back({"stopped", "Learning was stopped after " + std::to_string(result.epochs) + " epochs."});
}

} // namespace

const std::vector<PseudoMarginInput>& pseudoMarginInputs()
{
    static const std::vector<PseudoMarginInput> all{PseudoMarginInput::Features, PseudoMarginInput::Logits, PseudoMarginInput::Leads};
    return all;
}

std::string pseudoMarginInputName(PseudoMarginInput input)
{
    switch (input) {
    case PseudoMarginInput::Features: return "features";
    case PseudoMarginInput::Logits: return "logits";
    case PseudoMarginInput::Leads: break;
    }
    return "leads";
}

PseudoMarginInput pseudoMarginInputFromName(const std::string& name)
{
    std::vector<std::string> names;
    for (const PseudoMarginInput input : pseudoMarginInputs()) {
        names.push_back(pseudoMarginInputName(input));
        if (names.back() == name)
            return input;
    }
    throw Error(ErrorCode::Usage, unknownName("input of the pseudo-margin", name, names));
}

std::vector<float> leadsOf(const std::vector<float>& logits, std::int64_t classes)
{
    const auto width = std::size_t(classes);
    std::vector<float> leads;
    for (std::size_t begin = 0; begin + width <= logits.size(); begin += width) {
        std::vector<float> row(logits.begin() + std::ptrdiff_t(begin), logits.begin() + std::ptrdiff_t(begin + width));
        std::ranges::sort(row, std::greater{});
        for (std::size_t i = 1; i < width; ++i)
            leads.push_back(row[0] - row[i]);
    }
    return leads;
}

PseudoMarginResult learnPseudoMargin(const PseudoMarginRequest& request, Monitor& monitor)
{
    checkRequest(request);
    const Parts parts = partsOf(request);
    const auto images = std::int64_t(request.margins.size());
    PseudoMarginResult result;
    result.input = request.input;
    for (const std::int64_t i : parts.training)
        result.scale = std::max(result.scale, request.margins[std::size_t(i)]);
    const at::Tensor inputs = at::from_blob(const_cast<float*>(request.inputs.data()), {images, request.width}, at::kFloat); // only read
    const at::Tensor margins = at::tensor(at::ArrayRef<double>(request.margins));
    const Rows all{standardised(inputs, indexTensor(parts.training)), (margins / result.scale).sqrt().to(at::kFloat)};
    const Net net(request.width, request.hidden, combineSeeds({request.seed, weights}));
    train(net, request, rowsOf(all, parts.training), rowsOf(all, parts.heldOut), result, monitor);

    const at::Tensor learned = (predictions(net, all.x, request.batch).to(at::kDouble).square() * result.scale).contiguous();
    result.pseudoMargins.assign(learned.data_ptr<double>(), learned.data_ptr<double>() + images);
    result.isHeldOut.resize(std::size_t(images));
    for (const std::int64_t i : parts.heldOut)
        result.isHeldOut[std::size_t(i)] = true;
    result.before = qualityOf(request.logitMargins, request, parts.heldOut);
    result.after = qualityOf(result.pseudoMargins, request, parts.heldOut);
    result.training = qualityOf(result.pseudoMargins, request, parts.training);
    addWarnings(result, parts);
    return result;
}

Json toJson(const ScoreQuality& quality)
{
    Json json = Json::object();
    if (quality.consistency)
        json = {{"tau", quality.consistency->tau}, {"tauInterval", quality.consistency->interval}, {"images", quality.consistency->images}};
    for (const Detectability& each : quality.detection) {
        Json row{{"eps", each.eps}, {"brittle", each.brittle}, {"images", each.images}};
        setIfPresent(row, "auroc", each.auroc);
        setIfPresent(row, "aupr", each.aupr);
        setIfPresent(row, "fpr95", each.fpr95);
        json["detection"].push_back(row);
    }
    return json;
}

Json toJson(const PseudoMarginResult& result)
{
    Json json{{"input", pseudoMarginInputName(result.input)}, {"epochs", result.epochs}, {"stopped", result.stopped}, {"scale", result.scale},
        {"trainingLoss", result.trainingLoss}, {"heldOutLoss", result.heldOutLoss}, {"before", toJson(result.before)}, {"after", toJson(result.after)},
        {"training", toJson(result.training)}, {"pseudoMargins", result.pseudoMargins}, {"isHeldOut", result.isHeldOut}};
    for (const Warning& warning : result.warnings)
        json["warnings"].push_back({{"code", warning.code}, {"text", warning.text}});
    return json;
}

} // namespace brink
