// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/preprocessing.h"

#include "tests/core/data/testfiles.h"
#include "tests/support/compare.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace brink;

namespace {

/// Grey rises linearly from left to right, and a little from top to bottom.
Image ramp(int channels, int height, int width)
{
    Image image{channels, height, width, {}, "ramp.png", {}};
    for (int c = 0; c < channels; ++c)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                image.pixels.push_back(float(0.1 * c + 0.5 * (x + 0.5) / width + 0.2 * (y + 0.5) / height));
    return image;
}

} // namespace

class TestPreprocessing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void leavesFittingImagesAlone();
    void namesEveryStep_data();
    void namesEveryStep();
    void refusesOtherSizes();
    void enlargesBilinearly();
    void shrinksWithoutAliasing();
    void keepsRampsWhenResizing();
    void cropsTheCentre();
    void convertsChannels();
    void refusesWhatItCannotConvert();
    void knowsRuleNames();
};

void TestPreprocessing::leavesFittingImagesAlone()
{
    const Image image = ramp(3, 8, 9);
    for (const ResizeRule rule : {ResizeRule::Refuse, ResizeRule::Stretch, ResizeRule::CropCentre, ResizeRule::Fit}) {
        const PreparedImage prepared = prepareImage(image, 3, 8, 9, rule);
        QVERIFY(prepared.conversions.empty());
        QVERIFY(prepared.image.pixels == image.pixels);
    }
}

void TestPreprocessing::namesEveryStep_data()
{
    QTest::addColumn<int>("rule");
    QTest::addColumn<QString>("steps");
    QTest::addRow("stretch") << int(ResizeRule::Stretch) << "resize 500x375 -> 224x224 bilinear; grey -> RGB by repetition";
    QTest::addRow("ImageNet custom") << int(ResizeRule::CropCentre)
                                     << "resize 500x375 -> 341x256 bilinear; centre crop 224x224; grey -> RGB by repetition";
    QTest::addRow("fit") << int(ResizeRule::Fit) << "resize 500x375 -> 299x224 bilinear; centre crop 224x224; grey -> RGB by repetition";
}

void TestPreprocessing::namesEveryStep()
{
    QFETCH(int, rule);
    const PreparedImage prepared = prepareImage(ramp(1, 375, 500), 3, 224, 224, ResizeRule(rule));
    QStringList steps;
    for (const std::string& step : prepared.conversions)
        steps << QString::fromStdString(step);
    QTEST(steps.join(QStringLiteral("; ")), "steps");
    QCOMPARE(prepared.image.size(), std::size_t(3 * 224 * 224));
}

void TestPreprocessing::refusesOtherSizes()
{
    verifyError(prepareImage(ramp(1, 375, 500), 1, 28, 28, ResizeRule::Refuse), ErrorCode::Shape,
        "ramp.png: the image is 500x375 pixels, the model takes 28x28");
}

void TestPreprocessing::enlargesBilinearly()
{
    const Image two{1, 1, 2, {0, 1}, {}, {}};
    const Image four = prepareImage(two, 1, 1, 4, ResizeRule::Stretch).image;
    // Pixel centres of the four lie at 0.25, 0.75, 1.25, 1.75 of the two: 0, 1/4, 3/4, 1.
    QVERIFY(four.pixels == (std::vector<float>{0, 0.25f, 0.75f, 1}));
}

void TestPreprocessing::shrinksWithoutAliasing()
{
    // A checkerboard shrunk by 4 becomes even grey away from the border; plain bilinear sampling would keep a pattern.
    Image board{1, 32, 32, {}, {}, {}};
    for (int i = 0; i < 32 * 32; ++i)
        board.pixels.push_back(float((i + i / 32) % 2));
    const Image small = prepareImage(board, 1, 8, 8, ResizeRule::Stretch).image;
    for (int y = 1; y < 7; ++y)
        for (int x = 1; x < 7; ++x)
            compareClose(small.pixels[std::size_t(8 * y + x)], 0.5, 0.0, 1e-6); // sums of at most 64 float32 values
    // Pillow's bilinear for 4 -> 2: weights 1/8, 3/8, 3/8, 1/8 cut at the border: (0.75,0.75,0.25)/1.75.
    const Image pair = prepareImage(Image{1, 1, 4, {0, 0.25f, 0.5f, 1}, {}, {}}, 1, 1, 2, ResizeRule::Stretch).image;
    compareClose(pair.pixels[0], (0.75 * 0 + 0.75 * 0.25 + 0.25 * 0.5) / 1.75, 0.0, 1e-7);
    compareClose(pair.pixels[1], (0.25 * 0.25 + 0.75 * 0.5 + 0.75 * 1) / 1.75, 0.0, 1e-7);
}

void TestPreprocessing::keepsRampsWhenResizing()
{
    const Image small = prepareImage(ramp(3, 90, 120), 3, 30, 40, ResizeRule::Stretch).image;
    const Image expected = ramp(3, 30, 40);
    for (int y = 2; y < 28; ++y)
        for (int x = 2; x < 38; ++x) {
            const auto at = std::size_t((2 * 30 + y) * 40 + x);
            compareClose(small.pixels[at], expected.pixels[at], 0.0, 1e-6); // a symmetric filter keeps a plane; float32 sums
        }
}

void TestPreprocessing::cropsTheCentre()
{
    Image wide{1, 2, 6, {}, {}, {}};
    wide.pixels = {0, 1, 0.25f, 0.5f, 1, 0, 0, 1, 0.75f, 1, 1, 0};
    const PreparedImage prepared = prepareImage(wide, 1, 2, 2, ResizeRule::Fit);
    QVERIFY(prepared.image.pixels == (std::vector<float>{0.25f, 0.5f, 0.75f, 1}));
    QCOMPARE(prepared.conversions.size(), std::size_t(1));
}

void TestPreprocessing::convertsChannels()
{
    const Image colour{3, 1, 1, {1, 0.5f, 0.25f}, {}, {}};
    const PreparedImage grey = prepareImage(colour, 1, 1, 1, ResizeRule::Refuse);
    compareClose(grey.image.pixels.at(0), 0.299 + 0.587 * 0.5 + 0.114 * 0.25, 0.0, 1e-7);
    QCOMPARE(grey.conversions, ConversionRecord{"RGB -> grey by ITU-R 601 weights"});
    QCOMPARE(prepareImage(Image{3, 1, 1, {1, 1, 1}, {}, {}}, 1, 1, 1, ResizeRule::Refuse).image.pixels.at(0), 1.0f);
    const PreparedImage again = prepareImage(grey.image, 3, 1, 1, ResizeRule::Refuse);
    QVERIFY(again.image.pixels == std::vector<float>(3, grey.image.pixels[0]));
}

void TestPreprocessing::refusesWhatItCannotConvert()
{
    verifyError(prepareImage(ramp(1, 4, 4), 4, 4, 4, ResizeRule::Stretch), ErrorCode::Shape, "the model takes 4");
    verifyError(prepareImage(Image{}, 1, 4, 4, ResizeRule::Stretch), ErrorCode::Shape, "without pixels");
}

void TestPreprocessing::knowsRuleNames()
{
    for (const ResizeRule rule : {ResizeRule::Refuse, ResizeRule::Stretch, ResizeRule::CropCentre, ResizeRule::Fit})
        QCOMPARE(int(resizeRuleFromName(resizeRuleName(rule))), int(rule));
    verifyError(resizeRuleFromName("crop-center"), ErrorCode::Usage, "did you mean \"crop-centre\"");
}

QTEST_APPLESS_MAIN(TestPreprocessing)
#include "tst_preprocessing.moc"
