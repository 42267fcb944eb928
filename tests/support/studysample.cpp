// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studysample.h"

#include "core/attack/attack.h"
#include "core/base/hash.h"
#include "core/base/rng.h"

#include <algorithm>
#include <cmath>

namespace brink::test {

namespace {

constexpr int classes = 10;
constexpr double pixels = 3 * 32 * 32;

struct ModelPlan {
    const char* name;
    const char* family;
    double accuracy;
    double robustness; ///< median L2 distance, roughly
    double parameters;
};
constexpr ModelPlan plans[] = {
    {"resnet20", "ResNet", 0.925, 0.20, 0.27e6},
    {"resnet56", "ResNet", 0.945, 0.22, 0.85e6},
    {"lenet", "LeNet", 0.66, 0.33, 62e3},
    {"vgg16_bias", "VGG", 0.90, 0.28, 15e6},
    {"cnn_a_adv", "CNN", 0.72, 0.95, 0.17e6},
    {"cnn_a_mix4", "CNN", 0.70, 0.90, 0.17e6},
    {"vit_pgd", "ViT", 0.74, 1.05, 2.7e6},
    {"marabou_l", "CNN", 0.78, 0.40, 0.35e6},
    {"marabou_s", "CNN", 0.71, 0.42, 50e3},
    {"conv_pgd", "CNN", 0.62, 1.10, 0.21e6},
    {"conv_sigm", "CNN", 0.65, 0.60, 0.21e6},
    {"kw_base", "CNN", 0.56, 1.20, 0.13e6},
    {"kw_deep", "CNN", 0.60, 1.15, 0.30e6},
    {"resnet_2b", "ResNet", 0.80, 0.75, 0.11e6},
    {"vgg19", "VGG", 0.915, 0.27, 20e6},
    {"resnet8", "ResNet", 0.88, 0.24, 78e3},
    {"densenet121", "DenseNet", 0.952, 0.21, 7.0e6},
    {"mobilenet_050", "MobileNet", 0.86, 0.19, 1.3e6},
    {"alexnet", "AlexNet", 0.76, 0.36, 57e6},
    {"nasnet", "NASNet", 0.956, 0.18, 3.3e6},
};

struct AttackPlan {
    const char* name;
    Norm norm;
    TargetRule::Kind goal;
    long long steps;   ///< 0: not a parameter
    double eps;        ///< 0: minimum norm
    double confidence; ///< below 0: not a parameter
    bool transfers;
    double effort;     ///< how many times the smallest distance it needs
    double spread;     ///< how well it transfers
};
using Goal = TargetRule::Kind;
constexpr AttackPlan attackPlans[mostSampleAttacks] = {
    {"bim", Norm::Linf, Goal::Untargeted, 10, 0.03, -1, true, 1.15, 0.6},
    {"cw", Norm::L2, Goal::Untargeted, 0, 0, 0, true, 1.0, -2.2},
    {"fgsm", Norm::Linf, Goal::Untargeted, 0, 0.03, -1, true, 2.3, 0.9},
    {"bim", Norm::Linf, Goal::Random, 10, 0.03, -1, true, 2.1, -1.6},
    {"bim", Norm::Linf, Goal::Untargeted, 30, 0.03, -1, true, 1.05, 0.3},
    {"fgsm", Norm::Linf, Goal::Random, 0, 0.03, -1, true, 14.0, -2.0},
    {"ead", Norm::L1, Goal::Untargeted, 0, 0, 0, true, 1.1, -1.2},
    {"bim", Norm::Linf, Goal::Untargeted, 10, 0.06, -1, true, 1.15, 1.6},
    {"bim", Norm::Linf, Goal::Untargeted, 50, 0.03, -1, true, 1.0, 0.15},
    {"cw", Norm::L2, Goal::Untargeted, 0, 0, 20, true, 1.5, -0.6},
    {"bim-search", Norm::Linf, Goal::Untargeted, 10, 0, -1, false, 1.2, 0},
    {"bim-search", Norm::Linf, Goal::Untargeted, 30, 0, -1, false, 1.1, 0},
    {"cw", Norm::L2, Goal::Random, 0, 0, 0, true, 1.7, -3.5},
};

double logistic(double value) { return 1 / (1 + std::exp(-value)); }

/// A number that depends on what it is for alone, not on the order of making.
Rng streamOf(std::initializer_list<std::uint64_t> parts) { return Rng(combineSeeds(parts)); }

class SampleMaker {
public:
    SampleMaker(int models, int images, int attacks) : m_models(models), m_images(images)
    {
        m_results.study.name = "sample";
        m_results.study.seed = 7;
        m_results.study.images.path = "test_batch.bin";
        m_results.study.images.range = "0:" + std::to_string(images);
        m_results.study.entry = EntryRule::Correct;
        m_results.classNames = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
        addModels();
        addImages();
        addPredictions();
        for (int attack = 0; attack < std::clamp(attacks, 0, mostSampleAttacks); ++attack)
            addAttack(attackPlans[attack]);
        addClever();
        m_results.unitsTotal = std::int64_t(m_results.study.analyses.size()) * m_models * ((m_images + 24) / 25);
        m_results.unitsDone = m_results.unitsTotal;
        m_results.seconds = 1234.5;
    }

