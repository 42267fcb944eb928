// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Certified bounds on real networks: their order, their cost, and the verdicts of complete verifiers.
#include "core/certify/certify.h"

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"
#include "core/study/verifytable.h"
#include "tests/support/realdata.h"

#include <QElapsedTimer>
#include <QTest>

#include <map>

using namespace brink;

namespace {

std::string dataPath(const std::string& name) { return test::realDataFolder().toStdString() + '/' + name; }

std::shared_ptr<const Classifier> modelNamed(const std::string& name) { return loadClassifier(dataPath("models/" + name + ".pt"), {.calibrateBatch = false}); }

/// Images that the model gets right.
std::vector<Image> rightImages(const std::string& model, const std::shared_ptr<const Classifier>& classifier, std::size_t count)
{
    const auto images = openDataset(dataPath(model.starts_with("mnist") ? "mnist/t10k-images-idx3-ubyte.gz" : "cifar10/test_batch.bin"));
    std::vector<Image> right;
    Evaluator evaluator(classifier);
    for (std::int64_t i = 0; right.size() < count; ++i) {
        Image image = images->image(i);
        if (evaluator.logits(tensorFromImages(std::span(&image, 1))).argmax(1).item<std::int64_t>() == images->label(i))
            right.push_back(std::move(image));
    }
    return right;
}

/// Seconds of one bare gradient of one image: forward and back, best of a few.
double gradientSeconds(const std::shared_ptr<const Classifier>& classifier, const Image& image)
{
    Evaluator evaluator(classifier);
    const at::Tensor x = tensorFromImages(std::span(&image, 1));
    double best = 1e9;
    for (int i = 0; i < 20; ++i) {
        QElapsedTimer clock;
        clock.start();
        const ForwardPass pass = evaluator.forward(x);
        (void)evaluator.gradient(pass, pass.logits.select(1, 0));
        best = std::min(best, double(clock.nsecsElapsed()) * 1e-9);
    }
    return best;
}

/// Hours of bounds are for a run by hand.
bool runsAll() { return qEnvironmentVariableIntValue("BRINK_TEST_ALL") != 0; }

} // namespace

