// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/diagnosisfigure.h"

#include <QTest>

using namespace brink;

namespace {

Diagnosis diagnosisWith(LightPlot plot)
{
    Diagnosis diagnosis;
    diagnosis.modelName = "cnn";
    diagnosis.attack = standardScrutiny(Norm::Linf, 0.1, Preset::Paper);
    diagnosis.eps = 0.1;
    diagnosis.attacked = {0, 1, 2};
    Light light;
    light.code = "slope";
    light.state = LightState::Alarm;
    light.finding = "The gradient is another's.";
    light.plot = std::move(plot);
    diagnosis.lights = {light};
    return diagnosis;
}

} // namespace

class TestDiagnosisFigure : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pointsAndTheDiagonal()
    {
        LightPlot plot{"predicted", "measured"};
        plot.hasDiagonal = true;
        plot.threshold = 0.5;
        plot.series = {{"images", {1, 2}, {1, 2}, true, false, {"image 1", "image 2"}}, {"off", {3}, {9}, true, true}};
        const auto figure = lightFigure(diagnosisWith(plot), "slope");
        QVERIFY(figure);
        const Panel& panel = figure->panels.front();
        QCOMPARE(panel.layers.size(), 4u);
        const auto& diagonal = std::get<LineLayer>(panel.layers[1]);
        QCOMPARE(*diagonal.x, (std::vector<double>{1, 9}));
        const auto& off = std::get<ScatterLayer>(panel.layers[3]);
        QVERIFY(off.role == ColourRole::Alarm && off.marker != std::get<ScatterLayer>(panel.layers[2]).marker);
        QVERIFY(figure->caption.find("The gradient is another's.") != std::string::npos && figure->caption.find("Goodfellow") != std::string::npos);
        QCOMPARE(figure->provenance["light"]["state"].get<std::string>(), std::string("alarm"));
    }

    // A few lines have names of their own; of many each kind is named once.
    void linesAreNamed_data()
    {
        QTest::addColumn<int>("lines");
        QTest::addColumn<int>("named");
        QTest::addRow("few") << 3 << 3;
        QTest::addRow("many") << 9 << 2;
    }
    void linesAreNamed()
    {
        QFETCH(const int, lines);
        QFETCH(const int, named);
        LightPlot plot{"step", "loss"};
        for (int i = 0; i < lines; ++i)
            plot.series.push_back({"image " + std::to_string(i), {0, 1}, {1, 0}, false, i < 2});
        const auto figure = lightFigure(diagnosisWith(plot), "slope");
        int names = 0;
        for (const Layer& layer : figure->panels.front().layers)
            names += !std::get<LineLayer>(layer).name.empty();
        QCOMPARE(names, named);
    }

    void nothingWithoutEvidence()
    {
        QVERIFY(!lightFigure(diagnosisWith({}), "slope"));
        QVERIFY(!lightFigure(diagnosisWith({}), "scale"));
    }
};

QTEST_APPLESS_MAIN(TestDiagnosisFigure)
#include "tst_diagnosisfigure.moc"
