// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image/pixelimage.h"

#include <QTest>

#include <cmath>

using namespace brink;

namespace {

double linear(double byte)
{
    const double c = byte / 255;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

/// CIE L* of an sRGB colour.
double lightness(QRgb colour)
{
    const double y = 0.2126 * linear(qRed(colour)) + 0.7152 * linear(qGreen(colour)) + 0.0722 * linear(qBlue(colour));
    return 116 * std::cbrt(y) - 16;
}

} // namespace

class TestPixelImage : public QObject {
    Q_OBJECT
private slots:
    void amplificationIsReadable_data()
    {
        QTest::addColumn<float>("magnitude");
        QTest::addColumn<double>("expected");
        QTest::addRow("full range") << 1.0f << 1.0;
        QTest::addRow("a fifth, not exactly representable") << 0.2f << 5.0;
        QTest::addRow("between two steps goes down") << 0.3f << 2.0;
        QTest::addRow("one grey level") << 1.0f / 255 << 200.0;
        QTest::addRow("all zero") << 0.0f << 1.0;
    }
    void amplificationIsReadable()
    {
        QFETCH(float, magnitude);
        QFETCH(double, expected);
        QCOMPARE(amplificationFor(magnitude), expected);
        QVERIFY(amplificationFor(magnitude) * double(magnitude) <= 1 + 1e-5);
    }

    void bothSignsAreEquallyLight()
    {
        QCOMPARE(qRed(signedColour(0)), qBlue(signedColour(0)));
        QCOMPARE(qRed(signedColour(0)), qGreen(signedColour(0)));
        QVERIFY(lightness(signedColour(0)) > 95);
        for (double strength = 0.1; strength <= 1; strength += 0.1) {
            const double blue = lightness(signedColour(-strength));
            const double red = lightness(signedColour(strength));
            // Eight bits a channel round the lightness by up to half a point.
            QVERIFY2(std::abs(blue - red) < 1.0, qPrintable(QStringLiteral("%1: %2 and %3").arg(strength).arg(blue).arg(red)));
            QVERIFY(blue < lightness(signedColour(-strength + 0.1)));
        }
    }

    void valuesOutsideAreClipped() { QCOMPARE(signedColour(7), signedColour(1)); }

    void toneKeepsRowsColumnsAndChannels()
    {
        const PixelImage image{3, 1, 2, {1, 0, /*green*/ 0, 0.5f, /*blue*/ 0, 2}};
        const QImage tone = toneImage(image);
        QCOMPARE(tone.size(), QSize(2, 1));
        QCOMPARE(tone.pixel(0, 0), qRgb(255, 0, 0));
        QCOMPARE(tone.pixel(1, 0), qRgb(0, 128, 255));
    }

    void differenceIsSigned()
    {
        const PixelImage a{1, 1, 2, {0.5f, 0.25f}};
        const PixelImage b{1, 1, 2, {0.25f, 1.0f}};
        QCOMPARE(difference(a, b).pixels, (std::vector<float>{0.25f, -0.75f}));
        QCOMPARE(largestMagnitude(difference(a, b)), 0.75f);
    }
};

QTEST_APPLESS_MAIN(TestPixelImage)
#include "tst_pixelimage.moc"
