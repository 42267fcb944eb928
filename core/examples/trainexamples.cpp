// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/examples/trainexamples.h"

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/rng.h"
#include "core/base/text.h"
#include "core/data/filebytes.h"
#include "core/data/idxfile.h"
#include "core/data/synthetic.h"
#include "core/examples/examplenet_torch.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/optim/adam.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <sstream>

namespace brink {

namespace {

constexpr int classes = 10;
constexpr int mostStoredImages = 100;
constexpr std::int64_t batchSize = 50;
constexpr double learningRate = 2e-3;

/// Papernot et al. 2016 and the CLEVER paper use T = 100 on MNIST.
constexpr double temperature = 100;

/// Training budget of the robust net, in pixel units.
constexpr double pgdRadius = 0.1;
constexpr double pgdStep = 0.03;
constexpr int pgdSteps = 5;

/// Purposes of the random streams of one seed.
enum Purpose : std::uint64_t { trainingPictures = 1, testPictures, weights, teacherWeights, order, starts };

/// Pixels [N,1,28,28] and, for each, the probability of every class [N,10].
struct LabelledBatch {
    at::Tensor x;
    at::Tensor targets;
};

at::Tensor tensorOf(const std::vector<Image>& images)
{
    at::Tensor x = at::empty({std::int64_t(images.size()), 1, glyphSize, glyphSize}, at::kFloat);
    float* out = x.data_ptr<float>();
    for (const Image& image : images)
        out = std::ranges::copy(image.pixels, out).out;
    return x;
}

LabelledBatch tensorsOf(const SyntheticSet& set)
{
    const at::Tensor labels = at::tensor(at::ArrayRef<std::int64_t>(set.labels));
    return {tensorOf(set.images), at::one_hot(labels, classes).to(at::kFloat)};
}

at::Tensor logitsOf(torch::jit::Module& module, const at::Tensor& x)
{
    return module.forward({x}).toTensor();
}

/// Mean cross-entropy against probabilities.
at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& targets)
{
    return -(targets * at::log_softmax(logits, 1)).sum(1).mean();
}

void setTrainable(torch::jit::Module& module, bool isTrainable)
{
    for (at::Tensor parameter : module.parameters())
        parameter.requires_grad_(isTrainable);
}

/// Projected gradient ascent on the loss from a random start in the Linf ball, within [0,1].
/// `share` in [0,1] shrinks the whole attack.
at::Tensor pgdExamples(torch::jit::Module& module, const LabelledBatch& batch, double share, Rng& rng)
{
    const double radius = share * pgdRadius;
    at::Tensor noise = at::empty_like(batch.x);
    rng.fillUniform({noise.data_ptr<float>(), std::size_t(noise.numel())}, float(-radius), float(radius));
    at::Tensor x = (batch.x + noise).clamp_(0, 1);
    setTrainable(module, false);
    for (int step = 0; step < pgdSteps; ++step) {
        x.requires_grad_(true);
        const at::Tensor loss = crossEntropy(logitsOf(module, x), batch.targets);
        const at::Tensor gradient = torch::autograd::grad({loss}, {x})[0];
        const at::Tensor moved = x.detach() + share * pgdStep * gradient.sign();
        x = at::max(at::min(moved, batch.x + radius), batch.x - radius).clamp_(0, 1);
    }
    setTrainable(module, true);
    return x;
}

std::vector<std::int64_t> shuffledIndices(std::int64_t count, Rng& rng)
{
    std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), 0);
    for (std::size_t i = indices.size(); i > 1; --i)
        std::swap(indices[i - 1], indices[std::size_t(rng.below(i))]);
    return indices;
}