class TestCertifyReal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        requireRealData();
        configureTorch(1, 1);
    }

    /// IBP <= CROWN <= alpha-CROWN on real images, and what each costs in bare gradients. What is proved is tried again by sampling corners.
    void betterMethodsProveMore_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("norm");
        for (const char* model : {"mnist_cnn_a_adv", "mnist_kw_certified", "mnist_fc_256x2", "mnist_eran_fc_6_100", "mnist_sigmoid_6_200", "mnist_conv_avgpool",
                 "mnist_conv_maxpool", "cifar10_cnn_a_adv", "cifar10_oval_deep_kw", "cifar10_conv_small_sigmoid", "cifar10_lenet_captum"})
            for (const Norm norm : {Norm::Linf, Norm::L2})
                QTest::addRow("%s, %s", model, normName(norm).c_str()) << QString::fromLatin1(model) << int(norm);
    }
    void betterMethodsProveMore()
    {
        QFETCH(QString, model);
        QFETCH(int, norm);
        const auto classifier = modelNamed(model.toStdString());
        const auto certifiable = std::make_shared<const CertifiableModel>(classifier);
        const std::vector<Image> images = rightImages(model.toStdString(), classifier, runsAll() ? 2 : 1);
        const double gradient = gradientSeconds(classifier, images.front());
        QString text;
        for (const Image& image : images) {
            std::vector<double> radii;
            for (const CertifyMethod method : {CertifyMethod::Ibp, CertifyMethod::Crown, CertifyMethod::AlphaCrown}) {
                PlainMonitor monitor;
                const CertifyResult result = runCertify({.model = certifiable, .images = {image}, .norm = Norm(norm), .method = method}, monitor).front();
                radii.push_back(*result.radius);
                text += QStringLiteral("%1 %2 in %3 gradients, %4 balls; ").arg(QString::fromStdString(certifyMethodName(method))).arg(*result.radius)
                            .arg(result.seconds / gradient, 0, 'f', 0).arg(result.balls);
            }
            QVERIFY2(radii[0] > 0 && radii[0] <= radii[1] * 1.001 && radii[1] <= radii[2] * 1.001, qPrintable(text));
            const at::Tensor x = tensorFromImages(std::span(&image, 1));
            const at::Tensor noise = at::randn({500, x.size(1), x.size(2), x.size(3)}, at::make_generator<at::CPUGeneratorImpl>(std::uint64_t(3)), at::kFloat);
            const at::Tensor step = Norm(norm) == Norm::Linf ? noise.sign() : noise / noise.flatten(1).norm(2, 1).view({-1, 1, 1, 1});
            Evaluator evaluator(classifier);
            const at::Tensor found = evaluator.logits((x + step * radii[2]).clamp(0, 1)).argmax(1);
            QVERIFY((found == evaluator.logits(x).argmax(1)).all().item<bool>());
        }
        qInfo("bare gradient %.3g ms; %s", 1e3 * gradient, qPrintable(text));
    }

    /// No ball with an adversarial image in it may be proved; many verified ones should be.
    void verdictsOfCompleteVerifiers_data()
    {
        QTest::addColumn<QString>("model");
        for (const char* model : {"mnist_fc_256x2", "mnist_fc_256x4", "mnist_relu_9_200", "mnist_sigmoid_6_200", "mnist_conv_avgpool", "mnist_conv_maxpool",
                 "cifar10_oval_base_kw", "cifar10_oval_deep_kw", "cifar10_marabou_small", "cifar10_marabou_large", "cifar10_resnet_2b", "cifar10_sri_resnet_a"})
            QTest::addRow("%s", model) << QString::fromLatin1(model);
    }
    void verdictsOfCompleteVerifiers()
    {
        QFETCH(QString, model);
        if (!runsAll() && model == "cifar10_sri_resnet_a")
            QSKIP("minutes long; BRINK_TEST_ALL=1 runs it");
        const VerifyTable table = readVerifyTable(dataPath("vnncomp/instances.jsonl"), VerifyTrust::Hard);
        const auto certifiable = std::make_shared<const CertifiableModel>(modelNamed(model.toStdString()));
        std::map<CertifyMethod, int> proved;
        int robust = 0, violated = 0;
        double seconds = 0;
        for (const VerifyInstance& instance : table.instances) {
            const bool isRobust = instance.verdict == VerifyVerdict::Robust;
            if (instance.model != model.toStdString())
                continue;
            ++(isRobust ? robust : violated);
            CertifyRequest request{.model = certifiable, .images = {verifyImage(instance)}, .references = {instance.criterion.reference}, .norm = Norm::Linf, .eps = instance.eps};
            if (instance.criterion.isTargeted())
                request.target = instance.criterion.target;
            for (const CertifyMethod method : certifyMethods()) {
                request.method = method;
                request.domains = runsAll() ? 1000 : 50;
                PlainMonitor monitor;
                const CertifyResult result = runCertify(request, monitor).front();
                seconds += result.seconds;
                proved[method] += result.isProved;
                QVERIFY2(isRobust || !result.isProved, qPrintable(QStringLiteral("%1 proves %2, which is violated").arg(QString::fromStdString(certifyMethodName(method)), QString::fromStdString(instance.id))));
            }
        }
        qInfo("%d robust: ibp %d, crown-ibp %d, crown %d, alpha-crown %d, beta-crown %d; %d violated: none proved; %.1f s", robust, proved[CertifyMethod::Ibp], proved[CertifyMethod::CrownIbp],
            proved[CertifyMethod::Crown], proved[CertifyMethod::AlphaCrown], proved[CertifyMethod::BetaCrown], violated, seconds);
        QVERIFY(robust + violated > 0);
    }
};

QTEST_GUILESS_MAIN(TestCertifyReal)
#include "tst_certifyreal.moc"
