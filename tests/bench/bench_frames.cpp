// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Time of a frame while the user pans and zooms and a job runs: bench_frames [--smoke]. Off-screen: painting without a display server.
#include "app/figurepane.h"
#include "app/inspectworkspace.h"
#include "tests/app/desk.h"
#include "widgets/image/imagecompare.h"
#include "widgets/image/imageview.h"
#include "widgets/plot/figureview.h"

#include <QElapsedTimer>
#include <QTest>
#include <QWheelEvent>

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace brink;
using namespace brink::test;

namespace {

void wheel(QWidget* widget, const QPointF& at, int angle)
{
    QWheelEvent event(at, widget->mapToGlobal(at), {}, {0, angle}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(widget, &event);
}

void mouse(QWidget* widget, QEvent::Type type, const QPointF& at, Qt::MouseButtons held)
{
    QMouseEvent event(type, at, widget->mapToGlobal(at), Qt::LeftButton, held, Qt::NoModifier);
    QApplication::sendEvent(widget, &event);
}

/// Milliseconds of each frame: the user's event, whatever it causes, and the painting.
class Frames {
public:
    template <typename Act>
    void measure(QWidget* widget, Act act)
    {
        QElapsedTimer clock;
        clock.start();
        act();
        for (int turn = 0; turn < 3; ++turn) // a plot waits for the end of the event, then for its own turn
            QCoreApplication::processEvents();
        widget->repaint();
        m_times.push_back(double(clock.nsecsElapsed()) / 1e6);
    }
    void print(const char* what)
    {
        std::ranges::sort(m_times);
        const auto at = [&](double share) { return m_times[std::size_t(share * double(m_times.size() - 1))]; };
        std::printf("  %-28s median %5.1f ms, 95 %% under %5.1f ms, longest %5.1f ms\n", what, at(0.5), at(0.95), at(1));
        m_times.clear();
    }

private:
    std::vector<double> m_times;
};

void panAndZoom(QWidget* widget, const char* name, int frames)
{
    Frames times;
    const QPointF centre(widget->width() / 2.0, widget->height() / 2.0);
    for (int frame = 0; frame < frames; ++frame)
        times.measure(widget, [&] { wheel(widget, centre, frame % 16 < 8 ? 40 : -40); });
    times.print(qPrintable(QStringLiteral("%1, zoom").arg(QLatin1String(name))));
    wheel(widget, centre, 240);
    mouse(widget, QEvent::MouseButtonPress, centre, Qt::LeftButton);
    for (int frame = 0; frame < frames; ++frame)
        times.measure(widget, [&] { mouse(widget, QEvent::MouseMove, centre + QPointF(frame % 40, frame % 24), Qt::LeftButton); });
    mouse(widget, QEvent::MouseButtonRelease, centre, Qt::NoButton);
    times.print(qPrintable(QStringLiteral("%1, pan").arg(QLatin1String(name))));
}

void measureAt(Desk& desk, QSize size, int frames)
{
    desk.window.resize(size);
    QTest::qWait(300);
    const auto last = desk.session.result();
    desk.startLongRun();
    const auto hasBegun = [&] {
        const auto& result = desk.session.result();
        return result != last && result && result->clever && !result->clever->targets.empty() && !result->clever->targets.front().maxima.empty();
    };
    while (!hasBegun())
        QTest::qWait(20);
    QTest::qWait(300);
    std::printf("window of %d x %d, a job running: %s\n", size.width(), size.height(), desk.controller.isRunning() ? "yes" : "no");
    if (auto* compare = desk.window.findChild<ImageCompare*>())
        panAndZoom(compare->view(0), "images", frames);
    for (FigurePane* pane : desk.window.views().inspect->panes())
        if (pane->view()->isVisible() && pane->view()->figure())
            panAndZoom(pane->view()->plotWidget(), pane->name().c_str(), frames);
    desk.window.actions().stop->trigger();
    while (desk.controller.isRunning())
        QTest::qWait(10);
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const bool isSmoke = argc > 1 && QByteArray(argv[1]) == "--smoke";
    prepareApplication();
    Desk desk;
    desk.openExample();
    while (!desk.isComplete())
        QTest::qWait(20);
    for (const QSize size : {QSize(1440, 900), QSize(2560, 1440)})
        measureAt(desk, size, isSmoke ? 3 : 240);
    return 0;
}
