// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/classifier_torch.h"

#include "core/base/json.h"
#include "core/data/dataset.h"
#include "core/data/filebytes.h"
#include "core/model/torchruntime.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

using namespace brink;

namespace {

constexpr double pgdRadius = 0.1; // the budget that cnn-pgd was trained for

std::string examplePath(const QString& name)
{
    return QDir(QStringLiteral(BRINK_SOURCE_EXAMPLES)).filePath(name).toStdString();
}

struct LabelledPixels {
    at::Tensor x;
    at::Tensor labels;
};

LabelledPixels storedImages()
{
    const auto dataset = openDataset(examplePath(QStringLiteral("example-images-idx3-ubyte.gz")));
    std::vector<Image> images;
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < dataset->size(); ++i) {
        images.push_back(dataset->image(i));
        labels.push_back(dataset->label(i).value());
    }
    return {tensorFromImages(images), at::tensor(at::ArrayRef<std::int64_t>(labels))};
}

std::int64_t correctCount(Evaluator& evaluator, const LabelledPixels& data)
{
    return evaluator.logits(data.x).argmax(1).eq(data.labels).sum().item<std::int64_t>();
}

/// PGD on the margin to the best other class, 20 steps from the clean image.
LabelledPixels attacked(Evaluator& evaluator, const LabelledPixels& data)
{
    constexpr int steps = 20;
    const at::Tensor own = at::one_hot(data.labels, 10).to(at::kFloat);
    at::Tensor x = data.x;
    for (int step = 0; step < steps; ++step) {
        const ForwardPass pass = evaluator.forward(x);
        const at::Tensor margin = (pass.logits - 1e9 * own).amax(1) - (pass.logits * own).sum(1);
        const at::Tensor moved = x + 0.1 * pgdRadius * evaluator.gradient(pass, margin).sign();
        x = at::max(at::min(moved, data.x + pgdRadius), data.x - pgdRadius).clamp(0, 1);
    }
    return {x, data.labels};
}

std::shared_ptr<const Classifier> loadExample(const QString& name)
{
    return loadClassifier(examplePath(name + QStringLiteral(".pt")));
}

} // namespace

class TestExampleFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }
    void classifyTheStoredImages_data();
    void classifyTheStoredImages();
    void comeWithBalancedImages();
    void distillationMultipliesMargins();
    void pgdTrainingMakesRobust();
    void staySmall();
};

void TestExampleFiles::classifyTheStoredImages_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"mlp", "cnn", "cnn-distilled", "cnn-brelu", "cnn-pgd", "cnn-smooth"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestExampleFiles::classifyTheStoredImages()
{
    QFETCH(QString, name);
    const std::string card = readTextFile(examplePath(name + QStringLiteral(".card.json")));
    const QString statement = QString::fromStdString(Json::parse(card).at("origin").get<std::string>());
    const auto stated = QRegularExpression(QStringLiteral("Accuracy ([0-9.]+) % .* ([0-9]+) right of the 100 stored")).match(statement);
    QVERIFY2(stated.hasMatch(), qPrintable(statement));
    Evaluator evaluator(loadExample(name));
    // One image of slack: another processor may round a near tie the other way.
    const std::int64_t correct = correctCount(evaluator, storedImages());
    QVERIFY2(std::abs(correct - stated.captured(2).toLongLong()) <= 1, qPrintable(QString::number(correct)));
    const double accuracy = stated.captured(1).toDouble();
    QVERIFY2(accuracy > 93 && accuracy < 100, qPrintable(stated.captured(1)));
}

void TestExampleFiles::comeWithBalancedImages()
{
    const LabelledPixels data = storedImages();
    QCOMPARE(data.x.size(0), std::int64_t(100));
    QVERIFY(data.labels.bincount().eq(10).all().item<bool>());
    QVERIFY(data.x.min().item<float>() >= 0 && data.x.max().item<float>() <= 1);
}

void TestExampleFiles::distillationMultipliesMargins()
{
    const auto medianMargin = [](const QString& name) {
        Evaluator evaluator(loadExample(name));
        const auto best = std::get<0>(evaluator.logits(storedImages().x).topk(2, 1));
        return (best.select(1, 0) - best.select(1, 1)).median().item<double>();
    };
    // Logits are trained divided by T = 100; the soft labels take some of that back.
    QVERIFY(medianMargin(QStringLiteral("cnn-distilled")) > 20 * medianMargin(QStringLiteral("cnn")));
}

void TestExampleFiles::pgdTrainingMakesRobust()
{
    const LabelledPixels data = storedImages();
    const auto robustCount = [&](const QString& name) {
        Evaluator evaluator(loadExample(name));
        return correctCount(evaluator, attacked(evaluator, data));
    };
    const auto plain = robustCount(QStringLiteral("cnn"));
    const auto robust = robustCount(QStringLiteral("cnn-pgd"));
    qInfo("right of 100 under PGD-20, Linf 0.1: plain %lld, PGD-trained %lld", (long long)plain, (long long)robust);
    // Measured: 0 and 42. The faintest ink is only 0.45 above its background, so many images cannot be held at 0.1.
    QVERIFY(plain <= 5);
    QVERIFY(robust >= 35);
}

void TestExampleFiles::staySmall()
{
    qint64 total = 0;
    for (const QFileInfo& file : QDir(QStringLiteral(BRINK_SOURCE_EXAMPLES)).entryInfoList(QDir::Files)) {
        QVERIFY2(file.size() < 1 << 20, qPrintable(file.fileName()));
        total += file.size();
    }
    QVERIFY(total > 0 && total < 3 << 20);
}

QTEST_GUILESS_MAIN(TestExampleFiles)
#include "tst_examplefiles.moc"
