// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/autorange.h"
#include "widgets/plot/cutting.h"
#include "widgets/plot/labelplacement.h"
#include "widgets/plot/emptiestcorner.h"
#include "widgets/plot/richtext.h"
#include "widgets/plot/theme.h"

#include <QApplication>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace brink;

class TestPlotGeometry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void labelsDoNotOverlap_data();
    void labelsDoNotOverlap();
    void leadersCrossNoLabel_data();
    void leadersCrossNoLabel();
    void aLowPanelHasRoomForLongLabels();
    void labelNextToLonelyPoint();
    void rangesComeFromData();
    void legendTakesEmptiestCorner();
    void wordsReadInEveryTheme_data();
    void wordsReadInEveryTheme();
    void subscriptIsNarrower();
    void longTextWraps();
    void linesAreCut_data();
    void linesAreCut();
    void openLinesFallIntoPieces();
    void areasAreCut();
};

void TestPlotGeometry::labelsDoNotOverlap_data()
{
    QTest::addColumn<QVector<double>>("positions");
    QTest::addRow("spread") << QVector<double>{20, 110, 230, 330};
    QTest::addRow("a cluster of six") << QVector<double>{150, 154, 158, 161, 166, 175};
    QTest::addRow("a cluster at the left edge") << QVector<double>{2, 4, 7, 11};
    QTest::addRow("a cluster at the right edge") << QVector<double>{399, 398, 395, 391};
    QTest::addRow("identical") << QVector<double>{200, 200, 200};
}

void TestPlotGeometry::labelsDoNotOverlap()
{
    QFETCH(QVector<double>, positions);
    const QRectF bounds(0, 0, 400, 120);
    std::vector<std::vector<LabelCandidate>> labels;
    std::vector<LabelObstacle> obstacles;
    for (const double x : positions) {
        labels.push_back(candidatesAround({x, 105}, {70, 14}, 6, 14));
        obstacles.push_back({QRectF(x - 4, 101, 8, 8), 1});
    }
    const std::vector<std::size_t> chosen = placeLabels(labels, obstacles, bounds);
    QCOMPARE(chosen.size(), labels.size());
    QCOMPARE(chosen, placeLabels(labels, obstacles, bounds)); // deterministic
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const LabelCandidate& a = labels[i][chosen[i]];
        QVERIFY(bounds.contains(a.box));
        for (const LabelObstacle& marker : obstacles)
            QVERIFY(!a.box.intersects(marker.box));
        for (std::size_t j = 0; j < i; ++j) {
            const LabelCandidate& b = labels[j][chosen[j]];
            QVERIFY(!a.box.intersects(b.box));
            QVERIFY(!a.leader || !b.leader || a.leader->intersects(*b.leader, nullptr) != QLineF::BoundedIntersection);
        }
    }
}

/// Distance ladders at 85 mm, in points: an estimate, the linearised distance and attacks close together.
void TestPlotGeometry::leadersCrossNoLabel_data()
{
    QTest::addColumn<QVector<double>>("positions");
    QTest::addRow("attacks beyond the estimate") << QVector<double>{107, 167, 177, 178, 178.5, 181};
    QTest::addRow("attacks below the estimate") << QVector<double>{124, 97, 81, 81.5, 83, 108};
    QTest::addRow("seven attacks") << QVector<double>{70, 95, 118, 120, 121, 125, 128, 133, 140};
    QTest::addRow("all at the end") << QVector<double>{60, 195, 196, 197, 198, 199};
}

void TestPlotGeometry::leadersCrossNoLabel()
{
    QFETCH(QVector<double>, positions);
    const QRectF bounds(2, 0, 231, 95);
    constexpr double markHeight = 82;
    const QRectF words(2, 0, 150, 20);
    QVector<QPointF> anchors;
    for (const double x : positions)
        anchors << QPointF(x, markHeight);
    std::vector<std::vector<LabelCandidate>> labels;
    std::vector<LabelObstacle> obstacles{{words, 12}};
    for (qsizetype i = 0; i < anchors.size(); ++i) {
        labels.push_back(candidatesAround(anchors[i], i == 0 ? QSizeF(83, 20) : QSizeF(54, 10), 4.5, 10, anchors));
        obstacles.push_back({QRectF(anchors[i] - QPointF(3, 3), QSizeF(6, 6)), 1});
    }
    const std::vector<std::size_t> chosen = placeLabels(labels, obstacles, bounds);
    const auto crosses = [](const QLineF& leader, const QRectF& box) {
        const QLineF diagonals[] = {{box.topLeft(), box.bottomRight()}, {box.topRight(), box.bottomLeft()}};
        return std::ranges::any_of(diagonals, [&](const QLineF& d) { return leader.intersects(d, nullptr) == QLineF::BoundedIntersection; });
    };
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const LabelCandidate& a = labels[i][chosen[i]];
        QVERIFY(bounds.contains(a.box));
        QVERIFY(!a.box.intersects(words));
        QVERIFY(!a.leader || !crosses(*a.leader, words));
        for (std::size_t j = 0; j < chosen.size(); ++j) {
            const QString which = QStringLiteral("labels %1 and %2").arg(i).arg(j);
            QVERIFY2(i == j || !a.box.intersects(labels[j][chosen[j]].box), qPrintable(which));
            QVERIFY2(i == j || !a.leader || !crosses(*a.leader, labels[j][chosen[j]].box), qPrintable(which));
        }
    }
}

