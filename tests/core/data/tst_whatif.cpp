// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/whatif.h"

#include "core/base/error.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace brink;

namespace {

/// A smooth ramp with a bright dot.
Image sampleImage(int channels, int height, int width)
{
    Image image;
    image.channels = channels;
    image.height = height;
    image.width = width;
    for (int c = 0; c < channels; ++c)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                image.pixels.push_back(float(x + y) / float(height + width) * 0.8F + 0.05F * float(c));
    image.pixels[image.pixels.size() / 2] = 1;
    image.source = "ramp";
    return image;
}

double meanOf(const Image& image) { return std::accumulate(image.pixels.begin(), image.pixels.end(), 0.0) / double(image.size()); }

double largestDifference(const Image& a, const Image& b)
{
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(double(a.pixels[i]) - double(b.pixels[i])));
    return largest;
}

WhatIf withScale(double scale) { WhatIf whatIf; whatIf.scale = scale; return whatIf; }
WhatIf withBlur(double blur) { WhatIf whatIf; whatIf.blur = blur; return whatIf; }
WhatIf withBits(int bits) { WhatIf whatIf; whatIf.bits = bits; return whatIf; }
WhatIf withJpeg(int quality) { WhatIf whatIf; whatIf.jpegQuality = quality; return whatIf; }

} // namespace

Q_DECLARE_METATYPE(brink::WhatIf)

class TestWhatIf : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingChangesNothing()
    {
        const Image image = sampleImage(3, 9, 7);
        QCOMPARE(applyWhatIf(image, {}).pixels, image.pixels);
        QVERIFY(WhatIf().isNothing() && whatIfRecord({}).empty());
    }

    void bitsRoundToTheirLevels()
    {
        const Image image = sampleImage(1, 8, 8);
        for (const int bits : {1, 3, 8}) {
            const Image rounded = applyWhatIf(image, withBits(bits));
            const double levels = (1 << bits) - 1;
            QVERIFY(largestDifference(rounded, image) <= 0.5 / levels + 1e-6);
            for (const float value : rounded.pixels)
                QVERIFY(std::abs(double(value) * levels - std::round(double(value) * levels)) < 1e-4);
        }
    }

    // A Gaussian of mirrored borders keeps the sum; its peak is the dot's height over 2 pi sigma^2.
    void blurSpreadsADot()
    {
        Image image = sampleImage(1, 41, 41);
        std::ranges::fill(image.pixels, 0.0F);
        image.pixels[20 * 41 + 20] = 1;
        const Image blurred = applyWhatIf(image, withBlur(2));
        QVERIFY(std::abs(meanOf(blurred) - meanOf(image)) < 1e-6);
        const double peak = double(blurred.pixels[20 * 41 + 20]);
        QVERIFY2(std::abs(peak - 1 / (2 * M_PI * 4)) < 1e-3, qPrintable(QString::number(peak)));
    }

    void scaleKeepsTheSizeAndLosesTheDot()
    {
        const Image image = sampleImage(3, 32, 32);
        const Image scaled = applyWhatIf(image, withScale(0.25));
        QCOMPARE(scaled.pixels.size(), image.pixels.size());
        QVERIFY(std::abs(meanOf(scaled) - meanOf(image)) < 0.01);
        QVERIFY(double(scaled.pixels[image.size() / 2]) < 0.7);
    }

    void jpegIsFaithfulAtHighQualityOnly_data()
    {
        QTest::addColumn<int>("channels");
        QTest::addRow("grey") << 1;
        QTest::addRow("colour") << 3;
    }

    void jpegIsFaithfulAtHighQualityOnly()
    {
        QFETCH(int, channels);
        Image image = sampleImage(channels, 32, 32);
        // Without the dot, whose colour the 4:2:0 subsampling would spread.
        const std::size_t dot = image.size() / 2;
        image.pixels[dot] = image.pixels[dot + 1];
        const double good = largestDifference(throughJpeg(image, 100), image);
        const double bad = largestDifference(throughJpeg(image, 5), image);
        QVERIFY2(good < 0.04, qPrintable(QString::number(good)));
        QVERIFY2(bad > 2 * good, qPrintable(QString::number(bad)));
        QCOMPARE(throughJpeg(image, 90).source, image.source);
    }

    void absurdValuesAreRefused_data()
    {
        QTest::addColumn<WhatIf>("whatIf");
        QTest::addRow("scale 0") << withScale(0);
        QTest::addRow("scale 2") << withScale(2);
        QTest::addRow("scale NaN") << withScale(NAN);
        QTest::addRow("blur below 0") << withBlur(-1);
        QTest::addRow("blur of 1000") << withBlur(1000);
        QTest::addRow("0 bits") << withBits(0);
        QTest::addRow("9 bits") << withBits(9);
        QTest::addRow("JPEG quality 0") << withJpeg(0);
        QTest::addRow("JPEG quality 101") << withJpeg(101);
    }

    void absurdValuesAreRefused()
    {
        QFETCH(WhatIf, whatIf);
        try {
            static_cast<void>(applyWhatIf(sampleImage(1, 4, 4), whatIf));
            QFAIL("not refused");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Domain);
        }
    }

    void eachStepIsRecorded()
    {
        WhatIf whatIf = withJpeg(75);
        whatIf.bits = 1;
        QCOMPARE(whatIfRecord(whatIf), (std::vector<std::string>{"what if: 1 bit a channel", "what if: JPEG quality 75"}));
    }
};

QTEST_APPLESS_MAIN(TestWhatIf)
#include "tst_whatif.moc"