    StudyResults take() { return std::move(m_results); }

private:
    [[nodiscard]] const ModelPlan& plan(int model) const { return plans[std::size_t(model) % std::size(plans)]; }
    [[nodiscard]] int inputSide(int model) const { return model % 5 == 4 ? 40 : 32; }

    void addModels()
    {
        for (int m = 0; m < m_models; ++m) {
            const int round = m / int(std::size(plans));
            StudyModel model;
            model.name = plan(m).name + (round > 0 ? "_" + std::to_string(round + 1) : std::string());
            model.path = "models/" + model.name + ".pt";
            model.family = plan(m).family;
            StudyModelFacts facts;
            facts.sha256 = sha256(model.name);
            facts.input = {3, inputSide(m), inputSide(m)};
            facts.classes = classes;
            facts.parameters = std::int64_t(plan(m).parameters);
            if (inputSide(m) != 32)
                facts.conversions = {"resized from 32 x 32 to 40 x 40 (bilinear)"};
            if (m_models >= 4 && m == m_models - 1)
                facts.error = "The model gives values that are not finite on 12 of the first 25 images.";
            m_results.study.models.push_back(std::move(model));
            m_results.models.push_back(std::move(facts));
        }
        if (m_models >= 3)
            m_results.refusedPairs[{1, 2}] = "The classes of " + m_results.study.models[1].name + " and " + m_results.study.models[2].name
                + " cannot be matched.";
    }

    void addImages()
    {
        for (int i = 0; i < m_images; ++i) {
            Rng rng = streamOf({1, std::uint64_t(i)});
            m_results.images.push_back({i, "test_batch.bin#" + std::to_string(i), std::int64_t(rng.below(classes)), sha256(std::to_string(i))});
            m_hardness.push_back(rng.normal());
        }
    }

    [[nodiscard]] std::int32_t otherClass(Rng& rng, std::int64_t but) const
    {
        return std::int32_t((but + 1 + std::int64_t(rng.below(classes - 1))) % classes);
    }

    void addPredictions()
    {
        for (int m = 0; m < m_models; ++m) {
            std::vector<std::int32_t> row;
            for (int i = 0; i < m_images; ++i) {
                Rng rng = streamOf({2, std::uint64_t(m), std::uint64_t(i)});
                const double lead = std::log(plan(m).accuracy / (1 - plan(m).accuracy)) * 1.25 - 1.2 * m_hardness[std::size_t(i)];
                const std::int64_t label = m_results.images[std::size_t(i)].label;
                row.push_back(rng.uniform() < logistic(lead) ? std::int32_t(label) : otherClass(rng, label));
            }
            m_results.predicted.push_back(std::move(row));
            m_results.scores.push_back(scoresOf(m));
        }
    }

    /// Logit margins follow the distance to the boundary, on robust models more closely.
    [[nodiscard]] std::vector<OutputScores> scoresOf(int model) const
    {
        std::vector<OutputScores> scores;
        for (int i = 0; i < m_images; ++i) {
            Rng rng = streamOf({7, std::uint64_t(model), std::uint64_t(i)});
            OutputScores each;
            each.logitMargin = float(4 * boundary(model, i) / plan(model).robustness * std::exp((plan(model).robustness > 0.4 ? 0.2 : 0.8) * rng.normal()));
            each.maxProbability = float(logistic(each.logitMargin));
            each.probabilityMargin = 2 * each.maxProbability - 1;
            each.labelProbability = each.maxProbability;
            scores.push_back(each);
        }
        return scores;
    }

