// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/classifier_torch.h"

#include <torch/script.h>

#include "core/attack/attack.h"
#include "core/data/dataset.h"
#include "core/model/torchruntime.h"

#include "tests/support/compare.h"
#include "tests/support/realdata.h"

#include <QTest>

#include <algorithm>
#include <cstdio>
#include <map>

using namespace brink;

namespace {

struct Subject {
    const char* model;
    const char* images;
    bool isSlow;
};

/// One device batch, and at least the 50 images that the success check is about; nets that take minutes do so with BRINK_TEST_ALL=1.
std::int64_t imageCount(const Subject& subject)
{
    return subject.isSlow && qEnvironmentVariableIsEmpty("BRINK_TEST_ALL") ? 8 : 64;
}

// A fully connected ReLU net, sigmoids, max-pooling, an adversarially trained CNN, a residual net and a transformer.
constexpr Subject subjects[]{
    {"mnist_fc_256x4", "mnist/t10k-images-idx3-ubyte.gz", false},
    {"mnist_sigmoid_6_200", "mnist/t10k-images-idx3-ubyte.gz", false},
    {"mnist_conv_maxpool", "mnist/t10k-images-idx3-ubyte.gz", true},
    {"mnist_smallcnn_trades", "mnist/t10k-images-idx3-ubyte.gz", true},
    {"cifar10_resnet20", "cifar10/test_batch.bin", true},
    {"cifar10_vit_pgd_2_3_16", "cifar10/test_batch.bin", true},
};

std::string dataPath(const std::string& relative) { return brink::test::realDataFolder().toStdString() + "/" + relative; }

/// Enough steps for many successes; what is asked here does not depend on how near they are.
AttackRequest shortRequest(const AttackInfo& info, Norm norm)
{
    AttackRequest request{info.name, norm, Params(info.parameters, Preset::Preview), false, false};
    const auto limit = [&](const char* key, long long most) {
        if (request.parameters.contains(key))
            request.parameters.set(key, std::min<long long>(most, request.parameters.integer(key)));
    };
    limit("steps", 12);
    limit("searches", 3);
    limit("restarts", 2);
    limit("candidates", 3);
    limit("directions", 20);
    if (info.kind == AttackKind::FixedBudget)
        request.parameters.set("eps", norm == Norm::Linf ? 0.1 : norm == Norm::L2 ? 2.0 : 20.0);
    return request;
}

} // namespace

/// What the attacks say on real models, held against LibTorch by itself and against the same images one at a time.
class TestConfirmation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everySuccess_data();
    void everySuccess();

private:
    void load(const Subject& subject);
    [[nodiscard]] std::int64_t freshClass(const Image& image);
    [[nodiscard]] std::vector<AttackItem> items(bool isTargeted) const;
    int verifySuccesses(const std::vector<AttackOutcome>& outcomes, const std::vector<AttackItem>& items);
    void verifyAlone(const AttackRequest& request, const std::vector<AttackItem>& items, const std::vector<AttackOutcome>& together);

    const Subject* m_subject = nullptr;
    std::shared_ptr<const Classifier> m_classifier;
    torch::jit::Module m_module; ///< the same file as LibTorch loads it: neither frozen nor run through our classifier
    std::vector<Image> m_images;
    std::vector<std::array<std::int64_t, 2>> m_strongest; ///< class and runner-up of each image
};

void TestConfirmation::initTestCase()
{
    requireRealData();
    configureTorch(1, 1);
}

void TestConfirmation::load(const Subject& subject)
{
    if (m_subject == &subject)
        return;
    LoadOptions options;
    options.calibrateBatch = false; // device batches of 64
    m_classifier = loadClassifier(dataPath("models/" + std::string(subject.model) + ".pt"), options);
    m_module = torch::jit::load(m_classifier->path());
    m_module.eval();
    const auto dataset = openDataset(dataPath(subject.images));
    m_images.clear();
    m_strongest.clear();
    for (std::int64_t i = 0; i < imageCount(subject); ++i) {
        m_images.push_back(dataset->image(i));
        const at::Tensor best = std::get<1>(Evaluator(m_classifier).logits(tensorFromImages({&m_images.back(), 1})).topk(2, 1));
        m_strongest.push_back({best[0][0].item<std::int64_t>(), best[0][1].item<std::int64_t>()});
    }
    m_subject = &subject;
}

std::int64_t TestConfirmation::freshClass(const Image& image)
{
    const at::NoGradGuard noGrad;
    return m_module.forward({tensorFromImages({&image, 1})}).toTensor().argmax(1).item<std::int64_t>();
}

