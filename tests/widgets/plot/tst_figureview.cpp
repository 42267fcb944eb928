// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/figureview.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QRegularExpression>
#include <QTest>
#include <QWheelEvent>

using namespace brink;

namespace {

std::shared_ptr<const Figure> ladderLike(double distance, const char* name = "ladder")
{
    Panel panel;
    panel.id = "l2";
    panel.x.label = "distance, L2";
    panel.x.range = std::array{0.0, 10.0};
    panel.y.range = std::array{0.0, 1.0};
    ScatterLayer attack;
    attack.id = "ddn";
    attack.x = makeColumn({distance, 8});
    attack.y = makeColumn({0.5, 0.5});
    attack.labels = {"DDN", "C&W"};
    attack.refs = {{"attack", "ddn"}, {"attack", "cw"}};
    panel.layers.push_back(attack);
    auto figure = std::make_shared<Figure>();
    figure->name = name;
    figure->caption = "A ladder.";
    figure->panels = {panel};
    return figure;
}

/// A view with a figure, on screen.
struct ShownView {
    FigureView view;
    bool isExposed = false;

    explicit ShownView(std::shared_ptr<const Figure> figure)
    {
        view.resize(480, 320);
        view.setFigure(std::move(figure));
        view.show();
        isExposed = QTest::qWaitForWindowExposed(&view);
    }
    [[nodiscard]] QPoint pixel(double x, double y) const { return view.pixelOf("l2", x, y).toPoint(); }
    void turnWheel(QPoint at, int angle)
    {
        QWheelEvent event(at, view.plotWidget()->mapToGlobal(at), {}, {0, angle}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view.plotWidget(), &event);
    }
};

} // namespace

class TestFigureView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRectanglePicksThePointsInside_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        QTest::addColumn<int>("inside");
        QTest::addRow("both") << 1.0 << 9.0 << 2;
        QTest::addRow("one, drawn from the right") << 4.0 << 1.0 << 1;
        QTest::addRow("none") << 5.0 << 6.0 << 0;
    }
    void aRectanglePicksThePointsInside()
    {
        QFETCH(double, from);
        QFETCH(double, to);
        QFETCH(int, inside);
        ShownView shown(ladderLike(2));
        QVERIFY(shown.isExposed);
        shown.view.setDragSelects();
        const auto before = shown.view.ranges("l2");
        QSignalSpy picked(&shown.view, &FigureView::regionPicked);
        QTest::mousePress(shown.view.plotWidget(), Qt::LeftButton, {}, shown.pixel(from, 0.9));
        QTest::mouseMove(shown.view.plotWidget(), shown.pixel(to, 0.1));
        QTest::mouseRelease(shown.view.plotWidget(), Qt::LeftButton, {}, shown.pixel(to, 0.1));
        QCOMPARE(picked.size(), 1);
        QCOMPARE(int(picked[0][0].value<std::vector<DataRef>>().size()), inside);
        QCOMPARE(shown.view.ranges("l2"), before);
    }

    void thePointUnderThePointerIsTold()
    {
        ShownView shown(ladderLike(2));
        QSignalSpy hovered(&shown.view, &FigureView::pointHovered);
        QTest::mouseMove(shown.view.plotWidget(), shown.pixel(2, 0.5));
        QTRY_COMPARE(hovered.size(), 1);
        QCOMPARE(hovered[0][0].value<std::optional<DataRef>>().value(), (DataRef{"attack", "ddn"}));
        QTest::mouseMove(shown.view.plotWidget(), shown.pixel(5, 0.9));
        QTRY_COMPARE(hovered.size(), 2);
        QVERIFY(!hovered[1][0].value<std::optional<DataRef>>());
    }

    void clickPicksThePoint();
    void clickBesideEveryPointPicksNothing();
    void dragIsNoClick();
    void wheelZoomsBothAxes();
    void wheelOverAnAxisZoomsThatAxis();
    void newDataKeepTheZoom();
    void anotherFigureResetsTheZoom();
    void doubleClickResets();
    void keysZoomMoveAndReset();
    void newDataMoveTheRangeWithoutZoom();
    void emptyViewOffersItsAction();
    void statesAreWritten_data();
    void statesAreWritten();
    void cursorReadsOut();
    void longAxesAreLetters();
    void pictureReadsOutItsPixel();
    void picturesKeepSquarePixels();
    void paletteChangeRestyles();
};

void TestFigureView::clickPicksThePoint()
{
    ShownView shown(ladderLike(3));
    QVERIFY(shown.isExposed);
    QSignalSpy spy(&shown.view, &FigureView::pointPicked);
    QTest::mouseClick(shown.view.plotWidget(), Qt::LeftButton, {}, shown.pixel(8, 0.5) + QPoint(2, -2));
    QCOMPARE(spy.count(), 1);
    QVERIFY((spy.at(0).at(0).value<DataRef>() == DataRef{"attack", "cw"}));
}