/// The ladder of a window of 1280 x 720, in pixels: the certified bound, the leftmost mark, has the longest label.
void TestPlotGeometry::aLowPanelHasRoomForLongLabels()
{
    const QRectF bounds(17, 4, 703, 70);
    constexpr double markHeight = 63;
    const QVector<QPair<double, double>> marks{{42, 170}, {57, 67}, {60, 71}, {70, 72}, {104, 101}, {614, 76}};
    QVector<QPointF> anchors;
    for (const auto& [x, width] : marks)
        anchors << QPointF(x, markHeight);
    std::vector<std::vector<LabelCandidate>> labels;
    for (qsizetype i = 0; i < marks.size(); ++i)
        labels.push_back(candidatesAround(anchors[i], {marks[i].second, 14}, 6, 14, anchors));
    const std::vector<std::size_t> chosen = placeLabels(labels, {}, bounds);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        QVERIFY(bounds.contains(labels[i][chosen[i]].box));
        for (std::size_t j = 0; j < i; ++j)
            QVERIFY(!labels[i][chosen[i]].box.intersects(labels[j][chosen[j]].box));
    }
}

void TestPlotGeometry::labelNextToLonelyPoint()
{
    const std::vector<std::vector<LabelCandidate>> labels{candidatesAround({200, 60}, {70, 14}, 6, 14)};
    const LabelCandidate& place = labels[0][placeLabels(labels, {}, QRectF(0, 0, 400, 120)).front()];
    QCOMPARE(place.box.center().x(), 200.0);
    QCOMPARE(place.box.bottom(), 54.0);
    QVERIFY(!place.leader);
}

void TestPlotGeometry::rangesComeFromData()
{
    Panel panel;
    panel.layers.push_back(LineLayer{.id = "line", .x = makeColumn({1, 2, NAN, 5}), .y = makeColumn({10, 20, 30, INFINITY})});
    QCOMPARE(xRange(panel), (std::array{1 - 0.16, 5 + 0.16}));
    QCOMPARE(yRange(panel), (std::array{10 - 0.8, 30 + 0.8}));
    panel.y.includesZero = true;
    QCOMPARE(yRange(panel), (std::array{0.0, 30 + 1.2}));
    panel.layers.push_back(RuleLayer{.id = "rule", .at = 9});
    QCOMPARE(xRange(panel), (std::array{1 - 0.32, 9 + 0.32}));
    panel.x.range = std::array{0.0, 2.0};
    QCOMPARE(xRange(panel), (std::array{0.0, 2.0}));
    panel.x = {};
    panel.x.isLogarithmic = true;
    panel.layers = {LineLayer{.id = "line", .x = makeColumn({-1, 0, 1, 100}), .y = makeColumn({1, 1, 1, 1})}};
    QVERIFY(xRange(panel)[0] > 0.5 && xRange(panel)[0] < 1);
    panel.layers.clear();
    QCOMPARE(yRange(panel), (std::array{0.0, 1.0}));
}

void TestPlotGeometry::legendTakesEmptiestCorner()
{
    Panel panel;
    panel.layers.push_back(LineLayer{.id = "rising", .x = makeColumn({0, 1, 2, 3, 4}), .y = makeColumn({0, 1, 2, 3, 4})});
    const LegendPlace rising = emptiestCorner(panel);
    QVERIFY(rising == LegendPlace::TopLeft || rising == LegendPlace::BottomRight);
    panel.layers = {LineLayer{.id = "falling", .x = makeColumn({0, 1, 2, 3, 4}), .y = makeColumn({4, 3, 2, 1, 0})}};
    const LegendPlace falling = emptiestCorner(panel);
    QVERIFY(falling == LegendPlace::TopRight || falling == LegendPlace::BottomLeft);
}

void TestPlotGeometry::wordsReadInEveryTheme_data()
{
    QTest::addColumn<int>("kind");
    QTest::addRow("light") << int(ThemeKind::Light);
    QTest::addRow("dark") << int(ThemeKind::Dark);
    QTest::addRow("print") << int(ThemeKind::Print);
}

