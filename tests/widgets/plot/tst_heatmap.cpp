// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What heatmaps, keys and bars from a base look like, on screen and in files, and what a click on them picks.
#include "tests/support/compare.h"
#include "widgets/plot/exportfigure.h"
#include "widgets/plot/figureview.h"
#include "widgets/plot/sequentialcolours.h"

#include <QImage>
#include <QSignalSpy>
#include <QTest>

#include <limits>

using namespace brink;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Figure heatmap(int cells, std::vector<double> values, bool hasTexts)
{
    HeatmapLayer layer;
    layer.id = "cells";
    layer.rows = layer.columns = cells;
    layer.range = {0, 100};
    for (std::size_t i = 0; i < values.size(); ++i) {
        layer.texts.push_back(hasTexts ? std::to_string(int(std::isfinite(values[i]) ? values[i] : 0)) : std::string());
        layer.tips.push_back("cell " + std::to_string(i));
        layer.refs.push_back({"cell", std::to_string(i)});
    }
    layer.values = makeColumn(std::move(values));
    Panel panel;
    panel.id = "main";
    panel.keepsAspect = true;
    panel.legend = LegendPlace::None;
    panel.x.isVisible = panel.y.isVisible = false;
    panel.layers.emplace_back(std::move(layer));
    Figure figure;
    figure.name = "heatmap";
    figure.aspect = 1;
    figure.panels.push_back(std::move(panel));
    return figure;
}

/// The matrix alone, cut out of the picture by its dark frame.
QImage matrixOf(const Figure& figure, double widthMm)
{
    ExportSpec spec;
    spec.widthMm = widthMm;
    spec.dpi = 254;
    const QImage picture = renderFigure(figure, spec);
    const int margin = int(std::lround(0.8 * 8 / 72 * 254)) + 12; // renderer's own margins, rounded up
    return picture.copy(margin, margin, picture.width() - 2 * margin, picture.height() - 2 * margin);
}

QColor centreOf(const QImage& image, int cells, int row, int column)
{
    return image.pixelColor(int((column + 0.5) * image.width() / cells), int((row + 0.5) * image.height() / cells));
}

int distance(const QColor& a, const QColor& b)
{
    return std::max({std::abs(a.red() - b.red()), std::abs(a.green() - b.green()), std::abs(a.blue() - b.blue())});
}

/// How many different colours the middle half of a cell has.
int coloursIn(const QImage& image, int cells, int row, int column)
{
    QSet<QRgb> colours;
    const int width = image.width() / cells, height = image.height() / cells;
    for (int y = row * height + height / 4; y < row * height + 3 * height / 4; ++y)
        for (int x = column * width + width / 4; x < column * width + 3 * width / 4; ++x)
            colours.insert(image.pixel(x, y));
    return int(colours.size());
}

Figure bars()
{
    BarLayer layer;
    layer.id = "bars";
    layer.orientation = Orientation::Horizontal;
    layer.position = makeColumn({1, 2});
    layer.height = makeColumn({3, 1});
    layer.base = 5;
    layer.width = 0.8;
    layer.refs = {{"model", "a"}, {"model", "b"}};
    layer.tips = {"a: 30 %", "b: 10 %"};
    Panel panel;
    panel.id = "main";
    panel.x.range = {0, 10};
    panel.y.range = {0, 3};
    panel.layers.emplace_back(std::move(layer));
    Figure figure;
    figure.name = "bars";
    figure.panels.push_back(std::move(panel));
    return figure;
}

} // namespace

class TestHeatmap : public QObject {
    Q_OBJECT
private slots:
    void coloursRiseEvenlyAndCarryText()
    {
        double before = -1;
        for (int i = 0; i <= 100; ++i) {
            const QColor colour = sequentialColour(i / 100.0);
            const double lightness = contrast(colour, Qt::black);
            QVERIFY2(lightness > before, qPrintable(QString::number(i)));
            before = lightness;
            QVERIFY(contrast(textColourOn(colour), colour) >= 4.3);
        }
        QCOMPARE(sequentialColour(-1), sequentialColour(0));
        QCOMPARE(sequentialColour(2), sequentialColour(1));
    }

    void cellsHaveTheColourOfTheirValue()
    {
        const QImage image = matrixOf(heatmap(2, {0, 30, 65, 100}, false), 60);
        for (int i = 0; i < 4; ++i) {
            const std::vector values{0.0, 0.30, 0.65, 1.0};
            QVERIFY2(distance(centreOf(image, 2, i / 2, i % 2), sequentialColour(values[std::size_t(i)])) <= 2, qPrintable(QString::number(i)));
        }
    }

    void missingCellsAreHatched()
    {
        const QImage image = matrixOf(heatmap(2, {50, missing, 50, 50}, true), 60);
        QSet<bool> isWhite;
        const int quarter = image.width() / 4;
        for (int step = -quarter / 2; step < quarter / 2; ++step)
            isWhite.insert(image.pixelColor(3 * quarter + step, quarter).lightness() > 240);
        QCOMPARE(isWhite.size(), 2); // background and lines
    }

