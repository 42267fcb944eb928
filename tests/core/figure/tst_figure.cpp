// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/figure/figure.h"

#include <QTest>

#include <cmath>

using namespace brink;

namespace {

/// One panel with a line, an open scatter point and a rule whose label needs quoting.
Figure smallFigure()
{
    Panel panel;
    panel.id = "density";
    panel.x.label = "‖∇f_{c}‖₂ (1 per pixel unit)";
    panel.y.label = "density";
    panel.y.includesZero = true;
    LineLayer line;
    line.id = "fit";
    line.name = "fit";
    line.x = makeColumn({1, 2, 3});
    line.y = makeColumn({0.1, 1.0 / 3, NAN});
    line.dash = Dash::Dashed;
    panel.layers.push_back(line);
    ScatterLayer scatter;
    scatter.id = "points";
    scatter.x = makeColumn({2});
    scatter.y = makeColumn({0.5});
    scatter.xLow = makeColumn({1.5});
    scatter.xHigh = makeColumn({2.5});
    scatter.labels = {"score \"2\", capped"};
    scatter.isOpen = true;
    scatter.arrow = Arrow::Right;
    scatter.role = ColourRole::Series2;
    panel.layers.push_back(scatter);
    panel.layers.push_back(RuleLayer{.id = "end", .label = "end point\n3.2", .at = 3.2, .role = ColourRole::Accent});
    Figure figure;
    figure.name = "small";
    figure.caption = "Two lines\nof caption.";
    figure.panels = {panel};
    figure.warnings = {{"few", "Only three points."}};
    figure.provenance = {{"seed", 7}};
    return figure;
}

} // namespace

class TestFigure : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textDescribesEveryLayer();
    void csvHoldsTheDataExactly();
    void csvWritesRasterValues();
    void csvNamesTheCellsOfAHeatmap();
    void csvWritesNumbersNotLengths();
    void fixedRowsCountOnce();
    void rolesRepeatAfterEight();
    void panelsAreChosenById();
    void subscriptsBecomePlain_data();
    void subscriptsBecomePlain();
};

void TestFigure::textDescribesEveryLayer()
{
    const char* expected = "figure small aspect 0.62\n"
                           "caption \"Two lines\\nof caption.\"\n"
                           "panel density row 0 column 0\n"
                           "  x \"‖∇f_{c}‖₂ (1 per pixel unit)\"\n"
                           "  y \"density\" from zero\n"
                           "  line fit \"fit\" series1 dashed x n=3 1 to 3 y n=3 0.1 to 0.333333\n"
                           "  scatter points series2 open circle arrow right x n=1 2 to 2 y n=1 0.5 to 0.5"
                           " x interval n=1 1.5 to 1.5, n=1 2.5 to 2.5 \"score \"2\", capped\"\n"
                           "  rule end \"end point\\n3.2\" accent solid vertical at 3.2\n"
                           "warning few \"Only three points.\"\n";
    QCOMPARE(QString::fromStdString(figureText(smallFigure())), QString::fromUtf8(expected));
}

void TestFigure::csvHoldsTheDataExactly()
{
    const std::string csv = figureCsv(smallFigure());
    std::vector<std::string> data;
    for (const std::string& line : split(csv, '\n'))
        if (!line.starts_with('#'))
            data.push_back(line);
    const std::vector<std::string> expected{
        "panel,layer,x,y", "density,fit,1,0.1", "density,fit,2,0.3333333333333333", "density,fit,3,", "",
        "panel,layer,x,y,xLow,xHigh,label", "density,points,2,0.5,1.5,2.5,\"score \"\"2\"\", capped\"", "",
        "panel,layer,x,label", "density,end,3.2,\"end point", "3.2\"", "", ""};
    QCOMPARE(data, expected);
    QVERIFY(csv.find("# provenance {\"seed\":7}\n") != std::string::npos);
    QVERIFY(csv.find("# Two lines of caption.\n") != std::string::npos);
    QVERIFY(csv.find("# warning few: Only three points.\n") != std::string::npos);
    QVERIFY(csv.find("x ‖∇f_c‖₂ (1 per pixel unit)") != std::string::npos);
}

void TestFigure::csvWritesRasterValues()
{
    RasterLayer raster;
    raster.id = "picture";
    raster.width = 2;
    raster.height = 1;
    raster.channels = 1;
    raster.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{0, 255});
    Panel panel;
    panel.id = "original";
    panel.layers = {raster};
    raster.values = makeColumn({0.25, -0.5});
    raster.valueChannels = 1;
    raster.id = "perturbation";
    panel.layers.push_back(raster);
    Figure figure;
    figure.panels = {panel};
    const std::string csv = figureCsv(figure);
    QVERIFY(csv.find("original,picture,0,0,0,0\noriginal,picture,0,1,0,255\n") != std::string::npos);
    QVERIFY(csv.find("original,perturbation,0,0,0,0.25\noriginal,perturbation,0,1,0,-0.5\n") != std::string::npos);
}