/// Adam with the learning rate falling linearly to zero. The radius of PGD examples grows to its full size in the first
/// half: at the full radius from the start such small nets stay at chance. @return false when stopped.
bool train(torch::jit::Module& module, const LabelledBatch& data, bool onPgdExamples, int epochs, std::uint64_t seed, Monitor& monitor)
{
    std::vector<at::Tensor> parameters;
    for (const at::Tensor& parameter : module.parameters())
        parameters.push_back(parameter);
    torch::optim::Adam optimizer(parameters, torch::optim::AdamOptions(learningRate));
    auto& options = static_cast<torch::optim::AdamOptions&>(optimizer.param_groups()[0].options());
    Rng orderRng(combineSeeds({seed, order}));
    Rng startRng(combineSeeds({seed, starts}));
    const std::int64_t batches = (data.x.size(0) + batchSize - 1) / batchSize;
    std::int64_t done = 0;
    for (int epoch = 0; epoch < epochs; ++epoch) {
        const at::Tensor shuffled = at::tensor(at::ArrayRef<std::int64_t>(shuffledIndices(data.x.size(0), orderRng)));
        for (const at::Tensor& indices : shuffled.split(batchSize)) {
            if (monitor.stopRequested())
                return false;
            LabelledBatch batch{data.x.index_select(0, indices), data.targets.index_select(0, indices)};
            const double share = double(done) / double(epochs * batches);
            if (onPgdExamples)
                batch.x = pgdExamples(module, batch, std::min(1.0, 2 * share), startRng);
            options.lr(learningRate * (1.0 - share));
            optimizer.zero_grad();
            crossEntropy(logitsOf(module, batch.x), batch.targets).backward();
            optimizer.step();
            monitor.progress(++done, epochs * batches);
        }
    }
    return true;
}

at::Tensor logitsInBatches(torch::jit::Module& module, const at::Tensor& x)
{
    const at::NoGradGuard noGrad;
    std::vector<at::Tensor> parts;
    for (const at::Tensor& part : x.split(batchSize))
        parts.push_back(logitsOf(module, part));
    return at::cat(parts);
}

/// Number of right answers to the first `count` pictures.
std::int64_t correctCount(const at::Tensor& logits, const LabelledBatch& data, std::int64_t count)
{
    const at::Tensor isRight = logits.argmax(1).eq(data.targets.argmax(1));
    return isRight.slice(0, 0, count).sum().item<std::int64_t>();
}

TrainedExample measured(const ExampleNet& net, torch::jit::Module& module, const LabelledBatch& testData)
{
    const at::Tensor logits = logitsInBatches(module, testData.x);
    TrainedExample example;
    example.name = net.name;
    example.testImages = testData.x.size(0);
    example.storedImages = std::min<std::int64_t>(mostStoredImages, example.testImages);
    example.accuracy = double(correctCount(logits, testData, example.testImages)) / double(example.testImages);
    example.storedCorrect = correctCount(logits, testData, example.storedImages);
    return example;
}

/// Defensive distillation: a student learns the probabilities of a teacher, both with softmax(z / T). Both are trained in
/// u = z / T, which is the same set of functions and the same loss, but does not slow the optimiser down by 1 / T; the
/// student's last layer is then multiplied by T, so that it gives z, the logits that are used (at T = 1) after training.
bool distil(const ExampleNet& net, torch::jit::Module& student, LabelledBatch data, int epochs, std::uint64_t seed, Monitor& monitor)
{
    torch::jit::Module teacher = makeModule(net, combineSeeds({seed, teacherWeights}));
    PartMonitor teacherPart(monitor, 0, 1, 2);
    if (!train(teacher, data, false, epochs, combineSeeds({seed, teacherWeights}), teacherPart))
        return false;
    data.targets = at::softmax(logitsInBatches(teacher, data.x), 1);
    PartMonitor studentPart(monitor, 1, 1, 2);
    if (!train(student, data, false, epochs, seed, studentPart))
        return false;
    scaleLogits(student, temperature);
    return true;
}

bool trainByRule(const ExampleNet& net, torch::jit::Module& module, const LabelledBatch& data, int epochs, std::uint64_t seed, Monitor& monitor)
{
    if (net.rule == TrainingRule::Distilled)
        return distil(net, module, data, epochs, seed, monitor);
    return train(module, data, net.rule == TrainingRule::Pgd, epochs, seed, monitor);
}

void writeText(const std::filesystem::path& path, const std::string& text)
{
    AtomicFile file(path.string());
    file.write(text);
    file.commit();
}

void writeModule(torch::jit::Module& module, const std::filesystem::path& path)
{
    setTrainable(module, false);
    std::ostringstream bytes;
    module.save(bytes);
    writeText(path, bytes.str());
}