    void numbersVanishWhereTheyCannotBeRead_data()
    {
        QTest::addColumn<int>("cells");
        QTest::addColumn<double>("widthMm");
        QTest::addColumn<bool>("hasNumbers");
        QTest::addRow("large cells") << 4 << 85.0 << true;
        QTest::addRow("the same, more cells") << 16 << 85.0 << true;
        QTest::addRow("cells under two millimetres") << 40 << 70.0 << false;
    }
    void numbersVanishWhereTheyCannotBeRead()
    {
        QFETCH(int, cells);
        QFETCH(double, widthMm);
        QFETCH(bool, hasNumbers);
        const QImage image = matrixOf(heatmap(cells, std::vector<double>(std::size_t(cells * cells), 42.0), true), widthMm);
        QCOMPARE(coloursIn(image, cells, cells / 2, cells / 2) > 1, hasNumbers);
    }

    void numbersStayTextInSvg()
    {
        const QByteArray svg = encodedFigure(heatmap(2, {12, 34, 56, 78}, true), {}, QStringLiteral("svg"));
        for (const char* number : {">12<", ">34<", ">56<", ">78<"})
            QVERIFY2(svg.contains(number), number);
        QVERIFY(encodedFigure(heatmap(2, {12, 34, 56, missing}, true), {}, QStringLiteral("pdf")).startsWith("%PDF"));
    }

    void clickPicksTheCell()
    {
        FigureView view;
        view.resize(400, 400);
        view.setFigure(std::make_shared<const Figure>(heatmap(3, {1, 2, 3, 4, 5, 6, 7, 8, 9}, true)));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QSignalSpy picked(&view, &FigureView::pointPicked);
        QSignalSpy moved(&view, &FigureView::cursorMoved);
        // Second row from the top, third column.
        const QPoint at = view.pixelOf("main", 2.5, 1.5).toPoint();
        QTest::mouseClick(view.plotWidget(), Qt::LeftButton, {}, at);
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked.front().front().value<DataRef>(), (DataRef{"cell", "5"}));
        QTest::mouseMove(view.plotWidget(), at + QPoint(2, 2));
        QTRY_VERIFY(!moved.isEmpty());
        QCOMPARE(moved.back().front().toString(), QStringLiteral("cell 5"));
    }

    void clickPicksTheBarBetweenBaseAndEnd_data()
    {
        QTest::addColumn<double>("x");
        QTest::addColumn<double>("y");
        QTest::addColumn<QString>("key");
        QTest::addRow("inside the first") << 6.0 << 1.0 << "a";
        QTest::addRow("inside the second") << 5.5 << 2.0 << "b";
        QTest::addRow("behind the end of the second") << 7.0 << 2.0 << "";
        QTest::addRow("before the base") << 4.0 << 1.0 << "";
    }
    void clickPicksTheBarBetweenBaseAndEnd()
    {
        QFETCH(double, x);
        QFETCH(double, y);
        QFETCH(QString, key);
        FigureView view;
        view.resize(400, 300);
        view.setFigure(std::make_shared<const Figure>(bars()));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QSignalSpy picked(&view, &FigureView::pointPicked);
        QTest::mouseClick(view.plotWidget(), Qt::LeftButton, {}, view.pixelOf("main", x, y).toPoint());
        QCOMPARE(picked.size(), key.isEmpty() ? 0 : 1);
        if (!key.isEmpty())
            QCOMPARE(picked.front().front().value<DataRef>(), (DataRef{"model", key.toStdString()}));
    }

    void barsStartAtTheirBase()
    {
        ExportSpec spec;
        spec.dpi = 254;
        const QImage image = renderFigure(bars(), spec);
        // The longest run of bar colour in any row goes from 5 to 8 of the axis 0 to 10: three tenths of its length.
        const QColor white(Qt::white);
        int longest = 0;
        for (int y = 0; y < image.height(); ++y) {
            int run = 0;
            for (int x = 0; x < image.width(); ++x) {
                const QColor pixel = image.pixelColor(x, y);
                run = pixel.blue() > pixel.red() + 60 ? run + 1 : 0;
                longest = std::max(longest, run);
            }
        }
        compareClose(longest, 0.3 * image.width(), 0.15, 0); // the margins of the axis take up to a tenth
    }

    void keysKeepTheirHeight()
    {
        Figure figure = bars();
        Panel key;
        key.id = "key";
        key.row = 1;
        key.heightEm = 3;
        key.x.isVisible = key.y.isVisible = false;
        KeyLayer layer;
        layer.id = "names";
        layer.entries = {{"first", ColourRole::Series1, Marker::Circle, false, Dash::Solid, 1},
            {"second", ColourRole::Series2, std::nullopt, false, Dash::Dashed, 1}};
        key.layers.emplace_back(layer);
        const QSizeF without = exportSizeMm(figure, {});
        figure.panels.push_back(key);
        ExportSpec wide;
        wide.widthMm = 170;
        const double em = 8 / 72.0 * 25.4;
        compareClose(exportSizeMm(figure, {}).height() - without.height(), 3 * em, 0, 0.02);
        compareClose(exportSizeMm(figure, wide).height() - 2 * without.height(), 3 * em, 0, 0.02);
        const QByteArray svg = encodedFigure(figure, {}, QStringLiteral("svg"));
        QVERIFY(svg.contains(">first<") && svg.contains(">second<"));
    }
};

QTEST_MAIN(TestHeatmap)
#include "tst_heatmap.moc"