    [[nodiscard]] std::vector<std::int32_t> entering(int model) const
    {
        std::vector<std::int32_t> images;
        for (int i = 0; i < m_images && m_results.works(model); ++i)
            if (m_results.isCorrect(model, i))
                images.push_back(i);
        return images;
    }

    /// L2 distance of the image to the model's boundary.
    [[nodiscard]] double boundary(int model, int image) const
    {
        Rng rng = streamOf({3, std::uint64_t(model), std::uint64_t(image)});
        return plan(model).robustness * std::exp(-0.45 * m_hardness[std::size_t(image)] + 0.3 * rng.normal());
    }

    /// From L2 to the largest change of a value, at the boundary.
    [[nodiscard]] double flatness(int model) const { return 0.028 * (1 + 0.1 * (model % 3)); }

    StudyAttackRow attackRow(const AttackPlan& attack, int model, std::int32_t image) const
    {
        Rng rng = streamOf({4, std::uint64_t(&attack - attackPlans), std::uint64_t(model), std::uint64_t(image)});
        const std::int64_t label = m_results.images[std::size_t(image)].label;
        StudyAttackRow row;
        row.image = image;
        if (attack.goal != Goal::Untargeted)
            row.target = otherClass(rng, label);
        const double reach = attack.effort * boundary(model, image) * (1 + 0.05 * rng.uniform());
        row.success = attack.eps > 0 ? reach * flatness(model) <= attack.eps : rng.uniform() < (attack.confidence > 0 ? 0.9 : 0.985);
        row.steps = std::int32_t(std::max(attack.steps, 1LL));
        row.forwards = row.steps + 1;
        row.backwards = row.steps;
        row.seconds = 0.002F * float(row.steps);
        if (!row.success)
            return row;
        row.adversarialClass = row.target >= 0 ? row.target : otherClass(rng, label);
        const bool isBox = attack.norm == Norm::Linf;
        const double linf = attack.eps > 0 ? attack.eps : reach * flatness(model) * (isBox ? 1.0 : 2.5);
        const double l2 = isBox ? linf * std::sqrt(pixels) * 0.75 : reach;
        row.distance = {isBox ? 2900.0 : 1500.0, l2 * (attack.norm == Norm::L1 ? 9.0 : 30.0), l2, linf};
        row.survives8bit = rng.uniform() < (isBox ? 0.98 : 0.7);
        row.survivesJpeg = rng.uniform() < (isBox ? 0.6 : 0.2);
        return row;
    }

    void addAttack(const AttackPlan& attack)
    {
        StudyAnalysis analysis;
        analysis.target.kind = attack.goal;
        analysis.attack.name = attack.name;
        analysis.attack.norm = attack.norm;
        analysis.attack.parameters = Params(attackInfo(attack.name).parameters);
        analysis.id = std::string(attack.name) + "-" + normName(attack.norm);
        analysis.label = attackInfo(attack.name).label;
        if (attack.steps > 0) {
            analysis.attack.parameters.set("steps", attack.steps);
            analysis.id += "-steps" + std::to_string(attack.steps);
            analysis.label += ", " + std::to_string(attack.steps) + " steps";
        }
        if (attack.eps > 0) {
            analysis.attack.parameters.set("eps", attack.eps);
            analysis.id += attack.eps < 0.05 ? "-eps0.03" : "-eps0.06";
            analysis.label += attack.eps < 0.05 ? ", eps 0.03" : ", eps 0.06";
        }
        if (attack.confidence > 0) {
            analysis.attack.parameters.set("confidence", attack.confidence);
            analysis.id += "-confidence20";
            analysis.label += ", confidence 20";
        }
        if (attack.goal != Goal::Untargeted) {
            analysis.id += "-random";
            analysis.label += ", random target";
        }
        analysis.transfers = attack.transfers;
        m_results.study.analyses.push_back(std::move(analysis));
        addAttackCells(attack);
        m_results.transfers.emplace_back();
        if (attack.transfers)
            addTransfers(attack);
    }

    void addAttackCells(const AttackPlan& attack)
    {
        std::vector<std::shared_ptr<const StudyCell>> cells;
        for (int m = 0; m < m_models; ++m) {
            StudyCell cell;
            for (const std::int32_t image : entering(m))
                cell.attack.push_back(attackRow(attack, m, image));
            if (!m_results.works(m))
                cell.errors = {m_results.models[std::size_t(m)].error};
            cells.push_back(std::make_shared<const StudyCell>(std::move(cell)));
        }
        m_results.cells.push_back(std::move(cells));
    }