void TestPlotGeometry::wordsReadInEveryTheme()
{
    QFETCH(int, kind);
    const Theme colours = theme(ThemeKind(kind));
    for (int role = 0; role <= int(ColourRole::Alarm); ++role)
        QVERIFY2(contrast(colours.textColour(ColourRole(role)), colours.background) >= 4.5, qPrintable(QString::number(role)));
    QCOMPARE(colours.colour(ColourRole::Series1), QColor(0, 0x72, 0xB2)); // the same in every theme
    QCOMPARE(colours.colour(ColourRole::Series8), ThemeKind(kind) == ThemeKind::Dark ? QColor(Qt::white) : QColor(Qt::black));
}

void TestPlotGeometry::subscriptIsNarrower()
{
    const QFont font = [] {
        QFont f = QApplication::font();
        f.setPixelSize(20);
        return f;
    }();
    const double plain = richTextSize(QStringLiteral("fc"), font).width();
    const double subscript = richTextSize(QStringLiteral("f_{c}"), font).width();
    QVERIFY(subscript < plain);
    QVERIFY(subscript > richTextSize(QStringLiteral("f"), font).width());
    // An ordinary underscore is a letter like others.
    QVERIFY(richTextSize(QStringLiteral("a_b"), font).width() > richTextSize(QStringLiteral("ab"), font).width());
}

void TestPlotGeometry::longTextWraps()
{
    const QFont font = [] {
        QFont f = QApplication::font();
        f.setPixelSize(12);
        return f;
    }();
    const QString text = QStringLiteral("a fairly long sentence that does not fit");
    const QString wrapped = wrappedText(text, font, 90);
    QVERIFY(wrapped.contains(QLatin1Char('\n')));
    QCOMPARE(QString(wrapped).replace(QLatin1Char('\n'), QLatin1Char(' ')), text);
    QVERIFY(richTextSize(wrapped, font).width() <= 90);
}

void TestPlotGeometry::linesAreCut_data()
{
    QTest::addColumn<QLineF>("line");
    QTest::addColumn<QLineF>("expected"); // null: passes by
    QTest::addRow("inside") << QLineF(1, 1, 2, 3) << QLineF(1, 1, 2, 3);
    QTest::addRow("through") << QLineF(-5, 5, 15, 5) << QLineF(0, 5, 10, 5);
    QTest::addRow("back through") << QLineF(15, 5, -5, 5) << QLineF(10, 5, 0, 5);
    QTest::addRow("into") << QLineF(5, 5, 5, 25) << QLineF(5, 5, 5, 10);
    QTest::addRow("aslant over a corner") << QLineF(-2, 4, 4, -2) << QLineF(0, 2, 2, 0);
    QTest::addRow("past a corner") << QLineF(-4, 2, 2, -4) << QLineF();
    QTest::addRow("beside") << QLineF(-5, -1, 15, -1) << QLineF();
}

void TestPlotGeometry::linesAreCut()
{
    QFETCH(QLineF, line);
    QFETCH(QLineF, expected);
    const std::optional<QLineF> cut = cutLine(line, QRectF(0, 0, 10, 10));
    QCOMPARE(cut.has_value(), !expected.isNull());
    if (cut)
        QCOMPARE(*cut, expected);
}

void TestPlotGeometry::openLinesFallIntoPieces()
{
    // In, out over the top, back in: two pieces.
    const std::vector<QPolygonF> pieces = cutPolyline(QPolygonF({{1, 5}, {4, 15}, {7, 5}, {8, 5}}), QRectF(0, 0, 10, 10));
    QCOMPARE(pieces.size(), std::size_t(2));
    QCOMPARE(pieces[0], QPolygonF({{1, 5}, {2.5, 10}}));
    QCOMPARE(pieces[1], QPolygonF({{5.5, 10}, {7, 5}, {8, 5}}));
    QVERIFY(cutPolyline(QPolygonF({{-1, -1}, {-5, 20}}), QRectF(0, 0, 10, 10)).empty());
}

void TestPlotGeometry::areasAreCut()
{
    const QRectF rect(0, 0, 10, 10);
    QCOMPARE(cutPolygon(QPolygonF({{-5, -5}, {20, -5}, {20, 20}, {-5, 20}}), rect).boundingRect(), rect);
    const QPolygonF triangle = cutPolygon(QPolygonF({{5, 5}, {15, 5}, {5, 15}}), rect);
    double twiceArea = 0;
    for (qsizetype i = 0; i < triangle.size(); ++i) {
        const QPointF a = triangle[i], b = triangle[(i + 1) % triangle.size()];
        twiceArea += a.x() * b.y() - b.x() * a.y();
    }
    QCOMPARE(std::abs(twiceArea) / 2, 25.0); // of the legs of 10 the square of 5 stays
    QVERIFY(cutPolygon(QPolygonF({{20, 20}, {30, 20}, {30, 30}}), rect).isEmpty());
}

QTEST_MAIN(TestPlotGeometry)
#include "tst_plotgeometry.moc"
