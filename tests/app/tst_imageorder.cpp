// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/imageorder.h"

#include <QTest>

using namespace brink;

namespace {

/// Images 0 to 5: right, wrong, refused, right, wrong, not yet predicted.
Predictions sample()
{
    using State = ImagePrediction::State;
    return {{State::Known, 0, 0, 3.0F, 0.9F}, {State::Known, 0, 1, 1.0F, 0.6F}, {State::Refused, 1, -1, 0, 0},
        {State::Known, 1, 1, 2.0F, 0.8F}, {State::Known, 2, 1, 0.5F, 0.95F}, {State::Open, 2, -1, 0, 0}};
}

} // namespace

class TestImageOrder : public QObject {
    Q_OBJECT
private slots:
    void filterAndOrder_data()
    {
        QTest::addColumn<ImageQuery>("query");
        QTest::addColumn<std::vector<int>>("images");
        QTest::addRow("all by index") << ImageQuery{} << std::vector{0, 1, 2, 3, 4, 5};
        QTest::addRow("right") << ImageQuery{ImageFilter::Right, -1, ImageSort::Index} << std::vector{0, 3};
        QTest::addRow("wrong") << ImageQuery{ImageFilter::Wrong, -1, ImageSort::Index} << std::vector{1, 4};
        QTest::addRow("a class, by its label") << ImageQuery{ImageFilter::OfClass, 2, ImageSort::Index} << std::vector{4, 5};
        QTest::addRow("smallest margin") << ImageQuery{ImageFilter::All, -1, ImageSort::SmallestMargin} << std::vector{4, 1, 3, 0, 2, 5};
        QTest::addRow("largest margin") << ImageQuery{ImageFilter::All, -1, ImageSort::LargestMargin} << std::vector{0, 3, 1, 4, 2, 5};
        QTest::addRow("least confident") << ImageQuery{ImageFilter::All, -1, ImageSort::LeastConfident} << std::vector{1, 3, 0, 4, 2, 5};
        QTest::addRow("most confident of the wrong") << ImageQuery{ImageFilter::Wrong, -1, ImageSort::MostConfident} << std::vector{4, 1};
    }
    void filterAndOrder()
    {
        QFETCH(ImageQuery, query);
        QFETCH(std::vector<int>, images);
        QCOMPARE(imagesFor(query, sample()), images);
    }

    void withoutALabelThePredictedClassCounts()
    {
        Predictions predictions = sample();
        for (ImagePrediction& prediction : predictions)
            prediction.label = -1;
        QCOMPARE(imagesFor({ImageFilter::OfClass, 1, ImageSort::Index}, predictions), (std::vector{1, 3, 4}));
        QVERIFY(imagesFor({ImageFilter::Right, -1, ImageSort::Index}, predictions).empty());
        QVERIFY(imagesFor({ImageFilter::Wrong, -1, ImageSort::Index}, predictions).empty());
    }

    void theNextWrongFollowsTheOrder_data()
    {
        QTest::addColumn<std::vector<int>>("order");
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("step");
        QTest::addColumn<int>("found"); // -1: none
        const std::vector all{0, 1, 2, 3, 4, 5};
        QTest::addRow("forwards") << all << 0 << 1 << 1;
        QTest::addRow("from a wrong one") << all << 1 << 1 << 4;
        QTest::addRow("backwards") << all << 4 << -1 << 1;
        QTest::addRow("past the last") << all << 4 << 1 << -1;
        QTest::addRow("before the first") << all << 1 << -1 << -1;
        QTest::addRow("another order") << std::vector{4, 3, 1} << 3 << 1 << 1;
        QTest::addRow("from an image not shown") << std::vector{3, 4} << 0 << 1 << 4;
    }
    void theNextWrongFollowsTheOrder()
    {
        QFETCH(std::vector<int>, order);
        QFETCH(int, from);
        QFETCH(int, step);
        QFETCH(int, found);
        QCOMPARE(nextWrong(order, from, step, sample()).value_or(-1), found);
    }

    void marksTellStatesApart()
    {
        const ThumbnailMarks marks = thumbnailMarks(sample());
        using State = ThumbnailMark::State;
        QCOMPARE(marks[0].state, State::Right);
        QCOMPARE(marks[1].state, State::Wrong);
        QCOMPARE(marks[2].state, State::Refused);
        QCOMPARE(marks[5].state, State::None);
        Predictions unlabelled = sample();
        unlabelled[0].label = -1;
        QCOMPARE(thumbnailMarks(unlabelled)[0].state, State::Unlabelled);
    }
};

QTEST_APPLESS_MAIN(TestImageOrder)
#include "tst_imageorder.moc"