void TestFigureView::clickBesideEveryPointPicksNothing()
{
    ShownView shown(ladderLike(3));
    QSignalSpy spy(&shown.view, &FigureView::pointPicked);
    QTest::mouseClick(shown.view.plotWidget(), Qt::LeftButton, {}, shown.pixel(5.5, 0.2));
    QCOMPARE(spy.count(), 0);
}

void TestFigureView::dragIsNoClick()
{
    ShownView shown(ladderLike(3));
    QSignalSpy spy(&shown.view, &FigureView::pointPicked);
    const QPoint from = shown.pixel(3, 0.5);
    QTest::mousePress(shown.view.plotWidget(), Qt::LeftButton, {}, from);
    QTest::mouseMove(shown.view.plotWidget(), from + QPoint(20, 0));
    QTest::mouseMove(shown.view.plotWidget(), from + QPoint(40, 0));
    QTest::mouseRelease(shown.view.plotWidget(), Qt::LeftButton, {}, from + QPoint(40, 0));
    QCOMPARE(spy.count(), 0);
    QVERIFY(shown.view.isZoomed());
    QVERIFY(shown.view.ranges("l2")[0] < 0); // the picture follows the pointer to the right
}

void TestFigureView::wheelZoomsBothAxes()
{
    ShownView shown(ladderLike(3));
    shown.turnWheel(shown.pixel(5, 0.5), 120);
    const auto [xLow, xHigh, yLow, yHigh] = shown.view.ranges("l2");
    QVERIFY(xHigh - xLow < 10);
    QVERIFY(yHigh - yLow < 1);
}

void TestFigureView::wheelOverAnAxisZoomsThatAxis()
{
    ShownView shown(ladderLike(3));
    shown.turnWheel(shown.pixel(5, 0) + QPoint(0, 10), 120);
    const auto [xLow, xHigh, yLow, yHigh] = shown.view.ranges("l2");
    QVERIFY(xHigh - xLow < 10);
    QCOMPARE(yLow, 0.0);
    QCOMPARE(yHigh, 1.0);
}

void TestFigureView::newDataKeepTheZoom()
{
    ShownView shown(ladderLike(3));
    shown.turnWheel(shown.pixel(5, 0.5), 120);
    const auto before = shown.view.ranges("l2");
    shown.view.setFigure(ladderLike(4));
    QCOMPARE(shown.view.ranges("l2"), before);
    QVERIFY(shown.view.isZoomed());
}

void TestFigureView::anotherFigureResetsTheZoom()
{
    ShownView shown(ladderLike(3));
    shown.turnWheel(shown.pixel(5, 0.5), 120);
    shown.view.setFigure(ladderLike(4, "another"));
    QVERIFY(!shown.view.isZoomed());
    QCOMPARE(shown.view.ranges("l2"), (std::array{0.0, 10.0, 0.0, 1.0}));
}

void TestFigureView::doubleClickResets()
{
    ShownView shown(ladderLike(3));
    shown.turnWheel(shown.pixel(5, 0.5), 120);
    QTest::mouseDClick(shown.view.plotWidget(), Qt::LeftButton, {}, shown.pixel(5, 0.5));
    QCOMPARE(shown.view.ranges("l2"), (std::array{0.0, 10.0, 0.0, 1.0}));
    QVERIFY(!shown.view.isZoomed());
}

void TestFigureView::keysZoomMoveAndReset()
{
    ShownView shown(ladderLike(3));
    QTest::keyClick(&shown.view, Qt::Key_Plus);
    QVERIFY(shown.view.ranges("l2")[1] - shown.view.ranges("l2")[0] < 10);
    const double low = shown.view.ranges("l2")[0];
    QTest::keyClick(&shown.view, Qt::Key_Right);
    QVERIFY(shown.view.ranges("l2")[0] > low);
    QTest::keyClick(&shown.view, Qt::Key_Home);
    QCOMPARE(shown.view.ranges("l2"), (std::array{0.0, 10.0, 0.0, 1.0}));
}

void TestFigureView::newDataMoveTheRangeWithoutZoom()
{
    ShownView shown(ladderLike(3));
    auto figure = std::make_shared<Figure>(*ladderLike(30));
    figure->panels[0].x.range = std::array{0.0, 40.0};
    shown.view.setFigure(figure);
    QCOMPARE(shown.view.ranges("l2")[1], 40.0);
}

void TestFigureView::emptyViewOffersItsAction()
{
    FigureView view;
    view.setEmptyText(QStringLiteral("Shows the distance ladder."), QStringLiteral("Run"));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    auto* const button = view.findChild<QPushButton*>();
    QVERIFY(button && button->isVisible());
    QSignalSpy spy(&view, &FigureView::emptyActionTriggered);
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(spy.count(), 1);
    view.setFigure(ladderLike(3));
    QVERIFY(!button->isVisible());
    view.setFigure(nullptr);
    QVERIFY(button->isVisible());
}

