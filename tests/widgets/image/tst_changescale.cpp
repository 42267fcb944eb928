// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image/changescale.h"
#include "widgets/image/histogrambrush.h"
#include "widgets/image/imagecompare.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace brink;

namespace {

/// 10 x 10 zeros but for the values given.
PixelImage sparse(std::vector<std::pair<int, float>> changes)
{
    PixelImage image{1, 10, 10, std::vector<float>(100, 0.0F)};
    for (const auto& [place, value] : changes)
        image.pixels[std::size_t(place)] = value;
    return image;
}

} // namespace

class TestChangeScale : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void linearPrintsItsRoundFactor()
    {
        const ChangeColours colours(ChangeScale::Linear, sparse({{0, 0.04F}, {1, -0.01F}}));
        QCOMPARE(colours.text(), QStringLiteral("×20"));
        QCOMPARE(colours.strength(0.01), 0.2);
        QCOMPARE(colours.strength(-1), -1.0);
    }

    void logarithmicSpansTwoDecades()
    {
        const ChangeColours colours(ChangeScale::Logarithmic, sparse({{0, 0.5F}}));
        QCOMPARE(colours.strength(0.5), 1.0);
        QCOMPARE(colours.strength(-0.05), -0.5);
        QCOMPARE(colours.strength(0.004), 0.0);
        QCOMPARE(colours.strength(0), 0.0);
    }

    // One outlier must not make the rest pale.
    void percentileIgnoresTheStrongestChange()
    {
        std::vector<std::pair<int, float>> changes{{0, 1.0F}};
        for (int i = 1; i < 100; ++i)
            changes.emplace_back(i, 0.02F);
        const ChangeColours colours(ChangeScale::Percentile, sparse(changes));
        QVERIFY(colours.strength(0.02) > 0.999);
        const ChangeColours linear(ChangeScale::Linear, sparse(changes));
        QVERIFY(linear.strength(0.02) < 0.03);
    }

    void nothingChangedIsWhite_data()
    {
        QTest::addColumn<int>("scale");
        QTest::addRow("linear") << int(ChangeScale::Linear);
        QTest::addRow("logarithmic") << int(ChangeScale::Logarithmic);
        QTest::addRow("percentile") << int(ChangeScale::Percentile);
    }

    void nothingChangedIsWhite()
    {
        QFETCH(int, scale);
        const PixelImage none = sparse({});
        const QImage picture = changeImage(none, ChangeColours(ChangeScale(scale), none));
        QCOMPARE(picture.pixel(3, 3), signedColour(0));
    }

    void brushLightsUpTheStrongestChanges()
    {
        ImageCompare compare;
        compare.resize(600, 260);
        ImagePair pair;
        pair.original = std::make_shared<const PixelImage>(sparse({}));
        pair.adversarial = std::make_shared<const PixelImage>(sparse({{0, 0.5F}, {55, -0.5F}}));
        compare.setPair(pair);
        compare.showHistogram(true);
        compare.show();
        QVERIFY(QTest::qWaitForWindowExposed(&compare));
        const QImage before = compare.view(0)->grab().toImage();
        QSignalSpy brushed(compare.histogram(), &HistogramBrush::brushed);
        QTest::keyClick(compare.histogram(), Qt::Key_Right);
        QCOMPARE(brushed.count(), 1);
        const auto range = compare.histogram()->brush();
        QVERIFY(range && (*range)[1] >= 0.5 - 1e-6 && (*range)[0] > 0.4);
        QVERIFY(compare.view(0)->grab().toImage() != before);
        QTest::keyClick(compare.histogram(), Qt::Key_Escape);
        QVERIFY(!compare.histogram()->brush());
        QCOMPARE(compare.view(0)->grab().toImage(), before);
    }

    void brushIsDraggedAndMoved()
    {
        HistogramBrush histogram;
        histogram.resize(300, 60);
        histogram.setValues({-1, -0.5, 0, 0.5, 1});
        histogram.show();
        QVERIFY(QTest::qWaitForWindowExposed(&histogram));
        QTest::mousePress(&histogram, Qt::LeftButton, {}, QPoint(200, 20));
        QTest::mouseMove(&histogram, QPoint(250, 20));
        QTest::mouseRelease(&histogram, Qt::LeftButton, {}, QPoint(250, 20));
        const auto first = histogram.brush();
        QVERIFY(first && (*first)[0] > 0.2 && (*first)[1] < 0.8);
        QTest::mousePress(&histogram, Qt::LeftButton, {}, QPoint(225, 20));
        QTest::mouseMove(&histogram, QPoint(125, 20));
        QTest::mouseRelease(&histogram, Qt::LeftButton, {}, QPoint(125, 20));
        const auto moved = histogram.brush();
        QVERIFY(moved);
        QVERIFY(std::abs(((*moved)[1] - (*moved)[0]) - ((*first)[1] - (*first)[0])) < 1e-9);
        QVERIFY((*moved)[1] < (*first)[0]);
        QTest::mouseClick(&histogram, Qt::LeftButton, {}, QPoint(290, 20));
        QVERIFY(!histogram.brush());
    }
};

QTEST_MAIN(TestChangeScale)
#include "tst_changescale.moc"
