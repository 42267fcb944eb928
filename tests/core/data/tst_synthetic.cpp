// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/synthetic.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace brink;

namespace {

/// No noise, no blur, no deformation.
GlyphStyle plainStyle()
{
    GlyphStyle style;
    style.rotationDegrees = style.shear = style.shift = style.largestNoise = 0;
    style.smallest = 1;
    style.thinnest = style.thickest = 1.2;
    style.largestBlur = 0.2;
    style.faintest = 1;
    return style;
}

double ink(const Image& image, int x, int y)
{
    const float background = *std::ranges::min_element(image.pixels);
    const float peak = *std::ranges::max_element(image.pixels);
    return double((image.pixels[std::size_t(y * image.width + x)] - background) / (peak - background));
}

} // namespace

class TestSynthetic : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dependsOnSeedAndIndexOnly();
    void givesLabelledGreyImages();
    void drawsTheGlyphs_data();
    void drawsTheGlyphs();
    void variesWithinAClass();
};

void TestSynthetic::dependsOnSeedAndIndexOnly()
{
    const SyntheticSet first = makeGlyphs(30, 1);
    const SyntheticSet longer = makeGlyphs(40, 1);
    const SyntheticSet other = makeGlyphs(30, 2);
    for (std::size_t i = 0; i < 30; ++i) {
        QVERIFY(first.images[i].pixels == longer.images[i].pixels);
        QVERIFY(first.images[i].pixels != other.images[i].pixels);
    }
}

void TestSynthetic::givesLabelledGreyImages()
{
    const SyntheticSet set = makeGlyphs(25, 3);
    QCOMPARE(set.images.size(), std::size_t(25));
    QCOMPARE(set.classNames.size(), std::size_t(10));
    QCOMPARE(std::set<std::string>(set.classNames.begin(), set.classNames.end()).size(), std::size_t(10));
    for (std::size_t i = 0; i < set.images.size(); ++i) {
        QCOMPARE(set.labels[i], std::int64_t(i % 10));
        QCOMPARE(set.images[i].size(), std::size_t(28 * 28));
        for (const float value : set.images[i].pixels) {
            QVERIFY(value >= 0 && value <= 1);
            QCOMPARE(float(std::lround(255 * value)) / 255.0f, value); // survives an 8-bit file
        }
    }
}

void TestSynthetic::drawsTheGlyphs_data()
{
    QTest::addColumn<int>("label");
    QTest::addColumn<int>("x");
    QTest::addColumn<int>("y");
    QTest::addColumn<bool>("isInk");
    // The strokes span 13.5 +- 0.8 * 11.2 pixels or so around the centre.
    QTest::addRow("ring is empty inside") << 0 << 13 << 13 << false;
    QTest::addRow("ring on the right") << 0 << 22 << 13 << true;
    QTest::addRow("square has a corner") << 1 << 5 << 5 << true;
    QTest::addRow("triangle has no upper corner") << 2 << 5 << 5 << false;
    QTest::addRow("triangle has a base") << 2 << 13 << 21 << true;
    QTest::addRow("plus has a centre") << 3 << 13 << 13 << true;
    QTest::addRow("plus has no diagonal") << 3 << 20 << 9 << false;
    QTest::addRow("star has a diagonal") << 4 << 20 << 10 << true;
    QTest::addRow("arrow has a shaft") << 5 << 13 << 20 << true;
    QTest::addRow("arrow has a tip") << 5 << 13 << 5 << true;
    QTest::addRow("fork has no tip") << 6 << 13 << 5 << false;
    QTest::addRow("zigzag has a top") << 7 << 13 << 5 << true;
    QTest::addRow("wave bends left above") << 8 << 9 << 9 << true;
    QTest::addRow("wave does not bend left below") << 8 << 9 << 18 << false;
    QTest::addRow("spiral ends on the right") << 9 << 23 << 13 << true;
}

void TestSynthetic::drawsTheGlyphs()
{
    QFETCH(int, label);
    QFETCH(int, x);
    QFETCH(int, y);
    QFETCH(bool, isInk);
    const SyntheticSet set = makeGlyphs(10, 5, plainStyle());
    const double value = ink(set.images[std::size_t(label)], x, y);
    QVERIFY2(isInk ? value > 0.6 : value < 0.2, qPrintable(QString::number(value)));
}

void TestSynthetic::variesWithinAClass()
{
    const SyntheticSet set = makeGlyphs(100, 1);
    const auto distance = [&](std::size_t a, std::size_t b) {
        double sum = 0;
        for (std::size_t i = 0; i < 784; ++i)
            sum += std::pow(double(set.images[a].pixels[i]) - double(set.images[b].pixels[i]), 2);
        return std::sqrt(sum);
    };
    for (std::size_t i = 10; i < 100; ++i)
        QVERIFY(distance(i, i - 10) > 1.0); // 28 x 28 values; 1.0 is an even change of 0.036
}

QTEST_APPLESS_MAIN(TestSynthetic)
#include "tst_synthetic.moc"