    void addTransfers(const AttackPlan& attack)
    {
        for (int source = 0; source < m_models; ++source)
            for (int target = 0; target < m_models; ++target)
                if (m_results.works(source) && m_results.works(target) && !m_results.refusedPairs.contains({source, target}))
                    m_results.transfers.back()[{source, target}] = std::make_shared<const StudyTransfer>(transfer(attack, source, target));
    }

    /// How far apart two models are in what fools them: kin are near, robust models fool naturally trained ones poorly.
    [[nodiscard]] double affinity(int source, int target) const
    {
        const bool isKin = std::string_view(plan(source).family) == plan(target).family;
        const double strength = 0.7 * std::sin(1.7 * source) + (std::string_view(plan(source).family) == "VGG" ? 0.9 : 0.0);
        return (isKin ? 1.1 : -0.9) + strength - 1.1 * std::log(plan(target).robustness / 0.4);
    }

    [[nodiscard]] StudyTransfer transfer(const AttackPlan& attack, int source, int target) const
    {
        StudyTransfer made;
        if (inputSide(source) != inputSide(target))
            made.conversions = {"resized from " + std::to_string(inputSide(source)) + " x " + std::to_string(inputSide(source)) + " to "
                + std::to_string(inputSide(target)) + " x " + std::to_string(inputSide(target)) + " (bilinear)"};
        const std::vector<StudyAttackRow>& rows = m_results.cell(int(m_results.cells.size()) - 1, source).attack;
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const StudyAttackRow& row = rows[r];
            Rng rng = streamOf({5, std::uint64_t(&attack - attackPlans), std::uint64_t(source), std::uint64_t(target), std::uint64_t(row.image)});
            const std::int32_t clean = m_results.predicted[std::size_t(target)][std::size_t(row.image)];
            const double chance = logistic(attack.spread + affinity(source, target) + 0.8 * m_hardness[std::size_t(row.image)] - (row.success ? 0 : 1.5));
            std::int32_t says = rng.uniform() < chance ? otherClass(rng, m_results.images[std::size_t(row.image)].label) : clean;
            if (row.target >= 0 && says != clean && rng.uniform() < 0.35)
                says = row.target;
            if (source == target)
                says = row.success ? row.adversarialClass : clean;
            made.row.push_back(std::int32_t(r));
            made.predicted.push_back(says);
            made.margin.push_back(float(0.1 + 4 * rng.uniform()));
            made.clean.push_back(clean);
        }
        return made;
    }

    void addClever()
    {
        StudyAnalysis analysis;
        analysis.id = "clever-l2";
        analysis.label = "CLEVER L2, radius 1, 50 x 128";
        analysis.kind = AnalysisKind::Clever;
        analysis.clever.norm = Norm::L2;
        analysis.clever.radius = 1;
        analysis.clever.batches = 50;
        analysis.clever.samples = 128;
        analysis.images = 20;
        std::vector<std::shared_ptr<const StudyCell>> cells;
        for (int m = 0; m < m_models; ++m) {
            StudyCell cell;
            for (const std::int32_t image : entering(m))
                if (std::ssize(cell.clever) < analysis.images)
                    cell.clever.push_back(cleverRow(analysis.clever.radius, m, image));
            cells.push_back(std::make_shared<const StudyCell>(std::move(cell)));
        }
        m_results.study.analyses.push_back(std::move(analysis));
        m_results.cells.push_back(std::move(cells));
        m_results.transfers.emplace_back();
    }

    [[nodiscard]] StudyCleverRow cleverRow(double radius, int model, std::int32_t image) const
    {
        Rng rng = streamOf({6, std::uint64_t(model), std::uint64_t(image)});
        StudyCleverRow row;
        row.image = image;
        row.target = otherClass(rng, m_results.images[std::size_t(image)].label);
        row.isRefused = rng.uniform() < 0.03;
        if (!row.isRefused) {
            row.score = std::min(radius, 0.8 * boundary(model, image) * std::exp(0.1 * rng.normal()));
            row.capped = row.score == radius;
            row.interval = {0.9 * row.score, std::min(radius, 1.1 * row.score)};
        }
        row.forwards = row.backwards = 6400;
        row.seconds = 1.5F;
        return row;
    }

    int m_models, m_images;
    StudyResults m_results;
    std::vector<double> m_hardness; ///< of each image, standard normal
};

} // namespace

StudyResults studySample(int models, int images, int attacks) { return SampleMaker(models, images, attacks).take(); }

} // namespace brink::test