std::vector<AttackItem> TestConfirmation::items(bool isTargeted) const
{
    std::vector<AttackItem> all;
    for (std::size_t i = 0; i < m_images.size(); ++i) {
        AttackItem item{&m_images[i], {m_strongest[i][0], {}, 0}, i};
        if (isTargeted)
            item.criterion.target = m_strongest[i][1];
        all.push_back(item);
    }
    return all;
}

int TestConfirmation::verifySuccesses(const std::vector<AttackOutcome>& outcomes, const std::vector<AttackItem>& items)
{
    int successes = 0, refuted = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const AttackOutcome& outcome = outcomes[i];
        if (!outcome.success) {
            if (outcome.adversarial || outcome.distance || outcome.failure.empty())
                QTest::qFail("a failure carries an image, a distance or no reason", __FILE__, __LINE__);
            continue;
        }
        ++successes;
        const bool isReached = items[i].criterion.isSatisfiedBy(freshClass(*outcome.adversarial));
        if (!isReached)
            std::printf("image %d: class %d in a fresh forward\n", int(i), int(freshClass(*outcome.adversarial)));
        const bool isInBox = std::ranges::all_of(outcome.adversarial->pixels, [](float v) { return v >= 0 && v <= 1; });
        const double distance = distancesBetween(m_images[i], *outcome.adversarial).in(outcome.norm);
        refuted += !isReached || !isInBox
            || distance != outcome.distance->in(outcome.norm) || distance == 0 || distance > outcome.eps.value_or(HUGE_VAL) * (1 + 1e-5);
    }
    if (refuted > 0)
        QTest::qFail(qPrintable(QStringLiteral("%1 of %2 successes do not stand in a fresh forward").arg(refuted).arg(successes)),
            __FILE__, __LINE__);
    return successes;
}

void TestConfirmation::verifyAlone(
    const AttackRequest& request, const std::vector<AttackItem>& items, const std::vector<AttackOutcome>& together)
{
    for (const std::size_t i : {std::size_t(0), items.size() - 1}) {
        PlainMonitor monitor;
        const AttackOutcome alone = runAttack(m_classifier, request, std::span(items).subspan(i, 1), monitor).front();
        QCOMPARE(alone.success, together[i].success);
        QCOMPARE(alone.counts, together[i].counts);
        if (!alone.success)
            continue;
        float largest = 0;
        for (std::size_t p = 0; p < alone.adversarial->size(); ++p)
            largest = std::max(largest, std::abs(alone.adversarial->pixels[p] - together[i].adversarial->pixels[p]));
        QVERIFY2(largest <= 1e-5F, qPrintable(QStringLiteral("image %1 alone differs by %2").arg(i).arg(double(largest))));
        compareClose(alone.distance->in(request.norm), together[i].distance->in(request.norm), 1e-5, 0);
    }
}

void TestConfirmation::everySuccess_data()
{
    QTest::addColumn<int>("subject");
    QTest::addColumn<QString>("attack");
    QTest::addColumn<Norm>("norm");
    QTest::addColumn<bool>("isTargeted");
    for (int s = 0; s < int(std::size(subjects)); ++s)
        for (const AttackInfo& info : attackInfos())
            for (const Norm norm : info.norms) {
                const QString name = QString::fromStdString(info.name);
                QTest::addRow("%s %s on %s", info.name.c_str(), normName(norm).c_str(), subjects[s].model) << s << name << norm << false;
                if (info.canTarget && norm == info.norms.front())
                    QTest::addRow("%s %s targeted on %s", info.name.c_str(), normName(norm).c_str(), subjects[s].model)
                        << s << name << norm << true;
            }
}

void TestConfirmation::everySuccess()
{
    QFETCH(int, subject);
    QFETCH(QString, attack);
    QFETCH(Norm, norm);
    QFETCH(bool, isTargeted);
    load(subjects[subject]);
    const AttackRequest request = shortRequest(attackInfo(attack.toStdString()), norm);
    const std::vector<AttackItem> all = items(isTargeted);
    PlainMonitor monitor;
    const auto outcomes = runAttack(m_classifier, request, all, monitor);
    const int successes = verifySuccesses(outcomes, all);
    verifyAlone(request, all, outcomes);
    std::printf("%-55s %2d of %d fooled\n", QTest::currentDataTag(), successes, int(all.size()));
    std::fflush(stdout);
}

QTEST_APPLESS_MAIN(TestConfirmation)
#include "tst_confirmation.moc"
