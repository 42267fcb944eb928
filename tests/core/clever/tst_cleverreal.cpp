// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/clever.h"

#include "core/model/torchruntime.h"
#include "tests/support/compare.h"
#include "tests/support/realdata.h"

#include <QFile>

using namespace brink;

namespace {

/// First record of the exact CIFAR-10 test images: a label byte, then 3072 bytes.
Image cifarImage()
{
    QFile file(test::realDataFolder() + QStringLiteral("/cifar10/test_batch.bin"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray record = file.read(3073);
    Image image;
    image.channels = 3;
    image.height = image.width = 32;
    for (int i = 1; i < record.size(); ++i)
        image.pixels.push_back(float(static_cast<unsigned char>(record[i])) / 255.0F);
    return image;
}

} // namespace

class TestCleverReal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }
    void scoresOfARealModelAreConsistent();
};

void TestCleverReal::scoresOfARealModelAreConsistent()
{
    requireRealData();
    const auto model = loadClassifier((test::realDataFolder() + QStringLiteral("/models/cifar10_conv_small_sigmoid.pt")).toStdString());
    CleverRequest request;
    request.batches = 20;
    request.samples = 64;
    request.sampling = CleverSampling::ReleasedCode;
    request.allNorms = true;
    request.radius = 3;
    PlainMonitor monitor;
    const CleverResult result = computeClever(model, cifarImage(), request, monitor);
    QVERIFY(result.score);
    QCOMPARE(result.targets.size(), std::size_t(9));
    QCOMPARE(result.otherNorms.size(), std::size_t(2));
    const CleverResult& l1 = result.otherNorms[0];
    const CleverResult& linf = result.otherNorms[1];
    // Norm order of the same gradients: |g|_inf <= |g|_2 <= |g|_1, so distances fall from L1 to Linf.
    QVERIFY(*l1.score >= *result.score && *result.score >= *linf.score);
    for (const CleverTargetResult& target : result.targets) {
        QVERIFY(target.lipschitz >= target.fit.sampleMaximum);
        // The image itself lies in the ball, and samples come near it.
        QVERIFY(target.score <= target.linearisedDistance * 1.1);
        QVERIFY(target.zeroGradientShare < 0.01);
    }
}

QTEST_GUILESS_MAIN(TestCleverReal)
#include "tst_cleverreal.moc"
