// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/cellpicker.h"

#include "widgets/plot/figureview.h"

#include <QSignalSpy>
#include <QTest>

using namespace brink;

Q_DECLARE_METATYPE(brink::CellBlock)
Q_DECLARE_METATYPE(brink::CellPlace)

namespace {

std::shared_ptr<const Figure> cells(int rows, int columns)
{
    Panel panel;
    panel.id = "cells";
    panel.x.range = std::array{0.0, double(columns)};
    panel.y.range = std::array{0.0, double(rows)};
    RasterLayer layer;
    layer.id = "values";
    layer.width = columns;
    layer.height = rows;
    layer.channels = 1;
    layer.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::size_t(rows * columns), std::uint8_t(90));
    panel.layers.push_back(layer);
    auto figure = std::make_shared<Figure>();
    figure->name = "cells";
    figure->panels = {panel};
    return figure;
}

/// Four rows and five columns, on screen.
struct Shown {
    FigureView view;
    CellPicker* picker = nullptr;
    bool isExposed = false;

    Shown()
    {
        view.resize(480, 400);
        view.setFigure(cells(4, 5));
        picker = new CellPicker(&view, "cells");
        picker->setGrid(4, 5);
        view.show();
        isExposed = QTest::qWaitForWindowExposed(&view);
        QTest::qWait(50); // axes have their places after the first replot
    }
    [[nodiscard]] QPoint at(int row, int column) const { return picker->centreOf({row, column}).toPoint(); }
    void drag(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::mousePress(picker, Qt::LeftButton, modifiers, from);
        QTest::mouseMove(picker, to);
        QTest::mouseRelease(picker, Qt::LeftButton, modifiers, to);
    }
};

} // namespace

class TestCellPicker : public QObject {
    Q_OBJECT
private slots:
    void aClickPicksACell()
    {
        const Shown shown;
        QVERIFY(shown.isExposed);
        QSignalSpy picked(shown.picker, &CellPicker::picked);
        QTest::mouseClick(shown.picker, Qt::LeftButton, {}, shown.at(1, 3));
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked[0][0].value<CellBlock>(), (CellBlock{{1, 3}, {1, 3}}));
        QCOMPARE(picked[0][1].toBool(), false);
    }

    void aDragPicksARectangle_data()
    {
        QTest::addColumn<QPoint>("from");
        QTest::addColumn<QPoint>("to");
        QTest::addRow("downwards") << QPoint(0, 0) << QPoint(2, 1);
        QTest::addRow("upwards, from the right") << QPoint(2, 1) << QPoint(0, 0);
    }
    void aDragPicksARectangle()
    {
        QFETCH(QPoint, from);
        QFETCH(QPoint, to);
        const Shown shown;
        QSignalSpy picked(shown.picker, &CellPicker::picked);
        shown.drag(shown.at(from.y(), from.x()), shown.at(to.y(), to.x()));
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked[0][0].value<CellBlock>(), (CellBlock{{0, 0}, {1, 2}}));
    }

    void aDragOverTheEdgeEndsThere()
    {
        const Shown shown;
        QSignalSpy picked(shown.picker, &CellPicker::picked);
        shown.drag(shown.at(2, 3), shown.at(2, 3) + QPoint(4000, 4000));
        QCOMPARE(picked[0][0].value<CellBlock>(), (CellBlock{{2, 3}, {3, 4}}));
    }

    void shiftPicksTheSecond()
    {
        const Shown shown;
        QSignalSpy picked(shown.picker, &CellPicker::picked);
        shown.drag(shown.at(0, 0), shown.at(0, 1), Qt::ShiftModifier);
        shown.picker->setPicksSecond(true);
        QTest::mouseClick(shown.picker, Qt::LeftButton, {}, shown.at(2, 2));
        QCOMPARE(picked[0][1].toBool(), true);
        QCOMPARE(picked[1][1].toBool(), true);
    }

    void arrowsMoveAndExtend()
    {
        const Shown shown;
        QSignalSpy picked(shown.picker, &CellPicker::picked);
        const auto press = [&shown](Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(shown.picker, key, modifiers); };
        press(Qt::Key_Down); // the first press goes to the first cell
        press(Qt::Key_Right);
        QCOMPARE(picked.last()[0].value<CellBlock>(), (CellBlock{{0, 1}, {0, 1}}));
        press(Qt::Key_Down, Qt::ShiftModifier);
        press(Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(picked.last()[0].value<CellBlock>(), (CellBlock{{0, 1}, {1, 2}}));
        press(Qt::Key_End);
        QCOMPARE(picked.last()[0].value<CellBlock>(), (CellBlock{{1, 4}, {1, 4}}));
        press(Qt::Key_Right);
        QCOMPARE(picked.last()[0].value<CellBlock>(), (CellBlock{{1, 4}, {1, 4}}));
    }

    void besideTheCellsLieTheirNames()
    {
        const Shown shown;
        QSignalSpy rows(shown.picker, &CellPicker::rowPicked);
        QSignalSpy columns(shown.picker, &CellPicker::columnPicked);
        QSignalSpy picked(shown.picker, &CellPicker::picked);
        QTest::mouseClick(shown.picker, Qt::LeftButton, {}, QPoint(2, shown.at(2, 0).y()));
        QTest::mouseClick(shown.picker, Qt::LeftButton, {}, QPoint(shown.at(0, 4).x(), shown.picker->height() - 2));
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows[0][0].toInt(), 2);
        QCOMPARE(columns.size(), 1);
        QCOMPARE(columns[0][0].toInt(), 4);
        QCOMPARE(picked.size(), 0);
    }

    void thePointerSaysWhereItIs()
    {
        const Shown shown;
        QSignalSpy hovered(shown.picker, &CellPicker::hovered);
        QTest::mouseMove(shown.picker, shown.at(3, 2));
        QTRY_COMPARE(hovered.size(), 1);
        QCOMPARE(hovered[0][0].value<std::optional<CellPlace>>().value(), (CellPlace{3, 2}));
    }

    void whatIsPickedIsOutlined()
    {
        Shown shown;
        const QImage before = shown.view.grab().toImage();
        shown.picker->setPicked({{{0, 0}, {1, 1}}}, {});
        const QImage after = shown.view.grab().toImage();
        QVERIFY(before != after);
        shown.picker->setPicked({}, {});
        QCOMPARE(shown.view.grab().toImage(), before);
        shown.picker->setMarked({1}, {2});
        const QImage marked = shown.view.grab().toImage();
        QVERIFY(marked != before && marked != after);
        shown.picker->setMarked({}, {});
        QCOMPARE(shown.view.grab().toImage(), before);
    }

    void withoutCellsNothingIsPicked()
    {
        const Shown shown;
        shown.picker->setGrid(0, 0);
        QSignalSpy picked(shown.picker, &CellPicker::picked);
        QTest::mouseClick(shown.picker, Qt::LeftButton, {}, QPoint(100, 100));
        QTest::keyClick(shown.picker, Qt::Key_Down);
        QCOMPARE(picked.size(), 0);
    }
};

QTEST_MAIN(TestCellPicker)
#include "tst_cellpicker.moc"