void TestFigure::csvNamesTheCellsOfAHeatmap()
{
    HeatmapLayer layer;
    layer.id = "rates";
    layer.rows = 1;
    layer.columns = 2;
    layer.values = makeColumn({12.5, NAN});
    layer.texts = {"13", ""};
    layer.rowNames = {"from, a"};
    layer.columnNames = {"to_{b}"};
    Panel panel;
    panel.id = "cells";
    panel.layers = {layer, KeyLayer{"names", {{"first", ColourRole::Series1, Marker::Square, false, Dash::Solid, 1}, {"second", ColourRole::Text, {}, false, Dash::Dotted, 1}}}};
    Figure figure;
    figure.panels = {panel};
    QVERIFY(figureCsv(figure).find("panel,layer,row,column,value\ncells,rates,\"from, a\",to_b,12.5\ncells,rates,\"from, a\",1,\n\n") != std::string::npos);
    const std::string text = figureText(figure);
    QVERIFY(text.find("heatmap rates 1 x 2 n=2 12.5 to 12.5 colours 0 to 1 \"13\" \"\"") != std::string::npos);
    QVERIFY(text.find("key names \"first\" series1 square \"second\" text dotted") != std::string::npos);
}

void TestFigure::csvWritesNumbersNotLengths()
{
    BarLayer bars;
    bars.id = "means";
    bars.position = makeColumn({1});
    bars.height = makeColumn({2.5});
    bars.base = 16;
    bars.values = makeColumn({40});
    bars.tips = {"a: 40 %"};
    Panel panel;
    panel.id = "cells";
    panel.layers = {bars};
    Figure figure;
    figure.panels = {panel};
    QVERIFY(figureCsv(figure).find("panel,layer,position,height,label\ncells,means,1,40,a: 40 %\n") != std::string::npos);
    QVERIFY(figureText(figure).find("from 16 for n=1 40 to 40") != std::string::npos);
}

void TestFigure::fixedRowsCountOnce()
{
    Figure figure;
    figure.aspect = 1;
    figure.panels.resize(4);
    figure.panels[1].row = figure.panels[2].row = 1;
    figure.panels[1].heightEm = 2;
    figure.panels[2].heightEm = 3;
    figure.panels[3].row = 2;
    figure.panels[3].heightEm = 1.5;
    for (std::size_t i = 0; i < 4; ++i)
        figure.panels[i].id = std::to_string(i);
    QCOMPARE(fixedHeightEm(figure), 4.5);
    // Without its keys the plot is as high as before.
    const std::vector<std::string> plot{"0"};
    QCOMPARE(withPanels(figure, plot).aspect, 1.0);
    QCOMPARE(fixedHeightEm(withPanels(figure, plot)), 0.0);
}

void TestFigure::rolesRepeatAfterEight()
{
    QCOMPARE(seriesRole(0), ColourRole::Series1);
    QCOMPARE(seriesRole(7), ColourRole::Series8);
    QCOMPARE(seriesRole(9), ColourRole::Series2);
}

void TestFigure::panelsAreChosenById()
{
    Figure figure = smallFigure();
    Panel second = figure.panels.front();
    second.id = "cdf";
    second.row = 1;
    figure.panels.push_back(second);
    figure.aspect = 1.2;
    const std::vector<std::string> ids{"cdf", "nothing"};
    const Figure chosen = withPanels(figure, ids);
    QCOMPARE(chosen.panels.size(), std::size_t(1));
    QCOMPARE(chosen.panels.front().id, std::string("cdf"));
    QCOMPARE(chosen.aspect, 0.6);
    QVERIFY(chosen.provenance == figure.provenance);
}

void TestFigure::subscriptsBecomePlain_data()
{
    QTest::addColumn<QString>("markup");
    QTest::addColumn<QString>("plain");
    QTest::addRow("one letter") << "f_{c} - f_{j}" << "f_c - f_j";
    QTest::addRow("an ordinary underscore stays") << "mnist_cnn {a}" << "mnist_cnn {a}";
    QTest::addRow("not closed") << "f_{c" << "f_c";
}

void TestFigure::subscriptsBecomePlain()
{
    QFETCH(QString, markup);
    QTEST(QString::fromStdString(plainText(markup.toStdString())), "plain");
}

QTEST_APPLESS_MAIN(TestFigure)
#include "tst_figure.moc"
