// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image/imagecompare.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace brink;

namespace {

PixelImagePtr ramp(float shift)
{
    PixelImage image{1, 4, 4, {}};
    for (int i = 0; i < 16; ++i)
        image.pixels.push_back(float(i) / 40 + shift);
    return std::make_shared<const PixelImage>(image);
}

ImagePair pairOf(float shift)
{
    ImagePair pair;
    pair.original = ramp(0);
    pair.adversarial = ramp(shift);
    pair.distanceText = QStringLiteral("L2 0.40");
    return pair;
}

void wheel(QWidget* widget, const QPointF& position)
{
    QWheelEvent event(position, widget->mapToGlobal(position), {}, QPoint(0, 240), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(widget, &event);
}

} // namespace

class TestImageCompare : public QObject {
    Q_OBJECT
private slots:
    void zoomIsSharedAndKeptByNewImages()
    {
        ImageCompare compare;
        compare.resize(660, 240);
        compare.setPair(pairOf(0.1f));
        compare.show();
        QVERIFY(QTest::qWaitForWindowExposed(&compare));
        wheel(compare.view(2), QPointF(20, 20));
        const ImageViewport zoomed = compare.viewport();
        QVERIFY(zoomed.zoom > 1.5);
        QCOMPARE(compare.view(1)->viewport(), zoomed);
        QCOMPARE(compare.view(2)->viewport(), zoomed);
        compare.setPair(pairOf(0.2f));
        QCOMPARE(compare.viewport(), zoomed);
        QTest::keyClick(compare.view(1), Qt::Key_0);
        QCOMPARE(compare.viewport(), ImageViewport{});
        QCOMPARE(compare.view(0)->viewport(), ImageViewport{});
    }

    void wheelKeepsThePixelUnderThePointer()
    {
        ImageView view;
        view.resize(200, 200);
        view.setImage(toneImage(*ramp(0)), ramp(0));
        const QPointF position(130, 80);
        const auto before = view.pixelAt(position);
        QVERIFY(before.has_value());
        wheel(&view, position);
        QCOMPARE(view.pixelAt(position), before);
    }

    void readoutTellsBothValues()
    {
        QLocale::setDefault(QLocale::c());
        ImageCompare compare;
        compare.resize(660, 240);
        compare.setPair(pairOf(0.1f));
        compare.show();
        QVERIFY(QTest::qWaitForWindowExposed(&compare));
        QSignalSpy readout(&compare, &ImageCompare::readoutChanged);
        ImageView* view = compare.view(1);
        const double scale = std::min(view->width(), view->height()) / 4.0;
        QTest::mouseMove(view, QPointF(2.5 * scale, 1.5 * scale).toPoint());
        QTRY_VERIFY(!readout.isEmpty());
        QCOMPARE(readout.last().first().toString(), QStringLiteral("x=2 y=1 v=0.150 → 0.250"));
    }

    void perturbationStatesItsAmplification()
    {
        ImageCompare compare;
        compare.setPair(pairOf(0.1f));
        QCOMPARE(compare.amplification(), 10.0);
        bool isStated = false;
        for (const QLabel* label : compare.findChildren<QLabel*>())
            isStated = isStated || (label->text().contains(QStringLiteral("×10")) && label->text().contains(QStringLiteral("L2 0.40")));
        QVERIFY(isStated);
    }

    void withoutAdversarialThereIsNoPerturbation()
    {
        ImageCompare compare;
        ImagePair pair = pairOf(0.1f);
        pair.adversarial.reset();
        compare.setPair(pair);
        QVERIFY(compare.view(0)->pixelAt({1, 1}).has_value());
        QVERIFY(!compare.view(2)->pixelAt({1, 1}).has_value());
    }
};

QTEST_MAIN(TestImageCompare)
#include "tst_imagecompare.moc"