void TestFigureView::statesAreWritten_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("words");
    QTest::addRow("ready") << int(FigureView::State::Ready) << QString();
    QTest::addRow("running") << int(FigureView::State::Running) << QStringLiteral("Running");
    QTest::addRow("partial") << int(FigureView::State::Partial) << QStringLiteral("Partial");
    QTest::addRow("failed") << int(FigureView::State::Failed) << QStringLiteral("Failed");
    QTest::addRow("stale") << int(FigureView::State::Stale) << QStringLiteral("Out of date");
}

void TestFigureView::statesAreWritten()
{
    QFETCH(int, state);
    QFETCH(QString, words);
    ShownView shown(ladderLike(3));
    shown.view.setState(FigureView::State(state), words.isEmpty() ? QString() : QStringLiteral("why"));
    auto* const badge = shown.view.findChild<QLabel*>(QStringLiteral("state"));
    QCOMPARE(badge->isVisible(), !words.isEmpty());
    if (!words.isEmpty()) {
        QVERIFY(badge->text().contains(words));
        QVERIFY(badge->text().contains(QStringLiteral("why")));
    }
}

void TestFigureView::cursorReadsOut()
{
    ShownView shown(ladderLike(3));
    QSignalSpy spy(&shown.view, &FigureView::cursorMoved);
    QTest::mouseMove(shown.view.plotWidget(), shown.pixel(8, 0.5));
    QVERIFY(spy.count() >= 1);
    const QString text = spy.last().at(0).toString();
    QVERIFY2(text.contains(QStringLiteral("distance, L2")) && text.startsWith(QStringLiteral("C&W")), qPrintable(text));
}

// A name that would be cut becomes a letter; the unit stays.
void TestFigureView::longAxesAreLetters()
{
    auto figure = std::make_shared<Figure>(*ladderLike(3));
    figure->panels.front().x.label = "distance against the margin gradient, L2 (pixel range [0,1])";
    ShownView shown(figure);
    QSignalSpy spy(&shown.view, &FigureView::cursorMoved);
    QTest::mouseMove(shown.view.plotWidget(), shown.pixel(7, 0.5)); // another place than before: no move, no news
    QTest::mouseMove(shown.view.plotWidget(), shown.pixel(8, 0.5));
    QVERIFY(spy.count() >= 1);
    const QString text = spy.last().at(0).toString();
    QVERIFY2(text.contains(QRegularExpression(QStringLiteral("x [0-9.]+ L2"))) && !text.contains(QStringLiteral("gradient")), qPrintable(text));
}

namespace {

std::shared_ptr<const Figure> picture()
{
    RasterLayer raster;
    raster.id = "picture";
    raster.width = 4;
    raster.height = 2;
    raster.channels = 1;
    raster.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{0, 50, 100, 150, 200, 210, 220, 255});
    Panel panel;
    panel.id = "l2";
    panel.keepsAspect = true;
    panel.x.isVisible = panel.y.isVisible = false;
    panel.layers = {raster};
    auto figure = std::make_shared<Figure>();
    figure->name = "picture";
    figure->panels = {panel};
    return figure;
}

} // namespace

void TestFigureView::pictureReadsOutItsPixel()
{
    ShownView shown(picture());
    QSignalSpy spy(&shown.view, &FigureView::cursorMoved);
    QTest::mouseMove(shown.view.plotWidget(), shown.pixel(2.5, 1.5)); // row 0 is on top
    QCOMPARE(spy.last().at(0).toString(), QStringLiteral("x 2  y 0  100"));
}

void TestFigureView::picturesKeepSquarePixels()
{
    ShownView shown(picture());
    const QPointF corner = shown.view.pixelOf("l2", 0, 0);
    const QPointF opposite = shown.view.pixelOf("l2", 4, 2);
    const double ratio = std::abs(opposite.x() - corner.x()) / std::abs(opposite.y() - corner.y());
    QVERIFY2(std::abs(ratio - 2) < 0.02, qPrintable(QString::number(ratio))); // frames are whole pixels
    // Hard edges: next to the border between two pixels the colours are those of the pixels.
    const QImage image = shown.view.plotWidget()->grab().toImage();
    const QPoint border = shown.pixel(1, 1.5);
    QCOMPARE(qGray(image.pixel(border - QPoint(3, 0))), 0);
    QCOMPARE(qGray(image.pixel(border + QPoint(3, 0))), 50);
}

void TestFigureView::paletteChangeRestyles()
{
    ShownView shown(ladderLike(3));
    QPalette dark = shown.view.palette();
    dark.setColor(QPalette::Window, QColor(20, 20, 20));
    shown.view.setPalette(dark);
    const QColor corner = shown.view.plotWidget()->grab().toImage().pixelColor(1, 1);
    QCOMPARE(corner, theme(ThemeKind::Dark).background);
}

QTEST_MAIN(TestFigureView)
#include "tst_figureview.moc"