std::string trainingText(const ExampleNet& net, const TrainingEffort& effort, const TrainedExample& example, std::uint64_t seed)
{
    return "Trained by brink train-examples --seed " + std::to_string(seed) + " on " + std::to_string(effort.trainingImages)
        + " drawn glyphs, " + std::to_string(effort.epochs) + " epochs: " + net.description + ". Accuracy "
        + formatReal(100 * example.accuracy, 4) + " % on " + std::to_string(example.testImages) + " other glyphs, "
        + std::to_string(example.storedCorrect) + " right of the " + std::to_string(example.storedImages) + " stored beside it.";
}

void writeCard(const ExampleNet& net, const std::filesystem::path& path, const std::string& training)
{
    Json card = Json::object();
    card["name"] = net.name;
    card["family"] = net.family;
    card["input"] = {1, glyphSize, glyphSize};
    card["range"] = {0, 1};
    card["classes"] = glyphNames();
    card["origin"] = training;
    writeText(path, card.dump(2) + "\n");
}

/// The stored images are the first of the test set.
void writeImages(const std::filesystem::path& folder, const SyntheticSet& set)
{
    const std::size_t count = std::min<std::size_t>(mostStoredImages, set.images.size());
    writeIdxImages((folder / "example-images-idx3-ubyte.gz").string(), std::span(set.images).first(count));
    writeIdxLabels((folder / "example-labels-idx1-ubyte.gz").string(), std::span(set.labels).first(count));
    std::string names;
    for (const std::string& name : set.classNames)
        names += name + "\n";
    writeText(folder / "classes.txt", names);
}

std::vector<ExampleNet> wantedNets(const TrainingEffort& effort)
{
    if (effort.only.empty())
        return exampleNets();
    std::vector<std::string> known;
    for (const ExampleNet& net : exampleNets())
        known.push_back(net.name);
    std::vector<ExampleNet> wanted;
    for (const std::string& name : effort.only) {
        const auto found = std::ranges::find(known, name);
        if (found == known.end())
            throw Error(ErrorCode::Usage, unknownName("example net", name, known));
        wanted.push_back(exampleNets()[std::size_t(found - known.begin())]);
    }
    return wanted;
}

void checkEffort(const TrainingEffort& effort)
{
    if (effort.trainingImages < 1 || effort.testImages < 1 || effort.epochs < 1)
        throw Error(ErrorCode::Domain, "Training needs at least one image to learn from, one to test, and one epoch.");
}

/// Share of the whole work, in passes over the training images: a teacher doubles it, PGD adds its steps.
std::int64_t workOf(const ExampleNet& net)
{
    switch (net.rule) {
    case TrainingRule::Plain: return 1;
    case TrainingRule::Distilled: return 2;
    case TrainingRule::Pgd: return 1 + pgdSteps;
    }
    return 1;
}

} // namespace

std::vector<TrainedExample> trainExamples(const std::string& folder, std::uint64_t seed, Monitor& monitor, const TrainingEffort& effort)
{
    namespace fs = std::filesystem;
    checkEffort(effort);
    const std::vector<ExampleNet> nets = wantedNets(effort);
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw Error(ErrorCode::Io, folder + ": the folder cannot be made (" + failure.message() + "). Choose another one.");
    const SyntheticSet testSet = makeGlyphs(effort.testImages, combineSeeds({seed, testPictures}));
    const LabelledBatch testData = tensorsOf(testSet);
    const LabelledBatch data = tensorsOf(makeGlyphs(effort.trainingImages, combineSeeds({seed, trainingPictures})));
    writeImages(folder, testSet);

    const std::int64_t totalWork = std::transform_reduce(nets.begin(), nets.end(), std::int64_t(0), std::plus<>(), workOf);
    std::int64_t doneWork = 0;
    std::vector<TrainedExample> examples;
    for (const ExampleNet& net : nets) {
        PartMonitor part(monitor, doneWork, workOf(net), totalWork);
        torch::jit::Module module = makeModule(net, combineSeeds({seed, weights}));
        if (!trainByRule(net, module, data, effort.epochs, seed, part))
            break;
        doneWork += workOf(net);
        TrainedExample example = measured(net, module, testData);
        example.path = (fs::path(folder) / (net.name + ".pt")).string();
        const std::string training = trainingText(net, effort, example, seed);
        monitor.note(net.name + ": " + training);
        writeModule(module, example.path);
        writeCard(net, fs::path(folder) / (net.name + ".card.json"), training);
        examples.push_back(std::move(example));
    }
    return examples;
}

} // namespace brink
